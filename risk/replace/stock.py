"""The places there are, by who runs them, authority and kind of home: what everything else is counted from."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import polars as pl

from oversight.geography import authorities
from risk.replace.assumptions import Assumptions, KindRule

COLUMNS: Final = ("group_id", "local_authority_code", "kind", "homes", "places", "good_places")


@dataclass(frozen=True, slots=True)
class Stock:
    """Places by group, authority and kind.

    Attributes:
        cells: one row a group, authority and kind, sorted: group_id (empty where the owner is not known),
            local_authority_code, kind, homes, places, good_places (in homes that can take a displaced child).
        judged: whether the publication gives judgements; without, nothing can be said of what is left.
        elsewhere: homes left out because their authority is not known or is not in England.
    """

    cells: pl.DataFrame
    judged: bool
    elsewhere: int


def stock_of(home: pl.DataFrame, assumed: Assumptions) -> Stock:
    """Count the places of a publication.

    Args:
        home: settings of one publication that are open, with group_id and is_home.
        assumed: for kinds and judgements.
    """
    homes = home.filter("is_home").with_columns(_kind(assumed.kinds).alias("kind"))
    here = [one.code for one in authorities() if one.nation == "England"]
    placed = homes.filter(pl.col("local_authority_code").is_in(here))
    good = pl.col("overall").str.to_lowercase().is_in(list(assumed.quality)).fill_null(False)
    cells = (
        placed.with_columns(pl.col("group_id").fill_null(""), pl.col("places").fill_null(0))
        .filter(pl.col("kind").is_not_null())
        .group_by("group_id", "local_authority_code", "kind")
        .agg(
            pl.len().cast(pl.Int64).alias("homes"),
            pl.col("places").sum(),
            pl.col("places").filter(good).sum().alias("good_places"),
        )
    )
    return Stock(
        cells=cells.select(COLUMNS).sort("group_id", "local_authority_code", "kind"),
        judged=bool(homes["overall"].is_not_null().any()),
        elsewhere=len(homes) - len(placed),
    )


def together(stock: Stock, groups: Collection[str], name: str) -> Stock:
    """The stock with several groups under one name, for a failure of all of them at once."""
    one = pl.when(pl.col("group_id").is_in(list(groups))).then(pl.lit(name)).otherwise("group_id")
    merged = (
        stock.cells.with_columns(one.alias("group_id"))
        .group_by("group_id", "local_authority_code", "kind")
        .agg(pl.col("homes", "places", "good_places").sum())
    )
    return Stock(
        cells=merged.select(COLUMNS).sort("group_id", "local_authority_code", "kind"),
        judged=stock.judged,
        elsewhere=stock.elsewhere,
    )


def _kind(rules: Collection[KindRule]) -> pl.Expr:
    """The kind of the first rule that fits; null for none."""
    plain = pl.col("provision_type").str.strip_chars().str.to_lowercase().str.replace_all("\u2019", "'", literal=True)
    flagged = pl.col("short_breaks_only").fill_null(False)
    found = pl.lit(None, dtype=pl.String)
    for rule in reversed(list(rules)):
        fits = plain.is_in(rule.types) & (flagged if rule.short_breaks else pl.lit(True))
        found = pl.when(fits).then(pl.lit(rule.kind)).otherwise(found)
    return found
