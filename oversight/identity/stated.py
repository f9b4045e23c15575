"""Parents that a company's own accounts state, as owners of weaker standing than those on the register.

Accounts must name the parent that draws up group accounts (FRS 102, section 33.5 asks for the parent and the ultimate
controlling party). They say so as at the balance sheet's day, without a share, and in words: a name is taken for a
company only if its number is printed, or exactly one company known here has that name.
"""

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

import polars as pl

from oversight.identity.control import ACCOUNTS, Holder, plain_number
from oversight.identity.keys import corporate_key
from oversight.identity.names import normal_form

IMMEDIATE: Final = "immediate_parent"
ULTIMATE: Final = "ultimate_parent"
CONTROLLING: Final = "controlling_party"
KINDS: Final = (IMMEDIATE, ULTIMATE, CONTROLLING)
"""Kinds of `statement` rows that name a parent, the nearest to the company first."""

_NUMBER: Final = re.compile(
    r"(?:company|registered|registration|reg)\W{0,3}(?:(?:company|registration)\W{0,3})?(?:number|no|num)\W{0,3}(?:is\W+)?"
    r"(?P<number>[A-Z]{2}\s?\d{6}|\d{7,8})\b",
    re.IGNORECASE,
)
_COUNTRY: Final = re.compile(
    r"(?:incorporated|registered|established|domiciled|resident|organised)\s+(?:in|under the laws of)\s+"
    r"(?P<country>(?:the\s+)?[A-Z][A-Za-z]+(?:\s+(?:and\s+)?[A-Z][A-Za-z]+){0,3})"
)
_REACH: Final = 120


def stated_holders(
    statement: pl.DataFrame, known: Mapping[str, Sequence[str]], *, on: date, longest_months: int
) -> dict[str, list[Holder]]:
    """The parents that the newest accounts of each company state, nearest first.

    Args:
        statement: the read table `statement`.
        known: numbers of the companies that have or had a name, by its normal form.
        on: the day: accounts of a later balance sheet say nothing about it.
        longest_months: accounts older than this say nothing about it either.

    Returns:
        By company number; a company whose newest accounts name no parent is left out.
    """
    said = statement.filter(
        pl.col("kind").is_in(KINDS),
        pl.col("company_number").is_not_null(),
        pl.col("period_end") <= on,
        pl.lit(on) <= pl.col("period_end").dt.offset_by(f"{longest_months}mo"),
    )
    newest = said.filter(pl.col("period_end") == pl.col("period_end").max().over("company_number"))
    order = pl.col("kind").replace_strict({kind: at for at, kind in enumerate(KINDS)}, return_dtype=pl.Int64)
    found: dict[str, list[Holder]] = {}
    for row in newest.sort("company_number", order, "document_id").iter_rows(named=True):
        company = plain_number(row["company_number"])
        holder = _holder(row, known)
        if holder.key != company and all(holder.key != other.key for other in found.get(company, ())):
            found.setdefault(company, []).append(holder)
    return found


def stated_edges(said: Mapping[str, Sequence[Holder]], silent: Callable[[str], bool]) -> dict[str, list[Holder]]:
    """Each step that the statements make: a company to the nearest parent it names, that one to the next.

    A company names its immediate parent and the one at the top, so that a parent whose own register and accounts are
    not held still has its place. What a company says of itself counts before what others say of it.

    Args:
        said: parents by company number, nearest first.
        silent: whether the register lets accounts speak for a company.
    """
    edges = {company: [parents[0]] for company, parents in sorted(said.items()) if silent(company)}
    for _, parents in sorted(said.items()):
        for lower, upper in itertools.pairwise(parents):
            if lower.key not in edges and silent(lower.key):
                edges[lower.key] = [upper]
    return edges


def numbers_stated(statement: pl.DataFrame) -> list[str]:
    """Company numbers printed behind the names of parents that accounts state, sorted."""
    said = statement.filter(pl.col("kind").is_in(KINDS)).select("value", "quote").unique()
    found = {_stated_number(name, quote or "") for name, quote in said.iter_rows()}
    return sorted(number for number in found if number is not None)


def names_known(company: pl.DataFrame, ownership: pl.DataFrame) -> dict[str, list[str]]:
    """Numbers of companies by the normal form of every name they have or had, or are given as owners.

    Args:
        company: the read table `company`.
        ownership: the read table `ownership`.
    """
    found: dict[str, set[str]] = {}
    for number, name, earlier in company.select("company_number", "name", "previous_names").iter_rows():
        for each in (name, *(earlier or "").split(" | ")):
            if form := normal_form(each):
                found.setdefault(form, set()).add(plain_number(number))
    owners = ownership.drop_nulls(["owner_company_number", "owner_name"])
    for number, name in owners.select("owner_company_number", "owner_name").unique().iter_rows():
        found.setdefault(normal_form(name), set()).add(plain_number(number))
    return {form: sorted(numbers) for form, numbers in sorted(found.items())}


def _holder(row: Mapping[str, object], known: Mapping[str, Sequence[str]]) -> Holder:
    name, quote = str(row["value"]), str(row["quote"] or "")
    number = _stated_number(name, quote)
    numbers = [number] if number else known.get(normal_form(name), ())
    after = _after(name, quote)
    country = _COUNTRY.search(after)
    ended = row["period_end"]
    return Holder(
        key=numbers[0] if len(numbers) == 1 else corporate_key(name),
        number=numbers[0] if len(numbers) == 1 else None,
        kind="corporate",
        name=name,
        country=country["country"] if country else None,
        share_min=None,
        share_max=None,
        natures=f"stated-{str(row['kind']).replace('_', '-')}",
        document_id=str(row["document_id"]),
        locator=str(row["locator"]),
        since=ended if isinstance(ended, date) else None,
        source=ACCOUNTS,
        why=quote or None,
    )


def _after(name: str, quote: str) -> str:
    """What is printed just behind a name."""
    at = quote.casefold().find(name.casefold())
    return quote[at + len(name) : at + len(name) + _REACH] if at >= 0 else ""


def _stated_number(name: str, quote: str) -> str | None:
    """The company number printed just behind a name, in its 8-character form."""
    match = _NUMBER.search(_after(name, quote))
    return plain_number(match["number"].replace(" ", "").upper()) if match else None
