"""What became of homes: worked cases an analyst can read, and what must hold whatever is published."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from risk.exits.labels import Later, outcomes
from risk.exits.pairs import NONE
from risk.exits.register import standing
from tests.risk.exits.publish import Press

CASES = Path(__file__).parents[2] / "cases"
START, END = date(2020, 3, 31), date(2021, 3, 31)
STAYING: dict[str, dict[str, Any]] = {"Z1": {}, "Z2": {"local_authority": "Otherham", "constituency": "Otherham"}}


def cases(name: str) -> list[Any]:
    raw = yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["case"]) for case in raw]


def described(values: dict[str, Any]) -> dict[str, Any]:
    names = {"authority": "local_authority"}
    return {names.get(key, key): value for key, value in values.items() if key != "day"}


@pytest.mark.parametrize("case", cases("homes_registered_anew"))
def test_a_home_registered_anew_has_not_left(case: dict[str, Any]) -> None:
    press = Press()
    press.homes(START, {urn: described(values) for urn, values in case["left"].items()} | STAYING)
    joined = {urn: described(values) | {"registered_on": values["day"]} for urn, values in case["joined"].items()}
    press.homes(END, joined | STAYING)
    press.moved(END, [{"urn": urn, "left_on": values["day"], **described(values)}
                      for urn, values in case["left"].items() if "day" in values])  # fmt: skip
    if all("day" not in values for values in case["left"].values()):
        press.tables["movement"].clear()
        press.visible = [row for row in press.visible if row["source"] != "ofsted.movements"]
    known = press.publications()
    later = Later.of(known)
    assert dict(later.anew.select("urn", "successor").rows()) == case["anew"]
    register = standing(known.by(START))
    assert register is not None
    found = {urn: how for urn, _, how in outcomes(register, later).rows()}
    assert {urn for urn, how in found.items() if how == "registered anew"} == set(case["anew"])
    unpaired = outcomes(register, Later.of(known, NONE))
    assert set(unpaired.filter(pl.col("outcome") == 1)["urn"]) == set(case["left"]), "without the rule all have left"


@pytest.mark.parametrize("case", cases("homes_left"))
def test_what_became_of_a_home(case: dict[str, Any]) -> None:
    press = Press()
    press.homes(START, STAYING | {"A": {}})
    for day in case["lists"]:
        press.homes(day, {**STAYING, **({"A": {}} if day in case.get("listed", []) else {})})
    for day in case.get("movements", []):
        left_on = case.get("left_on")
        press.moved(day, [{"urn": "X", "left_on": date(day.year, 1, 31)}])
        if left_on is not None:
            press.moved(day, [{"urn": "A", "left_on": left_on, "locator": "row A"}])
    known = press.publications()
    register = standing(known.by(START))
    assert register is not None
    found = outcomes(register, Later.of(known)).filter(pl.col("urn") == "A")
    assert found.rows() == [("A", case["outcome"], case["how"])]


def test_the_register_between_lists_is_the_list_less_who_left_with_who_joined() -> None:
    press = Press()
    press.homes(START, {"A": {}, "B": {}})
    press.moved(END, [
        {"urn": "A", "left_on": date(2020, 6, 1)},
        {"urn": "C", "kind": "joiner", "registered_on": date(2020, 7, 1), "places": 2},
    ])  # fmt: skip
    register = standing(press.publications().by(date(2021, 6, 30)))
    assert register is not None
    assert (register.day, register.listed) == (END, START)
    assert register.homes["urn"].to_list() == ["B", "C"]
    assert register.homes.filter(pl.col("urn") == "C").select("places", "owner_key").row(0) == (2, None)


def test_several_lists_of_one_day_fill_each_others_gaps() -> None:
    press = Press()
    press.homes(START, {"A": {"owner": None}})
    press.homes(START, {"A": {"overall": None, "places": 9}, "B": {"overall": None}}, "ofsted.providers_and_places")
    rows = press.publications().lists()
    assert rows.select("urn", "owner", "places", "overall").rows() == [
        ("A", "Owner Ltd", 4, "Good"), ("B", "Owner Ltd", 4, None)
    ]  # fmt: skip


def test_closed_and_other_kinds_of_provider_are_no_homes() -> None:
    press = Press()
    press.homes(START, {
        "A": {}, "B": {"status": "Cancelled"}, "C": {"provision_type": "Independent Fostering Agency"},
        "D": {"provision_type": "Secure children's home"}, "E": {"provision_type": "Boarding School"},
    })  # fmt: skip
    assert press.publications().lists()["urn"].to_list() == ["A", "D"]
