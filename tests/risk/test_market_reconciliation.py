"""Published counts of homes and of groups come out of the files by the tool's own reading, links and joins."""

from pathlib import Path

import pytest

from tests.benchmarks.market_reconciliation import MEASURES


@pytest.mark.shared
@pytest.mark.parametrize(
    ("measure", "published"),
    [
        ("children's homes of all types", 2209),
        ("children's homes run by local authorities", 423),
        ("Cambian homes inspected", 159),
        ("Keys homes rated", 15),
        ("Keys homes inspected", 69),
        ("private homes rated", 298),
        ("voluntary homes inspected", 153),
        ("local authority homes inspected", 401),
    ],
)
def test_figures_published_for_march_2018(shared_data: Path, measure: str, published: int) -> None:
    ours, _ = next(made for start, made in MEASURES if start == measure)(shared_data, "2018-03-31", measure)
    assert ours == (published,)
