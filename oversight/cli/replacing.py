"""`oversight replace`: who would be difficult to replace."""

from typing import Annotated

import polars as pl
import typer

from oversight.cli.console import Format, errors, print_frame, progress, workspace
from oversight.cli.days import day
from oversight.errors import InputError
from oversight.pipeline import replace as asked
from oversight.pipeline.replace import Standing
from risk.replace import Replacement
from risk.replace.words import assumptions_in_words

_TITLE = "Groups in the order of children left without a place (low and high end of the trials)"
_SPANS = ("children", "beds", "unplaced", "unplaced_at_least")


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(epilog='Example: oversight replace --on 2025-03-31 --owner "example care" --miles 20,40')(replace)


def replace(
    on: Annotated[str | None, typer.Option(help="Registrations as at this day (YYYY-MM-DD); default today.")] = None,
    group: Annotated[list[str] | None, typer.Option(help="Groups with this in their name stop, all at once.")] = None,
    owner: Annotated[
        list[str] | None, typer.Option(help="Groups with an owner with this in its name stop, all at once.")
    ] = None,
    miles: Annotated[str | None, typer.Option(help="Distances, such as 20,40,60; default the parameters'.")] = None,
    kind: Annotated[str | None, typer.Option(help="Rank by homes of this kind only, such as ordinary.")] = None,
    top: Annotated[int, typer.Option(min=1, help="How many groups of the ranking; csv and json give all.")] = 25,
    form: Annotated[Format, typer.Option("--format", help="table, csv or json.")] = Format.TABLE,
) -> None:
    """If a group stopped tomorrow: places lost, places left within reach, children who could not be placed.

    Without a group or an owner, every group in the order of children left without a place.
    """
    with workspace() as opened, progress() as tell:
        tell("counting places", 0, None)
        stands = asked.standing(opened, on=day(on, "--on"), miles=_distances(miles))
        tell("assigning children to beds", 0, None)
        if not group and not owner:
            ranked = asked.rank(stands, kind).drop("group_id")
        else:
            which = asked.chosen(stands, names=group or (), owners=owner or ())
            answer = asked.stopped(stands, which)
    errors.print(_said(stands), markup=False)
    if not group and not owner:
        print_frame(_ranges(ranked.head(top)) if form.for_people else ranked, form, title=_TITLE)
        return
    errors.print(f"Stopping: {'; '.join(which['name'])}.", markup=False)
    if form is not Format.TABLE:
        print_frame(_long(answer), form)
        return
    print_frame(_spans(answer.displacement.drop("displacement_id", "group_id")), form, title="In all")
    local = asked.authority_names(answer.by_authority.drop("displacement_id", "group_id"))
    first = local.filter(pl.col("miles") == pl.col("miles").min())
    shown = _spans(first.sort("places_lost", "local_authority", descending=[True, False]))
    print_frame(
        shown.drop("local_authority_code", "miles"), form, title=f"By authority, within {first['miles'][0]:g} miles"
    )


def _said(stands: Standing) -> str:
    gone = (
        f" {stands.stock.elsewhere:,} homes without a known authority are left out." if stands.stock.elsewhere else ""
    )
    return f"Registrations at {stands.on}.{gone} {assumptions_in_words(stands.assumed)}"


def _distances(text: str | None) -> list[float] | None:
    if text is None:
        return None
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError:
        found = []
    if not found or not all(0 < each <= 1000 for each in found):  # noqa: PLR2004 - longer than the country
        raise InputError("--miles is not a list of distances", where=repr(text), next_step="Write it like 20,40,60.")
    return found


def _long(answer: Replacement) -> pl.DataFrame:
    """Both tables in one: rows of all authorities together first."""
    local = asked.authority_names(answer.by_authority)
    both = pl.concat([answer.displacement.with_columns(pl.lit("All").alias("local_authority")), local], how="diagonal")
    names = ["local_authority", "local_authority_code", "kind", "miles"]
    return both.drop("displacement_id", "group_id").select(*names, pl.exclude(*names))


def _spans(frame: pl.DataFrame) -> pl.DataFrame:
    """Low, central and high in one column, `93 (13 to 253)`; shares and expected places rounded."""
    for name in (each for each in _SPANS if f"{each}_central" in frame.columns):
        frame = _one(frame.rename({f"{name}_central": name}), name)
    return frame.with_columns(pl.col(pl.Float64).round(1))


def _ranges(ranked: pl.DataFrame) -> pl.DataFrame:
    """The ranking with low, central and high of each distance in one column."""
    for name in [each.removesuffix("_low") for each in ranked.columns if each.endswith("_low")]:
        ranked = _one(ranked, name).rename({name: name.replace("within_", "within ") + " miles"})
    return ranked.rename({"places_lost": "places", "children_central": "children"})


def _one(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    parts = [pl.col(column).cast(pl.Int64) for column in (name, f"{name}_low", f"{name}_high")]
    joined = frame.with_columns(pl.format("{} ({} to {})", *parts).alias(name))
    return joined.drop(f"{name}_low", f"{name}_high")
