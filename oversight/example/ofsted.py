"""Ofsted's yearly files, in the layout each real year had: provider level, and leavers and joiners."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date

from oversight.example.cast.dates import add_days, add_months
from oversight.example.cast.homes import AGENCY, CHILDRENS_HOME, SUPPORTED
from oversight.example.shapes import Home, Inspection, Market, Owner, Publication

_LABEL = "invented example data"
_FIRST = (
    "Web link", "URN", "Linked Education URN", "Provision type", "Registration date", "Registration status", "Name",
    "Address 1", "Address 2", "Town", "County", "Postcode",
)  # fmt: skip
_PLACE = ("Government Office Region", "Local authority", "Parliamentary constituency", "Sector", "Places")
_JUDGED = (
    "Overall experiences and progress of children and young people",
    "Outcomes in education and related learning activities",
    "Health services",
    "How well children and young people are helped and protected",
    "The effectiveness of leaders and managers",
)
_OWNER = "Organisation which owns the provider"
_SHORT = "Short-break-only children's home"

_HEADERS: Mapping[int, tuple[str, ...]] = {
    2019: (
        *_FIRST, "Ofsted region", *_PLACE, _OWNER, "Event type", "Inspection date", "Publication date", "Event number",
        *_JUDGED[:2], *_JUDGED[3:],
    ),
    2020: (
        *_FIRST, "Ofsted region", *_PLACE, _OWNER, "Event type", "Inspection date", "Publication date", "Event number",
        *_JUDGED,
    ),
    2022: (
        *_FIRST, "Ofsted region", *_PLACE, _SHORT, _OWNER, "Latest full inspection event type",
        "Latest full inspection date", "Latest full inspection publication date", "Latest full inspection event number",
        "Latest full inspection overall experiences and progress of children and young people",
        "Latest full inspection outcomes in education and related learning activities",
        "Latest full inspectio health services",
        "Latest full inspection how well children and young people are helped and protected",
        "Latest full inspection the effectiveness of leaders and managers",
    ),
    2023: (
        *_FIRST, "Ofsted region", *_PLACE, _SHORT, "Multi-building children's home", _OWNER,
        "Latest full inspection event type", "Latest full inspection date", "Latest full inspection publication date",
        "Latest full inspection event number", *_JUDGED, "", "",
    ),
    2025: (
        *_FIRST, "Ofsted Region", *_PLACE, "Supported accommodation premises", _SHORT, "Multi Building Children's Home",
        _OWNER, "\nLatest Full inspection event type", "\nLatest full inspection date",
        "Latest full inspection publication date", "\nLatest full inspection event number", f"\n{_JUDGED[0]}",
        *_JUDGED[1:3], f"\n{_JUDGED[3]}", _JUDGED[4], "Supported Accommodation outcome", *[""] * 13,
    ),
}  # fmt: skip
"""Column headings as published, Ofsted's own slip of 2022 included."""

_ENCODINGS = {2019: "utf-8-sig", 2020: "utf-8-sig", 2022: "cp1252", 2023: "cp1252", 2025: "utf-8-sig"}
_ODD_CAPITALS = 2019


def owner_text(owner: Owner, home: Home) -> str:
    """The owner's name as it was typed for one setting."""
    return owner.texts[1] if len(owner.texts) > 1 and home.typing == 0 else owner.texts[0]


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def latest_inspection(home: Home, publication: Publication) -> Inspection | None:
    """The inspection a publication shows: done by the day it describes, reported before it came out."""
    done = [
        each
        for each in home.inspections
        if each.on <= publication.as_at and each.published_on < publication.published_on
    ]
    return done[-1] if done else None


def provider_level(market: Market, publication: Publication) -> bytes:
    """The provider-level file of one publication: one row for each setting on the register that day."""
    owners = {owner.key: owner for owner in market.owners}
    header = _HEADERS[publication.layout]
    modern = any("Supported accommodation premises" in heading for heading in header)
    shown = [home for home in market.homes if home.open_on(publication.as_at) and (modern or home.kind != SUPPORTED)]
    rows = [
        [_cell(values, heading) for heading in header]
        for home in shown
        for values in [_values(home, owner_text(owners[home.owner], home), publication)]
    ]
    return _csv([*_banner(publication, len(header)), header, *rows], _ENCODINGS[publication.layout], "\n")


