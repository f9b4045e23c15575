"""Printed numbers and dates read back exactly."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.accounts.transforms import day, number, plain

DOT = ("numdotdecimal", "num-dot-decimal", "numcommadot", "num-dot-apos", "numspacedot", "")
COMMA = ("numcommadecimal", "num-comma-decimal", "numdotcomma", "numspacecomma", "num-comma-apos")
THIN_SPACES = (" ", "\u00a0", "\u2009", "\u202f")


def grouped(digits: str, separator: str) -> str:
    """Digits in thousands: `1234567` becomes `1,234,567`."""
    pieces: list[str] = []
    while len(digits) > 3:
        digits, piece = digits[:-3], digits[-3:]
        pieces.insert(0, piece)
    return separator.join([digits, *pieces])


@given(
    whole=st.integers(0, 10**15),
    pence=st.integers(0, 99),
    form=st.sampled_from(DOT + COMMA),
    separator=st.sampled_from(("", "group", *THIN_SPACES)),
    scale=st.sampled_from((-2, 0, 3, 6)),
    negative=st.booleans(),
)
def test_any_number_printed_in_any_format_scale_and_sign_reads_back_exactly(
    *, whole: int, pence: int, form: str, separator: str, scale: int, negative: bool
) -> None:
    mark, group = (",", ".") if form in COMMA else (".", ",")
    printed = f"{grouped(str(whole), group if separator == 'group' else separator)}{mark}{pence:02d}"
    expected = (Decimal(f"{whole}.{pence:02d}")).scaleb(scale)

    value = number(printed, form, scale=scale, negative=negative)

    assert value == (-expected if negative else expected)


@pytest.mark.parametrize("form", ["zerodash", "numdash", "fixed-zero", "fixedzero", "numdotdecimal", "numcommadot"])
@pytest.mark.parametrize("printed", ["-", "\u2013", "\u2014", "\u2212", "Nil", "nil"])
def test_a_dash_or_nil_is_zero(form: str, printed: str) -> None:
    assert number(printed, form) == 0


@pytest.mark.parametrize("printed", ["0", "no", "", "n/a"])
def test_fixed_zero_is_zero_whatever_is_printed(printed: str) -> None:
    assert number(printed, "fixed-zero") == 0


@pytest.mark.parametrize("form", ["nocontent", "fixed-empty"])
def test_a_tag_without_content_has_no_value(form: str) -> None:
    assert number("whatever", form) is None


@pytest.mark.parametrize(
    ("printed", "form", "expected"),
    [
        ("5 pounds 30 pence", "num-unit-decimal", "5.30"),
        ("1,234 pounds 5 pence", "numunitdecimal", "1234.05"),
        ("(1,234)", "numdotdecimal", "-1234"),
        ("£(1,234)", "numdotdecimal", "-1234"),
        ("-1,234", "numdotdecimal", "-1234"),
        ("£1,234.50", "numdotdecimal", "1234.50"),
        ("1\u2019234", "num-dot-apos", "1234"),
        ("1,00,000", "numdotdecimalin", "100000"),
        ("1234.5", "", "1234.5"),
        ("1,234", "", "1234"),
    ],
)
def test_numbers_as_filers_print_them(printed: str, form: str, expected: str) -> None:
    assert number(printed, form) == Decimal(expected)


def test_a_minus_inside_and_a_sign_attribute_do_not_cancel() -> None:
    assert number("(1,234)", "numdotdecimal", negative=True) == -1234


@pytest.mark.parametrize("printed", ["", "   ", "see note 4", "1.2.3", "12a", "NaN", "Infinity", "1e9", "9" * 100])
def test_what_is_no_number_is_refused(printed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        number(printed, "numdotdecimal")


@pytest.mark.parametrize("scale", [21, -21, 999_999_999])
def test_an_absurd_scale_is_refused(scale: int) -> None:
    with pytest.raises(ValueError, match="scale"):
        number("1", "numdotdecimal", scale=scale)


@pytest.mark.parametrize(
    ("value", "text"), [("1.2E+3", "1200"), ("-0.05", "-0.05"), ("0.00", "0"), ("-0", "0"), ("1234.50", "1234.50")]
)
def test_a_value_is_written_in_plain_digits(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text


@pytest.mark.parametrize(
    ("printed", "form", "expected"),
    [
        ("31 December 2020", "datelonguk", date(2020, 12, 31)),
        ("31st December 2020", "datedaymonthyearen", date(2020, 12, 31)),
        ("31/12/2020", "dateslasheu", date(2020, 12, 31)),
        ("31.12.20", "datedaymonthyear", date(2020, 12, 31)),
        ("12/31/2020", "dateslashus", date(2020, 12, 31)),
        ("December 31, 2020", "datelongus", date(2020, 12, 31)),
        ("2020-12-31", "", date(2020, 12, 31)),
        ("1.4.99", "datedaymonthyear", date(1999, 4, 1)),
        ("1 Sept 2019", "", date(2019, 9, 1)),
        ("the year end", "", None),
        ("31 February 2020", "datelonguk", None),
    ],
)
def test_dates_as_filers_print_them(printed: str, form: str, expected: date | None) -> None:
    assert day(printed, form) == expected


@given(st.dates(date(1970, 1, 1), date(2069, 12, 31)))
def test_every_day_reads_back_from_its_british_form(value: date) -> None:
    assert day(f"{value:%d %B %Y}") == value
    assert day(f"{value:%d/%m/%y}") == value
