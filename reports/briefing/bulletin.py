"""The market bulletin: the state of the sector on two pages, with the map. It names no group as weak."""

from typing import Any, Final

import polars as pl

from reports.briefing.group import author, made, versions
from reports.briefing.subject import days
from reports.charts import bands
from reports.charts.drawing import Drawing
from reports.charts.market import england, held_by_largest, largest_by_authority, markets
from reports.documents.model import (
    Block,
    Bullets,
    Document,
    Heading,
    Image,
    Images,
    PageBreak,
    Paragraph,
    Table,
    Text,
    figure,
    said,
    trace_id,
)
from reports.frames import RunView, label_of, labels
from reports.standing import run_banner
from reports.style import clean, date_text, number_text, percent_text, shortened, words

_LARGEST: Final = 10
_MAP: Final = (470.0, 470.0)
_HALF: Final = 0.49
_NOTICE: Final = (
    "A description of the market from public registrations and filings. It names no provider as weak, and it makes no "
    "finding about any company and no determination under the Care Standards Act 2000."
)
_TYPES: Final = (
    "all_homes", "childrens_home", "secure_home", "short_break_home", "special_school_home",
    "residential_special_school", "fostering_agency", "supported_accommodation",
)  # fmt: skip


def bulletin(view: RunView) -> Document:
    """The bulletin of a run, but for the annex of its sources.

    Raises:
        InputError: where the run has no market or no register.
        SettingsError: where the run has no protective marking.
    """
    whole = england(view)
    return Document(
        title="Children\u2019s homes: market bulletin",
        subtitle=f"The state of the sector in England as at {date_text(view.as_at.on)}",
        subject=versions(view),
        banner=run_banner(view),
        author=author(view),
        dated=view.as_at.on,
        blocks=(
            Paragraph(said(_NOTICE), notice=True),
            Heading(1, "In short"),
            Bullets((*_size(whole), _register(view), *_shocks(view))),
            Heading(1, "Who holds the places"),
            _pair(largest_by_authority(view), held_by_largest(view), _MAP),
            _owners(view, whole),
            Heading(1, "Size and change by type of provision"),
            *_kinds(view),
            Heading(1, "Regions"),
            _areas(markets(view, "region"), "Children\u2019s homes of all types by region"),
            Heading(1, "Signs across the register"),
            Images((Image(bands(view).panel((620, 300)), bands(view).words, 0.72),)),
            Heading(1, "What we do not know"),
            Bullets(_unknown(whole)),
            PageBreak(),
            Heading(1, "Annex A. Local authorities"),
            _areas(markets(view, "authority"), "Children\u2019s homes of all types by local authority, as on the map",
                   small=True),
            *made(view),
        ),
    )  # fmt: skip


def _pair(one: Drawing, other: Drawing, size: tuple[float, float]) -> Images:
    return Images(tuple(Image(each.panel(size), each.words, _HALF) for each in (one, other)))


def _size(whole: dict[str, Any]) -> tuple[Text, ...]:
    key = whole["market_id"]
    parts = said(
        figure(f"{number_text(whole['settings'])} children\u2019s homes", key), " were registered at ",
        days(whole["as_at"]), ", with ", figure(f"{_number(whole['places'])} places", key), ", run by ",
        figure(f"{_number(whole['holders'])} owners", key), ", councils included.",
    )  # fmt: skip
    if whole["settings_change"] is None:
        change = said(f"There is no comparison with a year before: {clean(str(whole['change_reason'] or 'no list'))}.")
    else:
        change = said(
            f"Since {days(whole['compared_on'])} there are ", figure(_more(whole["settings_change"], "homes"), key),
            " and ", figure(_more(whole["places_change"], "places"), key), "; places ",
            *_growth(whole["growth"], key), ".",
        )  # fmt: skip
    held = said(
        "The ten largest owners hold ", figure(_percent(whole["top10_share"]), key), " of the places and councils ",
        figure(_percent(whole["council_share"]), key), ". The concentration index is ",
        figure(_number(whole["hhi"]), key), " on a scale to 10,000.",
    )  # fmt: skip
    return parts, change, held


def _growth(growth: float | None, key: str) -> Text:
    if growth is None:
        return said("cannot be compared")
    verb = "fell" if growth < 0 else "grew"
    return said(f"{verb} by ", figure(percent_text(abs(growth)), key), ", put on twelve months")


def _register(view: RunView) -> Text:
    entries = view.table("register_entry")
    high = entries.filter(pl.col("likelihood") >= 4).height  # noqa: PLR2004 - of five bands
    unknown = entries["likelihood"].null_count()
    return said(
        f"The register has {number_text(entries.height)} entries: {number_text(high)} with likelihood of 4 or 5, and "
        f"{number_text(unknown)} whose likelihood cannot be assessed on the evidence held."
    )


