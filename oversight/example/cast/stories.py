"""What happens to companies: insolvency, strike-off, a new name, an auditor who leaves."""

from datetime import date
from random import Random

from oversight.example.cast.accounting import extend
from oversight.example.cast.blueprints import Blueprint
from oversight.example.cast.dates import add_days, add_months, due_date
from oversight.example.cast.drafts import Draft, Numbers
from oversight.example.cast.structure import Structure
from oversight.example.cast.timeline import Timeline
from oversight.example.shapes import Case, Event, Filing, FormerName


def silence(blueprint: Blueprint, structure: Structure, when: Timeline) -> None:
    """Say from when a company files no more accounts, before its accounts are drawn up."""
    if "administration" in blueprint.stories:
        for draft in structure.all:
            draft.silent_from = add_months(when.until, -7)
    if "liquidation" in blueprint.stories:
        structure.operating[0].silent_from = when.liquidation
    if "dissolved" in blueprint.stories:
        structure.operating[0].silent_from = add_months(when.dissolution, -9)


def happen(blueprint: Blueprint, structure: Structure, when: Timeline, numbers: Numbers, rng: Random) -> list[Event]:
    """Play the stories of one group; returns what truly happened."""
    events: list[Event] = []
    if "administration" in blueprint.stories:
        events += _administration(structure, when, numbers)
    if "liquidation" in blueprint.stories:
        events += _liquidation(structure.operating[0], when.liquidation, numbers)
    if "dissolved" in blueprint.stories:
        events += _strike_off(structure.operating[0], when.dissolution, numbers)
    if "renamed" in blueprint.stories:
        events += _rename(structure, add_months(when.until, -15), numbers)
    if "auditor_left" in blueprint.stories and structure.parent is not None:
        events += auditor_leaves(structure.parent, add_months(when.until, -rng.randrange(6, 30)), numbers)
    if "halved" in blueprint.stories and structure.parent is not None:
        on = add_days(when.halving, 75)
        events.append(Event(structure.parent.number, "homes_halved", on, "half of the group's homes closed; solvent"))
    return events


def _filing(
    draft: Draft, on: date, category: str, form: str, description: str, numbers: Numbers, **extra: object
) -> None:
    transaction = numbers.transaction()
    known = {"pages": 3, "document_id": numbers.token("document", transaction)} | extra
    draft.filings.append(Filing(transaction, draft.number, on, category, form, description, **known))  # type: ignore[arg-type]


def auditor_leaves(draft: Draft, on: date, numbers: Numbers) -> list[Event]:
    """The auditor resigns and says so on the public register."""
    _filing(draft, on, "auditors", "AUD", "auditors-resignation-company", numbers, pages=1)
    return [Event(draft.number, "auditor_resigned", on, "notice of the auditor's resignation")]


def _administration(structure: Structure, when: Timeline, numbers: Numbers) -> list[Event]:
    """Administrators take the holding companies; the operating companies go on trading."""
    events: list[Event] = []
    extended_on = add_months(when.until, -7)
    for draft in structure.all:
        if draft.next_end is None or draft.next_start is None:
            continue
        longer = add_months(draft.next_end, 6)
        events += extend(draft, draft.next_end, longer, extended_on, numbers, "previous")
        draft.next_end, draft.next_due = longer, due_date(longer)
        draft.reference = longer
    started = when.administration
    for draft in [each for each in (structure.parent, *structure.middle) if each is not None]:
        draft.status = "administration"
        draft.cases.append(
            Case(
                str(next(numbers.cases)), "in-administration", (("administration-started-on", started),),
                "Example Insolvency Practitioner 1", started,
            )
        )  # fmt: skip
        _filing(
            draft, add_days(started, 6), "insolvency", "AM01",
            "liquidation-in-administration-appointment-of-administrator", numbers, subcategory="administration",
        )  # fmt: skip
        _filing(
            draft, add_days(started, 52), "insolvency", "AM03", "liquidation-in-administration-proposals", numbers,
            subcategory="administration", pages=64,
        )  # fmt: skip
        events.append(Event(draft.number, "administration", started, "administrators appointed; subsidiaries trade on"))
    if structure.parent is not None:
        events += auditor_leaves(structure.parent, add_months(started, -4), numbers)
    return events


def _liquidation(draft: Draft, on: date, numbers: Numbers) -> list[Event]:
    draft.status = "liquidation"
    draft.cases.append(
        Case(
            str(next(numbers.cases)), "creditors-voluntary-liquidation", (("wound-up-on", on),),
            "Example Insolvency Practitioner 2", on,
        )
    )  # fmt: skip
    _filing(
        draft, add_days(on, 11), "resolution", "RESOLUTIONS", "resolution", numbers, pages=1,
        values=(("description", "Resolutions"),),
        resolution="liquidation-voluntary-extraordinary-resolution-to-wind-up",
    )  # fmt: skip
    _filing(
        draft, add_days(on, 11), "insolvency", "600", "liquidation-voluntary-appointment-of-liquidator", numbers,
        subcategory="voluntary",
    )  # fmt: skip
    _filing(
        draft, add_days(on, 12), "insolvency", "LIQ02", "liquidation-voluntary-statement-of-affairs", numbers,
        subcategory="voluntary", pages=12,
    )  # fmt: skip
    return [Event(draft.number, "liquidation", on, "creditors' voluntary liquidation")]


def _strike_off(draft: Draft, on: date, numbers: Numbers) -> list[Event]:
    draft.status, draft.dissolved_on = "dissolved", on
    _filing(draft, add_days(on, -98), "dissolution", "DS01", "dissolution-application-strike-off-company", numbers)
    _filing(draft, add_days(on, -84), "gazette", "GAZ1(A)", "gazette-notice-voluntary", numbers, pages=1)
    _filing(draft, on, "gazette", "GAZ2(A)", "gazette-dissolved-voluntary", numbers, pages=1)
    return [Event(draft.number, "dissolved", on, "struck off at its own request")]


def _rename(structure: Structure, on: date, numbers: Numbers) -> list[Event]:
    """The first operating company takes a new name; Ofsted's clerk goes on typing the old one."""
    draft = structure.operating[0]
    old, draft.name = draft.name, f"EXAMPLE {structure.brand} NEW HORIZONS LIMITED"
    draft.former_names.append(FormerName(old, draft.incorporated_on, on))
    _filing(
        draft, on, "change-of-name", "CERTNM", "certificate-change-of-name-company", numbers, subcategory="certificate",
        values=(("description", f"Company name changed {old.lower()}\\certificate issued on {on:%d/%m/%y}"),),
    )  # fmt: skip
    return [Event(draft.number, "name_changed", on, f"{old} became {draft.name}")]
