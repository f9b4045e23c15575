"""`oversight groups`, `oversight group …`: who owns whom on any day, and what people decide about it."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from oversight.cli.console import Format, errors, print_frame, workspace
from oversight.cli.days import day
from oversight.errors import InputError, StoreError
from oversight.model.times import LONDON
from oversight.pipeline import ownership as owning
from oversight.pipeline.ownership import Ownership, Parent

group = typer.Typer(help="Join companies to a parent, or split them from one, where the register does not say it.")

_PUBLISHER = "Children's homes market oversight monitor"
_ABOVE = "the top"
_WITNESS = {"register": "register", "accounts": "stated in accounts", "decided": "decided"}


class Shape(StrEnum):
    """How groups are written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    BODS = "bods"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(epilog="Example: oversight groups --on 2025-03-31 --format bods --out groups.json")(groups)
    app.add_typer(group, name="group")
    group.command(
        epilog='Example: oversight group join 01234567 --parent 07654321 --author "A Name" --reason "Bought in May"'
    )(join)
    group.command(
        epilog='Example: oversight group split 01234567 --parent 07654321 --author "A Name" --reason "Nominee only"'
    )(split)
    group.command(
        epilog='Example: oversight group withdraw 01234567 --parent 07654321 --author "A Name" --reason "Wrong company"'
    )(withdraw)
    group.command(epilog="Example: oversight group decisions --format csv")(decisions)


def groups(
    on: Annotated[str | None, typer.Option(help="Ownership as at this day (YYYY-MM-DD); default today.")] = None,
    wanted: Annotated[
        str | None, typer.Option("--group", help="Only this group: its id, a member's number, or part of its name.")
    ] = None,
    known_by: Annotated[
        str | None, typer.Option("--known-by", help="Only what was held and decided by this day's end (YYYY-MM-DD).")
    ] = None,
    form: Annotated[
        Shape, typer.Option("--format", help="table (a tree for --group), csv (members), json (with owners), or bods.")
    ] = Shape.TABLE,
    out: Annotated[Path | None, typer.Option(help="File to write; standard output where not given.")] = None,
) -> None:
    """Groups of companies under one control on any day, with members, paths, shares, dates and what says so.

    BODS is the Beneficial Ownership Data Standard 0.4. People appear in it without name or date of birth.
    """
    with workspace() as opened:
        found = owning.ownership_on(opened, day(on, "--on"), _end_of(day(known_by, "--known-by")))
    chosen = found.only(wanted)
    if form is Shape.TABLE and out is None:
        _print(found, chosen, tree=wanted is not None)
        return
    text = _text(found, chosen, form)
    if out is None:
        typer.echo(text, nl=not text.endswith("\n"))
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StoreError(
            f"the groups cannot be written: {error.strerror or error}", where=str(out), next_step="Give another --out."
        ) from error
    people = " People are written without name or date of birth: neither is kept." if form is Shape.BODS else ""
    errors.print(f"{len(chosen):,} groups written to {out}.{people}", markup=False)


ParentOption = Annotated[str | None, typer.Option("--parent", help="Company number of the parent.")]
NameOption = Annotated[str | None, typer.Option("--parent-name", help="A parent without a number at Companies House.")]
CountryOption = Annotated[str | None, typer.Option("--country", help="Country of that parent's register.")]
KeyOption = Annotated[str | None, typer.Option("--owner-key", help="An owner by its key in `oversight groups`.")]
FromOption = Annotated[str | None, typer.Option("--from", help="First day it counts for (YYYY-MM-DD).")]
ToOption = Annotated[str | None, typer.Option("--to", help="First day it no longer counts for (YYYY-MM-DD).")]
AuthorOption = Annotated[str, typer.Option(help="Who decides.")]
ReasonOption = Annotated[str, typer.Option(help="Why.")]
CompanyArgument = Annotated[str, typer.Argument(help="Number of the company that is owned.")]


def join(
    company: CompanyArgument,
    parent: ParentOption = None,
    parent_name: NameOption = None,
    country: CountryOption = None,
    start: FromOption = None,
    end: ToOption = None,
    author: AuthorOption = "",
    reason: ReasonOption = "",
) -> None:
    """Put a company under a parent, whatever the register says. Prints the decision's id; the next run uses it."""
    with workspace() as opened:
        identifier = owning.join(
            opened, company, Parent(parent, parent_name, country), author=author, reason=reason,
            from_on=day(start, "--from"), to_on=day(end, "--to"),
        )  # fmt: skip
    typer.echo(identifier)


def split(
    company: CompanyArgument,
    parent: ParentOption = None,
    parent_name: NameOption = None,
    owner_key: KeyOption = None,
    start: FromOption = None,
    end: ToOption = None,
    author: AuthorOption = "",
    reason: ReasonOption = "",
) -> None:
    """Set an owner of a company aside, or every owner where none is named. Prints the decision's id."""
    with workspace() as opened:
        identifier = owning.split(
            opened, company, Parent(parent, parent_name, key=owner_key), author=author, reason=reason,
            from_on=day(start, "--from"), to_on=day(end, "--to"),
        )  # fmt: skip
    typer.echo(identifier)


