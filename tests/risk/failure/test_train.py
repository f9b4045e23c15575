"""Fitting: the truth is found, signs are kept, the same data give the same model, nothing leaks."""

import json
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from oversight.errors import InputError
from risk.failure import validate
from risk.failure.card import card_markdown, strongest
from risk.failure.model import BOTH, CHALLENGER, RECORD, Curves, FailureModel
from risk.failure.panel import Panel, build
from risk.failure.train import train
from risk.failure.validate import cross_validate, held_back, last_period_of_unseen, on_panel
from risk.learning.folds import last_period
from tests.risk.failure.invented import QUICK, panel

SIGNS = {"debt": 1, "margin": -1}


@pytest.fixture(autouse=True)
def _few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validate, "_DRAWS", 30)


def made(frame: pl.DataFrame) -> Panel:
    return build(frame, target="failed", entity="company", period="year")


@pytest.fixture(scope="module")
def model() -> FailureModel:
    return train(made(panel()), signs=SIGNS, settings=QUICK, names={"target": "failed"})


def test_both_witnesses_rank_new_companies(model: FailureModel) -> None:
    figures = on_panel(model, made(panel(seed=1)))
    assert set(figures) == {RECORD, CHALLENGER, BOTH}
    for found in figures.values():
        assert found["auc"]["low"] < found["auc"]["value"] < found["auc"]["high"]
        assert found["auc"]["value"] > 0.75
        assert found["brier_skill"]["value"] > 0.0


def test_probabilities_lie_within_their_intervals(model: FailureModel) -> None:
    for witness in model.witnesses.values():
        estimate = witness.estimate(made(panel(seed=1)))
        assert (estimate.low <= estimate.probability).all()
        assert (estimate.probability <= estimate.high).all()
        assert 0 < np.median(estimate.high - estimate.low) < 0.5


@pytest.mark.parametrize("figure", ["debt", "margin"])
def test_expected_signs_hold_for_both(model: FailureModel, figure: str) -> None:
    new = made(panel(seed=2, years=1))
    values = np.tile(new.values[:1], (40, 1))
    values[:, new.columns.index(figure)] = np.linspace(-3, 3, 40)
    swept = Panel(new.columns, values, np.zeros(40), np.arange(40), np.zeros(40))
    for witness in model.witnesses.values():
        assert (SIGNS[figure] * np.diff(witness.scorer.scores(witness.recipe.make(swept))[0]) >= -1e-9).all()


def test_a_value_that_many_share_does_not_break_a_sign() -> None:
    """Companies with a margin of exactly nil never fail here, which is a quirk; the curve must fall all the same."""
    frame = panel(400).with_columns(
        margin=pl.when((pl.int_range(pl.len()) % 3 == 0) & (pl.col("failed") == 0)).then(0.0).otherwise("margin")
    )
    for signs, falls in ((SIGNS, True), ({}, False)):
        figures = ["debt", "margin"]
        found = build(frame, target="failed", only=figures)
        witness = train(found, signs=signs, settings=QUICK).witnesses[RECORD]
        grid = np.column_stack([np.zeros(41), np.linspace(-2, 2, 41)])
        new = Panel(("debt", "margin"), grid, np.zeros(41), None, None)
        assert (np.diff(witness.scorer.scores(witness.recipe.make(new))[0]) <= 1e-9).all() == falls


def test_a_gap_is_information(model: FailureModel) -> None:
    new = made(panel(seed=3))
    filled, gaps = new.values.copy(), new.values.copy()
    place = new.columns.index("cash")
    filled[:, place], gaps[:, place] = 0.0, np.nan
    for witness in model.witnesses.values():
        chance = [witness.estimate(replace(new, values=values)).probability.mean() for values in (filled, gaps)]
        assert chance[1] > chance[0]


def test_contributions_add_up_to_the_score(model: FailureModel) -> None:
    witness = model.witnesses[RECORD]
    assert isinstance(witness.scorer, Curves)
    features = witness.recipe.make(made(panel(seed=4)))
    added = witness.scorer.line.intercept + witness.scorer.contributions(features).sum(axis=1)
    assert added == pytest.approx(witness.scorer.scores(features)[0])


def test_the_same_data_give_the_same_parts(model: FailureModel) -> None:
    again = train(made(panel()), signs=SIGNS, settings=QUICK, names={"target": "failed"})
    first, second = model.to_parts(), again.to_parts()
    assert json.dumps(first[0], sort_keys=True) == json.dumps(second[0], sort_keys=True)
    assert first[1].keys() == second[1].keys()
    assert all(np.array_equal(first[1][name], second[1][name]) for name in first[1])


