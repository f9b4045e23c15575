"""Markets by type of provision, as `risk/parameters/market_types.yaml` writes them."""

from typing import Final, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict

from risk.parameters import Values

_PREFIX: Final = "market_types."
PLACES: Final = "places"
SETTINGS: Final = "settings"
NO_TYPE: Final = "the list has no setting of this type"
NO_SHORT_BREAKS: Final = "the list does not tell short-break homes apart"
WITH_SHORT_BREAKS: Final = "holds short-break homes too: the list does not tell them apart"
TYPE: Final = pl.Schema({"market_type": pl.String, "basis": pl.String, "missing": pl.String, "caveat": pl.String})
"""One row a type: what its shares count, why it cannot be measured in this list, and what to know about it."""


class MarketType(BaseModel):
    """Which settings make up a market.

    Attributes:
        provision_types: Ofsted's words in lower case; None for every type that counts as a children's home.
        short_breaks: whether homes for short breaks alone are in, left out, or all there is.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    provision_types: tuple[str, ...] | None = None
    short_breaks: Literal["with", "without", "only"] = "with"


def market_types(values: Values) -> dict[str, MarketType]:
    """Every type in force, by name, in the order of the file."""
    return {code.removeprefix(_PREFIX): values.parse(code, MarketType) for code in values.under(_PREFIX)}


def typed(settings: pl.DataFrame, values: Values) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The settings once for each market type they belong to, and what can be said of each type in this list.

    Args:
        settings: open settings of one list, with provision_type, is_home, short_breaks_only and places.
        values: parameters in force.

    Returns:
        The settings with market_type and `size`: places, or 1 where the type's shares count settings; and a row of
        `TYPE` for each type.
    """
    word = pl.col("provision_type").str.strip_chars().str.to_lowercase().str.replace_all("\u2019", "'", literal=True)
    parts, rows = [], []
    for name, each in market_types(values).items():
        of_type = settings.filter(
            pl.col("is_home") if each.provision_types is None else word.is_in(each.provision_types)
        )
        told = of_type["short_breaks_only"].is_not_null().any()
        missing, caveat = None, None
        if of_type.is_empty():
            missing = NO_TYPE
        elif each.short_breaks == "only":
            missing = None if told else NO_SHORT_BREAKS
            of_type = of_type.filter(pl.col("short_breaks_only").fill_null(False))
        elif each.short_breaks == "without":
            caveat = None if told else WITH_SHORT_BREAKS
            of_type = of_type.filter(~pl.col("short_breaks_only").fill_null(False))
        basis = _basis(of_type, values.number("market.places_published"))
        rows.append({"market_type": name, "basis": basis, "missing": missing, "caveat": caveat})
        size = pl.col("places").fill_null(0) if basis == PLACES else pl.lit(1, dtype=pl.Int64)
        parts.append(of_type.with_columns(pl.lit(name).alias("market_type"), size.cast(pl.Int64).alias("size")))
    return pl.concat(parts), pl.DataFrame(rows, schema=TYPE)


def _basis(settings: pl.DataFrame, enough: float) -> str:
    """Places where nearly every setting has them and there are any, else settings."""
    places = settings["places"]
    filled = 100 * places.drop_nulls().len() / max(1, places.len())
    return PLACES if filled >= enough and (places.sum() or 0) > 0 else SETTINGS
