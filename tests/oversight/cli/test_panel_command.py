"""The panel of UK company-years: nothing is known too early, only certain outcomes count, and `train` takes it."""

import zipfile
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from oversight.model.evidence import schema_of
from risk.failure.company_years import figures, labelled
from risk.parameters import load
from tests.oversight.cli.test_commands import Run, oversight

__all__ = ["oversight"]  # a fixture
pytestmark = pytest.mark.timeout(400)
VALUES = load().at(date(2025, 1, 1))


def lines(company: str = "00000001", end: date = date(2022, 3, 31), **changes: object) -> pl.DataFrame:
    """One balance sheet: assets of 300, owing 200 of which 100 within a year, with a profit and loss account."""
    amounts = {
        "fixed_assets": 200.0, "current_assets": 100.0, "creditors_within_one_year": -100.0, "net_assets": 100.0,
        "share_capital": 10.0, "debtors": 60.0, "cash": 40.0, "turnover": 500.0, "operating_profit": 50.0,
        "profit_after_tax": 30.0, "interest_payable": -10.0,
    }  # fmt: skip
    base = {
        "document_id": f"d-{company}-{end}", "company_number": company, "period_start": date(end.year - 1, 4, 1),
        "period_end": end, "consolidated": False, "comparative": False, "unit": "GBP", "concept": "c", "locator": "l",
        "method": "tagged", "confidence": 1.0,
    }  # fmt: skip
    rows = [
        {**base, "line": line, "value": value, "line_id": f"{company}{end}{line}", **changes}
        for line, value in amounts.items()
    ]
    return pl.DataFrame(rows, schema_overrides=dict(schema_of("line").create_empty().schema))


def test_the_ratios_by_hand() -> None:
    row = figures(lines(), VALUES).to_dicts()[0]
    assert row["liabilities_to_assets"] == pytest.approx(2 / 3)
    assert row["current_assets_to_short"] == pytest.approx(1.0)
    assert row["liquid_assets_to_short"] == pytest.approx(1.0)
    assert row["cash_to_short"] == pytest.approx(0.4)
    assert row["reserves_to_assets"] == pytest.approx(0.3)
    assert row["operating_margin_of_sales"] == pytest.approx(0.1)
    assert row["operating_profit_to_interest"] == pytest.approx(5.0)
    assert row["cash_profit_to_liabilities"] == pytest.approx(30 / 200)
    assert row["log_assets"] == pytest.approx(np.log(301))
    assert (row["known_on"], row["filed"]) == (date(2022, 12, 31), False)


def test_without_a_profit_and_loss_account_its_ratios_are_gaps() -> None:
    balance = lines().filter(~pl.col("line").is_in(["turnover", "operating_profit", "profit_after_tax"]))
    row = figures(balance, VALUES).to_dicts()[0]
    assert row["operating_margin_of_sales"] is None
    assert row["net_profit_to_assets"] is None
    assert row["liabilities_to_assets"] is not None


def test_the_first_filing_counts_and_comparatives_do_not() -> None:
    first = lines().with_columns(filed_on=pl.lit(date(2022, 9, 1)))
    again = lines(document_id="later", value=1.0).with_columns(filed_on=pl.lit(date(2023, 2, 1)))
    earlier = lines(end=date(2021, 3, 31), comparative=True).with_columns(filed_on=pl.lit(date(2022, 9, 1)))
    found = figures(pl.concat([again, earlier, first]), VALUES)
    assert len(found) == 1
    row = found.to_dicts()[0]
    assert (row["known_on"], row["filed"]) == (date(2022, 9, 1), True)
    assert row["reserves_to_assets"] == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("failed_on", "exact", "observed", "expected"),
    [
        (date(2023, 6, 30), True, date(2026, 1, 1), [1]),  # half a year after filing
        (date(2024, 12, 31), True, date(2026, 1, 1), [1]),  # on the last day of the window
        (date(2025, 1, 1), True, date(2026, 1, 1), [0]),  # a day after it
        (date(2022, 12, 31), True, date(2026, 1, 1), []),  # on the day of filing: nothing to predict
        (None, True, date(2026, 1, 1), [0]),
        (None, True, date(2024, 12, 30), []),  # the window is not over
        (date(2023, 6, 30), True, date(2023, 7, 1), [1]),  # not over, but it has failed
        (date(2026, 1, 1), False, date(2026, 1, 1), []),  # seen insolvent later: it may have failed within
        (date(2024, 6, 1), False, date(2024, 6, 1), [1]),
    ],
)
def test_only_certain_outcomes_count(
    failed_on: date | None, *, exact: bool, observed: date, expected: list[int]
) -> None:
    outcome = pl.DataFrame(
        {"company_number": ["00000001"], "failed_on": [failed_on], "exact": [exact]},
        schema={"company_number": pl.String, "failed_on": pl.Date, "exact": pl.Boolean},
    ).drop_nulls("failed_on")
    made = labelled(figures(lines(), VALUES), outcome, months=24, observed=pl.lit(observed))
    assert made["failed"].to_list() == expected


