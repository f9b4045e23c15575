"""The assessment as a whole: golden register, empty evidence, order of rows, and missing evidence."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oversight.model.evidence import Evidence
from oversight.model.times import AsAt
from risk.assess import assess
from risk.parameters import load
from risk.ratios import catalogue
from tests.risk import golden, market

PARAMETERS = load()
EVIDENCE = market.evidence()
FULL = assess(EVIDENCE, PARAMETERS).tables()
FRAMES = ("visible", *Evidence.table_names())
FINANCIAL = ("line", "filing", "charge", "officer", "ownership", "insolvency", "statement", "company", "link")


def test_the_golden_register() -> None:
    assert golden.register() == json.loads(golden.PATH.read_text(encoding="utf-8"))


def test_no_evidence_gives_an_empty_assessment() -> None:
    as_at = AsAt(date(2026, 11, 22), datetime(2026, 11, 22, tzinfo=UTC))
    tables = assess(Evidence.empty(as_at), PARAMETERS).tables()
    assert {name: frame.height for name, frame in tables.items() if frame.height} == {}


def test_homes_alone_give_a_register_without_figures() -> None:
    bare = Evidence.empty(EVIDENCE.as_at)
    tables = assess(replace(bare, home=EVIDENCE.home, visible=EVIDENCE.visible), PARAMETERS).tables()
    entry = tables["register_entry"]
    assert entry.height == 4
    assert entry["turnover"].null_count() == 4
    stages = dict(entry.select("group_name", "proposed_stage").rows())
    halved = "Gamma House Ltd"
    assert stages == {"Alpha Care Ltd": 1, "Beta Homes Limited": 1, "Delta Kids Limited": 1, halved: 3}
    assert (entry["likelihood_coverage"] < 0.2).all()
    assert entry["likelihood"].null_count() == entry["rating"].null_count() == 4
    assert set(entry["likelihood_name"]) == {"Not assessed: too little evidence"}
    assert entry["cause"].str.contains("since no company is linked to this owner").all()
    assert set(tables["group"]["kind"]) == {"unlinked", "council"}


def with_tables(**tables: Any) -> Evidence:
    return replace(EVIDENCE, **tables)


def shuffled(frame: pl.DataFrame, seed: int) -> pl.DataFrame:
    return frame.sample(fraction=1.0, shuffle=True, seed=seed) if frame.height else frame


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(min_value=0, max_value=2**31))
def test_the_order_of_rows_makes_no_difference(seed: int) -> None:
    other = with_tables(**{name: shuffled(getattr(EVIDENCE, name), seed) for name in FRAMES})
    tables = assess(other, PARAMETERS).tables()
    for name, frame in FULL.items():
        assert tables[name].equals(frame), name


def valued(tables: dict[str, pl.DataFrame]) -> set[tuple[str, str]]:
    ratios = [ratio.code for ratio in catalogue(PARAMETERS.at(EVIDENCE.as_at.on))]
    rows = tables["indicator"].filter(pl.col("status") == "value", pl.col("code").is_in(ratios))
    return set(rows.select("code", "indicator_id").rows())


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_taking_lines_away_never_makes_a_figure(data: st.DataObject) -> None:
    """A ratio without a value cannot get one because evidence is gone; only its accounts may be other ones."""
    lines = EVIDENCE.line.filter(pl.col("company_number") != market.BETA_CHILD)
    kept = data.draw(st.lists(st.booleans(), min_size=lines.height, max_size=lines.height))
    fewer = replace(EVIDENCE, line=lines.filter(pl.Series(kept, dtype=pl.Boolean)))
    before = valued(assess(replace(EVIDENCE, line=lines), PARAMETERS).tables())
    assert valued(assess(fewer, PARAMETERS).tables()) <= before


@pytest.mark.parametrize("name", FINANCIAL)
def test_taking_a_table_away_is_seen_and_never_fatal(name: str) -> None:
    bare = getattr(EVIDENCE, name).clear()
    tables = assess(with_tables(**{name: bare}), PARAMETERS).tables()
    assert tables["register_entry"].height == 4


def test_without_a_link_the_homes_count_but_no_figure_is_given() -> None:
    tables = assess(replace(EVIDENCE, link=EVIDENCE.link.clear()), PARAMETERS).tables()
    entry = tables["register_entry"]
    assert entry["homes"].sum() == FULL["register_entry"]["homes"].sum()
    assert entry["accounts_basis"].unique().to_list() == ["none"]
    assert entry["linked_share_of_homes"].to_list() == [0.0] * 4


def test_councils_count_in_totals_and_have_no_entry() -> None:
    council = FULL["group"].filter(pl.col("kind") == "council")
    assert council["homes"].to_list() == [5]
    assert FULL["register_entry"].join(council, on="group_id", how="semi").is_empty()
    testshire = FULL["exposure"].filter(pl.col("local_authority") == "Testshire")
    assert testshire["authority_homes"].unique().to_list() == [12 + 3 + 5 + 1]


def test_a_determination_by_a_person_moves_a_quiet_group_to_regular_monitoring() -> None:
    made = market.builder()
    made.add(
        "determination", determination_id="d", subject=market.ALPHA_TOP, determined_on=date(2025, 6, 1),
        notice_reference="N1", condition="size", named_individual_recorded=False, author="A. Minister",
        decided_at=datetime(2025, 6, 1, tzinfo=UTC), reason="notice served",
    )  # fmt: skip
    entry = assess(made.evidence(), PARAMETERS).tables()["register_entry"]
    stages = dict(entry.select("group_name", "proposed_stage").rows())
    assert stages["ALPHA HOLDINGS LTD"] == 2
    assert stages["Delta Kids Limited"] == 1
    assert stages["GAMMA HOUSE LTD"] == 4


def test_going_concern_alone_raises_the_stage_to_three() -> None:
    made = market.builder()
    made.tables["statement"] = [row for row in made.tables["statement"] if row["company_number"] != market.GAMMA]
    made.add(
        "statement", document_id=market.document_of_newest(made), kind="going_concern", company_number=market.BETA,
        period_end=market.END, value="material_uncertainty", quote="We note", locator="page 3", confidence=1.0,
    )  # fmt: skip
    entry = assess(made.evidence(), PARAMETERS).tables()["register_entry"]
    row = entry.filter(pl.col("group_name") == "BETA HOMES LIMITED").row(0, named=True)
    assert row["likelihood"] == row["proposed_stage"] == 3
    newest = FULL["register_entry"].filter(pl.col("group_name") == "BETA HOMES LIMITED").row(0, named=True)
    assert newest["proposed_stage"] == 1


def test_figures_of_the_register_are_those_of_its_indicators() -> None:
    row = FULL["register_entry"].filter(pl.col("group_name") == "ALPHA HOLDINGS LTD").row(0, named=True)
    newest = FULL["indicator"].filter(pl.col("group_id") == row["group_id"], pl.col("latest"))
    values = dict(newest.select("code", "value").rows())
    assert row["net_debt"] == values["net_debt_total"] == 4_300_000
    assert row["altman_z2"] == pytest.approx(2.54825)
    assert row["homes"] == values["homes"] == 16
