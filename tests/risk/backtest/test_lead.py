"""Lead times of events, counted by hand; what came after an outcome, or too lately to tell, counts for nothing."""

from datetime import date

import polars as pl

from risk.backtest.lead import times

ON = date(2025, 1, 1)


def events(*rows: tuple[str, str, date]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"group_id": pl.String, "kind": pl.String, "dated_on": pl.Date}, orient="row")


def test_hits_false_alarms_and_misses() -> None:
    found = times(
        events(
            ("a", "charge_created", date(2020, 1, 1)), ("a", "insolvency", date(2020, 4, 10)),
            ("a", "charge_created", date(2020, 5, 1)),
            ("b", "charge_created", date(2016, 1, 1)), ("b", "dissolved", date(2020, 1, 1)),
            ("c", "charge_created", date(2021, 1, 1)),
            ("d", "charge_created", date(2024, 12, 1)),
            ("e", "insolvency", date(2022, 1, 1)), ("e", "dissolved", date(2023, 1, 1)),
            ("e", "accounts_overdue", date(2022, 6, 1)),
        ),
        ON,
    )  # fmt: skip
    assert found["outcomes"] == 3
    charges, overdue = sorted(found["signals"], key=lambda row: -row["picked"])
    assert (charges["hits"], charges["false_alarms"], charges["missed"], charges["median_lead_days"]) == (1, 2, 2, 100)
    assert charges["picked"] == 3, "d's charge is too young to have been in vain"
    assert (overdue["picked"], overdue["missed"], overdue["median_lead_days"]) == (0, 3, None)


def test_nothing_happened() -> None:
    assert times(events(), ON) == {"outcomes": 0, "window_days": 730, "first_event": None, "signals": []}
