"""A group's money: operating companies, the companies above them, and the consolidation.

The consolidated book is the sum of the companies' books, less what they owe, charge and hold in one another,
with goodwill in place of the shares. It balances because every book in it does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from oversight.example.cast import books
from oversight.example.cast.blueprints import Blueprint
from oversight.example.cast.dates import add_days, add_months, years_of
from oversight.example.cast.timeline import Timeline
from oversight.example.cast.trading import (
    Period,
    Trade,
    interest_rate,
    opening,
    settle_alone,
    settle_in_group,
    tax_rate,
    trade_period,
)
from oversight.example.shapes import Home

History = Sequence[Mapping[str, int]]
"""Books of one company, one a period, oldest first."""

_GOODWILL_YEARS = 20
_NOTE_RATE = 0.10
_CENTRAL_COST = 0.038
_PAYOUT = 0.85


@dataclass(frozen=True, slots=True)
class GroupBooks:
    """Books by company key, and the consolidated ones; `consolidated` is empty for companies without a parent."""

    company: Mapping[str, History]
    consolidated: History


@dataclass(slots=True)
class _Chain:
    """Holding companies from the parent down, and where the bank's money sits."""

    parent: str
    middle: tuple[str, ...]
    dormant: tuple[str, ...]
    borrower: str

    @property
    def lowest(self) -> str:
        return self.middle[-1] if self.middle else self.parent

    @property
    def all(self) -> tuple[str, ...]:
        return (self.parent, *self.middle)


def stand_alone(blueprint: Blueprint, homes: Sequence[Home], periods: Sequence[Period], rng: Random) -> History:
    """Books of a company with no parent and no subsidiary."""
    trade = Trade(blueprint, homes, 1, False, rng)
    before = opening(trade, add_days(periods[0][0], -1))
    history = []
    for index, (start, end) in enumerate(periods):
        book = trade_period(trade, before, start, end, index / max(1, len(periods) - 1))
        settle_alone(trade, book, before)
        history.append(book)
        before = book
    return history


def group(
    blueprint: Blueprint,
    trading: Mapping[str, Sequence[Home]],
    chain: tuple[str, tuple[str, ...], tuple[str, ...]],
    periods: Sequence[Period],
    when: Timeline,
    rng: Random,
) -> GroupBooks:
    """Books of a parent, the companies between, dormant ones and its operating companies.

    Args:
        blueprint: how much debt, what margins.
        trading: settings by key of operating company.
        chain: key of the parent, keys of the companies below it from the top down, keys of dormant companies.
        periods: accounting periods, oldest first.
        when: dates of the stories.
        rng: the group's own source of chance.
    """
    unit = 1000 if blueprint.thousands else 1
    trades = {key: Trade(blueprint, homes, unit, True, rng) for key, homes in trading.items()}
    parent, middle, dormant = chain
    lowest = middle[-1] if middle else parent
    names = _Chain(parent, middle, dormant, lowest if blueprint.loan_notes else parent)
    day = add_days(periods[0][0], -1)
    before: dict[str, dict[str, int]] = {key: opening(trade, day) for key, trade in trades.items()}
    goodwill = _buy(blueprint, before, names, unit)
    history: dict[str, list[Mapping[str, int]]] = {key: [] for key in (*names.all, *dormant, *trades)}
    consolidated: list[Mapping[str, int]] = []
    for index, (start, end) in enumerate(periods):
        now: dict[str, dict[str, int]] = {}
        for key, trade in trades.items():
            now[key] = trade_period(trade, before[key], start, end, index / max(1, len(periods) - 1))
            settle_in_group(trade, now[key], before[key])
        for key in dormant:
            now[key] = dict(before[key])
        _close_holdings(blueprint, names, now, before, (start, end), when, unit)
        charge = round(goodwill / _GOODWILL_YEARS * years_of(start, end) / unit) * unit
        left = (consolidated[-1]["goodwill"] if consolidated else goodwill) - charge
        consolidated.append(_consolidate(now, names, charge, left))
        for key, book in now.items():
            history[key].append(book)
        before = now
    return GroupBooks(history, consolidated)


