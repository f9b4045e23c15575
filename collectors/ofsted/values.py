"""What a cell of each kind of column must look like, and the value it stands for.

Every check takes the trimmed, non-empty text of a cell and gives its value, or raises `BadValueError`.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from collectors.ofsted.dates import cell_date
from collectors.ofsted.words import data, vocabulary, word_set
from oversight.geography import known
from oversight.model.spelling import key

Value = str | int | bool | date | None

_URN: Final = re.compile(r"(?:[A-Z]{2}\d{6}|\d{6,8})")
_WHOLE: Final = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.0+)?")
_MOST_PLACES: Final = 5000
_LONGEST: Final = 500
_EARLIEST: Final = date(1900, 1, 1)
_LATEST: Final = date(2100, 1, 1)
_BREAK: Final = re.compile(r"\s+")
_PLACEHOLDERS: Final = frozenset(mark.upper() for mark in data("vocabulary.yaml")["placeholders"])
_NOT_TEXT: Final = ("status", "judgement", "sector", "region")


class BadValueError(ValueError):
    """A cell's text breaks the pattern of its column. `str(error)` completes 'this is ...'.

    Attributes:
        kept: value to keep all the same, for a word that is new and not wrong; None to drop the value.
        kind: kind of the issue.
    """

    def __init__(self, message: str, *, kept: str | None = None, kind: str = "bad_value") -> None:
        super().__init__(message)
        self.kept = kept
        self.kind = kind


def is_placeholder(text: str) -> bool:
    """Whether a text is a mark for 'no value', such as NULL or [x]."""
    return text.upper() in _PLACEHOLDERS


def is_redacted(text: str) -> bool:
    """Whether Ofsted withholds the value."""
    return key(text) in word_set("redacted")


def _urn(text: str) -> str:
    compact = text.upper().removesuffix(".0")
    if not _URN.fullmatch(compact):
        raise BadValueError("no unique reference number")
    return compact


def _date(text: str) -> date:
    day = cell_date(text)
    if day is None or not _EARLIEST <= day < _LATEST:
        raise BadValueError("no date (day/month/year)")
    return day


def _places(text: str) -> int:
    number = _whole(text)
    if number > _MOST_PLACES:
        raise BadValueError(f"no number of places up to {_MOST_PLACES}")
    return number


def _whole(text: str) -> int:
    match = _WHOLE.fullmatch(text)
    if not match:
        raise BadValueError("no whole number")
    return int(match[1].replace(",", ""))


def _number(text: str) -> str:
    """An identifying number, kept as text."""
    match = _WHOLE.fullmatch(text)
    if not match:
        raise BadValueError("no number")
    return match[1]


def _text(text: str) -> str:
    """Free text. What looks like another column's value is kept, but too much of it is a sign of a shift."""
    if len(text) > _LONGEST:
        raise BadValueError(f"a text of more than {_LONGEST} characters")
    if cell_date(text) or _WHOLE.fullmatch(text) or _URN.fullmatch(text):
        raise BadValueError("a date or number where a name is expected", kept=text, kind="odd_text")
    if any(key(text) in vocabulary(name) for name in _NOT_TEXT):
        raise BadValueError("a word of another column where a name is expected", kept=text, kind="odd_text")
    return text


def _authority(text: str) -> str:
    name = _BREAK.sub(" ", text)
    if not known(name):
        raise BadValueError("no known local authority", kept=name, kind="unknown_local_authority")
    return name


def _word(name: str, *, keep: bool = False) -> Callable[[str], Value]:
    """A check against one list of `vocabulary.yaml`; with `keep`, a new word is reported and kept as published."""

    def check(text: str) -> Value:
        known = vocabulary(name).get(key(text))
        if known is None:
            kept = _BREAK.sub(" ", text) if keep else None
            raise BadValueError(f"no known {name.replace('_', ' ')}", kept=kept, kind=f"unknown_{name}")
        return known

    return check


def _english_region(text: str) -> Value:
    known = vocabulary("region").get(key(text))
    if known is None and key(text) not in vocabulary("outside_england"):
        raise BadValueError("no region of England")
    return known


def _ofsted_region(text: str) -> Value:
    """A region of England; None for Ofsted's own wider region, which is two of them, and for Wales."""
    if key(text) in vocabulary("wider_region"):
        return None
    return _english_region(text)


def _short_breaks(text: str) -> bool:
    if key(text) in word_set("short_breaks_yes"):
        return True
    if key(text) in word_set("short_breaks_no"):
        return False
    raise BadValueError("no known word for short breaks")


def _flag(word: str) -> Callable[[str], Value]:
    def check(text: str) -> Value:
        if key(text) not in {word, "yes", "y"}:
            raise BadValueError(f"not '{word}'")
        return True

    return check


def _any(text: str) -> str:
    return text


CHECKS: Final[Mapping[str, Callable[[str], Value]]] = {
    "urn": _urn,
    "provision_type": _word("provision_type", keep=True),
    "status": _word("status"),
    "sector": _word("sector"),
    "judgement": _word("judgement"),
    "event_type": _word("event_type", keep=True),
    "region": _english_region,
    "ofsted_region": _ofsted_region,
    "date": _date,
    "places": _places,
    "number": _number,
    "text": _text,
    "local_authority": _authority,
    "short_breaks": _short_breaks,
    "joiner": _flag("joiner"),
    "leaver": _flag("leaver"),
    "any": _any,
}
