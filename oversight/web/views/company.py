"""A company: where it stands in its group, what it filed, what happened to it."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from oversight.errors import InputError
from oversight.web import sections
from oversight.web.sections import Section
from oversight.web.shelf import OpenRun
from oversight.web.tables import PageTable, Shown, day, figure, plain_table
from oversight.web.views import signals
from oversight.web.visit import Page, Visit
from reports.style import clean, date_text, percent_text, words

_YEARS: Final = 6
_UNITS: Final = {"GBP": "pounds"}


def company_page(visit: Visit) -> Page:
    """What a run knows of one company."""
    number = visit.part("number")

    def make(run: OpenRun) -> tuple[str, Mapping[str, object]]:
        member = run.view.table("membership").filter(pl.col("company_number") == number)
        if member.is_empty():
            raise InputError("this run knows no company of this number", where=number)
        row = member.row(0, named=True)
        group_id = row["group_id"]
        view = run.of_group(group_id)
        name = clean(row["name"] or number)
        periods = view.table("account_period").filter(pl.col("company_number") == number)
        events = signals.timeline(visit, run, view, company=number)
        return name, {
            "caption": f"Company, {number}",
            "intro": (),
            "links": (
                sections.Link(f"Its group: {clean(view.table('group')['name'][0])}", visit.href(f"/groups/{group_id}")),
                sections.Link(
                    "On the register at Companies House",
                    f"https://find-and-update.company-information.service.gov.uk/company/{number}",
                ),
            ),
            "sections": (
                Section("In the group", facts=_place(row), tables=(owners(run, group_id, number),)),
                Section(
                    "Accounts",
                    words=("Costs and creditors are negative where the accounts subtract them.",),
                    tables=accounts(visit, view.table("account"), periods),
                ),
                Section("Signals", tables=events[:1], folded=events[1:]),
            ),
        }

    return visit.page_of_run(sections.TEMPLATE, make)


def _place(row: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    parent = clean(str(row["parent_name"] or "")) or (
        "none: it is the top" if row["parent_key"] is None else "withheld"
    )
    return (
        ("Parent", parent),
        ("Control by", words(str(row["basis"])) if row["basis"] else "not applicable"),
        ("Status on the register", clean(str(row["status"] or "not known"))),
        ("Last accounts dormant", {True: "yes", False: "no"}.get(row["dormant"], "not known")),  # type: ignore[call-overload]
    )


def owners(run: OpenRun, group_id: str, number: str) -> PageTable:
    """Who owns the company, and who did."""
    held = run.of_group(group_id).table("holding").filter(pl.col("company_number") == number)
    rows = [
        (
            clean(row["owner_name"] or "An individual (name withheld)"),
            words(row["role"]),
            _band(row["share_min"], row["share_max"]),
            _band(row["votes_min"], row["votes_max"]),
            day(row["since"]),
            Shown("still", quiet=True) if row["until"] is None else day(row["until"]),
            words(row["source"]),
        )
        for row in held.sort("until", "since", nulls_last=False).iter_rows(named=True)
    ]
    return plain_table("Owners", ("Owner", "Role", "Shares", "Votes", "Since", "Until", "Rests on"), rows)


def _band(low: float | None, high: float | None) -> str:
    if low is None:
        return "not stated"
    return percent_text(low, 0) if high is None or high == low else f"{percent_text(low, 0)} to {percent_text(high, 0)}"


def accounts(visit: Visit, account: pl.DataFrame, periods: pl.DataFrame) -> tuple[PageTable, ...]:
    """Lines of account side by side by period, newest first: the group's and the company's own."""
    tables = []
    for consolidated, whose in ((True, "Consolidated accounts"), (False, "Accounts of the company alone")):
        own = (
            periods.filter(pl.col("consolidated") == consolidated)
            .sort("period_end", "filed_on", "period_id", descending=[True, True, False], nulls_last=True)
            .unique("period_end", keep="first", maintain_order=True)
            .head(_YEARS)
        )
        if not own.is_empty():
            tables.append(_side_by_side(visit, whose, account, own))
    return tuple(tables) or (plain_table("Accounts", ("Line",), []),)


def _side_by_side(visit: Visit, caption: str, account: pl.DataFrame, periods: pl.DataFrame) -> PageTable:
    ids = periods["period_id"].to_list()
    held = account.filter(pl.col("period_id").is_in(ids))
    cells = {(row["line"], row["period_id"]): row for row in held.iter_rows(named=True)}
    rows = []
    for line in held["line"].unique().sort():
        shown: list[Shown | str] = [words(line)]
        for period in ids:
            row = cells.get((line, period))
            if row is None:
                shown.append(Shown("not available", number=True, quiet=True))
                continue
            unit = _UNITS.get(row["unit"], row["unit"])
            shown.append(figure(row["value"], unit, row["status"], visit.evidence(row["account_id"])))
        rows.append(shown)
    headers = ["Line", *(f"to {date_text(end)}" for end in periods["period_end"])]
    return plain_table(caption, headers, rows, numbers=set(range(1, len(headers))))
