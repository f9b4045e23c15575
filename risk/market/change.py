"""Markets of the newest list beside those of the list nearest to a year before it."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from oversight.model.ids import row_id
from risk.findings import empty, months_between
from risk.groups import COUNCIL, Market
from risk.indicators.exits import Bounds
from risk.market.areas import KINDS, Areas, areas_on, codes_on
from risk.market.measure import AREA, MARKET, Measured, measure
from risk.parameters import Values

NO_EARLIER: Final = "no list of about a year before is held"
NOT_THEN: Final = "the earlier list does not have this type"
CUT: Final = "boundaries have changed since then"
OTHER_BASIS: Final = "the earlier list counts otherwise"
NOT_NAMED: Final = "no owner of it is named in the earlier list"
_YEAR: Final = 12
_DAYS_A_MONTH: Final = 30.436875


@dataclass(frozen=True, slots=True)
class Markets:
    """Markets of a list, with what each was about a year before: rows of `market` and `market_share`."""

    market: pl.DataFrame
    share: pl.DataFrame


def markets(found: Market, values: Values, *, miles: float | None = None, kinds: tuple[str, ...] = KINDS) -> Markets:
    """Every market of the newest list, compared with the list nearest to a year before it.

    What an owner held in the earlier list counts for the group the owner is in now: a change is one of settings and
    places, not of ownership. An area whose boundary cuts through an authority of the earlier list has no comparison.

    Args:
        found: settings of the newest and of earlier lists, and the groups.
        values: parameters in force.
        miles: how far a neighbourhood by distance reaches; the parameter's figure where not given.
        kinds: of the areas wanted.
    """
    as_at = found.home["as_at"].max()
    if not isinstance(as_at, date):
        return Markets(empty("market"), empty("market_share"))
    areas = areas_on(as_at, values.number("market.neighbourhood_miles") if miles is None else miles, kinds)
    council = found.tops.filter(pl.col("kind") == COUNCIL)["group_id"]
    now = measure(_coded(found.home, as_at), areas, areas.member, council, values)
    before, then_on, cut = _before(found, areas, council, values)
    document = found.home["document_id"].unique().sort().first()
    market = _compared(now, before, cut, as_at, then_on).join(areas.area, on=AREA).with_columns(
        _market_id(), pl.lit(as_at).alias("as_at"), pl.lit(document, dtype=pl.String).alias("document_id")
    )  # fmt: skip
    share = _shares(now, before, market).with_columns(_market_id())
    return Markets(
        market.select(empty("market").columns).sort("market_id"),
        share.select(empty("market_share").columns).sort("market_id", "group_id"),
    )


def earlier_list(found: Market, values: Values) -> pl.DataFrame:
    """Settings of the list nearest to twelve months before the newest, owners placed as they are grouped now.

    None where no list lies within the bounds for comparisons. An owner that is in no group of the newest list stands
    alone under its name, so that the earlier market's owners are all counted.
    """
    bounds = values.parse("market.comparison_months", Bounds)
    newest = found.home["as_at"].max()
    gap = months_between(pl.col("as_at"), pl.lit(newest, dtype=pl.Date))
    choice = (
        found.earlier.group_by("document_id", "as_at")
        .agg(pl.len().alias("rows"))
        .filter(gap >= bounds.shortest, gap <= bounds.longest)
        .sort((gap - _YEAR).abs(), "as_at", "rows", "document_id", descending=[False, True, True, False])
        .head(1)
    )
    rows = found.earlier.join(choice.select("document_id"), on="document_id", how="semi")
    alone = {key: row_id("group", f"owner:{key}") for key in rows["owner_key"].drop_nulls().unique()}
    own = pl.col("owner_key").replace_strict(alone, default=None, return_dtype=pl.String)
    return rows.with_columns(pl.coalesce("group_id", own).alias("group_id"))


def _before(
    found: Market, areas: Areas, council: pl.Series, values: Values
) -> tuple[Measured | None, date | None, pl.DataFrame]:
    """The earlier list's markets in the areas of now, its day, and the areas that cut through its authorities."""
    rows = earlier_list(found, values)
    then_on = rows["as_at"].max()
    if not isinstance(then_on, date):
        return None, None, areas.area.select(AREA).clear()
    coded = _coded(rows, then_on)
    member, cut = areas.carried(coded["code"].drop_nulls())
    return measure(coded, areas, member, council, values), then_on, cut


