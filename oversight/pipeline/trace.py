"""The walk home for a figure of a run, down to the facts that the run's documents state."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from oversight.pipeline.workspace import Workspace
from oversight.store.bulk import NO_MONTH
from risk.trace import Trace, trace


@dataclass(frozen=True, slots=True)
class Traced:
    """A walk home with the read lines on it.

    Attributes:
        tree: the figure, with all that it rests on.
        lines: the rows of `line` that stand on the way.
    """

    tree: Trace
    lines: pl.DataFrame


def trace_item(workspace: Workspace, item: str, run_id: str | None = None) -> Trace:
    """Walk from a figure to where it came from.

    Args:
        workspace: the installation.
        item: an id of the run, such as `R-1a2b3c4d` or `R-1a2b3c4d.operating_margin`.
        run_id: the run; the newest where not given.

    Raises:
        InputError: if there is no such run, or the run has no such item.
    """
    return traced(workspace, item, run_id).tree


def traced(
    workspace: Workspace, item: str, run_id: str | None = None, tables: Mapping[str, pl.DataFrame] | None = None
) -> Traced:
    """As `trace_item`, with the lines of account on the way.

    Args:
        workspace: the installation.
        item: as in `trace_item`.
        run_id: the run; the newest where not given.
        tables: those of that run that are read already; the others are read.

    Raises:
        InputError: if there is no such run, or the run has no such item.
    """
    held = {} if tables is None else tables
    tables = {**workspace.runs.tables(run_id or workspace.runs.newest(), without=held.keys()), **held}
    first = trace(tables, item)
    documents = sorted({step.document_id for step in first.steps() if step.document_id})
    months = {step.published_on[:7] if step.published_on else NO_MONTH for step in first.steps() if step.source}
    column = workspace.ledger.columns("reading").document_id
    readings = workspace.ledger.frame("reading", column.in_(documents))
    read = {name: workspace.bulk.scan(name, readings, months) for name in ("line", "fact")}
    wanted = sorted({step.item for step in first.steps()})
    line = read["line"].filter(pl.col("line_id").is_in(wanted)).collect()
    behind = {part for inputs in line["inputs"].drop_nulls() for part in inputs.split(",")}
    line = read["line"].filter(pl.col("line_id").is_in(sorted({*wanted, *behind}))).collect()
    fact = read["fact"].filter(pl.col("fact_id").is_in(line["fact_id"].drop_nulls().to_list())).collect()
    decided = {name: workspace.ledger.frame(name) for name in ("override", "hand_read")}
    return Traced(trace({**tables, **decided, "line": line, "fact": fact}, item), line)
