"""Zips of invented accounts, and what their tables should hold."""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from tests.collectors.accounts.documents import NOW, THEN, YEAR, document, figure, said

TABLES = ("facts", "lines", "statements", "issues", "documents")


def accounts(number: int, figures: int = 6) -> bytes:
    """A set of accounts of an invented company, all its figures its own."""
    held = "".join(
        figure(concept, when, f"{1000 + number * 7 + each:,}")
        for each, (concept, when) in enumerate(
            [("Equity", NOW), ("Equity", THEN), ("CurrentAssets", NOW), ("CashBankOnHand", NOW), ("Turnover", YEAR)]
            + [("Debtors", NOW)] * (figures - 5)
        )
    )
    name = said("EntityCurrentLegalOrRegisteredName", YEAR, f"INVENTED HOMES {number} LIMITED")
    return document(held, name, entity=f"{number:08d}")


def member_name(number: int) -> str:
    """As Companies House names the members of its daily files."""
    return f"Prod223_3517_{number:08d}_20250331.html"


def zipped(members: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def many(path: Path, count: int, figures: int = 6) -> Path:
    """A zip of that many sets of accounts."""
    path.write_bytes(zipped({member_name(number): accounts(number, figures) for number in range(1, count + 1)}))
    return path


def table(folder: Path, name: str) -> pl.DataFrame:
    """A table, all its parts together, in the order of their names."""
    return pl.concat([pl.read_parquet(path) for path in sorted((folder / name).glob("*.parquet"))])


def digest(folder: Path) -> str:
    """A hash over every row of every table, whatever the parts."""
    made = hashlib.sha256()
    for name in TABLES:
        frame = table(folder, name)
        made.update(frame.sort(frame.columns).write_csv().encode())
    return made.hexdigest()