def _shocks(view: RunView) -> tuple[Text, ...]:
    rows = {row["measure"]: row for row in view.table("stress_market").iter_rows(named=True)}
    needed = ("groups_drawn", "places_mean", "places_in_one_of_twenty")
    if any(name not in rows for name in needed):
        return ()
    groups, mean, rare = (rows[name] for name in needed)
    return (
        said(
            "Under random shocks to the ", figure(number_text(groups["value"]), groups["measure"]),
            " groups that file enough, groups with ", figure(f"{number_text(mean['value'])} places", mean["measure"]),
            " would run out of cash within a year on average, and with ",
            figure(f"{number_text(rare['value'])} or more", rare["measure"]), " in one draw of twenty. A projection "
            "under assumptions, not a forecast.",
        ),
    )  # fmt: skip


def _owners(view: RunView, whole: dict[str, Any]) -> Table:
    named = view.table("group").select("group_id", "name", "kind")
    rows = (
        view.table("market_share")
        .filter(pl.col("market_id") == whole["market_id"])
        .join(named, on="group_id", how="left")
        .sort("place", "group_id")
        .head(_LARGEST)
    )
    cells = tuple(
        (
            said(shortened(str(row["name"] or row["group_id"]), 70)),
            said(number_text(row["settings"])),
            said(_number(row["places"])),
            (figure(_percent(row["share"]), whole["market_id"]),),
            said("[x]" if row["share_change"] is None else f"{number_text(row['share_change'], 1)}"),
        )
        for row in rows.iter_rows(named=True)
    )
    header = ("Owner", "Homes", "Places", "Share", "Change, points")
    widths = (0.52, 0.11, 0.11, 0.12, 0.14)
    return Table("The largest owners in England", header, cells, widths, frozenset({1, 2, 3, 4}), small=True)


def _kinds(view: RunView) -> tuple[Block, ...]:
    names = labels(view)
    rows = view.table("market").filter(
        pl.col("area_kind") == "england", pl.col("market_type").is_in(_TYPES), pl.col("settings") > 0
    )
    order = {name: place for place, name in enumerate(_TYPES)}
    ordered = sorted(rows.iter_rows(named=True), key=lambda row: order[row["market_type"]])
    cells = tuple(
        (
            said(shortened(label_of(names, f"market_types.{row['market_type']}"), 60)),
            (figure(number_text(row["settings"]), row["market_id"]),),
            said(_number(row["places"])),
            said(_number(row["holders"])),
            said("[x]" if row["settings_change"] is None else number_text(row["settings_change"])),
            said(_percent(row["growth"])),
            said(_percent(row["top10_share"])),
        )
        for row in ordered
    )
    header = ("Type", "Settings", "Places", "Owners", "Change in settings", "Growth a year", "Ten largest")
    widths = (0.34, 0.11, 0.11, 0.1, 0.12, 0.11, 0.11)
    table = Table("England, by type of provision", header, cells, widths, frozenset(range(1, 7)), small=True)
    return (table,) if cells else (Paragraph(said("No type of provision has a setting.")),)


def _areas(rows: pl.DataFrame, caption: str, *, small: bool = True) -> Table:
    ordered = rows.sort("places", "area_name", descending=[True, False], nulls_last=True)
    cells = tuple(
        (
            said(clean(row["area_name"])),
            said(number_text(row["settings"])),
            said(_number(row["places"])),
            said(_number(row["holders"])),
            said("[x]" if row["settings_change"] is None else number_text(row["settings_change"])),
            said(_percent(row["growth"])),
            said(_percent(row["top1_share"])),
            said(_number(row["hhi"])),
            (trace_id(row["market_id"]),),
        )
        for row in ordered.iter_rows(named=True)
    )
    header = (
        "Area",
        "Homes",
        "Places",
        "Owners",
        "Change in homes",
        "Growth a year",
        "Largest owner",
        "Index",
        "ID to trace",
    )
    widths = (0.21, 0.07, 0.07, 0.08, 0.09, 0.09, 0.09, 0.08, 0.22)
    none = (tuple(said("None" if place == 0 else "[z]") for place in range(len(header))),)
    return Table(caption, header, cells or none, widths, frozenset(range(1, 8)), small=small)


def _unknown(whole: dict[str, Any]) -> tuple[Text, ...]:
    caveat = clean(str(whole["caveat"] or ""))
    return (
        *((said(f"{words(caveat)}."),) if caveat else ()),
        said("How many places are filled, what care costs council by council, and which needs a home can meet."),
        said("Whose homes they are where an owner is not linked to a company, and who stands behind owners abroad."),
        said("Finances since each group\u2019s newest accounts, which can be up to 21 months old when they are filed."),
    )


def _number(value: float | None) -> str:
    return "[x]" if value is None else number_text(value)


def _percent(value: float | None) -> str:
    return "[x]" if value is None else percent_text(value)


def _more(change: float | None, what: str) -> str:
    if change is None:
        return f"an unknown number of {what}"
    if change == 0:
        return f"as many {what}"
    return f"{number_text(abs(change))} {'more' if change > 0 else 'fewer'} {what}"
