"""The unit of each numeric column: as its declaration says, else by its name."""

import re
from typing import Final

import dataframely as dy

_STATED: Final = re.compile(r"(percentage points|percent|pounds|times|months|points)\b")
_VARIOUS: Final = frozenset({"value", "number"})
"""Columns whose rows have units of their own."""
_BY_NAME: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern), unit)
    for pattern, unit in (
        (r"value|number", "see the column unit"),
        (r".*(?:_share|share)", "percent"),
        (r".*_percent", "percent"),
        (r"(?:share|votes)_(?:min|max)", "percent"),
        (r"share_(?:before|change)", "percent"),
        (r".*points|maximum", "points"),
        (r".*_months|months", "months"),
        (r"hhi.*", "index, 0 to 10,000"),
        (r"(?:.*_)?coverage|confidence", "share, 0 to 1"),
        (r"likelihood|impact|band.*", "band, 1 to 5"),
        (r".*_cover", "times"),
        (r"rating", "likelihood times impact, 1 to 25"),
        (r"proposed_stage", "stage, 1 to 4"),
        (r"altman_z2", "score"),
        (r"current_ratio", "ratio"),
        (r"miles", "miles"),
        (r"occupancy.*", "percent"),
        (r"percentile", "percent"),
        (r"(?:lower_|upper_)?(?:quartile|median)", "as the indicator's unit"),
        (r"threshold|margin", "see the column unit"),
        (r"place|nearness|depth|occurrence", "rank or count"),
        (r"(?:unplaced|places|homes|settings|children|beds|trials).*", "count"),
        (r"companies|providers|authorities|regions|holders|count", "count"),
        (r"authority_(?:homes|places)", "count"),
    )
)


def unit_of(name: str, column: dy.Column) -> str | None:
    """The unit of a column in words; None for one that is no number.

    A declaration that begins with a unit (`pounds, total`) is believed before the name.
    """
    if not column.dtype.is_numeric():
        return None
    stated = None if name in _VARIOUS else _STATED.match(column.description or "")
    if stated:
        return stated[1]
    return next((unit for pattern, unit in _BY_NAME if pattern.fullmatch(name)), None)
