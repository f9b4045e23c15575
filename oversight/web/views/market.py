"""The market, and one local authority in it."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from oversight.errors import InputError
from oversight.web import sections
from oversight.web.sections import Drawing, Link, Section
from oversight.web.shelf import OpenRun, OpenView
from oversight.web.tables import PageTable, Shown, page_table, plain_table
from oversight.web.views.homes import homes_table
from oversight.web.visit import Page, Visit
from reports.sheets import figures, markets, replacing, stress
from reports.style import clean, number_text, percent_text

_WIDE: Final = ("england", "region")
_ALL_HOMES: Final = "all_homes"
_SHOWN: Final = (
    "area_name", "type_name", "settings", "places", "holders", "hhi", "top1_share", "top10_share", "council_share",
    "settings_change", "places_change", "hhi_change",
)  # fmt: skip


def market_page(visit: Visit) -> Page:
    """England and its regions: size, concentration, who holds most."""

    def make(run: OpenRun) -> tuple[str, Mapping[str, object]]:
        market = run.view.table("market")
        here = pl.col("settings").is_not_null()  # types of provision that the list has
        england = _narrowed(run.view, market.filter(pl.col("area_kind") == "england", here))
        regions = _narrowed(
            run.view, market.filter(pl.col("area_kind") == "region", pl.col("market_type") == _ALL_HOMES)
        )
        drawing = Drawing(
            visit.href("/market/pictures/concentration.svg"),
            "Curve of the share of all places that the largest owners hold together.",
        )
        largest = _narrowed(
            run.view,
            market.filter(pl.col("area_kind") == "england", pl.col("market_type") == _ALL_HOMES),
        )
        return "Market", {
            "intro": (
                (
                    "Shares are of registered places, or of settings where no places are published. The "
                    "concentration index is the sum of squared shares, from near 0 to 10,000 for a single holder."
                ),
            ),
            "links": (Link("Every local authority", visit.href("/authorities")),),
            "sections": (
                Section(
                    "England, by type of provision",
                    tables=(page_table(markets.markets(england), caption="England", only=_SHOWN[1:]),),
                ),
                Section(
                    "Largest holders of places in children\u2019s homes",
                    drawing=drawing,
                    tables=(holders(visit, largest, "England, all children\u2019s homes"),),
                ),
                Section(
                    "Regions, all children\u2019s homes",
                    tables=(page_table(markets.markets(regions), caption="Regions", drop={"type_name"}, only=_SHOWN),),
                ),
                Section(
                    "Under random shocks",
                    words=("Shocks drawn at random, some shared by all groups: a share of draws, not a probability.",),
                    tables=(page_table(stress.market(run.view), caption="All groups together"),),
                ),
            ),
        }

    return visit.page_of_run(sections.TEMPLATE, make)


def authorities_page(visit: Visit) -> Page:
    """Every local authority with a children's home."""

    def make(run: OpenRun) -> tuple[str, Mapping[str, object]]:
        rows = (
            run.view.table("market")
            .filter(pl.col("area_kind") == "authority", pl.col("market_type") == _ALL_HOMES, pl.col("settings") > 0)
            .sort("area_name", "area_code")
        )
        table = plain_table(
            "Local authorities with a children\u2019s home",
            ("Local authority", "Homes", "Places", "Holders", "Largest holder", "Concentration index"),
            [
                (
                    Shown(clean(row["area_name"]), visit.href(f"/authorities/{row['area_code']}")),
                    _number(row["settings"]),
                    _number(row["places"]),
                    _number(row["holders"]),
                    _percent(row["top1_share"]),
                    _number(row["hhi"]),
                )
                for row in rows.iter_rows(named=True)
            ],
            numbers={1, 2, 3, 4, 5},
        )
        return "Local authorities", {
            "intro": ("Homes of all owners, councils included, in the newest list of registrations.",),
            "links": (Link("The market as a whole", visit.href("/market")),),
            "sections": (Section("Authorities", tables=(table,)),),
        }

    return visit.page_of_run(sections.TEMPLATE, make)


