"""What is known of a source: one YAML file each, beside the module that reads it."""

import re
from collections.abc import Mapping
from datetime import datetime, time
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from oversight.errors import InputError
from oversight.model.plain_yaml import read_yaml
from oversight.model.tables.fetched import ABSENT
from oversight.model.times import london_date
from oversight.model.working_days import working_days_between

_MARKS = frozenset({"name", "title", "publisher", "licence", "cadence_days"})
_ENOUGH_MARKS = 3
"""A YAML file with three of these keys means to be a source, so that one mistyped key is reported, not skipped."""

_LATE_ARRIVAL_DAYS = 7
"""What never changes once it is there, but was not there, is looked for again after this."""

Row = Mapping[str, Any]


def _regular(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return pattern


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Expectation(_Strict):
    """What a document of the source must give, or it is not used (see `collectors.expectations`)."""

    min_rows: int = Field(default=0, ge=0, description="rows in the table")
    fill: Mapping[str, Annotated[float, Field(ge=0, le=1)]] = Field(
        default_factory=dict, description="column to the share of rows that must have a value"
    )
    max_fall: float | None = Field(
        default=None, gt=0, lt=1, description="largest share of rows that may be gone since the last publication"
    )


class GovUk(_Strict):
    """Where GOV.UK lists the publications."""

    collection_paths: list[str] = Field(min_length=1, description="pages listing publications, or publications")
    attachment_patterns: list[Annotated[str, AfterValidator(_regular)]] = Field(
        min_length=1, description="regular expressions on an attachment's title or file name; earlier ones win"
    )


class Source(_Strict):
    """A source, as its YAML file declares it.

    Attributes:
        name: such as `companies_house.charges`; also the name of its reader.
        cadence_days: days after which it is asked again; null for what never changes once it is there.
        grace_days: days beyond the cadence before it counts as overdue.
        working_days: whether both are counted in working days of England and Wales.
        not_before: time of day in London from which the schedule asks, such as `09:45`, when the day's
            publications are out.
        kind: a publication describes a day, a register tells its present state with dates, a filing is filed once.
        row_date: for a register, the column that says when a row became public.
        ignored_fields: fields knowingly not read, as dotted paths; a path covers what lies below it.
    """

    name: str = Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)+$")
    title: str
    publisher: str
    licence: str
    url: str
    cadence_days: int | None = Field(ge=1)
    grace_days: int = Field(default=0, ge=0)
    working_days: bool = False
    not_before: time = time(6, 0)
    kind: Literal["publication", "register", "filing"]
    row_date: str | None = None
    expectations: Mapping[str, Expectation] = Field(default_factory=dict)
    govuk: GovUk | None = None
    ignored_fields: list[str] = Field(default_factory=list)
    notes: str = ""


def load_source(path: Path) -> Source | None:
    """A source from its YAML file; None where the file is YAML of another kind.

    Raises:
        InputError: naming the file and the key, for a file that is not valid.
    """
    try:
        content = read_yaml(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(f"not valid YAML: {error}", where=str(path), next_step="Mend the file.") from error
    if not isinstance(content, dict) or len(_MARKS & content.keys()) < _ENOUGH_MARKS:
        return None
    try:
        return Source.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"key {key!r}: {first['msg']}",
            where=str(path),
            next_step="`Source` in collectors/source.py lists the keys.",
        ) from error


def read_sources(folder: Path) -> dict[str, Source]:
    """All sources declared below a folder, by name, in order of name.

    Raises:
        InputError: for a file that is not valid, or a name used twice.
    """
    found: dict[str, Source] = {}
    for path in sorted((*folder.rglob("*.yaml"), *folder.rglob("*.yml"))):
        source = load_source(path)
        if source is None:
            continue
        if source.name in found:
            raise InputError(f"key 'name': {source.name} is used twice", where=str(path), next_step="Rename one.")
        found[source.name] = source
    return dict(sorted(found.items()))


@cache
def load_sources() -> Mapping[str, Source]:
    """All sources of the product, by name."""
    return read_sources(Path(__file__).parent)


def source_named(name: str) -> Source:
    """One source of the product.

    Raises:
        KeyError: for a name that no file declares.
    """
    return load_sources()[name]


def due(source: Source, last: Row | None, now: datetime) -> bool:
    """Whether a subject of the source should be asked for now.

    Days are counted in London by the calendar, so that a daily job which starts a few seconds earlier than
    yesterday's still finds its sources due.

    Args:
        source: says how often.
        last: newest answered `fetch` row of the subject; None where there is none.
        now: the present moment.
    """
    if last is None:
        return True
    if source.cadence_days is None:
        return last["status"] == ABSENT and _age(source, last, now) >= _LATE_ARRIVAL_DAYS
    return _age(source, last, now) >= source.cadence_days


def overdue(source: Source, last: Row | None, now: datetime) -> bool:
    """Whether a subject should have been answered by now, its days of grace included."""
    if last is None:
        return True
    if source.cadence_days is None:
        return False
    return _age(source, last, now) > source.cadence_days + source.grace_days


def _age(source: Source, last: Row, now: datetime) -> int:
    """Days, or working days where the source counts those, since a subject was last answered."""
    answered, today = london_date(last["retrieved_at"] or last["requested_at"]), london_date(now)
    return working_days_between(answered, today) if source.working_days else (today - answered).days
