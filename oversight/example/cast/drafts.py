"""Companies while they are being made up: mutable drafts, the counters that number everything, and the freezing."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from random import Random

from oversight.example.shapes import (
    Accounts,
    Address,
    Case,
    Charge,
    Company,
    Control,
    Deadlines,
    Filing,
    FormerName,
    Officer,
    Person,
)

CARE_HOMES_SIC = "87900"
HOLDING_SIC = "64209"
DORMANT_SIC = "99999"
_STREETS = ("Placeholder Road", "Specimen Street", "Sample Lane", "Invented Way", "Nowhere Row")
_TOWNS = ("Exampleton", "Sampleford", "Inventon-on-Sea")


@dataclass(slots=True)
class Numbers:
    """Counters shared by the whole market, so that no number is given twice."""

    seed: int
    companies: Iterator[int] = field(default_factory=lambda: count(99_000_001))
    partnerships: Iterator[int] = field(default_factory=lambda: count(990_001))
    overseas: Iterator[int] = field(default_factory=lambda: count(990_001))
    urns: Iterator[int] = field(default_factory=lambda: count(9_900_001))
    events: Iterator[int] = field(default_factory=lambda: count(10_900_001))
    transactions: Iterator[int] = field(default_factory=lambda: count(9_900_000_001))
    persons: Iterator[int] = field(default_factory=lambda: count(1))
    cases: Iterator[int] = field(default_factory=lambda: count(1))

    def company(self) -> str:
        """A company number no real company has."""
        return str(next(self.companies))

    def partnership(self) -> str:
        """A number of a limited liability partnership that none has."""
        return f"OC{next(self.partnerships)}"

    def transaction(self) -> str:
        """A transaction id of the register's form."""
        return base64.urlsafe_b64encode(f"{next(self.transactions)}adiqzkcx".encode()).decode().rstrip("=")

    def token(self, *parts: object) -> str:
        """A document or charge id of the register's form, from what it stands for."""
        text = "/".join(str(part) for part in (self.seed, *parts))
        return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")

    def person(self, rng: Random) -> Person:
        """Somebody new."""
        return Person(next(self.persons), rng.randrange(1, 13), rng.randrange(1950, 1990))


def address(rng: Random) -> Address:
    """An address that is nowhere."""
    return Address(str(rng.randrange(1, 99)), rng.choice(_STREETS), rng.choice(_TOWNS), f"ZZ99 {rng.randrange(10)}ZZ")


@dataclass(slots=True)
class Draft:
    """A company in the making; see `shapes.Company` for the fields."""

    number: str
    name: str
    role: str
    group: str | None
    incorporated_on: date
    address: Address
    kind: str = "ltd"
    status: str = "active"
    dissolved_on: date | None = None
    former_names: list[FormerName] = field(default_factory=list)
    sic: tuple[str, ...] = (CARE_HOMES_SIC,)
    reference: date = date(2000, 3, 31)
    next_start: date | None = None
    next_end: date | None = None
    next_due: date | None = None
    controls: list[Control] = field(default_factory=list)
    officers: list[Officer] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    filings: list[Filing] = field(default_factory=list)
    accounts: list[Accounts] = field(default_factory=list)
    silent_from: date | None = None

    def freeze(self, confirmation_last: date, confirmation_next: date) -> Company:
        """The finished company, filings newest first as the register lists them."""
        deadlines = None
        if self.dissolved_on is None and self.next_start and self.next_end and self.next_due:
            deadlines = Deadlines(self.next_start, self.next_end, self.next_due, confirmation_last, confirmation_next)
        return Company(
            number=self.number,
            name=self.name,
            kind=self.kind,
            role=self.role,
            group=self.group,
            status=self.status,
            incorporated_on=self.incorporated_on,
            dissolved_on=self.dissolved_on,
            former_names=tuple(self.former_names),
            sic=self.sic,
            address=self.address,
            reference_day=self.reference.day,
            reference_month=self.reference.month,
            deadlines=deadlines,
            controls=tuple(self.controls),
            officers=tuple(self.officers),
            charges=tuple(sorted(self.charges, key=lambda charge: -charge.number)),
            cases=tuple(self.cases),
            filings=tuple(sorted(self.filings, key=lambda filing: (filing.on, filing.transaction_id), reverse=True)),
            accounts=tuple(sorted(self.accounts, key=lambda each: each.period_end)),
        )
