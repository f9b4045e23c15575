"""Printed text to numbers and dates, by the transformation registries of Inline XBRL (2008 and 1 to 5).

A format is known by its local name alone: prefixes are arbitrary and names do not clash between registries.
"""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Literal

_SPACES = (
    " \t\r\n\f\v\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u200b\u202f\u205f\u2060\u3000\ufeff"
)
_CURRENCY = "£$€¥"
_APOSTROPHES = "'`\u2019\u00b4\u2032"
_BRACKETS = "()[]"
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d\u00ad"
_DOT_MARK = str.maketrans("", "", _SPACES + _CURRENCY + _APOSTROPHES + _BRACKETS + ",")
_COMMA_MARK = str.maketrans(",", ".", _SPACES + _CURRENCY + _APOSTROPHES + _BRACKETS + ".")
_COMMA_FORMATS = frozenset(
    {"numdotcomma", "numspacecomma", "numcomma", "numcommadecimal", "num-comma-decimal", "num-comma-apos"}
)
_UNIT_FORMATS = frozenset({"numunitdecimal", "num-unit-decimal", "numunitdecimalin"})
_ZERO_FORMATS = frozenset({"fixed-zero"})
_EMPTY_FORMATS = frozenset({"nocontent", "fixed-empty"})
_ZERO_WORDS = frozenset({"nil", "none", "zero"})
_UNIT_NUMBER = re.compile(r"^\D*?(?P<whole>\d[\d\s.,\u00a0\u2009\u202f]*?)\D+?(?P<part>\d{1,2})\D*$")
_DECIMAL = re.compile(r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+")
_MOST_DIGITS = 60
_LARGEST_SCALE = 20
_LONGEST_FORMAT = 100

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: position for position, name in enumerate(_MONTH_NAMES, start=1)}
_WORDED = re.compile(
    r"(?P<day>\d{1,2})\s*(?:st|nd|rd|th)?\s*(?:day of\s+)?[-./,\s]*(?P<month>[a-z]{3,9})\.?[-./,\s]*(?P<year>\d{2,4})"
)
_WORDED_US = re.compile(r"(?P<month>[a-z]{3,9})\.?\s*(?P<day>\d{1,2})\s*(?:st|nd|rd|th)?[-./,\s]+(?P<year>\d{2,4})")
_ISO = re.compile(r"(?P<year>\d{4})[-./\s](?P<month>\d{1,2})[-./\s](?P<day>\d{1,2})")
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})[-./\s]+(?P<month>\d{1,2})[-./\s]+(?P<year>\d{2,4})")
_MONTH_FIRST = re.compile(r"(?P<month>\d{1,2})[-./\s]+(?P<day>\d{1,2})[-./\s]+(?P<year>\d{2,4})")
_US_FORMATS = frozenset({"dateslashus", "datemonthdayyear", "date-month-day-year"})
_CENTURY_TURN = 70


def local_name(name: str | None) -> str:
    """The part of a qualified name after its prefix; empty for None."""
    return name.strip().rpartition(":")[2] if name else ""


_Way = Literal["dot", "comma", "unit", "zero", "empty"]


@lru_cache(maxsize=512)
def _way(form: str) -> _Way:
    """How a format is read, by its local name."""
    name = local_name(form).lower()
    if name in _ZERO_FORMATS:
        return "zero"
    if name in _EMPTY_FORMATS:
        return "empty"
    if name in _UNIT_FORMATS:
        return "unit"
    return "comma" if name in _COMMA_FORMATS else "dot"


def number(text: str, form: str = "", *, scale: int = 0, negative: bool = False) -> Decimal | None:
    """The exact value of a printed number.

    Args:
        text: what stands inside the tag, without excluded parts.
        form: name of the format, with or without its prefix; empty where the tag gives none.
        scale: power of ten by which the printed figure is multiplied.
        negative: the tag carries `sign="-"`.

    Returns:
        The value, or None where the tag says that it is empty.

    Raises:
        ValueError: if the text is no number, or its scale or length is absurd.
    """
    way = _way(form[:_LONGEST_FORMAT])
    if way == "dot" and not scale:  # most figures: digits and commas
        bare = text.replace(",", "")
        if bare.isdigit() and bare.isascii() and len(bare) <= _MOST_DIGITS:
            value = Decimal(bare)
            return -value if negative and value else value
    if way == "zero":
        return Decimal(0)
    if way == "empty":
        return None
    digits, below_zero = _digits(text, way)
    if not digits:
        return Decimal(0)
    if len(digits) > _MOST_DIGITS or abs(scale) > _LARGEST_SCALE:
        raise ValueError(f"absurd length or scale: {text[:40]!r}, scale {scale}")
    if not _DECIMAL.fullmatch(digits):
        raise ValueError(f"not a number: {text[:60]!r}")
    value = Decimal(digits)
    if scale:
        value = value.scaleb(scale)
    return -value if (negative or below_zero) and value else value


def _digits(text: str, way: _Way) -> tuple[str, bool]:
    """The digits with a dot as decimal mark, empty for a printed nil; and whether the text itself is negative."""
    if way == "unit" and (match := _UNIT_NUMBER.match(text.strip())):
        whole = "".join(character for character in match["whole"] if character.isdigit())
        return f"{whole}.{match['part'].zfill(2)}", False
    bare = text.translate(_COMMA_MARK if way == "comma" else _DOT_MARK)
    if bare.isascii() and bare.isdigit():
        return bare, _bracketed(text)
    core = bare.strip(_DASHES)
    if not core and bare:
        return "", False
    if core.lower() in _ZERO_WORDS:
        return "", False
    if not core:
        raise ValueError("empty where a number is expected")
    return core, bare[0] in _DASHES or bare[-1] in _DASHES or _bracketed(text)


def _bracketed(text: str) -> bool:
    stripped = text.lstrip(_SPACES + _CURRENCY)
    return stripped.startswith(("(", "["))


def plain(value: Decimal) -> str:
    """The value in plain digits, exact: `1200`, `-0.05`; never an exponent."""
    text = format(value, "f")
    return "0" if not value else text


def day(text: str, form: str = "") -> date | None:
    """A printed or ISO date; day before month unless the format says otherwise. None where there is none."""
    lowered = " ".join(text.lower().split())
    numeric = _MONTH_FIRST if form.lower() in _US_FORMATS else _DAY_FIRST
    for pattern in (_ISO, _WORDED, _WORDED_US, numeric):
        match = pattern.search(lowered)
        if match and (found := _build(match)):
            return found
    return None


def _build(match: re.Match[str]) -> date | None:
    month = match["month"]
    number_of_month = int(month) if month.isdigit() else _MONTHS.get(month[:3], 0)
    year = int(match["year"])
    if len(match["year"]) == 2:  # noqa: PLR2004  two digits of a year
        year += 1900 if year >= _CENTURY_TURN else 2000
    try:
        return date(year, number_of_month, int(match["day"]))
    except ValueError:
        return None
