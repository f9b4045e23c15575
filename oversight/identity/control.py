"""Who controls a company on a day: the rule that turns bands and natures of control into one controller, or none.

The register of people with significant control gives bands (over 25 to 50, over 50 to 75, 75 percent or
more) and natures. The rule, in order; the first step that finds somebody decides:

1. *Majority*: over half of the shares or votes. With several, the largest band; with several of the same
   largest band, all of them jointly (trustees, the partners of a firm).
2. *Appointment*: no majority, a right to appoint and remove a majority of the directors.
3. *Influence*: neither, but significant influence or control.
4. *Half each*: exactly two holders, each in a band that ends at half or more: jointly.

Two kinds of evidence stand beside the register. What an analyst decided (`decisions.py`) comes before step 1.
A parent that the company's own accounts state (`stated.py`) comes last, and only where the register is silent or
names that parent with a minority: a filed statement of ownership that contradicts the register is a finding, not
an edge.

Anything else is a minority, which alone is not control. An owner counts from the day it was notified to the
day before it ceased; a company dissolved by then owns nothing. Officers, secretaries and agents who form companies
control nothing by their office (Companies Act 2006, section 1162 and schedule 1A), so they make no edge.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Literal

import polars as pl

from oversight.errors import InputError
from oversight.model.ids import company_number

Basis = Literal["decided", "majority", "appointment", "influence", "half", "stated", "none"]
Source = Literal["register", "accounts", "decided"]

REGISTER: Final = "register"
ACCOUNTS: Final = "accounts"
DECIDED: Final = "decided"

HALF: Final = 50.0
_VOTES: Final = re.compile(r"voting-rights-(?:(\d+)-to-(\d+)|more-than-(\d+))-percent")
_APPOINTS: Final = re.compile(r"right-to-appoint-and-remove-(?:directors|members|person)")
_INFLUENCES: Final = re.compile(r"significant-influence-or-control")
_NOT_OWNERS: Final = ("statement",)
_NOBODY: Final = r"^no-individual-or-entity-with-sign"  # the register's own key is spelt "signficant"
_PEOPLE: Final = ("individual", "super-secure")


@dataclass(frozen=True, slots=True)
class Holder:
    """One owner of one company on one day, its notifications taken together.

    Attributes:
        key: company number, or the hash of a person's or foreign company's name.
        number: company number where it is registered at Companies House.
        kind: individual, corporate, legal-person or super-secure.
        name: None for people.
        country: country of its register.
        share_min: percent, lower end of its band of shares; None where not stated.
        share_max: percent, upper end.
        natures: natures of control, joined by commas.
        document_id: the newest notification's document; None for what a person decided.
        locator: its place there.
        since: day from which it is known to hold; None where no day is given.
        until: day on which it ceased; None while it holds.
        source: what says so: the register, the company's accounts, or a person.
        why: the sentence of the accounts, or the person's name and reason; None for the register.
    """

    key: str
    number: str | None
    kind: str
    name: str | None
    country: str | None
    share_min: float | None
    share_max: float | None
    natures: str
    document_id: str | None
    locator: str
    since: date | None = None
    until: date | None = None
    source: Source = REGISTER
    why: str | None = None

    @property
    def is_person(self) -> bool:
        """Whether it is a natural person, named or protected."""
        return self.kind in _PEOPLE

    @property
    def least(self) -> float:
        """The least percentage of shares or votes it holds, whichever is more; 0 where none is stated."""
        return max([self.share_min or 0.0, *(low for low, _ in self._votes())])

    @property
    def most(self) -> float:
        """The largest percentage of shares or votes it may hold; 0 where none is stated."""
        return max([self.share_max or 0.0, *(high for _, high in self._votes())])

    @property
    def appoints(self) -> bool:
        """Whether it may appoint and remove a majority of the board."""
        return bool(_APPOINTS.search(self.natures))

    @property
    def influences(self) -> bool:
        """Whether it has significant influence or control."""
        return bool(_INFLUENCES.search(self.natures))

    @property
    def votes(self) -> tuple[float, float] | None:
        """The band of votes it holds, in percent; None where none is stated."""
        return max(self._votes(), default=None)

    def _votes(self) -> list[tuple[float, float]]:
        return [(float(low or more), float(high or 100)) for low, high, more in _VOTES.findall(self.natures)]


@dataclass(frozen=True, slots=True)
class Control:
    """Who controls a company and by what; several holders control it jointly, none if `basis` is `none`."""

    basis: Basis
    holders: tuple[Holder, ...]


def control_of(holders: Iterable[Holder]) -> Control:
    """Apply the rule above to the holders of one company. Their order does not matter."""
    given = sorted(holders, key=lambda holder: holder.key)
    if decided := tuple(holder for holder in given if holder.source == DECIDED):
        return Control("decided", decided)
    ordered = [holder for holder in given if holder.source == REGISTER]
    found = _by_register(ordered)
    if found.basis != "none":
        return found
    stated = [holder for holder in given if holder.source == ACCOUNTS]
    registered = {holder.key for holder in ordered}
    if standing := tuple(holder for holder in stated if not registered or holder.key in registered):
        return Control("stated", standing)
    return found


def _by_register(ordered: Sequence[Holder]) -> Control:
    majority = [holder for holder in ordered if holder.least >= HALF]
    if majority:
        largest = max(holder.least for holder in majority)
        return Control("majority", tuple(holder for holder in majority if holder.least == largest))
    if appointing := tuple(holder for holder in ordered if holder.appoints):
        return Control("appointment", appointing)
    if influencing := tuple(holder for holder in ordered if holder.influences):
        return Control("influence", influencing)
    halves = tuple(holder for holder in ordered if holder.most >= HALF)
    if len(halves) == len(ordered) == 2:  # noqa: PLR2004 - two halves make a whole
        return Control("half", halves)
    return Control("none", ())


def holders_on(ownership: pl.DataFrame, on: date, gone: Mapping[str, date]) -> dict[str, list[Holder]]:
    """Owners of every company on a day, by company number.

    Args:
        ownership: the read table `ownership`.
        on: the day.
        gone: day of dissolution of companies that have one.
    """
    active = ownership.filter(
        ~pl.col("owner_kind").is_in(_NOT_OWNERS),
        pl.col("notified_on").is_null() | (pl.col("notified_on") <= on),
        pl.col("ceased_on").is_null() | (pl.col("ceased_on") > on),
    ).sort("company_number", "notified_on", "document_id", "locator", nulls_last=False)
    found: dict[str, dict[str, Holder]] = {}
    for row in active.iter_rows(named=True):
        holder = _holder(row)
        company = plain_number(row["company_number"])
        if holder.key == company or gone.get(holder.key, date.max) <= on:
            continue
        known = found.setdefault(company, {})
        known[holder.key] = _together(known[holder.key], holder) if holder.key in known else holder
    return {company: list(known.values()) for company, known in found.items()}


def past_holders(ownership: pl.DataFrame, on: date) -> dict[str, list[Holder]]:
    """Owners that had ceased by a day, one for each notification, by company number, the latest first."""
    past = ownership.filter(~pl.col("owner_kind").is_in(_NOT_OWNERS), pl.col("ceased_on") <= on).sort(
        "ceased_on", "company_number", "document_id", "locator", descending=[True, False, False, False]
    )
    found: dict[str, list[Holder]] = {}
    for row in past.iter_rows(named=True):
        found.setdefault(plain_number(row["company_number"]), []).append(_holder(row))
    return found


def said_to_have_none(ownership: pl.DataFrame, on: date) -> frozenset[str]:
    """Numbers of the companies whose statement on the register says that nobody has significant control."""
    standing = ownership.filter(
        pl.col("owner_kind") == "statement",
        pl.col("natures").fill_null("").str.contains(_NOBODY),
        pl.col("notified_on").is_null() | (pl.col("notified_on") <= on),
        pl.col("ceased_on").is_null() | (pl.col("ceased_on") > on),
    )
    return frozenset(plain_number(number) for number in standing["company_number"])


def plain_number(text: str) -> str:
    """A company number in its 8-character form; a text that cannot be one stays as it is."""
    try:
        return company_number(text)
    except InputError:
        return text


def _holder(row: Mapping[str, Any]) -> Holder:
    number = row["owner_company_number"]
    plain = None if number is None else plain_number(str(number))
    return Holder(
        key=plain or row["owner_key"],
        number=plain,
        kind=row["owner_kind"],
        name=row["owner_name"],
        country=row["owner_country"],
        share_min=row["share_min"],
        share_max=row["share_max"],
        natures=row["natures"] or "",
        document_id=row["document_id"],
        locator=row["locator"],
        since=row["notified_on"],
        until=row["ceased_on"],
    )


def _together(earlier: Holder, later: Holder) -> Holder:
    """Two notifications of one owner that stand at once: the larger band, all natures, the later document."""
    natures = sorted({*earlier.natures.split(","), *later.natures.split(",")} - {""})
    bands = [each for each in (earlier, later) if each.share_min is not None]
    largest = max(bands, key=lambda each: each.share_min or 0.0, default=later)
    return replace(
        later,
        name=later.name or earlier.name,
        country=later.country or earlier.country,
        share_min=largest.share_min,
        share_max=largest.share_max,
        natures=",".join(natures),
        since=min((each.since for each in (earlier, later) if each.since is not None), default=None),
    )


def only_direct(control: Control, above: Mapping[str, frozenset[str]]) -> tuple[Control, tuple[Holder, ...]]:
    """Take out of joint control the holders that hold through another of them.

    A company may name both its parent and the person behind the parent; the chain shows that person higher up.
    Where bands add up to more than the whole and one holder alone is a company, that one is the direct holder.

    Args:
        control: as found by the rule.
        above: for each company, the keys found above it in any chain.

    Returns:
        The control of the direct holders, and the holders left out.
    """
    if len(control.holders) < 2:  # noqa: PLR2004
        return control, ()
    keys = [holder.key for holder in control.holders]
    direct = [
        holder
        for holder in control.holders
        if not any(_is_higher(holder.key, than=key, above=above) for key in keys if key != holder.key)
    ]
    companies = [holder for holder in direct if not holder.is_person]
    if len(companies) == 1 and len(direct) > 1 and sum(holder.least for holder in direct) > 2 * HALF:
        direct = companies
    kept = tuple(direct) or control.holders
    return Control(control.basis, kept), tuple(holder for holder in control.holders if holder not in kept)


def _is_higher(key: str, *, than: str, above: Mapping[str, frozenset[str]]) -> bool:
    """Whether a key stands above another; of two in a circle neither does."""
    return key in above.get(than, frozenset()) and than not in above.get(key, frozenset())


def keys_above(controls: Mapping[str, Control], wanted: Iterable[str]) -> dict[str, frozenset[str]]:
    """For each company wanted the keys above it through any controlling holder; itself only if in a circle."""
    found: dict[str, frozenset[str]] = {}
    for company in wanted:
        seen: set[str] = set()
        waiting: list[str] = [company]
        while waiting:
            control = controls.get(waiting.pop())
            fresh: Sequence[str] = [] if control is None else [h.key for h in control.holders if h.key not in seen]
            seen.update(fresh)
            waiting.extend(fresh)
        found[company] = frozenset(seen)
    return found
