"""What waits for a person: figures of accounts that could not be read surely, and owners without a company."""

from collections.abc import Mapping
from typing import Final

import polars as pl
from starlette.responses import Response

from oversight.errors import InputError
from oversight.identity.match import Match
from oversight.pipeline.link import Waiting, waiting_owners
from oversight.pipeline.link_decisions import decide_by_hand
from oversight.pipeline.review import decide_figure, line_of, waiting
from oversight.web.access import Role
from oversight.web.visit import Page, Site, Visit
from reports.style import clean, date_text, number_text, pounds_text, words

PAGE_SIZE: Final = 25


def review_page(visit: Visit) -> Page:
    """How much waits, of each kind."""
    figures, owners = _figures(visit), owners_waiting(visit.site)
    return visit.page("Review", "review.html", figures=figures.height, owners=len(owners))


def figures_page(visit: Visit) -> Page:
    """Figures that wait, with a form to settle each."""
    found = _figures(visit)
    number, shown, pages = _sliced(visit, found)
    rows = [
        {
            "id": row["figure"],
            "company": clean(row["company"] or row["company_number"] or "Company not known"),
            "number": row["company_number"],
            "line": words(row["line"]),
            "whose": f"{row['whose']}, {row['year']} year, to {date_text(row['period_end'])}",
            "read": "not read" if row["read_as"] is None else pounds_text(row["read_as"]),
            "raw": "" if row["read_as"] is None else f"{row['read_as']:.0f}",
            "candidates": clean(row["candidates"] or ""),
            "why": clean(row["why"]),
            "locator": clean(row["locator"] or ""),
        }
        for row in shown.iter_rows(named=True)
    ]
    return visit.page(
        "Figures that wait",
        "review_figures.html",
        rows=rows, found=found.height, page=number, pages=pages, may=visit.person.may(Role.ANALYST),
        done=visit.query("done"),
    )  # fmt: skip


def owners_page(visit: Visit) -> Page:
    """Owners that wait, each beside the companies it may be."""
    found = owners_waiting(visit.site)
    pages = max(1, -(-len(found) // PAGE_SIZE))
    number = min(_page_number(visit), pages)
    shown = found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return visit.page(
        "Owners that wait",
        "review_owners.html",
        rows=[_owner(each) for each in shown], found=len(found), page=number, pages=pages,
        may=visit.person.may(Role.ANALYST), done=visit.query("done"),
    )  # fmt: skip


def settle_figure(visit: Visit) -> Response:
    """Write down what a person read in place of a figure."""
    form = visit.form
    figure, how = form.get("figure", ""), form.get("how", "")
    workspace = visit.site.workspace
    read = line_of(workspace, figure)["value"] if how == "confirm" else None
    value = {"confirm": None if read is None else float(str(read)), "unreadable": None}.get(how)
    if how == "value":
        value = _number(form.get("value", ""))
    elif how not in {"confirm", "unreadable"}:
        raise InputError("a decision says what is printed", next_step="Choose one of the three.")
    decide_figure(workspace, figure, value, author=visit.person.name, reason=form.get("reason", ""))
    return visit.redirect("/review/figures", done="1", page=form.get("page", ""))


def settle_owner(visit: Visit) -> Response:
    """Write down which company an owner is, or that it is none."""
    form = visit.form
    choice = form.get("company", "")
    number = form.get("number", "").strip() if choice == "other" else choice
    kind = form.get("kind", "unknown") if choice == "none" else "company"
    if not choice or (choice == "other" and not number):
        raise InputError("no company is chosen", next_step="Choose one, give a number, or say that it is none.")
    decide_by_hand(
        visit.site.workspace, form.get("owner", ""), None if choice == "none" else number, kind=kind,
        author=visit.person.name, reason=form.get("reason", ""),
    )  # fmt: skip
    return visit.redirect("/review/owners", done="1", page=form.get("page", ""))


def figures_waiting(site: Site) -> pl.DataFrame:
    """Figures of accounts that wait."""
    return site.kept.get("figures", lambda: waiting(site.workspace), ("override", "hand_read"))


def owners_waiting(site: Site) -> list[Waiting]:
    """Owners that wait."""
    return site.kept.get("owners", lambda: waiting_owners(site.workspace), ("link",))


def _figures(visit: Visit) -> pl.DataFrame:
    company = visit.query("company")
    found = figures_waiting(visit.site)
    return found.filter(pl.col("company_number") == company) if company else found


def _owner(each: Waiting) -> Mapping[str, object]:
    earlier = each.earlier
    return {
        "text": clean(each.owner.text),
        "raw": each.owner.text,
        "settings": number_text(each.owner.settings),
        "sector": clean(each.owner.sector or "not published"),
        "reasons": clean("; ".join(each.decision.reasons)),
        "earlier": (
            f"{number_text(earlier.homes)} of its homes were registered under {clean(earlier.owner)} "
            f"({earlier.company_number}) on {date_text(earlier.as_at)}"
            if earlier
            else ""
        ),
        "candidates": [_candidate(match) for match in each.decision.alternatives],
    }


def _candidate(match: Match) -> Mapping[str, str]:
    one = match.candidate
    more = (
        one.status or "",
        f"incorporated {date_text(one.incorporated_on)}" if one.incorporated_on else "",
        f"formerly {one.previous_names[0]}" if one.previous_names else "",
        *match.reasons,
    )
    return {
        "number": one.company_number,
        "name": clean(one.name),
        "more": clean(", ".join(part for part in more if part)),
    }


def _sliced(visit: Visit, found: pl.DataFrame) -> tuple[int, pl.DataFrame, int]:
    pages = max(1, -(-found.height // PAGE_SIZE))
    number = min(_page_number(visit), pages)
    return number, found.slice((number - 1) * PAGE_SIZE, PAGE_SIZE), pages


def _page_number(visit: Visit) -> int:
    text = visit.query("page")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1  # noqa: PLR2004


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "").replace("£", ""))
    except ValueError as error:
        raise InputError("not a number", where=text, next_step="Write it as 1250000 or -1,250,000.") from error
