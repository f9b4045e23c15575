"""Links to acknowledge and snooze: only ours, unchanged, and for some days."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.errors import InputError
from reports.alerts.links import Claim, sign, usable, verify

KEY, OTHER = "a key for these tests only", "another key for these tests"
EXPIRES = datetime(2026, 12, 7, 9, tzinfo=UTC)
CLAIM = Claim("0123456789abcdef", "R-00000001", EXPIRES)
BEFORE = EXPIRES - timedelta(seconds=1)


@given(st.text(st.characters(codec="ascii", exclude_characters="\x1f"), max_size=40), st.text(max_size=20))
def test_a_link_says_what_was_signed(letter: str, entry: str) -> None:
    claim = Claim(letter, entry, EXPIRES)
    token = sign(claim, KEY)
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
    assert verify(token, KEY, BEFORE) == claim


@given(st.data())
def test_a_changed_link_is_refused(data: st.DataObject) -> None:
    token = sign(CLAIM, KEY)
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda letter: letter != token[at]))
    with pytest.raises(InputError):
        verify(token[:at] + other + token[at + 1 :], KEY, BEFORE)


@given(st.text())
def test_any_text_is_refused_in_words(text: str) -> None:
    with pytest.raises(InputError, match="this link"):
        verify(text, KEY, BEFORE)


def test_it_expires_to_the_second_and_holds_for_one_key() -> None:
    token = sign(CLAIM, KEY)
    with pytest.raises(InputError, match="expired"):
        verify(token, KEY, EXPIRES)
    with pytest.raises(InputError, match="not one of ours"):
        verify(token, OTHER, BEFORE)


def test_without_a_key_there_are_no_links_and_none_is_believed() -> None:
    assert not usable("short")
    with pytest.raises(ValueError, match="16 characters"):
        sign(CLAIM, "")
    with pytest.raises(InputError):
        verify(sign(CLAIM, KEY), "", BEFORE)
