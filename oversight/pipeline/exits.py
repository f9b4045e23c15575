"""Forecasts of homes leaving the register: made from the ledger, measured against a later publication, trained."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from collectors import ofsted
from collectors.reading import Origin
from oversight.errors import InputError, StoreError
from oversight.model.evidence import schema_of
from oversight.model.ids import document_id
from oversight.model.times import AsAt, london_date
from oversight.pipeline.collect import file_content
from oversight.pipeline.select import readable_publications
from oversight.pipeline.workspace import Tell, Workspace, tell_nobody
from risk.exits import vintages
from risk.exits.backtest import measured
from risk.exits.card import card
from risk.exits.evaluate import report
from risk.exits.forecast import Forecast, forecast
from risk.exits.owners import by_owner
from risk.exits.publications import Publications
from risk.exits.train import vintages as train_vintages

_TABLES = ("home", "inspection", "movement")


@dataclass(frozen=True, slots=True)
class Made:
    """A forecast and what a reader should be told of it.

    Attributes:
        forecast: the forecast.
        remarks: what to know of it, in sentences.
    """

    forecast: Forecast
    remarks: tuple[str, ...]


def held_publications(workspace: Workspace, *, public_by: date | None = None) -> Publications:
    """Ofsted's publications in the ledger, the newest of each day and kind.

    Args:
        workspace: the installation.
        public_by: only those that were public by this day; whatever is held now where not given.
    """
    now = workspace.clock()
    visible = readable_publications(workspace, AsAt(on=public_by or london_date(now), known_by=now))
    ids = visible.select("document_id").unique()
    tables = [workspace.ledger.frame(name).join(ids, on="document_id", how="semi") for name in _TABLES]
    return Publications.from_tables(tables[0], tables[1], tables[2], visible)


def make(
    workspace: Workspace, on: date | None = None, *, models: Path | None = None, strictly_public: bool = False
) -> Made:
    """The forecast of a day, by what describes that day or an earlier one.

    Args:
        workspace: the installation.
        on: the day; today where not given.
        models: folder of models; those that come with the product where not given.
        strictly_public: leave out what was published only after the day.

    Raises:
        InputError: if no list describes the day or an earlier one, or the folder holds no model.
    """
    day = on or london_date(workspace.clock())
    known = held_publications(workspace, public_by=day if strictly_public else None)
    if strictly_public and not known.days():
        raise InputError(
            "no list of homes that is held was public by that day",
            where=str(day),
            next_step="Leave out --public; or collect the files with --published: most do not say when they came out.",
        )
    made = forecast(known, day, vintages.load(models))
    return Made(made, _remarks(made, known, day))


def owners(made: Forecast) -> pl.DataFrame:
    """What is to be expected of each owner within a year, the likeliest to lose over a quarter of its places first.

    Returns:
        owner, homes, places, expected_homes_leaving, expected_places_lost, probability, rank.
    """
    named = made.homes.filter(pl.col("owner_key").is_not_null())
    spelling = named.group_by("owner_key").agg(pl.coalesce("owner", "owner_key").mode().sort().first().alias("owner"))
    return (
        by_owner(named, made.model.correlation)
        .join(spelling, on="owner_key")
        .with_columns(pl.col("probability").rank("min", descending=True).cast(pl.Int64).alias("rank"))
        .sort("rank", "owner_key")
        .select("owner", "homes", "places", "expected_homes_leaving", "expected_places_lost", "probability", "rank")
    )


def evaluate(
    workspace: Workspace, on: date, outcomes: Path, *, models: Path | None = None, as_at: date | None = None
) -> dict[str, Any]:
    """Figures of the forecast of a day against a later publication.

    Args:
        workspace: the installation.
        on: the day of the forecast.
        outcomes: the later publication: any file of Ofsted's that `oversight collect ofsted` reads.
        models: folder of models; those that come with the product where not given.
        as_at: the day the later publication describes, where it does not say.

    Raises:
        InputError: if the file is no such publication, describes no later day, or tells nothing of these homes.
    """
    known = held_publications(workspace)
    made = forecast(known, on, vintages.load(models))
    later = publication(outcomes, as_at)
    return {
        "on": on.isoformat(),
        "register_of": made.register.day.isoformat(),
        "newest_list": made.register.listed.isoformat(),
        "outcomes": outcomes.name,
        "outcomes_of": max(day.isoformat() for day in later.described["day"]),
        "model_outcomes_by": made.model.outcomes_by.isoformat(),
        "model_fingerprint": made.model.fingerprint,
        "remarks": list(_remarks(made, known, on)),
        **report(made, known, later),
    }


def train(workspace: Workspace, folder: Path, tell: Tell = tell_nobody) -> list[Path]:
    """Fit a model for each day on which one can be fitted, from what the ledger holds, and write them with their card.

    Raises:
        InputError: if too little is held to learn from.
        StoreError: if the folder cannot be written.
    """
    known = held_publications(workspace)
    tell("learning", 0, None)
    models = train_vintages(known)
    tell("measuring", 0, None)
    text = card(models, known)
    found = measured(models, known)
    try:
        paths = vintages.save(models, folder)
        page = folder / "README.md"
        page.write_text(text, encoding="utf-8")
        told = vintages.save_measured(found, folder)
    except OSError as error:
        raise StoreError(
            f"the models cannot be written: {error.strerror or error}",
            where=str(folder),
            next_step="Give a folder you may write to, with space.",
        ) from error
    return [*paths, told, page]


def publication(path: Path, as_at: date | None = None) -> Publications:
    """A file of Ofsted's as a publication of its own, recorded nowhere.

    Raises:
        InputError: naming the file, if it is absent or no such publication.
    """
    content = file_content(path)
    found = ofsted.identify(content, path.name, as_at)
    ident = document_id(content)
    read = ofsted.READERS[found.source].read(
        content, Origin(ident, found.source, found.subject, path.name, found.published_on)
    )
    if not any(read.tables.get(name) for name in _TABLES):
        raise InputError(
            "no homes and no leavers in this file", where=path.name, next_step="Give a list of homes or of leavers."
        )
    visible = pl.DataFrame({"document_id": [ident], "source": [found.source], "subject": [found.subject]})
    home, inspection, movement = (_frame(name, read.tables) for name in _TABLES)
    return Publications.from_tables(home, inspection, movement, visible)


def _frame(name: str, tables: Mapping[str, list[Any]]) -> pl.DataFrame:
    schema = {column: declared.dtype for column, declared in schema_of(name).columns().items()}
    return pl.DataFrame(tables.get(name, []), schema=schema)


def _remarks(made: Forecast, known: Publications, day: date) -> tuple[str, ...]:
    """What a reader should know of a forecast: how old its register is, what it lacks, what its model saw."""
    register = made.register
    said = [f"{made.homes.height:,} homes on the register of {register.day}, for the year after that day."]
    if register.listed != register.day:
        said.append(f"The newest list is of {register.listed}; of homes since only who joined and who left is known.")
    if not made.in_time:
        said.append(
            f"The oldest model held learnt from outcomes up to {made.model.outcomes_by}, after {day}: this forecast "
            "uses what was not known then."
        )
    if made.missing:
        said.append("Not known of any home, so left at its average: " + "; ".join(made.missing) + ".")
    lists = [each for each in known.days() if each <= register.day]
    if len(lists) == 1:
        said.append("Only one list is held up to that day, so the course of judgements and of owners is not known.")
    return tuple(said)
