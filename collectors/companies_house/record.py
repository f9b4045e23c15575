"""A JSON object whose fields are taken out one by one, so that what nobody took can be reported.

Nothing here raises on odd content: a value of the wrong type becomes an issue row and None.
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from collectors.reading import Origin, Rows
from oversight.errors import InputError

_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}(?=$|T)")
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LARGEST = 2**31
_HTML = b"<"


@dataclass(slots=True)
class Page:
    """One document being read: where it is from, where its rows go, which fields are knowingly left."""

    origin: Origin
    rows: Rows
    ignored: Collection[str]
    reported: set[str] = field(default_factory=set)

    def wrong(self, record: "Record", key: str, wanted: str, value: object, index: int | None = None) -> None:
        """A field, or the entry of this index in it, is something else than it should be."""
        shown = value if isinstance(value, str) else type(value).__name__
        self.rows.issue(
            self.origin,
            "wrong_value",
            f"{record.dotted(key)} is not {wanted}",
            locator=record.pointer(key) if index is None else record.pointer(key, index),
            value=clean(shown),
        )

    def missing(self, record: "Record", key: str) -> None:
        """A field without which the row means nothing is not there, so the row is left out."""
        self.rows.issue(
            self.origin,
            "missing_field",
            f"{record.dotted(key)} is missing, so the entry is left out",
            locator=record.pointer(),
            severity="error",
        )

    def unknown(self, record: "Record", key: str) -> None:
        """A field that the source's YAML neither reads nor ignores, reported once a document."""
        name = record.dotted(key)
        if name in self.reported or any(name == path or name.startswith(f"{path}.") for path in self.ignored):
            return
        self.reported.add(name)
        self.rows.issue(
            self.origin,
            "unknown_field",
            f"the answer has a field {name} that is neither read nor listed in ignored_fields",
            locator=record.pointer(key),
            value=name,
            severity="information",
        )


class Record:
    """One JSON object of a page. Each method takes a field out and gives it in its type, or None.

    Args:
        values: the object's fields; not changed.
        page: the document.
        path: keys and indices that lead to the object.
    """

    def __init__(self, values: Mapping[str, Any], page: Page, path: tuple[str | int, ...] = ()) -> None:
        self._values = dict(values)
        self._page = page
        self._path = path

    def pointer(self, *more: str | int) -> str:
        """RFC 6901 pointer of the object, or of a place below it."""
        parts = (clean(str(part)).replace("~", "~0").replace("/", "~1") for part in (*self._path, *more))
        return "".join(f"/{part}" for part in parts)

    def dotted(self, key: str) -> str:
        """Name of a field as `ignored_fields` writes it: no indices."""
        return ".".join(clean(part) for part in (*self._path, key) if isinstance(part, str))

    def _take(self, key: str) -> Any:
        return self._values.pop(key, None)

    def text(self, key: str) -> str | None:
        """A text with space trimmed; None where empty."""
        value = self._take(key)
        if value is None or isinstance(value, str):
            return clean(value or "").strip() or None
        self._page.wrong(self, key, "a text", value)
        return None

    def day(self, key: str) -> date | None:
        """A day, from `2024-03-31` or a moment that starts so."""
        value = self._take(key)
        if value is None or value == "":
            return None
        if isinstance(value, str) and (match := _DATE.match(value)):
            try:
                return date.fromisoformat(match[0])
            except ValueError:
                pass
        self._page.wrong(self, key, "a date", value)
        return None

    def whole(self, key: str) -> int | None:
        """A whole number that is not negative, also where it is written as text."""
        value = self._take(key)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:  # noqa: PLR2004
            value = int(value)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _LARGEST):
            return value
        self._page.wrong(self, key, "a whole number", value)
        return None

    def truth(self, key: str) -> bool | None:
        """True or false."""
        value = self._take(key)
        if value is None or isinstance(value, bool):
            return value
        self._page.wrong(self, key, "true or false", value)
        return None

    def texts(self, key: str) -> list[str]:
        """A list of texts."""
        value = self._take(key)
        if value is None:
            return []
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return [clean(item) for item in value]
        self._page.wrong(self, key, "a list of texts", value)
        return []

    def records(self, key: str) -> list["Record"]:
        """The objects of a list. One object alone counts as a list of one: the specification and the answers differ."""
        value = self._take(key)
        if value is None:
            return []
        if isinstance(value, dict):
            return [Record(value, self._page, (*self._path, key))]
        if not isinstance(value, list):
            self._page.wrong(self, key, "a list", value)
            return []
        found = []
        for index, item in enumerate(value):
            if isinstance(item, dict):
                found.append(Record(item, self._page, (*self._path, key, index)))
            else:
                self._page.wrong(self, key, "a list of objects", item, index)
        return found

    def record(self, key: str) -> "Record":
        """One object (the first of a list); an empty one where there is none."""
        found = self.records(key)
        return found[0] if found else Record({}, self._page, (*self._path, key))

    def rest(self) -> dict[str, Any]:
        """All fields not yet taken, as they stand."""
        left, self._values = self._values, {}
        return left

    def close(self, *parts: "Record") -> None:
        """Report the fields that were not taken, here and in the parts given."""
        for key in sorted(self._values):
            self._page.unknown(self, key)
        for part in parts:
            part.close()

    def missing(self, key: str) -> None:
        """Report that a field is missing, so that this object gives no row."""
        self._page.missing(self, key)


def clean(text: str) -> str:
    """A text that any database can hold: no control characters, no halves of surrogate pairs."""
    return _UNSTORABLE.sub("", text)


def open_page(content: bytes, origin: Origin, rows: Rows, ignored: Collection[str]) -> Record:
    """The object a document holds.

    Raises:
        InputError: where the bytes are not a JSON object.
    """
    return Record(parse(content, origin.url), Page(origin, rows, ignored))


def parse(content: bytes, where: str) -> dict[str, Any]:
    """The JSON object in the bytes.

    Raises:
        InputError: where there is none.
    """
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        kind = "a web page" if content.lstrip().startswith(_HTML) else "broken JSON"
        raise InputError(
            f"{kind} where JSON was expected ({type(error).__name__})",
            where=where,
            next_step="Collect it again; a proxy or an outage page may have answered.",
        ) from error
    if not isinstance(value, dict):
        raise InputError("JSON, but not an object", where=where, next_step="Collect it again.")
    return value
