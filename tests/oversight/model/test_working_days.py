from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from oversight.model.times import london_date, utc_now
from oversight.model.working_days import (
    add_working_days,
    bank_holidays,
    is_working_day,
    next_working_day,
    working_days_between,
)

days = st.dates(date(2019, 1, 1), date(2028, 12, 31))


def test_christmas_2026_is_the_official_one() -> None:
    assert not is_working_day(date(2026, 12, 25))
    assert not is_working_day(date(2026, 12, 28))  # for Boxing Day, a Saturday
    assert next_working_day(date(2026, 12, 25)) == date(2026, 12, 29)
    assert add_working_days(date(2026, 12, 24), 1) == date(2026, 12, 29)


def test_scottish_holidays_do_not_count() -> None:
    assert is_working_day(date(2026, 11, 30))  # St Andrew's Day


@given(days, st.integers(0, 60))
def test_working_days_added_are_working_days_between(day: date, count: int) -> None:
    later = add_working_days(day, count)
    assert working_days_between(day, later) == count


@given(days, days)
def test_between_counts_each_working_day_once(one: date, other: date) -> None:
    earlier, later = sorted((one, other))
    if (later - earlier).days > 400:
        later = earlier + timedelta(days=400)
    counted = sum(is_working_day(earlier + timedelta(days=n)) for n in range(1, (later - earlier).days + 1))
    assert working_days_between(earlier, later) == counted


def test_the_list_of_bank_holidays_reaches_half_a_year_ahead() -> None:
    # When this fails, raise the version of govuk-bank-holidays: its list has run out.
    assert max(bank_holidays()) > london_date(utc_now()) + timedelta(days=183)
