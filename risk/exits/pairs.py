"""Which homes that left were registered anew: the same home under another URN is no exit.

Ofsted redacts names and addresses of homes, so a new registration is told by what remains: the parliamentary
constituency, the number of places, the owner, and the days of leaving and registering. Each leaver takes at most one
joiner, the likeliest first. Where the day of leaving is not known, only homes that moved together are told: several
homes of one owner gone, as many registered on one day by another owner (a council's homes passed to a trust).
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import polars as pl

from risk.exits.publications import Publications, is_home

BLOCK: Final = "0 moved with the owner's other homes"


@dataclass(frozen=True, slots=True)
class Rule:
    """How alike a leaver and a joiner have to be; -1 turns a part off.

    Attributes:
        days: longest time between leaving and registering, where constituency and places agree.
        days_alone: the same where the constituency agrees but not the number of places.
        days_owner: the same where the owner and the authority agree.
        days_authority: the same where no constituency is published, and authority and places agree.
        together: least homes that move together from one owner to another on one day; at least half of those
            registered that day have to match in constituency or, in the same authority, in places.
    """

    days: int = 21
    days_alone: int = 1
    days_owner: int = 31
    days_authority: int = 7
    together: int = 3

    @property
    def reach(self) -> int:
        """The longest of its times."""
        return max(self.days, self.days_alone, self.days_owner, self.days_authority)


STANDARD: Final = Rule()
NONE: Final = Rule(-1, -1, -1, -1, -1)
STRICT: Final = Rule(7, 0, 14, -1, 5)
WIDE: Final = Rule(62, 7, 62, 14, 2)
_SCHEMA: Final = pl.Schema({"urn": pl.String, "successor": pl.String, "because": pl.String})


def described_homes(known: Publications) -> pl.DataFrame:
    """One row for each home ever listed or moved: what is known of it, the last word counting, a list's before others.

    Columns urn, owner_key (last), first_owner, places, registered_on, and `authorities` and `constituencies`: every
    name these were given.
    """
    columns = ["urn", "day", "places", "local_authority", "constituency", "registered_on"]
    moved = (
        known.movement.filter(is_home())
        .join(known.described, on="document_id")
        .select(columns)
        .with_columns(owner_key=pl.lit(None, dtype=pl.String), listed=pl.lit(value=False))
    )
    listed = known.lists().select(*columns, "owner_key", listed=pl.lit(value=True))
    return (
        pl.concat([listed, moved])
        .sort("urn", "day", "listed", *columns[2:], nulls_last=False)
        .group_by("urn", maintain_order=True)
        .agg(
            pl.col("owner_key").drop_nulls().last(),
            pl.col("owner_key").drop_nulls().first().alias("first_owner"),
            pl.col("places").drop_nulls().last(),
            pl.col("local_authority").drop_nulls().unique().sort().alias("authorities"),
            pl.col("constituency").drop_nulls().str.to_lowercase().unique().sort().alias("constituencies"),
            pl.col("registered_on").drop_nulls().first(),
        )
    )


def registered_anew(homes: pl.DataFrame, left: pl.DataFrame, rule: Rule = STANDARD, shift: int = 0) -> pl.DataFrame:
    """Leavers that go on under another URN.

    Args:
        homes: as `described_homes` gives them.
        left: departures.
        rule: how alike leaver and joiner have to be.
        shift: days by which joiners are moved, to count what chance alone would pair.

    Returns:
        urn, successor and `because`, one row for each leaver paired, sorted by URN.
    """
    near = _neighbours(homes, left, rule, shift)
    pairs = near.join(_same_ground(homes, near, "constituencies"), on=["urn", "successor"], how="left")
    gap = (pl.col("registered_on") - pl.col("left_on")).dt.total_days().abs()
    unknown = (pl.col("constituencies").list.len() == 0) | (pl.col("new_constituencies").list.len() == 0)
    same_places = pl.col("places") == pl.col("new_places")
    here = pl.col("same_constituencies").fill_null(value=False)
    because = (
        pl.when(here & same_places & (gap <= rule.days)).then(pl.lit("1 same constituency and places"))
        .when((pl.col("owner_key") == pl.col("new_owner")) & (gap <= rule.days_owner))
        .then(pl.lit("2 same owner and authority"))
        .when(here & (gap <= rule.days_alone)).then(pl.lit("3 same constituency, days apart"))
        .when(unknown & same_places & (gap <= rule.days_authority)).then(pl.lit("4 same authority and places"))
    )  # fmt: skip
    single = (
        pairs.with_columns(because.alias("because"), gap.alias("off"))
        .filter(pl.col("because").is_not_null())
        .sort("because", "off", "urn", "successor")
    )
    together = _together(pairs, rule)
    return _one_to_one(pl.concat([together, single.select(_SCHEMA.names())]))


def _neighbours(homes: pl.DataFrame, left: pl.DataFrame, rule: Rule, shift: int) -> pl.DataFrame:
    """Leavers with every joiner of the same authority registered near their leaving."""
    gone = left.join(homes.drop("registered_on"), on="urn")
    joined = homes.filter(pl.col("registered_on").is_not_null()).select(
        pl.col("urn").alias("successor"),
        pl.col("registered_on") + timedelta(days=shift),
        pl.col("first_owner").alias("new_owner"),
        pl.col("places").alias("new_places"),
        pl.col("authorities").alias("new_authorities"),
        pl.col("constituencies").alias("new_constituencies"),
    )
    reach = timedelta(days=max(rule.reach, 31 if rule.together > 0 else 0))
    near = gone.with_columns(
        (pl.col("lower") - reach).alias("since"), (pl.col("upper") + reach).alias("to")
    ).join_where(
        joined, pl.col("registered_on") >= pl.col("since"), pl.col("registered_on") <= pl.col("to"),
        pl.col("urn") != pl.col("successor"),
    )  # fmt: skip
    here = _same_ground(homes, near, "authorities").select("urn", "successor")
    return near.join(here, on=["urn", "successor"], how="semi")


def _same_ground(homes: pl.DataFrame, pairs: pl.DataFrame, names: str) -> pl.DataFrame:
    """The pairs (urn, successor) that may stand in one place, with a true column `same_<names>`.

    Two names may be one place where they are equal, or where some home was given both: boundaries of constituencies
    changed in 2024, councils were merged and split, and homes listed before and after tell what went where.
    """
    given = homes.select("urn", names).explode(names).drop_nulls(names)
    alike = given.join(given.rename({names: "new"}), on="urn").select(names, "new").unique()
    return (
        pairs.select("urn", "successor", pl.col(names), pl.col(f"new_{names}").alias("new"))
        .filter(pl.col(names).list.len() > 0, pl.col("new").list.len() > 0)
        .explode(names)
        .explode("new")
        .join(alike, on=[names, "new"], how="semi")
        .select("urn", "successor")
        .unique()
        .with_columns(pl.lit(value=True).alias(f"same_{names}"))
    )


def _together(pairs: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """Pairs of homes that passed from one owner to another on one day, as a block."""
    if rule.together < 0:
        return pl.DataFrame(schema=_SCHEMA)
    owned = pairs.filter(pl.col("owner_key").is_not_null(), pl.col("new_owner").is_not_null())
    kept = []
    for _, block in sorted(owned.partition_by(["owner_key", "new_owner", "registered_on"], as_dict=True).items()):
        arrived = block["successor"].n_unique()
        if arrived < rule.together or block["urn"].n_unique() < rule.together:
            continue
        places = (pl.col("places") == pl.col("new_places")).fill_null(value=False)
        here = pl.col("same_constituencies").fill_null(value=False)
        ranked = block.with_columns(
            (places.cast(pl.Int8) + 2 * here.cast(pl.Int8)).alias("alike"), because=pl.lit(BLOCK)
        ).sort("alike", "urn", "successor", descending=[True, False, False])
        matching = _one_to_one(ranked.filter(pl.col("alike") > 0).select(_SCHEMA.names()))
        if matching.height >= max(rule.together, arrived / 2):
            kept.append(_one_to_one(ranked.select(_SCHEMA.names())))
    return pl.concat(kept) if kept else pl.DataFrame(schema=_SCHEMA)


def _one_to_one(ranked: pl.DataFrame) -> pl.DataFrame:
    """The pairs in order, less those of which a home is already in an earlier pair."""
    old: set[str] = set()
    new: set[str] = set()
    kept = []
    for row in ranked.iter_rows(named=True):
        if row["urn"] not in old and row["successor"] not in new:
            old.add(row["urn"])
            new.add(row["successor"])
            kept.append(row)
    return pl.DataFrame(kept, schema=_SCHEMA).sort("urn")
