"""Exit: the net change in a group's registered homes over a year. Homes close while their owner is solvent, too."""

import polars as pl
from pydantic import BaseModel, ConfigDict

from oversight.model.tables.derived import VALUE
from risk.findings import Findings, hashed, months_between, place
from risk.indicators.scene import Scene, of_groups
from risk.words import day_in_words


class Bounds(BaseModel):
    """Shortest and longest time between two publications that are compared, in months."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    shortest: float
    longest: float


def measure(scene: Scene) -> Findings:
    """Change in homes and in places against the publication nearest to twelve months before the newest.

    The change is put on twelve months. An owner is followed by its name and links; a group first seen in the newest
    publication has no change.
    """
    now = scene.market.home.filter(pl.col("is_home"), pl.col("group_id").is_not_null())
    before = _compared(scene).filter(pl.col("is_home"), pl.col("group_id").is_not_null())
    homes = _change(scene, now, before, "homes_change", pl.len())
    places = _change(scene, now, before, "places_change", pl.col("places").sum())
    return Findings.together([homes, places, Findings.of(event=_falls(scene, homes.indicator, now))])


def _compared(scene: Scene) -> pl.DataFrame:
    """The settings of the publication compared with; none where no publication lies within the bounds."""
    bounds = scene.values.parse("market.comparison_months", Bounds)
    newest = scene.market.home["as_at"].max()
    earlier = scene.market.earlier.filter(pl.col("owner_key").is_not_null()).with_columns(
        months_between(pl.col("as_at"), pl.lit(newest, dtype=pl.Date)).alias("gap")
    )
    choice = (
        earlier.filter(pl.col("gap") >= bounds.shortest, pl.col("gap") <= bounds.longest)
        .select("document_id", "as_at", (pl.col("gap") - 12).abs().alias("off"))
        .unique()
        .sort("off", "as_at", "document_id")
        .head(1)
    )
    return earlier.join(choice.select("document_id", "as_at"), on=["document_id", "as_at"], how="semi")


def _change(scene: Scene, now: pl.DataFrame, before: pl.DataFrame, code: str, size: pl.Expr) -> Findings:
    counts = (
        now.group_by("group_id").agg(size.alias("now"))
        .join(
            before.group_by("group_id").agg(
                size.alias("then"), pl.col("gap").first(), pl.col("as_at").first().alias("then_on")
            ),
            on="group_id", how="left",
        )
    )  # fmt: skip
    ratio = pl.col("now") / pl.col("then")
    yearly = ((ratio.log() * 12 / pl.col("gap")).exp() - 1) * 100
    near_year = (pl.col("gap") - 12).abs() <= 1
    rows = (
        scene.market.tops.select("group_id")
        .join(counts, on="group_id", how="left")
        .with_columns(
            pl.when(pl.col("then") > 0)
            .then(pl.when(near_year).then((ratio - 1) * 100).otherwise(yearly).round(6))
            .alias("value"),
            pl.when(pl.col("now").is_null())
            .then(pl.lit("no children's home in the newest publication"))
            .when(pl.col("then").is_null() | (pl.col("then") == 0))
            .then(pl.lit("no earlier publication to compare with names this owner"))
            .when(near_year)
            .then(pl.format("from {} to {} since {}", "then", "now", day_in_words("then_on")))
            .otherwise(
                pl.format("from {} to {} since {}, put on twelve months", "then", "now", day_in_words("then_on"))
            )
            .alias("reason"),
            pl.lit(scene.registered_at, dtype=pl.Date).alias("dated_on"),
        )
    )
    indicator = of_groups(scene, rows, code=code, unit="percent")
    valued = indicator.filter(pl.col("status") == VALUE).select("group_id", "indicator_id")
    lineage = pl.concat(
        [
            homes.join(valued, on="group_id").select(
                pl.col("indicator_id").alias("item_id"), place().alias("input_id"), role=pl.lit(role)
            )
            for homes, role in ((now, "home now"), (before, "home then"))
        ]
    )
    return Findings.of(indicator=indicator, lineage=lineage)


def _falls(scene: Scene, change: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """An event for each group whose homes fell by more than a limit, dated by the publication that shows it.

    Its company is the group's highest at Companies House.
    """
    limit = scene.values.number("market.fall_percent")
    first = now.sort("locator").unique("group_id", keep="first", maintain_order=True)
    rows = (
        change.filter(pl.col("value") < -limit)
        .select("group_id", "value", "reason")
        .join(first.select("group_id", "as_at", "document_id", "locator"), on="group_id")
        .join(scene.market.tops.select("group_id", pl.col("uk_parent_number").alias("company_number")), on="group_id")
        .with_columns(
            pl.lit("homes_fall").alias("kind"),
            pl.col("as_at").alias("dated_on"),
            pl.format("Registered homes of the group fell {}", "reason").alias("detail"),
        )
        .sort("group_id")
    )
    return hashed(rows, "event_id", "event", ["kind", "group_id", "dated_on"])
