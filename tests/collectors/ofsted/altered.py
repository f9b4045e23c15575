"""The list of homes of one publication, with cells changed: what a test of its reader begins with."""

from tests.collectors.ofsted.files import (
    HEADER,
    homes,
)

TABLE = [list(HEADER), *homes()]


def column(rows: list[list[str]], heading: str) -> int:
    return rows[0].index(heading)


def changed(heading: str, values: dict[int, str]) -> list[list[str]]:
    """`TABLE` with some cells of a column replaced: row of the table (1 is the first home) to text."""
    rows = [list(row) for row in TABLE]
    for index, text in values.items():
        rows[index][column(rows, heading)] = text
    return rows
