"""Markets on a day, or on the day of every list held, without a run."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import polars as pl

from oversight.errors import InputError
from oversight.pipeline.holders import By, Holders, days_of, holders, lists_held
from oversight.pipeline.workspace import Workspace
from risk.groups import Market
from risk.market import areas, markets
from risk.market.types import market_types

ALL_TYPES: Final = "all"
_WIDE: Final = (areas.ENGLAND, areas.REGION)
_OF_HOMES: Final = "all_homes"
_COUNCIL_SECTOR: Final = "local authority"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which markets are asked for.

    Attributes:
        area: name or code of England, a region or an authority; an authority comes with its neighbourhoods.
        kinds: kinds of area; England and the regions where neither these nor an area is given.
        market_type: name of a type, or `all`.
        miles: how far a neighbourhood by distance reaches; the parameter's figure where None.
        without_councils: whether settings in the sector of local authorities are left out of the market altogether.
    """

    area: str | None = None
    kinds: Collection[str] = ()
    market_type: str = _OF_HOMES
    miles: float | None = None
    without_councils: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of `market`, and of `market_share` with the market's area, type, day and basis, and who the holder is."""

    market: pl.DataFrame
    share: pl.DataFrame


def markets_on(found: Holders, wanted: Wanted) -> Found:
    """The markets wanted, of one day.

    Raises:
        InputError: for a type, kind of area or area that there is not on the day of the list.
    """
    _check(found, wanted)
    code = None if wanted.area is None else _area_code(wanted.area, found.as_at)
    kinds = tuple(wanted.kinds) or (areas.KINDS if code else _WIDE)
    whole = _independent(found.market) if wanted.without_councils else found.market
    measured = markets(whole, found.values, miles=wanted.miles, kinds=kinds)
    market = measured.market
    if code is not None:
        market = market.filter(pl.col("area_code") == code)
    if wanted.market_type != ALL_TYPES:
        market = market.filter(pl.col("market_type") == wanted.market_type)
    order = {kind: place for place, kind in enumerate(areas.KINDS)}
    types = {name: place for place, name in enumerate(market_types(found.values))}
    market = market.sort(
        pl.col("area_kind").replace_strict(order, return_dtype=pl.Int64),
        "area_name",
        pl.col("market_type").replace_strict(types, return_dtype=pl.Int64),
    )
    about = market.select("market_id", "area_name", "market_type", "as_at", "basis")
    named = found.names.select("group_id", "name", "kind")
    held = measured.share.join(named, on="group_id", how="left").sort("market_id", "place")
    share = about.join(held, on="market_id", maintain_order="left_right")
    first = [*about.columns, "place", "name", "kind"]
    return Found(market, share.select(*first, pl.exclude(first)))


def markets_over_time(workspace: Workspace, wanted: Wanted, *, on: date | None, by: By) -> Found:
    """The markets wanted, on the day of every list held up to a day, the earliest first.

    Raises:
        InputError: as `markets_on`, or where no list describes that day or an earlier one.
    """
    lists = lists_held(workspace)
    days = [day for day in days_of(lists) if on is None or day <= on]
    if not days:
        holders(workspace, on=on, by=by, lists=lists)  # raises what there is to say
    parts = [markets_on(holders(workspace, on=day, by=by, lists=lists), wanted) for day in days]
    return Found(pl.concat([part.market for part in parts]), pl.concat([part.share for part in parts]))


def _check(found: Holders, wanted: Wanted) -> None:
    types = [ALL_TYPES, *market_types(found.values)]
    if wanted.market_type not in types:
        raise InputError(
            "there is no such market", where=repr(wanted.market_type), next_step=f"The types are: {', '.join(types)}."
        )
    if unknown := sorted(set(wanted.kinds) - set(areas.KINDS)):
        raise InputError(
            "there is no such kind of area",
            where=", ".join(unknown),
            next_step=f"The kinds are: {', '.join(areas.KINDS)}.",
        )


def _independent(whole: Market) -> Market:
    """The market without settings that Ofsted puts in the sector of local authorities."""
    council = pl.col("sector").str.to_lowercase().str.strip_chars() == _COUNCIL_SECTOR
    others = ~council.fill_null(value=False)
    return replace(whole, home=whole.home.filter(others), earlier=whole.earlier.filter(others))


def _area_code(text: str, as_at: date) -> str:
    code = areas.find(text, as_at)
    if code is None:
        raise InputError(
            f"neither England, nor a region, nor an authority on {as_at}, the day of the list",
            where=repr(text),
            next_step="Give a name as the Department for Education writes it, or an ONS code in force on that day.",
        )
    return code
