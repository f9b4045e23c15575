"""Ofsted's publications as one body of evidence, and the part of it that describes a day or an earlier one.

A publication counts from the day it describes. It comes out some months later, so a forecast at the day described is
what could be said of that day once the publication was out; nothing that describes a later day ever enters it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from oversight.identity.names import normal_form
from oversight.model.evidence import Evidence, schema_of

_FULLEST_FIRST: Final = (
    "ofsted.provider_level",
    "ofsted.workbook",
    "ofsted.management_information",
    "ofsted.providers_and_places",
)
_OPEN: Final = ("active", "suspended")
_HOME: Final = "children's home"
_COUNCIL: Final = "Local authority"
DESCRIBED: Final = pl.Schema({"document_id": pl.String, "source": pl.String, "day": pl.Date})


@dataclass(frozen=True, slots=True)
class Publications:
    """Rows of Ofsted's publications.

    Attributes:
        home: rows of `home`; several publications of one day may list the same home.
        inspection: rows of `inspection`.
        movement: rows of `movement`.
        described: document_id, source and the day each publication describes (the end of its period).
    """

    home: pl.DataFrame
    inspection: pl.DataFrame
    movement: pl.DataFrame
    described: pl.DataFrame

    @classmethod
    def of(cls, evidence: Evidence) -> "Publications":
        """Those that a run sees."""
        return cls.from_tables(evidence.home, evidence.inspection, evidence.movement, evidence.visible)

    @classmethod
    def from_tables(
        cls, home: pl.DataFrame, inspection: pl.DataFrame, movement: pl.DataFrame, visible: pl.DataFrame
    ) -> "Publications":
        """From read tables and the documents they were read from (document_id, source, subject)."""
        described = (
            visible.filter(pl.col("source").str.starts_with("ofsted."))
            .select("document_id", "source", pl.col("subject").str.to_date(strict=False).alias("day"))
            .drop_nulls("day")
            .sort("document_id", "day", "source")
            .unique("document_id", keep="first", maintain_order=True)
        )
        known = described.select("document_id")
        return cls(
            home=home.join(known, on="document_id", how="semi"),
            inspection=inspection.join(known, on="document_id", how="semi"),
            movement=movement.join(known, on="document_id", how="semi"),
            described=described.select(DESCRIBED.names()),
        )

    @classmethod
    def none(cls) -> "Publications":
        """No publication."""
        home, inspection, movement = (schema_of(name).create_empty() for name in ("home", "inspection", "movement"))
        return cls(home=home, inspection=inspection, movement=movement, described=pl.DataFrame(schema=DESCRIBED))

    def by(self, day: date) -> "Publications":
        """Those that describe a day or an earlier one, less rows dated after the day."""
        described = self.described.filter(pl.col("day") <= day)
        known = described.select("document_id")
        home, inspection, movement = (
            frame.join(known, on="document_id", how="semi") for frame in (self.home, self.inspection, self.movement)
        )
        return Publications(home.filter(pl.col("as_at") <= day), inspection, movement, described)

    def with_more(self, other: "Publications") -> "Publications":
        """These and others; a document in both counts once."""
        new = other.described.join(self.described, on="document_id", how="anti")
        added = [
            frame.join(new.select("document_id"), on="document_id", how="semi")
            for frame in (other.home, other.inspection, other.movement)
        ]
        return Publications(
            pl.concat([self.home, added[0]]),
            pl.concat([self.inspection, added[1]]),
            pl.concat([self.movement, added[2]]),
            pl.concat([self.described, new]),
        )

    def days(self) -> list[date]:
        """Days on which there is a list of homes, in order."""
        return sorted(self.home.filter(is_home())["as_at"].unique())

    def lists(self) -> pl.DataFrame:
        """One row for each children's home and day: what the publications of that day say of it, gaps filled.

        Where several describe one day the fullest counts and the others fill what it lacks. `owner_key` is the
        owner's name without spelling differences; a council's home without a named owner has its council for owner.
        Sorted by URN and day; column `day` is the day described.
        """
        rank = {source: place for place, source in enumerate(_FULLEST_FIRST)}
        source = pl.col("source").replace_strict(rank, default=len(rank), return_dtype=pl.Int64)
        columns = [name for name in self.home.columns if name not in {"document_id", "urn", "locator", "as_at"}]
        merged = (
            self.home.filter(is_home(), is_open())
            .join(self.described.select("document_id", "source"), on="document_id")
            .with_columns(source.alias("rank"))
            .sort("urn", "as_at", "rank", "document_id", "locator")
            .group_by("urn", pl.col("as_at").alias("day"), maintain_order=True)
            .agg(pl.col("document_id", "locator").first(), pl.col(columns).drop_nulls().first())
        )
        return merged.with_columns(owner_key(merged))


def is_home() -> pl.Expr:
    """Whether a provision type is a children's home (secure ones and special schools registered as one included)."""
    kind = pl.col("provision_type").str.to_lowercase().str.replace_all("\u2019", "'", literal=True)
    return kind.str.contains(_HOME, literal=True).fill_null(False)


def is_open() -> pl.Expr:
    """Whether a registration counts: active, suspended, or not said (older publications list only open ones)."""
    status = pl.col("status").str.strip_chars().str.to_lowercase()
    return status.is_null() | status.is_in(_OPEN)


def owner_key(homes: pl.DataFrame) -> pl.Expr:
    """The owner's key: its name in normal form; a council's home without a name has its council; else null."""
    names = homes["owner"].drop_nulls().unique().sort().to_list()
    keys = {name: normal_form(name) or name.strip().casefold() or None for name in names}
    known = pl.col("owner").replace_strict(list(keys), list(keys.values()), default=None, return_dtype=pl.String)
    return pl.coalesce(known, council_of()).alias("owner_key")


def council_of() -> pl.Expr:
    """The key of the council where a home is its council's; else null. Column `owner_key`."""
    name = pl.concat_str(pl.lit("council of "), "local_authority")
    return pl.when(pl.col("sector") == _COUNCIL).then(name).alias("owner_key")
