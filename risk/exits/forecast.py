"""A forecast: for each home on the register on a day, the chance that it leaves within a year, with reasons."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from oversight.errors import InputError
from risk.exits.features import measure
from risk.exits.model import Model, Vintages
from risk.exits.publications import Publications
from risk.exits.register import Register, standing
from risk.exits.terms import catalogue

COLUMNS = (
    "urn", "probability", "rank", "top_reasons", "owner", "local_authority", "region", "sector", "places",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Forecast:
    """A forecast and what it rests on.

    Attributes:
        homes: `COLUMNS` and owner_key, document_id, locator; sorted by rank.
        register: the register forecast for.
        model: the model used.
        in_time: whether every outcome the model learnt from was known by then.
        missing: labels of features that no home has, in the order of the catalogue.
        features: of each home, as the model read them.
    """

    homes: pl.DataFrame
    register: Register
    model: Model
    in_time: bool
    missing: tuple[str, ...]
    features: pl.DataFrame


def forecast(known: Publications, day: date, models: Vintages, days: int | None = None) -> Forecast:
    """The forecast of a day.

    Args:
        known: publications; those that describe a later day are not looked at.
        day: the day. The register is the one of the last day described by then.
        models: the newest whose outcomes were known by then is used.
        days: how far ahead; the model's own horizon where not given.

    Raises:
        InputError: if no list of homes describes the day or an earlier one.
    """
    seen = known.by(day)
    register = standing(seen)
    if register is None:
        first = min(known.days(), default=None)
        raise InputError(
            "no list of homes describes that day or an earlier one"
            + (f"; the first describes {first}" if first else ""),
            where=str(day),
            next_step="`oversight collect ofsted --from FILE…` (or `--bundled`) brings one; or give a later day.",
        )
    model, in_time = models.at(day)
    features = measure(seen, register)
    homes = (
        features.select("urn")
        .with_columns(
            pl.Series("probability", model.probability(features, days)),
            pl.Series("top_reasons", model.reasons(features), dtype=pl.String),
        )
        .join(register.homes, on="urn")
        .with_columns(pl.col("probability").rank("min", descending=True).cast(pl.Int64).alias("rank"))
        .sort("rank", "urn")
        .select(*COLUMNS, "owner_key", "document_id", "locator")
    )
    entries = catalogue()
    missing = tuple(
        entries[name].label
        for name in model.features
        if features[name].null_count() == features.height and features.height
    )
    return Forecast(homes, register, model, in_time, missing, features)
