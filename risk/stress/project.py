"""The arithmetic of one year under shocks. Written once, for columns of a frame and for arrays of draws alike."""

from dataclasses import dataclass
from typing import Any, Final

from risk.stress.shocks import Assumptions

Number = Any
"""A polars expression, a numpy array or a float: anything with arithmetic."""

BASE: Final = ("turnover", "staff", "others", "interest", "debt", "due", "cash", "largest_share")
"""Columns of the year before: pounds; costs, interest, debt and cash without sign, interest net of what is received;
`largest_share`: share of the group's places in its largest home, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Year:
    """The year before, see `BASE`."""

    turnover: Number
    staff: Number
    others: Number
    interest: Number
    debt: Number
    due: Number
    cash: Number
    largest_share: Number


@dataclass(frozen=True, slots=True)
class Change:
    """Shocks in the units of `risk.stress.shocks.Shock`; `lost` is 1 where the largest home is lost, else 0."""

    occupancy_points: Number
    fee_growth: Number
    wage_growth: Number
    cost_growth: Number
    agency_points: Number
    rate_points: Number
    refinanced: Number
    lost: Number


@dataclass(frozen=True, slots=True)
class Outcome:
    """The year under shocks, in pounds.

    Attributes:
        turnover: fees.
        staff: cost of staff.
        ebitda: turnover less staff and other costs.
        interest: net interest.
        cash: cash at its end, after interest and after debt that is not replaced; no tax, dividends or new building.
    """

    turnover: Number
    staff: Number
    ebitda: Number
    interest: Number
    cash: Number


def project(year: Year, change: Change, assumed: Assumptions) -> Outcome:
    """One year under shocks.

    Children in care fall with occupancy and with the home that is lost; turnover follows them and the fees, staff and
    other costs follow them in part.
    """
    children = (
        (assumed.occupancy + change.occupancy_points) / assumed.occupancy * (1 - change.lost * year.largest_share)
    )
    turnover = year.turnover * children * (1 + change.fee_growth / 100)
    wages = (1 + change.wage_growth / 100) * (1 + change.agency_points / 100 * assumed.agency_premium / 100)
    staff = year.staff * (1 + assumed.staff_follows / 100 * (children - 1)) * wages
    others = year.others * (1 + assumed.others_follow / 100 * (children - 1)) * (1 + change.cost_growth / 100)
    ebitda = turnover - staff - others
    interest = year.interest + year.debt * assumed.floating / 100 * change.rate_points / 100
    repaid = year.due * (1 - change.refinanced / 100)
    return Outcome(turnover, staff, ebitda, interest, year.cash + ebitda - interest - repaid)
