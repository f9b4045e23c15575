"""Quality across a group and through time: settings with signs, long uninspected, cancelled, and where signs gather.

Section 23A of the Care Standards Act 2000 (section 14 of the 2026 Act) lets Ofsted's Chief Inspector serve an
improvement plan notice on a parent undertaking where grounds for cancellation are suspected in two or more settings of
a subsidiary, or in settings of two or more subsidiaries. What is published shows where that could be looked at. The
pattern found here is proposed for a person to look at and to pass on; it says nothing of what anybody suspects.
"""

from typing import Final

import polars as pl

from oversight.model.tables.derived import VALUE
from risk.exits.departures import departures
from risk.exits.pairs import described_homes, registered_anew
from risk.exits.publications import Publications
from risk.findings import Findings, hashed, months_between, place
from risk.indicators.scene import Scene, of_groups

_NONE: Final = "no regulated setting in the newest publication"


def measure(scene: Scene) -> Findings:
    """Indicators of the newest publication, and an event where the pattern begins."""
    found = described(scene)
    newest = found.filter(pl.col("as_at") == pl.lit(scene.registered_at, dtype=pl.Date))
    groups = newest.group_by("group_id").agg(
        pl.len().alias("settings"),
        pl.col("sign").sum().alias("settings_with_signs"),
        pl.col("owner_key").filter("sign").n_unique().alias("providers"),
        pl.col("uninspected").sum().alias("homes_uninspected"),
        pl.col("is_home").sum().alias("homes"),
    )
    gathered = (
        _gathered(scene, found)
        .filter(pl.col("as_at") == pl.lit(scene.registered_at, dtype=pl.Date))
        .select("group_id", "gathered")
    )
    rows = groups.join(gathered, on="group_id", how="left").with_columns(
        pl.when("gathered").then("settings_with_signs").otherwise(0).alias("settings_in_pattern")
    )
    signs = pl.col("settings_with_signs")
    told = pl.when(signs == 0).then(pl.format("none of {} settings shows a sign", "settings")).otherwise(
        pl.format("{} of {} settings show a sign, under {} registered providers", signs, "settings", "providers")
    )  # fmt: skip
    long = pl.format("{} of {} homes have had no full inspection for long", "homes_uninspected", "homes")
    pattern = pl.when("gathered").then(told).otherwise(pl.lit("signs do not gather in two settings or providers"))
    parts = [
        _indicator(scene, newest, rows, "settings_with_signs", told, "sign"),
        _indicator(scene, newest, rows, "settings_in_pattern", pattern, "sign"),
        _indicator(scene, newest, rows, "homes_uninspected", long, "uninspected"),
    ]
    return Findings.together([*parts, Findings.of(event=_events(scene, found))])


def through_time(scene: Scene) -> pl.DataFrame:
    """Rows of `group_quality`: each group in each publication, its settings as that publication shows them.

    `left` counts settings of the publication before that the next one no longer names, less those registered anew;
    `cancelled` those of them that a list of leavers calls cancelled.
    """
    found = described(scene)
    counts = found.group_by("group_id", "as_at").agg(
        pl.len().alias("settings"),
        pl.col("is_home").sum().alias("homes"),
        pl.col("judged").sum(),
        pl.col("inadequate").sum(),
        pl.col("below_good").sum(),
        pl.col("suspended").sum(),
        pl.col("uninspected").sum(),
        pl.col("sign").sum().alias("with_signs"),
        pl.col("owner_key").filter("sign").n_unique().alias("providers_with_signs"),
    )
    columns = [name for name in counts.columns if name not in {"group_id", "as_at"}]
    return (
        counts.join(_gathered(scene, found), on=["group_id", "as_at"], how="left")
        .join(_gone(scene, found), on=["group_id", "as_at"], how="left")
        .with_columns(
            pl.col(*columns, "left", "cancelled").fill_null(0).cast(pl.Int64),
            pl.col("gathered").fill_null(value=False),
        )
        .sort("group_id", "as_at")
    )  # fmt: skip


def described(scene: Scene) -> pl.DataFrame:
    """Every regulated setting of a group in every publication, with what is said of it.

    Columns of `Market.home` and judged, inadequate, below_good, suspended, sign, uninspected.
    """
    values = scene.values
    both = pl.concat([scene.market.home, scene.market.earlier.select(scene.market.home.columns)])
    kind = pl.col("provision_type").str.strip_chars().str.to_lowercase().str.replace_all("\u2019", "'", literal=True)
    overall, protected = (_plain(name) for name in ("overall", "helped_and_protected"))
    bad, signs = values.texts("market.inadequate_words"), values.texts("quality.sign_words")
    weak = [*bad, *values.texts("market.improvement_words")]
    months = values.number("quality.uninspected_months")
    since = pl.coalesce("inspected_on", "registered_on")
    return (
        both.filter(pl.col("group_id").is_not_null(), kind.is_in(values.texts("quality.regulated_types")))
        .sort("urn", "as_at", "document_id", "locator")
        .unique(["urn", "as_at"], keep="last", maintain_order=True)
        .with_columns(
            overall.is_not_null().alias("judged"),
            _among(overall, bad).alias("inadequate"),
            _among(overall, weak).alias("below_good"),
            _among(_plain("status"), ["suspended"]).alias("suspended"),
            (pl.col("is_home") & (months_between(since, pl.col("as_at")) > months))
            .fill_null(value=False)
            .alias("uninspected"),
        )
        .with_columns((_among(overall, signs) | _among(protected, signs) | pl.col("suspended")).alias("sign"))
    )  # fmt: skip


