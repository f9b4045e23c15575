"""The result of one assessment: derived tables, and what they were judged by."""

from dataclasses import dataclass, fields

import polars as pl

from oversight.model.evidence import schema_of
from oversight.model.times import AsAt


@dataclass(frozen=True, slots=True)
class Assessment:
    """Derived tables of one run. Field names are table names in `oversight.model.tables.derived`."""

    as_at: AsAt
    parameters_fingerprint: str
    group: pl.DataFrame
    membership: pl.DataFrame
    holding: pl.DataFrame
    provider: pl.DataFrame
    setting: pl.DataFrame
    account_period: pl.DataFrame
    account: pl.DataFrame
    indicator: pl.DataFrame
    peer: pl.DataFrame
    event: pl.DataFrame
    contribution: pl.DataFrame
    score: pl.DataFrame
    exposure: pl.DataFrame
    market: pl.DataFrame
    market_share: pl.DataFrame
    displacement: pl.DataFrame
    displacement_by_authority: pl.DataFrame
    exit_forecast: pl.DataFrame
    group_quality: pl.DataFrame
    drift: pl.DataFrame
    scope: pl.DataFrame
    stress: pl.DataFrame
    stress_draw: pl.DataFrame
    stress_market: pl.DataFrame
    register_entry: pl.DataFrame
    alert: pl.DataFrame
    lineage: pl.DataFrame
    quality: pl.DataFrame

    @classmethod
    def table_names(cls) -> tuple[str, ...]:
        """Names of the derived tables, in order."""
        return tuple(field.name for field in fields(cls) if field.name not in {"as_at", "parameters_fingerprint"})

    def tables(self) -> dict[str, pl.DataFrame]:
        """Each derived table, validated against its declaration and sorted by its primary key."""
        return {name: tidy(name, getattr(self, name)) for name in self.table_names()}


def tidy(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """A frame in its declared columns, validated, sorted by primary key.

    Raises:
        dataframely.exc.ValidationError: if a row breaks the declaration.
    """
    schema = schema_of(name)
    valid = schema.validate(frame, cast=True)
    return valid.select(schema.column_names()).sort(schema.primary_key())