def _buy(blueprint: Blueprint, before: dict[str, dict[str, int]], names: _Chain, unit: int) -> int:
    """Put the holding companies on top of the operating ones on the first day; gives the goodwill.

    Equity comes down the chain as share capital, the bank's and the shareholders' money as loans.
    """
    trading = list(before.values())
    bought = sum(books.net_assets(book) for book in trading)
    ebitda = sum(book["trade_debtors"] for book in trading) * 365 / 32 * blueprint.margin

    def whole(amount: float) -> int:
        return round(amount / unit) * unit

    bank, notes = whole(ebitda * blueprint.leverage), whole(ebitda * blueprint.loan_notes)
    multiple = 8.0 if blueprint.loan_notes else 2.5
    price = max(whole(ebitda * multiple), bought + 10 * unit, bank + notes + 10 * unit)
    equity = price - bank - notes
    for key in (*names.all, *names.dormant):
        before[key] = books.empty()
    for key in names.all:
        before[key]["share_capital"] = equity
        before[key]["investments"] = equity
    before[names.borrower]["bank_after"] = bank
    before[names.parent]["loan_notes"] = notes
    before[names.lowest]["investments"] = price
    if names.lowest != names.parent:
        lent = notes if names.borrower == names.lowest else bank + notes
        before[names.parent]["group_debtors"] = lent
        before[names.lowest]["group_creditors"] = lent
    for key in names.dormant:
        before[key]["share_capital"] = before[key]["group_debtors"] = 1000
        before[names.parent]["group_creditors"] += 1000
        before[names.parent]["reserves"] -= 1000
    return price - bought


def _close_holdings(
    blueprint: Blueprint,
    names: _Chain,
    now: dict[str, dict[str, int]],
    before: dict[str, dict[str, int]],
    period: Period,
    when: Timeline,
    unit: int,
) -> None:
    """Close the books above the operating companies: head office, interest, loans, and cash last of all."""
    for key in names.all:
        now[key] = _carry(before[key])
    trading = [now[key] for key in now if key not in {*names.all, *names.dormant}]
    years = years_of(*period)
    _head_office(now[names.parent], before[names.parent], trading, period, unit)
    lender = now[names.borrower]
    debt = lender["bank_within"] + lender["bank_after"]
    lender["interest_charge"] += round(debt * interest_rate(period[1]) * years / unit) * unit
    rolled = round(before[names.parent]["loan_notes"] * _NOTE_RATE * years / unit) * unit
    parent = now[names.parent]
    parent["interest_charge"] += rolled
    parent["rolled_up_interest"] = rolled
    parent["loan_notes"] += rolled
    sales = sum(book["turnover"] for book in trading)
    profit = books.profit_before_tax(parent)
    parent["tax_current"] = max(0, round(profit * tax_rate(period[1]) / unit) * unit)
    parent["corporation_tax"] = parent["tax_current"]
    for key in names.all:
        now[key]["reserves"] += books.profit_after_tax(now[key])
    _balance(names, now, blueprint, sales, unit)
    _fall_due(names, now, blueprint, period, when, unit)


def _carry(before: Mapping[str, int]) -> dict[str, int]:
    book = books.empty()
    for key in ("investments", "bank_within", "bank_after", "loan_notes", "share_capital", "reserves"):
        book[key] = before[key]
    return book


def _head_office(
    book: dict[str, int], before: Mapping[str, int], trading: Sequence[Mapping[str, int]], period: Period, unit: int
) -> None:
    sales = sum(each["turnover"] for each in trading)

    def whole(amount: float) -> int:
        return round(amount / unit) * unit

    cost, staff = whole(sales * _CENTRAL_COST), whole(sales * _CENTRAL_COST * 0.62)
    book["charge_received"] = book["turnover"] = sum(each["charge_paid"] for each in trading)
    book["admin_costs"] = cost
    book["wages"] = whole(staff * 0.86)
    book["social_security"] = whole(staff * 0.10)
    book["pensions"] = staff - book["wages"] - book["social_security"]
    book["employees"] = max(2, round(staff / years_of(*period) / 52_000))
    book["trade_creditors"] = whole(cost * 0.06)
    book["accruals"] = whole(cost * 0.12)
    book["other_tax"] = whole(staff * 0.03)
    book["other_debtors"] = whole(cost * 0.05)
    book["interest_received"] = whole(before["cash"] * 0.01)


