"""The data quality sheet: when the register last answered, and what an analyst replaced, with who and why."""

from datetime import date

import polars as pl

from oversight.model.ids import row_id
from risk.assess import assess
from risk.parameters import load
from tests.risk.build import Builder


def test_the_last_answer_and_who_replaced_a_figure_and_why() -> None:
    made = Builder()
    made.company("00000001", "ALPHA CARE LTD")
    made.link("Alpha Care Ltd", "00000001")
    made.homes("Alpha Care Ltd", 2)
    end = date(2024, 12, 31)
    document = made.accounts("00000001", end, {"turnover": 1_000_000.0, "net_assets": 5.0})
    made.override(row_id(document, "turnover", end, "False"), "900000")
    evidence = made.evidence()
    found = assess(evidence, load()).quality
    told = {row["measure"]: row for row in found.iter_rows(named=True)}
    assert told["overridden_figures"]["value"] == "1"
    (decision,) = evidence.override.rows(named=True)
    assert f"turnover by {decision['author']}: {decision['reason']}" in told["overridden_figures"]["note"]
    answered = evidence.visible.join(evidence.company.select("document_id"), on="document_id")["retrieved_at"].max()
    assert told["last_refresh"]["value"] == answered.date().isoformat()  # type: ignore[union-attr]


def test_a_group_without_companies_has_no_answer_and_no_replaced_figure() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 2)
    found = assess(made.evidence(), load()).quality
    assert not set(found["measure"]) & {"last_refresh", "overridden_figures"}
    assert found.filter(pl.col("measure") == "linked_share_of_homes").height == 1
