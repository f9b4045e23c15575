"""Changes between two year ends: comparable ones only, and what the new lease accounting does to them."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from risk.parameters import load
from risk.ratios import trend


def changes(
    code: str,
    earlier: tuple[date, float],
    later: tuple[date, float],
    *,
    basis: tuple[str, str] = ("company", "company"),
) -> dict[str, dict[str, Any]]:
    rows = pl.DataFrame(
        {
            "indicator_id": [f"g.{code}.{day}" for day, _ in (earlier, later)],
            "group_id": "g", "subject_kind": "group", "subject": "g", "code": code,
            "dated_on": [earlier[0], later[0]], "value": [earlier[1], later[1]], "unit": "percent", "status": "value",
            "latest": [False, True],
        }
    )  # fmt: skip
    record = pl.DataFrame(
        {
            "group_id": "g", "period_id": ["p1", "p2"], "period_start": [None, None],
            "period_end": [earlier[0], later[0]], "months": [12.0, 12.0], "basis": list(basis),
        },
        schema_overrides={"period_start": pl.Date},
    )  # fmt: skip
    found = trend.measure(rows, record, load().at(date(2027, 6, 30))).indicator
    return {row["code"]: row for row in found.filter(pl.col("latest")).iter_rows(named=True)}


def test_growth_is_a_share_of_the_earlier_year() -> None:
    row = changes("turnover", (date(2024, 3, 31), 8.0), (date(2025, 3, 31), 10.0))["turnover_growth"]
    assert (row["value"], row["reason"]) == (25.0, "against the year to 31 March 2024")


def test_another_basis_is_not_compared() -> None:
    row = changes("turnover", (date(2024, 3, 31), 8.0), (date(2025, 3, 31), 10.0), basis=("company", "consolidated"))
    assert (row["turnover_growth"]["value"], row["turnover_growth"]["status"]) == (None, "not_filed")


@pytest.mark.parametrize(
    ("later", "flagged"), [(date(2025, 12, 30), False), (date(2025, 12, 31), False), (date(2026, 12, 31), True)]
)
def test_a_change_across_the_new_lease_accounting_says_so(later: date, *, flagged: bool) -> None:
    earlier = later.replace(year=later.year - 3)
    row = changes("ebitda_margin", (earlier, 15.0), (later, 18.0))["ebitda_margin_change"]
    assert row["value"] == 3.0
    assert ("leases came onto the balance sheet" in row["reason"]) is flagged


def test_two_years_on_the_same_side_of_the_change_are_not_flagged() -> None:
    values = load().at(date(2030, 6, 30))
    record = pl.DataFrame(
        {
            "group_id": "g", "period_id": ["p1", "p2"], "period_start": [date(2026, 1, 1), date(2025, 12, 31)],
            "period_end": [date(2026, 12, 31), date(2026, 12, 30)], "months": [12.0, 12.0], "basis": "company",
        }
    )  # fmt: skip
    assert trend.basis(record, values)["new_leases"].to_list() == [True, False]
