"""The scorecard against cases on both sides of every boundary."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from pydantic import ValidationError

from risk.findings import empty
from risk.parameters import load
from risk.scorecard import AXES, Bands, Evidence, Rule, _band, _weighed, judge, rules
from tests.risk.build import ON

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "scorecard.yaml").read_text(encoding="utf-8"))
PARAMETERS = load()
VALUES = PARAMETERS.at(ON)
RULES = rules(PARAMETERS, VALUES)


def indicator(code: str, value: float | None, status: str = "value", reason: str | None = None) -> pl.DataFrame:
    row = {
        "indicator_id": f"g.{code}", "group_id": "g", "subject_kind": "group", "subject": "g", "code": code,
        "dated_on": ON, "value": value, "unit": "count", "status": status, "reason": reason, "latest": True,
    }  # fmt: skip
    return pl.DataFrame([row], schema=empty("indicator").schema)


def judged(frame: pl.DataFrame, rule: str, axis: str = "likelihood") -> dict[str, Any]:
    card = judge(pl.DataFrame({"group_id": ["g"]}), frame, PARAMETERS, VALUES)
    return card.contribution.filter(pl.col("rule") == rule, pl.col("axis") == axis).row(0, named=True)


@pytest.mark.parametrize("named", RULES, ids=lambda named: f"{named.axis}.{named.name}")
def test_points_on_both_sides_of_every_boundary(named: Any) -> None:
    cases = CASES[named.axis][named.name]
    figures = pl.DataFrame({"value": [float(value) for value, _ in cases]})
    points = figures.select(named.rule.points(pl.col("value")).alias("points"))["points"].to_list()
    assert points == [float(expected) for _, expected in cases]


@pytest.mark.parametrize("named", RULES, ids=lambda named: f"{named.axis}.{named.name}")
def test_the_cases_stand_on_both_sides_of_every_boundary(named: Any) -> None:
    values = sorted(value for value, _ in CASES[named.axis][named.name])
    for step in named.rule.steps[1:]:
        bound = step.from_ if step.from_ is not None else step.above
        if step.from_ is not None:
            assert bound in values, "the boundary itself belongs to the step"
            assert any(value < bound for value in values)
        else:
            assert bound in values, "the boundary itself belongs to the step before"
            assert any(value > bound for value in values)


def test_every_rule_has_its_cases_and_an_indicator_of_its_own() -> None:
    for axis in AXES:
        assert set(CASES[axis]) == {named.name for named in RULES if named.axis == axis}
    assert len({named.rule.indicator for named in RULES}) == len(RULES)


@pytest.mark.parametrize("axis", AXES)
def test_bands_on_both_sides_of_every_boundary(axis: str) -> None:
    bands = VALUES.parse(f"scorecard.bands.{axis}", Bands).root
    cases = CASES["bands"][axis]
    number, _ = _band(bands)
    frame = pl.DataFrame({"points": [float(points) for points, _ in cases]})
    assert frame.select(number.alias("band"))["band"].to_list() == [band for _, band in cases]
    assert {band.from_ for band in bands} <= {points for points, _ in cases}


def test_a_measure_without_meaning_may_still_add_points() -> None:
    for rule, reasons in CASES["not_applicable"].items():
        code = next(named.rule.indicator for named in RULES if named.name == rule)
        for reason, points in reasons.items():
            row = judged(indicator(code, None, "not_applicable", reason), rule)
            assert (row["points"], row["missing"]) == (points, False)


def test_a_missing_input_adds_nothing_and_is_counted() -> None:
    row = judged(indicator("net_debt_to_ebitda", None, "not_filed", "not filed: cash"), "leverage")
    assert (row["points"], row["missing"], row["evidence_id"]) == (0.0, True, None)
    assert row["reason"] == "Net debt against EBITDA: no input (not filed: cash)."


def test_the_reason_is_a_sentence_with_figure_and_date() -> None:
    frame = indicator("net_debt_to_ebitda", 4.26).with_columns(pl.lit("times").alias("unit"))
    row = judged(frame, "leverage")
    assert row["reason"] == "Net debt is 4.3 times EBITDA in the accounts to 30 June 2025."
    assert row["evidence_id"] == "g.net_debt_to_ebitda"


def test_coverage_is_the_share_of_points_whose_rules_have_input() -> None:
    card = judge(pl.DataFrame({"group_id": ["g"]}), indicator("homes", 5.0), PARAMETERS, VALUES)
    coverage = dict(card.score.select("axis", "coverage").rows())
    most = {named.name: named.rule.maximum for named in RULES if named.axis == "impact"}
    assert coverage == {"impact": pytest.approx(most["homes"] / sum(most.values()), abs=1e-6), "likelihood": 0.0}


def test_a_grave_rule_does_not_count_in_the_coverage_and_makes_a_likelihood_alone() -> None:
    card = judge(pl.DataFrame({"group_id": ["g"]}), indicator("insolvency_open", 1.0), PARAMETERS, VALUES)
    row = card.score.filter(pl.col("axis") == "likelihood").row(0, named=True)
    assert (row["band"], row["coverage"]) == (5, 0.0)
    assert row["band_name"] == "Severe indicators, on little evidence"
    none = judge(pl.DataFrame({"group_id": ["g"]}), indicator("insolvency_open", 0.0), PARAMETERS, VALUES)
    row = none.score.filter(pl.col("axis") == "likelihood").row(0, named=True)
    assert (row["band"], row["band_name"]) == (None, "Not assessed: too little evidence")


def test_an_emphasis_of_matter_is_no_grave_sign_and_a_qualified_opinion_is() -> None:
    bands = []
    for level in (1.0, 2.0):
        card = judge(pl.DataFrame({"group_id": ["g"]}), indicator("audit_opinion", level), PARAMETERS, VALUES)
        bands.append(card.score.filter(pl.col("axis") == "likelihood")["band"].item())
    assert bands == [None, 2]


@pytest.mark.parametrize("case", CASES["evidence"], ids=str)
def test_a_likelihood_needs_its_evidence(case: list[Any]) -> None:
    points, coverage, grave, band, name = case
    number, words = _band(VALUES.parse("scorecard.bands.likelihood", Bands).root)
    frame = pl.DataFrame({"points": [float(points)], "coverage": [float(coverage)], "grave": [grave]})
    row = _weighed(frame.with_columns(number.alias("band"), words.alias("band_name")), VALUES).row(0, named=True)
    assert (row["band"], row["band_name"]) == (band, name)


def test_the_registers_without_any_accounts_are_too_little_and_a_balance_sheet_is_enough() -> None:
    least = VALUES.parse("scorecard.bands.evidence", Evidence).least_coverage
    counting = {n.rule.indicator: n.rule.maximum for n in RULES if n.axis == "likelihood" and n.rule.grave is None}
    of_accounts = {
        "net_debt_to_ebitda", "interest_cover", "operating_margin", "free_cash_flow_to_net_debt", "acid_ratio",
        "cash_days", "net_assets", "net_tangible_assets", "altman_z2", "operating_margin_change", "accounts_restated",
        "accounts_age_months",
    }  # fmt: skip
    balance = {"net_assets", "accounts_restated", "accounts_age_months"}
    assert of_accounts <= set(counting)
    total = sum(counting.values())
    registers = sum(points for code, points in counting.items() if code not in of_accounts)
    assert registers / total < least
    assert (registers + sum(counting[code] for code in balance)) / total > least


@pytest.mark.parametrize("named", RULES, ids=lambda named: f"{named.axis}.{named.name}")
def test_every_sentence_of_a_rule_can_be_said(named: Any) -> None:
    for text in filter(None, (named.rule.sentence, named.rule.none, named.rule.negative)):
        said = text.format(value="9%", size="9%", date="31 March 2025", reason="because")
        assert said.endswith("."), said
        assert "  " not in said
    assert "{date}" in named.rule.sentence or "{reason}" in named.rule.sentence, "every reason gives a day"


@pytest.mark.parametrize(
    ("code", "value", "unit", "said"),
    [
        ("homes_change", -50.0, "percent", "Registered homes fell by 50% in the twelve months to 30 June 2025 (why)."),
        ("homes_change", 2.34, "percent", "Registered homes rose by 2.3% in the twelve months to 30 June 2025 (why)."),
        ("net_assets", -21_635_000.0, "pounds", "Liabilities exceed assets by £21.6 million at 30 June 2025."),
        ("net_debt_to_ebitda", -0.4, "times", "There is net cash, not net debt, in the accounts to 30 June 2025."),
        (
            "interest_cover", -0.5, "times",
            "An operating loss covers none of the net interest in the accounts to 30 June 2025.",
        ),
        ("charges_new", 0.0, "count", "No charge was registered in the twelve months to 30 June 2025."),
        ("charges_new", 2.0, "count", "Charges registered in the last twelve months: 2, the newest on 30 June 2025."),
        ("accounts_late_days", 1.0, "days", "The newest accounts were filed 1 day late, on 30 June 2025."),
        ("going_concern", 1.0, "level", "Going concern: material uncertainty (why)."),
    ],
)  # fmt: skip
def test_reasons_read_as_sentences(code: str, value: float, unit: str, said: str) -> None:
    frame = indicator(code, value, reason="why").with_columns(pl.lit(unit).alias("unit"))
    rule = next(named.name for named in RULES if named.rule.indicator == code)
    assert judged(frame, rule)["reason"] == said


def test_words_say_indicator_and_never_that_a_provider_fails() -> None:
    text = " ".join(
        [named.rule.sentence for named in RULES]
        + [band.name for axis in AXES for band in VALUES.parse(f"scorecard.bands.{axis}", Bands).root]
        + [str(VALUES.get("scorecard.bands.wording"))]
    ).lower()
    assert "indicator" in text
    for word in ("will fail", "is failing", "insolvent", "subject to oversight", "probability of"):
        assert word not in text


@pytest.mark.parametrize(
    "steps",
    [
        [{"points": 0}, {"points": 1}],
        [{"from": 1, "points": 0}, {"from": 2, "points": 1}],
        [{"points": 0}, {"from": 5, "points": 1}, {"from": 2, "points": 2}],
        [{"points": 0}, {"from": 5, "points": -1}],
        [{"points": 0}, {"beyond": 5, "points": 1}],
    ],
)
def test_a_rule_with_wrong_steps_is_refused(steps: list[dict[str, float]]) -> None:
    with pytest.raises(ValidationError):
        Rule.model_validate({"indicator": "x", "steps": steps, "sentence": "."})
