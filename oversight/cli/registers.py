"""`oversight collect appointments`, `oversight collect bulk`: what else Companies House has."""

from pathlib import Path
from typing import Annotated

import typer

from collectors.bulk.products import PRODUCTS, product_named
from oversight.cli.console import progress, workspace
from oversight.pipeline.bulk import collect_bulk, read_downloaded
from oversight.pipeline.officers import collect_appointments
from oversight.pipeline.read import read_documents


def register_sources(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("appointments", epilog="Example: oversight collect appointments")(appointments)
    app.command("bulk", epilog="Example: oversight collect bulk company-data")(bulk)


def appointments() -> None:
    """Collect what else the officers of owners run or ran: one request an officer."""
    with workspace() as opened, progress() as tell:
        outcome = collect_appointments(opened, tell)
        rows = read_documents(opened, tell, sources=["companies_house.appointments"]).rows
    asked = sum(fetched.new for fetched in outcome.held)
    typer.echo(
        f"{asked:,} answers fetched, {rows.get('appointment', 0):,} appointments read, "
        f"{len(outcome.failures):,} calls failed."
    )


def bulk(
    product: Annotated[str, typer.Argument(help=f"One of {', '.join(sorted(PRODUCTS))}.")],
    every: Annotated[bool, typer.Option("--all", help="Every file listed, and not only the newest.")] = False,
    file: Annotated[Path | None, typer.Option("--from", help="A file of the product that you downloaded.")] = None,
) -> None:
    """Collect a bulk product of Companies House and keep what concerns the companies and owners we watch."""
    wanted = product_named(product)
    with workspace() as opened, progress() as tell:
        if file is not None:
            summary = read_downloaded(opened, wanted, file, tell)
        else:
            summary = collect_bulk(opened, wanted, tell, every=every)
        read_documents(opened, tell, sources=["companies_house.company_data", "companies_house.psc_snapshot"])
    typer.echo(summary.sentence())
