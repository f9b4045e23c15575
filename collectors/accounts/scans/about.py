"""Whose accounts a PDF holds and for which period, from its words and from what the register says of it."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from collectors.accounts.particulars import Particulars, Period, number_in_name, readable_numbers
from collectors.accounts.tags import Problem
from collectors.accounts.transforms import day
from collectors.reading import Origin

_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
DATE = rf"\d{{1,2}}\s?(?:st|nd|rd|th)?(?: day of)? ?(?:{_MONTHS})[a-z]*[.,]? ?(?:19|20)\d\d"
_ENDED = re.compile(
    rf"(?P<length>\d{{1,3}}|twelve|year|period)?[ -]*(?P<unit>weeks?|months?|days?|year|period|)(?: period)? "
    rf"(?:ended|ending|to) (?P<end>{DATE})",
    re.IGNORECASE,
)
_AS_AT = re.compile(rf"\bas? ?at (?P<end>{DATE})", re.IGNORECASE)
_FROM = re.compile(rf"\b(?:from|period) (?P<start>{DATE}) (?:to|until) (?P<end>{DATE})", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?:compan(?:y|ies)(?: house)?|registered|registration)[^\w\n]{0,3}(?:company )?(?:registration |registered )?"
    r"(?:number|no\.?|num)\W{0,4}(?P<number>(?:[A-Z]{2} ?)?[\dO][\dOIl ]{4,8}\d)",
    re.IGNORECASE,
)
_LOOKS_LIKE = str.maketrans({"O": "0", "I": "1", "l": "1", "o": "0", " ": ""})
_ONE_DAY = timedelta(days=1)
_NEAR = timedelta(days=10)
_DAYS = {"week": 7, "day": 1}
_MONTH = 30.44


def about(pages: Sequence[str], origin: Origin) -> Particulars:
    """What the words of the pages say of whose accounts they are and for which period.

    Args:
        pages: text of each page.
        origin: where the document came from; a company number in its name counts for more than one read off a page.
    """
    found = Particulars()
    found.number = _number(pages, origin, found.problems)
    text = "\n".join(" ".join(page.split()) for page in pages)
    found.current = _current(text)
    if found.current is None:
        found.problems.append(
            Problem("period_unknown", "no page says for which period or as at which day the accounts are")
        )
        return found
    found.comparative = _comparative(text, found.current)
    return found


def _number(pages: Sequence[str], origin: Origin, problems: list[Problem]) -> str | None:
    named = number_in_name(origin)
    printed = Counter(
        number
        for page in pages
        for match in _NUMBER.finditer(page)
        for number in readable_numbers([match["number"].translate(_LOOKS_LIKE)])
    )
    read = printed.most_common(1)[0][0] if printed else None
    if named and printed and named not in printed:
        problems.append(
            Problem(
                "company_number_differs",
                f"the file is named after company {named}, its pages say {read}",
                value=named,
            )
        )
    if named or read:
        return named or read
    problems.append(Problem("company_number_unknown", "neither the pages nor the file's name give a company number"))
    return None


def day_in_words(text: str) -> date | None:
    """A date in words, such as `24th day of March 2016`."""
    plain = re.sub(r"(?<=\d)\s?(?:st|nd|rd|th)|day of|[.,]", " ", text, flags=re.IGNORECASE)
    plain = re.sub(r"(?<=\d)(?=[A-Za-z])|(?<=[A-Za-z])(?=\d)", " ", plain)
    return day(" ".join(plain.split()))


def _current(text: str) -> Period | None:
    """The period whose end is named most often; of equals the later one."""
    ends: Counter[date] = Counter()
    for pattern in (_ENDED, _AS_AT):
        for match in pattern.finditer(text):
            if (end := day_in_words(match["end"])) is not None:
                ends[end] += 1
    if not ends:
        return None
    end = max(ends, key=lambda each: (ends[each], each))
    return Period(_start(text, end), end)


def _start(text: str, end: date) -> date | None:
    """The first day of the period that ends on a day, by the length named most often."""
    spans = Counter(
        (start, "from")
        for match in _FROM.finditer(text)
        if day_in_words(match["end"]) == end and (start := day_in_words(match["start"])) is not None and start < end
    )
    if spans:
        return spans.most_common(1)[0][0][0]
    lengths: Counter[date] = Counter()
    for match in _ENDED.finditer(text):
        if day_in_words(match["end"]) == end and (start := _first_day(match["length"], match["unit"], end)):
            lengths[start] += 1
    return lengths.most_common(1)[0][0] if lengths else None


def _first_day(length: str | None, unit: str, end: date) -> date | None:
    words = f"{length or ''} {unit}".lower()
    if "year" in words:
        return _anniversary(end) + _ONE_DAY
    if not length or not length.isdigit():
        return None
    for name, days in _DAYS.items():
        if unit.lower().startswith(name):
            return end - timedelta(days=int(length) * days - 1)
    if unit.lower().startswith("month") and 0 < int(length) <= 24:  # noqa: PLR2004  longest period of account and more
        back = end + _ONE_DAY
        months = back.year * 12 + back.month - 1 - int(length)
        return date(months // 12, months % 12 + 1, 1) if back.day == 1 else end - timedelta(int(length) * _MONTH - 1)
    return None


def _anniversary(end: date) -> date:
    """The same day a year earlier; the last of February for one."""
    month_end = (end + _ONE_DAY).day == 1
    if month_end:
        return (end + _ONE_DAY).replace(year=(end + _ONE_DAY).year - 1) - _ONE_DAY
    return end.replace(year=end.year - 1)


def _comparative(text: str, current: Period) -> Period:
    """The period before: it ends the day before the current one starts, or within days of a year earlier."""
    first = current.start or current.end
    usual = current.start - _ONE_DAY if current.start else _anniversary(current.end)
    named = Counter(
        end
        for pattern in (_ENDED, _AS_AT)
        for match in pattern.finditer(text)
        if (end := day_in_words(match["end"])) is not None and abs(end - usual) <= _NEAR and end < first
    )
    end = max(named, key=lambda each: (named[each], each == usual)) if named else usual
    return Period(_start(text, end), end)
