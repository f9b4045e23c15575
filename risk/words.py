"""Figures and days in words, for reasons that stand in the register."""

from datetime import date
from typing import Final

import polars as pl

_MILLION: Final = 1_000_000
_THOUSAND: Final = 1_000


_ENDINGS: Final = {
    "percent": (1, "%"),
    "percentage points": (1, " percentage points"),
    "times": (1, " times"),
    "ratio": (2, ""),
    "score": (2, ""),
}


def figure(value: float, unit: str) -> str:
    """A value with its unit as a reader writes it: `12.3%`, `50%`, `£1.2 million`, `3.4 times`, `15 days`."""
    if unit == "pounds":
        return pounds(value)
    if unit in {"days", "months"}:
        number = _minus(value, 0 if unit == "days" else 1).removesuffix(".0")
        return f"{number} {unit.removesuffix('s') if number == '1' else unit}"
    places, ending = _ENDINGS.get(unit, (0, ""))
    number = _minus(value, places)
    return (number.removesuffix(".0") if unit == "percent" else number) + ending


def pounds(value: float) -> str:
    """Pounds in the size a reader expects: `£950`, `£12,000`, `£1.2 million`."""
    size = abs(value)
    if size >= _MILLION:
        text = f"£{size / _MILLION:,.1f} million"
    else:
        text = f"£{round(size, -3):,.0f}" if size >= 10 * _THOUSAND else f"£{size:,.0f}"
    return f"-{text}" if value < 0 and text != "£0" else text


def in_words(day: object) -> str:
    """A day as a reader writes it: `31 March 2025`; empty for none."""
    return f"{day.day} {day:%B %Y}" if isinstance(day, date) else ""


def day_in_words(column: str | pl.Expr) -> pl.Expr:
    """Days of a column as a reader writes them; null stays null."""
    days = pl.col(column) if isinstance(column, str) else column
    return days.dt.strftime("%-d %B %Y")


def count(number: int, singular: str, plural: str) -> str:
    """A number with its noun: `1 home`, `2 homes`."""
    return f"{number:,} {singular if number == 1 else plural}"


def sentence(text: str) -> str:
    """Text with a capital at its start."""
    return text[:1].upper() + text[1:]


def _minus(value: float, places: int) -> str:
    """A number with so many decimals, and no minus before nil."""
    text = f"{value:,.{places}f}"
    return text.removeprefix("-") if not text.strip("-0.,") else text
