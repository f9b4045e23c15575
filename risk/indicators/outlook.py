"""A second opinion on exit: homes of each group that the fitted model expects to leave, and the homes it rests on.

Shown beside the rules and weighed nowhere: it ranks, and its card says how well.
"""

from dataclasses import dataclass
from typing import Final

import polars as pl

from oversight.errors import InputError
from oversight.model.tables.derived import VALUE
from risk.exits.forecast import Forecast, forecast
from risk.exits.model import Vintages
from risk.exits.owners import by_owner
from risk.exits.publications import Publications
from risk.findings import Findings, empty, place
from risk.indicators.scene import Scene, of_groups

_SHOWN: Final = 3
_LACKING: Final = "no children's home of the group is on the register"


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the model expects.

    Attributes:
        findings: indicators of groups, resting on their homes.
        homes: rows of `exit_forecast`.
        made: the forecast; None where there is none.
    """

    findings: Findings
    homes: pl.DataFrame
    made: Forecast | None


def measure(scene: Scene, models: Vintages | None) -> Outlook:
    """The forecast of the day looked at; nothing where there is no model, or no list of homes."""
    nothing = Outlook(Findings.of(), empty("exit_forecast"), None)
    if models is None:
        return nothing
    try:
        made = forecast(Publications.of(scene.evidence), scene.on, models)
    except InputError:
        return nothing
    homes = made.homes.join(scene.market.home.select("urn", "group_id").unique("urn"), on="urn", how="left")
    return Outlook(_of_groups(scene, made, homes), _rows(made, homes), made)


def _rows(made: Forecast, homes: pl.DataFrame) -> pl.DataFrame:
    return homes.select(
        "urn", "group_id", "owner", "local_authority", "places", "probability", "rank", "top_reasons",
        pl.lit(made.register.day).alias("register_of"),
        pl.lit(made.model.outcomes_by).alias("model_outcomes_by"),
        pl.lit(made.in_time).alias("in_time"),
        "document_id", "locator",
    )  # fmt: skip


def _of_groups(scene: Scene, made: Forecast, homes: pl.DataFrame) -> Findings:
    """Expected homes leaving, their share, and the chance of losing over a quarter of the places."""
    expected = by_owner(homes, made.model.correlation, key="group_id").with_columns(
        (pl.col("expected_homes_leaving") / pl.col("homes") * 100).alias("expected_exit_share"),
        (pl.col("probability") * 100).alias("quarter_loss_chance"),
    )
    likeliest = (
        homes.sort("rank", "urn")
        .group_by("group_id", maintain_order=True)
        .agg(
            pl.format("URN {} ({}%)", "urn", (pl.col("probability") * 100).round(0).cast(pl.Int64))
            .head(_SHOWN).str.join(", ").alias("likeliest")
        )
    )  # fmt: skip
    rows = scene.market.tops.select("group_id").join(
        expected.join(likeliest, on="group_id"), on="group_id", how="left"
    ).with_columns(
        pl.when(pl.col("homes").is_null()).then(pl.lit(_LACKING))
        .otherwise(pl.format("model of {}; likeliest to leave: {}", pl.lit(made.model.outcomes_by), "likeliest"))
        .alias("reason"),
        pl.lit(made.register.day).alias("dated_on"),
    )  # fmt: skip
    parts = []
    for code, unit in (
        ("expected_homes_leaving", "count"),
        ("expected_exit_share", "percent"),
        ("quarter_loss_chance", "percent"),
    ):
        value = rows.with_columns(pl.col(code).round(6).alias("value"))
        indicator = of_groups(scene, value, code=code, unit=unit)
        valued = indicator.filter(pl.col("status") == VALUE).select("group_id", "indicator_id")
        lineage = homes.join(valued, on="group_id").select(
            pl.col("indicator_id").alias("item_id"), place().alias("input_id"), role=pl.lit("home")
        )
        parts.append(Findings.of(indicator=indicator, lineage=lineage))
    return Findings.together(parts)