def _plain(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars().str.to_lowercase()


def _among(text: pl.Expr, words: list[str]) -> pl.Expr:
    return text.is_in(words).fill_null(value=False)


def _gathered(scene: Scene, found: pl.DataFrame) -> pl.DataFrame:
    """For each group and publication, whether signs gather as section 23A has it."""
    settings, providers = (scene.values.number(f"quality.least_{name}") for name in ("settings", "subsidiaries"))
    of_provider = (
        found.filter("sign").group_by("group_id", "as_at", "owner_key").len("signs").group_by("group_id", "as_at")
    )
    return of_provider.agg(
        ((pl.col("signs").max() >= settings) | (pl.col("owner_key").n_unique() >= providers)).alias("gathered")
    )


def _gone(scene: Scene, found: pl.DataFrame) -> pl.DataFrame:
    """Settings that each publication no longer names, by the group they were of: left, and of these cancelled."""
    known = Publications.of(scene.evidence)
    anew = registered_anew(described_homes(known), departures(known)).select("urn")
    cancelled = scene.evidence.movement.filter(_plain("status") == "cancelled").select("urn").unique()
    days = found.select("as_at").unique().sort("as_at").with_columns(pl.col("as_at").shift(-1).alias("next"))
    return (
        found.select("urn", "group_id", "as_at")
        .join(days, on="as_at")
        .filter(pl.col("next").is_not_null())
        .join(found.select("urn", pl.col("as_at").alias("next")), on=["urn", "next"], how="anti")
        .join(anew, on="urn", how="anti")
        .join(cancelled.with_columns(cancelled=pl.lit(value=True)), on="urn", how="left")
        .group_by("group_id", pl.col("next").alias("as_at"))
        .agg(pl.len().alias("left"), pl.col("cancelled").fill_null(value=False).sum())
    )


def _indicator(
    scene: Scene, homes: pl.DataFrame, rows: pl.DataFrame, code: str, told: pl.Expr, condition: str
) -> Findings:
    """An indicator of counted settings, which rests on those that count."""
    shown = scene.market.tops.select("group_id").join(
        rows.select("group_id", pl.col(code).alias("value"), told.alias("reason")), on="group_id", how="left"
    ).with_columns(
        pl.coalesce("reason", pl.lit(_NONE)).alias("reason"),
        pl.lit(scene.registered_at, dtype=pl.Date).alias("dated_on"),
    )  # fmt: skip
    indicator = of_groups(scene, shown, code=code, unit="count")
    counting = indicator.filter(pl.col("status") == VALUE, pl.col("value") > 0).select("group_id", "indicator_id")
    lineage = (
        homes.filter(condition)
        .join(counting, on="group_id")
        .select(pl.col("indicator_id").alias("item_id"), place().alias("input_id"), role=pl.lit("setting"))
    )
    return Findings.of(indicator=indicator, lineage=lineage)


def _events(scene: Scene, found: pl.DataFrame) -> pl.DataFrame:
    """An event for each spell of the pattern, dated by the first publication that shows it."""
    days = found.select("group_id", "as_at").unique()
    spells = (
        days.join(_gathered(scene, found), on=["group_id", "as_at"], how="left")
        .with_columns(pl.col("gathered").fill_null(value=False))
        .sort("group_id", "as_at")
        .filter(pl.col("gathered") & ~pl.col("gathered").shift(1, fill_value=False).over("group_id"))
    )
    showing = (
        found.filter("sign")
        .sort("group_id", "as_at", "locator")
        .group_by("group_id", "as_at", maintain_order=True)
        .agg(
            pl.len().alias("signs"),
            pl.col("owner_key").n_unique().alias("providers"),
            pl.col("document_id", "locator").first(),
        )
    )
    rows = (
        spells.join(showing, on=["group_id", "as_at"])
        .join(scene.market.tops.select("group_id", "uk_parent_number"), on="group_id")
        .select(
            pl.lit("quality_pattern").alias("kind"),
            "group_id",
            pl.col("uk_parent_number").alias("company_number"),
            pl.col("as_at").alias("dated_on"),
            pl.format(
                "{} settings under {} registered providers of one group are judged inadequate or suspended: a pattern "
                "to look at under section 23A, for Ofsted to judge",
                "signs",
                "providers",
            ).alias("detail"),
            "document_id",
            "locator",
        )
        .sort("group_id", "dated_on")
    )
    return hashed(rows, "event_id", "event", ["kind", "group_id", "dated_on"])
