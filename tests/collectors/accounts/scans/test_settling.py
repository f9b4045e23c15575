"""Figures of two engines settled, confirmed by sums, mended, and handed to a person where nothing decides."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.accounts.arithmetic import reckon
from collectors.accounts.catalogue import catalogue
from collectors.accounts.cells import Cell, Row
from collectors.accounts.particulars import Particulars, Period
from collectors.accounts.scans.engines import Word
from collectors.accounts.scans.mend import mend
from collectors.accounts.scans.places import Box, Place, find_place
from collectors.accounts.scans.settle import STROKE, Closer, Seen, amount, figure_like, settle
from collectors.accounts.scans.sums import summed
from collectors.accounts.scans.trust import (
    AGREED,
    AGREED_CONFIRMED,
    MENDED,
    NEEDS_REVIEW,
    REVIEW_BELOW,
    doubt,
    in_doubtful_unit,
    reviewed,
    weigh,
)
from collectors.accounts.statements import Statement, read_statements
from collectors.accounts.witnesses import printed_choices

ABOUT = Particulars(current=Period(date(2023, 4, 1), date(2024, 3, 31)))
SHEET = {
    "Balance sheet": (),
    "": ("2024", "2023"),
    "£ ": ("£", "£"),
    "Fixed assets": (),
    "Tangible assets": ("1,204,500", "1,100,250"),
    "Current assets": (),
    "Debtors": ("310,400", "290,125"),
    "Cash at bank and in hand": ("95,100", "40,000"),
    "Total current assets": ("405,500", "330,125"),
    "Creditors: amounts falling due within one year": ("(205,250)", "(180,375)"),
    "Net current assets": ("200,250", "149,750"),
    "Total assets less current liabilities": ("1,404,750", "1,250,000"),
    "Creditors: amounts falling due after more than one year": ("(900,000)", "(950,000)"),
    "Net assets": ("504,750", "300,000"),
}


def rows_of(printed: dict[str, tuple[str, ...]]) -> list[Row]:
    """Rows with a place for every cell."""
    rows = []
    for number, (caption, texts) in enumerate(printed.items()):
        cells = [(caption.strip(), 60.0, 200.0)] if caption.strip() and caption.strip() != "£" else []
        cells += [(text, right - 50, right) for text, right in zip(texts, (440.0, 530.0), strict=False)]
        rows.append(
            Row(
                [
                    Cell(text, left, right, str(Place(1, Box(left, 20.0 * number, right, 20.0 * number + 10))), (text,))
                    for text, left, right in cells
                ],
                "points",
            )
        )
    return rows


def place_of(caption: str, column: int = 0) -> str:
    right = (440.0, 530.0)[column]
    top = 20.0 * list(SHEET).index(caption)
    return str(Place(1, Box(right - 50, top, right, top + 10)))


def judged(
    printed: dict[str, tuple[str, ...]], seen: dict[str, Seen]
) -> tuple[dict[tuple[str, bool], tuple[float, str, float]], list[str]]:
    """Value, method and confidence of every line, and the kinds of the problems."""
    table = catalogue()
    statements = read_statements(rows_of(printed), ABOUT, table)
    known = {
        str(figure.cell.element): Seen(agreed=True) for statement in statements for figure in statement.column
    } | seen
    mended, problems = mend(statements, known, table)
    choices, doubts = printed_choices(statements, table, holds_group=False)
    weigh(choices.values(), known, mended, summed(statements))
    reckoned, broken = reckon(list(choices.values()), table)
    doubt(reckoned, in_doubtful_unit(statements))
    problems += [*doubts, *broken, *reviewed(reckoned, known)]
    lines = {(each.line.name, each.comparative): (float(each.value), each.method, each.confidence) for each in reckoned}
    return lines, [problem.kind for problem in problems]


def test_what_both_engines_read_and_what_adds_up_is_believed() -> None:
    lines, problems = judged(SHEET, {})
    assert lines["net_assets", False] == (504_750.0, "image", AGREED_CONFIRMED)
    assert lines["debtors", True] == (290_125.0, "image", AGREED_CONFIRMED)
    assert problems == []


def test_a_digit_that_one_engine_misread_is_mended_by_the_only_sum_that_holds() -> None:
    wrong = SHEET | {"Net current assets": ("260,250", "149,750")}
    lines, problems = judged(wrong, {place_of("Net current assets"): Seen(agreed=False)})
    assert lines["net_current_assets", False] == (200_250.0, "image", MENDED)
    assert problems == ["figure_mended"]


def test_the_other_reading_is_taken_where_the_sum_wants_it() -> None:
    wrong = SHEET | {"Net assets": ("594,150", "300,000")}
    lines, problems = judged(wrong, {place_of("Net assets"): Seen(agreed=False, others=(Decimal(504_750),))})
    assert lines["net_assets", False] == (504_750.0, "image", MENDED)
    assert problems == ["figure_mended"]


def test_a_figure_that_both_engines_read_is_never_changed() -> None:
    wrong = SHEET | {"Net assets": ("504,150", "300,000")}
    lines, problems = judged(wrong, {})
    assert lines["net_assets", False][0] == 504_150.0
    assert lines["net_assets", False][1] == "conflict"
    assert "figure_mended" not in problems
    assert NEEDS_REVIEW in problems


def test_two_figures_that_could_each_be_mended_are_left_to_a_person() -> None:
    wrong = SHEET | {"Net assets": ("604,750", "300,000")}
    unsure = Seen(agreed=False)
    lines, problems = judged(
        wrong,
        {
            place_of("Net assets"): unsure,
            place_of("Creditors: amounts falling due after more than one year"): unsure,
        },
    )
    assert lines["net_assets", False][1:] == ("conflict", 0.5)
    assert problems.count(NEEDS_REVIEW) >= 2


def test_one_engine_alone_is_not_believed_without_a_sum() -> None:
    reserve = {"Capital and reserves": (), "Called up share capital": ("1,250", "1,250")}
    seen = {}
    for right in (440.0, 530.0):
        top = 20.0 * (len(SHEET) + 1)
        seen[str(Place(1, Box(right - 50, top, right, top + 10)))] = Seen(right < 500, (Decimal(7_250),))
    lines, problems = judged(SHEET | reserve, seen)
    assert lines["share_capital", False] == (1_250.0, "image", AGREED)
    assert lines["share_capital", True] == (1_250.0, "conflict", 0.5)
    assert problems == [NEEDS_REVIEW]


def test_a_statement_in_another_unit_than_the_rest_is_left_to_a_person() -> None:
    profit = {
        "Profit and loss account": (),
        "  ": ("2024", "2023"),
        "£  ": ("£'000", "£'000"),
        "Turnover": ("2,400", "2,200"),
        "Cost of sales": ("(1,400)", "(1,300)"),
        "Gross profit": ("1,000", "900"),
    }
    lines, _ = judged(profit | SHEET, {})
    assert lines["turnover", False] == (2_400_000.0, "image", AGREED_CONFIRMED)
    assert all(
        confidence < REVIEW_BELOW for (line, _), (_, _, confidence) in lines.items() if line in {"net_assets", "cash"}
    )


# Settling


NO_QUICK: list[str] = []


def settled(careful: str, quick: list[str], part_careful: list[str], part_quick: list[str]) -> tuple[str, Seen]:
    box = Box(400, 100, 450, 110)
    place = str(Place(1, box))
    row = Row([Cell(careful, box.left, box.right, place, (careful,))], "points")
    words = [Word("elsewhere", Box(10, 10, 60, 20), 0.9)] if quick is not NO_QUICK else []
    words += [Word(text, Box(400 + 10 * number, 101, 409 + 10 * number, 109), 0.9) for number, text in enumerate(quick)]
    by_quick = careful == STROKE
    seen = settle(
        [row],
        {place: box},
        words,
        Closer(lambda _: part_quick, lambda _: part_careful),
        frozenset({place} if by_quick else ()),
    )
    return row.cells[0].text, seen[place]


def never(_: Box) -> list[str]:
    return pytest.fail("nobody should look again")


@pytest.mark.parametrize(
    ("careful", "quick", "part_careful", "part_quick", "text", "seen"),
    [
        ("1,204", ["1,204"], [], [], "1,204", Seen(True)),
        ("(1,204)", ["(1", ",204)"], [], [], "(1,204)", Seen(True)),
        ("1.204", ["1,204"], [], [], "1,204", Seen(True)),
        ("1,204", ["1,284"], ["1,284"], ["1,284"], "1,284", Seen(True)),
        ("1,204", ["7,204"], ["1,204"], ["noise", "1,204"], "1,204", Seen(True)),
        ("1,204", [], ["1,204"], [], "1,204", Seen(False)),
        ("1,204", ["1,284"], ["1,204"], ["1,234"], "1,204", Seen(False, (Decimal(1234), Decimal(1284)))),
        ("1,204", ["(1,204)"], ["1,204"], ["(1,204)"], "1,204", Seen(False, (Decimal(-1204),))),
        (STROKE, [], ["1"], [], "-", Seen(True)),
        (STROKE, ["1"], [], [], "-", Seen(False)),
        (STROKE, NO_QUICK, [], [], "-", Seen(False)),
    ],
)
def test_two_readings_settle(
    careful: str, quick: list[str], part_careful: list[str], part_quick: list[str], text: str, seen: Seen
) -> None:
    assert settled(careful, quick, part_careful, part_quick) == (text, seen)


def test_nobody_looks_again_where_the_engines_agree() -> None:
    box = Box(400, 100, 450, 110)
    row = Row([Cell("12,345", 400, 450, str(Place(1, box)), ("12,345",))], "points")
    settle([row], {str(Place(1, box)): box}, [Word("12,345", box, 0.9)], Closer(never, never), frozenset())


@given(st.integers(-(10**9), 10**9))
def test_every_printed_amount_is_read_back(value: int) -> None:
    text = f"({-value:,})" if value < 0 else f"{value:,}"
    figure = amount(text)
    assert figure is not None
    assert figure.value == value
    assert figure_like(text)


@pytest.mark.parametrize("text", ["Tangible assets", "31 March 2024", "Note", "£'000", "12 Debtors"])
def test_words_and_units_are_no_figures(text: str) -> None:
    assert not figure_like(text)


# Sums


def statement_of(values: list[int]) -> Statement:
    rows = {"Profit and loss account": (), "": ("2024",), "£ ": ("£",), "Turnover": ("1",)}
    (statement, *_) = read_statements(rows_of(rows), ABOUT, catalogue())
    statement.column = []
    for number, value in enumerate(values):
        figure = amount(f"({-value:,})" if value < 0 else f"{value:,}")
        assert figure is not None
        figure.cell.element = str(number)
        statement.column.append(figure)
    return statement


@given(st.lists(st.integers(1, 10**7), min_size=2, max_size=12), st.booleans())
def test_a_column_is_confirmed_by_its_total(items: list[int], less: bool) -> None:  # noqa: FBT001
    total = items[0] - sum(items[1:]) if less else sum(items)
    found = summed([statement_of([*items, total])])
    if abs(total) >= 100:
        assert str(len(items)) in found


@given(st.lists(st.integers(1_000, 10**6), min_size=3, max_size=8), st.integers(0, 7))
def test_a_misread_item_confirms_nothing(items: list[int], which: int) -> None:
    total = sum(items) + 10**8
    read = list(items)
    read[which % len(items)] += 3 * 10**8
    assert str(len(items)) not in summed([statement_of([*read, total])])


@given(
    st.integers(1, 9_999),
    st.tuples(*[st.floats(0, 3_000, allow_nan=False).map(lambda value: round(value, 1))] * 4),
)
def test_a_place_survives_its_locator(page: int, box: tuple[float, float, float, float]) -> None:
    place = Place(page, Box(*box))
    assert find_place(f"Balance sheet, column 2: {place}") == place
