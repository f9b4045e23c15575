"""GOV.UK style: dates, money, percentages, and text made safe to show."""

import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.errors import SettingsError
from reports.marking import LONGEST, banner, marking_text
from reports.style import (
    clean,
    date_text,
    moment_text,
    months_text,
    percent_text,
    pounds_text,
    rounded,
    value_text,
    words,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "£0"),
        (-0.4, "£0"),
        (950.0, "£950"),
        (999_999.4, "£999,999"),
        (999_999.5, "£1 million"),
        (1_249_999.0, "£1.2 million"),
        (1_250_000.0, "£1.3 million"),
        (-4_250_000.0, "minus £4.3 million"),
        (999_949_999.0, "£999.9 million"),
        (999_950_000.0, "£1 billion"),
        (3_440_000_000.0, "£3.4 billion"),
    ],
)
def test_pounds_are_written_as_gov_uk_writes_them(value: float, text: str) -> None:
    assert pounds_text(value) == text


def test_halves_round_away_from_zero_whatever_the_float_holds() -> None:
    assert [rounded(value, 2) for value in (2.675, 1.005, -1.005, 0.125)] == [2.68, 1.01, -1.01, 0.13]
    assert str(rounded(-0.001, 2)) == "0.0"


def test_dates_moments_months_and_percentages() -> None:
    assert date_text(date(2026, 9, 30)) == "30 September 2026"
    assert moment_text(datetime(2026, 7, 1, 16, 5, tzinfo=UTC)) == "1 July 2026 at 5:05pm"
    assert moment_text(datetime(2026, 12, 1, 0, 0, tzinfo=UTC)) == "1 December 2026 at 12:00am"
    assert [months_text(value) for value in (1.0, 13.6)] == ["1 month", "14 months"]
    assert [percent_text(value) for value in (45.0, 12.34, -0.01, 100.0)] == ["45%", "12.3%", "0%", "100%"]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (12.0, "count", "12"),
        (6.44, "times", "6.4 times"),
        (21.0, "days", "21 days"),
        (float("nan"), "pounds", "not available"),
    ],
)
def test_a_value_is_written_with_its_unit(value: float, unit: str, text: str) -> None:
    assert value_text(value, unit) == text


def test_codes_become_words() -> None:
    assert words("net_debt_to_ebitda") == "Net debt to EBITDA"
    assert words("altman_z2") == "Altman Z\u2033"


@given(st.text())
def test_clean_text_is_one_line_without_invisible_characters(text: str) -> None:
    shown = clean(text)
    assert clean(shown) == shown
    assert not [letter for letter in shown if unicodedata.category(letter) in {"Cc", "Cs"} or letter in "\u202e\u2066"]


def test_right_to_left_names_keep_their_letters() -> None:
    assert clean("\u202e\u05d1\u05d9\u05ea\u202c Ltd") == "\u05d1\u05d9\u05ea Ltd"


def test_the_marking_is_in_capitals_and_never_missing() -> None:
    assert marking_text(" Official-Sensitive\n") == "OFFICIAL-SENSITIVE"
    assert banner("official", "EXAMPLE DATA") == "OFFICIAL. EXAMPLE DATA"
    for marking in ("", "\x07", "A" * (LONGEST + 1)):
        with pytest.raises(SettingsError, match="marking"):
            marking_text(marking)
