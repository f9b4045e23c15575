"""Homes: those of a group, and one home in every list the run could see."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import polars as pl

from oversight.errors import InputError
from oversight.web import sections
from oversight.web.sections import Section
from oversight.web.shelf import OpenRun
from oversight.web.tables import PageTable, Shown, day, plain_table
from oversight.web.visit import Page, Visit
from reports.style import clean, date_text, number_text

_HEADERS: Final = ("Home", "Type", "Status", "Places", "Local authority", "Overall judgement", "Inspected")
_NO_NAME: Final = "Name withheld"


def homes_of_group(visit: Visit) -> Page:
    """Every registered setting of a group."""
    run = visit.run
    group_id = run.group_id(visit.part("group"))

    def make(run: OpenRun) -> tuple[str, Mapping[str, object]]:
        name = clean(run.of_group(group_id).table("group")["name"][0])
        held = visit.site.shelf.homes(run).filter(pl.col("group_id") == group_id)
        table = homes_table(visit, f"Homes and other settings of {name}", held.iter_rows(named=True))
        return f"Homes of {name}", {
            "caption": "Group",
            "intro": (f"{number_text(held.height)} settings in the newest list of registrations the run could see.",),
            "links": (sections.Link("Back to the group", visit.href(f"/groups/{visit.part('group')}")),),
            "sections": (Section("Settings", tables=(table,)),),
        }

    return visit.page_of_run(sections.TEMPLATE, make)


def home_page(visit: Visit) -> Page:
    """One home: what each list of registrations said of it."""
    urn = visit.part("urn")

    def make(run: OpenRun) -> tuple[str, Mapping[str, object]]:
        rows = visit.site.shelf.home_history(run, urn)
        if not rows:
            raise InputError("no list that this run could see has such a home", where=urn)
        now = rows[0]
        held = visit.site.shelf.homes(run).filter(pl.col("urn") == urn).rows(named=True)
        group = held[0]["group_id"] if held else None
        links = [sections.Link("Its group", visit.href(f"/groups/{group}"))] if group else []
        if now["local_authority_code"]:
            links.append(
                sections.Link(f"{now['local_authority']}", visit.href(f"/authorities/{now['local_authority_code']}"))
            )
        facts = (
            ("Unique reference number", urn),
            ("Type", clean(now["provision_type"])),
            ("Registered owner", clean(now["owner"] or "not published")),
            ("Sector", clean(now["sector"] or "not published")),
            ("Registered places", "not published" if now["places"] is None else number_text(now["places"])),
            ("Registered on", "not published" if now["registered_on"] is None else date_text(now["registered_on"])),
            ("Local authority", clean(now["local_authority"] or "not published")),
            ("In the newest list", "yes" if held else "no: it stands in an earlier list only"),
        )
        past = plain_table(
            "What each list said",
            ("List of", "Status", "Owner", "Places", "Overall judgement", "Inspected", "Place in the list"),
            [
                (
                    day(row["as_at"]),
                    clean(row["status"] or "not published"),
                    clean(row["owner"] or "not published"),
                    _count(row["places"]),
                    clean(row["overall"] or "none"),
                    day(row["inspected_on"]),
                    clean(row["locator"]),
                )
                for row in rows
            ],
        )
        return clean(now["name"] or _NO_NAME), {
            "caption": f"Home, {urn}",
            "intro": ("Judgements are Ofsted\u2019s. Nothing here says how well children are cared for today.",),
            "links": links,
            "sections": (Section("Registration", facts=facts), Section("In every list", tables=(past,))),
        }

    return visit.page_of_run(sections.TEMPLATE, make)


def homes_table(visit: Visit, caption: str, rows: Iterable[Mapping[str, Any]]) -> PageTable:
    """Homes as a table, each leading to its page."""
    return plain_table(
        caption,
        _HEADERS,
        [
            (
                Shown(clean(row["name"] or f"{_NO_NAME}, {row['urn']}"), visit.href(f"/homes/{row['urn']}")),
                clean(row["provision_type"]),
                clean(row["status"] or "not published"),
                _count(row["places"]),
                Shown(
                    clean(row["local_authority"] or "not published"),
                    visit.href(f"/authorities/{row['local_authority_code']}") if row["local_authority_code"] else "",
                ),
                clean(row["overall"] or "none"),
                day(row["inspected_on"]),
            )
            for row in rows
        ],
        numbers={3},
    )


def _count(value: int | None) -> Shown:
    return Shown("not published", number=True, quiet=True) if value is None else Shown(number_text(value), number=True)
