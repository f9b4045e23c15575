"""The scorecard: points that rules add for indicators, summed on two axes and put into five bands.

Additive and open: each rule reads one indicator, each gives its points with a sentence, a missing input gives no
points and is counted. Bands rank groups for attention; they are not probabilities and judge nobody. Points can only
grow with more evidence, so few points on little evidence are no low likelihood: then there is no band.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, RootModel, model_validator

from oversight.model.tables.derived import NOT_APPLICABLE, VALUE
from risk.findings import LINEAGE
from risk.parameters import Parameters, Values
from risk.words import figure, in_words, sentence

Axis = Literal["likelihood", "impact"]
AXES: Final[tuple[Axis, ...]] = ("likelihood", "impact")
_NO_MEANING: Final = "n/m"
_NO_ACCOUNTS: Final = "no accounts have been read"
_STRICT: Final = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Step(BaseModel):
    """Points from a figure on (`from`: the figure itself included; `above`: not); without either, to begin with."""

    model_config = _STRICT

    from_: float | None = Field(default=None, alias="from")
    above: float | None = None
    points: float = Field(ge=0)


class Rule(BaseModel):
    """How one indicator becomes points, and the sentences that say so.

    Attributes:
        indicator: what the rule reads.
        steps: points by figure.
        sentence: with `{value}` (figure and unit), `{size}` (without sign), `{date}` and `{reason}` (of the indicator).
        none: in place of `sentence` where the figure is nil.
        negative: in place of `sentence` where the figure is below nil.
        not_applicable: points by the reason why the indicator has no meaning.
        adverse: the sentence then.
        words: what some figures are called.
        grave: figure from which the rule alone makes a likelihood, however little else is known. A rule with one does
            not count in the coverage.
    """

    model_config = _STRICT

    indicator: str
    steps: Annotated[list[Step], Field(min_length=2)]
    sentence: str
    none: str = ""
    negative: str = ""
    not_applicable: dict[str, float] = {}
    adverse: str = "{reason}"
    words: dict[int, str] = {}
    grave: float | None = None

    @model_validator(mode="after")
    def _ordered(self) -> "Rule":
        bounds = [step.from_ if step.from_ is not None else step.above for step in self.steps]
        later = [bound for bound in bounds[1:] if bound is not None]
        if bounds[0] is not None or len(later) != len(bounds) - 1 or later != sorted(later):
            raise ValueError("steps begin with one without a bound and rise from there")
        return self

    def sentence_for(self, value: float) -> str:
        """The sentence that fits a figure."""
        if value == 0 and self.none:
            return self.none
        return self.negative if value < 0 and self.negative else self.sentence

    @property
    def maximum(self) -> float:
        """The most points the rule can add."""
        return max([step.points for step in self.steps] + list(self.not_applicable.values()))

    def points(self, value: pl.Expr) -> pl.Expr:
        """Points for values: those of the last step reached."""
        result = pl.lit(self.steps[0].points)
        for step in self.steps[1:]:
            reached = value >= step.from_ if step.from_ is not None else value > (step.above or 0.0)
            result = pl.when(reached).then(pl.lit(step.points)).otherwise(result)
        return result


class Band(BaseModel):
    """A band and the points from which it begins."""

    model_config = _STRICT

    from_: float = Field(alias="from", ge=0)
    name: str


class Bands(RootModel[Annotated[list[Band], Field(min_length=5, max_length=5)]]):
    """The five bands of an axis, lowest first."""

    @model_validator(mode="after")
    def _ordered(self) -> "Bands":
        starts = [band.from_ for band in self.root]
        if starts[0] != 0 or starts != sorted(set(starts)):
            raise ValueError("bands begin at 0 points and rise")
        return self


class Evidence(BaseModel):
    """How much evidence a likelihood needs.

    Attributes:
        least_coverage: share of the rules' points that must have their input.
        unless_points: points that make a likelihood on less evidence, as those of a grave rule do.
        not_assessed: name of the band where there is none.
        on_little: name of a band that rests on little evidence, with `{name}`.
    """

    model_config = _STRICT

    least_coverage: float = Field(ge=0, le=1)
    unless_points: float = Field(ge=0)
    not_assessed: str
    on_little: str


@dataclass(frozen=True, slots=True)
class NamedRule:
    """A rule with its name, axis and label."""

    name: str
    axis: Axis
    label: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Card:
    """Rows of `contribution` and `score`, with their lineage; `score` also has `little`, for little evidence."""

    contribution: pl.DataFrame
    score: pl.DataFrame
    lineage: pl.DataFrame


def rules(parameters: Parameters, values: Values) -> list[NamedRule]:
    """The rules in force, in the order of their files."""
    found = []
    for axis in AXES:
        prefix = f"scorecard.{axis}."
        for code in values.under(prefix):
            rule = values.parse(code, Rule)
            found.append(NamedRule(code.removeprefix(prefix), axis, parameters.entries[code].label, rule))
    return found


def judge(groups: pl.DataFrame, indicator: pl.DataFrame, parameters: Parameters, values: Values) -> Card:
    """Points, bands and reasons of groups.

    Args:
        groups: group_id of the groups to judge.
        indicator: indicator rows; the newest of each group and code counts.
        parameters: for the labels of the rules.
        values: parameters in force.
    """
    newest = indicator.filter(pl.col("latest"), pl.col("subject_kind") == "group").drop("subject")
    contribution = pl.concat(
        [_contributions(groups, newest, named, place) for place, named in enumerate(rules(parameters, values))]
    )
    score = _scores(contribution, values)
    rests = contribution.filter(pl.col("evidence_id").is_not_null()).select(
        pl.col("contribution_id").alias("item_id"), pl.col("evidence_id").alias("input_id"), role=pl.lit("indicator")
    )
    sums = contribution.select(
        pl.concat_str(["group_id", "axis"], separator=".").alias("item_id"),
        pl.col("contribution_id").alias("input_id"),
        pl.col("rule").alias("role"),
    )
    return Card(contribution, score, pl.concat([rests, sums]).select(LINEAGE.names()))


def _contributions(groups: pl.DataFrame, newest: pl.DataFrame, named: NamedRule, place: int) -> pl.DataFrame:
    rule = named.rule
    own = newest.filter(pl.col("code") == rule.indicator).select(
        "group_id", "indicator_id", "value", "unit", "status", "reason", "dated_on"
    )
    is_value = (pl.col("status") == VALUE).fill_null(False)
    is_other = (pl.col("status") == NOT_APPLICABLE).fill_null(False)
    other = pl.col("reason").replace_strict(rule.not_applicable, default=0.0, return_dtype=pl.Float64)
    joined = groups.select("group_id").join(own, on="group_id", how="left").sort("group_id").with_columns(
        pl.when(is_value).then(rule.points(pl.col("value"))).when(is_other).then(other).otherwise(0.0).alias("points"),
        (~is_value & ~is_other).alias("missing"),
    )  # fmt: skip
    reasons = [_reason(named, row) for row in joined.iter_rows(named=True)]
    return joined.select(
        pl.format("{}.{}.{}", "group_id", pl.lit(named.axis), pl.lit(named.name)).alias("contribution_id"),
        "group_id",
        pl.lit(named.axis).alias("axis"),
        pl.lit(named.name).alias("rule"),
        "points",
        pl.lit(rule.maximum).alias("maximum"),
        pl.Series("reason", reasons, dtype=pl.String),
        pl.when(~pl.col("missing")).then("indicator_id").alias("evidence_id"),
        "missing",
        pl.lit(named.label).alias("label"),
        pl.lit(rule.grave is not None).alias("may_be_grave"),
        _from(is_value, rule.grave).alias("grave"),
        pl.lit(place).alias("place"),
    )


def _from(is_value: pl.Expr, figure_from: float | None) -> pl.Expr:
    """Whether a figure reaches a bound; false where there is neither."""
    if figure_from is None:
        return pl.lit(False)
    return is_value & (pl.col("value") >= figure_from).fill_null(False)


def _reason(named: NamedRule, row: Mapping[str, object]) -> str:
    """One plain sentence with the figure and its date, or why there is none."""
    rule, value, day = named.rule, row["value"], in_words(row["dated_on"])
    if row["missing"]:
        return f"{named.label}: no input ({row['reason'] or _NO_ACCOUNTS})."
    if isinstance(value, float):
        words = rule.words.get(int(value)) if value == int(value) else None
        unit = str(row["unit"])
        said = rule.sentence_for(value).format(
            value=words or figure(value, unit), size=figure(abs(value), unit), date=day, reason=row["reason"] or ""
        )
        return sentence(said)
    if row["reason"] in rule.not_applicable:
        return rule.adverse.format(date=day, reason=row["reason"])
    why = str(row["reason"]).replace(_NO_MEANING, "not meaningful")
    return f"{named.label}: {why} (accounts to {day})."


def _scores(contribution: pl.DataFrame, values: Values) -> pl.DataFrame:
    weight, counts = pl.col("maximum"), ~pl.col("may_be_grave")
    sums = contribution.group_by("group_id", "axis").agg(
        pl.col("points").sum(),
        (weight.filter(counts & ~pl.col("missing")).sum() / weight.filter(counts).sum())
        .fill_nan(0.0)
        .round(6)
        .alias("coverage"),
        pl.col("grave").any(),
    )
    parts = []
    for axis in AXES:
        bands = values.parse(f"scorecard.bands.{axis}", Bands).root
        number, name = _band(bands)
        scored = sums.filter(pl.col("axis") == axis).with_columns(
            number.alias("band"), name.alias("band_name"), pl.lit(False).alias("little")
        )
        parts.append(_weighed(scored, values) if axis == "likelihood" else scored)
    return (
        pl.concat(parts)
        .with_columns(pl.concat_str(["group_id", "axis"], separator=".").alias("score_id"))
        .select("score_id", "group_id", "axis", "points", "band", "band_name", "coverage", "little")
        .sort("score_id")
    )


def _weighed(scored: pl.DataFrame, values: Values) -> pl.DataFrame:
    """Likelihoods by their evidence: too little gives no band, little is said in the band's name."""
    least = values.parse("scorecard.bands.evidence", Evidence)
    little = pl.col("coverage") < least.least_coverage
    assessed = ~little | pl.col("grave") | (pl.col("points") >= least.unless_points)
    before, after = least.on_little.split("{name}")
    on_little = pl.concat_str([pl.lit(before), pl.col("band_name"), pl.lit(after)])
    return scored.with_columns(
        pl.when(assessed).then("band").alias("band"),
        pl.when(~assessed)
        .then(pl.lit(least.not_assessed))
        .when(little)
        .then(on_little)
        .otherwise("band_name")
        .alias("band_name"),
        little.alias("little"),
    )


def _band(bands: Sequence[Band]) -> tuple[pl.Expr, pl.Expr]:
    number, name = pl.lit(1, dtype=pl.Int64), pl.lit(bands[0].name)
    for place, band in enumerate(bands[1:], start=2):
        reached = pl.col("points") >= band.from_
        number = pl.when(reached).then(pl.lit(place, dtype=pl.Int64)).otherwise(number)
        name = pl.when(reached).then(pl.lit(band.name)).otherwise(name)
    return number, name
