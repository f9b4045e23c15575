"""Bulky read tables (`fact`, `line`) as Parquet, a folder a filing month, beside the ledger.

A file is written once and never changed. The ledger's `reading` table says which reader version of a
document counts; rows of earlier versions stay on disk and are passed over, so a crash between the file
and the ledger loses nothing and doubles nothing.
"""

import hashlib
import os
import tempfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import polars as pl

from oversight.errors import StoreError
from oversight.model.tables import TABLES
from oversight.store.sql import BULKY, polars_schema

Row = Mapping[str, object]
_VERSION = "reader_version"
NO_MONTH = "undated"


class BulkTables:
    """The Parquet folders of the bulky read tables.

    Args:
        root: folder that holds `fact/` and `line/`.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, table: str, rows: Sequence[Row], *, month: str, version: int) -> None:
        """Write rows of one filing month (`2024-05`, or `undated`) read by one reader version.

        Raises:
            StoreError: if the folder cannot be written.
        """
        if table not in BULKY:
            raise KeyError(f"{table} is not a bulky table")
        if not rows:
            return
        schema = polars_schema(table)
        columns = {name: [row.get(name) for row in rows] for name in schema}
        frame = pl.DataFrame(columns, schema=schema).with_columns(pl.lit(version).alias(_VERSION))
        frame = frame.unique("fact_id" if table == "fact" else "line_id", keep="first", maintain_order=True)
        frame = frame.sort(TABLES[table].primary_key())
        name = hashlib.sha256("".join(frame[TABLES[table].primary_key()[0]]).encode()).hexdigest()[:16]
        self._write(frame, self._root / table / month / f"v{version}-{name}.parquet")

    def _write(self, frame: pl.DataFrame, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, part = tempfile.mkstemp(dir=path.parent, prefix=".part-")
            os.close(handle)
            frame.write_parquet(part, compression="zstd", statistics=True)
            Path(part).replace(path)
        except OSError as error:
            raise StoreError(
                f"the tables of facts cannot be written: {error.strerror or error}",
                where=str(path.parent),
                next_step="Free space or mend permissions there, then run the same command again; nothing is lost.",
            ) from error

    def scan(self, table: str, readings: pl.DataFrame, months: Collection[str] | None = None) -> pl.LazyFrame:
        """Rows of the documents in `readings`, each as its reading's version gave them, once.

        Args:
            table: `fact` or `line`.
            readings: columns `document_id` and `version`, the current reading of each document wanted.
            months: the filing months the documents stand in (`2024-05`, or `undated`); all where not given.
        """
        schema = polars_schema(table)
        folders = ["*"] if months is None else sorted(months)
        files = sorted(file for folder in folders for file in (self._root / table).glob(f"{folder}/v*.parquet"))
        if not files:
            return pl.DataFrame(schema=schema).lazy()
        wanted = readings.lazy().select("document_id", pl.col("version").cast(pl.Int32).alias(_VERSION))
        key = TABLES[table].primary_key()
        rows = pl.scan_parquet(files, glob=False).with_columns(pl.col(_VERSION).cast(pl.Int32))
        return rows.join(wanted, on=["document_id", _VERSION], how="semi").select(list(schema)).unique(key).sort(key)