def _banner(publication: Publication, width: int) -> list[Sequence[str]]:
    def line(text: str) -> list[str]:
        return [text, *[""] * (width - 1)]

    year, layout = publication.year, publication.layout
    if layout <= 2020:  # noqa: PLR2004  a year
        top = line(f"Provider information ({_LABEL})")
        top[19] = "Latest Full Inspection"
        return [tuple(top)]
    dash, day = ("–", "31 March") if layout >= 2025 else ("-", "31 March" if layout > 2022 else "March")  # noqa: PLR2004, RUF001
    cell = "A5" if layout == 2022 else "A4"  # noqa: PLR2004  a year
    lines: list[Sequence[str]] = [
        line(f"Children's social care data in England {year} {dash} Provider level as at {day} {year} ({_LABEL})"),
        line(f"This worksheet contains one table, this table begins in cell {cell}."),
        line("Some cells in this table are empty, where the column does not apply to the provider type."),
    ]
    return [*lines, line("")] if cell == "A5" else lines


def _cell(values: Mapping[str, str], heading: str) -> str:
    key = heading.strip().lower()
    for lead in ("latest full inspection ", "latest full inspectio "):
        short = key.removeprefix(lead)
        if short != key and short in values:
            return values[short]
    return values.get(key, "")


def _values(home: Home, owner: str, publication: Publication) -> dict[str, str]:
    """Cells of one row by heading, small letters."""
    hidden = "" if home.kind == AGENCY else "REDACTED"
    suspended = home.suspended_from is not None and home.suspended_from <= publication.as_at
    kind = home.kind
    if kind == CHILDRENS_HOME and home.urn.endswith("77"):
        kind = "Children's Home"
    short = "Short breaks only" if publication.layout >= 2025 else _SHORT  # noqa: PLR2004  a year
    values = {
        "web link": "Ofsted Social Care Provider Webpage",
        "urn": home.urn,
        "provision type": kind,
        "registration date": _day(home.registered_on),
        "registration status": "Suspended" if suspended else "Active",
        "name": hidden or f"{owner} Fostering",
        "ofsted region": home.authority.ofsted_region,
        "government office region": home.authority.region,
        "local authority": home.authority.name,
        "parliamentary constituency": f"Example constituency in {home.authority.name}",
        "sector": home.sector,
        "places": "" if home.places is None else str(home.places),
        "supported accommodation premises": "" if home.premises is None else str(home.premises),
        _SHORT.lower(): short if home.short_breaks else "",
        _OWNER.lower(): owner,
    }
    values |= dict.fromkeys(("address 1", "address 2", "town", "county", "postcode"), hidden)
    seen = latest_inspection(home, publication)
    if seen is not None:
        values |= _judged(seen, publication)
    return values


def _judged(seen: Inspection, publication: Publication) -> dict[str, str]:
    def word(judgement: str) -> str:
        odd = publication.layout == _ODD_CAPITALS and seen.event_number.endswith("3")
        return judgement.replace("improvement", "Improvement") if odd else judgement

    return {
        "event type": "Full inspection",
        "inspection date": _day(seen.on),
        "date": _day(seen.on),
        "publication date": _day(seen.published_on),
        "event number": seen.event_number,
        _JUDGED[0].lower(): word(seen.overall),
        _JUDGED[3].lower(): word(seen.helped),
        _JUDGED[4].lower(): word(seen.leaders),
    }


