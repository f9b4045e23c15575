"""Which accounts a group files, in what form, and when: periods, deadlines, lateness, restatement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from random import Random

from oversight.example.cast import books
from oversight.example.cast.blueprints import Blueprint
from oversight.example.cast.dates import add_days, add_months, due_date, period_ends
from oversight.example.cast.drafts import Draft, Numbers
from oversight.example.cast.holding import GroupBooks, History, group, stand_alone
from oversight.example.cast.structure import Structure
from oversight.example.cast.timeline import Timeline
from oversight.example.cast.trading import Period
from oversight.example.shapes import Accounts, Event, Filing, Home

PERIODS = 10
"""Nine periods that may be filed, and one before them for the first comparatives."""

FLAVOURS = 5
OLD_FLAVOUR = 3
_FULL_FROM = 5_000_000
_EXTENDED_PERIOD = 5
_RESTATED_PERIOD = 7
_SCANNED_PERIOD = 6
_DOUBTED_PERIOD = 5
_LATE_PERIOD = 6
_LAST = PERIODS - 1
_MONTHS = (3, 3, 8, 12, 9, 6)

ACCOUNT_TYPES = {
    "group": ("group", "accounts-with-accounts-type-group"),
    "full": ("full", "accounts-with-accounts-type-full"),
    "micro": ("micro-entity", "accounts-with-accounts-type-micro-entity"),
    "dormant": ("dormant", "accounts-with-accounts-type-dormant"),
    "small": ("total-exemption-full", "accounts-with-accounts-type-total-exemption-full"),
    "subsidiary": ("audit-exemption-subsidiary", "accounts-with-accounts-type-audit-exemption-subsiduary"),
}
"""Account type and description key by form; the last key is spelt as the register spells it."""


@dataclass(frozen=True, slots=True)
class Bureau:
    """What the accounts of one group have in common."""

    blueprint: Blueprint
    structure: Structure
    periods: Sequence[Period]
    when: Timeline
    flavour: int
    auditor: str


def periods_of(blueprint: Blueprint, when: Timeline, rng: Random) -> list[Period]:
    """Ten accounting periods, oldest first. Stories that turn on a deadline choose the month of the year end."""
    month = rng.choice(_MONTHS)
    if "administration" in blueprint.stories:
        month = add_months(when.until, -20).month
    if "liquidation" in blueprint.stories:
        month = add_months(when.liquidation, -11).month
    if "overdue" in blueprint.stories:
        month = add_months(when.until, -11).month
    extended = _EXTENDED_PERIOD + 1 if "extended" in blueprint.stories else None
    ends = period_ends(when.until, month, PERIODS + 1, extended)
    return [(add_days(before, 1), end) for before, end in pairwise(ends)]


def keep_accounts(
    blueprint: Blueprint, structure: Structure, homes: Sequence[Home], when: Timeline, numbers: Numbers, rng: Random
) -> list[Event]:
    """Give every company of a group its accounts and its next deadline; returns what is remarkable in them."""
    periods = periods_of(blueprint, when, rng)
    bureau = Bureau(
        blueprint,
        structure,
        periods,
        when,
        rng.randrange(FLAVOURS),
        f"Example Audit Partners {rng.randrange(1, 6)} LLP",
    )
    owned = {draft.number: [home for home in homes if home.owner == draft.number] for draft in structure.operating}
    parent = structure.parent
    if parent is None:
        history = {
            number: stand_alone(blueprint, settings, periods, Random(f"{numbers.seed}/{number}"))
            for number, settings in owned.items()
        }
        told = GroupBooks(history, [])
    else:
        chain = (
            parent.number,
            tuple(draft.number for draft in structure.middle),
            tuple(draft.number for draft in structure.dormant),
        )
        told = group(blueprint, owned, chain, periods, when, rng)
    for draft in structure.above:
        told = GroupBooks({**told.company, draft.number: _shell(rng)}, told.consolidated)
    events = []
    for draft in [*structure.all, *(each for each in structure.above if each.group is None)]:
        events += _file(bureau, draft, told, numbers, rng)
    return events


def _shell(rng: Random) -> History:
    """Books of a company above the group: it holds an investment and a little cash."""
    book = books.empty()
    book["investments"] = rng.randrange(1, 60) * 10_000
    book["cash"] = rng.randrange(1, 90) * 100
    book["share_capital"] = 100
    book["reserves"] = books.net_assets(book) - 100
    return [book] * PERIODS


def form_of(bureau: Bureau, draft: Draft, book: Mapping[str, int]) -> str:
    """The regime a company files under."""
    code = bureau.blueprint.code
    if draft.role == "parent":
        return "small" if code == "renamed" else "group"
    if draft.role == "dormant":
        return "dormant"
    if draft.role in {"fund", "investor"} or code in {"tiny", "paper", "dissolved"}:
        return "micro"
    in_group = bureau.structure.parent is not None and code != "renamed"
    if draft.role == "operating" and (code in {"minority", "formula"} or (in_group and book["turnover"] >= _FULL_FROM)):
        return "full"
    return "subsidiary" if in_group else "small"


def _filed_on(bureau: Bureau, draft: Draft, index: int, due: date, rng: Random) -> date:
    stories = bureau.blueprint.stories
    late = 0
    if "administration" in stories and draft.role == "parent" and index >= _LAST - 2:
        late = 19 if index == _LAST - 2 else 44
    if "liquidation" in stories and index == _LAST - 1:
        late = 27
    if "late_once" in stories and index == _LATE_PERIOD and draft is bureau.structure.operating[0]:
        late = 33
    if "overdue" in stories and index == _LAST:
        late = 400
    return add_days(due, late or -rng.randrange(6, 125))


def _going_concern(bureau: Bureau, draft: Draft, form: str, index: int) -> str:
    stories = bureau.blueprint.stories
    doubted = (
        ("administration" in stories and draft.role in {"parent", "operating"} and index >= _LAST - 2)
        or ("liquidation" in stories and index >= _LAST - 2)
        or ("uncertain_once" in stories and draft.role == "parent" and index == _DOUBTED_PERIOD)
    )
    if doubted:
        return "material_uncertainty"
    return "none" if form in {"micro", "dormant"} else "clean"


def _medium(bureau: Bureau, draft: Draft, form: str, index: int, rng: Random) -> str:
    if "scanned" in bureau.blueprint.stories and draft.role == "parent" and index == _SCANNED_PERIOD:
        return "scan"
    old = form in {"small", "subsidiary", "micro"} and index <= 2 and rng.random() < 0.4  # noqa: PLR2004
    return "xbrl" if old else "ixbrl"


def _file(bureau: Bureau, draft: Draft, told: GroupBooks, numbers: Numbers, rng: Random) -> list[Event]:
    history = told.company[draft.number]
    draft.reference = bureau.periods[-1][1]
    events: list[Event] = []
    wrong = _overstatement(bureau, draft, told)
    for index in range(1, PERIODS):
        start, end = bureau.periods[index]
        due = due_date(end)
        filed = _filed_on(bureau, draft, index, due, rng)
        silent = draft.silent_from is not None and filed >= draft.silent_from
        if filed > bureau.when.until or silent:
            _outstanding(draft, start, end, due)
            if due <= bureau.when.until and "dissolved" not in bureau.blueprint.stories:
                events.append(Event(draft.number, "accounts_overdue", add_days(due, 1), f"made up to {end:%d %B %Y}"))
            break
        form = form_of(bureau, draft, history[index])
        accounts = _set(bureau, draft, told, index, form, filed, due, wrong, numbers, rng)
        draft.accounts.append(accounts)
        draft.filings.append(_filing(accounts, form))
        events += _remarks(accounts)
        _outstanding(draft, add_days(end, 1), add_months(end, 12), due_date(add_months(end, 12)))
        if "extended" in bureau.blueprint.stories and index == _EXTENDED_PERIOD + 1:
            events += extend(draft, add_months(end, -6), end, add_days(add_months(end, -6), 120), numbers, "previous")
    return events


def _outstanding(draft: Draft, start: date, end: date, due: date) -> None:
    draft.next_start, draft.next_end, draft.next_due = start, end, due


def _overstatement(bureau: Bureau, draft: Draft, told: GroupBooks) -> int:
    """What the first operating company booked too early in the year before the restated one; its parent's group too."""
    first = bureau.structure.operating[0]
    if "restated" not in bureau.blueprint.stories or draft not in (first, bureau.structure.parent):
        return 0
    return round(told.company[first.number][_RESTATED_PERIOD - 1]["turnover"] * 0.03)


