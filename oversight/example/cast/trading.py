"""Eight years of trading: from homes, places, occupancy and fees to the books of an operating company."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from oversight.example.cast import books
from oversight.example.cast.blueprints import Blueprint
from oversight.example.cast.dates import add_days, years_of
from oversight.example.cast.homes import AGENCY, SUPPORTED
from oversight.example.shapes import Home

Period = tuple[date, date]

WEEKS = 52.18
_BASE_YEAR = 2018
_FEE = 3_300.0
_FEE_GROWTH = 1.055
_SUPPORTED_FEE = 1_150.0
_AGENCY_TURNOVER = 2_300_000.0
_WAGE = 25_500.0
_WAGE_GROWTH = 1.042
_RENT_PER_PLACE = 5_200.0
_CHARGE = 0.05
_TAX_TO_2023, _TAX_FROM_2023 = 0.19, 0.25


@dataclass(slots=True)
class Trade:
    """What is particular to one operating company. Money is rounded to `unit` pounds throughout."""

    blueprint: Blueprint
    homes: Sequence[Home]
    unit: int
    in_group: bool
    rng: Random
    fee: float = field(init=False)
    occupancy: float = field(init=False)

    def __post_init__(self) -> None:
        self.fee = _FEE * self.rng.uniform(0.85, 1.15)
        self.occupancy = self.rng.uniform(0.80, 0.90)

    def whole(self, amount: float) -> int:
        """An amount in whole units of account."""
        return round(amount / self.unit) * self.unit


def _places(homes: Sequence[Home], start: date, end: date, kind: str | None = None) -> float:
    """Average registered places over a period; without a kind, places in children's homes of all kinds."""
    days = (end - start).days + 1
    found = 0.0
    for home in homes:
        if (home.kind != kind) if kind else (home.kind in {AGENCY, SUPPORTED}):
            continue
        first, last = max(home.registered_on, start), min(home.left_on or end, end)
        if last >= first:
            found += (home.places or 1) * ((last - first).days + 1) / days
    return found


def _grown(base: float, growth: float, end: date) -> float:
    return base * math.pow(growth, end.year + end.month / 12 - _BASE_YEAR)


def tax_rate(end: date) -> float:
    """Main rate of corporation tax for a period that ends on a day."""
    return _TAX_FROM_2023 if end >= date(2023, 10, 1) else _TAX_TO_2023


def turnover(trade: Trade, start: date, end: date, step: float) -> float:
    """Fees for the places taken, in pounds. `step` runs from 0 to 1 over the market's years."""
    years = years_of(start, end)
    weak = 0.10 * step if trade.blueprint.failing else 0.0
    taken = _places(trade.homes, start, end) * (trade.occupancy - weak + trade.rng.uniform(-0.02, 0.02))
    amount = taken * _grown(trade.fee, _FEE_GROWTH, end) * WEEKS * years
    amount += _places(trade.homes, start, end, SUPPORTED) * 0.8 * _grown(_SUPPORTED_FEE, 1.03, end) * WEEKS * years
    return amount + _places(trade.homes, start, end, AGENCY) * _grown(_AGENCY_TURNOVER, 1.04, end) * years


def _margin(trade: Trade, end: date, step: float) -> float:
    """EBITDA before central charges, as a share of turnover."""
    squeeze = {2022: 0.015, 2023: 0.03, 2024: 0.015}.get(end.year, 0.0)
    return (
        trade.blueprint.margin
        + trade.blueprint.trend * math.pow(step, 1.5)
        - squeeze
        + trade.rng.uniform(-0.012, 0.012)
    )


def opening(trade: Trade, day: date) -> dict[str, int]:
    """The books on the day before the first period."""
    book = books.empty()
    places = max(1.0, _places(trade.homes, day, add_days(day, 1)))
    size = places * _grown(trade.fee, _FEE_GROWTH, day) * WEEKS * trade.occupancy
    owned = 1 - trade.blueprint.rent
    book["tangible"] = trade.whole(places * (owned * 62_000 + 7_500))
    book["share_capital"] = max(trade.unit, 100)
    _working_capital(trade, book, size, size * 0.2, size * 0.6)
    book["cash"] = trade.whole(size * 0.06)
    if not trade.in_group:
        book["bank_after"] = trade.whole(size * trade.blueprint.margin * trade.blueprint.leverage)
        book["cash"] += trade.whole(size * 0.04)
    wanted = trade.whole(size * 0.05)
    gap = wanted - (books.net_assets(book) - book["share_capital"])
    if gap > 0:
        book["cash"] += gap
    book["reserves"] = books.net_assets(book) - book["share_capital"]
    return book


def _working_capital(trade: Trade, book: dict[str, int], sales: float, other: float, staff: float) -> None:
    book["trade_debtors"] = trade.whole(sales * 32 / 365)
    book["other_debtors"] = trade.whole(sales * 0.012)
    book["trade_creditors"] = trade.whole(other * 0.11)
    book["other_tax"] = trade.whole(staff * 0.028)
    book["accruals"] = trade.whole(sales * 0.03)
    book["deferred_tax"] = trade.whole(book["tangible"] * 0.02)


