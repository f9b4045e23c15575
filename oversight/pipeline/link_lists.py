"""Linking any list of owners to any list of companies, from files to a file; nothing is recorded."""

import zipfile
from pathlib import Path
from typing import Final

import polars as pl

from oversight.errors import InputError, StoreError
from oversight.identity.table import link_table

_OWNER: Final = "owner"
_BASIC: Final = {
    "CompanyNumber": "company_number",
    "CompanyName": "company_name",
    "CompanyStatus": "status",
    "IncorporationDate": "incorporated_on",
}
_PREVIOUS: Final = ".CompanyName"
_STATUSES: Final = {"Active": "active", "Dissolved": "dissolved"}


def link_lists(owners: Path, companies: Path, out: Path) -> pl.DataFrame:
    """Decide about every owner of a list and write the table.

    Args:
        owners: CSV with a column `owner`, and optionally `sector`.
        companies: CSV with columns `company_number` and `company_name`, or BasicCompanyData as published
            (CSV, or the zip that holds it).
        out: CSV to write, in the columns of `oversight.identity.table`.

    Raises:
        InputError: naming the file, for one that cannot be read or lacks a column.
        StoreError: if the table cannot be written.
    """
    asked = _read(owners)
    if _OWNER not in asked.columns:
        raise InputError(
            "the list of owners has no column owner",
            where=f"{owners}: columns {', '.join(asked.columns)}",
            next_step="Name the column of owners' names `owner`.",
        )
    wanted = asked.drop_nulls(_OWNER)
    sectors = wanted["sector"].to_list() if "sector" in wanted.columns else None
    table = link_table(wanted[_OWNER].to_list(), company_list(companies), sectors=sectors)
    try:
        table.write_csv(out)
    except OSError as error:
        raise StoreError(
            f"the table cannot be written: {error.strerror or error}", where=str(out), next_step="Give another --out."
        ) from error
    return table


def company_list(path: Path) -> pl.DataFrame:
    """Companies of a list: columns company_number, company_name and, from BasicCompanyData, former names.

    Raises:
        InputError: naming the file, for one that cannot be read or lacks a column.
    """
    frame = _read(path)
    if "CompanyNumber" not in frame.columns:
        if missing := {"company_number", "company_name"} - set(frame.columns):
            raise InputError(
                f"the list of companies has no column {', '.join(sorted(missing))}",
                where=f"{path}: columns {', '.join(frame.columns)}",
                next_step="Give company_number and company_name, or BasicCompanyData as published.",
            )
        return frame.with_columns(pl.col("company_number").str.zfill(8))
    former = [name for name in frame.columns if name.endswith(_PREVIOUS)]
    return frame.select(
        *(pl.col(name).alias(ours) for name, ours in _BASIC.items() if name in frame.columns),
        pl.concat_str([pl.col(name) for name in former], separator=" | ", ignore_nulls=True).alias("previous_names")
        if former
        else pl.lit(None, dtype=pl.String).alias("previous_names"),
    ).with_columns(
        pl.col("company_number").str.zfill(8),
        pl.col("status").replace(_STATUSES),
        pl.col("incorporated_on").str.to_date("%d/%m/%Y", strict=False),
        pl.col("previous_names").replace("", None),
    )


def _is_csv(member: str) -> bool:
    """Whether a member of a zip is the list, and not what macOS puts beside it."""
    return member.lower().endswith(".csv") and not member.rpartition("/")[2].startswith("._")


def _read(path: Path) -> pl.DataFrame:
    """A CSV, or the only CSV of a zip, as text; headings without the stray spaces that the register prints."""
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                names = [name for name in archive.namelist() if _is_csv(name)]
                if len(names) != 1:
                    raise InputError(f"{len(names)} CSV files inside", where=str(path), next_step="Give one CSV.")
                with archive.open(names[0]) as member:
                    frame = pl.read_csv(member, infer_schema=False, encoding="utf8-lossy", null_values=[""])
        else:
            frame = pl.read_csv(path, infer_schema=False, encoding="utf8-lossy", null_values=[""])
    except (OSError, zipfile.BadZipFile, pl.exceptions.PolarsError) as error:
        raise InputError(f"cannot be read: {error}", where=str(path), next_step="Give a CSV in UTF-8.") from error
    return frame.rename({name: name.strip() for name in frame.columns})
