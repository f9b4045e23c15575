"""Dates in cells, and the day a publication describes, from its own words."""

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = r"(jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_CELL: Final = (
    re.compile(r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})(?: 00:00(?::00)?)?"),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"),
    re.compile(rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[ -](?P<w>{_MONTH})[ -](?P<y>\d{{4}})", re.IGNORECASE),
)
_SERIAL: Final = re.compile(r"(\d{5})(?:\.0+)?")
_SERIAL_EPOCH: Final = date(1899, 12, 30)
_SERIAL_RANGE: Final = (date(1950, 1, 1), date(2100, 1, 1))

_DAY: Final = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)? {_MONTH} (\d{{4}})\b", re.IGNORECASE)
_ISO: Final = re.compile(r"\b(\d{4})[- ](\d{2})[- ](\d{2})\b")
_NUMERIC: Final = re.compile(r"\b(\d{2})[/. ](\d{2})[/. ](\d{4})\b")
_MONTH_YEAR: Final = re.compile(rf"\b{_MONTH} (\d{{4}}|\d{{2}})\b", re.IGNORECASE)
_SPAN: Final = re.compile(r"\b(20\d{2}) ?(?:-|/|to|\u2013| ) ?(?:20)?(\d{2})\b", re.IGNORECASE)
_YEAR: Final = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_SHORT_YEAR: Final = re.compile(r"(?:^| )(\d{2})$")
_YEAR_END: Final = (3, 31)


def cell_date(text: str) -> date | None:
    """The day in a cell: dd/mm/yyyy, an ISO date or moment, `31 March 2025`, or a spreadsheet's serial number.

    None where the text is no such day, month and day in the American order included.
    """
    for pattern in _CELL:
        if match := pattern.fullmatch(text):
            parts = match.groupdict()
            month = int(parts["m"]) if "m" in parts else _month(parts["w"])
            return _day(int(parts["y"]), month, int(parts["d"]))
    if match := _SERIAL.fullmatch(text):
        day = _SERIAL_EPOCH + timedelta(days=int(match[1]))
        return day if _SERIAL_RANGE[0] <= day < _SERIAL_RANGE[1] else None
    return None


def day_described(texts: Iterable[str]) -> date | None:
    """The day that titles, sheet names or file names say they describe; the first text that names one decides.

    `at 31 March 2025`, `2025-03-31`, `as at March 2022` (the month's end) and `in year 2024-25` (31 March, the end of
    Ofsted's year) are understood. Of several whole days in one text, as in a period, the latest counts.
    """
    for text in texts:
        spaced = re.sub(r"[_\s]+", " ", text)
        for find in (_whole_days, _month_ends, _year_spans):
            if days := find(spaced):
                return max(days)
    return None


def year_named(text: str) -> int | None:
    """The only year in a file name, as `leavers_joiners_2017` or `joiners_leavers_17`; None for none or several."""
    spaced = re.sub(r"[_\s.-]+", " ", text)
    years = {int(year) for year in _YEAR.findall(spaced)} or {2000 + int(y) for y in _SHORT_YEAR.findall(spaced)}
    return years.pop() if len(years) == 1 else None


def year_end(year: int) -> date:
    """The day Ofsted's year ends in a calendar year: 31 March."""
    return date(year, *_YEAR_END)


def iso_day(text: str) -> date | None:
    """A day written 2025-03-31, or None."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        return None


def _whole_days(text: str) -> list[date]:
    found = [_day(int(y), _month(m), int(d)) for d, m, y in _DAY.findall(text)]
    found += [_day(int(y), int(m), int(d)) for y, m, d in _ISO.findall(text)]
    found += [_day(int(y), int(m), int(d)) for d, m, y in _NUMERIC.findall(text)]
    return [day for day in found if day]


def _month_ends(text: str) -> list[date]:
    days = []
    for word, digits in _MONTH_YEAR.findall(text):
        year, month = int(digits) + (2000 if len(digits) == 2 else 0), _month(word)  # noqa: PLR2004 - digits of a year
        days.append(date(year, month, monthrange(year, month)[1]))
    return days


def _year_spans(text: str) -> list[date]:
    return [year_end(int(first) + 1) for first, second in _SPAN.findall(text) if (int(first) + 1) % 100 == int(second)]


def _month(word: str) -> int:
    return _MONTHS.index(word.lower()[:3]) + 1


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
