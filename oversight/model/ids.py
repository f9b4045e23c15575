"""Identifiers: hashes of what identifies a row, so that writing a row twice inserts nothing."""

import hashlib
import re
from datetime import date, datetime

from oversight.errors import InputError

_PREFIXED = re.compile(r"^(?P<prefix>[A-Z]{1,2}|R0)(?P<digits>\d{1,7})$")
_SEPARATOR = "\x1f"


def document_id(content: bytes) -> str:
    """The SHA-256 of a document's bytes, as 64 lower-case hexadecimal characters."""
    return hashlib.sha256(content).hexdigest()


def row_id(*parts: str | int | date | datetime | None) -> str:
    """A 16-character id made of the parts that identify a row. Order matters; None differs from ''."""
    text = _SEPARATOR.join(_plain(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(part: str | int | date | datetime | None) -> str:
    if part is None:
        return "\x00"
    if isinstance(part, datetime | date):
        return part.isoformat()
    return str(part)


def company_number(text: str) -> str:
    """A Companies House number in its 8-character form: `123456` becomes `00123456`, `sc1234` `SC001234`.

    Raises:
        InputError: if the text cannot be a company number.
    """
    compact = re.sub(r"\s+", "", text).upper()
    if re.fullmatch(r"\d{1,8}", compact):
        return compact.zfill(8)
    if match := _PREFIXED.match(compact):
        prefix, digits = match["prefix"], match["digits"]
        return prefix + digits.zfill(8 - len(prefix))
    if re.fullmatch(r"[A-Z0-9]{8}", compact):
        return compact
    message = "not a Companies House number"
    raise InputError(message, where=repr(text), next_step="Give eight characters, such as 01234567 or SC123456.")


def line_id(document_id: str, line: str, period_end: date | None, *, consolidated: bool) -> str:
    """The id of a line of account of one document: the same whoever or whatever read it."""
    return row_id(document_id, line, period_end, str(consolidated))
