"""Candidates for an owner's name out of a long list of companies, without comparing it with each.

Every name is cut into keys (its words, pairs of neighbouring words, the name without spaces, and the start
of it); keys are kept as 64-bit hashes with the rows that have them. A lookup gathers the rows of the
owner's rarest keys and lets `rapidfuzz` choose among them. For a whole register the owners are given with
the companies: then only the keys they have are kept.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Final

import polars as pl
from rapidfuzz import fuzz, process

from oversight.errors import InputError
from oversight.identity.match import Candidate
from oversight.identity.names import Name, compact_form, parse_name

_DROPPED: Final = r"[\p{M}'`\u2018\u2019\u00b4]"
_START: Final = 5
_ROWS_AT_ONCE: Final = 250_000
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
        owners: index only what lookups of these owners need, which makes the index of a whole register small.

    Raises:
        InputError: if one of the two columns is missing.
    """

    def __init__(self, companies: pl.DataFrame, owners: Iterable[str] | None = None) -> None:
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
        wanted = None if owners is None else _wanted(owners)
        rows = self._names.select("plain").with_row_index("row")
        parts = [_postings(part, wanted) for part in rows.iter_slices(_ROWS_AT_ONCE)]
        postings = pl.concat(parts).unique().sort("key", "row") if parts else _postings(rows)
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
        for core in _cores(name):
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
        keys = _postings(pl.DataFrame({"row": [0], "plain": [core]}))["key"].unique()
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


def _postings(names: pl.DataFrame, wanted: pl.Series | None = None) -> pl.DataFrame:
    """The keys of plain names as hashes, with their rows: words, neighbouring words, the whole, its start.

    Args:
        names: columns `row` and `plain`.
        wanted: keep only these keys; None keeps all.
    """
    words = names.select("row", key=pl.col("plain").str.split(" ")).explode("key", empty_as_null=True)
    followed = pl.col("row") == pl.col("row").shift(-1)
    pairs = words.with_columns(key=pl.when(followed).then(pl.col("key") + "+" + pl.col("key").shift(-1)))
    compact = pl.col("plain").str.replace_all(" ", "", literal=True)
    wholes = names.select("row", key="=" + compact)
    starts = names.select("row", key="^" + compact.str.head(_START))
    hashed = (each.drop_nulls().with_columns(pl.col("key").hash(0)) for each in (words, pairs, wholes, starts))
    if wanted is None:
        return pl.concat(hashed)
    return pl.concat(each.filter(pl.col("key").is_in(wanted.implode())) for each in hashed)


def _wanted(owners: Iterable[str]) -> pl.Series:
    """The keys that lookups of these owners use."""
    cores = {core for owner in owners for core in _cores(parse_name(owner))}
    plain = pl.Series("plain", sorted(cores), dtype=pl.String).to_frame().with_row_index("row")
    return _postings(plain)["key"].unique()


def _cores(name: Name) -> list[str]:
    """What to look for: the name and the trading name, without legal forms."""
    return [core for core in (name.core, parse_name(name.trading_as).core) if core]
