"""What people decide: `link`, `determine`."""

from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from oversight.cli.collect import day
from oversight.cli.console import Format, print_frame, workspace
from oversight.errors import InputError
from oversight.pipeline import determine as determining
from oversight.pipeline.link import Waiting, decide_by_hand, link_owners
from oversight.pipeline.link_lists import link_lists


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(
        epilog='Example: oversight link --owner "Example Care" --company 01234567 --author "A Name" --reason "…"'
    )(link)
    app.command(
        epilog=(
            "Example: oversight determine --subject 01234567 --on 2027-07-01 --notice FO/1 --condition size "
            '--author "A Name" --reason "…"'
        )
    )(determine)


def link(
    review: Annotated[
        bool, typer.Option("--review", help="List the owners that wait, with the best candidates.")
    ] = False,
    owner: Annotated[str | None, typer.Option(help="The owner's name, as Ofsted prints it.")] = None,
    company: Annotated[str | None, typer.Option(help="The company it is.")] = None,
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
    form: Annotated[Format, typer.Option("--format", help="table, csv or json, for --review.")] = Format.TABLE,
) -> None:
    """Link owners' names to companies: what the rule is sure of, one decision of a person, or any two lists."""
    if owners or companies or out:
        if not (owners and companies and out):
            raise InputError("--owners, --companies and --out go together", next_step="Give all three.")
        decided = link_lists(owners, companies, out)["decision"].value_counts().sort("decision")
        typer.echo(", ".join(f"{count:,} {decision}" for decision, count in decided.iter_rows()))
        return
    with workspace() as opened:
        if owner is not None:
            if company is None and kind == "company":
                raise InputError(
                    "neither a company nor what it is instead", where=owner, next_step="Give --company or --kind."
                )
            typer.echo(decide_by_hand(opened, owner, company, kind=kind, author=author, reason=reason))
            return
        before = opened.ledger.count("link")
        waiting = link_owners(opened)
        after = opened.ledger.count("link")
    if review:
        print_frame(_review(waiting), form, title="Owners waiting for a decision")
    else:
        typer.echo(
            f"{after - before:,} owners linked by rule; {len(waiting):,} wait for a person (`oversight link --review`)."
        )


def determine(
    subject: Annotated[
        str | None, typer.Option(help="The company's number, or the owner's name as Ofsted prints it.")
    ] = None,
    on: Annotated[str | None, typer.Option(help="Day of the determination, or of its end with --revoke.")] = None,
    notice: Annotated[str, typer.Option(help="Reference of the notice that was served.")] = "",
    condition: Annotated[str, typer.Option(help="The condition met, as the notice names it.")] = "",
    individual: Annotated[
        str | None, typer.Option(help="Who the notice names, if anybody: kept in the ledger, never in a report.")
    ] = None,
    revoke: Annotated[bool, typer.Option("--revoke", help="It no longer stands from --on.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="List everything recorded.")] = False,
    author: Annotated[str, typer.Option(help="Who records it.")] = "",
    reason: Annotated[str, typer.Option(help="Why, such as where the notice is filed.")] = "",
    form: Annotated[Format, typer.Option("--format", help="table, csv or json, for --list.")] = Format.TABLE,
) -> None:
    """Record a determination that the Secretary of State made, or its end. The tool itself never makes one."""
    with workspace() as opened:
        if listed:
            print_frame(determining.recorded(opened), form, title="Determinations recorded")
            return
        dated = day(on, "--on")
        if subject is None or dated is None:
            raise InputError("a determination needs a subject and a day", next_step="Give --subject and --on.")
        if revoke:
            identifier = determining.revoke(opened, subject, on=dated, notice=notice, author=author, reason=reason)
        else:
            identifier = determining.record(
                opened, subject, on=dated, notice=notice, condition=condition, individual=individual, author=author,
                reason=reason,
            )  # fmt: skip
    typer.echo(identifier)


def _review(waiting: list[Waiting]) -> pl.DataFrame:
    rows = [
        {
            "owner": item.owner.text,
            "settings": item.owner.settings,
            "kind": item.decision.kind,
            "candidates": " | ".join(
                f"{match.candidate.company_number} {match.candidate.name} ({match.score:.0f})"
                for match in item.decision.alternatives
            ),
            "why": "; ".join(item.decision.reasons),
        }
        for item in waiting
    ]
    schema = {"owner": pl.String, "settings": pl.Int64, "kind": pl.String, "candidates": pl.String, "why": pl.String}
    return pl.DataFrame(rows, schema=schema)