def _coded(settings: pl.DataFrame, as_at: date) -> pl.DataFrame:
    """Settings with the code of the authority in force on the list's day."""
    codes = codes_on(settings["local_authority_code"].drop_nulls(), as_at)
    return settings.with_columns(
        pl.col("local_authority_code").replace_strict(codes, default=None, return_dtype=pl.String).alias("code")
    )


def _market_id() -> pl.Expr:
    return pl.concat_str(MARKET, separator=".").alias("market_id")


def _compared(
    now: Measured, before: Measured | None, cut: pl.DataFrame, as_at: date, then_on: date | None
) -> pl.DataFrame:
    """The markets with what they were: figures before, change, growth on twelve months, and why there is none."""
    was = (now.market.clear() if before is None else before.market).select(
        *MARKET,
        pl.col("basis").alias("_basis"),
        pl.format("in the earlier list: {}", "reason").alias("_reason"),
        *(pl.col(name).alias(f"{name}_before") for name in ("settings", "places", "hhi")),
        pl.col("size").alias("_size"),
    )
    months = pl.lit(None if then_on is None else (as_at - then_on).days / _DAYS_A_MONTH, dtype=pl.Float64)
    hindrance = (
        pl.when(pl.lit(before is None))
        .then(pl.lit(NO_EARLIER))
        .when("_cut")
        .then(pl.lit(CUT))
        .when(pl.col("settings_before").is_null())
        .then(pl.lit(NOT_THEN))
        .when(pl.col("_basis") != pl.col("basis"))
        .then(pl.lit(OTHER_BASIS))
    )
    no_index = pl.when(pl.col("hhi").is_not_null() & pl.col("hhi_before").is_null()).then("_reason")
    figures = ["settings_before", "places_before", "hhi_before", "_size"]
    ratio = pl.col("size") / pl.col("_size")
    return (
        now.market.join(was, on=MARKET, how="left")
        .join(cut.with_columns(pl.lit(True).alias("_cut")), on=AREA, how="left")
        .with_columns(pl.col("_cut").fill_null(False), pl.lit(then_on, dtype=pl.Date).alias("compared_on"))
        .with_columns(hindrance.alias("_hindrance"))
        .with_columns(pl.coalesce("_hindrance", no_index).alias("change_reason"))
        .with_columns(pl.when(~pl.col("_cut")).then(pl.col(figures)))
        .with_columns(
            *((pl.col(name) - pl.col(f"{name}_before")).alias(f"{name}_change") for name in ("settings", "places")),
            pl.when(pl.col("_hindrance").is_null()).then(pl.col("hhi") - pl.col("hhi_before")).alias("hhi_change"),
            pl.when(pl.col("_hindrance").is_null() & (pl.col("size") > 0) & (pl.col("_size") > 0))
            .then(((ratio.log() * _YEAR / months).exp() - 1) * 100)
            .alias("growth"),
        )
    )


def _shares(now: Measured, before: Measured | None, market: pl.DataFrame) -> pl.DataFrame:
    """Who holds what now, with what they held before; nothing before where the market has no comparison."""
    keys = [*MARKET, "group_id"]
    was = (now.holding.clear() if before is None else before.holding).select(
        *keys, *(pl.col(name).alias(f"{name}_before") for name in ("settings", "places", "share"))
    )
    measured = pl.col("settings").is_not_null().alias("_measured")
    comparable = market.select(*MARKET, "basis", "_size", pl.col("_hindrance").alias("change_reason"), measured)
    named = was["group_id"].unique()
    reason = pl.when(~pl.col("group_id").is_in(named.implode())).then(pl.lit(NOT_NAMED))
    return (
        now.holding.join(comparable, on=MARKET)
        .filter("_measured")
        .join(was, on=keys, how="left")
        .with_columns(pl.coalesce("change_reason", reason).alias("change_reason"))
        .with_columns(
            pl.when(pl.col("change_reason").is_null()).then(pl.col("settings_before", "places_before").fill_null(0)),
            pl.when(pl.col("change_reason").is_null() & (pl.col("_size") > 0)).then(
                pl.col("share_before").fill_null(0)
            ),
        )
        .with_columns(
            pl.when(pl.col("basis") == "places").then(pl.col("places", "places_before")),
            (pl.col("share") - pl.col("share_before")).alias("share_change"),
            (pl.col("settings") - pl.col("settings_before")).alias("settings_change"),
        )
    )