@pytest.fixture
def bulk(tmp_path: Path) -> Path:
    """Accounts of 120 companies in two blocks, as `oversight accounts --bulk` leaves them."""
    rng = np.random.default_rng(0)
    for block in range(2):
        (tmp_path / "bulk" / "lines").mkdir(parents=True, exist_ok=True)
        parts = []
        for number in range(block * 60, block * 60 + 60):
            frame = lines(f"{number:08d}")
            weak = number % 4 == 0
            factor = (
                pl.when(pl.col("line") == "net_assets")
                .then(0.2 if weak else 1.0)
                .otherwise(float(rng.lognormal(0, 0.2)))
            )
            parts.append(frame.with_columns(pl.col("value") * factor))
        pl.concat(parts).write_parquet(tmp_path / "bulk" / "lines" / f"block{block}.parquet")
    return tmp_path / "bulk"


def test_a_panel_from_bulk_accounts_can_be_trained_on(oversight: Run, bulk: Path, tmp_path: Path) -> None:
    failures = tmp_path / "failures.csv"
    failures.write_text("company_number,failed_on\n" + "".join(f"{number},2023-09-30\n" for number in range(0, 120, 8)))
    out = tmp_path / "panel.parquet"
    args = ("--lines", str(bulk), "--outcomes", str(failures), "--observed", "2025-06-30")
    code, text, err = oversight("panel", *args, "--out", str(out))
    assert (code, text.strip()) == (0, str(out)), err
    assert "15 failures" in err
    frame = pl.read_parquet(out)
    assert frame.select("company_number", "period_end").n_unique() == len(frame) == 120
    assert frame["failed"].sum() == 15
    columns = ("--target", "failed", "--entity", "company_number", "--period", "period_end", "--exclude", "known_on")
    code, text, err = oversight("train", "--panel", str(out), *columns, "--split", "entity")
    assert code == 0, err


def test_statuses_of_the_free_company_data_product(oversight: Run, bulk: Path, tmp_path: Path) -> None:
    product = tmp_path / "BasicCompanyData.zip"
    rows = [f"{number:08d},{'Liquidation' if number % 8 == 0 else 'Active'}" for number in range(120)]
    text = "CompanyName, CompanyNumber,CompanyStatus\n" + "".join(f"X LTD,{row}\n" for row in rows)
    with zipfile.ZipFile(product, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("BasicCompanyData.csv", text)
    out = tmp_path / "panel.csv"
    args = ("panel", "--lines", str(bulk), "--outcomes", str(product), "--out", str(out))
    assert oversight(*args)[0] == 3
    code, _, err = oversight(*args, "--observed", "2024-12-31")
    assert code == 0, err
    assert pl.read_csv(out)["failed"].sum() == 15


@pytest.mark.parametrize(
    ("outcomes", "message"), [("a,b\n1,2\n", "other columns"), ("company_number,failed_on\n1,soon\n", "no date")]
)
def test_other_outcomes_are_refused(oversight: Run, bulk: Path, tmp_path: Path, outcomes: str, message: str) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_text(outcomes)
    code, out, err = oversight("panel", "--lines", str(bulk), "--outcomes", str(path), "--out", str(tmp_path / "x.csv"))
    assert (code, out) == (3, "")
    assert message in err


def test_a_folder_without_lines_is_refused(oversight: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    path = tmp_path / "outcomes.csv"
    path.write_text("company_number,failed_on\n1,2024-01-01\n")
    code, _, err = oversight("panel", "--lines", str(tmp_path / "empty"), "--outcomes", str(path), "--out", "x.csv")
    assert code == 3
    assert "lines/*.parquet" in err


def test_an_empty_installation_gives_an_empty_panel(oversight: Run, tmp_path: Path) -> None:
    out = tmp_path / "panel.parquet"
    code, _, err = oversight("panel", "--out", str(out))
    assert code == 0, err
    assert len(pl.read_parquet(out)) == 0
