"""When people are written to: in London, on working days, across the change of the clocks."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.model.times import LONDON
from oversight.model.working_days import is_working_day, working_days_between
from reports.alerts.hours import Hours, after_working_days, is_open, next_digest, next_open, on_day

OFFICE = Hours(time(8), time(18), working_days=True)
ALWAYS = Hours(time(0), time(23, 59), working_days=False)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001
edges = st.times().map(lambda at: at.replace(microsecond=0)).filter(lambda at: at.hour != 1)
hours = st.builds(
    lambda pair, working: Hours(pair[0], pair[1], working_days=working),
    st.tuples(edges, edges).map(sorted).filter(lambda pair: pair[0] < pair[1]),
    st.booleans(),
)
weekdays = st.frozensets(st.integers(0, 6), min_size=1)


def london(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LONDON)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (london(2026, 11, 20, 17, 59), london(2026, 11, 20, 17, 59)),
        (london(2026, 11, 20, 18), london(2026, 11, 23, 8)),  # Friday evening, then Monday
        (london(2026, 11, 22, 12), london(2026, 11, 23, 8)),
        (london(2026, 12, 24, 18, 30), london(2026, 12, 29, 8)),  # Christmas, a weekend, a substitute day
        (london(2026, 4, 2, 19), london(2026, 4, 7, 8)),  # Easter
        (london(2026, 11, 23, 7, 59), london(2026, 11, 23, 8)),
    ],
)
def test_letters_wait_for_the_next_working_hour(moment: datetime, opens: datetime) -> None:
    assert next_open(moment, OFFICE) == opens


def test_eight_in_the_morning_is_seven_in_summer_by_the_sun() -> None:
    before, after = london(2026, 3, 27, 20), london(2026, 10, 23, 20)
    assert next_open(before, OFFICE) == datetime(2026, 3, 30, 7, tzinfo=UTC)  # the clocks went forward on the 29th
    assert next_open(after, OFFICE) == datetime(2026, 10, 26, 8, tzinfo=UTC)  # and back on the 25th


@given(moments, hours)
def test_the_next_open_moment_is_open_and_the_first(moment: datetime, open_hours: Hours) -> None:
    found = next_open(moment, open_hours)
    assert found >= moment
    assert is_open(found, open_hours)
    assert is_open(moment, open_hours) == (found == moment)
    local = found.astimezone(LONDON)
    assert open_hours.opens <= local.time() < open_hours.closes
    assert is_working_day(local.date()) or not open_hours.working_days
    if found > moment:
        assert local.time() == open_hours.opens
        between = [moment + (found - moment) * n / 50 for n in range(50)]
        assert not any(is_open(each, open_hours) for each in between)


@given(moments, moments, hours)
def test_a_later_moment_is_never_told_before_an_earlier_one(one: datetime, other: datetime, open_hours: Hours) -> None:
    earlier, later = sorted((one, other))
    assert next_open(earlier, open_hours) <= next_open(later, open_hours)


@given(moments, edges, weekdays, st.booleans())
def test_a_digest_is_the_next_one_and_never_on_a_quiet_day(
    moment: datetime,
    at: time,
    days: frozenset[int],
    working: bool,  # noqa: FBT001
) -> None:
    open_hours = Hours(time(0), time(23, 59, 59), working_days=working)
    found = next_digest(moment, at, days, open_hours)
    local = found.astimezone(LONDON)
    assert found > moment
    assert local.time() == at
    assert is_working_day(local.date()) or not working
    assert found - moment < timedelta(days=7 + 6)  # a week, and the longest row of quiet days
    assert next_digest(found - timedelta(seconds=1), at, days, open_hours) == found
    assert next_digest(found, at, days, open_hours) > found


def test_a_weekly_digest_of_a_bank_holiday_moves_to_the_next_working_day() -> None:
    monday = frozenset({0})
    assert next_digest(london(2026, 4, 3, 9), time(8, 30), monday, OFFICE) == london(2026, 4, 7, 8, 30)
    assert next_digest(london(2026, 4, 7, 9), time(8, 30), monday, OFFICE) == london(2026, 4, 13, 8, 30)


@given(moments, st.integers(1, 30))
def test_working_days_are_counted_in_london(moment: datetime, count: int) -> None:
    later = after_working_days(moment, count).astimezone(LONDON)
    assert working_days_between(moment.astimezone(LONDON).date(), later.date()) == count
    assert is_working_day(later.date())


@given(st.dates(date(2020, 1, 1), date(2027, 12, 1)), edges)
def test_a_time_of_day_means_one_moment_on_every_day(day: date, at: time) -> None:
    local = on_day(day, at).astimezone(LONDON)
    assert (local.date(), local.time()) == (day, at)


@pytest.mark.parametrize(
    ("opens", "closes"), [(time(18), time(8)), (time(8), time(8)), (time(1, 30), time(8)), (time(0), time(1, 59))]
)
def test_hours_that_are_none_or_change_with_the_clocks_are_refused(opens: time, closes: time) -> None:
    with pytest.raises(ValueError, match="hours"):
        Hours(opens, closes, working_days=True)


def test_without_quiet_hours_everything_goes_at_once_but_for_a_minute_at_midnight() -> None:
    assert is_open(london(2026, 12, 25, 3), ALWAYS)
