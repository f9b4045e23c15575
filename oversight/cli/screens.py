"""Who would be difficult to replace: `scope`, `market`."""

from typing import Annotated

import polars as pl
import typer

from oversight.cli.console import Format, errors, print_frame, workspace
from oversight.cli.days import day
from oversight.pipeline.holders import By, Holders, holders
from oversight.pipeline.markets import Wanted, markets_on, markets_over_time
from oversight.pipeline.scope import Screen, moved, screen

_SHOWN = 10
_CAUTION = "Indicators only: whether a provider is subject to oversight is determined by the Secretary of State."
OnOption = Annotated[str | None, typer.Option(help="The market on this day (YYYY-MM-DD); default today.")]
ByOption = Annotated[
    By, typer.Option(help="Count together the homes of a group, or of an owner's name as Ofsted prints it.")
]
FormatOption = Annotated[Format, typer.Option("--format", help="table (or text), csv or json.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(epilog="Example: oversight market --on 2025-03-31 --area Blackpool --type all --by owner")(market)
    app.command(epilog="Example: oversight scope --conditions adult_scheme_scaled --on 2025-03-31 --by owner")(scope)


def market(
    on: OnOption = None,
    area: Annotated[
        str | None,
        typer.Option(help="England, a region or an authority, by name or code; an authority with its neighbourhoods."),
    ] = None,
    level: Annotated[
        list[str] | None,
        typer.Option(help="Kinds of area: england, region, authority, beside, within; may be given several times."),
    ] = None,
    kind: Annotated[
        str, typer.Option("--type", help="A type in risk/parameters/market_types.yaml, or all.")
    ] = "all_homes",
    by: ByOption = By.GROUP,
    miles: Annotated[
        float | None, typer.Option(min=0, help="How far the neighbourhood `within` reaches, between centres.")
    ] = None,
    without_councils: Annotated[
        bool, typer.Option("--without-councils", help="Leave out what is in the sector of local authorities.")
    ] = False,
    shares: Annotated[bool, typer.Option("--shares", help="One row a holder and market, the largest first.")] = False,
    top: Annotated[int | None, typer.Option(min=1, help="With --shares: only so many of each market.")] = None,
    history: Annotated[bool, typer.Option("--history", help="On the day of every list held up to --on.")] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Markets on a day: homes, places, shares, concentration and the change on about a year before."""
    wanted = Wanted(
        area=area, kinds=tuple(level or ()), market_type=kind, miles=miles, without_councils=without_councils
    )
    with workspace() as opened:
        if history:
            found = markets_over_time(opened, wanted, on=day(on, "--on"), by=by)
        else:
            held = holders(opened, on=day(on, "--on"), by=by)
            tell_basis(held)
            found = markets_on(held, wanted)
    share = found.share if top is None else found.share.filter(pl.col("place") <= top)
    if form.for_people:
        _print_markets(found.market, share, shares=shares)
    else:
        print_frame(share if shares else found.market, form)


def _print_markets(table: pl.DataFrame, share: pl.DataFrame, *, shares: bool) -> None:
    """The markets in the columns people look at first; of a single market, or where asked for, its holders too."""
    day_too = [] if table["as_at"].n_unique() == 1 else [pl.col("as_at")]
    area_too = [] if table.height == 1 else [pl.col("area_name").alias("area"), pl.col("market_type")]
    before = pl.format("since {}", "compared_on")
    why = pl.coalesce("reason", "caveat", pl.when(pl.col("basis") == "settings").then(pl.lit("shares are of settings")))
    print_frame(
        table.select(
            *day_too,
            pl.col("area_name").alias("area"), pl.col("market_type").alias("type"),
            "settings", "places", "holders",
            pl.col("hhi").round(0).alias("HHI"),
            *(pl.col(f"top{n}_share").round(1).alias(f"top {n} %") for n in (1, 3, 10)),
            pl.col("council_share").round(1).alias("councils %"),
            pl.col("settings_change").alias("change"),
            pl.col("growth").round(1).alias("growth % a year"),
            pl.col("hhi_change").round(0).alias("HHI change"),
            pl.coalesce("change_reason", before).alias("compared"),
            why.alias("to know"),
        ),
        Format.TABLE,
        title="Markets",
    )  # fmt: skip
    if shares or table.height == 1:
        print_frame(
            (share if shares else share.head(_SHOWN)).select(
                *day_too, *area_too,
                "place", "name", "kind", "settings", "places",
                pl.col("share").round(2).alias("share %"),
                pl.col("settings_before").alias("settings before"),
                pl.col("share_change").round(2).alias("change, points"),
                pl.col("change_reason").alias("no comparison because"),
            ),
            Format.TABLE,
            title="Holders",
        )  # fmt: skip


def scope(
    conditions: Annotated[
        str | None, typer.Option(help="The set of conditions in risk/parameters/scope.yaml; default the register's.")
    ] = None,
    on: OnOption = None,
    by: ByOption = By.GROUP,
    nearest: Annotated[
        int | None, typer.Option(min=0, help="How many of those that meet no condition are shown, nearest first.")
    ] = None,
    sensitivity: Annotated[
        bool, typer.Option("--sensitivity", help="Instead: who enters and leaves as each threshold moves.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Candidates under a set of conditions on a day: what each meets, by how much, and who comes next."""
    with workspace() as opened:
        found = holders(opened, on=day(on, "--on"), by=by)
    screened = screen(found, conditions, nearest)
    tell_basis(found)
    if sensitivity:
        _print_sensitivity(moved(found, screened), screened, form)
    elif form.for_people:
        _print_screen(found, screened)
    else:
        print_frame(screened.table, form)


def tell_basis(found: Holders) -> None:
    """Say on stderr which list was used and whose homes are counted together."""
    told = f"The list describes {found.as_at}."
    if found.by is By.GROUP and not found.linked:
        told += " No owner is linked to a company, so each owner's name stands alone, as with --by owner."
    elif found.by is By.GROUP:
        told += f" {found.linked:,} of {found.market.provider.height:,} owners are linked to a company."
    errors.print(told, markup=False)


def _print_screen(found: Holders, screened: Screen) -> None:
    verified = found.parameters.entries[f"scope.{screened.name}"].verified
    table = screened.table
    candidates = table.filter("candidate")
    typer.echo(
        f"{screened.name} on {found.on}: {candidates.height:,} candidates of {screened.holdings.spread.height:,} "
        f"{'owners' if found.by is By.OWNER else 'groups and owners'} of children's homes, councils left out."
    )
    typer.echo(f"Thresholds {'as cited' if verified else 'are settings, not law'}. {_CAUTION}")
    margins = screened.judged.filter("met").sort("condition").group_by("group_id", maintain_order=True).agg(
        pl.format("{}: {}", "condition", "requirements").str.join(" | ").alias("by how much")
    )  # fmt: skip
    print_frame(
        candidates.join(margins, on="group_id", maintain_order="left").select(
            "place", "name", "homes", "places", "regions", "authorities",
            pl.col("over_share_in").alias("over the share in"),
            "by how much",
            *(["determination"] if candidates["determination"].drop_nulls().len() else []),
        ),
        Format.TABLE,
        title="Candidates",
    )  # fmt: skip
    print_frame(
        table.filter(~pl.col("candidate")).select(
            "place", "name", "homes", "places",
            pl.col("closest_condition").alias("nearest condition"),
            pl.col("closest_requirements").alias("where it stands"),
            (-pl.col("closest_margin_percent")).round(1).alias("short by %"),
        ),
        Format.TABLE,
        title="Next: nearest to a threshold",
    )  # fmt: skip


def _print_sensitivity(table: pl.DataFrame, screened: Screen, form: Format) -> None:
    shown = table.with_columns(
        pl.col("entering").list.len().alias("enter"),
        pl.col("leaving").list.len().alias("leave"),
        pl.col("entering", "leaving").list.join("; "),
    ).select(
        "condition", "varied", "threshold", "unit", "as_set", "candidates", "enter", "leave", "entering", "leaving"
    )
    if form.for_people:
        typer.echo(f"{screened.name}: one threshold moved at a time, against the set as it stands. {_CAUTION}")
    print_frame(shown, form, title="Sensitivity")
