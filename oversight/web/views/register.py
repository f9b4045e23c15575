"""The register: filters and order in the address, so that what one reader sees another can be sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

import polars as pl

from oversight.web.shelf import OpenRun
from oversight.web.tables import PageTable, page_table
from oversight.web.visit import Page, Visit
from reports import standing
from reports.frames import register
from reports.sheet import Column, Kind, sheet_of
from reports.style import clean
from reports.symbols import NOT_ASSESSED

PAGE_SIZE: Final = 50
UNASSESSED: Final = "none"
_BANDS: Final = tuple(str(band) for band in (5, 4, 3, 2, 1))
_COLUMNS: Final = (
    Column("group_name", "Group", width=32),
    Column("rating", "Rating", Kind.INTEGER, missing=NOT_ASSESSED),
    Column("likelihood_name", "Likelihood"),
    Column("impact_name", "Impact"),
    Column("proposed_stage", "Proposed stage", Kind.INTEGER),
    Column("homes", "Homes", Kind.INTEGER),
    Column("places", "Places", Kind.INTEGER),
    Column("accounts_made_up_to", "Accounts made up to", Kind.DATE),
    Column("top_reasons", "Main reasons", missing="None"),
)
_AWAITING: Final = Column("awaiting", "Second person", missing="")
"""Stands in the table where any decision in the run awaits approval."""
_SORT_BY: Final = {"likelihood_name": "likelihood", "impact_name": "impact"}
_UNSORTED: Final = frozenset({"top_reasons"})
_FIRST_DOWN: Final = frozenset({"rating", "likelihood", "impact", "proposed_stage", "homes", "places"})


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address asks of the register; anything it cannot mean counts as not asked."""

    text: str = ""
    likelihood: str = ""
    impact: str = ""
    stage: str = ""
    authority: str = ""
    sort: str = ""
    descending: bool = False
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Choice":
        """Read from an address's query."""
        sortable = {_SORT_BY.get(column.name, column.name) for column in _COLUMNS if column.name not in _UNSORTED}
        sort = query.get("sort", "")
        page = query.get("page", "1")
        return cls(
            text=clean(query.get("text", ""))[:100],
            likelihood=_among(query.get("likelihood", ""), (*_BANDS, UNASSESSED)),
            impact=_among(query.get("impact", ""), _BANDS),
            stage=_among(query.get("stage", ""), _BANDS),
            authority=clean(query.get("authority", ""))[:100],
            sort=sort if sort in sortable else "",
            descending=query.get("order", "") == "descending",
            page=int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 7 else 1,  # noqa: PLR2004
        )

    def query(self, **changed: str) -> str:
        """The address's query for this choice with some of it changed."""
        values = {
            "text": self.text,
            "likelihood": self.likelihood,
            "impact": self.impact,
            "stage": self.stage,
            "authority": self.authority,
            "sort": self.sort,
            "order": "descending" if self.sort and self.descending else "",
            "page": "",
        }
        return urlencode({name: value for name, value in (values | changed).items() if value})


def register_page(visit: Visit) -> Page:
    """The register of a run, filtered, ordered and paged."""
    choice = Choice.of(visit.request.query_params)
    return visit.page_of_run("register.html", lambda run: ("Risk register", _values(visit, run, choice)))


