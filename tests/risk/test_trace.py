"""Every figure of the register walks home to a document, a place in it and an address."""

from typing import Any

import polars as pl
import pytest

from oversight.errors import InputError
from risk.assess import assess
from risk.parameters import load
from risk.register import FIGURES
from risk.trace import trace
from tests.risk import market

EVIDENCE = market.evidence()
TABLES = assess(EVIDENCE, load()).tables() | {"visible": EVIDENCE.visible}
ENTRIES = TABLES["register_entry"]


def entry(name: str) -> str:
    return str(ENTRIES.filter(pl.col("group_name").str.contains(name))["entry_id"][0])


def test_every_figure_that_is_there_walks_home() -> None:
    for row in ENTRIES.iter_rows(named=True):
        for figure in FIGURES:
            if row[figure] is None:
                continue
            walked = trace(TABLES, f"{row['entry_id']}.{figure}")
            homes = walked.homes()
            assert homes, (row["group_name"], figure)
            assert all(home.url and home.document_id for home in homes)
            assert all(step.kind != "unknown" for step in walked.steps()), (row["group_name"], figure)


def test_every_column_of_an_entry_can_be_asked_for() -> None:
    for column in ENTRIES.columns:
        walked = trace(TABLES, f"{entry('GAMMA')}.{column}")
        assert walked.inputs, column
        assert all(step.kind != "unknown" for step in walked.steps()), column


def test_a_ratio_rests_on_the_lines_as_printed() -> None:
    walked = trace(TABLES, f"{entry('ALPHA')}.operating_margin")
    lines = {step.label: step for step in walked.steps() if step.kind == "line"}
    assert set(lines) == {"operating_profit", "turnover"}
    assert lines["turnover"].locator == "c1/turnover/0"
    assert lines["turnover"].value == "10000000.0"
    assert str(lines["turnover"].url).startswith("https://example.org/companies_house.accounts/")


def test_a_sum_walks_to_each_company() -> None:
    walked = trace(TABLES, f"{entry('BETA')}.current_ratio")
    documents = {step.document_id for step in walked.steps() if step.kind == "line"}
    assert len(documents) == 2


def test_homes_walk_to_the_rows_of_the_publication() -> None:
    walked = trace(TABLES, f"{entry('GAMMA')}.homes")
    rows = [step.locator for step in walked.steps() if step.kind == "document"]
    assert len(rows) == 3
    assert all(str(row).startswith("sheet 'Providers' row") for row in rows)


def test_a_band_walks_to_its_reasons() -> None:
    walked = trace(TABLES, f"{entry('GAMMA')}.likelihood")
    kinds = {step.kind for step in walked.steps()}
    assert {"score", "contribution", "indicator", "event"} <= kinds
    insolvency = [step for step in walked.steps() if step.kind == "event" and step.label.startswith("insolvency")]
    assert insolvency[0].locator == "/cases/0/dates/0"


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("indicator", "indicator_id"), ("contribution", "contribution_id"), ("account", "account_id"),
        ("score", "score_id"), ("event", "event_id"), ("exposure", "exposure_id"), ("scope", "scope_id"),
        ("alert", "alert_id"), ("account_period", "period_id"), ("account", "line_id"), ("group", "group_id"),
        ("holding", "holding_id"),
    ],
)  # fmt: skip
def test_any_id_of_a_run_can_be_traced(table: str, key: str) -> None:
    for item in TABLES[table][key].drop_nulls().sort()[:20]:
        assert trace(TABLES, item).item == item


@pytest.mark.parametrize("item", ["R-00000000", "R-00000000.homes", "nothing", ""])
def test_an_unknown_item_is_refused(item: str) -> None:
    with pytest.raises(InputError, match="no such item"):
        trace(TABLES, item)


def test_an_unknown_figure_is_refused_with_the_choice() -> None:
    with pytest.raises(InputError, match="no such figure") as caught:
        trace(TABLES, f"{entry('BETA')}.luck")
    assert "turnover" in caught.value.next_step


def test_the_owner_found_walks_to_the_register_that_says_so() -> None:
    walked = trace(TABLES, f"{entry('ALPHA')}.uk_parent_number")
    steps = [step for step in walked.steps() if step.kind == "holding"]
    assert [step.role for step in steps] == ["control"]
    assert steps[0].source == "companies_house.psc"
    assert steps[0].label.endswith("majority by register")


def test_a_document_says_which_source_it_came_from() -> None:
    homes = trace(TABLES, f"{entry('GAMMA')}.homes").homes()
    assert {step.source for step in homes} == {"ofsted.provider_level"}
    margin = trace(TABLES, f"{entry('ALPHA')}.operating_margin").homes()
    assert {step.source for step in margin} == {"companies_house.accounts"}


def test_a_walk_passes_over_each_table_a_few_times_however_many_steps_it_has() -> None:
    passes = 0

    class Counted(pl.DataFrame):
        def filter(self, *args: Any, **kwargs: Any) -> pl.DataFrame:
            nonlocal passes
            passes += 1
            return super().filter(*args, **kwargs)

    lineage = Counted(TABLES["lineage"])
    walked = trace(TABLES | {"lineage": lineage}, f"{entry('GAMMA')}.rating")
    assert len(list(walked.steps())) > 60
    assert 0 < passes <= 14
