"""What stands under every picture: where the data come from, and which run."""

from datetime import date

import polars as pl

from reports.frames import RunView


def source_of(view: RunView, note: str = "") -> str:
    """The source line of a run, with a note before it."""
    drawn = f"run {view.run_id}" if view.run_id else "drawn from the ledger without a run"
    source = (
        f"Source: Ofsted registrations and Companies House, {drawn}. Contains public sector information "
        "licensed under the Open Government Licence v3.0."
    )
    return f"{note} {source}".strip()


def registered_on(view: RunView) -> date:
    """The day that the run's registrations describe: that of its counts of homes, else the day looked at."""
    day = view.table("indicator").filter(pl.col("code") == "homes")["dated_on"].max()
    return day if isinstance(day, date) else view.as_at.on