def trade_period(trade: Trade, before: books.Book, start: date, end: date, step: float) -> dict[str, int]:
    """The books of one period, from those of the period before. Cash is set by `settle`."""
    book = books.empty()
    years = years_of(start, end)
    sales = trade.whole(turnover(trade, start, end, step))
    _costs(trade, book, sales, start, end, step)
    _fixed_assets(trade, book, before, start, end, sales)
    book["admin_costs"] += book["depreciation"]
    other = sales * 0.14
    staff = books.total(book, ("wages", "social_security", "pensions"))
    _working_capital(trade, book, sales / years, other / years, staff / years)
    debt = before["bank_within"] + before["bank_after"]
    book["interest_charge"] = trade.whole(debt * interest_rate(end) * years)
    profit = books.profit_before_tax(book)
    book["tax_current"] = trade.whole(max(0.0, profit * tax_rate(end)))
    book["corporation_tax"] = book["tax_current"]
    book["tax_deferred"] = book["deferred_tax"] - before["deferred_tax"]
    book["share_capital"] = before["share_capital"]
    book["bank_after"], book["bank_within"] = before["bank_after"], before["bank_within"]
    book["other_creditors"] = before["other_creditors"]
    return book


def _costs(trade: Trade, book: dict[str, int], sales: int, start: date, end: date, step: float) -> None:
    places = _places(trade.homes, start, end)
    years = years_of(start, end)
    margin = _margin(trade, end, step)
    rent = trade.whole(places * trade.blueprint.rent * _grown(_RENT_PER_PLACE, 1.035, end) * years)
    staff = trade.whole(sales * (0.60 + 0.7 * (trade.blueprint.margin - margin)))
    charge = trade.whole(sales * _CHARGE) if trade.in_group else 0
    other = max(0, trade.whole(sales * (1 - margin)) - staff - rent)
    book["turnover"] = sales
    book["wages"] = trade.whole(staff * 0.885)
    book["social_security"] = trade.whole(staff * 0.087)
    book["pensions"] = staff - book["wages"] - book["social_security"]
    book["employees"] = max(1, round(staff / years / _grown(_WAGE, _WAGE_GROWTH, end)))
    book["rent"] = rent
    book["lease_within"] = trade.whole(rent / years * 0.95)
    book["lease_between"] = trade.whole(rent / years * 2.4)
    book["lease_after"] = trade.whole(rent / years * (6.0 if "charge_cluster" in trade.blueprint.stories else 0.8))
    book["charge_paid"] = charge
    direct = trade.whole(staff * 0.86 + other * 0.45)
    book["direct_costs"] = direct
    book["admin_costs"] = staff + other + rent + charge - direct
    if end.year in {2020, 2021}:
        book["other_income"] = trade.whole(sales * 0.006)


def _fixed_assets(trade: Trade, book: dict[str, int], before: books.Book, start: date, end: date, sales: int) -> None:
    owned = 1 - trade.blueprint.rent
    opened = sum(home.places or 0 for home in trade.homes if start <= home.registered_on <= end)
    shut = sum(home.places or 0 for home in trade.homes if home.left_on and start <= home.left_on <= end)
    held = max(1.0, _places(trade.homes, start, end) + shut / 2)
    book["capex"] = trade.whole(opened * (owned * 58_000 + 6_000) + sales * 0.018)
    book["disposals"] = trade.whole(min(0.9, shut / held) * before["tangible"] * owned * 0.7)
    book["depreciation"] = trade.whole(before["tangible"] * 0.07 * years_of(start, end))
    book["tangible"] = before["tangible"] + book["capex"] - book["disposals"] - book["depreciation"]


def interest_rate(end: date) -> float:
    """Yearly rate on bank debt: Bank Rate about then, and four points."""
    base = {2018: 0.006, 2019: 0.0075, 2020: 0.003, 2021: 0.001, 2022: 0.014, 2023: 0.045, 2024: 0.052, 2025: 0.043}
    return base.get(end.year, 0.038 if end.year > _BASE_YEAR else 0.005) + 0.04


def settle_in_group(trade: Trade, book: dict[str, int], before: books.Book) -> None:
    """Close a subsidiary's books: it keeps some cash and lends the rest to its parent, or borrows."""
    book["reserves"] = before["reserves"] + books.profit_after_tax(book)
    book["cash"] = trade.whole(book["turnover"] * 0.025)
    spare = books.total(book, books.CAPITAL) - books.net_assets(book)
    book["group_debtors"], book["group_creditors"] = max(0, spare), max(0, -spare)


def settle_alone(trade: Trade, book: dict[str, int], before: books.Book) -> None:
    """Close a stand-alone company's books: spare cash is paid out, a shortage borrowed."""
    floor, ceiling = trade.whole(book["turnover"] * 0.03), trade.whole(book["turnover"] * 0.16)
    book["reserves"] = before["reserves"] + books.profit_after_tax(book)
    cash = books.total(book, books.CAPITAL) - books.net_assets(book)
    if cash > ceiling and book["reserves"] > 0:
        wanted = trade.whole(book["turnover"] * trade.blueprint.margin * trade.blueprint.leverage * 0.8)
        repaid = max(0, min(cash - ceiling, book["bank_after"] - wanted))
        book["bank_after"] -= repaid
        cash -= repaid
        book["dividends"] = max(0, min(cash - ceiling, book["reserves"] * 2 // 3 // trade.unit * trade.unit))
        book["reserves"] -= book["dividends"]
        cash -= book["dividends"]
    elif cash < floor:
        lender = "bank_after" if book["tangible"] > book["bank_after"] + floor - cash else "other_creditors"
        book[lender] += floor - cash
        cash = floor
    debt = book["bank_within"] + book["bank_after"]
    book["bank_within"] = trade.whole(debt * 0.06)
    book["bank_after"] = debt - book["bank_within"]
    book["cash"] = cash
