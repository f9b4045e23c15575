"""The sheet of model drift: what changed most first, and what a change means."""

import pytest

from reports.symbols import NOT_APPLICABLE
from tests.reports.test_register_workbook import column, sheet


def test_what_changed_most_stands_first_and_says_where() -> None:
    shown = sheet("Model drift")
    assert column(shown, "Finding") == ["Much change", "Stable", "Too few"]
    assert column(shown, "What changed most")[0] == "under 3: 19% then, 40% now"
    assert column(shown, "Stability index") == [0.31, 0.04, NOT_APPLICABLE]
    assert column(shown, "Missing then (%)")[0] == pytest.approx(0.25)
    assert any("says nothing of any home or group" in note for note in shown.notes)