def _set(
    bureau: Bureau,
    draft: Draft,
    told: GroupBooks,
    index: int,
    form: str,
    filed: date,
    due: date,
    wrong: int,
    numbers: Numbers,
    rng: Random,
) -> Accounts:
    history, parent = told.company[draft.number], bureau.structure.parent
    now, before = history[index], history[index - 1]
    group_now = told.consolidated[index] if form == "group" else None
    group_before = told.consolidated[index - 1] if form == "group" else None
    two_before = (told.consolidated if form == "group" else history)[max(0, index - 2)]
    if wrong and index == _RESTATED_PERIOD - 1:
        if group_now is not None:
            group_now = books.overstated(group_now, wrong)
        else:
            now = books.overstated(now, wrong)
    medium = _medium(bureau, draft, form, index, rng)
    transaction = numbers.transaction()
    account_type = ACCOUNT_TYPES[form][0]
    flavour = OLD_FLAVOUR if index <= 3 and rng.random() < 0.35 else bureau.flavour  # noqa: PLR2004
    group_lines = books.lines(group_now, group_before) if group_now is not None else None
    earlier_lines = books.lines(group_before, two_before) if group_before is not None else None
    return Accounts(
        transaction_id=transaction,
        document_id=numbers.token("document", transaction),
        company_number=draft.number,
        period_start=bureau.periods[index][0],
        period_end=bureau.periods[index][1],
        comparative_start=bureau.periods[index - 1][0],
        comparative_end=bureau.periods[index - 1][1],
        filed_on=filed,
        due_on=due,
        form="small" if form == "subsidiary" else form,
        account_type=account_type,
        medium=medium,
        flavour=flavour,
        thousands=bureau.blueprint.thousands and draft.role not in {"fund", "dormant"},
        audited=form in {"group", "full"},
        auditor=bureau.auditor if form in {"group", "full"} else "",
        going_concern=_going_concern(bureau, draft, form, index),
        restated=bool(wrong) and index == _RESTATED_PERIOD,
        parent_name=parent.name if parent is not None and draft is not parent and draft.role != "fund" else "",
        top_name=bureau.structure.top if bureau.structure.top_kind in {"overseas", "individual"} else "",
        company=books.lines(now, before),
        company_before=books.lines(before, history[max(0, index - 2)]),
        group=group_lines,
        group_before=earlier_lines,
    )


