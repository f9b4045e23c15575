"""Candidates for an owner's name out of a long list of companies, without comparing it with each.

Every name is cut into keys (its words, pairs of neighbouring words, the name without spaces, and the start
of it); keys are kept as 64-bit hashes with the rows that have them. A lookup gathers the rows of the
owner's rarest keys and lets `rapidfuzz` choose among them. 100,000 names take about a second to index; the
cost in memory is some 16 bytes a key, six to eight keys a name.
"""

import math
from collections.abc import Sequence
from typing import Final

import polars as pl
from rapidfuzz import fuzz, process

from oversight.errors import InputError
from oversight.identity.match import Candidate
from oversight.identity.names import Name, compact_form, parse_name

_DROPPED: Final = r"[\p{M}'`\u2018\u2019\u00b4]"
_START: Final = 5
_MOST_ROWS_OF_A_KEY: Final = 5_000
_MOST_ROWS_COMPARED: Final = 2_000
_SEPARATOR: Final = " | "
_NUMBER: Final = "company_number"
_NAME: Final = "company_name"
_PREVIOUS: Final = "previous_names"


class NameIndex:
    """An index over company names.

    Args:
        companies: columns `company_number`, `company_name`; optional `previous_names` (joined by ` | `),
            `status`, `incorporated_on`. Rows without a number or a name are left out.

    Raises:
        InputError: if one of the two columns is missing.
    """

    def __init__(self, companies: pl.DataFrame) -> None:
        missing = [name for name in (_NUMBER, _NAME) if name not in companies.columns]
        if missing:
            raise InputError(
                f"the list of companies has no column {', '.join(missing)}",
                where=f"columns found: {', '.join(companies.columns)}",
                next_step="Give a table with the columns company_number and company_name.",
            )
        self._companies = (
            companies.drop_nulls([_NUMBER, _NAME])
            .filter(pl.col(_NAME).str.strip_chars() != "")
            .unique(_NUMBER, keep="first", maintain_order=True)
        )
        self._names = _all_names(self._companies)
        postings = self._names.select(row=pl.int_range(pl.len(), dtype=pl.UInt32), key=_keys("plain"))
        postings = postings.explode("key", empty_as_null=True).drop_nulls().unique().sort("key", "row")
        self._rows = postings["row"]
        starts = (
            postings.select("key")
            .with_row_index("start")
            .group_by("key", maintain_order=True)
            .agg(pl.col("start").first(), rows=pl.len())
        )
        self._keys, self._starts, self._counts = starts["key"], starts["start"], starts["rows"]

    def __len__(self) -> int:
        return self._companies.height

    def candidates(self, owner: str, limit: int = 20) -> list[Candidate]:
        """The companies whose current or previous name is most like an owner's, best first, at most `limit`."""
        name = parse_name(owner)
        found: dict[int, float] = {}
        for core in filter(None, (name.core, parse_name(name.trading_as).core)):
            for company, score in self._closest(core, limit):
                found[company] = max(score, found.get(company, 0.0))
        if name.stated_number is not None:
            for company in self._numbered(name):
                found[company] = math.inf
        best = sorted(found, key=lambda company: (-found[company], company))[:limit]
        return [self._candidate(company) for company in best]

    def _numbered(self, name: Name) -> Sequence[int]:
        matching = self._companies.with_row_index("at").filter(pl.col(_NUMBER) == name.stated_number)
        return matching["at"].to_list()

    def _closest(self, core: str, limit: int) -> list[tuple[int, float]]:
        """Company rows and likeness in percent for one name without its legal form."""
        rows = self._gathered(core)
        if rows.is_empty():
            return []
        near = self._names[rows]
        scored = process.extract(core, near["plain"].to_list(), scorer=fuzz.token_sort_ratio, limit=2 * limit)
        compact = compact_form(core)
        companies = near["company"]
        return [(companies[at], max(score, fuzz.ratio(compact, compact_form(text)))) for text, score, at in scored]

    def _gathered(self, core: str) -> pl.Series:
        """Rows that share the rarest keys with a name, those with most weight first."""
        keys = pl.DataFrame({"plain": [core]}).select(_keys("plain")).to_series()[0].unique()
        found = []
        for key in keys:
            at = self._keys.search_sorted(key)
            if at < len(self._keys) and self._keys[at] == key and self._counts[at] <= _MOST_ROWS_OF_A_KEY:
                weight = math.log1p(len(self._names) / self._counts[at])
                found.append(
                    pl.DataFrame({"row": self._rows.slice(self._starts[at], self._counts[at])}).with_columns(
                        weight=pl.lit(weight)
                    )
                )
        if not found:
            return pl.Series("row", [], dtype=pl.UInt32)
        together = pl.concat(found).group_by("row").agg(pl.col("weight").sum())
        return together.sort(["weight", "row"], descending=[True, False]).head(_MOST_ROWS_COMPARED)["row"]

    def _candidate(self, row: int) -> Candidate:
        company = self._companies.row(row, named=True)
        previous = company.get(_PREVIOUS) or ""
        return Candidate(
            company_number=company[_NUMBER],
            name=company[_NAME],
            previous_names=tuple(part for part in previous.split(_SEPARATOR) if part),
            status=company.get("status"),
            incorporated_on=company.get("incorporated_on"),
        )


def _all_names(companies: pl.DataFrame) -> pl.DataFrame:
    """One row for each current and previous name: `company` (row of the company) and `plain`."""
    current = companies.select(company=pl.int_range(pl.len(), dtype=pl.UInt32), name=pl.col(_NAME))
    frames = [current]
    if _PREVIOUS in companies.columns:
        earlier = companies.select(
            company=pl.int_range(pl.len(), dtype=pl.UInt32), name=pl.col(_PREVIOUS).str.split(_SEPARATOR)
        )
        frames.append(earlier.explode("name", empty_as_null=True).drop_nulls().filter(pl.col("name") != ""))
    return pl.concat(frames).select("company", plain=_plain("name"))


def _plain(column: str) -> pl.Expr:
    """Names in the spelling of keys: near the normal form, and fast over millions of rows."""
    return (
        pl.col(column)
        .str.head(300)
        .str.normalize("NFKD")
        .str.to_lowercase()
        .str.replace_all(_DROPPED, "")
        .str.replace_all(r"\b(\w)\.", "${1}")
        .str.replace_all("&", " and ", literal=True)
        .str.replace_all("+", " plus ", literal=True)
        .str.replace_all("@", " at ", literal=True)
        .str.replace_all(r"[^\p{L}\p{N}]+", " ")
        .str.strip_chars()
        .str.replace(r"^the ", "")
        .str.replace(
            r" (?:ltd|limited|llp|plc|cic|community interest company|cio|lp|public limited company"
            r"|limited liability partnership|cyf|cyfyngedig)(?: the)?$",
            "",
        )
    )


def _keys(column: str) -> pl.Expr:
    """The keys of plain names as a list of 64-bit hashes: words, neighbouring pairs, the whole, its start."""
    words = pl.col(column).str.split(" ")
    compact = pl.col(column).str.replace_all(" ", "", literal=True)
    pairs = pl.concat_list(
        [
            words.list.head(12).list.get(at, null_on_oob=True) + "+" + words.list.get(at + 1, null_on_oob=True)
            for at in range(4)
        ]
    )
    texts = pl.concat_list([words, pairs, "=" + compact, "^" + compact.str.head(_START)])
    return texts.list.eval(pl.element().drop_nulls().hash(0))
