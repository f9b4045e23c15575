"""Filing signals: age of accounts, overdue and late accounts, extended periods, auditors' filings."""

from typing import Final

import polars as pl

from oversight.model.tables.derived import VALUE
from risk.findings import Findings, months_between
from risk.indicators.scene import Scene, Signal, counted, events, of_companies, of_groups
from risk.words import day_in_words

_PUBLIC: Final = ("plc", "public-limited-company")
_NO_HISTORY: Final = "no filing history has been collected"


def measure(scene: Scene) -> Findings:
    """Indicators and events of the filing history and the profile."""
    accounts = _accounts(scene)
    late = events(scene, accounts.filter(pl.col("days") > 0), "accounts_filed_late")
    return Findings.together(
        [
            _age(scene),
            _overdue(scene, accounts),
            _late(scene, accounts, late),
            *_counts(scene, late),
        ]
    )


def _accounts(scene: Scene) -> pl.DataFrame:
    """Accounts of members with the day they were due and how many days after it they came.

    Only the first filing for a period counts: amended accounts come later by nature.
    """
    values = scene.values
    filed = (
        scene.evidence.filing.filter(
            pl.col("category") == "accounts", pl.col("made_up_to").is_not_null(), pl.col("filed_on") <= scene.on
        )
        .join(scene.members.select("company_number").unique(), on="company_number")
        .sort("company_number", "made_up_to", "filed_on", "transaction_id")
        .unique(["company_number", "made_up_to"], keep="first", maintain_order=True)
        .join(
            scene.evidence.company.select("company_number", "company_type", "incorporated_on"),
            on="company_number",
            how="left",
        )
    )
    first = pl.col("made_up_to") == pl.col("made_up_to").min().over("company_number")
    near_start = (pl.col("made_up_to") - pl.col("incorporated_on")).dt.total_days() <= 18 * 31
    public = pl.col("company_type").is_in(list(_PUBLIC)).fill_null(False)
    usual = (
        pl.when(public)
        .then(_later("made_up_to", values.number("signals.filing_months_public")))
        .otherwise(_later("made_up_to", values.number("signals.filing_months_private")))
    )
    from_start = pl.max_horizontal(
        _later("incorporated_on", values.number("signals.filing_months_first_private")), _later("made_up_to", 3), usual
    )
    due = pl.when((first & near_start).fill_null(False)).then(from_start).otherwise(usual)
    return (
        filed.with_columns(due.alias("due_on"))
        .with_columns((pl.col("filed_on") - pl.col("due_on")).dt.total_days().alias("days"))
        .with_columns(
            pl.col("transaction_id").alias("what"),
            pl.col("filed_on").alias("dated_on"),
            pl.format(
                "Accounts made up to {} were filed {} after they were due",
                day_in_words("made_up_to"),
                pl.when(pl.col("days") == 1).then(pl.lit("1 day")).otherwise(pl.format("{} days", "days")),
            ).alias("detail"),
        )
    )


def _later(column: str, months: float) -> pl.Expr:
    """The same day some months later; from the end of a month to the end of a month, as the law counts it."""
    moved = pl.col(column).dt.offset_by(f"{int(months)}mo")
    last = pl.col(column) == pl.col(column).dt.month_end()
    return pl.when(last).then(moved.dt.month_end()).otherwise(moved)


def _age(scene: Scene) -> Findings:
    """Months since the end of the newest period of record."""
    newest = scene.books.record.filter(pl.col("latest")).group_by("group_id").agg(
        pl.col("period_end").max(), pl.col("period_id").min(), pl.col("document_id").min()
    )  # fmt: skip
    rows = (
        scene.market.tops.select("group_id")
        .join(newest, on="group_id", how="left")
        .with_columns(
            months_between(pl.col("period_end"), pl.lit(scene.on)).alias("value"),
            pl.when(pl.col("period_end").is_null())
            .then(pl.lit("no accounts have been read"))
            .otherwise(pl.format("accounts made up to {}", day_in_words("period_end")))
            .alias("reason"),
        )
    )
    indicator = of_groups(scene, rows, code="accounts_age_months", unit="months")
    lineage = indicator.filter(pl.col("status") == VALUE).select(
        pl.col("indicator_id").alias("item_id"), pl.col("document_id").alias("input_id"), role=pl.lit("accounts")
    )
    return Findings.of(indicator=indicator, lineage=lineage)