_MOVED = (
    "URN", "Provision type", "Ofsted Region", "Government Office Region", "Local authority",
    "Parliamentary constituency", "Sector", "Places",
)  # fmt: skip
_MOVEMENT_HEADERS: Mapping[int, tuple[str, ...]] = {
    2019: (
        *_MOVED, "Registration date", "Date closed", "Joiner status", "Leaver status",
        "Registration status at 31 March 2019", "Name", "Notes",
    ),
    2021: (
        *_MOVED, _SHORT, "Registration date", "Resigned/closed date", "Joiner status", "Leaver status",
        "Registration status", "Name",
    ),
    2023: (
        *_MOVED, _SHORT, "First effective date (that the provider became active)",
        "First effective date (that the provider became resigned)", "First effective date (that the provider closed)",
        "First effective date (that the provider became cancelled)", "Joiner status", "Leaver status",
        "Registration status (as at 1 April 2022)", "Registration status (as at 31 March 2023)",
        "Inspectorate (as at 1 April 2022)", "Inspectorate (as at 31 March 2023)", "Name", "Reason",
    ),
}  # fmt: skip


def leavers_and_joiners(market: Market, publication: Publication) -> bytes:
    """The leavers and joiners of the year to the day a publication describes."""
    start, end = add_days(add_months(publication.as_at, -12), 1), publication.as_at
    layout = max((year for year in _MOVEMENT_HEADERS if year <= publication.year), default=2019)
    header = tuple(
        heading.replace("2023", str(publication.year)).replace("2022", str(publication.year - 1)).replace(
            "at 31 March 2019", f"at 31 March {publication.year}"
        )
        for heading in _MOVEMENT_HEADERS[layout]
    )  # fmt: skip
    rows: list[Sequence[str]] = []
    for home in market.homes:
        joined = start <= home.registered_on <= end
        left = home.left_on is not None and start <= home.left_on <= end
        if joined or left:
            values = _movement(home, joined=joined, left=left)
            rows.append([values.get(_plain(heading), "") for heading in header])
    top: list[Sequence[str]] = []
    if layout == 2023:  # noqa: PLR2004  a year
        title = f"Children's social care data in England {publication.year} - Leavers and Joiners at 31 March"
        lines = (f"{title} {publication.year} ({_LABEL})", "This worksheet contains one table which begins in cell A4.")
        top = [[text, *[""] * (len(header) - 1)] for text in (*lines, "Some cells in this table are empty.")]
    return _csv([*top, header, *rows], "utf-8-sig" if layout < 2023 else "cp1252", "\r\n")  # noqa: PLR2004


def _plain(heading: str) -> str:
    """A heading without its years."""
    text = heading.lower()
    for start in ("registration status (as at 31", "registration status at", "registration status (as at 1 "):
        if text.startswith(start):
            return start.strip()
    return text


def _movement(home: Home, *, joined: bool, left: bool) -> dict[str, str]:
    opened, closed = _day(home.registered_on), _day(home.left_on) if left else ""
    status = home.left_status if left else "Active"
    joiner, leaver = ("Joiner" if joined else ""), ("Leaver" if left else "")
    resigned = closed if home.left_status == "Resigned" else ""
    return {
        "urn": home.urn,
        "provision type": home.kind,
        "ofsted region": home.authority.ofsted_region,
        "government office region": home.authority.region,
        "local authority": home.authority.name,
        "parliamentary constituency": f"Example constituency in {home.authority.name}",
        "sector": home.sector,
        "places": "" if home.places is None else str(home.places),
        _SHORT.lower(): _SHORT if home.short_breaks else "",
        "registration date": opened,
        "date closed": closed,
        "resigned/closed date": closed,
        "first effective date (that the provider became active)": opened,
        "first effective date (that the provider became resigned)": resigned,
        "first effective date (that the provider closed)": closed,
        "first effective date (that the provider became cancelled)": "" if resigned else closed,
        "joiner status": joiner,
        "leaver status": leaver,
        "registration status": status,
        "registration status at": status,
        "registration status (as at 31": status,
        "registration status (as at 1": "" if joined else "Active",
        "name": "REDACTED",
        "reason": "In previous year, not in current dataset (closed date in Year)" if left else "New in Year",
    }


def _csv(rows: Sequence[Sequence[str]], encoding: str, ending: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator=ending).writerows(rows)
    return text.getvalue().encode(encoding, "replace")
