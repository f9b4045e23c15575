"""A group's share of places in every local authority of England, from the tables of a run."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from oversight.errors import InputError
from oversight.geography import authorities, carried, in_force
from reports.charts.palette import PALE, SEQUENCE
from reports.charts.source import registered_on
from reports.frames import RunView
from reports.style import clean, percent_text, shortened

NONE: Final = "No home"
_LONGEST_NAME: Final = 110
_ENGLISH: Final = frozenset(one.code for one in authorities() if one.nation == "England")
BANDS: Final = ((10.0, "10% or more"), (5.0, "5% to under 10%"), (0.0, "Under 5%"))
COLOURS: Final = {
    "10% or more": SEQUENCE[2],
    "5% to under 10%": SEQUENCE[1],
    "Under 5%": SEQUENCE[0],
    NONE: PALE,
}


@dataclass(frozen=True, slots=True)
class Shares:
    """A group's shares.

    Attributes:
        group: its name.
        table: one row an authority of England, largest share first: local_authority, local_authority_code, homes,
            places, authority_places, share_of_places (percent; null without a home), band.
    """

    group: str
    table: pl.DataFrame

    @property
    def held(self) -> pl.DataFrame:
        """The authorities with a home of the group."""
        return self.table.filter(pl.col("homes") > 0)

    def sentence(self) -> str:
        """What is found."""
        top = self.held.row(0, named=True)
        only = " only" if len(self.held) == 1 else ""
        where = f"{len(self.held):,} authorities" if len(self.held) > 1 else "one authority"
        share = percent_text(top["share_of_places"] or 0.0, 0)
        return f"{self.group} runs homes in {where}{only} and has {share} of all places in {top['local_authority']}"

    def words(self) -> str:
        """The shares in words."""
        said = [
            f"{row['local_authority']} {percent_text(row['share_of_places'] or 0.0)}"
            for row in self.held.head(10).iter_rows(named=True)
        ]
        counts = [f"{band.lower()} in {(self.table['band'] == band).sum()}" for band in COLOURS]
        return (
            f"Share of places in children's homes held by {self.group}, by local authority: {', '.join(counts)}. "
            f"Largest shares: {', '.join(said)}."
        )


def shares(view: RunView, group: str) -> Shares:
    """The shares of one group.

    Args:
        view: the run.
        group: a group_id, or part of a name that only one group with homes has.

    Raises:
        InputError: where no group or more than one fits, or the group has no home.
    """
    group_id, name = the_group(view, group)
    held = view.table("exposure").filter(pl.col("group_id") == group_id)
    if held.is_empty():
        raise InputError("the group runs no children's home", where=repr(name), next_step="Choose another group.")
    here = {one.code: one.name for one in in_force(registered_on(view))}
    columns = ["local_authority", "local_authority_code", "homes", "places", "authority_places", "share_of_places"]
    schema = held.select(columns).schema
    rows = [
        {**row, "local_authority_code": area.code, "local_authority": area.name}
        for row in held.select(columns).iter_rows(named=True)
        if row["local_authority_code"] in _ENGLISH
        for area in carried(row["local_authority_code"], registered_on(view))
    ]
    drawn = pl.DataFrame(rows, schema=schema).unique("local_authority_code", keep="first", maintain_order=True)
    rest = sorted(here.keys() - set(drawn["local_authority_code"]))
    empty = pl.DataFrame({"local_authority": [here[code] for code in rest], "local_authority_code": rest})
    table = pl.concat([drawn, empty], how="diagonal").with_columns(pl.col("homes", "places").fill_null(0), _band())
    return Shares(name, table.sort("share_of_places", "local_authority", descending=[True, False], nulls_last=True))


def the_group(view: RunView, text: str) -> tuple[str, str]:
    """group_id and name of the one group that a text is the id, the name or a part of the name of.

    Raises:
        InputError: where none or more than one fits.
    """
    groups = view.table("group").filter(pl.col("homes") > 0).sort("homes", "name", descending=[True, False])
    wanted = clean(text).casefold()
    spelt = pl.col("name").str.to_lowercase()
    exact = groups.filter((pl.col("group_id") == text) | (spelt == wanted))
    found = exact if not exact.is_empty() else groups.filter(spelt.str.contains(wanted, literal=True))
    if len(found) == 1:
        return str(found["group_id"][0]), shortened(str(found["name"][0]), _LONGEST_NAME)
    if found.is_empty():
        raise InputError(
            "no group with homes has this in its name", where=repr(text), next_step="Look at the register's names."
        )
    some = "; ".join(
        f"{shortened(row['name'], _LONGEST_NAME)} ({row['group_id']})" for row in found.head(5).iter_rows(named=True)
    )
    raise InputError(
        f"{len(found)} groups have this in their names", where=repr(text), next_step=f"Give one's name or id: {some}."
    )


def _band() -> pl.Expr:
    band = pl.lit(NONE)
    for start, name in reversed(BANDS):
        band = (
            pl.when((pl.col("homes") > 0) & (pl.col("share_of_places").fill_null(0.0) >= start))
            .then(pl.lit(name))
            .otherwise(band)
        )
    return band.alias("band")
