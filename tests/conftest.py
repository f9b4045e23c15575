"""Fixtures for every test."""

from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of evaluation files beside the repository; the test skips where there is none."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the evaluation data (../shared/data) is not beside this repository")
    return SHARED_DATA
