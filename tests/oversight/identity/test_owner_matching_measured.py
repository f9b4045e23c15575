"""Matching keeps its promise on owners checked by hand: at least 99 of 100 automatic links are right."""

from pathlib import Path

import pytest

from tests.benchmarks.owner_matching import measure


@pytest.mark.shared
def test_automatic_links_are_right_and_most_owners_are_linked(shared_data: Path) -> None:
    for half in measure(shared_data):
        assert half.precision >= 0.99, half.label
        assert half.recall >= 0.87, half.label
        assert half.recall_of_three >= 0.94, half.label
        assert half.linked_to_another <= 0.02, half.label
