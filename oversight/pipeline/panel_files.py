"""Tables of company-years from files: CSV, Parquet and ARFF, plain, gzip or alone in a zip. Strangers made them."""

import io
import re
from pathlib import Path
from typing import Final

import polars as pl

from collectors.packed import GZIP_MAGIC, ZIP_MAGIC, gunzip, inflate, open_zip
from oversight.errors import HostileInputError, InputError

_MOST_BYTES: Final = 1024 * 1024 * 1024
_MOST_ROWS: Final = 20_000_000
_GAPS: Final = ("", "?", "NA", "N/A", "NaN", "nan", "null", "NULL", "None")
_PARQUET_MAGIC: Final = b"PAR1"
_HEADER_END: Final = re.compile(rb"^[ \t]*@data\b[^\n]*\n", re.IGNORECASE | re.MULTILINE)
_ATTRIBUTE: Final = re.compile(r"""^@attribute\s+(?:'([^']*)'|"([^"]*)"|(\S+))\s+(.+?)\s*$""", re.IGNORECASE)
_NUMERIC: Final = frozenset({"numeric", "real", "integer"})


def read_panel(path: Path) -> pl.DataFrame:
    """A table of company-years; what kind of file it is stands in its first bytes and its name.

    Raises:
        InputError: if there is no such file, it is damaged, or it is no table; names it.
        HostileInputError: if it is larger, or unpacks to more, than a panel can be.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise HostileInputError(
                "the file is larger than a panel can be", where=str(path), next_step="Give a smaller one."
            )
        content = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"the panel cannot be opened: {error.strerror}", where=str(path), next_step="Check the path and its rights."
        ) from error
    name = path.name.lower()
    if content.startswith(GZIP_MAGIC):
        content, name = gunzip(content, str(path)), name.removesuffix(".gz")
    elif content.startswith(ZIP_MAGIC):
        content, name = _only_member(content, str(path))
    try:
        frame = _table(content, name)
    except (pl.exceptions.PolarsError, UnicodeDecodeError, ValueError, OSError) as error:
        first = str(error).strip().splitlines()[0][:200] if str(error).strip() else repr(error)
        raise InputError(
            f"the panel cannot be read as a table: {first}",
            where=str(path),
            next_step="Give CSV with one header row, Parquet, or ARFF; each may be packed with gzip or alone in a zip.",
        ) from error
    if len(frame) > _MOST_ROWS:
        raise HostileInputError(f"the panel has {len(frame):,} rows", where=str(path), next_step="Give a part of it.")
    return frame


def _only_member(content: bytes, name: str) -> tuple[bytes, str]:
    """The one file in a zip, and its name; marks that a Mac leaves beside it are passed over."""
    with open_zip(content, name) as archive:
        members = [member for member in archive.namelist() if not member.startswith("__MACOSX/")]
        if len(members) != 1:
            raise InputError(
                f"the zip holds {len(members)} files", where=name, next_step="Give a zip of one table, or the table."
            )
        return inflate(content, archive, members[0], name), members[0].lower()


def _table(content: bytes, name: str) -> pl.DataFrame:
    if content.startswith(_PARQUET_MAGIC):
        return pl.read_parquet(io.BytesIO(content), use_pyarrow=False)
    if name.endswith(".arff") or content.lstrip()[:9].lower() == b"@relation":
        return _arff(content)
    return pl.read_csv(io.BytesIO(content), infer_schema_length=None, null_values=list(_GAPS))


def _arff(content: bytes) -> pl.DataFrame:
    """The data of an ARFF file: attributes named and typed in its head, then rows of CSV with `?` for gaps."""
    end = _HEADER_END.search(content)
    if end is None:
        raise ValueError("an ARFF file has a line @data between its attributes and its rows")
    names, kinds = _attributes(content[: end.start()].decode("utf-8"))
    rows = b"\n".join(
        line for line in content[end.end() :].splitlines() if line.strip() and not line.lstrip().startswith(b"%")
    )
    if rows.lstrip().startswith(b"{"):
        raise ValueError("sparse ARFF is not read")
    if not rows:
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    text = pl.read_csv(
        io.BytesIO(rows),
        has_header=False,
        new_columns=names,
        infer_schema=False,
        quote_char="'",
        null_values=["?"],
    )
    if text.width != len(names):
        raise ValueError(f"the head names {len(names)} attributes, the rows have {text.width}")
    return text.with_columns(
        pl.col(name).str.strip_chars().cast(pl.Float64) if kind in _NUMERIC else pl.col(name).str.strip_chars()
        for name, kind in zip(names, kinds, strict=True)
    )


def _attributes(head: str) -> tuple[list[str], list[str]]:
    names, kinds = [], []
    for line in head.splitlines():
        text = line.strip()
        if not text.lower().startswith("@attribute"):
            continue
        found = _ATTRIBUTE.match(text)
        if found is None:
            raise ValueError(f"not an attribute: {text[:80]}")
        names.append(next(part for part in found.groups()[:3] if part is not None))
        kinds.append(found[4].lower())
    if not names or len(set(names)) != len(names):
        raise ValueError("the head names no attribute, or one twice")
    return names, kinds
