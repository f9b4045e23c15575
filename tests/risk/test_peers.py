"""Percentiles among like groups: narrow peers where they are enough, wider ones where not."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk import peers
from risk.findings import empty
from risk.parameters import load
from tests.risk.build import ON

VALUES = load().at(ON)
FEWEST = int(VALUES.number("peers.fewest"))


def ranked(
    figures: list[float], places: list[int], kinds: list[str] | None = None, changes: dict[str, Any] | None = None
) -> dict[str, dict[str, Any]]:
    names = [f"g{number:03d}" for number in range(len(figures))]
    group = pl.DataFrame({"group_id": names, "places": places, "kind": kinds or ["company"] * len(names)})
    row = {"subject_kind": "group", "code": "operating_margin", "unit": "percent", "status": "value", "latest": True}
    indicator = pl.DataFrame(
        {"group_id": names, "indicator_id": names, "subject": names, "value": figures}
    ).with_columns(pl.lit(value).alias(name) for name, value in (row | (changes or {})).items())
    found = peers.rank(indicator, group, VALUES)
    assert found.schema == empty("peer").schema
    return {each["group_id"]: each for each in found.iter_rows(named=True)}


def test_the_middle_of_like_groups_is_the_fiftieth_percentile() -> None:
    found = ranked([float(figure) for figure in range(9)], [30] * 9)
    assert found["g004"] == {
        "group_id": "g004", "code": "operating_margin", "peer_id": "g004.peer.operating_margin", "indicator_id": "g004",
        "peers": "20 to 59 places, owned by companies", "count": 9, "percentile": 50.0,
        "lower_quartile": 2.0, "median": 4.0, "upper_quartile": 6.0,
    }  # fmt: skip


def test_equal_figures_share_their_percentile() -> None:
    assert {row["percentile"] for row in ranked([5.0] * FEWEST, [30] * FEWEST).values()} == {50.0}


@pytest.mark.parametrize(
    ("places", "size"), [(19, "under 20"), (20, "20 to 59"), (60, "60 to 199"), (200, "200 places or more")]
)
def test_sizes_begin_at_their_first_number(places: int, size: str) -> None:
    found = ranked([1.0] * FEWEST, [places] * FEWEST)
    assert str(found["g000"]["peers"]).startswith(size)


def test_too_few_of_the_kind_are_compared_with_all_of_the_size() -> None:
    kinds = ["company"] * (FEWEST - 1) + ["charity"]
    found = ranked([1.0] * FEWEST, [30] * FEWEST, kinds)
    assert {row["peers"] for row in found.values()} == {"20 to 59 places, any owner"}


def test_too_few_of_the_size_are_compared_with_all() -> None:
    found = ranked([1.0] * FEWEST, [30] * (FEWEST - 1) + [500])
    assert {row["peers"] for row in found.values()} == {"all groups on the register"}


def test_too_few_altogether_give_no_percentile() -> None:
    assert ranked([1.0] * (FEWEST - 1), [30] * (FEWEST - 1)) == {}


@pytest.mark.parametrize(
    "changes", [{"latest": False}, {"status": "not_filed"}, {"unit": "pounds"}, {"subject_kind": "company"}]
)
def test_only_newest_comparable_values_of_groups_are_ranked(changes: dict[str, Any]) -> None:
    assert ranked([1.0] * FEWEST, [30] * FEWEST, changes=changes) == {}


@given(st.lists(st.floats(-1e6, 1e6), min_size=FEWEST, max_size=40))
def test_a_higher_figure_never_has_a_lower_percentile(figures: list[float]) -> None:
    found = ranked(figures, [30] * len(figures))
    rows = sorted((figures[int(name[1:])], row["percentile"]) for name, row in found.items())
    assert len(rows) == len(figures)
    assert [share for _, share in rows] == sorted(share for _, share in rows)
