"""`evidence`: the filed documents behind a figure, with the very figure marked."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from oversight.cli.console import Format, print_frame, workspace
from oversight.errors import InputError
from oversight.pipeline.evidence import Exhibits, evidence_file, evidence_picture, exhibits
from reports.files import write_whole


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command(epilog="Example: oversight evidence R-1a2b3c4d.operating_margin --out margin.html")(evidence)


def evidence(
    item: Annotated[str, typer.Argument(help="A register entry's figure (ENTRY.figure), or any id of a run's row.")],
    out: Annotated[
        Path | None,
        typer.Option(help="File to write: .html shows every document; .png the figure on its scanned page."),
    ] = None,
    run_id: Annotated[str | None, typer.Option("--run", help="The run; the newest where not given.")] = None,
    form: Annotated[Format, typer.Option("--format", help="table, csv or json.")] = Format.TABLE,
) -> None:
    """The filed documents behind a figure, with the very figure marked; without --out, the list of places.

    The file needs no server and no network: documents stand in it as filed, made harmless.
    """
    with workspace() as opened:
        found = exhibits(opened, item, run_id)
        if out is None:
            _print(found, form)
            return
        suffix = out.suffix.lower()
        if suffix not in {".html", ".png"}:
            raise InputError("evidence is .html or .png", where=str(out), next_step="Give a name with one of these.")
        content = evidence_file(opened, found) if suffix == ".html" else evidence_picture(opened, found)
    typer.echo(str(write_whole(out, content)))


def _print(found: Exhibits, form: Format) -> None:
    if form is Format.JSON:
        said = asdict(found)
        del said["walk"]  # `oversight trace` gives it
        typer.echo(json.dumps(said, indent=2))
        return
    rows = [
        {
            "what": place.title if place else document.title,
            "place": place.locator if place else "the whole document",
            "document": document.document_id if not form.for_people else document.document_id[:16],
            "retrieved_at": document.retrieved_at,
            "licence": document.licence,
            "url": document.url,
        }
        for document in found.documents
        for place in (document.places or (None,))
    ]
    schema = dict.fromkeys(("what", "place", "document", "retrieved_at", "licence", "url"), pl.String)
    print_frame(pl.DataFrame(rows, schema=schema), form, title=found.label)
