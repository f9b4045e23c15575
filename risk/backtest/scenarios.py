"""Known cases put to the rules in force: which facts a rule reads, what it adds, and how long before the outcome.

A case is a sketch: only what was read about it, not the filings of its companies. So the points are a floor of what the
scorecard would have added, and nothing here is a judgement of a company.
"""

from collections.abc import Sequence
from datetime import date
from importlib import resources
from typing import Any, Final, Literal, Self

import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict, Field, RootModel, model_validator

from risk.parameters import Parameters, Values
from risk.scorecard import Bands, NamedRule, rules

_STRICT: Final = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
Read = Literal["yes", "secondary"]


class _Dated(BaseModel):
    """Something with a day, known exactly or between two days, or not at all."""

    model_config = _STRICT

    from_: date | None = Field(default=None, alias="from")
    to: date | None = None
    read: Read
    source: str

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if (self.from_ is None) != (self.to is None) or (self.from_ and self.to and self.from_ > self.to):
            raise ValueError("a day has two bounds, the first not after the second, or none")
        return self


class Fact(_Dated):
    """Something that was known; a rule reads `indicator` and `value`, or `lacks` says why none does."""

    what: str
    indicator: str | None = None
    value: float | None = None
    lacks: str = ""

    @model_validator(mode="after")
    def _read_or_not(self) -> Self:
        if (self.indicator is None) != (self.value is None) or (self.indicator is None) != bool(self.lacks):
            raise ValueError("a fact has an indicator with a value, or says why no rule reads it")
        return self


class Case(_Dated):
    """An outcome, and what was known before it."""

    case: str
    market: str
    outcome: str
    kind: str
    facts: tuple[Fact, ...]
    lesson: str


class _Cases(RootModel[tuple[Case, ...]]):
    """All of them."""


def cases() -> tuple[Case, ...]:
    """The cases that come with the product."""
    text = resources.files("risk.backtest").joinpath("scenarios.yaml").read_text(encoding="utf-8")
    return _Cases.model_validate(yaml.safe_load(text)).root


def played(parameters: Parameters, values: Values, known: Sequence[Case] | None = None) -> list[dict[str, Any]]:
    """Each case put to the rules.

    Args:
        parameters: for the labels of the rules.
        values: parameters in force.
        known: the cases; those that come with the product where not given.

    Returns:
        For each case its words, `facts` (with `rule`, `points` and days `before` the outcome at least and at most),
        `points` and `band` of all facts together, `sign_days_at_least` and `_at_most`: how long before the outcome the
        first dated fact that adds points was there (None where none is dated), and `found`: `by a grave sign`,
        `by points` (at least the third band), `signs too weak`, or `nothing to read`.
    """
    by_indicator = {named.rule.indicator: named for named in rules(parameters, values) if named.axis == "likelihood"}
    bands = values.parse("scorecard.bands.likelihood", Bands).root
    return [_play(case, by_indicator, bands) for case in (cases() if known is None else known)]


def _play(case: Case, by_indicator: dict[str, NamedRule], bands: Sequence[Any]) -> dict[str, Any]:
    told, grave = [], False
    most: dict[str, float] = {}
    first: tuple[int, int] | None = None
    for fact in case.facts:
        named = by_indicator.get(fact.indicator or "")
        points = None
        before = _before(case, fact)
        if named is not None and fact.value is not None:
            points = float(pl.select(named.rule.points(pl.lit(fact.value))).item())
            most[named.name] = max(points, most.get(named.name, 0.0))
            grave |= named.rule.grave is not None and fact.value >= named.rule.grave
            if points and before and (first is None or before > first):
                first = before
        told.append(
            {
                "what": fact.what,
                "from": fact.from_.isoformat() if fact.from_ else None,
                "to": fact.to.isoformat() if fact.to else None,
                "rule": named.label if named else None,
                "points": points,
                "before": list(before) if before else None,
                "lacks": fact.lacks or None,
                "read": fact.read,
                "source": fact.source,
            }
        )
    total = sum(most.values())
    band = [place for place, each in enumerate(bands, start=1) if total >= each.from_][-1]
    return {
        "case": case.case, "market": case.market, "outcome": case.outcome, "kind": case.kind,
        "from": case.from_.isoformat() if case.from_ else None, "to": case.to.isoformat() if case.to else None,
        "read": case.read, "source": case.source, "lesson": case.lesson, "facts": told,
        "points": total, "band": bands[band - 1].name,
        "sign_days_at_least": first[0] if first else None, "sign_days_at_most": first[1] if first else None,
        "found": _found(grave=grave, band=band, read=bool(most)),
    }  # fmt: skip


def _found(*, grave: bool, band: int, read: bool) -> str:
    if grave:
        return "by a grave sign"
    if band >= 3:  # noqa: PLR2004 - the band from which stage 3 is proposed
        return "by points"
    return "signs too weak" if read else "nothing to read"


def _before(case: Case, fact: Fact) -> tuple[int, int] | None:
    """Days from the fact to the outcome, at least and at most; None where either has no day."""
    if case.from_ is None or case.to is None or fact.from_ is None or fact.to is None:
        return None
    return (case.from_ - fact.to).days, (case.to - fact.from_).days