def withdraw(
    company: CompanyArgument,
    parent: ParentOption = None,
    parent_name: NameOption = None,
    owner_key: KeyOption = None,
    author: AuthorOption = "",
    reason: ReasonOption = "",
) -> None:
    """Take back what was decided about a company and a parent; both rows are kept. Prints the new row's id."""
    with workspace() as opened:
        identifier = owning.withdraw(
            opened, company, Parent(parent, parent_name, key=owner_key), author=author, reason=reason
        )
    typer.echo(identifier)


def decisions(form: Annotated[Format, typer.Option("--format", help="table, csv or json.")] = Format.TABLE) -> None:
    """Everything decided about groups: joins, splits and what was withdrawn, with authors and reasons."""
    with workspace() as opened:
        print_frame(owning.decisions(opened), form, title="Decisions about groups")


def _end_of(known: date | None) -> datetime | None:
    """The last moment of a day in London."""
    return None if known is None else datetime.combine(known, time.max, LONDON).astimezone(UTC)


def _text(found: Ownership, chosen: list[str], form: Shape) -> str:
    if form is Shape.CSV:
        return found.members(chosen).write_csv()
    if form is Shape.BODS:
        return json.dumps(found.bods(chosen, _PUBLISHER), indent=1, ensure_ascii=False) + "\n"
    if form is Shape.JSON:
        return json.dumps(_nested(found, chosen), indent=1, ensure_ascii=False, default=str) + "\n"
    raise InputError("a table is for the screen", next_step="Give --format csv, json or bods with --out.")


def _nested(found: Ownership, chosen: list[str]) -> list[dict[str, Any]]:
    """Groups with their members and every owner of those."""
    members = found.members(chosen).partition_by("group_id", as_dict=True)
    edges = found.edges(chosen).partition_by("group_id", as_dict=True)
    return [
        {
            **row,
            "members": members[(row["group_id"],)].to_dicts() if (row["group_id"],) in members else [],
            "holdings": edges[(row["group_id"],)].to_dicts() if (row["group_id"],) in edges else [],
        }
        for row in found.listing(chosen).to_dicts()
    ]


def _print(found: Ownership, chosen: list[str], *, tree: bool) -> None:
    if not tree:
        shown = found.listing(chosen).drop("owners_as_printed", "joint", "circle", "top_country")
        print_frame(shown, Format.TABLE, title=f"Groups on {found.evidence.as_at.on:%d %B %Y}")
        return
    for row in found.listing(chosen).to_dicts():
        typer.echo(
            f"{row['name']}  (group {row['group_id']}; {row['kind']}, {row['owner_class'].replace('_', ' ')}): "
            f"{row['companies']} companies, {row['homes']} homes, {row['places']} places"
        )
        for line in _tree(found, row):
            typer.echo(line)


def _tree(found: Ownership, row: Mapping[str, Any]) -> Iterable[str]:
    """Members under their parents; under each, owners that do not control it, and what was found beside them."""
    members = found.members([row["group_id"]]).to_dicts()
    edges = found.edges([row["group_id"]])
    below = {member["company_number"] for member in members}
    if all(member["parent_key"] is not None for member in members):
        yield f"  {_top(row)}"
    for member in members:
        indent = "  " * (member["depth"] + 1)
        homes = f"; {member['homes']} homes, {member['places']} places" if member["homes"] else ""
        dormant = "; dormant" if member["dormant"] else ""
        status = f"; {member['status']}" if member["status"] not in {None, "active"} else ""
        name = member["name"] or "(name not held)"
        own = edges.filter(pl.col("company_number") == member["company_number"])
        agreed = "; its accounts agree" if "agrees" in own["role"] else ""
        yield f"{indent}{member['company_number']} {name}{_step(member)}{agreed}{status}{dormant}{homes}"
        for edge in own.filter(pl.col("role") != "agrees").to_dicts():
            if edge["owner_key"] != member["parent_key"] and not (
                edge["role"] == "indirect" and edge["owner_key"] in below
            ):
                yield f"{indent}    {edge['role']}: {_owner(edge)}{_held(edge)}"


def _top(row: Mapping[str, Any]) -> str:
    named = row["top_name"] or ("people" if row["joint"] else "a person (name not kept)")
    return f"{named}{', ' + row['top_country'] if row['top_country'] else ''}{' (jointly)' if row['joint'] else ''}"


def _step(member: Mapping[str, Any]) -> str:
    if member["basis"] is None:
        return f" - {_ABOVE}"
    why = f": {member['why']}" if member["why"] else ""
    return f" - by {member['basis']}{_band(member)}{_since(member)} ({_WITNESS[member['source']]}{why})"


def _held(edge: Mapping[str, Any]) -> str:
    until = f" to {edge['until']:%d %B %Y}" if edge["until"] else ""
    why = f": {edge['why']}" if edge["why"] else ""
    return f"{_band(edge)}{_since(edge)}{until} ({_WITNESS[edge['source']]}{why})"


def _owner(edge: Mapping[str, Any]) -> str:
    if edge["owner_kind"] in {"individual", "super-secure"}:
        return f"a person (key {edge['owner_key']})"
    return f"{edge['owner_number'] or edge['owner_key']} {edge['owner_name'] or ''}".strip()


def _band(row: Mapping[str, Any]) -> str:
    return "" if row["share_min"] is None else f" {row['share_min']:g} to {row['share_max']:g}%"


def _since(row: Mapping[str, Any]) -> str:
    return f" from {row['since']:%d %B %Y}" if row["since"] else ""
