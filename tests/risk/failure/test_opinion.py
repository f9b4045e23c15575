"""The second opinion: from lines of account to a rank with reasons; what the shipped model may and may not say."""

import json
from collections.abc import Sequence
from datetime import date

import numpy as np
import polars as pl
import pytest

from oversight.errors import InputError
from oversight.model.tables.derived import NOT_APPLICABLE, NOT_FILED, VALUE
from oversight.pipeline.shipped import shipped_models
from risk.assess import assess
from risk.failure.card import strongest
from risk.failure.model import Curves
from risk.failure.opinion import ESTIMATE, RANK, second_opinion
from risk.failure.ratios import BY_CODE, COMMON
from risk.failure.starter import BALANCE, FULL, OUTCOME, Starter, fit, from_polish, panel_of
from risk.parameters import load
from tests.risk import market

VALUES = load().at(date(2025, 1, 1))
STARTER = shipped_models().failure
assert STARTER is not None


def books(groups: int = 10, without: Sequence[str] = ()) -> pl.DataFrame:
    """Accounts of record of groups, each with a little less equity and profit than the one before it."""
    rows = []
    for number in range(groups):
        lines = {
            "fixed_assets": 100.0, "current_assets": 100.0, "creditors_within_one_year": -80.0 - 5 * number,
            "net_assets": 100.0 - 9 * number, "share_capital": 1.0, "stocks": 0.0, "debtors": 60.0, "cash": 40.0,
            "turnover": 300.0, "operating_profit": 30.0 - 5 * number, "profit_after_tax": 20.0 - 5 * number,
            "interest_payable": -5.0, "depreciation": 5.0, "amortisation": 0.0,
        }  # fmt: skip
        head = {
            "group_id": f"g{number:02d}", "period_id": f"p{number:02d}", "period_end": date(2024, 3, 31),
            "months": 12.0, "basis": "company", "note": None, "latest": True, "unreliable": [],
        }  # fmt: skip
        rows.append(head | lines)
    table = pl.DataFrame(rows, infer_schema_length=None).with_columns(
        pl.col("note").cast(pl.String), pl.col("unreliable").cast(pl.List(pl.String)),
        pl.lit(None, dtype=pl.Float64).alias("depreciation_and_amortisation"),
    )  # fmt: skip
    return table.with_columns(pl.lit(None, dtype=pl.Float64).alias(line) for line in without)


def said(table: pl.DataFrame) -> dict[str, dict[str, dict[str, object]]]:
    assert STARTER is not None
    found = second_opinion(table, STARTER, VALUES)
    rows: dict[str, dict[str, dict[str, object]]] = {}
    for row in found.indicator.iter_rows(named=True):
        rows.setdefault(row["group_id"], {})[row["code"]] = row
    return rows


def test_the_weaker_accounts_rank_above_the_stronger() -> None:
    found = said(books())
    ranks = [found[f"g{number:02d}"][RANK]["value"] for number in range(10)]
    assert ranks == sorted(ranks, key=float)  # type: ignore[arg-type]
    assert (ranks[0], ranks[-1]) == (0, 100)
    reason = str(found["g09"][RANK]["reason"])
    assert reason.startswith(
        "top fifth; second opinion of a foreign model on the balance sheet and profit and loss account"
    )
    assert "not calibrated for this sector" in reason
    assert "raised by" in reason


def test_the_estimate_is_moved_to_the_uk_base_rate() -> None:
    found = said(books())
    chances = [float(str(each[ESTIMATE]["value"])) for each in found.values()]
    assert 0 < min(chances) < max(chances) < 15
    assert "UK base rate 0.52%" in str(found["g00"][ESTIMATE]["reason"])


def test_a_balance_sheet_alone_is_enough_and_said() -> None:
    found = said(books(without=("turnover", "operating_profit", "profit_after_tax", "interest_payable")))
    assert "on the balance sheet alone" in str(found["g05"][RANK]["reason"])
    assert found["g05"][RANK]["status"] == VALUE


def test_too_little_gives_no_opinion_and_too_few_no_rank() -> None:
    nothing = ("current_assets", "net_assets", "creditors_within_one_year")
    assert said(books(without=nothing))["g00"][RANK]["status"] == NOT_FILED
    few = said(books(3))["g00"]
    assert few[RANK]["status"] == NOT_APPLICABLE
    assert few[ESTIMATE]["status"] == VALUE
    assert said(books(1).head(0)) == {}


def test_opinions_walk_home_to_lines_of_account() -> None:
    assert STARTER is not None
    found = second_opinion(books(), STARTER, VALUES)
    for item in ("g03.failure_model_rank.2024-03-31", "g03.failure_model_estimate.2024-03-31"):
        inputs = set(found.lineage.filter(pl.col("item_id") == item)["input_id"])
        assert inputs >= {"p03.net_assets", "p03.current_assets", "p03.operating_profit"}
        assert all(each.startswith("p03.") for each in inputs)


def test_a_run_without_models_says_nothing_and_scores_the_same() -> None:
    evidence, parameters = market.evidence(), load()
    without, with_ = assess(evidence, parameters).tables(), assess(evidence, parameters, shipped_models()).tables()
    assert with_["indicator"].filter(pl.col("code") == ESTIMATE).height > 0
    assert without["indicator"].filter(pl.col("code").is_in([RANK, ESTIMATE])).height == 0
    for name in ("register_entry", "score", "contribution"):
        assert with_[name].equals(without[name]), name


def test_signs_are_those_a_credit_analyst_expects() -> None:
    assert STARTER is not None
    for name in (FULL, BALANCE):
        scorer, codes = STARTER.witness(name).scorer, STARTER.models[name].figures
        assert isinstance(scorer, Curves)
        for place, code in enumerate(codes):
            steps = scorer.line.coefficients[(scorer.ramps.owner == place) & (scorer.ramps.is_ramp > 0)]
            assert (BY_CODE[code].sign * steps >= 0).all(), code
        assert any(scorer.line.coefficients)


def test_a_gap_adds_nothing() -> None:
    assert STARTER is not None
    for name in (FULL, BALANCE):
        model = STARTER.models[name]
        scorer = STARTER.witness(name).scorer
        assert isinstance(scorer, Curves)
        empty = panel_of({code: [None] for code in model.figures}, model.figures)
        assert (scorer.contributions(STARTER.witness(name).recipe.make(empty)) == 0).all()


def test_the_starter_credits_its_source_and_survives_json() -> None:
    assert STARTER is not None
    assert "CC BY 4.0" in STARTER.attribution
    again = Starter.from_json(STARTER.to_json())
    assert again.fingerprint == STARTER.fingerprint
    for text in ("", "{}", json.dumps({"attribution": "x", "models": {}})):
        with pytest.raises(InputError):
            Starter.from_json(text)


def test_a_starter_is_fitted_the_same_twice() -> None:
    rng = np.random.default_rng(0)
    table = pl.DataFrame({f"Attr{common.attribute}": rng.normal(size=400) for common in COMMON})
    weak = (table["Attr2"] + rng.normal(size=400) > 1.5).cast(pl.Int64)
    frame = from_polish([table.with_columns(weak.alias("class"))])
    assert frame[OUTCOME].sum() == weak.sum()
    first = fit(frame, "nobody")
    assert first.to_json() == fit(frame, "nobody").to_json()
    assert strongest(first.witness(FULL), 1)[0][0] == "liabilities_to_assets"
