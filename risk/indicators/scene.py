"""What every family of signals looks at, and how a figure of companies becomes one of their group."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import polars as pl

from oversight.model.evidence import Evidence
from oversight.model.tables.derived import NOT_FILED, VALUE
from risk.accounts import Books
from risk.findings import LINEAGE, Findings, hashed, indicator_id
from risk.groups import Market
from risk.parameters import Values

REGISTER: Final = "companies_house."
_MONTH: Final = 30.436875


@dataclass(frozen=True, slots=True)
class Scene:
    """Evidence with what was derived from it before the signals."""

    evidence: Evidence
    market: Market
    books: Books
    values: Values

    @property
    def on(self) -> date:
        """The day looked at."""
        return self.evidence.as_at.on

    @property
    def registered_at(self) -> date | None:
        """The day that the newest publication of registrations describes; None where there is none."""
        day = self.market.home["as_at"].max()
        return day if isinstance(day, date) else None

    @property
    def members(self) -> pl.DataFrame:
        """group_id and company_number of every company in a group."""
        return self.market.companies.select("group_id", "company_number")

    def recent(self, column: str, months: float) -> pl.Expr:
        """Whether a date lies within some months before the day looked at."""
        age = (pl.lit(self.on) - pl.col(column)).dt.total_days()
        return (age >= 0) & (age <= months * _MONTH)

    def collected(self, source: str) -> pl.DataFrame:
        """Companies of which a page of a register is visible: company_number, and the page as input_id.

        Args:
            source: last part of the source's name, such as `charges`.
        """
        return (
            self.evidence.visible.filter(pl.col("source") == REGISTER + source)
            .with_columns(pl.col("subject").str.split("/").list.first().alias("company_number"))
            .select("company_number", pl.col("document_id").alias("input_id"))
            .unique()
            .sort("company_number", "input_id")
        )


@dataclass(frozen=True, slots=True)
class Signal:
    """A figure of each group.

    Attributes:
        code: name of the indicator.
        unit: its unit.
        how: how companies' figures make the group's: added up, or the largest.
        lacking: why there is none where no company has a figure.
    """

    code: str
    unit: str
    how: Literal["sum", "max"]
    lacking: str


def of_companies(scene: Scene, signal: Signal, known: pl.DataFrame, inputs: pl.DataFrame) -> Findings:
    """The group's indicator from its companies' figures.

    Args:
        scene: for members and the day.
        signal: what is measured.
        known: company_number and value of every company that can be judged (a count may be nil); with `dated_on`,
            the day of a company's evidence, the group's figure is dated by the newest day that counts in it.
        inputs: company_number and input_id: what the figures rest on.

    Returns:
        One indicator for each group; without a value where the group has no company, or none that can be judged.
    """
    size = scene.members.group_by("group_id").len("members")
    dated = known if "dated_on" in known.columns else known.with_columns(dated_on=pl.lit(None, dtype=pl.Date))
    figures = scene.members.join(
        dated.select("company_number", pl.col("value").cast(pl.Float64), "dated_on"), on="company_number"
    )
    value = pl.col("value").sum() if signal.how == "sum" else pl.col("value").max()
    counting = pl.col("value") > 0 if signal.how == "sum" else pl.col("value") == pl.col("value").max()
    grouped = figures.group_by("group_id").agg(
        value, pl.col("dated_on").filter(counting).max(), pl.col("company_number").n_unique().alias("known")
    )
    rows = (
        scene.market.tops.select("group_id")
        .join(size, on="group_id", how="left")
        .join(grouped, on="group_id", how="left")
        .with_columns(
            pl.when(pl.col("members").is_null())
            .then(pl.lit("no company is linked to this owner"))
            .when(pl.col("known").is_null())
            .then(pl.lit(signal.lacking))
            .when(pl.col("known") < pl.col("members"))
            .then(pl.format("known for {} of {} companies", "known", "members"))
            .alias("reason")
        )
    )
    indicator = of_groups(scene, rows, code=signal.code, unit=signal.unit)
    rests = (
        scene.members.join(inputs.select("company_number", "input_id").unique(), on="company_number")
        .join(indicator.filter(pl.col("status") == VALUE).select("group_id", "indicator_id"), on="group_id")
        .select(pl.col("indicator_id").alias("item_id"), "input_id", role=pl.lit("evidence"))
    )
    return Findings.of(indicator=indicator, lineage=rests)


def of_groups(scene: Scene, rows: pl.DataFrame, *, code: str, unit: str) -> pl.DataFrame:
    """Indicator rows of groups from group_id, value, reason and, where the evidence has a day of its own, dated_on.

    Without such a day the row is dated by the day looked at.
    """
    dated_on = pl.coalesce("dated_on", pl.lit(scene.on)) if "dated_on" in rows.columns else pl.lit(scene.on)
    return rows.with_columns(
        pl.lit("group").alias("subject_kind"),
        pl.col("group_id").alias("subject"),
        pl.lit(code).alias("code"),
        dated_on.alias("dated_on"),
        pl.col("value").cast(pl.Float64),
        pl.lit(unit).alias("unit"),
        pl.when(pl.col("value").is_null()).then(pl.lit(NOT_FILED)).otherwise(pl.lit(VALUE)).alias("status"),
        pl.lit(True).alias("latest"),
    ).with_columns(indicator_id().alias("indicator_id"))


def events(scene: Scene, rows: pl.DataFrame, kind: str | None = None) -> pl.DataFrame:
    """Event rows of companies in groups.

    Args:
        scene: for the groups.
        rows: company_number, dated_on, detail, document_id, locator and `what`, which tells one event of a kind
            from another in every run; `kind` where the argument is None.
        kind: kind of all the events.
    """
    named = rows if kind is None else rows.with_columns(pl.lit(kind).alias("kind"))
    dated = named.filter(pl.col("dated_on").is_not_null(), pl.col("dated_on") <= scene.on)
    placed = dated.join(scene.members, on="company_number").sort(
        "kind", "company_number", "what", "dated_on", "locator"
    )
    return hashed(
        placed.unique(["kind", "company_number", "what", "dated_on"], keep="first", maintain_order=True),
        "event_id",
        "event",
        ["kind", "company_number", "what", "dated_on"],
    )


def counted(
    scene: Scene, signal: Signal, event: pl.DataFrame, source: str, *, none: pl.DataFrame | None = None
) -> Findings:
    """A count of events over companies whose register page is visible; nil where the page shows none.

    Args:
        scene: for members and visible pages.
        signal: what is counted.
        event: the events counted, with company_number and event_id.
        source: last part of the name of the register page that would show the events.
        none: company_number and input_id of companies known to have none without such a page.
    """
    pages = scene.collected(source)
    if none is not None:
        pages = pl.concat([pages, none.select(pages.columns)]).unique()
    counts = event.group_by("company_number").agg(pl.len().alias("value"), pl.col("dated_on").max())
    known = (
        pl.concat([pages.select("company_number"), counts.select("company_number")])
        .unique()
        .join(counts, on="company_number", how="left")
        .with_columns(pl.col("value").fill_null(0))
    )
    shown = event.select("company_number", pl.col("event_id").alias("input_id"))
    return of_companies(scene, signal, known, pl.concat([pages, shown]))


def no_lineage() -> pl.DataFrame:
    """Lineage without rows."""
    return pl.DataFrame(schema=LINEAGE)
