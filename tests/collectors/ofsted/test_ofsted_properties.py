"""Whatever the order of the columns and whatever stands above the header, the same rows are read, or none."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.ofsted import identify
from collectors.ofsted.layout import find_layout, read_heading
from collectors.sheets import Sheet
from oversight.errors import LayoutError, OversightError
from tests.collectors.ofsted.files import HEADER, csv_bytes, frame, homes, ods_bytes, read_rows

AS_AT = date(2024, 3, 31)
BODY = homes()
PLAIN = frame(read_rows(csv_bytes([list(HEADER), *BODY]), "plain.csv", AS_AT), "home").drop("document_id", "locator")
PROSE = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters='"'), max_size=60)
BANNERS = st.lists(st.lists(PROSE, max_size=3), max_size=15)
CASES = st.sampled_from((str, str.upper, str.title, lambda text: f"\n {text} ", lambda text: text.replace(" ", "  ")))


def _fits(cells: list[str]) -> bool:
    return sum(read_heading(0, cell).known for cell in cells if cell.strip()) == 0


@given(st.permutations(range(len(HEADER))), BANNERS, st.lists(CASES, min_size=len(HEADER), max_size=len(HEADER)))
@settings(max_examples=60, deadline=None)
def test_columns_in_any_order_below_any_banner(order: list[int], banner: list[list[str]], cases: list[object]) -> None:
    above = [[*cells, *[""] * (len(HEADER) - len(cells))] for cells in banner if _fits(cells)]
    header = [case(HEADER[column]) for case, column in zip(cases, order, strict=True)]  # type: ignore[operator]
    rows = [*above, header, *([row[column] for column in order] for row in BODY)]
    read = frame(read_rows(csv_bytes(rows), "any.csv", AS_AT), "home").drop("document_id", "locator")
    assert read.equals(PLAIN)


@given(st.permutations(range(len(HEADER))), st.integers(0, 6))
@settings(max_examples=15, deadline=None)
def test_a_workbook_reads_to_the_same_rows(order: list[int], blank: int) -> None:
    rows = [*[[""]] * blank, [HEADER[column] for column in order], *([row[column] for column in order] for row in BODY)]
    read = frame(read_rows(ods_bytes({"Provider_level": rows}), "any.ods", AS_AT), "home")
    assert read.drop("document_id", "locator").equals(PLAIN)
    assert read["locator"].to_list()[0] == f"sheet 'Provider_level' row {blank + 2}"


@given(st.integers(0, len(HEADER) - 1), st.integers(1, len(HEADER) - 1))
@settings(max_examples=60, deadline=None)
def test_values_rotated_from_any_column_on_are_never_loaded(start: int, by: int) -> None:
    """Cells of every row moved within the columns from `start` on, headings left where they are."""
    width = len(HEADER) - start
    if by % width == 0:
        return
    rows = [[*row[:start], *(row[start:] * 2)[by % width : by % width + width]] for row in BODY]
    same = {tuple(HEADER[start:])[(n + by) % width] for n in range(width)} <= set(HEADER[-3:])
    try:
        read_rows(csv_bytes([list(HEADER), *rows]), "shifted.csv", AS_AT)
    except LayoutError:
        return
    assert same, "only judgements can change places unseen"


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_refused_with_an_error_of_ours(content: bytes) -> None:
    with pytest.raises(OversightError) as raised:
        identify(content, "any.csv", AS_AT)
    assert raised.value.next_step


@given(st.lists(st.lists(st.sampled_from((*HEADER, "", "x")), max_size=8), max_size=25))
@settings(max_examples=100, deadline=None)
def test_the_header_found_is_the_row_with_most_known_headings(rows: list[list[str]]) -> None:
    layout = find_layout(Sheet("s", [tuple(row) for row in rows]))
    known = [sum(read_heading(0, cell).known for cell in row if cell) for row in rows[:20]]
    if max(known, default=0) < 2:
        assert layout is None
    else:
        assert layout is not None
        assert known[layout.header] == max(known)


def test_the_plain_rows_are_whole() -> None:
    assert len(PLAIN) == len(BODY)
    filled = PLAIN.drop("name", "constituency", "short_breaks_only")
    assert filled.null_count().row(0) == (0,) * 15
