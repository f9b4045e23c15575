"""Charges: who lends to a group, and what is created and satisfied."""

from dataclasses import replace
from datetime import date
from random import Random

from oversight.example.cast.blueprints import Blueprint
from oversight.example.cast.dates import add_days, add_months
from oversight.example.cast.drafts import Draft, Numbers
from oversight.example.cast.structure import Structure
from oversight.example.cast.timeline import Timeline
from oversight.example.shapes import Charge, Event, Filing

_BANK = "Example Bank Plc"
_OTHER_BANK = "Example Mutual Bank Plc"
_CREDIT_FUND = "Example Opportunities Lending S.A R.L."
_LANDLORD = "Example Care Property Investments Limited"
_ALL_ASSETS = (
    "Fixed and floating charge over the undertaking and all property and assets present and future, "
    "including goodwill, book debts, uncalled capital, buildings, fixtures, fixed plant and machinery."
)
_ONE_HOUSE = "All that freehold property known as {number} Specimen Street, Exampleton ZZ99 1ZZ (invented)."


def charge(
    draft: Draft, created: date, holder: str, numbers: Numbers, until: date, *, house: int | None = None
) -> list[Event]:
    """Register a charge: an all-assets debenture, or a mortgage of one house. A late one is not yet known."""
    delivered = add_days(created, 9)
    if delivered > until:
        return []
    number = len(draft.charges) + 1
    code = f"{draft.number:0>8}{number:04d}"
    transaction = numbers.transaction()
    draft.charges.append(
        Charge(
            charge_id=numbers.token("charge", draft.number, number)[:27], code=code, number=number, created_on=created,
            delivered_on=delivered, satisfied_on=None, satisfaction_delivered_on=None, holder=holder,
            description=_ALL_ASSETS if house is None else _ONE_HOUSE.format(number=house), fixed=True,
            floating=house is None, floating_covers_all=house is None, negative_pledge=True, created_by=transaction,
            satisfied_by=None,
        )
    )  # fmt: skip
    draft.filings.append(
        Filing(
            transaction, draft.number, delivered, "mortgage", "MR01",
            "mortgage-create-with-deed-with-charge-number-charge-creation-date",
            (("charge_number", code), ("charge_creation_date", created.isoformat())), subcategory="create",
            action_on=created, pages=41, document_id=numbers.token("document", transaction),
        )
    )  # fmt: skip
    return [
        Event(draft.number, "charge_created", delivered, f"{code} in favour of {holder}, created {created:%d %B %Y}")
    ]


def satisfy(draft: Draft, number: int, on: date, numbers: Numbers) -> list[Event]:
    """Register that a charge is satisfied in full."""
    index = next(place for place, each in enumerate(draft.charges) if each.number == number)
    old = draft.charges[index]
    transaction, delivered = numbers.transaction(), add_days(on, 4)
    draft.charges[index] = replace(old, satisfied_on=on, satisfaction_delivered_on=delivered, satisfied_by=transaction)
    draft.filings.append(
        Filing(
            transaction, draft.number, delivered, "mortgage", "MR04", "mortgage-satisfy-charge-full",
            (("charge_number", old.code),), subcategory="satisfy", pages=4,
            document_id=numbers.token("document", transaction),
        )
    )  # fmt: skip
    return [Event(draft.number, "charge_satisfied", delivered, f"{old.code}, satisfied {on:%d %B %Y}")]


def lend(blueprint: Blueprint, structure: Structure, when: Timeline, numbers: Numbers, rng: Random) -> list[Event]:
    """The charges of a group's story."""
    stories = blueprint.stories
    if not blueprint.leverage:
        return []
    events: list[Event] = []
    secured = [*([structure.parent] if structure.parent else []), *structure.middle, *structure.operating[:2]]
    first = add_days(when.start, rng.randrange(-300, 200))
    for draft in secured:
        events += charge(draft, first, _BANK, numbers, when.until)
    if "refinanced" in stories:
        on = add_months(when.until, -26)
        for draft in secured:
            events += charge(draft, on, _OTHER_BANK, numbers, when.until)
            events += satisfy(draft, 1, add_days(on, 2), numbers)
    if "administration" in stories:
        on = add_months(when.administration, -11)
        for draft in secured:
            events += charge(draft, on, _CREDIT_FUND, numbers, when.until)
            events += satisfy(draft, 1, add_days(on, 3), numbers)
    if "charge_cluster" in stories:
        on = add_months(when.until, -14)
        for place, draft in enumerate(structure.operating):
            events += charge(draft, add_days(on, 3 * place), _LANDLORD, numbers, when.until, house=place + 1)
    if blueprint.code == "minority":
        events += charge(structure.operating[0], add_months(when.until, -40), _OTHER_BANK, numbers, when.until, house=7)
    return events
