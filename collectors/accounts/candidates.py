"""Which facts could be which line of account, and what a choice among them is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from collectors.accounts.catalogue import Catalogue, Line, Place
from collectors.accounts.particulars import Particulars, Period
from collectors.accounts.tags import Tagged, TaggedFact

_HALF = Decimal("0.5")
_DECIMALS = re.compile(r"-?\d{1,2}")

Key = tuple[str, bool, bool]
"""Line, comparative, consolidated."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A fact that could be a line.

    Attributes:
        fact: the tagged fact.
        place: the line it could be, with how much it is preferred.
        whole: false where the figure is that of a dimension's total member.
        comparative: true for the earlier period.
        value: the figure with the line's sign.
    """

    fact: TaggedFact
    place: Place
    whole: bool
    comparative: bool
    value: Decimal

    @property
    def preference(self) -> tuple[int, bool]:
        """Smaller is better."""
        return self.place.rank, not self.whole

    @property
    def slack(self) -> Decimal:
        """How far the true figure may lie from the value, by the accuracy filed."""
        decimals = self.fact.decimals or ""
        return _HALF.scaleb(-int(decimals)) if _DECIMALS.fullmatch(decimals) else _HALF


@dataclass(slots=True)
class Choice:
    """The figure of one line, and what else it could have been.

    Attributes:
        line: the line.
        comparative: true for the earlier period.
        consolidated: true for the group.
        value: the figure.
        fact: the fact it rests on; None for a derived figure.
        formula: how it was derived, or the caption of a printed figure; empty for a tagged one.
        inputs: the choices it was derived from.
        others: values of other facts for the same line.
        method: tagged, printed, derived or conflict.
        confidence: from 0 to 1.
        slack: rounding, in the unit of the value.
        less: a line that the concept includes.
        place: where a printed figure stands.
    """

    line: Line
    comparative: bool
    consolidated: bool
    value: Decimal
    fact: TaggedFact | None
    unit: str
    confidence: float
    formula: str = ""
    inputs: tuple["Choice", ...] = ()
    others: tuple[Candidate, ...] = ()
    method: str = "tagged"
    slack: Decimal = _HALF
    less: str | None = None
    place: str = ""

    @property
    def key(self) -> Key:
        """Line, comparative, consolidated."""
        return self.line.name, self.comparative, self.consolidated

    @property
    def against_nature(self) -> bool:
        """True for a sign that the line never has."""
        return self.value * self.line.nature < 0


def find(tagged: Tagged, about: Particulars, catalogue: Catalogue) -> list[Candidate]:
    """Every fact that could be a line, of the current or the comparative period."""
    found = []
    for fact in tagged.facts:
        if fact.amount is None or not (places := catalogue.places.get(fact.concept)):
            continue
        comparative = _which_period(fact, about)
        if comparative is None:
            continue
        others = {
            member
            for axis, member in fact.context.dimensions
            if axis not in catalogue.group_axes and member not in catalogue.group_members
        }
        totals = others & catalogue.totals
        others -= totals
        maturity = catalogue.maturity(frozenset(others))
        members = frozenset(others - catalogue.within - catalogue.after)
        for place in places:
            if (
                place.line.instant is (fact.context.start is None)
                and place.maturity == maturity
                and place.members == members
                and (not place.sole or _is_sole(fact, tagged))
            ):
                value = -fact.amount if place.line.subtracted else fact.amount
                found.append(Candidate(fact, place, not totals, comparative, value or Decimal(0)))
    return found


def _is_sole(fact: TaggedFact, tagged: Tagged) -> bool:
    """True where no other figure of the concept is filed for the day.

    In inline XBRL one context is one figure, however often printed; in plain XBRL a context may hold several classes,
    each in a tuple of its own.
    """
    same = [
        other
        for other in tagged.facts
        if other.concept == fact.concept and other.context.end == fact.context.end and other.amount is not None
    ]
    return len({other.context.name for other in same} if tagged.inline else same) == 1


def _which_period(fact: TaggedFact, about: Particulars) -> bool | None:
    """False for the current period, True for the comparative one, None for any other."""
    for period, comparative in ((about.current, False), (about.comparative, True)):
        if period and fact.context.end == period.end and (fact.context.start is None or _same_start(fact, period)):
            return comparative
    return None


def _same_start(fact: TaggedFact, period: Period) -> bool:
    return period.start is None or fact.context.start == period.start


def by_scope(choices: Iterable[Choice]) -> dict[tuple[bool, bool], dict[str, Choice]]:
    """Choices of each statement: (comparative, consolidated), then by line."""
    statements: dict[tuple[bool, bool], dict[str, Choice]] = {}
    for choice in choices:
        statements.setdefault((choice.comparative, choice.consolidated), {})[choice.line.name] = choice
    return statements