def test_a_model_comes_back_from_its_parts(model: FailureModel) -> None:
    raw, arrays = model.to_parts()
    back = FailureModel.from_parts(json.loads(json.dumps(raw)), arrays)
    new = made(panel(seed=5))
    for name, chance in model.chances(new).items():
        assert (back.chances(new)[name] == chance).all()


@pytest.mark.parametrize(
    "change",
    [{"version": 99}, {"base_rate": 2}, {RECORD: {}}, {RECORD: None}, {CHALLENGER: {"members": 9}}, {"about": None}],
)
def test_parts_that_do_not_fit_are_refused(model: FailureModel, change: dict[str, object]) -> None:
    raw, arrays = model.to_parts()
    with pytest.raises(InputError):
        FailureModel.from_parts({**raw, **change}, arrays)


def test_without_the_outcome_there_is_nothing_to_find() -> None:
    rng = np.random.default_rng(0)
    frame = panel(400)
    shuffled = frame.with_columns(failed=pl.Series(rng.permutation(frame["failed"].to_numpy())))
    plain = build(shuffled, target="failed", entity="company")
    figures, _ = cross_validate(plain, 3, settings=QUICK)
    for found in figures.values():
        assert 0.35 < found["auc"]["value"] < 0.65


def test_out_of_fold_figures_cover_every_row_once() -> None:
    frame = panel()
    figures, estimates = cross_validate(made(frame), 3, settings=QUICK)
    assert figures[RECORD]["rows"] == len(frame)
    assert figures[RECORD]["clusters"] == 250
    assert all(np.isfinite(each).all() for each in estimates.values())


def test_a_company_that_repeats_does_not_help() -> None:
    """Rows of one company with the same noise: a leak between folds would let the trees learn companies by heart."""
    rng = np.random.default_rng(0)
    companies = 120
    mark = np.repeat(rng.normal(size=companies), 6)
    failed = np.repeat((rng.random(companies) < 0.3).astype(int), 6)
    frame = pl.DataFrame({"company": np.repeat(np.arange(companies), 6), "mark": mark, "failed": failed})
    found = build(
        frame.with_columns(mark=pl.col("mark") + 0.001 * pl.int_range(pl.len())), target="failed", entity="company"
    )
    figures, _ = cross_validate(found, 3, settings=QUICK)
    assert figures[CHALLENGER]["auc"]["value"] < 0.65


def test_split_by_time_and_by_time_and_company() -> None:
    whole = made(panel(only_last=False))
    assert whole.period is not None
    model, figures = held_back(whole, last_period(whole.period)[0], settings=QUICK)
    assert model.about["rows"] == 500
    assert figures[RECORD]["rows"] == 250
    unseen = last_period_of_unseen(whole, 3, settings=QUICK)
    assert unseen[RECORD]["rows"] == 250
    assert unseen[RECORD]["auc"]["value"] > 0.7


def test_windows_are_judged_once_each() -> None:
    frame = panel().with_columns(pl.col("failed").max().over("company"))
    model = train(made(frame), settings=QUICK)
    assert model.window
    assert model.about["rows"] == 250
    assert on_panel(model, made(frame))[RECORD]["rows"] == 250


def test_moved_to_the_real_base_rate_probabilities_average_to_it(model: FailureModel) -> None:
    figures = on_panel(model, made(panel(seed=6)), base_rate=0.01)
    for found in figures.values():
        assert found["base_rate"] == pytest.approx(0.01)
        assert found["brier_skill"]["value"] > -0.05
        assert found["expected_calibration_error"]["value"] < 0.01


def test_a_sign_for_no_figure_is_refused() -> None:
    with pytest.raises(InputError, match="sign"):
        train(made(panel()), signs={"nothing": 1}, settings=QUICK)


def test_too_few_failures_are_refused() -> None:
    frame = panel().with_columns(failed=(pl.int_range(pl.len()) == 2).cast(pl.Int64))
    with pytest.raises(InputError, match="folds need"):
        train(made(frame), settings=QUICK)


def test_the_card_says_what_it_is_and_what_it_is_not(model: FailureModel) -> None:
    card = card_markdown(model, {"out_of_fold": on_panel(model, made(panel(seed=7)))})
    assert "never says that a company will fail" in card
    assert "| AUC |" in card
    shapes = {name: shape for name, _, shape, _ in strongest(model.witnesses[RECORD], 99)}
    assert (shapes["debt"], shapes["margin"]) == ("rises", "falls")
