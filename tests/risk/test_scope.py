"""The scope screen: requirements, scaling, margins, who comes next, and what moves them."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from oversight.errors import InputError
from oversight.geography import in_force, neighbours
from risk import exposure, groups
from risk.assess import assess
from risk.parameters import load
from risk.scope import ConditionSet, Holdings, condition_sets, judge, sensitivity
from risk.scope.candidates import candidates
from risk.scope.conditions import Condition, Requirement, condition_set
from tests.risk.build import ON, PUBLISHED, Builder

PARAMETERS = load()
VALUES = PARAMETERS.at(ON)
PLACES: dict[str, dict[str, Any]] = {
    name: {"local_authority": name, "local_authority_code": code, "region": region}
    for name, code, region in (
        ("Bolton", "E08000001", "North West"),
        ("Bury", "E08000002", "North West"),
        ("Salford", "E08000006", "North West"),
        ("Cornwall", "E06000052", "South West"),
    )
}


def holdings(made: Builder) -> tuple[Holdings, dict[str, str]]:
    market = groups.form(made.evidence(), VALUES)
    held, _ = exposure.measure(market)
    spread = exposure.spread(market, held)
    return Holdings.of(market.home, spread, held), dict(market.tops.select("name", "group_id").iter_rows())


def one(*requirements: Requirement) -> ConditionSet:
    return ConditionSet({"only": Condition(kind="size", all_of=requirements)})


def row_of(made: Builder, conditions: ConditionSet, owner: str = "Alpha Care Ltd") -> dict[str, Any]:
    held, ids = holdings(made)
    return judge(held, conditions).filter(pl.col("group_id") == ids[owner]).row(0, named=True)


@pytest.mark.parametrize(("homes", "met", "margin"), [(14, False, -1.0), (15, True, 0.0), (16, True, 1.0)])
def test_a_condition_is_met_from_its_threshold_on_and_says_by_how_much(
    homes: int,
    met: bool,  # noqa: FBT001
    margin: float,
) -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", homes)
    found = row_of(made, one(Requirement(measure="homes", threshold=15, unit="homes")))
    assert (found["met"], found["margin"]) == (met, margin)
    assert found["margin_percent"] == pytest.approx(100 * margin / 15)
    assert found["requirements"] == f"{homes} homes against 15"


def test_all_requirements_of_a_condition_must_be_met_and_the_hardest_is_shown() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 10, **PLACES["Bolton"])
    conditions = one(
        Requirement(measure="places", threshold=20, unit="places"),
        Requirement(measure="authorities", threshold=2, unit="authorities"),
    )
    found = row_of(made, conditions)
    assert (found["met"], found["measure"], found["value"], found["margin_percent"]) == (False, "authorities", 1, -50)
    assert found["requirements"] == "40 places against 20; 1 authorities against 2"
    made.homes("Alpha Care Ltd", 1, **PLACES["Bury"])
    assert row_of(made, conditions)["met"] is True


def test_a_scaled_threshold_grows_with_the_market() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 2)
    made.homes("Beta Care Ltd", 18)
    conditions = one(Requirement(measure="places", threshold=2000, unit="places", scaled_from=20_000))
    found = row_of(made, conditions)
    assert (found["threshold"], found["value"], found["met"]) == (8.0, 8.0, True)
    made.homes("Testshire County Council", 20, sector="Local authority")
    assert row_of(made, conditions)["threshold"] == 16.0


def test_the_adult_scheme_is_scaled_as_its_description_says() -> None:
    conditions = condition_set(VALUES, "adult_scheme_scaled").conditions
    number, size = conditions["number"].all_of[0], conditions["size"].all_of[0]
    assert size.scaled_from is not None
    assert number.scaled_from is not None
    assert 2000 / size.scaled_from == pytest.approx(0.00435, abs=5e-6)
    assert 15_742 * size.threshold / size.scaled_from == pytest.approx(68.5, abs=0.05)
    assert number.threshold == pytest.approx(2000 / (size.scaled_from / number.scaled_from), abs=0.05)
    assert "68.5" in PARAMETERS.entries["scope.adult_scheme_scaled"].description


def test_local_measures_leave_out_areas_with_few_places() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 1, **PLACES["Bolton"])
    made.homes("Alpha Care Ltd", 2, **PLACES["Cornwall"])
    made.homes("Beta Care Ltd", 6, **PLACES["Cornwall"])
    share = Requirement(measure="largest_authority_share", threshold=20, unit="percent")
    assert row_of(made, one(share))["value"] == 100
    assert row_of(made, one(share.model_copy(update={"least_places": 20})))["value"] == 25
    over = Requirement(measure="authorities_over_share", threshold=1, unit="authorities", local_share=25)
    assert row_of(made, one(over))["value"] == 2
    assert row_of(made, one(over.model_copy(update={"least_places": 20})))["value"] == 1


def test_a_neighbourhood_is_an_authority_and_those_beside_it() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 2, **PLACES["Bolton"])
    made.homes("Beta Care Ltd", 2, **PLACES["Bury"])
    made.homes("Beta Care Ltd", 4, **PLACES["Salford"])
    made.homes("Beta Care Ltd", 9, **PLACES["Cornwall"])
    share = Requirement(measure="largest_neighbourhood_share", threshold=20, unit="percent")
    held = {"E08000001": (8, 8), "E08000002": (0, 8), "E08000006": (0, 16), "E06000052": (0, 36)}
    shares = []
    for each in in_force(PUBLISHED):
        around = [held[code] for code in (each.code, *neighbours(each.code, PUBLISHED)) if code in held]
        if total := sum(places for _, places in around):
            shares.append(100 * sum(own for own, _ in around) / total)
    assert 25 in shares, "Bolton itself, with Bury and Salford beside it"
    assert row_of(made, one(share))["value"] == max(shares)


def test_a_share_that_meets_its_threshold_exactly_is_met() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 29, places=1)
    made.homes("Beta Care Ltd", 71, places=1)
    found = row_of(made, one(Requirement(measure="largest_authority_share", threshold=29, unit="percent")))
    assert (found["value"], found["met"]) == (29.0, True)


def test_what_rests_on_places_nobody_published_cannot_be_tested() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 99, places=None)
    for requirement in (
        Requirement(measure="places", threshold=1, unit="places"),
        Requirement(measure="england_share", threshold=1, unit="percent"),
        Requirement(measure="places", threshold=1, unit="places", scaled_from=10),
    ):
        found = row_of(made, one(requirement))
        assert (found["value"], found["met"], found["nearness"]) == (None, False, None)
        assert found["reason"] == "the list publishes no places"
    assert row_of(made, one(Requirement(measure="homes", threshold=9, unit="homes")))["met"] is True


def test_the_nearest_misses_are_ranked_within_each_condition() -> None:
    made = Builder()
    for owner, homes in (("Alpha Care Ltd", 5), ("Beta Care Ltd", 4), ("Gamma Care Ltd", 2), ("Delta Care Ltd", 4)):
        made.homes(owner, homes)
    held, ids = holdings(made)
    found = judge(held, one(Requirement(measure="homes", threshold=5, unit="homes")))
    ranks = dict(found.select("group_id", "nearness").iter_rows())
    assert [ranks[ids[f"{name} Care Ltd"]] for name in ("Alpha", "Beta", "Delta", "Gamma")] == [None, 1, 1, 3]


def test_candidates_come_first_then_those_nearest_with_all_that_an_analyst_asks() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 6, **PLACES["Bolton"])
    made.homes("Beta Care Ltd", 4, **PLACES["Bury"])
    made.homes("Gamma Care Ltd", 2, **PLACES["Cornwall"])
    held, ids = holdings(made)
    conditions = one(Requirement(measure="homes", threshold=5, unit="homes"))
    names = pl.DataFrame(
        {"group_id": list(ids.values()), "name": list(ids), "determination": [None] * len(ids)},
        schema_overrides={"determination": pl.String},
    )
    table = candidates(judge(held, conditions), held, names, over_share=10, nearest=1)
    assert table.select("place", "name", "candidate", "conditions_met", "homes", "places", "regions").rows() == [
        (1, "Alpha Care Ltd", True, "only", 6, 24, 1),
        (2, "Beta Care Ltd", False, "", 4, 16, 1),
    ]
    assert table["over_share_in"].to_list() == ["Bolton 100%", "Bury 100%"]
    assert table["closest_margin_percent"].to_list() == pytest.approx([20.0, -20.0])
    assert table.select("only_measure", "only_value", "only_threshold", "only_margin", "only_met").row(1) == (
        "homes", 4.0, 5.0, -1.0, False,
    )  # fmt: skip
    known = names.with_columns(
        pl.when(pl.col("name") == "Gamma Care Ltd").then(pl.lit("as recorded")).alias("determination")
    )
    shown = candidates(judge(held, conditions), held, known, over_share=10, nearest=0)
    assert shown.select("name", "candidate", "determination").rows() == [
        ("Alpha Care Ltd", True, None), ("Gamma Care Ltd", False, "as recorded"),
    ]  # fmt: skip


def test_the_sensitivity_names_who_enters_and_who_leaves() -> None:
    made = Builder()
    for owner, homes in (("Alpha Care Ltd", 9), ("Beta Care Ltd", 6), ("Gamma Care Ltd", 4)):
        made.homes(owner, homes, **PLACES["Bolton"])
    held, ids = holdings(made)
    conditions = one(Requirement(measure="homes", threshold=5, unit="homes"))
    table = sensitivity(held, conditions, [0.8, 1.6])
    alone = table.filter(pl.col("condition") == "only")
    assert alone.select("threshold", "as_set", "candidates").rows() == [(4, False, 3), (5, True, 2), (8, False, 1)]
    assert alone["entering"].to_list() == [[ids["Gamma Care Ltd"]], [], []]
    assert alone["leaving"].to_list() == [[], [], [ids["Beta Care Ltd"]]]
    together = table.filter(pl.col("condition") != "only")
    assert together.select("varied", "threshold", "candidates").rows() == [
        ("factor", 0.8, 3), ("factor", 1.0, 2), ("factor", 1.6, 1),
    ]  # fmt: skip


def test_the_sensitivity_moves_the_share_that_counts_as_over_too() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 1, **PLACES["Bolton"])
    made.homes("Beta Care Ltd", 9, **PLACES["Bolton"])
    held, ids = holdings(made)
    over = Requirement(measure="authorities_over_share", threshold=1, unit="authorities", local_share=20)
    table = sensitivity(held, one(over), [0.5]).filter(pl.col("varied") == "local_share")
    assert table.select("threshold", "entering").rows() == [(10.0, [ids["Alpha Care Ltd"]]), (20.0, [])]


@settings(deadline=None, max_examples=20)
@given(
    homes=st.lists(st.integers(1, 12), min_size=1, max_size=6),
    threshold=st.integers(1, 12),
)
def test_a_lower_threshold_never_loses_a_candidate(homes: list[int], threshold: int) -> None:
    made = Builder()
    for number, count in enumerate(homes):
        made.homes(f"Owner {number} Ltd", count)
    held, _ = holdings(made)
    table = sensitivity(held, one(Requirement(measure="homes", threshold=threshold, unit="homes")), [0.5, 0.8, 1.5, 2])
    for (_,), rows in table.group_by("condition"):
        counts = rows.sort("threshold")["candidates"].to_list()
        assert counts == sorted(counts, reverse=True)
        base = rows.filter("as_set").row(0, named=True)
        assert base["candidates"] == sum(count >= threshold for count in homes)
        for row in rows.iter_rows(named=True):
            assert row["candidates"] == base["candidates"] + len(row["entering"]) - len(row["leaving"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"measure": "homes", "threshold": 1, "unit": "homes", "local_share": 10},
        {"measure": "authorities_over_share", "threshold": 1, "unit": "authorities"},
        {"measure": "homes", "threshold": 1, "unit": "homes", "least_places": 10},
        {"measure": "regions", "threshold": 1, "unit": "regions", "scaled_from": 9},
        {"measure": "homes", "threshold": 0, "unit": "homes"},
        {"measure": "luck", "threshold": 1, "unit": "homes"},
    ],
)
def test_a_requirement_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Requirement.model_validate(wrong)


def test_several_sets_stand_side_by_side_and_the_published_one_waits_for_its_wording() -> None:
    sets = condition_sets(VALUES)
    assert {"published", "adult_scheme_scaled", "local_share", "illustrative"} <= set(sets)
    assert not sets["published"].conditions
    with pytest.raises(InputError, match="no condition in force") as caught:
        condition_set(VALUES, "published")
    assert "scope.yaml" in caught.value.where
    with pytest.raises(InputError, match="no such set") as unknown:
        condition_set(VALUES, "lucky")
    assert "local_share" in unknown.value.next_step


def test_the_published_wording_takes_effect_on_its_day(tmp_path: Path) -> None:
    source = Path(load.__code__.co_filename).parent
    for path in source.rglob("*.yaml"):
        copy = tmp_path / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8")
        if path.name == "scope.yaml":
            made = "{number: {kind: number, all_of: [{measure: homes, threshold: 3, unit: homes}]}}"
            text = text.replace("    2000-01-01: {}\n", f"    2000-01-01: {{}}\n    2027-04-01: {made}\n", 1)
        copy.write_text(text, encoding="utf-8")
    written = load(tmp_path)
    assert not condition_sets(written.at(date(2027, 3, 31)))["published"].conditions
    assert condition_set(written.at(date(2027, 4, 1)), "published").conditions["number"].kind == "number"


def test_a_determination_stands_in_the_register_as_the_person_recorded_it() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 3)
    made.homes("Beta Care Ltd", 3)
    made.add(
        "determination", determination_id="d1", subject="ALPHA CARE LIMITED", determined_on=date(2025, 6, 1),
        notice_reference="N1", condition="size", named_individual_recorded=True, named_individual="A. Nobody",
        author="A. Person", decided_at=datetime(2025, 6, 2, tzinfo=UTC), reason="notice served",
    )  # fmt: skip
    entry = assess(made.evidence(), PARAMETERS).tables()["register_entry"]
    assert dict(entry.select("group_name", "determination").iter_rows()) == {
        "Alpha Care Ltd": "Determined on 1 June 2025, notice N1, condition size: recorded by A. Person",
        "Beta Care Ltd": None,
    }
    revoked = {**made.tables["determination"][0], "determination_id": "d2", "revoked_on": date(2025, 6, 20),
               "decided_at": datetime(2025, 6, 21, tzinfo=UTC)}  # fmt: skip
    made.add("determination", **revoked)
    assert assess(made.evidence(), PARAMETERS).tables()["register_entry"]["determination"].to_list() == [None, None]


def test_no_table_of_a_run_holds_the_named_individual() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 3)
    made.add(
        "determination", determination_id="d1", subject="Alpha Care Ltd", determined_on=date(2025, 6, 1),
        notice_reference="N1", condition="size", named_individual_recorded=True, named_individual="Zebedee Quince",
        author="A. Person", decided_at=datetime(2025, 6, 2, tzinfo=UTC), reason="notice served",
    )  # fmt: skip
    for name, table in assess(made.evidence(), PARAMETERS).tables().items():
        assert "Zebedee" not in table.write_json(), name
