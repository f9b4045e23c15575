"""Runs that are open: read once, kept while they are asked for. A run never changes, so nothing here grows stale."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl
import structlog

from oversight.errors import InputError, OversightError
from oversight.identity.names import normal_form
from oversight.model.evidence import schema_of
from oversight.pipeline.past import view_of
from oversight.pipeline.workspace import Workspace
from oversight.store.runs import Manifest
from reports.frames import RunView, labels, parameters_in_force, register

_KEPT: Final = 4
_LOOK_SECONDS: Final = 1.0
_BY_PERIOD: Final = "account"
_BY_ENTRY: Final = "register_field"
_NOT_SHOWN: Final = frozenset({"lineage", "issue"})
"""The largest tables, which no page shows: the walk home reads its own."""

log = structlog.get_logger()


class OpenView(RunView):
    """A run's view whose tables already stand in their declared columns."""

    __slots__ = ()

    def table(self, name: str) -> pl.DataFrame:
        """A table in its declared columns."""
        held = self.tables.get(name)
        return super().table(name) if held is None else held

    def but(self, tables: Mapping[str, pl.DataFrame]) -> "OpenView":
        """The same run with other rows in some tables."""
        return _like(self, {**self.tables, **tables})


@dataclass(slots=True)
class OpenRun:
    """One run, read.

    Attributes:
        view: all of it.
        entries: group id by register entry's id.
        names: what the parameters call each code.
        settings: homes and other settings, once they were asked for.
        reading: held while these are read.
    """

    view: OpenView
    entries: Mapping[str, str]
    names: Mapping[str, str]
    settings: pl.DataFrame | None = None
    reading: threading.Lock = field(default_factory=threading.Lock)
    _rows: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def run_id(self) -> str:
        """The run's id."""
        return self.view.run_id

    def group_id(self, text: str) -> str:
        """The id of the group that a register entry's id or a group's own id names.

        Raises:
            InputError: if the run has no such group.
        """
        group = self.entries.get(text, text)
        if group not in self._places("group"):
            raise InputError(
                "this run has no such group", where=text, next_step="Look for it in the register, or in another run."
            )
        return group

    def of_group(self, group_id: str) -> OpenView:
        """The view with only one group's rows; tables that are not by group stand whole, but for its accounts."""
        tables = {}
        for name, frame in self.view.tables.items():
            if "group_id" in frame.columns:
                start, count = self._places(name).get(group_id, (0, 0))
                tables[name] = frame.slice(start, count)
            else:
                tables[name] = frame
        places = self._places(_BY_PERIOD, "period_id")
        held = [places[period] for period in tables["account_period"]["period_id"] if period in places]
        rows = [row for start, count in held for row in range(start, start + count)]
        tables[_BY_PERIOD] = tables[_BY_PERIOD][rows] if rows else tables[_BY_PERIOD].clear()
        return _like(self.view, tables)

    def _places(self, name: str, key: str = "group_id") -> Mapping[str, tuple[int, int]]:
        """Where the rows of each group (or other key) stand in a table, which is sorted by it: first row and count."""
        with self._lock:
            if name not in self._rows:
                counted = self.view.tables[name].group_by(key, maintain_order=True).len()
                ends = counted["len"].cum_sum()
                starts = ends - counted["len"]
                self._rows[name] = {
                    group: (start, count)
                    for group, start, count in zip(counted[key], starts, counted["len"], strict=True)
                }
            return self._rows[name]


