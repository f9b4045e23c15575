"""Runs: one folder a run, with Parquet tables, rendered outputs and a manifest that seals them.

A run is written to a temporary folder and renamed, so a folder under its name is whole.
"""

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from oversight.errors import InputError, StoreError
from oversight.model.times import AsAt

MANIFEST = "manifest.json"
_RUN_ID = re.compile(r"^\d{8}-[0-9a-f]{10}$")
Render = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a run was made of and what it made.

    Attributes:
        run_id: day looked at, and a hash of all that follows but the outputs.
        on: what was public by this day.
        known_by: what the ledger held by this moment.
        code_version: version and hash of the code that judged.
        parameters_fingerprint: hash of the parameters in force and their history.
        evidence_fingerprint: hash over the ids of the visible documents and decisions.
        label: text that every output carries, such as a warning that the data are invented.
        marking: protective marking.
        roles: the Aqua Book roles and who held them.
        outputs: file name to SHA-256.
        models_fingerprint: hash over the fitted models asked; empty in runs made before there were any.
        compared_with: the run whose register this one's changes are told against; empty for none.
    """

    run_id: str
    on: date
    known_by: datetime
    code_version: str
    parameters_fingerprint: str
    evidence_fingerprint: str
    label: str
    marking: str
    roles: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    models_fingerprint: str = ""
    compared_with: str = ""

    @property
    def as_at(self) -> AsAt:
        """The evidence the run saw."""
        return AsAt(on=self.on, known_by=self.known_by)

    def to_json(self) -> str:
        """The manifest as it stands in the folder."""
        values = asdict(self) | {"on": self.on.isoformat(), "known_by": self.known_by.isoformat()}
        return json.dumps(values, indent=2, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str, where: str) -> "Manifest":
        """A manifest read back.

        Raises:
            StoreError: if it is not one.
        """
        try:
            values: dict[str, Any] = json.loads(text)
            values["on"] = date.fromisoformat(values["on"])
            values["known_by"] = datetime.fromisoformat(values["known_by"])
            return cls(**values)
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError(
                f"not a run's manifest: {error}", where=where, next_step="Restore the run's folder or run again."
            ) from error


def new_run_id(on: date, *parts: str) -> str:
    """The id of a run: the day, and a hash of what it is made of."""
    return f"{on:%Y%m%d}-{hashlib.sha256(chr(31).join(parts).encode()).hexdigest()[:10]}"


class Runs:
    """The folder of runs.

    Args:
        root: folder that holds one folder a run.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def folder(self, run_id: str) -> Path:
        """The folder of a run, which may not exist yet.

        Raises:
            InputError: if the text cannot be a run's id.
        """
        if not _RUN_ID.match(run_id):
            raise InputError("not a run id", where=repr(run_id), next_step="`oversight status` lists the runs.")
        return self._root / run_id

    def exists(self, run_id: str) -> bool:
        """Whether the run is there, whole."""
        return (self.folder(run_id) / MANIFEST).exists()

    def write(self, manifest: Manifest, tables: Mapping[str, pl.DataFrame], render: Render) -> Manifest:
        """Write a run and return its manifest with the outputs' hashes. An existing run is left as it is.

        Args:
            manifest: what the run is made of; its outputs are filled in here.
            tables: frames by name, each to a Parquet file.
            render: writes the register and other outputs into the folder it is given.

        Raises:
            StoreError: if the folder cannot be written.
        """
        final = self.folder(manifest.run_id)
        if self.exists(manifest.run_id):
            return self.manifest(manifest.run_id)
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            part = Path(tempfile.mkdtemp(dir=self._root, prefix=".part-"))
            part.chmod(0o755)
        except OSError as error:
            raise self._unwritable(error) from error
        try:
            sealed = self.fill(part, manifest, tables, render)
            part.rename(final)
        except OSError as error:
            if self.exists(manifest.run_id):  # another process wrote the same run meanwhile
                return self.manifest(manifest.run_id)
            raise self._unwritable(error) from error
        finally:
            shutil.rmtree(part, ignore_errors=True)
        return sealed

    @staticmethod
    def fill(folder: Path, manifest: Manifest, tables: Mapping[str, pl.DataFrame], render: Render) -> Manifest:
        """Write a run's files into any folder and seal them; the same input gives the same bytes."""
        for name, frame in sorted(tables.items()):
            frame.write_parquet(folder / f"{name}.parquet", compression="zstd", statistics=True)
        render(folder)
        outputs = {path.name: _sha256(path) for path in sorted(folder.iterdir()) if path.is_file()}
        values = {key: getattr(manifest, key) for key in manifest.__slots__ if key != "outputs"}
        sealed = Manifest(**values, outputs=outputs)
        (folder / MANIFEST).write_text(sealed.to_json(), encoding="utf-8")
        return sealed

    def manifest(self, run_id: str) -> Manifest:
        """The manifest of a run.

        Raises:
            InputError: if there is no such run.
        """
        path = self.folder(run_id) / MANIFEST
        if not path.exists():
            raise InputError("there is no such run", where=str(path), next_step="`oversight status` lists the runs.")
        return Manifest.from_json(path.read_text(encoding="utf-8"), str(path))

    def tables(self, run_id: str, *, without: Collection[str] = ()) -> dict[str, pl.DataFrame]:
        """The tables of a run, by name, but for those left out."""
        folder = self.folder(run_id)
        self.manifest(run_id)
        paths = [path for path in sorted(folder.glob("*.parquet")) if path.stem not in without]
        return {path.stem: pl.read_parquet(path) for path in paths}

    def table(self, run_id: str, name: str) -> pl.DataFrame | None:
        """One table of a run, without reading the others; None where the run has none of that name."""
        self.manifest(run_id)
        path = self.folder(run_id) / f"{name}.parquet"
        return pl.read_parquet(path) if path.exists() else None

    def ids(self) -> list[str]:
        """Ids of all whole runs, by the moment they knew and then the day they looked at, oldest first."""
        if not self._root.is_dir():
            return []
        found = [self.manifest(path.parent.name) for path in self._root.glob(f"*/{MANIFEST}")]
        return [run.run_id for run in sorted(found, key=lambda run: (run.on, run.known_by, run.run_id))]

    def newest(self) -> str:
        """Id of the run that looked at the latest day, and of those the one that knew most.

        Raises:
            InputError: if there is no run.
        """
        ids = self.ids()
        if not ids:
            raise InputError("there is no run yet", where=str(self._root), next_step="`oversight run` makes one.")
        return ids[-1]

    def before(self, on: date) -> str:
        """Id of the run of the latest day before a day, and of those the one that knew most; empty for none."""
        earlier = [run_id for run_id in self.ids() if self.manifest(run_id).on < on]
        return earlier[-1] if earlier else ""

    def _unwritable(self, error: OSError) -> StoreError:
        return StoreError(
            f"the run cannot be written: {error.strerror or error}",
            where=str(self._root),
            next_step="Free space or mend permissions there, then run again; earlier runs are untouched.",
        )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
