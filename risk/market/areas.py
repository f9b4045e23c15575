"""Areas that markets are measured in: England, regions, authorities, and the neighbourhood of each authority."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

import polars as pl

from oversight.geography import authority, by_code, carried, in_force, miles_apart, neighbours

ENGLAND: Final = "england"
REGION: Final = "region"
AUTHORITY: Final = "authority"
BESIDE: Final = "beside"
WITHIN: Final = "within"
KINDS: Final = (ENGLAND, REGION, AUTHORITY, BESIDE, WITHIN)
"""From the widest: the country, a region, an authority, an authority with those beside it, and an authority with
those whose centre lies within a distance."""
ENGLAND_CODE: Final = "E92000001"
_AREA: Final = pl.Schema({"area_kind": pl.String, "area_code": pl.String, "area_name": pl.String})
_MEMBER: Final = pl.Schema({"area_kind": pl.String, "area_code": pl.String, "member": pl.String})


@dataclass(frozen=True, slots=True)
class Areas:
    """Areas as at a day.

    Attributes:
        on: the day.
        area: area_kind, area_code, area_name. A region's code is its name; a neighbourhood's that of its authority.
        member: area_kind, area_code and the codes or, for regions and England, names that make it up.
    """

    on: date
    area: pl.DataFrame
    member: pl.DataFrame

    def carried(self, codes: Iterable[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Which authorities of another day belong to which areas of this day, and areas that cut through one.

        Args:
            codes: of the other day's authorities.

        Returns:
            `member` with the other day's codes in place of this day's; and area_kind, area_code of the areas that one
            of them lies in only in part, so that it cannot be compared.
        """
        rows = [(code, now.code) for code in sorted(set(codes)) if _is_code(code) for now in carried(code, self.on)]
        moved = pl.DataFrame(rows, schema={"was": pl.String, "member": pl.String}, orient="row")
        parts = moved.group_by("was").agg(pl.len().alias("parts"))
        inside = (
            self.member.join(moved, on="member")
            .group_by("area_kind", "area_code", "was")
            .agg(pl.len().alias("inside"))
            .join(parts, on="was")
        )
        keys = ["area_kind", "area_code"]
        cut = inside.filter(pl.col("inside") < pl.col("parts")).select(keys).unique()
        whole = inside.filter(pl.col("inside") == pl.col("parts")).select(*keys, pl.col("was").alias("member"))
        unmoved = self.member.filter(pl.col("area_kind").is_in([ENGLAND, REGION]))
        return pl.concat([unmoved, whole.select(_MEMBER.names())]), cut


def settle(settings: pl.DataFrame, member: pl.DataFrame) -> pl.DataFrame:
    """The settings once for each area they lie in: with area_kind and area_code.

    A setting whose authority is not in England, or not given, lies in England and, where given, in a region only.

    Args:
        settings: with code (of the authority) and region.
        member: of `Areas`, or the same in the codes of another day.
    """
    keyed = settings.with_columns(pl.lit(ENGLAND_CODE).alias("_england"))
    columns = {ENGLAND: "_england", REGION: "region"} | dict.fromkeys((AUTHORITY, BESIDE, WITHIN), "code")
    parts = [
        keyed.join(member.filter(pl.col("area_kind") == kind), left_on=column, right_on="member")
        for kind, column in columns.items()
    ]
    return pl.concat([part.select(*settings.columns, "area_kind", "area_code") for part in parts])


@lru_cache(maxsize=32)
def areas_on(on: date, miles: float, kinds: tuple[str, ...] = KINDS) -> Areas:
    """Every area as at a day.

    Args:
        on: the day; authorities in force then count.
        miles: how far apart the centres of an authority and a neighbour by distance may lie.
        kinds: only areas of these kinds.
    """
    everyone = in_force(on)
    codes = [one.code for one in everyone]
    regions = sorted({one.region for one in everyone if one.region})
    area = [(ENGLAND, ENGLAND_CODE, "England"), *((REGION, name, name) for name in regions)]
    member = [(ENGLAND, ENGLAND_CODE, ENGLAND_CODE), *((REGION, name, name) for name in regions)]
    near = miles_apart(codes) <= miles
    for place, one in enumerate(everyone):
        area += [
            (AUTHORITY, one.code, one.name),
            (BESIDE, one.code, f"{one.name} and authorities beside it"),
            (WITHIN, one.code, f"{one.name} and authorities within {miles:g} miles"),
        ]
        member.append((AUTHORITY, one.code, one.code))
        member += [(BESIDE, one.code, other) for other in (one.code, *neighbours(one.code, on))]
        member += [(WITHIN, one.code, codes[other]) for other in near[place].nonzero()[0]]
    return Areas(
        on=on,
        area=pl.DataFrame(area, schema=_AREA, orient="row").filter(pl.col("area_kind").is_in(list(kinds))),
        member=pl.DataFrame(member, schema=_MEMBER, orient="row").filter(pl.col("area_kind").is_in(list(kinds))),
    )


def codes_on(codes: Iterable[str], on: date) -> dict[str, str]:
    """Each code of a list to the code in force on the list's day, where there is exactly one.

    A list may name an authority a few days before or after its time.
    """
    found = {}
    for code in set(codes):
        now = carried(code, on) if _is_code(code) else ()
        found[code] = now[0].code if len(now) == 1 else code
    return found


def find(text: str, on: date) -> str | None:
    """The area code of a name or code as at a day: England, a region or an authority; None where there is none."""
    plain = " ".join(text.split()).casefold()
    if plain in {"england", ENGLAND_CODE.casefold()}:
        return ENGLAND_CODE
    regions = {one.region.casefold(): one.region for one in in_force(on) if one.region}
    if plain in regions:
        return regions[plain]
    one = authority(text, on)
    return one.code if one is not None and one.nation == "England" and not one.days_from(on) else None


def _is_code(text: str) -> bool:
    """Whether a text is the code of an authority since 2014."""
    try:
        by_code(text)
    except KeyError:
        return False
    return True
