"""Quality of a group's homes: judged inadequate or requiring improvement, suspended, by the newest publication."""

import polars as pl

from oversight.model.tables.derived import VALUE
from risk.findings import Findings, hashed, place
from risk.indicators.scene import Scene, of_groups


def measure(scene: Scene) -> Findings:
    """Shares of judged homes, suspended homes, and an event for each bad sign."""
    homes = _homes(scene)
    judged = pl.col("judgement").is_not_null()
    bad, weak = pl.col("inadequate"), pl.col("inadequate") | pl.col("improvement")
    per_group = homes.group_by("group_id").agg(
        judged.sum().alias("judged"),
        (bad.sum() / judged.sum() * 100).alias("homes_inadequate"),
        (weak.sum() / judged.sum() * 100).alias("homes_below_good"),
        pl.col("suspended").sum().alias("homes_suspended"),
    )
    parts = [
        _indicator(scene, homes, per_group, "homes_inadequate", "percent", bad),
        _indicator(scene, homes, per_group, "homes_below_good", "percent", weak),
        _indicator(scene, homes, per_group, "homes_suspended", "count", pl.col("suspended")),
    ]
    return Findings.together([*parts, Findings.of(event=_events(homes))])


def _homes(scene: Scene) -> pl.DataFrame:
    """The children's homes of groups with what is said of them."""
    values = scene.values
    overall = pl.col("overall").str.strip_chars().str.to_lowercase()
    return (
        scene.market.home.filter(pl.col("is_home"), pl.col("group_id").is_not_null())
        .with_columns(overall.alias("judgement"))
        .with_columns(
            pl.col("judgement").is_in(values.texts("market.inadequate_words")).fill_null(False).alias("inadequate"),
            pl.col("judgement").is_in(values.texts("market.improvement_words")).fill_null(False).alias("improvement"),
            pl.col("status").str.to_lowercase().eq("suspended").fill_null(False).alias("suspended"),
        )
    )


def _indicator(
    scene: Scene, homes: pl.DataFrame, per_group: pl.DataFrame, code: str, unit: str, condition: pl.Expr
) -> Findings:
    share = unit == "percent"
    rows = (
        scene.market.tops.select("group_id")
        .join(per_group.select("group_id", "judged", pl.col(code).alias("value")), on="group_id", how="left")
        .with_columns(
            pl.when(pl.col("judged").is_null())
            .then(pl.lit("no children's home in the newest publication"))
            .when((pl.col("judged") == 0) & share)
            .then(pl.lit("no home has been judged yet"))
            .when(share)
            .then(pl.format("of {} homes with a judgement", "judged"))
            .alias("reason"),
            pl.when((pl.col("judged") > 0) | (not share)).then("value").alias("value"),
        )
    )
    indicator = of_groups(scene, rows, code=code, unit=unit)
    valued = indicator.filter(pl.col("status") == VALUE).select("group_id", "indicator_id")
    lineage = (
        homes.filter(condition)
        .join(valued, on="group_id")
        .select(pl.col("indicator_id").alias("item_id"), place().alias("input_id"), role=pl.lit("home"))
    )
    return Findings.of(indicator=indicator, lineage=lineage)


def _events(homes: pl.DataFrame) -> pl.DataFrame:
    """Homes suspended (dated by the day described) and judged inadequate (dated by the inspection)."""
    where = pl.coalesce("local_authority", pl.lit("an authority not given"))
    suspended = homes.filter("suspended").with_columns(
        pl.lit("home_suspended").alias("kind"),
        pl.col("as_at").alias("dated_on"),
        pl.format("Registration of a home in {} (URN {}) is suspended", where, "urn").alias("detail"),
    )
    inadequate = homes.filter(pl.col("inadequate"), pl.col("inspected_on").is_not_null()).with_columns(
        pl.lit("home_inadequate").alias("kind"),
        pl.col("inspected_on").alias("dated_on"),
        pl.format("A home in {} (URN {}) was judged inadequate", where, "urn").alias("detail"),
    )
    rows = pl.concat([suspended, inadequate]).with_columns(pl.lit(None, dtype=pl.String).alias("company_number"))
    distinct = rows.sort("kind", "urn", "dated_on", "locator").unique(
        ["kind", "urn", "dated_on"], keep="first", maintain_order=True
    )
    return hashed(distinct, "event_id", "event", ["kind", "urn", "dated_on"])
