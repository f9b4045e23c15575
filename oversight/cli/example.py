"""`oversight example`: the invented market."""

import typer

app = typer.Typer()
