"""The annexes of a briefing: the data beside each chart, every rule, every home, and who wrote what."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import polars as pl

from oversight.errors import InputError
from oversight.model.tables.derived import VALUE
from reports.briefing.front import exposure_cells, spread
from reports.briefing.subject import Subject, days, measured
from reports.charts import Picture, map_of_shares, ownership_tree, peers
from reports.charts.compared import against_peers
from reports.charts.years import YEARS
from reports.documents.model import (
    Block,
    Heading,
    Image,
    Images,
    PageBreak,
    Paragraph,
    Span,
    Table,
    Text,
    figure,
    said,
    trace_id,
)
from reports.frames import parameters_in_force
from reports.sheets.risks import MANUAL
from reports.style import clean, date_text, number_text, percent_text, pounds_text, shortened, value_text, words
from reports.symbols import TO_COMPLETE

_ACCOUNTS: Final = (
    "turnover", "operating_profit", "ebitda", "operating_margin", "ebitda_margin", "net_debt_total",
    "net_debt_external", "net_debt_to_ebitda", "interest_cover", "current_ratio", "cash_days", "net_assets",
    "altman_z2",
)  # fmt: skip
_DRAWN_COMPANIES: Final = 12
_ALL_AND_ONE: Final = 2
_LINES: Final = "reference_lines."


def annexes(subject: Subject) -> tuple[Block, ...]:
    """Annexes A to F."""
    return (
        PageBreak(),
        *_companies(subject),
        PageBreak(),
        *_homes(subject),
        PageBreak(),
        *_years(subject),
        *_rules(subject),
        *_worse(subject),
        *_people(subject),
    )


def _companies(subject: Subject) -> tuple[Block, ...]:
    rows = subject.rows("membership").sort("path", "company_number")
    head = Heading(1, "Annex A. Companies of the group")
    if rows.is_empty():
        return (head, Paragraph(said("No company is linked to this owner.")))
    tree = drawn(lambda: ownership_tree(subject.view, subject.group_id)) if len(rows) <= _DRAWN_COMPANIES else ()
    holding = subject.rows("holding").filter(pl.col("owner_key").is_not_null())
    edges = {(row["company_number"], row["owner_key"]): row["holding_id"] for row in holding.iter_rows(named=True)}
    cells = tuple(
        (
            said(shortened(str(row["name"] or row["company_number"]), 80)),
            said(row["company_number"]),
            said(shortened(str(row["parent_name"] or _no_parent(row)), 80)),
            _held(row, edges.get((row["company_number"], row["parent_key"]))),
            said(clean(str(row["status"] or "[x]"))),
        )
        for row in rows.iter_rows(named=True)
    )
    table = Table(
        caption="Each company and the one that controls it",
        header=("Company", "Number", "Parent", "Share, and since when", "Status"),
        rows=cells,
        widths=(0.29, 0.11, 0.27, 0.19, 0.14),
        small=True,
    )
    return (head, *tree, table)


def _no_parent(row: dict[str, Any]) -> str:
    return "None found: the top" if row["parent_key"] is None else "An individual (name withheld)"


def _held(row: dict[str, Any], holding: str | None) -> Text:
    low, high = row["share_min"], row["share_max"]
    if low is None and high is None:
        share = words(str(row["basis"])) if row["basis"] else "[z]"
    else:
        ends = sorted({each for each in (low, high) if each is not None})
        share = " to ".join(percent_text(each, 0) for each in ends)
    since = f", since {days(row['since'])}" if isinstance(row["since"], date) else ""
    return (figure(f"{share}{since}", holding),) if holding else said(f"{share}{since}")


def _homes(subject: Subject) -> tuple[Block, ...]:
    exposure = subject.rows("exposure").sort("share_of_places", "places", descending=True, nulls_last=True)
    return (
        Heading(1, "Annex B. Homes and local authorities"),
        *drawn(lambda: map_of_shares(subject.view, subject.group_id), 0.82),
        Table(
            caption="Homes by local authority, as drawn on the map",
            header=("Local authority", "Homes", "Places", "Share of its places"),
            rows=tuple(exposure_cells(row) for row in exposure.iter_rows(named=True)),
            widths=(0.4, 0.2, 0.2, 0.2),
            numeric=frozenset({1, 2, 3}),
            small=True,
        ),
        *_lost(subject),
        *home_table(subject.rows("setting")),
    )


def _lost(subject: Subject) -> tuple[Block, ...]:
    rows = subject.rows("displacement").sort("kind", "miles")
    if rows.is_empty():
        return (Paragraph(said("What its stopping would mean was not measured in this run.")),)
    if rows["kind"].n_unique() == _ALL_AND_ONE:
        rows = rows.filter(pl.col("kind") != "all")
    cells = tuple(
        (
            said(words(row["kind"])),
            said(f"{row['miles']:g}"),
            said(number_text(row["places_lost"])),
            said(spread(row, "children")),
            said(spread(row, "beds")),
            (figure(spread(row, "unplaced"), row["displacement_id"]),),
        )
        for row in rows.iter_rows(named=True)
    )
    return (
        Table(
            caption="If all its homes closed at once: estimates with their range",
            header=("Kind of home", "Within miles", "Places lost", "Children who would need a place",
                    "Beds that could take a child", "Children without a place"),
            rows=cells, widths=(0.2, 0.1, 0.12, 0.2, 0.19, 0.19), numeric=frozenset({1, 2, 3, 4, 5}), small=True,
        ),
        *assumptions(subject.view, ("replace.occupancy", "replace.usable")),
    )  # fmt: skip


def home_table(rows: pl.DataFrame, caption: str = "Registered settings") -> tuple[Block, ...]:
    """Settings by authority, homes first, each with the id to trace it by."""
    if rows.is_empty():
        return (Paragraph(said("This run does not list single settings.")),)
    ordered = rows.sort(["is_home", "local_authority", "urn"], descending=[True, False, False], nulls_last=True)
    cells = tuple(
        (
            said(row["urn"]),
            said(shortened(str(row["name"] or "Name withheld by Ofsted"), 60)),
            said(clean(row["provision_type"])),
            said(clean(str(row["local_authority"] or "[x]"))),
            said("[x]" if row["places"] is None else number_text(row["places"])),
            said(clean(str(row["status"] or "[x]"))),
            said(_judged(row)),
            (trace_id(row["setting_id"]),),
        )
        for row in ordered.iter_rows(named=True)
    )
    on = rows["as_at"].max()
    dated = f", registered at {date_text(on)}" if isinstance(on, date) else ""
    return (
        Table(
            caption=f"{caption}{dated}",
            header=("URN", "Name", "Type", "Local authority", "Places", "Status", "Judged", "ID to trace"),
            rows=cells, widths=(0.09, 0.16, 0.13, 0.14, 0.07, 0.11, 0.19, 0.11), numeric=frozenset({4}), small=True,
        ),
    )  # fmt: skip


def _judged(row: dict[str, Any]) -> str:
    if not row["overall"]:
        return "Not judged"
    on = f", {row['inspected_on']:%b %Y}" if isinstance(row["inspected_on"], date) else ""
    return f"{words(clean(row['overall']))}{on}"


def _years(subject: Subject) -> tuple[Block, ...]:
    indicator = subject.rows("indicator").filter(pl.col("subject_kind") == "group", pl.col("code").is_in(_ACCOUNTS))
    ends = indicator["dated_on"].unique().sort().tail(YEARS).to_list()
    head = Heading(1, "Annex C. Five years of accounts")
    if not ends:
        return (head, Paragraph(said("No accounts of the group could be read.")))
    held = {(row["code"], row["dated_on"]): row for row in indicator.iter_rows(named=True)}
    rows = tuple((said(subject.label(code)), *((_cell(held.get((code, end))),) for end in ends)) for code in _ACCOUNTS)
    table = Table(
        caption="Figures by the day the accounts end, as drawn in Debt and margins",
        header=("Measure", *(f"{end:%d %b %Y}".lstrip("0") for end in ends)),
        rows=rows,
        widths=(0.28, *(0.72 / len(ends) for _ in ends)),
        numeric=frozenset(range(1, len(ends) + 1)),
        small=True,
    )
    return (head, table, *_reference_lines(subject))


def _cell(row: dict[str, Any] | None) -> Span:
    return Span("not filed") if row is None else measured(row)


def _reference_lines(subject: Subject) -> tuple[Block, ...]:
    lines = parameters_in_force(subject.view).filter(
        pl.col("code").str.starts_with(_LINES), pl.col("code").str.contains("margin|leverage_")
    )
    return _parameters(lines, "Lines to compare with, no pass marks") if len(lines) else ()


def assumptions(view: Any, codes: tuple[str, ...]) -> tuple[Block, ...]:
    """Parameters that an estimate rests on, with their standing."""
    held = parameters_in_force(view).filter(pl.col("code").is_in(list(codes)))
    return _parameters(held, "What the estimates assume") if len(held) else ()


def _parameters(held: pl.DataFrame, caption: str) -> tuple[Block, ...]:
    rows = tuple(
        (
            said(clean(row["label"])),
            said(shortened(_plain(row["value"]), 400)),
            said(days(row["start"]) or "[z]"),
            said(
                f"{'Checked at the source' if row['verified'] else 'Not verified'}. {shortened(row['reference'], 200)}"
            ),
        )
        for row in held.sort("code").iter_rows(named=True)
    )
    header = ("Parameter", "Value", "In force from", "Standing and reference")
    return (Table(caption=caption, header=header, rows=rows, widths=(0.24, 0.26, 0.12, 0.38), small=True),)


def _plain(value: str) -> str:
    """A value with parts as words."""
    return clean(value.replace("{", "").replace("}", "").replace('"', "").replace("[", "").replace("]", ""))


def _rules(subject: Subject) -> tuple[Block, ...]:
    found: list[Block] = [Heading(1, "Annex D. Every rule of likelihood and impact")]
    for axis in ("likelihood", "impact"):
        rows = (
            subject.rows("contribution")
            .filter(pl.col("axis") == axis)
            .sort("points", "contribution_id", descending=[True, False])
        )
        cells = tuple(
            (
                said(subject.label(row["rule"])),
                said(f"{number_text(row['points'])} of {number_text(row['maximum'])}"),
                said(clean(row["reason"]) + (" Input missing." if row["missing"] else "")),
                (trace_id(row["contribution_id"]),),
            )
            for row in rows.iter_rows(named=True)
        )
        header = ("Rule", "Points", "Reason", "ID to trace")
        widths = (0.2, 0.08, 0.44, 0.28)
        if cells:
            found.append(Table(f"Rules of {axis}", header, cells, widths, frozenset({1}), small=True))
    return tuple(found)


def _worse(subject: Subject) -> tuple[Block, ...]:
    rows = subject.rows("stress").sort("scenario")
    cells = tuple(_scenario(row) for row in rows.iter_rows(named=True))
    header = (
        "Scenario",
        "EBITDA",
        "EBITDA interest cover",
        "Headroom",
        "Cash after a year",
        "Band",
        "ID to trace",
    )
    table = Table(
        "The year after the newest accounts under each scenario: a projection, not a forecast", header, cells,
        (0.16, 0.13, 0.1, 0.1, 0.14, 0.09, 0.28), frozenset({1, 2, 3, 4}), small=True,
    )  # fmt: skip
    return (
        Heading(1, "Annex E. Worse years and peers"),
        *((table,) if cells else (Paragraph(said("No scenario was worked out for the group.")),)),
        *assumptions(subject.view, ("stress.scenarios", "stress.assumptions")),
        *_peers(subject),
    )


def _scenario(row: dict[str, Any]) -> tuple[Text, ...]:
    name = words(row["scenario"])
    if row["status"] != VALUE:
        reason = clean(str(row["reason"] or "not filed"))
        return (
            said(name),
            *(said("[x]") for _ in range(4)),
            said(shortened(reason, 60)),
            (trace_id(row["stress_id"]),),
        )
    cover = row["ebitda_interest_cover"]
    lasts = "" if row["out_of_cash"] is None else " would not last" if row["out_of_cash"] else " would last"
    band = f"{row['band_before'] or '[n]'} to {row['band_after'] or '[n]'}"
    return (
        said(name),
        said("[x]" if row["ebitda"] is None else pounds_text(row["ebitda"])),
        said("[z]" if cover is None else f"{number_text(cover, 1)} times"),
        said("[x]" if row["headroom"] is None else percent_text(row["headroom"])),
        said("[x]" if row["cash_after"] is None else f"{pounds_text(row['cash_after'])},{lasts}"),
        said(band),
        (trace_id(row["stress_id"]),),
    )


def _peers(subject: Subject) -> tuple[Block, ...]:
    rows = against_peers(subject.view, subject.group_id)
    if rows.is_empty():
        return (Paragraph(said("No measure of the group can be compared: too few groups have it.")),)
    drawing = peers(subject.view, subject.group_id)
    cells = tuple(
        (
            said(clean(row["label"])),
            said(value_text(row["value"], row["unit"])),
            said(number_text(row["percentile"])),
            said(
                f"{value_text(row['lower_quartile'], row['unit'])}, {value_text(row['median'], row['unit'])}, "
                f"{value_text(row['upper_quartile'], row['unit'])}"
            ),
            said(f"{number_text(row['count'])}: {clean(row['peers'])}"),
            (trace_id(row["peer_id"]),),
        )
        for row in rows.iter_rows(named=True)
        if row["value"] is not None
    )
    header = ("Measure", "The group", "Percentile", "Lower quartile, middle, upper quartile", "Peers", "ID to trace")
    return (
        Images((Image(drawing.panel((700, 320)), drawing.words, 0.8),)),
        Table("The group among its peers", header, cells, (0.19, 0.1, 0.09, 0.23, 0.16, 0.23), frozenset({1, 2}),
              small=True),
    )  # fmt: skip


def _people(subject: Subject) -> tuple[Block, ...]:
    written = subject.view.table("register_field").filter(pl.col("entry_id") == subject.entry["entry_id"])
    values = dict(written.drop_nulls("value").select("field", "value").iter_rows())
    rows = tuple((said(label), said(shortened(values.get(name, TO_COMPLETE), 600))) for name, label in MANUAL.items())
    return (
        Heading(1, "Annex F. What people have written in the register"),
        Table("Fields that people fill in", ("Field", "What stands there"), rows, (0.35, 0.65), small=True),
    )


def drawn(draw: Callable[[], Picture], width: float = 0.9) -> tuple[Block, ...]:
    """A picture with its title in words; nothing where the run has nothing to draw."""
    try:
        picture = draw()
    except InputError:
        return ()
    return (Images((Image(picture.png(), f"{picture.title}. {picture.alternative}", width),)),)
