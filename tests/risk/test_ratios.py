"""Ratios against cases worked by hand, and what is true of every ratio."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from risk.parameters import load
from risk.ratios import catalogue, compute
from risk.ratios.nil import proofs
from risk.scores import altman_z2
from risk.scores import catalogue as scores
from risk.scores import measure as measure_scores
from tests.risk.build import ON

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "ratios.yaml").read_text(encoding="utf-8"))
VALUES = load().at(ON)
RATIOS = (*catalogue(VALUES), *scores(VALUES))


def wide(lines: dict[str, float | None], months: float | None = 12.0, note: str | None = None) -> pl.DataFrame:
    head = {
        "group_id": "g", "period_id": "p", "period_end": ON, "months": months, "basis": "company", "note": note,
        "latest": True, "unreliable": [],
    }  # fmt: skip
    schema: dict[str, Any] = {
        "group_id": pl.String, "period_id": pl.String, "period_end": pl.Date, "months": pl.Float64,
        "basis": pl.String, "note": pl.String, "latest": pl.Boolean, "unreliable": pl.List(pl.String),
    }  # fmt: skip
    figures = {line: value for line, value in lines.items() if value is not None}
    return pl.DataFrame([head | figures], schema=schema | dict.fromkeys(figures, pl.Float64))


def measured(lines: dict[str, float | None], months: float | None = 12.0) -> dict[str, dict[str, Any]]:
    found = compute.measure(wide(lines, months), RATIOS, VALUES)
    return {row["code"]: row for row in found.indicator.iter_rows(named=True)}


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_a_worked_case(case: dict[str, Any]) -> None:
    rows = measured(CASES["base"] | case.get("change", {}), case.get("months", 12.0))
    for code, expected in case["expect"].items():
        row = rows[code]
        wanted = expected if isinstance(expected, dict) else {"value": expected}
        if "value" in wanted:
            assert row["status"] == "value", (code, row)
            assert row["value"] == pytest.approx(wanted["value"], rel=1e-9, abs=1e-9), code
        else:
            assert (row["status"], row["value"]) == (wanted["status"], None), (code, row)
        assert wanted.get("reason", "") in (row["reason"] or ""), (code, row)


def test_every_ratio_has_a_worked_value() -> None:
    worked = {
        code
        for case in CASES["cases"]
        for code, expected in case["expect"].items()
        if not isinstance(expected, dict) or "value" in expected
    }
    assert {ratio.code for ratio in RATIOS} <= worked


def test_every_ratio_says_what_it_is() -> None:
    codes = [ratio.code for ratio in RATIOS]
    assert len(codes) == len(set(codes))
    for ratio in RATIOS:
        assert ratio.formula
        assert ratio.reading.endswith(".")
        assert ratio.caveat.endswith(".")
        assert ratio.inputs
        assert set(ratio.nil_if_shown) <= set(ratio.inputs), ratio.code
        assert set(ratio.nil_if_shown) <= set(proofs()), ratio.code
        for condition, _ in ratio.not_applicable:
            assert set(condition.meta.root_names()) <= set(ratio.inputs), ratio.code


def test_without_lines_nothing_has_a_value() -> None:
    assert {row["status"] for row in measured({"called_up_share_capital_not_paid": 1.0}).values()} == {"not_filed"}


def test_lineage_names_exactly_the_filed_inputs() -> None:
    found = compute.measure(wide(CASES["base"]), RATIOS, VALUES)
    rests = found.lineage.filter(pl.col("item_id") == f"g.operating_margin.{ON}").sort("role")
    assert rests.rows() == [
        (f"g.operating_margin.{ON}", "p.operating_profit", "operating_profit"),
        (f"g.operating_margin.{ON}", "p.turnover", "turnover"),
    ]


def test_a_line_in_conflict_makes_the_ratio_unreliable() -> None:
    frame = wide(CASES["base"] | {"turnover": None}).with_columns(pl.Series("unreliable", [["turnover"]]))
    row = (
        compute.measure(frame, RATIOS, VALUES).indicator.filter(pl.col("code") == "operating_margin").row(0, named=True)
    )
    assert (row["status"], row["value"], row["reason"]) == ("not_reliable", None, "not reliable: turnover")


@pytest.mark.parametrize(("score", "zone"), [(1.0999, "distress"), (1.10, "grey"), (2.60, "grey"), (2.6001, "safe")])
def test_zones_of_altman_z2(score: float, zone: str) -> None:
    assert altman_z2(VALUES).zone(score) == zone


def years(profits: dict[int, float | None], months: float = 12.0) -> pl.DataFrame:
    """One year of record for each, the same but for the profit after tax."""
    return pl.concat(
        wide(CASES["base"] | {"profit_after_tax": profit}, months if year == min(profits) else 12.0).with_columns(
            pl.lit(f"p{year}").alias("period_id"), pl.date(year, 3, 31).alias("period_end")
        )
        for year, profit in profits.items()
    )


def ohlson(frame: pl.DataFrame) -> dict[str, tuple[float | None, str | None]]:
    rows = measure_scores(frame, VALUES).indicator.filter(pl.col("code") == "ohlson_o")
    return {str(row["dated_on"].year): (row["value"], row["reason"]) for row in rows.iter_rows(named=True)}


def test_the_year_before_is_found_and_traced() -> None:
    frame = years({2023: 500000.0, 2024: 750000.0})
    assert ohlson(frame)["2024"][0] == pytest.approx(-4.018253004555152)
    assert ohlson(frame)["2023"] == (None, "not filed: profit after tax of the year before")
    rests = measure_scores(frame, VALUES).lineage.filter(pl.col("item_id") == "g.ohlson_o.2024-03-31")
    assert ("p2023.profit_after_tax", "profit_after_tax_before") in rests.select("input_id", "role").rows()
    assert not rests["input_id"].str.ends_with("_before").any()


def test_a_gap_of_two_years_is_not_the_year_before() -> None:
    assert ohlson(years({2022: 500000.0, 2024: 750000.0}))["2024"][0] is None


def test_a_longer_year_before_is_put_on_twelve_months() -> None:
    assert ohlson(years({2023: 750000.0, 2024: 750000.0}, months=18.0))["2024"][0] == pytest.approx(
        ohlson(years({2023: 500000.0, 2024: 750000.0}))["2024"][0]
    )
