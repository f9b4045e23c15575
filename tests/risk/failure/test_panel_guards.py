"""What would leak the answer is left out and said; what cannot be learnt from is an error with a next step."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oversight.errors import InputError
from risk.failure.panel import at_risk, build, is_window, newest
from tests.risk.failure.invented import panel

NAMED = {"target": "failed", "entity": "company", "period": "year"}


def notes(frame: pl.DataFrame, **names: str) -> dict[str, str]:
    made = build(frame, **{**NAMED, **names})
    return dict(note.split(": ", 1) for note in made.notes)


def test_figures_are_kept_with_their_gaps() -> None:
    frame = panel()
    made = build(frame, **NAMED)
    assert made.columns == ("debt", "margin", "cash", "noise")
    assert np.isnan(made.values[:, 2]).sum() == frame["cash"].null_count()
    assert made.outcome.sum() == frame["failed"].sum()


@pytest.mark.parametrize(
    ("column", "why"),
    [
        (pl.col("failed").alias("x"), "says the same as the outcome"),
        ((1 - pl.col("failed")).alias("x"), "says the same as the outcome"),
        (pl.when(pl.col("failed") == 1).then(pl.lit("Liquidation")).otherwise(pl.lit("Active")).alias("x"), "same as"),
        (pl.when(pl.col("failed") == 1).then(pl.col("noise")).alias("x"), "decides the outcome"),
        ((pl.col("failed") * 100 + pl.col("noise")).alias("x"), "decides the outcome"),
        (pl.col("company").alias("x"), "names rows or companies"),
        (pl.col("debt").alias("x"), "copy of debt"),
        (pl.lit("text").alias("x"), "text"),
        (pl.lit(None, dtype=pl.Float64).alias("x"), "empty"),
        (pl.lit(3.0).alias("x"), "never varies"),
        (pl.int_range(pl.len()).alias("x"), "names rows"),
    ],
)
def test_a_column_that_leaks_or_says_nothing_is_left_out(column: pl.Expr, why: str) -> None:
    found = notes(panel().with_columns(column))
    assert "left out" in found["x"]
    assert why in found["x"]


def test_a_registration_number_is_no_figure_even_without_an_entity() -> None:
    frame = panel(years=1).with_columns(pl.col("company").cast(pl.Int64).shuffle(1).alias("company_number"))
    made = build(frame.drop("company", "year"), target="failed")
    assert "company_number" not in made.columns


def test_numbers_as_text_are_read_and_stray_text_is_a_gap() -> None:
    frame = panel().with_columns(pl.col("debt").cast(pl.String))
    frame = frame.with_columns(pl.when(pl.int_range(pl.len()) == 5).then(pl.lit("n/d")).otherwise("debt").alias("debt"))
    made = build(frame, **NAMED)
    assert np.isnan(made.values[5, 0])
    assert "debt: 1 values are no numbers and count as gaps" in made.notes


def test_infinities_are_gaps() -> None:
    frame = panel().with_columns(
        pl.when(pl.int_range(pl.len()) == 5).then(float("inf")).otherwise("debt").alias("debt")
    )
    assert np.isnan(build(frame, **NAMED).values[5, 0])


@pytest.mark.parametrize(
    ("change", "names", "message"),
    [
        (lambda frame: frame, {"target": "Failed"}, "no column 'Failed'"),
        (lambda frame: frame.with_columns(failed=pl.lit(0)), {}, "same in every row"),
        (lambda frame: frame.with_columns(failed=pl.int_range(pl.len()) % 3), {}, "neither yes nor no"),
        (lambda frame: frame.with_columns(failed=pl.lit(None)), {}, "neither yes nor no"),
        (lambda frame: frame.head(0), {}, "no rows"),
        (lambda frame: frame.select("company", "year", "failed"), {}, "no column of the panel is a figure"),
        (lambda frame: frame.with_columns(year=pl.lit(2020)), {}, "share their company and period"),
        (lambda frame: frame.with_columns(year=pl.lit("soon")), {}, "neither a number nor a date"),
        (lambda frame: frame.with_columns(pl.lit(None, dtype=pl.Float64).alias(c) for c in ("debt", "margin", "cash",
                                          "noise")), {}, "no column of the panel is a figure"),
    ],
)  # fmt: skip
def test_a_panel_that_cannot_be_learnt_from_is_refused(change, names, message) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    with pytest.raises(InputError, match=message) as caught:
        build(change(panel()), **{**NAMED, **names})
    assert caught.value.next_step or caught.value.where


@pytest.mark.parametrize("words", [("alive", "failed"), ("0", "1"), ("No", "Yes"), ("false", "true")])
def test_outcomes_in_words(words: tuple[str, str]) -> None:
    frame = panel().with_columns(pl.col("failed").replace_strict({0: words[0], 1: words[1]}))
    assert build(frame, **NAMED).outcome.sum() == panel()["failed"].sum()


def test_years_after_a_failure_are_left_out() -> None:
    frame = panel(only_last=False)
    made = at_risk(build(frame, **NAMED))
    assert made.entity is not None
    assert made.period is not None
    for company in range(50):
        own = made.entity == company
        failed = made.period[own][made.outcome[own] > 0]
        assert len(failed) <= 1
        assert not len(failed) or failed[0] == made.period[own].max()
    assert any("after their company's failure" in note for note in made.notes)


def test_windows_are_known_and_judged_by_their_newest_row() -> None:
    frame = panel().with_columns(pl.col("failed").max().over("company"))
    made = build(frame, **NAMED)
    assert is_window(made)
    assert at_risk(made) is made
    assert newest(made).sum() == 250
    assert not is_window(build(panel(), **NAMED))


def test_copies_of_a_row_are_one_group() -> None:
    frame = panel(years=1).drop("company", "year")
    made = build(pl.concat([frame, frame.head(10)]), target="failed")
    assert (made.group[:10] == made.group[-10:]).all()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.one_of(st.none(), st.integers(-(10**20), 10**20), st.floats(), st.text(max_size=5), st.booleans()),
        min_size=30, max_size=30,
    )
)  # fmt: skip
def test_whatever_stands_in_a_column_is_a_figure_or_a_note(values: list[object]) -> None:
    text = pl.Series("x", [None if value is None else str(value) for value in values], dtype=pl.String)
    frame = panel(30, 1).drop("company", "year").with_columns(text)
    made = build(frame, target="failed")
    assert ("x" in made.columns) != any(note.startswith("x: left out") for note in made.notes)
    assert not np.isinf(made.values).any()