def authority_page(visit: Visit) -> Page:
    """One local authority: who runs its homes, how concentrated it is, what would be hard to replace."""
    code = visit.part("code")

    def make(run: OpenRun) -> tuple[str, Mapping[str, object]]:
        market = run.view.table("market").filter(pl.col("area_code") == code)
        exposure = run.view.table("exposure").filter(pl.col("local_authority_code") == code)
        if market.is_empty() and exposure.is_empty():
            raise InputError("this run knows no such local authority", where=code)
        named = [*market.filter(pl.col("area_kind") == "authority")["area_name"], *exposure["local_authority"], code]
        name = clean(named[0])
        shown = market.filter((pl.col("market_type") == _ALL_HOMES) | (pl.col("area_kind") == "authority"))
        lost = run.view.table("displacement_by_authority").filter(pl.col("local_authority_code") == code)
        homes = visit.site.shelf.homes(run).filter(pl.col("local_authority_code") == code)
        return name, {
            "caption": f"Local authority, {code}",
            "intro": (),
            "links": (Link("Every local authority", visit.href("/authorities")),),
            "sections": (
                Section(
                    "Groups with homes here",
                    tables=(
                        page_table(
                            figures.exposure(_with(run.view, exposure=exposure)),
                            caption="Groups with homes here",
                            only=("group_name", "homes", "places", "share_of_places"),
                            links={"group_name": lambda row: _group(visit, run, row["entry_id"], row["exposure_id"])},
                        ),
                    ),
                ),
                Section(
                    "Size and concentration",
                    tables=(
                        page_table(
                            markets.markets(_narrowed(run.view, shown)),
                            caption="The authority, with its neighbours and with those within some miles",
                            only=_SHOWN,
                        ),
                    ),
                ),
                Section(
                    "If a group stopped",
                    words=(
                        "Estimates under declared assumptions, not counts. At least: even if its children came first.",
                    ),
                    tables=(
                        page_table(
                            replacing.by_authority(_with(run.view, displacement_by_authority=lost)),
                            caption="Places lost and children without a place",
                            only=(
                                "group_name",
                                "kind",
                                "homes",
                                "places_lost",
                                "share_of_authority",
                                "places_left",
                                "children_central",
                                "unplaced_at_least_low",
                                "unplaced_at_least_central",
                                "unplaced_at_least_high",
                            ),
                        ),
                    ),
                ),
                Section(
                    "Homes and other settings here",
                    tables=(homes_table(visit, "Homes and other settings here", homes.iter_rows(named=True)),),
                ),
            ),
        }

    return visit.page_of_run(sections.TEMPLATE, make)


def holders(visit: Visit, view: OpenView, caption: str) -> PageTable:
    """The largest holders of the markets in a view."""
    return page_table(
        markets.market_shares(view),
        caption=caption,
        only=("group_name", "place", "settings", "places", "share", "settings_before", "share_change"),
        links={
            "group_name": lambda row: (
                visit.href(f"/groups/{row['entry_id']}") if str(row["entry_id"]).startswith("R-") else None
            )
        },
    )


def _group(visit: Visit, run: OpenRun, entry: object, exposure_id: object) -> str:
    """The group of a row of exposure: by its register entry, else by the id that its exposure starts with."""
    name = str(entry) if str(entry) in run.entries else str(exposure_id).partition(".")[0]
    return visit.href(f"/groups/{name}")


def _narrowed(view: OpenView, market: pl.DataFrame) -> OpenView:
    share = view.table("market_share").join(market.select("market_id"), on="market_id", how="semi")
    return _with(view, market=market, market_share=share)


def _with(view: OpenView, **tables: pl.DataFrame) -> OpenView:
    return view.but(tables)


def _number(value: float | None) -> Shown:
    return Shown("not available", number=True, quiet=True) if value is None else Shown(number_text(value), number=True)


def _percent(value: float | None) -> Shown:
    return Shown("not available", number=True, quiet=True) if value is None else Shown(percent_text(value), number=True)
