"""What a group's stopping means: kinds, quality, reach, own beds, ranges, failing together."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oversight.errors import InputError
from risk.parameters import load
from risk.replace import ALL_KINDS, Replacement, assumptions, measure, stock_of, together
from risk.replace.assumptions import Triangle
from risk.replace.ranking import ranking
from risk.replace.reach import chances
from risk.replace.words import assumptions_in_words
from tests.risk.replace.market import BRADFORD, DEVON, HOME, LEEDS, ON, SCHOOL, SCILLY, SECURE, assumed, homes

HALF = assumed(full=True)


def result(home: pl.DataFrame, *groups: str, **changes: Any) -> Replacement:
    with_changes = assumed(full=True, **changes)
    return measure(stock_of(home, with_changes), with_changes, groups or ("a",), ON)


def unplaced_of(found: Replacement, miles: float = 20, kind: str = ALL_KINDS, group: str = "a") -> tuple[float, ...]:
    rows = found.displacement.filter(
        pl.col("miles") == miles, pl.col("kind") == kind, pl.col("group_id") == group
    ).select("unplaced_low", "unplaced_central", "unplaced_high")
    low, central, high = rows.row(0)
    assert low <= central <= high
    return low, central, high


def test_children_go_to_others_homes_nearby_and_not_far_away() -> None:
    home = homes(("a", LEEDS, 1, 10), ("b", BRADFORD, 10, 10))
    assert unplaced_of(result(home)) == (0, 0, 0)
    assert unplaced_of(result(homes(("a", LEEDS, 1, 10), ("b", DEVON, 10, 10))), 60)[0] > 0


def test_a_bed_of_the_same_group_is_no_help() -> None:
    low, _, high = unplaced_of(result(homes(("a", LEEDS, 5, 10), ("a", BRADFORD, 5, 10))))
    found = result(homes(("a", LEEDS, 5, 10), ("a", BRADFORD, 5, 10))).displacement
    assert (low, high) == (found["children_low"].min(), found["children_high"].max())
    assert found["beds_high"].max() == 0


@pytest.mark.parametrize(
    "other",
    [
        {"provision_type": SECURE},
        {"provision_type": SCHOOL},
        {"short_breaks_only": True},
        {"overall": "Requires improvement to be good"},
        {"overall": None},
    ],
)
def test_other_kinds_and_homes_not_known_to_be_good_are_no_substitute(other: dict[str, Any]) -> None:
    home = pl.concat([homes(("a", LEEDS, 1, 10)), homes(("b", LEEDS, 40, 10), **other)])
    found = result(home)
    assert unplaced_of(found)[0] > 0
    assert found.displacement["beds_high"].max() == 0
    assert found.displacement["places_left"].max() == 0


def test_kinds_are_assigned_apart_and_added_up() -> None:
    home = pl.concat(
        [
            homes(("a", LEEDS, 1, 10), ("b", LEEDS, 20, 10)),
            homes(("a", LEEDS, 1, 12), provision_type=SECURE),
            homes(("b", LEEDS, 1, 12), provision_type=HOME, overall="Inadequate"),
        ]
    )
    found = result(home)
    assert unplaced_of(found, kind="ordinary") == (0, 0, 0)
    assert unplaced_of(found, kind="secure") == unplaced_of(found) != (0, 0, 0)
    by_kind = found.displacement.filter(pl.col("miles") == 20).select("kind", "places_lost").rows()
    assert sorted(by_kind) == [("all", 22), ("ordinary", 10), ("secure", 12)]


def test_shares_are_of_the_same_kind_in_the_authority_and_with_its_neighbours() -> None:
    home = homes(("a", LEEDS, 1, 10), ("b", LEEDS, 3, 10), ("c", BRADFORD, 4, 10), ("c", DEVON, 50, 10))
    row = result(home).by_authority.filter(pl.col("miles") == 20).row(0, named=True)
    assert row["share_of_authority"] == 25
    assert row["share_of_neighbourhood"] == 12.5
    assert row["places_left"] == 70


def test_an_authority_alone_is_a_lower_bound_and_the_assignment_is_over_all() -> None:
    """Both authorities of the group look to the same few beds: each alone is fine, together they are not."""
    home = homes(("a", LEEDS, 1, 40), ("a", BRADFORD, 1, 40), ("b", LEEDS, 5, 10))
    found = result(home)
    alone = found.by_authority.filter(pl.col("miles") == 20)
    assert alone["unplaced_at_least_central"].sum() == 0
    assert unplaced_of(found)[1] > 0


def test_groups_that_fail_together_are_no_help_to_each_other() -> None:
    home = homes(("a", LEEDS, 1, 10), ("b", LEEDS, 4, 10))
    stock = stock_of(home, HALF)
    alone = measure(stock, HALF, ["a", "b"], ON)
    both = measure(together(stock, ["a", "b"], "both"), HALF, ["both"], ON)
    assert unplaced_of(alone)[1] == 0
    assert unplaced_of(both, group="both")[1] == both.displacement["children_central"][0] > 20
    assert stock.cells.select("places").sum().item() == together(stock, ["a", "b"], "x").cells["places"].sum()


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_more_miles_or_more_beds_never_leave_more_children_out(data: st.DataObject) -> None:
    codes = st.sampled_from([LEEDS, BRADFORD, DEVON, SCILLY])
    rows = data.draw(
        st.lists(st.tuples(st.sampled_from("abc"), codes, st.integers(1, 4), st.integers(1, 9)), min_size=1)
    )
    usual = assumed(number=20, distance="between_postcodes")
    found = measure(stock_of(homes(*rows), usual), usual, "abc", ON).displacement.filter(pl.col("kind") == ALL_KINDS)
    for (_,), one in found.sort("miles").group_by("group_id"):
        for column in ("unplaced_low", "unplaced_central", "unplaced_high"):
            assert (np.diff(one[column].to_numpy()) <= 0).all()
        assert (one["unplaced_high"] <= one["children_high"]).all()
        assert (np.diff(one["places_left"].to_numpy()) >= -1e-9).all()


def test_a_group_does_not_hang_on_the_order_of_rows_or_on_strangers_far_away() -> None:
    home = homes(("a", LEEDS, 3, 5), ("b", BRADFORD, 6, 4), ("c", LEEDS, 2, 3))
    more = pl.concat([homes(("z", SCILLY, 9, 9)).with_columns(urn=pl.lit("Z") + pl.col("urn")), home.reverse()])
    usual = assumed(number=60)
    first = measure(stock_of(home, usual), usual, ["a"], ON).displacement
    again = measure(stock_of(more, usual), usual, ["a"], ON).displacement
    assert first.equals(again)


def test_homes_without_places_or_a_known_authority_are_counted_as_what_they_are() -> None:
    home = pl.concat(
        [homes(("a", LEEDS, 1, 10)), homes(("a", "Camelot", 2, 5)), homes(("a", LEEDS, 1, 1), places=None)]
    )
    stock = stock_of(home, HALF)
    assert stock.elsewhere == 2
    assert stock.cells["homes"].sum() == 2
    assert stock.cells["places"].sum() == 10


def test_without_judgements_nothing_is_said() -> None:
    found = result(homes(("a", LEEDS, 1, 10), overall=None))
    assert found.displacement.is_empty()
    assert found.by_authority.is_empty()
    assert ranking(found.displacement, pl.DataFrame({"group_id": ["a"], "name": ["A"]})).is_empty()


def test_the_ranking_puts_first_who_leaves_most_children_out() -> None:
    home = homes(("a", LEEDS, 1, 10), ("b", BRADFORD, 1, 10), ("c", SCILLY, 2, 10), ("d", DEVON, 1, 10))
    names = pl.DataFrame({"group_id": list("abcd"), "name": ["A", "B", "C", "D"]})
    ranked = ranking(result(home, *"abcd").displacement, names)
    assert ranked["name"].to_list()[0] == "C"
    assert ranked["rank"].to_list() == [1, 2, 3, 4]
    assert set(ranked.columns) >= {"within_20", "within_20_low", "within_60_high"}


def test_the_triangle_is_drawn_evenly() -> None:
    triangle = Triangle(low=0.7, likely=0.83, high=0.95)
    drawn = triangle.at((np.arange(10_000) + 0.5) / 10_000)
    assert drawn.mean() == pytest.approx((0.7 + 0.83 + 0.95) / 3, abs=1e-4)
    assert drawn.min() >= 0.7
    assert drawn.max() <= 0.95
    assert Triangle(low=0.4, likely=0.4, high=0.4).at(np.array([0.0, 1.0])).tolist() == [0.4, 0.4]


def test_the_chance_of_being_within_reach() -> None:
    codes = [LEEDS, BRADFORD, DEVON]
    near = chances(codes, 20, "between_postcodes")
    assert np.allclose(near, near.T)
    assert near[0, 1] > 0.9
    assert near[0, 2] < 1e-6
    assert near[2, 2] == pytest.approx(0.39, abs=0.05)  # two postcodes of Devon are often further apart
    assert chances(codes, 20, "between_centres").tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 1]]


def test_the_words_give_every_assumption() -> None:
    said = assumptions_in_words(assumptions(load().at(ON)))
    assert all(part in said for part in ("70% to 95%", "10% to 100%", "200 trials", "good or outstanding"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("occupancy", {"low": 0.9, "likely": 0.8, "high": 0.95}),
        ("occupancy", {"low": 0.1, "likely": 0.8, "high": 1.2}),
        ("kinds", []),
        ("trials", {"number": 0, "seed": 1, "low": 5, "high": 95}),
        ("distance", "as the crow flies"),
        ("miles", []),
        ("miles", [0]),
        ("miles", "far"),
    ],
)
def test_a_wrong_parameter_is_named(name: str, value: Any) -> None:
    with pytest.raises(InputError, match=f"replace.{name}"):
        assumed(**{name: value})
