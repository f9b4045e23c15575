"""What people decide: `link`."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from oversight.cli.console import Format, print_frame, workspace
from oversight.errors import InputError
from oversight.pipeline.link import Waiting, link_owners
from oversight.pipeline.link_decisions import decide_by_hand, history, same_as, undo
from oversight.pipeline.link_lists import link_lists
from oversight.pipeline.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(
        epilog='Example: oversight link --owner "Example Care" --company 01234567 --author "A Name" --reason "…"'
    )(link)


def link(
    review: Annotated[
        bool, typer.Option("--review", help="List the owners that wait, with the best candidates side by side.")
    ] = False,
    past: Annotated[
        bool, typer.Option("--history", help="List the decisions made, on one owner where --owner is given.")
    ] = False,
    owner: Annotated[str | None, typer.Option(help="The owner's name, as Ofsted prints it.")] = None,
    company: Annotated[str | None, typer.Option(help="The company it is.")] = None,
    alias_of: Annotated[
        str | None, typer.Option("--same-as", help="Another spelling, linked already, of the same owner.")
    ] = None,
    take_back: Annotated[
        bool, typer.Option("--undo", help="Take the decision on --owner back: it waits for a person again.")
    ] = False,
    kind: Annotated[
        str, typer.Option(help="Where it is no company: council, charity, individual or unknown.")
    ] = "company",
    owners: Annotated[Path | None, typer.Option(help="Any list of owners: CSV with a column owner.")] = None,
    companies: Annotated[
        Path | None, typer.Option(help="Any list of companies: company_number,company_name, or BasicCompanyData.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where to write the decisions on those lists.")] = None,
    author: Annotated[str, typer.Option(help="Who decides.")] = "",
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    form: Annotated[
        Format, typer.Option("--format", help="table, csv or json, for --review and --history.")
    ] = Format.TABLE,
) -> None:
    """Link owners' names to companies: what the rule is sure of, one decision of a person, or any two lists."""
    if owners or companies or out:
        if not (owners and companies and out):
            raise InputError("--owners, --companies and --out go together", next_step="Give all three.")
        decided = link_lists(owners, companies, out)["decision"].value_counts().sort("decision")
        typer.echo(", ".join(f"{count:,} {decision}" for decision, count in decided.iter_rows()))
        return
    with workspace() as opened:
        if past:
            print_frame(history(opened, owner), form, title="Decisions on owners' names")
            return
        if owner is not None:
            choice = _Choice(owner, company, alias_of, kind, take_back)
            typer.echo(_decide(opened, choice, author, reason))
            return
        before = opened.ledger.count("link")
        waiting = link_owners(opened)
        after = opened.ledger.count("link")
    if not review:
        typer.echo(
            f"{after - before:,} owners linked by rule; {len(waiting):,} wait for a person (`oversight link --review`)."
        )
    elif form.for_people:
        print_frame(_side_by_side(waiting), form, title="Owners waiting for a decision")
    else:
        print_frame(_review(waiting), form)


@dataclass(frozen=True, slots=True)
class _Choice:
    """What a person says of one owner's name."""

    owner: str
    company: str | None
    alias_of: str | None
    kind: str
    take_back: bool


def _decide(opened: Workspace, choice: _Choice, author: str, reason: str) -> str:
    """Record what a person says; the decision's id."""
    instead = choice.kind != "company" and choice.company is None
    said = [choice.company is not None, choice.alias_of is not None, choice.take_back, instead]
    if sum(said) != 1:
        raise InputError(
            "one owner needs one decision: a company, another spelling, what it is instead, or taking back",
            where=choice.owner,
            next_step="Give one of --company, --same-as, --kind and --undo.",
        )
    if choice.take_back:
        return undo(opened, choice.owner, author=author, reason=reason)
    if choice.alias_of is not None:
        return same_as(opened, choice.owner, choice.alias_of, author=author, reason=reason)
    return decide_by_hand(opened, choice.owner, choice.company, kind=choice.kind, author=author, reason=reason)


_PLACES = ("first", "second", "third")


def _review(waiting: list[Waiting]) -> pl.DataFrame:
    """One row an owner, its candidates in columns of their own."""
    rows = [
        {
            "owner": item.owner.text,
            "settings": item.owner.settings,
            "sector": item.owner.sector,
            "seen_on": item.owner.seen_on,
            "kind": item.decision.kind,
            "why": "; ".join(item.decision.reasons),
            "registered_before_as": item.earlier.owner if item.earlier else None,
            "registered_before_number": item.earlier.company_number if item.earlier else None,
            "registered_before_homes": item.earlier.homes if item.earlier else None,
            **{name: value for at, place in enumerate(_PLACES) for name, value in _candidate(item, at, place).items()},
        }
        for item in waiting
    ]
    columns = {"seen_on": pl.Date, "settings": pl.Int64, "registered_before_homes": pl.Int64}
    numbers = {f"{place}_score": pl.Float64 for place in _PLACES}
    names = [
        "owner",
        "settings",
        "sector",
        "seen_on",
        "kind",
        "why",
        "registered_before_as",
        "registered_before_number",
        "registered_before_homes",
    ]
    names += [f"{place}_{what}" for place in _PLACES for what in _WHAT]
    return pl.DataFrame(rows, schema={name: {**columns, **numbers}.get(name, pl.String) for name in names})


_WHAT = ("number", "name", "score", "status", "incorporated_on", "previous_names", "reasons")


def _candidate(item: Waiting, at: int, place: str) -> dict[str, object]:
    if at >= len(item.decision.alternatives):
        return dict.fromkeys(f"{place}_{what}" for what in _WHAT)
    match = item.decision.alternatives[at]
    found = match.candidate
    born = found.incorporated_on.isoformat() if found.incorporated_on else None
    told = (found.company_number, found.name, match.score, found.status, born, " | ".join(found.previous_names) or None,
            "; ".join(match.reasons))  # fmt: skip
    return dict(zip((f"{place}_{what}" for what in _WHAT), told, strict=True))


def _side_by_side(waiting: list[Waiting]) -> pl.DataFrame:
    """For a person's eye: the owner, what its homes were registered under before, and three candidates beside it."""
    rows = [
        {
            "owner": "\n".join(filter(None, _told(item))) + "\n",
            **{place: _shown(_candidate(item, at, place), place) for at, place in enumerate(_PLACES)},
        }
        for item in waiting
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(("owner", *_PLACES), pl.String))


def _told(item: Waiting) -> Iterator[str | None]:
    yield item.owner.text
    yield f"{item.owner.settings} settings, {(item.owner.sector or 'no sector').lower()}, kind {item.decision.kind}"
    yield f"Why it waits: {item.decision.reasons[-1]}" if item.decision.reasons else None
    if item.earlier:
        yield (
            f"{item.earlier.homes} of its homes were registered on {item.earlier.as_at:%d %B %Y} under "
            f"{item.earlier.owner}, taken for {item.earlier.company_number}"
        )


def _shown(found: dict[str, object], place: str) -> str:
    said = {what: found[f"{place}_{what}"] for what in _WHAT}
    if said["number"] is None:
        return ""
    state = ", ".join(
        filter(None, (str(said["status"] or ""), f"from {said['incorporated_on']}" if said["incorporated_on"] else ""))
    )
    earlier = f"before: {said['previous_names']}" if said["previous_names"] else ""
    score = f"{said['score']:.0f}: {said['reasons']}"
    return "\n".join(filter(None, (f"{said['number']} {said['name']}", state, earlier, score)))
