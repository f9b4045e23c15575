"""How figures and words look: GOV.UK style. The only place where anything is rounded."""

import math
import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from oversight.model.times import LONDON

APOSTROPHE: Final = "\u2019"

_ACRONYMS: Final = {
    "altman": "Altman",
    "cqc": "CQC",
    "ebit": "EBIT",
    "ebitda": "EBITDA",
    "ebitdar": "EBITDAR",
    "ebitdarm": "EBITDARM",
    "hhi": "HHI",
    "id": "ID",
    "ocr": "OCR",
    "ofsted": "Ofsted",
    "ohlson": "Ohlson",
    "psc": "person with significant control",
    "roce": "ROCE",
    "sic": "SIC",
    "uk": "UK",
    "urn": "URN",
    "taffler": "Taffler",
    "z1": "Z\u2032",
    "z2": "Z\u2033",
    "zmijewski": "Zmijewski",
}
_BIDI_AND_INVISIBLE: Final = "\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_UNWANTED: Final = re.compile(
    f"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f{_BIDI_AND_INVISIBLE}\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_MILLION: Final = 1_000_000
_BILLION: Final = 1_000_000_000


def clean(text: str) -> str:
    """Text on one line, without control characters or marks that reorder what a reader sees.

    Right-to-left letters stay; only the invisible characters that could turn the letters around them
    are dropped. Characters that XML cannot hold are dropped too.
    """
    return " ".join(_UNWANTED.sub("", text).split())


def shortened(text: str, longest: int) -> str:
    """Clean text, cut where it is longer than a line of a title or cell should be."""
    plain = clean(text)
    return plain if len(plain) <= longest else f"{plain[: longest - 1].rstrip()}\u2026"


def rounded(value: float, decimals: int) -> float:
    """A number rounded half up, as people round. Works on the shortest decimal form of the float."""
    step = Decimal(1).scaleb(-decimals)
    return float(Decimal(repr(value)).quantize(step, rounding=ROUND_HALF_UP)) + 0.0  # no minus zero


def number_text(value: float, decimals: int = 0) -> str:
    """`1234567.0` as `1,234,567`."""
    return f"{rounded(value, decimals):,.{decimals}f}"


def pounds_text(value: float) -> str:
    """Pounds as in GOV.UK style: `£950`, `£12,300`, `£1.2 million`, `£3.4 billion`, `minus £1.2 million`."""
    size = abs(value)
    sign = "minus " if rounded(size, 0) and value < 0 else ""
    if rounded(size / _MILLION, 1) >= _BILLION / _MILLION:
        return f"{sign}£{_short(size / _BILLION)} billion"
    if rounded(size, 0) >= _MILLION:
        return f"{sign}£{_short(size / _MILLION)} million"
    return f"{sign}£{number_text(size)}"


def _short(value: float) -> str:
    return number_text(value, 1).removesuffix(".0")


def percent_text(value: float, decimals: int = 1) -> str:
    """A percentage given as 0 to 100: `12.3%`, `45%`."""
    text = number_text(value, decimals)
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"


def months_text(value: float) -> str:
    """Whole months: `1 month`, `14 months`."""
    count = number_text(value)
    return f"{count} month" if count == "1" else f"{count} months"


def times_text(value: float) -> str:
    """A multiple: `3.2 times`."""
    return f"{number_text(value, 1)} times"


def value_text(value: float, unit: str) -> str:
    """A figure with its unit in words, by the units that indicators declare."""
    if not math.isfinite(value):
        return "not available"
    writers = {"percent": percent_text, "pounds": pounds_text, "months": months_text, "times": times_text}
    if unit in writers:
        return writers[unit](value)
    decimals = 0 if value == int(value) else 2
    text = number_text(value, decimals)
    return text if unit in {"count", "score", "ratio", ""} else f"{text} {unit}"


def date_text(day: date) -> str:
    """`30 September 2026`."""
    return f"{day.day} {day:%B} {day.year}"


def moment_text(moment: datetime) -> str:
    """A moment in London: `30 September 2026 at 5:30pm`. Needs a time zone."""
    local = moment.astimezone(LONDON)
    hour = local.hour % 12 or 12
    half = "am" if local.hour < 12 else "pm"  # noqa: PLR2004 - noon
    return f"{date_text(local.date())} at {hour}:{local:%M}{half}"


def words(code: str) -> str:
    """A snake_case code in words, sentence case: `net_debt_to_ebitda` as `Net debt to EBITDA`."""
    parts = [_ACRONYMS.get(part, part) for part in code.replace(".", " ").replace("_", " ").replace("-", " ").split()]
    text = " ".join(parts)
    return text[:1].upper() + text[1:]
