"""What an address asks of a resource: filters, columns, pages, format. Whatever it cannot mean is refused by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal

import polars as pl

from oversight.errors import InputError
from reports.api.resources import Resource

Format = Literal["json", "csv", "parquet"]
TYPES: Final[Mapping[Format, str]] = {
    "json": "application/json",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
}
DEFAULT_LIMIT: Final[Mapping[Format, int]] = {"json": 1_000, "csv": 100_000, "parquet": 100_000}
MOST_ROWS: Final = 100_000
_MOST_VALUES: Final = 200
_OWN: Final = frozenset({"run", "format", "limit", "offset", "columns"})
_LEAST, _MOST = ".from", ".to"


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for.

    Attributes:
        form: of the answer.
        limit: most rows.
        offset: rows passed over.
        columns: wanted, in order; empty for all.
        equal: column to the values it may have.
        least: column to the least value.
        most: column to the greatest value.
    """

    form: Format = "json"
    limit: int = 1_000
    offset: int = 0
    columns: tuple[str, ...] = ()
    equal: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    least: Mapping[str, Any] = field(default_factory=dict)
    most: Mapping[str, Any] = field(default_factory=dict)

    def condition(self) -> pl.Expr:
        """The rows wanted."""
        parts = [pl.col(name).is_in(list(values)) for name, values in self.equal.items()]
        parts += [pl.col(name) >= value for name, value in self.least.items()]
        parts += [pl.col(name) <= value for name, value in self.most.items()]
        return pl.all_horizontal(parts) if parts else pl.lit(value=True)


def read_query(resource: Resource, given: Sequence[tuple[str, str]], accept: str = "") -> Query:
    """Read the pairs of an address's query.

    Args:
        resource: what is asked for.
        given: names and values, repeated names allowed.
        accept: the header that says which format is wanted, where the query does not.

    Raises:
        InputError: naming the parameter, for one that is unknown or has no such value.
    """
    single = {name: value for name, value in given if name in _OWN}
    form = _format(single.get("format", ""), accept)
    equal: dict[str, tuple[Any, ...]] = {}
    bounds: dict[str, dict[str, Any]] = {_LEAST: {}, _MOST: {}}
    for name, text in given[:_MOST_VALUES]:
        if name in _OWN:
            continue
        column, ending = next(
            ((name.removesuffix(end), end) for end in (_LEAST, _MOST) if name.endswith(end)), (name, "")
        )
        value = _value(resource, column, text, name)
        if ending:
            bounds[ending][column] = value
        else:
            equal[column] = (*equal.get(column, ()), value)
    if resource.needs and not any(equal.get(name) for name in resource.needs):
        raise InputError(
            f"{resource.name} is too much to give whole",
            where=resource.name,
            next_step=f"Ask by {' or '.join(resource.needs)}, such as ?{resource.needs[0]}=01234567.",
        )
    return Query(
        form=form,
        limit=_count(single, "limit", DEFAULT_LIMIT[form], 1, MOST_ROWS),
        offset=_count(single, "offset", 0, 0, 1_000_000_000),
        columns=_columns(resource, single.get("columns", "")),
        equal=equal,
        least=bounds[_LEAST],
        most=bounds[_MOST],
    )


def _format(text: str, accept: str) -> Format:
    if not text:
        wanted: list[Format] = [form for form, kind in TYPES.items() if form != "json" and kind in accept]
        return wanted[0] if wanted else "json"
    for form in TYPES:
        if text == form:
            return form
    raise InputError("there is no such format", where=f"format={text}", next_step=f"Choose one of: {', '.join(TYPES)}.")


def _value(resource: Resource, column: str, text: str, name: str) -> Any:
    kind = resource.columns[column].dtype if column in resource.columns else None
    if kind is None:
        raise InputError(
            f"{resource.name} has no such column",
            where=name,
            next_step=f"Choose one of: {', '.join(resource.columns)}; or {', '.join(sorted(_OWN))}.",
        )
    try:
        return _read(kind, text)
    except (ValueError, KeyError) as error:
        raise InputError(
            "not a value of this column", where=f"{name}={text}", next_step=_SAYS[_family(kind)]
        ) from error


def _family(kind: pl.DataType) -> str:
    if kind == pl.Boolean:
        return "truth"
    if kind == pl.Date:
        return "day"
    if isinstance(kind, pl.Datetime):
        return "moment"
    return "number" if kind.is_numeric() else "text"


_SAYS: Final[Mapping[str, str]] = {
    "truth": "Give true or false.",
    "day": "Give a day, such as 2025-03-31.",
    "moment": "Give a moment with its time zone, such as 2025-03-31T09:30:00Z.",
    "number": "Give a number.",
    "text": "Give a text.",
}


def _read(kind: pl.DataType, text: str) -> Any:
    match _family(kind):
        case "truth":
            return {"true": True, "false": False}[text.lower()]
        case "day":
            return date.fromisoformat(text)
        case "moment":
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                raise ValueError("a moment needs a time zone")
            return moment
        case "number":
            return int(text) if kind.is_integer() else float(text)
        case _:
            return text


def _count(single: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = single.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 11 and least <= int(text) <= most):  # noqa: PLR2004
        raise InputError(
            "not a number of rows", where=f"{name}={text}", next_step=f"Give a whole number from {least:,} to {most:,}."
        )
    return int(text)


def _columns(resource: Resource, text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        if name not in resource.columns:
            raise InputError(
                f"{resource.name} has no such column",
                where=f"columns={name}",
                next_step=f"Choose from: {', '.join(resource.columns)}.",
            )
    return names
