"""What the example market is made of. Frozen: a market is a pure function of seed, last day and scale."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

Figures = Mapping[str, int]
"""Amounts of one company or group and one period, in whole pounds, by internal name (see `books`)."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A real English local authority, as Ofsted prints it."""

    name: str
    region: str
    ofsted_region: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """A full inspection of a setting and its three judgements."""

    on: date
    published_on: date
    event_number: str
    overall: str
    helped: str
    leaders: str


@dataclass(frozen=True, slots=True)
class Home:
    """A registered setting: a children's home, a fostering agency or supported accommodation.

    `places` is None for an agency; `premises` counts supported accommodation. `typing` chooses which of
    the owner's texts Ofsted's clerk typed for this setting.
    """

    urn: str
    kind: str
    sector: str
    owner: str
    places: int | None
    premises: int | None
    authority: Authority
    registered_on: date
    left_on: date | None
    left_status: str
    short_breaks: bool
    suspended_from: date | None
    inspections: tuple[Inspection, ...]
    typing: int

    def open_on(self, day: date) -> bool:
        """Whether the setting is on the register at the end of a day."""
        return self.registered_on <= day and (self.left_on is None or self.left_on > day)


@dataclass(frozen=True, slots=True)
class Owner:
    """A registered provider: what Ofsted names as the organisation which owns settings."""

    key: str
    group: str
    kind: str
    name: str
    company_number: str | None
    sector: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Address:
    """An invented address. ZZ99 is no postcode area."""

    premises: str
    line_1: str
    locality: str
    postcode: str
    country: str = "England"


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person: a number, and a month and year of birth."""

    number: int
    birth_month: int
    birth_year: int

    @property
    def name(self) -> str:
        """Full name, plainly invented."""
        return f"Example Person {self.number}"


@dataclass(frozen=True, slots=True)
class Control:
    """A person with significant control, or a statement that there is none.

    `kind` is individual, corporate or statement; shares in percent.
    """

    kind: str
    name: str
    share_min: int
    share_max: int
    notified_on: date
    ceased_on: date | None = None
    person: Person | None = None
    registered_number: str | None = None
    place_registered: str = ""
    country_registered: str = ""
    legal_form: str = ""
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class Officer:
    """One appointment."""

    person: Person
    role: str
    appointed_on: date
    resigned_on: date | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """A registered charge, with the transactions that created and satisfied it."""

    charge_id: str
    code: str
    number: int
    created_on: date
    delivered_on: date
    satisfied_on: date | None
    satisfaction_delivered_on: date | None
    holder: str
    description: str
    fixed: bool
    floating: bool
    floating_covers_all: bool
    negative_pledge: bool
    created_by: str
    satisfied_by: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """An insolvency case: its type and its dated events."""

    number: str
    kind: str
    dates: tuple[tuple[str, date], ...]
    practitioner: str
    appointed_on: date


@dataclass(frozen=True, slots=True)
class Accounts:
    """One set of accounts as filed.

    `form` is group, full, small, micro or dormant; `medium` is ixbrl, xbrl or scan. `group` figures
    stand beside the company's own where the form is group. Comparatives are last year's figures,
    or the corrected ones where `restated`.
    """

    transaction_id: str
    document_id: str
    company_number: str
    period_start: date
    period_end: date
    comparative_start: date
    comparative_end: date
    filed_on: date
    due_on: date
    form: str
    account_type: str
    medium: str
    flavour: int
    thousands: bool
    audited: bool
    auditor: str
    going_concern: str
    restated: bool
    parent_name: str
    top_name: str
    company: Figures
    company_before: Figures
    group: Figures | None = None
    group_before: Figures | None = None


@dataclass(frozen=True, slots=True)
class Filing:
    """One transaction in a filing history. `values` are the register's description values."""

    transaction_id: str
    company_number: str
    on: date
    category: str
    form: str
    description: str
    values: tuple[tuple[str, str], ...] = ()
    subcategory: str | None = None
    action_on: date | None = None
    pages: int | None = None
    paper: bool = False
    document_id: str | None = None
    resolution: str | None = None


@dataclass(frozen=True, slots=True)
class Deadlines:
    """What the profile says of the next accounts and the next confirmation statement."""

    next_start: date
    next_end: date
    next_due: date
    confirmation_last: date
    confirmation_next: date


@dataclass(frozen=True, slots=True)
class FormerName:
    """A name a company had, from one day until another."""

    name: str
    effective_from: date
    ceased_on: date


@dataclass(frozen=True, slots=True)
class Company:
    """A company or partnership on the example register."""

    number: str
    name: str
    kind: str
    role: str
    group: str | None
    status: str
    incorporated_on: date
    dissolved_on: date | None
    former_names: tuple[FormerName, ...]
    sic: tuple[str, ...]
    address: Address
    reference_day: int
    reference_month: int
    deadlines: Deadlines | None
    controls: tuple[Control, ...]
    officers: tuple[Officer, ...]
    charges: tuple[Charge, ...]
    cases: tuple[Case, ...]
    filings: tuple[Filing, ...]
    accounts: tuple[Accounts, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Companies under one control, as they truly are.

    `top_kind` is company, overseas, individual, joint, council or charity.
    """

    key: str
    name: str
    top_kind: str
    top: str
    uk_parent: str | None
    companies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Publication:
    """One yearly Ofsted publication. `layout` is the year whose real layout it copies."""

    year: int
    layout: int
    as_at: date
    published_on: date


@dataclass(frozen=True, slots=True)
class Event:
    """Something that truly happened, and the day it became public."""

    company_number: str
    kind: str
    on: date
    detail: str


@dataclass(frozen=True, slots=True)
class Market:
    """The whole example market on its last day."""

    seed: int
    until: date
    scale: int
    groups: tuple[Group, ...]
    owners: tuple[Owner, ...]
    homes: tuple[Home, ...]
    companies: tuple[Company, ...]
    publications: tuple[Publication, ...]
    events: tuple[Event, ...]
