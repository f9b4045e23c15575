"""Quality of a group's homes: judged inadequate or requiring improvement, suspended, as Ofsted publishes it."""

import polars as pl

from oversight.model.tables.derived import VALUE
from risk.findings import Findings, hashed, place
from risk.indicators.scene import Scene, of_groups


def measure(scene: Scene) -> Findings:
    """Shares of judged homes and suspended homes by the newest publication, and an event for each bad sign."""
    homes = _described(scene, scene.market.home)
    judged = pl.col("judgement").is_not_null()
    bad, weak = pl.col("inadequate"), pl.col("inadequate") | pl.col("improvement")
    per_group = homes.group_by("group_id").agg(
        judged.sum().alias("judged"),
        bad.sum().alias("count_inadequate"),
        weak.sum().alias("count_below_good"),
        (bad.sum() / judged.sum() * 100).alias("homes_inadequate"),
        (weak.sum() / judged.sum() * 100).alias("homes_below_good"),
        pl.col("suspended").sum().alias("homes_suspended"),
    )
    parts = [
        _share(scene, homes, per_group, "inadequate", "inadequate", bad),
        _share(scene, homes, per_group, "below_good", "below good", weak),
        _indicator(scene, homes, per_group, "homes_suspended", "count", pl.col("suspended")),
    ]
    return Findings.together([*parts, Findings.of(event=_events(scene))])


def _described(scene: Scene, home: pl.DataFrame) -> pl.DataFrame:
    """The children's homes of groups with what is said of them."""
    values = scene.values
    overall = pl.col("overall").str.strip_chars().str.to_lowercase()
    return (
        home.filter(pl.col("is_home"), pl.col("group_id").is_not_null())
        .with_columns(overall.alias("judgement"))
        .with_columns(
            pl.col("judgement").is_in(values.texts("market.inadequate_words")).fill_null(False).alias("inadequate"),
            pl.col("judgement").is_in(values.texts("market.improvement_words")).fill_null(False).alias("improvement"),
            pl.col("status").str.strip_chars().str.to_lowercase().eq("suspended").fill_null(False).alias("suspended"),
        )
    )


def _share(
    scene: Scene, homes: pl.DataFrame, per_group: pl.DataFrame, name: str, words: str, condition: pl.Expr
) -> Findings:
    """A share of the judged homes, its reason in words such as `4 of 175 judged homes are inadequate`."""
    bad, judged = pl.col(f"count_{name}"), pl.col("judged")
    said = (
        pl.when(judged == 0)
        .then(pl.lit("no home has been judged yet"))
        .when((judged == 1) & (bad == 1))
        .then(pl.lit(f"the only judged home is {words}"))
        .when(bad == 0)
        .then(pl.lit(f"no judged home is {words}"))
        .when(bad == 1)
        .then(pl.format(f"1 of {{}} judged homes is {words}", judged))
        .otherwise(pl.format(f"{{}} of {{}} judged homes are {words}", bad, judged))
    )
    shares = per_group.with_columns(
        said.alias("said"), pl.when(judged > 0).then(f"homes_{name}").alias(f"homes_{name}")
    )
    return _indicator(scene, homes, shares, f"homes_{name}", "percent", condition)


def _indicator(
    scene: Scene, homes: pl.DataFrame, per_group: pl.DataFrame, code: str, unit: str, condition: pl.Expr
) -> Findings:
    said = pl.col("said") if "said" in per_group.columns else pl.lit(None, dtype=pl.String)
    rows = (
        scene.market.tops.select("group_id")
        .join(per_group.select("group_id", "judged", pl.col(code).alias("value"), said.alias("said")),
              on="group_id", how="left")
        .with_columns(
            pl.when(pl.col("judged").is_null())
            .then(pl.lit("no children's home in the newest publication"))
            .otherwise("said")
            .alias("reason"),
            pl.lit(scene.registered_at, dtype=pl.Date).alias("dated_on"),
        )
    )  # fmt: skip
    indicator = of_groups(scene, rows, code=code, unit=unit)
    valued = indicator.filter(pl.col("status") == VALUE).select("group_id", "indicator_id")
    lineage = (
        homes.filter(condition)
        .join(valued, on="group_id")
        .select(pl.col("indicator_id").alias("item_id"), place().alias("input_id"), role=pl.lit("home"))
    )
    return Findings.of(indicator=indicator, lineage=lineage)


def _events(scene: Scene) -> pl.DataFrame:
    """Suspensions and inadequate judgements of every publication: one for each spell, one for each inspection.

    A spell of suspension is dated by the first publication that shows it, a judgement by its inspection. Both name
    the first publication that shows them, and belong to the group that has the home in the last.
    """
    both = pl.concat([scene.market.home, scene.market.earlier.select(scene.market.home.columns)])
    homes = (
        _described(scene, both)
        .sort("urn", "as_at", "document_id", "locator")
        .unique(["urn", "as_at"], keep="last", maintain_order=True)
    )
    where = pl.coalesce("local_authority", pl.lit("an authority not given"))
    begun = pl.col("suspended") & ~pl.col("suspended").shift(1, fill_value=False).over("urn")
    suspended = _first(
        homes.with_columns(begun.cum_sum().over("urn").alias("spell")).filter("suspended"), ["urn", "spell"]
    ).with_columns(
        pl.lit("home_suspended").alias("kind"),
        pl.col("as_at").alias("dated_on"),
        pl.format("Registration of a home in {} (URN {}) is suspended", where, "urn").alias("detail"),
    )
    inadequate = _first(
        homes.filter(pl.col("inadequate"), pl.col("inspected_on").is_not_null()), ["urn", "inspected_on"]
    ).with_columns(
        pl.lit("home_inadequate").alias("kind"),
        pl.col("inspected_on").alias("dated_on"),
        pl.format("A home in {} (URN {}) was judged inadequate", where, "urn").alias("detail"),
    )
    columns = ["kind", "urn", "dated_on", "detail", "group_id", "document_id", "locator"]
    rows = pl.concat([suspended.select(columns), inadequate.select(columns)]).with_columns(
        pl.lit(None, dtype=pl.String).alias("company_number")
    )
    return hashed(rows.sort("kind", "urn", "dated_on"), "event_id", "event", ["kind", "urn", "dated_on"])


def _first(homes: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """The first row of each key, with the group of the last; rows come sorted by publication."""
    return homes.group_by(key, maintain_order=True).agg(
        pl.col("as_at", "document_id", "locator", "local_authority").first(), pl.col("group_id").last()
    )