def _overdue(scene: Scene, accounts: pl.DataFrame) -> Findings:
    """Days by which the next accounts are overdue: by the register's due date, else by the last period filed."""
    last = accounts.sort("company_number", "made_up_to").unique("company_number", keep="last", maintain_order=True)
    months = scene.values.number("signals.filing_months_private")
    public = pl.col("company_type").is_in(list(_PUBLIC)).fill_null(False)
    months_public = scene.values.number("signals.filing_months_public")
    expected = (
        pl.when(public).then(_later("made_up_to", 12 + months_public)).otherwise(_later("made_up_to", 12 + months))
    )
    profile = scene.evidence.company.select(
        "company_number", "accounts_next_due", "accounts_next_made_up_to", "dissolved_on",
        pl.col("document_id").alias("profile_id"), pl.col("locator").alias("profile_locator"),
    )  # fmt: skip
    current = pl.col("accounts_next_made_up_to").is_null() | pl.col("made_up_to").is_null() | (
        pl.col("accounts_next_made_up_to") > pl.col("made_up_to")
    )  # fmt: skip
    judged = (
        scene.members.select("company_number").unique()
        .join(profile, on="company_number", how="left")
        .join(
            last.select("company_number", "made_up_to", expected.alias("expected_on"), "document_id", "locator"),
            on="company_number", how="left",
        )
        .filter(pl.col("dissolved_on").is_null())
        .with_columns(
            pl.coalesce(pl.when(current).then("accounts_next_due"), pl.col("expected_on")).alias("due_on"),
            pl.when(current & pl.col("accounts_next_due").is_not_null())
            .then("profile_id").otherwise("document_id").alias("document_id"),
            pl.when(current & pl.col("accounts_next_due").is_not_null())
            .then("profile_locator").otherwise("locator").alias("locator"),
        )
        .filter(pl.col("due_on").is_not_null())
        .with_columns((pl.lit(scene.on) - pl.col("due_on")).dt.total_days().clip(lower_bound=0).alias("value"))
    )  # fmt: skip
    overdue = events(
        scene,
        judged.filter(pl.col("value") > 0).with_columns(
            pl.col("due_on").alias("dated_on"),
            pl.lit("next").alias("what"),
            pl.format("Accounts were due by {} and are not in the filing history", day_in_words("due_on")).alias(
                "detail"
            ),
        ),
        "accounts_overdue",
    )
    inputs = pl.concat(
        [
            judged.select("company_number", pl.col("document_id").alias("input_id")),
            overdue.select("company_number", pl.col("event_id").alias("input_id")),
        ]
    )
    signal = Signal("accounts_overdue_days", "days", "max", "no due date is known")
    found = of_companies(scene, signal, judged, inputs)
    return Findings.of(indicator=found.indicator, event=overdue, lineage=found.lineage)


def _late(scene: Scene, accounts: pl.DataFrame, late: pl.DataFrame) -> Findings:
    """Days by which the newest accounts of a company were late, the latest company counting; nil when in time."""
    newest = (
        accounts.sort("company_number", "made_up_to")
        .unique("company_number", keep="last", maintain_order=True)
        .with_columns(pl.col("days").clip(lower_bound=0).alias("value"))
    )
    shown = late.join(
        newest.select("company_number", pl.col("transaction_id").alias("what")), on=["company_number", "what"]
    )
    inputs = pl.concat(
        [
            newest.select("company_number", pl.col("document_id").alias("input_id")),
            shown.select("company_number", pl.col("event_id").alias("input_id")),
        ]
    )
    found = of_companies(scene, Signal("accounts_late_days", "days", "max", _NO_HISTORY), newest, inputs)
    return Findings.of(indicator=found.indicator, event=late, lineage=found.lineage)


def _counts(scene: Scene, late: pl.DataFrame) -> list[Findings]:
    """Counts over the filing history: late accounts, extended periods, auditors' filings."""
    long, short = scene.values.number("signals.long_months"), scene.values.number("signals.recent_months")
    dated = scene.evidence.filing.filter(pl.col("filed_on") <= scene.on).with_columns(
        pl.col("transaction_id").alias("what"), pl.col("filed_on").alias("dated_on")
    )
    described = pl.col("description").fill_null("")
    extended = events(
        scene,
        dated.filter(
            described.str.contains("account-reference-date", literal=True) & described.str.contains("extended")
        ).with_columns(
            pl.format("The accounting period was extended by a filing of {}", day_in_words("filed_on")).alias("detail")
        ),
        "reference_date_extended",
    )
    auditors = events(
        scene,
        dated.filter(
            (pl.col("category") == "auditors") | pl.col("form").str.starts_with("AUD").fill_null(False)
        ).with_columns(
            pl.format("An auditor's filing ({}) was made on {}", _named(), day_in_words("filed_on")).alias("detail")
        ),
        "auditor_resigned",
    )
    parts = [
        (Signal("accounts_late_count", "count", "sum", _NO_HISTORY), late, long),
        (Signal("reference_date_extended", "count", "sum", _NO_HISTORY), extended, short),
        (Signal("auditor_resignations", "count", "sum", _NO_HISTORY), auditors, short),
    ]
    found = [
        counted(scene, signal, event.filter(scene.recent("dated_on", months)), "filing_history")
        for signal, event, months in parts
    ]
    return [*found, Findings.of(event=extended), Findings.of(event=auditors)]


def _named() -> pl.Expr:
    return pl.coalesce("text", "description", "form", pl.lit("auditors")).str.replace_all("-", " ", literal=True)