class Shelf:
    """The runs of an installation, the newest opened in the background while the one before is still shown.

    Args:
        workspace: the installation.

    Attributes:
        on_open: called with a run opened in the background, before readers see it.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._open: OrderedDict[str, OpenRun] = OrderedDict()
        self._manifests: dict[str, Manifest] = {}
        self._entries: dict[str, Mapping[str, Mapping[str, object]]] = {}
        self._lock = threading.Lock()
        self._shown: str | None = None
        self._opening: set[str] = set()
        self.on_open: Callable[[OpenRun], None] = _nothing

    def manifests(self) -> list[Manifest]:
        """Of every whole run, the newest first."""
        root = self._workspace.settings.home / "runs"
        names = [path.parent.name for path in root.glob("*/manifest.json")] if root.is_dir() else []
        for name in names:
            if name not in self._manifests:
                self._manifests[name] = self._workspace.runs.manifest(name)
        found = [self._manifests[name] for name in names]
        return sorted(found, key=lambda each: (each.on, each.known_by, each.run_id), reverse=True)

    def entries(self, run_id: str) -> Mapping[str, Mapping[str, object]]:
        """The register entries of any run by their id, without the rest of it."""
        if run_id not in self._entries:
            path = self._workspace.runs.folder(run_id) / "register_entry.parquet"
            rows = pl.read_parquet(path).iter_rows(named=True) if path.exists() else ()
            self._entries[run_id] = {str(row["entry_id"]): row for row in rows}
        return self._entries[run_id]

    def homes(self, run: OpenRun) -> pl.DataFrame:
        """Settings in the list of registrations the run's providers are from, with `group_id`; by name and URN."""
        with run.reading:
            if run.settings is None:
                ledger = self._workspace.ledger
                wanted = run.view.table("provider")["document_id"].unique().to_list()
                home = ledger.frame("home", ledger.columns("home")["document_id"].in_(wanted))
                texts = home["owner"].drop_nulls().unique().to_list()
                keys = {"owner": texts, "owner_key": [normal_form(text) for text in texts]}
                named = pl.DataFrame(keys, schema={"owner": pl.String, "owner_key": pl.String})
                group = run.view.table("provider").select("owner_key", "group_id")
                joined = home.join(named, on="owner", how="left").join(group, on="owner_key", how="left")
                run.settings = joined.sort("name", "urn", nulls_last=True)
            return run.settings

    def home_history(self, run: OpenRun, urn: str) -> list[dict[str, Any]]:
        """What each list of registrations that the run could see said of one setting, the newest first."""
        ledger = self._workspace.ledger
        rows = ledger.frame("home", ledger.columns("home")["urn"] == urn)
        seen = rows.join(run.view.table("visible").select("document_id").unique(), on="document_id", how="semi")
        return seen.sort("as_at", "document_id", descending=[True, False]).rows(named=True)

    def take(self, run_id: str | None) -> OpenRun:
        """A run by its id, or the newest.

        Raises:
            InputError: if there is no such run, or no run at all.
        """
        return self._opened(run_id) if run_id else self._newest()

    def keep_up(self, stop: threading.Event) -> None:
        """Open each new run as it appears, not when somebody asks: who first asks has a letter about it in her hands.

        Args:
            stop: set to end.
        """
        while not stop.wait(_LOOK_SECONDS):
            try:
                if self.manifests():
                    self._newest()
            except OversightError as error:
                log.warning("no new run can be opened", error=str(error))

    def _newest(self) -> OpenRun:
        known = self.manifests()
        if not known:
            raise InputError("there is no run yet", where="the run folder", next_step="`oversight run` makes one.")
        newest = known[0].run_id
        with self._lock:
            shown = self._shown
            ready = newest in self._open
            start = shown is not None and not ready and newest not in self._opening
            if start:
                self._opening.add(newest)
        if shown is None or ready:
            opened = self._opened(newest)
            self._shown = newest
            return opened
        if start:
            threading.Thread(target=self._prepare, args=(newest,), daemon=True).start()
        return self._opened(shown)

    def _prepare(self, run_id: str) -> None:
        try:
            self.on_open(self._opened(run_id))
            self._shown = run_id
        finally:
            self._opening.discard(run_id)

    def _opened(self, run_id: str) -> OpenRun:
        with self._lock:
            if run_id in self._open:
                self._open.move_to_end(run_id)
                return self._open[run_id]
        opened = open_run(view_of(self._workspace, run_id, without=_NOT_SHOWN))
        with self._lock:
            kept = self._open.setdefault(run_id, opened)
            while len(self._open) > _KEPT:
                oldest = next(name for name in self._open if name not in {self._shown, run_id})
                del self._open[oldest]
            return kept


def _nothing(_: OpenRun) -> None:
    """What is done with a run that was opened, where nobody says."""


def open_run(view: RunView) -> OpenRun:
    """A run's tables in their declared columns, those by group sorted by it."""
    tables = {}
    names = {*view.tables, "parameter", "account", "account_period", "group", "register_entry", _BY_ENTRY}
    for name in sorted(names):
        try:
            frame = view.table(name)
        except KeyError:  # a table of a later version, which no page shows
            continue
        if name == _BY_PERIOD:
            frame = frame.sort("period_id", "line", "account_id")
        elif "group_id" in frame.columns:
            keys = [key for key in _keys(name) if key in frame.columns and key != "group_id"]
            frame = frame.sort("group_id", *keys, nulls_last=True)
        tables[name] = frame
    tables["parameter"] = parameters_in_force(_like(view, tables))  # the history before the run's day is not shown
    open_view = _like(view, tables)
    entries = dict(register(open_view).select("entry_id", "group_id").iter_rows())
    return OpenRun(open_view, entries, labels(open_view))


def _keys(name: str) -> list[str]:
    try:
        return list(schema_of(name).primary_key())
    except KeyError:
        return []


def _like(view: RunView, tables: Mapping[str, pl.DataFrame]) -> OpenView:
    return OpenView(
        run_id=view.run_id,
        as_at=view.as_at,
        marking=view.marking,
        label=view.label,
        code_version=view.code_version,
        roles=view.roles,
        tables=tables,
        parameters_fingerprint=view.parameters_fingerprint,
    )