def _balance(names: _Chain, now: dict[str, dict[str, int]], blueprint: Blueprint, sales: int, unit: int) -> None:
    """Balances within the group run through the parent. Its cash comes last: too little is borrowed, much paid out."""
    parent, lender = now[names.parent], now[names.borrower]

    def settle() -> int:
        others = [book for key, book in now.items() if key != names.parent]
        for key in names.middle:
            book = now[key]
            book["group_debtors"] = book["group_creditors"] = 0
            spare = books.total(book, books.CAPITAL) - books.net_assets(book)
            book["group_debtors"], book["group_creditors"] = max(0, spare), max(0, -spare)
        parent["group_debtors"] = sum(book["group_creditors"] for book in others)
        parent["group_creditors"] = sum(book["group_debtors"] for book in others)
        parent["cash"] = 0
        return books.total(parent, books.CAPITAL) - books.net_assets(parent)

    floor, ceiling = round(sales * 0.02 / unit) * unit, round(sales * 0.08 / unit) * unit
    failing = "administration" in blueprint.stories
    ebitda = sum(books.operating_profit(book) + book["depreciation"] for book in now.values())
    wanted = round(max(0.0, blueprint.leverage * ebitda * 0.9) / unit) * unit
    debt = lender["bank_within"] + lender["bank_after"]
    if wanted > debt * 1.25 and not failing:
        lender["bank_after"] += wanted - debt
    cash = settle()
    if cash < floor:
        lender["bank_after"] += floor - cash
    elif cash > ceiling:
        trading = [now[key] for key in now if key not in {*names.all, *names.dormant}]
        _pay_out(parent, lender, trading, cash - ceiling, 0 if failing else max(0, debt - wanted), unit)
    parent["cash"] = settle()


def _pay_out(
    parent: dict[str, int],
    lender: dict[str, int],
    trading: Sequence[dict[str, int]],
    spare: int,
    repayable: int,
    unit: int,
) -> None:
    """Spare cash goes to the bank down to what it wants to lend, to this year's note interest, then to the owners.

    What the parent pays its owners comes up as dividends of its subsidiaries, by way of the balances between them.
    """
    repaid = min(spare, repayable, lender["bank_after"])
    lender["bank_after"] -= repaid
    redeemed = min(spare - repaid, parent["rolled_up_interest"])
    parent["loan_notes"] -= redeemed
    parent["dividends"] = 0
    wanted = spare - repaid - redeemed
    for book in sorted(trading, key=lambda each: -each["reserves"]):
        paid = max(0, min(wanted, book["reserves"], round(books.profit_after_tax(book) * _PAYOUT / unit) * unit))
        wanted -= paid
        book["dividends"] += paid
        book["reserves"] -= paid
        balance = book["group_debtors"] - book["group_creditors"] - paid
        book["group_debtors"], book["group_creditors"] = max(0, balance), max(0, -balance)
        parent["group_income"] += paid
        parent["dividends"] += paid


def _fall_due(
    names: _Chain, now: dict[str, dict[str, int]], blueprint: Blueprint, period: Period, when: Timeline, unit: int
) -> None:
    """Split the bank debt by when it falls due. A broken covenant makes all of it due at once."""
    lender = now[names.borrower]
    debt = lender["bank_within"] + lender["bank_after"]
    broken = "administration" in blueprint.stories and period[1] > add_months(when.administration, -36)
    lender["bank_within"] = debt if broken else round(debt * 0.05 / unit) * unit
    lender["bank_after"] = debt - lender["bank_within"]


def _consolidate(
    now: Mapping[str, Mapping[str, int]], names: _Chain, amortisation: int, goodwill: int
) -> Mapping[str, int]:
    book = books.added(now.values())
    charges = book["charge_received"]
    book["turnover"] -= charges
    book["admin_costs"] -= charges
    book["charge_received"] = book["charge_paid"] = 0
    book["group_debtors"] = book["group_creditors"] = book["investments"] = book["group_income"] = 0
    book["dividends"] = now[names.parent]["dividends"]
    book["amortisation"] = amortisation
    book["admin_costs"] += amortisation
    book["goodwill"] = goodwill
    book["share_capital"] = now[names.parent]["share_capital"]
    book["reserves"] = books.net_assets(book) - book["share_capital"]
    return book
