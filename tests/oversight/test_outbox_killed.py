"""Senders killed outright against a mail server that misbehaves: nothing lost, nothing sent twice to one person."""

from pathlib import Path

import pytest

from tests.benchmarks.outbox.kills import count

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]


def test_no_letter_is_lost_or_sent_twice_however_often_the_sender_is_killed(tmp_path: Path) -> None:
    found = count(tmp_path / "home", kills=16, policy="hold", sees_repeats=False, seed=3)
    assert found.kills == 16, "every sender was killed at work"
    assert found.due > 0
    assert (found.twice, found.lost, found.unfinished) == (0, 0, 0)
    assert found.once + found.held == found.due


def test_tried_again_under_the_same_message_id_a_relay_that_sees_repeats_delivers_once(tmp_path: Path) -> None:
    found = count(tmp_path / "home", kills=6, policy="retry", sees_repeats=True, seed=4)
    assert (found.twice, found.lost, found.unfinished) == (0, 0, 0)
