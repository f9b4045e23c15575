"""What became of a letter, and how long to wait for the next attempt."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.model.tables import told
from reports.alerts.fate import fate, wait

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def events(*names: str) -> list[dict[str, Any]]:
    """Events of attempts, a new one at each start."""
    attempt, step, rows = 0, 0, []
    for number, name in enumerate(names):
        attempt, step = (attempt + 1, 1) if name == told.STARTED else (attempt, step + 1)
        rows.append({"attempt": attempt, "step": step, "event": name, "at": NOW + timedelta(minutes=number),
                     "until": None, "detail": name})  # fmt: skip
    return rows


@pytest.mark.parametrize(
    ("names", "state", "tries"),
    [
        ((), "waiting", 0),
        ((told.STARTED,), "under way", 0),
        ((told.STARTED, told.HANDING_OVER), "under way", 0),
        ((told.STARTED, told.ABANDONED), "waiting", 0),
        ((told.STARTED, told.PUT_OFF), "waiting", 1),
        ((told.STARTED, told.HANDING_OVER, told.ACCEPTED), "delivered", 0),
        ((told.STARTED, told.REFUSED), "held", 0),
        ((told.STARTED, told.HANDING_OVER, told.UNKNOWN), "in doubt", 1),
        ((told.STARTED, told.HANDING_OVER, told.UNKNOWN, told.HELD), "held", 1),
        ((told.STARTED, told.HANDING_OVER, told.UNKNOWN, told.HELD, told.ACCEPTED), "delivered", 0),
        ((told.STARTED, told.HANDING_OVER, told.UNKNOWN, told.HELD, told.RELEASED), "waiting", 0),
        ((told.STARTED, told.PUT_OFF, told.STARTED, told.HANDING_OVER, told.PUT_OFF), "waiting", 2),
        ((told.STARTED, told.REFUSED, told.RELEASED, told.STARTED, told.PUT_OFF), "waiting", 1),
        ((told.STARTED, told.REFUSED, told.SETTLED), "delivered", 0),
    ],
)
def test_a_letter_stands_as_its_events_say(names: tuple[str, ...], state: str, tries: int) -> None:
    rows = events(*names)
    found = fate(list(reversed(rows)))
    assert found.state == state
    if state != "delivered":
        assert found.tries == tries


def test_an_answer_that_was_learnt_late_counts_though_another_attempt_has_begun() -> None:
    rows = events(told.STARTED, told.HANDING_OVER, told.UNKNOWN, told.ABANDONED, told.ACCEPTED, told.STARTED)
    assert fate(rows).state == "delivered"


@given(st.integers(1, 60), st.text(max_size=20), st.text(max_size=20))
def test_waits_double_up_to_the_longest_with_the_same_jitter_for_the_same_attempt(
    tries: int, one: str, other: str
) -> None:
    found = wait(300, 14_400, tries, one, other)
    middle = min(14_400, 300 * 2 ** min(tries - 1, 40))
    assert 0.75 * middle <= found.total_seconds() <= 1.25 * middle
    assert found == wait(300, 14_400, tries, one, other)


def test_recipients_do_not_come_back_together() -> None:
    assert len({wait(300, 14_400, 1, f"{number}@dept.test") for number in range(50)}) == 50
