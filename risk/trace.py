"""The walk home: from any figure of a run down to the document, the place in it and the address it came from."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import polars as pl

from oversight.errors import InputError
from oversight.model.vocabulary import CONTROLS
from risk.lookup import KEYS, Rows

_BY_SCORE: Final[Mapping[str, str]] = {
    "likelihood_name": "likelihood",
    "likelihood_points": "likelihood",
    "likelihood_coverage": "likelihood",
    "top_reasons": "likelihood",
    "missing_inputs": "likelihood",
    "cause": "likelihood",
    "event": "likelihood",
    "proposed_stage": "likelihood",
    "impact_name": "impact",
    "impact_points": "impact",
    "consequence": "impact",
    "largest_authority": "largest_share_of_places",
    "accounts_made_up_to": "accounts_age_months",
    "accounts_basis": "accounts_age_months",
}
"""Columns of the register that rest on the same thing as another one."""
_PLACE: Final = re.compile(r"^([0-9a-f]{64})(?: (.*))?$", re.DOTALL)
_ENTRY_FIGURE: Final = re.compile(r"^(R-[0-9a-f]{8})\.(\w+)$")
_DEEPEST: Final = 12
_STRESSED: Final = (
    "turnover", "operating_profit", "ebitda", "staff_cost_ratio", "ebitda_interest_cover", "net_debt_external",
    "debt_due_within_one_year", "cash_days",
)  # fmt: skip
_HELD: Final = "{company_number} is held by {owner}: {role} by {source}"


@dataclass(frozen=True, slots=True)
class Trace:
    """One step of the walk home, with the steps it rests on.

    Attributes:
        item: id of the row, or a place in a document.
        kind: table of the row; `document` for a place; `unknown` where the run has no such row.
        role: what it is to the step above, such as `turnover`.
        label: the row in words.
        value: its figure, where it has one.
        unit: unit of the figure.
        status: value, not_filed and so on, where the row has a status.
        document_id: document it was read from, where the row says.
        locator: place in that document.
        source: name of the source that the document came from.
        url: address of the document.
        published_on: day the document became public, as text.
        retrieved_at: moment it was fetched, as text.
        inputs: what it rests on.
    """

    item: str
    kind: str
    role: str = ""
    label: str = ""
    value: str | None = None
    unit: str | None = None
    status: str | None = None
    document_id: str | None = None
    locator: str | None = None
    source: str | None = None
    url: str | None = None
    published_on: str | None = None
    retrieved_at: str | None = None
    inputs: tuple["Trace", ...] = field(default=())

    def steps(self) -> Iterator["Trace"]:
        """This step and every step below it, from the top down."""
        yield self
        for step in self.inputs:
            yield from step.steps()

    def homes(self) -> list["Trace"]:
        """The steps that name a document with an address."""
        return [step for step in self.steps() if step.url is not None]


def trace(tables: Mapping[str, pl.DataFrame], item: str) -> Trace:
    """Walk from a figure to where it came from.

    Args:
        tables: tables of a run by name, with `visible`; `line` and `fact` are used where they are there.
        item: an id of the run, such as `R-1a2b3c4d`, `R-1a2b3c4d.operating_margin` or an indicator's or account's.

    Raises:
        InputError: if the run has no such item.
    """
    return _trace(_Walk(tables), item)


def _trace(walk: "_Walk", item: str) -> Trace:
    if (match := _ENTRY_FIGURE.match(item)) and walk.row("register_entry", match[1]) is not None:
        return walk.figure(match[1], match[2])
    found = walk.from_item(item)
    if found.kind == "unknown":
        raise InputError(
            "the run has no such item",
            where=repr(item),
            next_step="Take an id from the register (R-...), or from one of the run's tables.",
        )
    return found


def trace_all(tables: Mapping[str, pl.DataFrame], items: Sequence[str]) -> dict[str, Trace]:
    """Walk from many figures at once; what they rest on in common is looked up once.

    Args:
        tables: as for `trace`.
        items: ids, of rows or of figures of the register.

    Returns:
        The walk by id, in the order given.

    Raises:
        InputError: if the run has no such item.
    """
    walk = _Walk(tables)
    walk.ahead([item.partition(".")[0] if _ENTRY_FIGURE.match(item) else item for item in items])
    return {item: _trace(walk, item) for item in items}


class _Walk:
    """Rows looked up by id, in one run."""

    def __init__(self, tables: Mapping[str, pl.DataFrame]) -> None:
        self._tables = tables
        self._lookup = Rows(tables)
        self._lines: dict[str, dict[str, Any]] = {}

    def row(self, table: str, key: str) -> dict[str, Any] | None:
        """The row of a table with an id."""
        found = self._lookup.find(key)
        return found[1] if found is not None and found[0] == table else None

    def ahead(self, items: Iterable[str]) -> None:
        """Look up everything below some items, a level at a time, and the documents they name."""
        seen: set[str] = set()
        level = sorted(set(items))
        for _ in range(_DEEPEST + 1):
            if not level:
                break
            seen |= set(level)
            self._lookup.fetch(level)
            level = sorted({key for item in level for key in self._rests_on(item)} - seen)
        documents = {str(found[1].get("document_id")) for item in seen if (found := self._lookup.find(item))}
        places = {match[1] for item in seen if (match := _PLACE.match(item))}
        self._lookup.fetch_sources(documents | places | self._documents_of_lines(seen))

    def _rests_on(self, item: str) -> list[str]:
        found = self._lookup.find(item)
        if found is None:
            return []
        return [key for key, _ in self._inputs_of(found[0], item, found[1])]

    def _documents_of_lines(self, items: Iterable[str]) -> set[str]:
        """Documents of read lines that the run knows by their account only."""
        lost = sorted(item for item in items if self._lookup.find(item) is None and not _PLACE.match(item))
        account = self._tables.get("account")
        if account is None or not lost:
            return set()
        made = account.filter(pl.col("line_id").is_in(lost)).sort(KEYS["account"])
        self._lines = {str(row["line_id"]): row for row in reversed(made.to_dicts())}
        return {str(row["document_id"]) for row in self._lines.values()}

    def figure(self, entry: str, name: str) -> Trace:
        """One figure of a register entry."""
        row = self.row("register_entry", entry) or {}
        if name not in row:
            raise InputError(
                "the register has no such figure",
                where=f"{entry}.{name}",
                next_step=f"Choose one of: {', '.join(row)}.",
            )
        rests = self._figure_inputs(entry, row, name)
        self.ahead(key for key, _ in rests)
        value = row[name]
        return Trace(
            item=f"{entry}.{name}",
            kind="register_entry",
            label=f"{name.replace('_', ' ')} of {row['group_name']}",
            value=_text(value),
            inputs=tuple(self.step(key, role, 1) for key, role in rests),
        )

    def _figure_inputs(self, entry: str, row: Mapping[str, Any], name: str) -> list[tuple[str, str]]:
        roles = ("likelihood", "impact") if name == "rating" else (_BY_SCORE.get(name, name),)
        found = [pair for pair in self._lookup.below(entry) if pair[1] in roles]
        if found:
            return found
        group = str(row["group_id"])
        indicators = self._rows(
            "indicator", (pl.col("group_id") == group) & pl.col("latest") & (pl.col("code") == name)
        )
        if indicators:
            return [(str(each["indicator_id"]), name) for each in indicators]
        if name == "scope_conditions_met":
            return [(str(each["scope_id"]), "condition") for each in self._rows("scope", pl.col("group_id") == group)]
        if name == "linked_share_of_homes":
            return [
                (str(each["owner_key"]), "provider") for each in self._rows("provider", pl.col("group_id") == group)
            ]
        return [(group, "group")]

    def from_item(self, item: str) -> Trace:
        """The walk from any id."""
        self.ahead([item])
        return self.step(item, "", 0)

    def step(self, item: str, role: str, depth: int) -> Trace:
        """One item with all below it, and the address of the document it names."""
        return self._sourced(self._step(item, role, depth))

    def _step(self, item: str, role: str, depth: int) -> Trace:
        if match := _PLACE.match(item):
            return Trace(
                item=item, kind="document", role=role, label=match[2] or "the document", locator=match[2] or "",
                document_id=match[1],
            )  # fmt: skip
        found = self._lookup.find(item)
        if found is not None:
            return self._of_row(found[0], item, role, found[1], depth)
        return self._read_line(item, role) or Trace(
            item=item, kind="unknown", role=role, label=f"{role} {item}".strip()
        )

    def _read_line(self, item: str, role: str) -> Trace | None:
        """A read line by the account made of it, where the run does not hold the lines themselves."""
        row = self._lines.get(item)
        if row is None:
            return None
        return Trace(
            item=item, kind="line", role=role, label=str(row["line"]), value=_text(row["value"]), unit=row["unit"],
            status=row["status"], document_id=row["document_id"], locator=row["locator"],
        )  # fmt: skip

    def _of_row(self, table: str, item: str, role: str, row: Mapping[str, Any], depth: int) -> Trace:
        inputs = self._inputs_of(table, item, row) if depth < _DEEPEST else []
        value = next((row[name] for name in ("value", "points", "number", "new_value") if name in row), None)
        return Trace(
            item=item,
            kind=table,
            role=role,
            label=_label(table, row),
            value=_text(value),
            unit=row.get("unit"),
            status=row.get("status"),
            document_id=row.get("document_id"),
            locator=row.get("locator"),
            inputs=tuple(self.step(key, part, depth + 1) for key, part in inputs),
        )

    def _inputs_of(self, table: str, item: str, row: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What a row rests on: by lineage, and by the ids that it names itself."""
        inputs = list(self._lookup.below(item))
        if table == "account" and row["line_id"]:
            inputs.append((str(row["line_id"]), "line"))
        if table == "line" and row.get("inputs"):
            inputs += [(key, "derived from") for key in str(row["inputs"]).split(",")]
        if table == "line" and row.get("fact_id") and "fact" in self._tables:
            inputs.append((str(row["fact_id"]), "fact"))
        if table == "scope":
            inputs += self._scope_inputs(row)
        if table == "peer":
            inputs.append((str(row["indicator_id"]), str(row["code"])))
        if table == "stress":
            inputs += self._stress_inputs(row)
        if table == "group":
            inputs += [(str(p["owner_key"]), "provider") for p in self._rows("provider", pl.col("group_id") == item)]
            controls = (pl.col("group_id") == item) & pl.col("role").is_in(CONTROLS)
            inputs += [(str(step["holding_id"]), "control") for step in self._rows("holding", controls)]
        if table == "alert":
            inputs.append((str(row["evidence_id"]), "evidence"))
        return inputs

    def _stress_inputs(self, row: Mapping[str, Any]) -> list[tuple[str, str]]:
        """The measures of the accounts that the year under stress starts from."""
        dated = (pl.col("group_id") == row["group_id"]) & (pl.col("dated_on") == row["period_end"])
        measures = self._rows("indicator", dated & pl.col("code").is_in(_STRESSED))
        return [(str(each["indicator_id"]), str(each["code"])) for each in measures]

    def _scope_inputs(self, row: Mapping[str, Any]) -> list[tuple[str, str]]:
        spread = self._rows("exposure", pl.col("group_id") == row["group_id"])
        return [(str(each["exposure_id"]), "exposure") for each in spread]

    def _rows(self, table: str, condition: pl.Expr) -> list[dict[str, Any]]:
        frame = self._tables.get(table)
        return [] if frame is None else frame.filter(condition).sort(KEYS[table]).to_dicts()

    def _sourced(self, step: Trace) -> Trace:
        """The step with the address of its document and when it was published and fetched."""
        row = None if step.document_id is None else self._lookup.source(step.document_id)
        if row is None:
            return step
        return replace(
            step,
            source=row["source"],
            url=row["url"],
            published_on=_text(row["published_on"]),
            retrieved_at=_text(row["retrieved_at"]),
        )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _label(table: str, row: Mapping[str, Any]) -> str:
    """A row in words."""
    texts = {
        "register_entry": "{group_name}",
        "score": "{axis}: {band_name}",
        "contribution": "{reason}",
        "indicator": "{code} on {dated_on}",
        "event": "{kind} on {dated_on}: {detail}",
        "account": "{line} ({method})",
        "exposure": "{homes} homes and {places} places in {local_authority}",
        "displacement": "{kind} homes: {places_lost} places lost, within {miles:g} miles {unplaced_central:g} children "
        "without one",
        "displacement_by_authority": "{kind} homes in {local_authority_code}: {places_lost} places lost, "
        "{places_left:.0f} left within {miles:g} miles",
        "peer": "{code} among {count} groups, {peers}",
        "setting": "{provision_type} {urn} in {local_authority}: {places} places",
        "stress_market": "{measure} under random shocks",
        "stress": "{scenario} in the year after {period_end}",
        "scope": "{condition} in {condition_set}: threshold {threshold}",
        "market": "{market_type} in {area_name} on {as_at}",
        "alert": "{title}",
        "account_period": "accounts of {company_number} to {period_end}",
        "line": "{line} to {period_end} ({method})",
        "fact": "{concept}",
        "override": "override by {author}: {reason}",
        "hand_read": "read by {author}: {reason}",
        "group": "{name}",
        "holding": _HELD,
        "provider": "{owner}: {homes} homes, {link_decision}",
    }
    if table == "holding":
        row = {
            **row,
            "owner": row["owner_name"] or ("a person" if row["owner_kind"] == "individual" else row["owner_key"]),
        }
    return texts[table].format(**row)
