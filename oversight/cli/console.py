"""What a person sees: results on stdout, progress (from two seconds on) and errors on stderr."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

import polars as pl
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from oversight.model.times import utc_now
from oversight.pipeline.workspace import Tell, Workspace, open_workspace
from oversight.settings import load_settings

_PATIENCE_SECONDS = 2.0
_WIDE = 200
errors = Console(stderr=True, soft_wrap=True, highlight=False)


class Format(StrEnum):
    """How a table is printed."""

    TABLE = "table"
    TEXT = "text"  # the same
    CSV = "csv"
    JSON = "json"

    @property
    def for_people(self) -> bool:
        """Whether it is laid out for people, not for programs."""
        return self in {Format.TABLE, Format.TEXT}


@contextmanager
def workspace() -> Iterator[Workspace]:
    """The installation that the settings describe."""
    with open_workspace(load_settings(), utc_now) as opened:
        yield opened


@contextmanager
def progress() -> Iterator[Tell]:
    """Progress on stderr, shown once the work has taken two seconds."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    bar = Progress(*columns, console=errors, transient=True)
    started = time.monotonic()
    shown: list[tuple[str, object]] = []

    def tell(what: str, done: int, total: int | None) -> None:
        if time.monotonic() - started < _PATIENCE_SECONDS:
            return
        if not shown:
            bar.start()
        if not shown or shown[-1][0] != what:
            for task in bar.task_ids:
                bar.remove_task(task)
            shown.append((what, bar.add_task(what, total=total)))
        bar.update(bar.task_ids[-1], completed=done, total=total)

    try:
        yield tell
    finally:
        if shown:  # a bar that never started would still print an empty line
            bar.stop()


def print_frame(frame: pl.DataFrame, form: Format, *, title: str = "") -> None:
    """Print a frame to stdout as a table for people, CSV or JSON. Dates are ISO; nulls are empty."""
    if form is Format.CSV:
        typer.echo(frame.write_csv(), nl=False)
    elif form is Format.JSON:
        typer.echo(frame.write_json())
    else:
        _print_table(frame, title)


def _print_table(frame: pl.DataFrame, title: str) -> None:
    table = Table(title=title or None, caption=f"{frame.height:,} rows", caption_justify="left")
    for name, kind in frame.schema.items():
        table.add_column(name, justify="right" if kind.is_numeric() else "left", overflow="fold")
    for row in frame.iter_rows():
        table.add_row(*(_plain(value) for value in row))
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:  # a file or a pipe has no width to fit into
        console.width = _WIDE
    console.print(table)


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return str(value)