def _filing(accounts: Accounts, form: str) -> Filing:
    return Filing(
        transaction_id=accounts.transaction_id,
        company_number=accounts.company_number,
        on=accounts.filed_on,
        category="accounts",
        form="AA",
        description=ACCOUNT_TYPES[form][1],
        values=(("made_up_date", accounts.period_end.isoformat()),),
        action_on=accounts.period_end,
        pages={"group": 34, "full": 22, "small": 9, "micro": 4, "dormant": 3}[accounts.form],
        paper=accounts.medium == "scan",
        document_id=accounts.document_id,
    )


def _remarks(accounts: Accounts) -> list[Event]:
    """What a reader of this set of accounts should notice."""
    number, on = accounts.company_number, accounts.filed_on
    ended = f"period to {accounts.period_end:%d %B %Y}"
    events = []
    if on > accounts.due_on:
        events.append(Event(number, "accounts_filed_late", on, f"{(on - accounts.due_on).days} days late, {ended}"))
    if accounts.going_concern == "material_uncertainty":
        events.append(Event(number, "going_concern_uncertainty", on, ended))
    if accounts.restated:
        events.append(Event(number, "restated", on, f"comparatives restated in the accounts for the {ended}"))
    return events


def extend(draft: Draft, old: date, new: date, filed: date, numbers: Numbers, which: str) -> list[Event]:
    """A form AA01 that moves a year end later."""
    draft.filings.append(
        Filing(
            numbers.transaction(), draft.number, filed, "accounts", "AA01",
            f"change-account-reference-date-company-{which}-extended",
            (("made_up_date", old.isoformat()), ("new_date", new.isoformat())), action_on=new, pages=1,
            document_id=numbers.token("document", draft.number, "AA01", filed),
        )
    )  # fmt: skip
    return [Event(draft.number, "reference_date_extended", filed, f"from {old:%d %B %Y} to {new:%d %B %Y}")]