def _values(visit: Visit, run: OpenRun, choice: Choice) -> dict[str, object]:
    found = chosen(run, choice)
    pages = max(1, -(-found.height // PAGE_SIZE))
    page = min(choice.page, pages)
    shown = found.slice((page - 1) * PAGE_SIZE, PAGE_SIZE)
    run_id = visit.query("run")
    keep = {"run": run_id} if run_id else {}
    return {
        "table": _table(visit, run, shown),
        "awaiting": standing.awaiting(run.view).select("decided_table", "decided_id").n_unique(),
        "choice": choice,
        "keep": keep,
        "sorting": [*(_sorting(column, choice, keep) for column in _COLUMNS), {}],
        "found": found.height,
        "all": run.view.tables["register_entry"].height,
        "authorities": run.view.table("exposure")["local_authority"].unique().sort().to_list(),
        "likelihoods": _named(run, "likelihood"),
        "impacts": _named(run, "impact"),
        "pagination": _pagination(choice, page, pages, keep),
        "first": (page - 1) * PAGE_SIZE + 1,
        "last": (page - 1) * PAGE_SIZE + shown.height,
    }


def chosen(run: OpenRun, choice: Choice) -> pl.DataFrame:
    """The register's rows that a choice keeps, in its order; the register's own where it names none."""
    frame = register(run.view)
    if choice.text:
        wanted = choice.text.casefold()
        frame = frame.filter(
            pl.col("group_name").str.to_lowercase().str.contains(wanted, literal=True)
            | pl.col("uk_parent_number").str.to_lowercase().eq(wanted)
            | pl.col("entry_id").str.to_lowercase().eq(wanted)
        )
    if choice.likelihood:
        band = None if choice.likelihood == UNASSESSED else int(choice.likelihood)
        frame = frame.filter(pl.col("likelihood").eq_missing(pl.lit(band, dtype=pl.Int64)))
    for name, value in (("impact", choice.impact), ("proposed_stage", choice.stage)):
        if value:
            frame = frame.filter(pl.col(name) == int(value))
    if choice.authority:
        there = run.view.table("exposure").filter(pl.col("local_authority") == choice.authority)
        frame = frame.join(there.select("group_id").unique(), on="group_id", how="semi", maintain_order="left")
    if choice.sort:
        frame = frame.sort(choice.sort, descending=choice.descending, nulls_last=True, maintain_order=True)
    return frame


def _table(visit: Visit, run: OpenRun, frame: pl.DataFrame) -> PageTable:
    waiting = standing.by_entry(run.view).select("entry_id", pl.lit("Awaits approval").alias("awaiting"))
    columns = (*_COLUMNS, *((_AWAITING,) if waiting.height else ()), Column("entry_id", "ID"))
    frame = frame.join(waiting, on="entry_id", how="left", maintain_order="left")
    sheet = sheet_of("Register", "Groups on the register", "", frame, columns)
    leads = {"group_name": lambda row: visit.href(f"/groups/{row['entry_id']}")}
    return page_table(sheet, drop={"entry_id"}, links=leads)


def _sorting(column: Column, choice: Choice, keep: Mapping[str, str]) -> dict[str, str]:
    if column.name in _UNSORTED:
        return {}
    name = _SORT_BY.get(column.name, column.name)
    now = "" if choice.sort != name else "descending" if choice.descending else "ascending"
    down = name in _FIRST_DOWN if not now else now == "ascending"
    return {"now": now, "href": "?" + choice.query(sort=name, order="descending" if down else "ascending", **keep)}


def _named(run: OpenRun, axis: str) -> list[tuple[str, str]]:
    """The bands there are on an axis, highest first: value and words."""
    pairs = run.view.tables["register_entry"].select(axis, f"{axis}_name").unique().sort(axis, descending=True)
    return [(UNASSESSED if band is None else str(band), name) for band, name in pairs.iter_rows()]


def _pagination(choice: Choice, page: int, pages: int, keep: Mapping[str, str]) -> dict[str, object] | None:
    if pages == 1:
        return None
    near: Sequence[int] = sorted({1, page - 1, page, page + 1, pages} & set(range(1, pages + 1)))
    items: list[dict[str, object]] = []
    for number in near:
        if items and number - int(str(items[-1]["number"])) > 1:
            items.append({"ellipsis": True, "number": number - 1})
        items.append(
            {
                "number": number,
                "href": "?" + choice.query(page=str(number), **keep),
                "current": number == page,
            }
        )
    given: dict[str, object] = {"items": items}
    if page > 1:
        given["previous"] = {"href": "?" + choice.query(page=str(page - 1), **keep)}
    if page < pages:
        given["next"] = {"href": "?" + choice.query(page=str(page + 1), **keep)}
    return given


def _among(text: str, known: Sequence[str]) -> str:
    return text if text in known else ""
