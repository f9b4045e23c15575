"""The truth as tables, and the files it is written to."""

import csv
from pathlib import Path

import polars as pl

from oversight.example import ofsted, truth
from oversight.example.shapes import Market


def test_every_set_of_accounts_is_in_the_truth(market: Market, true_lines: pl.DataFrame) -> None:
    sets = {each.transaction_id for company in market.companies for each in company.accounts}
    assert set(true_lines["transaction_id"]) == sets
    keys = ["transaction_id", "period_end", "consolidated", "line"]
    assert true_lines.select(keys).is_duplicated().sum() == 0
    assert true_lines["value"].is_finite().all()


def test_costs_and_debts_are_negative_and_the_rest_as_printed(true_lines: pl.DataFrame) -> None:
    negative = true_lines.filter(
        pl.col("line").is_in(["cost_of_sales", "creditors_within_one_year", "bank_loans_after_one_year", "staff_costs"])
    )
    assert (negative["value"] <= 0).all()
    positive = true_lines.filter(pl.col("line").is_in(["turnover", "cash", "average_employees", "tangible_assets"]))
    assert (positive["value"] >= 0).all()


def test_small_companies_disclose_no_profit_and_loss_account(market: Market, true_lines: pl.DataFrame) -> None:
    small = [a.transaction_id for c in market.companies for a in c.accounts if a.form in {"small", "micro", "dormant"}]
    told = set(true_lines.filter(pl.col("transaction_id").is_in(small))["line"])
    assert "net_assets" in told
    assert not told & {"turnover", "operating_profit", "staff_costs", "profit_after_tax", "operating_cash_flow"}


def test_every_text_in_the_files_is_an_owner_and_the_other_way_round(market: Market) -> None:
    typed = set(truth.owners(market)["owner"])
    printed: set[str] = set()
    for publication in market.publications:
        rows = list(csv.reader(ofsted.provider_level(market, publication).decode("cp1252", "replace").splitlines()))
        start = next(index for index, row in enumerate(rows) if "URN" in row)
        column = rows[start].index("Organisation which owns the provider") if "URN" in rows[start] else 0
        printed |= {row[column] for row in rows[start + 1 :] if len(row) > column and row[1].startswith("99")}
    assert printed
    assert printed <= typed


def test_groups_hold_every_owner_that_is_a_company(market: Market) -> None:
    groups = truth.groups(market)
    owners = truth.owners(market).filter(pl.col("kind") == "company")
    joined = owners.join(groups, on="company_number", how="left", suffix="_true")
    assert (joined["group"] == joined["group_true"]).all()
    assert groups.filter(pl.col("role") == "decoy")["group"].null_count() == 12


def test_export_writes_what_it_counts_and_marks_it_invented(market: Market, tmp_path: Path) -> None:
    written = truth.export(market, tmp_path / "truth")
    assert set(written) == {"lines", "owners", "groups", "events", "homes"}
    for name, rows in written.items():
        frame = pl.read_csv(tmp_path / "truth" / f"{name}.csv", infer_schema=False)
        assert frame.height == rows > 0
        assert frame.columns[0] == "label"
        assert set(frame["label"]) == {"invented"}
