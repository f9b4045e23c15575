"""Thresholds, weights and rules as dated, cited data: every YAML file under this folder.

A file is a mapping of names to entries; an entry's code is the file's path and its name, joined by dots
(`scorecard/bands.yaml`, name `likelihood`, gives `scorecard.bands.likelihood`). To change a value, add a start
date under `values`; the earlier ones stay, so that past runs can be repeated.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from oversight.errors import InputError
from oversight.model.plain_yaml import SafeLoader

_HERE = Path(__file__).parent
_Model = TypeVar("_Model", bound=BaseModel)

FRAME_SCHEMA: pl.Schema = pl.Schema(
    {
        "code": pl.String,
        "label": pl.String,
        "description": pl.String,
        "value": pl.String,
        "unit": pl.String,
        "start": pl.Date,
        "reference": pl.String,
        "url": pl.String,
        "verified": pl.Boolean,
    }
)
"""Columns of `Parameters.frame()`."""


class Entry(BaseModel):
    """One parameter: what it is, where it comes from, and its values by start date."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: str = Field(min_length=1)
    description: str = Field(min_length=1)
    unit: str
    reference: str = Field(min_length=1)
    url: str
    verified: bool
    values: dict[date, Any] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Values:
    """The values in force on one day, by code."""

    on: date
    values: Mapping[str, Any]
    places: Mapping[str, str]

    def number(self, code: str) -> float:
        """A parameter that is a number.

        Raises:
            InputError: if it is not one, or none is in force.
        """
        value = self.get(code)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._wrong(code, f"should be a number, not {value!r}")
        return float(value)

    def day(self, code: str) -> date:
        """A parameter that is a day.

        Raises:
            InputError: if it is not one, or none is in force.
        """
        try:
            return date.fromisoformat(str(self.get(code)))
        except ValueError as error:
            raise self._wrong(code, f"should be a day such as 2026-01-31, not {self.get(code)!r}") from error

    def numbers(self, code: str) -> list[float]:
        """A parameter that is a list of rising numbers.

        Raises:
            InputError: if it is not one, or none is in force.
        """
        value = self.get(code)
        fits = isinstance(value, list) and value and all(type(item) in {int, float} for item in value)
        if not fits or any(high <= low for low, high in pairwise(value)):
            raise self._wrong(code, f"should be a list of rising numbers, not {value!r}")
        return [float(item) for item in value]

    def texts(self, code: str) -> list[str]:
        """A parameter that is a list of texts.

        Raises:
            InputError: if it is not one, or none is in force.
        """
        value = self.get(code)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._wrong(code, "should be a list of texts")
        return list(value)

    def parse(self, code: str, model: type[_Model]) -> _Model:
        """A parameter with parts, checked against its model.

        Raises:
            InputError: if a part is missing, unknown or of the wrong kind, or none is in force.
        """
        try:
            return model.model_validate(self.get(code))
        except ValidationError as error:
            raise self._wrong(code, _first_fault(error)) from error

    def under(self, prefix: str) -> list[str]:
        """Codes in force that start with a prefix, in the order of their files."""
        return [code for code in self.values if code.startswith(prefix)]

    def get(self, code: str) -> Any:
        """A parameter as it stands.

        Raises:
            InputError: if no value is in force.
        """
        if code not in self.values:
            raise InputError(
                f"no value of {code} is in force on {self.on}",
                where=self.places.get(code, "risk/parameters"),
                next_step="Add a value with an earlier start date.",
            )
        return self.values[code]

    def _wrong(self, code: str, fault: str) -> InputError:
        return InputError(
            f"the parameter {code} {fault}", where=self.places[code], next_step="Correct the value in that file."
        )


@dataclass(frozen=True, slots=True)
class Parameters:
    """All parameters with their history."""

    entries: Mapping[str, Entry]
    places: Mapping[str, str]

    def at(self, on: date) -> Values:
        """The values in force on a day: of each parameter the one with the latest start up to then."""
        current: dict[str, Any] = {}
        for code, entry in self.entries.items():
            started = [start for start in entry.values if start <= on]
            if started:
                current[code] = entry.values[max(started)]
        return Values(on=on, values=current, places=self.places)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all that the files say, whatever their layout or order."""
        plain = {
            code: entry.model_dump() | {"values": {str(start): value for start, value in entry.values.items()}}
            for code, entry in self.entries.items()
        }
        return hashlib.sha256(json.dumps(plain, sort_keys=True, default=str).encode()).hexdigest()

    def frame(self) -> pl.DataFrame:
        """One row for each parameter and start date, for the reports; parts are written as JSON."""
        rows = [
            {
                "code": code,
                "label": entry.label,
                "description": entry.description,
                "value": _shown(value),
                "unit": entry.unit,
                "start": start,
                "reference": entry.reference,
                "url": entry.url,
                "verified": entry.verified,
            }
            for code, entry in self.entries.items()
            for start, value in entry.values.items()
        ]  # fmt: skip
        return pl.DataFrame(rows, schema=FRAME_SCHEMA).sort("code", "start")


def load(folder: Path | None = None) -> Parameters:
    """Read every YAML file of a folder and its subfolders.

    Args:
        folder: where the files are; the bundled ones when None.

    Raises:
        InputError: if a file is not YAML, or an entry has an unknown, missing or wrong key; names file and key.
    """
    root = folder or _HERE
    entries: dict[str, Entry] = {}
    places: dict[str, str] = {}
    for path in sorted(root.rglob("*.yaml")):
        prefix = ".".join(path.relative_to(root).with_suffix("").parts)
        shown = path.relative_to(root).as_posix()
        for name, raw in _read(path, shown).items():
            code = f"{prefix}.{name}"
            places[code] = f"{shown}, key {name}"
            entries[code] = _entry(raw, places[code])
    if not entries:
        raise InputError("there are no parameters", where=str(root), next_step="Give a folder with YAML files.")
    return Parameters(entries=entries, places=places)


def _shown(value: Any) -> str:
    return json.dumps(value, default=str, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


class _StrictLoader(SafeLoader):
    """Safe YAML that refuses a key given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = {str(key) for key in keys if keys.count(key) > 1}
        if twice:
            raise yaml.YAMLError(f"the key {', '.join(sorted(twice))} is given twice")
        return super().construct_mapping(node, deep)


def _read(path: Path, shown: str) -> Mapping[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(f"not readable YAML: {error}", where=shown, next_step="Correct the file.") from error
    if not isinstance(content, dict):
        raise InputError(
            "a parameter file is a mapping of names to entries", where=shown, next_step="Correct the file."
        )
    return content


def _entry(raw: Any, place: str) -> Entry:
    try:
        return Entry.model_validate(raw)
    except ValidationError as error:
        raise InputError(
            f"a parameter is not as it should be: {_first_fault(error)}",
            where=place,
            next_step="An entry has label, description, unit, reference, url, verified (yes or no) and dated values.",
        ) from error


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    key = ".".join(str(part) for part in fault["loc"])
    return f"key {key}: {fault['msg']}" if key else str(fault["msg"])
