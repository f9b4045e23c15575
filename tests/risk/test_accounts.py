"""From read lines to accounts of record."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from oversight.errors import InputError
from oversight.model.ids import row_id
from risk.accounts import Books, keep
from risk.accounts.books import wide
from risk.parameters import load
from tests.risk.build import ON, Builder

END = date(2024, 3, 31)
BEFORE = date(2023, 3, 31)
TOP, CHILD, OTHER = "00000001", "00000002", "00000003"


def members(*numbers: str) -> pl.DataFrame:
    rows = [("g", number, depth) for depth, number in enumerate(numbers)]
    return pl.DataFrame(
        rows, schema={"group_id": pl.String, "company_number": pl.String, "depth": pl.Int64}, orient="row"
    )


def books(builder: Builder, *numbers: str) -> Books:
    return keep(builder.evidence(), members(*(numbers or (TOP,))), load().at(ON))


def of_record(kept: Books, end: date, line: str) -> float | None:
    row = wide(kept).filter(pl.col("period_end") == end)
    assert row.height == 1
    value = row[line][0]
    return None if value is None else float(value)


def test_the_latest_filing_of_a_period_wins() -> None:
    builder = Builder()
    builder.accounts(TOP, END, {"turnover": 900_000}, filed_on=date(2024, 12, 1))
    builder.accounts(TOP, END, {"turnover": 950_000}, filed_on=date(2025, 2, 1))
    kept = books(builder)
    assert of_record(kept, END, "turnover") == 950_000
    assert kept.period.height == 2
    assert kept.period["of_record"].sum() == 1


def test_a_comparative_stands_in_for_an_original_that_is_not_visible() -> None:
    builder = Builder()
    builder.accounts(TOP, END, {"turnover": 900_000}, before={"turnover": 700_000})
    kept = books(builder)
    assert of_record(kept, BEFORE, "turnover") == 700_000
    assert not kept.period["restated"].any()


def test_an_equal_comparative_restates_nothing() -> None:
    builder = Builder()
    builder.accounts(TOP, BEFORE, {"turnover": 700_400})
    builder.accounts(TOP, END, {"turnover": 900_000}, before={"turnover": 700_000})
    kept = books(builder)
    assert of_record(kept, BEFORE, "turnover") == 700_400
    assert kept.period.height == 2
    assert not kept.period["restated"].any()


def test_a_differing_comparative_restates_and_both_are_kept() -> None:
    builder = Builder()
    builder.accounts(TOP, BEFORE, {"turnover": 700_000, "net_assets": 50_000})
    builder.accounts(TOP, END, {"turnover": 900_000}, before={"turnover": 650_000})
    kept = books(builder)
    assert of_record(kept, BEFORE, "turnover") == 650_000
    assert of_record(kept, BEFORE, "net_assets") == 50_000, "what the later filing leaves out is carried over"
    before = kept.period.filter(pl.col("period_end") == BEFORE).sort("of_record")
    assert before["restated"].to_list() == [True, True]
    assert before["of_record"].to_list() == [False, True]
    later = before.filter("of_record")["period_id"][0]
    roles = kept.lineage.filter(pl.col("item_id") == f"{later}.turnover").sort("role")["role"].to_list()
    assert roles == ["first filed as"]


@pytest.mark.parametrize(("later", "periods"), [(701_000, 2), (703_501, 3)])
def test_rounding_is_no_restatement(later: float, periods: int) -> None:
    builder = Builder()
    builder.accounts(TOP, BEFORE, {"turnover": 700_000})
    builder.accounts(TOP, END, {"turnover": 900_000}, before={"turnover": later})
    assert books(builder).period.height == periods


def test_consolidated_accounts_of_the_highest_company_are_of_record() -> None:
    builder = Builder()
    builder.accounts(TOP, END, {"turnover": 5_000_000}, consolidated=True)
    builder.accounts(TOP, END, {"turnover": 0}, filed_on=date(2025, 1, 11))
    builder.accounts(CHILD, date(2024, 1, 31), {"turnover": 4_000_000}, consolidated=True)
    builder.accounts(CHILD, END, {"turnover": 3_000_000})
    kept = books(builder, TOP, CHILD)
    assert kept.record.select("period_end", "basis").rows() == [(END, "consolidated")]
    assert of_record(kept, END, "turnover") == 5_000_000


def test_an_earlier_year_may_rest_on_a_lower_company() -> None:
    builder = Builder()
    builder.accounts(TOP, END, {"turnover": 5_000_000}, consolidated=True)
    builder.accounts(CHILD, BEFORE, {"turnover": 4_000_000}, consolidated=True)
    kept = books(builder, TOP, CHILD)
    assert kept.record.select("period_end", "latest").rows() == [(BEFORE, False), (END, True)]


def test_a_single_company_is_judged_on_its_own_accounts() -> None:
    builder = Builder()
    builder.accounts(TOP, END, {"turnover": 1_000_000})
    assert books(builder).record["basis"].to_list() == ["company"]


def test_without_consolidated_accounts_companies_are_added_up() -> None:
    builder = Builder()
    builder.accounts(TOP, END, {"turnover": 1_000_000, "cash": 10_000, "net_assets": 100, "overdrafts": -5})
    builder.accounts(CHILD, END, {"turnover": 2_000_000, "cash": 20_000, "net_assets": 200})
    kept = books(builder, TOP, CHILD)
    assert kept.record["basis"].to_list() == ["sum of companies"]
    assert "not eliminated" in kept.record["note"][0]
    assert of_record(kept, END, "turnover") == 3_000_000
    assert of_record(kept, END, "cash") == 30_000
    assert of_record(kept, END, "net_assets") == 300
    assert of_record(kept, END, "overdrafts") is None, "a balance that one company does not file is not added up"
    summed = kept.account.filter(pl.col("method") == "sum")
    assert dict(summed.select("line", "status").rows())["overdrafts"] == "not_reliable"
    parts = kept.lineage.filter(pl.col("role") == "part")
    assert parts.filter(pl.col("item_id").str.ends_with(".turnover")).height == 2


def test_net_assets_are_not_added_up_where_a_company_holds_investments() -> None:
    builder = Builder()
    builder.accounts(TOP, END, {"net_assets": 100, "investments": 100})
    builder.accounts(CHILD, END, {"net_assets": 200})
    assert of_record(books(builder, TOP, CHILD), END, "net_assets") is None


def test_a_holding_company_without_profit_and_loss_is_named_in_the_note() -> None:
    builder = Builder()
    builder.accounts(TOP, END, {"cash": 10})
    builder.accounts(CHILD, END, {"cash": 20, "turnover": 2_000_000})
    kept = books(builder, TOP, CHILD)
    assert of_record(kept, END, "turnover") == 2_000_000
    assert "filed by 1 only" in kept.record["note"][0]


def test_companies_with_other_year_ends_are_added_at_the_common_one() -> None:
    builder = Builder()
    builder.accounts(TOP, END, {"turnover": 1_000_000})
    builder.accounts(CHILD, END, {"turnover": 2_000_000})
    builder.accounts(OTHER, date(2023, 12, 31), {"turnover": 4_000_000})
    kept = books(builder, TOP, CHILD, OTHER)
    assert kept.record["period_end"].to_list() == [END]
    assert of_record(kept, END, "turnover") == 7_000_000


def test_flows_of_another_length_are_put_on_a_year_before_they_are_added() -> None:
    builder = Builder()
    builder.accounts(TOP, END, {"turnover": 1_000_000})
    builder.accounts(CHILD, END, {"turnover": 1_500_000, "cash": 7}, start=date(2022, 10, 1))
    kept = books(builder, TOP, CHILD)
    assert of_record(kept, END, "turnover") == pytest.approx(2_000_000)


@pytest.mark.parametrize(
    ("start", "months"), [(date(2023, 4, 1), 12.0), (date(2023, 7, 1), 9.0), (date(2022, 10, 1), 18.0)]
)
def test_length_of_a_period(start: date, months: float) -> None:
    builder = Builder()
    builder.accounts(TOP, END, {"turnover": 1}, start=start)
    assert books(builder).period["months"].to_list() == [pytest.approx(months, abs=0.05)]


def line_of(builder: Builder, line: str) -> str:
    return next(str(row["line_id"]) for row in builder.tables["line"] if row["line"] == line)


def test_the_newest_override_stands_and_the_read_figure_is_kept() -> None:
    builder = Builder()
    builder.accounts(TOP, END, {"turnover": 900, "cash": 5})
    line = line_of(builder, "turnover")
    builder.override(line, "800000", datetime(2025, 6, 1, tzinfo=UTC))
    builder.override(line, "900,000", datetime(2025, 6, 2, tzinfo=UTC))
    kept = books(builder)
    row = kept.account.filter(pl.col("line") == "turnover").row(0, named=True)
    assert (row["value"], row["method"], row["line_id"]) == (900_000, "override", line)
    assert kept.lineage.filter(pl.col("role") == "override").height == 1


def test_an_override_may_withdraw_a_figure() -> None:
    builder = Builder()
    builder.accounts(TOP, END, {"turnover": 900})
    builder.override(line_of(builder, "turnover"), None)
    row = books(builder).account.row(0, named=True)
    assert (row["value"], row["status"]) == (None, "not_reliable")


def test_an_override_that_is_no_number_is_named() -> None:
    builder = Builder()
    builder.accounts(TOP, END, {"turnover": 900})
    builder.override(line_of(builder, "turnover"), "plenty")
    with pytest.raises(InputError, match="plenty") as caught:
        books(builder)
    assert "override" in caught.value.where


def test_a_line_in_conflict_is_not_reliable() -> None:
    builder = Builder()
    builder.accounts(TOP, END, {"turnover": 900}, method="conflict")
    row = books(builder).account.row(0, named=True)
    assert (row["value"], row["status"]) == (None, "not_reliable")


def test_the_company_is_taken_from_the_filing_where_the_document_does_not_say() -> None:
    builder = Builder()
    builder.accounts(TOP, END, {"turnover": 900})
    for row in builder.tables["line"]:
        row["company_number"] = None
    assert of_record(books(builder), END, "turnover") == 900


def test_companies_of_no_group_are_left_aside() -> None:
    builder = Builder()
    builder.accounts(OTHER, END, {"turnover": 900})
    assert books(builder).period.is_empty()


def test_ids_are_the_same_for_the_same_rows() -> None:
    builder = Builder()
    builder.accounts(TOP, END, {"turnover": 900})
    period = books(builder).period.row(0, named=True)
    assert period["period_id"] == row_id("period", TOP, "False", END, period["document_id"])
