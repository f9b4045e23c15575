"""The second opinion: how a group's newest accounts rank by the failure model, with reasons, beside rules and events.

A rank among the groups of the run, and an indicative chance at the UK base rate. Never more than that: the model is
foreign and nobody has calibrated it for this sector.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict, Field, RootModel

from oversight.model.tables.derived import NOT_APPLICABLE, NOT_FILED, VALUE
from risk.failure.model import Curves
from risk.failure.ratios import BY_CODE, COMMON
from risk.failure.starter import BALANCE, FULL, Starter, panel_of
from risk.findings import Findings, indicator_id
from risk.learning.calibration import shift_for
from risk.learning.metrics import Floats
from risk.parameters import Values
from risk.ratios import compute

RANK: Final = "failure_model_rank"
ESTIMATE: Final = "failure_model_estimate"
_SAID: Final = 2
_SLIGHT: Final = 0.05
_STRICT: Final = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
_BASES: Final = {FULL: "balance sheet and profit and loss account", BALANCE: "balance sheet alone"}


class _Band(BaseModel):
    """A part of the ranking and the percentile from which it begins."""

    model_config = _STRICT

    from_: float = Field(alias="from", ge=0, le=100)
    name: str


class _Bands(RootModel[list[_Band]]):
    """The parts, lowest first."""


@dataclass(frozen=True, slots=True)
class _Opinion:
    """What the model says of one period: chance with interval, in shares; ratios that raise and lower it."""

    chance: float
    low: float
    high: float
    basis: str
    raises: tuple[str, ...]
    lowers: tuple[str, ...]
    lacking: tuple[str, ...]


def second_opinion(wide: pl.DataFrame, starter: Starter, values: Values) -> Findings:
    """Rank and indicative chance of each group that has accounts of record.

    Args:
        wide: `risk.accounts.books.wide`; the newest period of each group is judged.
        starter: the model, loaded.
        values: parameters in force.

    Returns:
        Two indicators a group with their lineage to lines of account: `failure_model_rank` (percentile among the
        groups of the run, 100 the likeliest to fail) and `failure_model_estimate` (percent a year). Without a value,
        and with the reason, where too few ratios can be formed.
    """
    measured, ratios = common_ratios(wide, values)
    said = _opinions(ratios, starter, values)
    ranks = _percentiles(
        [None if opinion is None else opinion.chance for opinion in said], int(values.number("failure.fewest_groups"))
    )
    bands = values.parse("failure.bands", _Bands).root
    rate = values.number("failure.uk_base_rate")
    rows = []
    for (group, day), opinion, rank in zip(ratios.select("group_id", "dated_on").iter_rows(), said, ranks, strict=True):
        head = {"group_id": group, "subject": group, "dated_on": day}
        if opinion is None:
            lack = "too few ratios of the balance sheet can be formed for the failure model"
            rows += [{**head, "code": code, "status": NOT_FILED, "reason": lack} for code in (RANK, ESTIMATE)]
            continue
        text = _words(opinion, rate)
        rows.append({**head, "code": ESTIMATE, "status": VALUE, "value": 100 * opinion.chance, "reason": text})
        if rank is None:
            few = "too few groups have an estimate to rank them"
            rows.append({**head, "code": RANK, "status": NOT_APPLICABLE, "reason": few})
        else:
            band = [band.name for band in bands if rank >= band.from_][-1]
            rows.append({**head, "code": RANK, "status": VALUE, "value": rank, "reason": f"{band}; {text}"})
    return Findings.of(indicator=_indicators(rows), lineage=_lineage(measured, rows))


def common_ratios(wide: pl.DataFrame, values: Values) -> tuple[Findings, pl.DataFrame]:
    """The ratios of each group's newest accounts that the model can be asked about.

    Returns:
        As indicators, and as a table: group_id, dated_on and a column a ratio, null for a gap; sorted by group.
    """
    newest = wide.filter("latest").unique("group_id", keep="first", maintain_order=True).sort("group_id")
    measured = compute.measure(newest, [common.ratio for common in COMMON], values)
    table = (
        measured.indicator.with_columns(pl.when(pl.col("status") == VALUE).then("value").alias("value"))
        .pivot(
            on="code",
            on_columns=[common.ratio.code for common in COMMON],
            index=["group_id", "dated_on"],
            values="value",
            aggregate_function="first",
        )
        .sort("group_id")
    )
    return measured, table


def bases(ratios: pl.DataFrame, values: Values) -> list[str | None]:
    """Which of the two models answers for each row of `common_ratios`; None where too few ratios are known."""
    fewest = values.number("failure.fewest_ratios")
    fewest_profit = values.number("failure.fewest_profit_ratios")
    known = {
        part: ratios.select(pl.sum_horizontal([pl.col(code).is_not_null() for code in codes])).to_series().to_list()
        for part, codes in _parts().items()
    }
    return [
        None if balance < fewest else FULL if profit >= fewest_profit else BALANCE
        for balance, profit in zip(known["balance"], known["profit"], strict=True)
    ]


def _opinions(ratios: pl.DataFrame, starter: Starter, values: Values) -> list[_Opinion | None]:
    """What the model says of each row; None where too little is known."""
    shift = shift_for(starter.base_rate, values.number("failure.uk_base_rate"))
    by_model = {name: _judge(ratios, starter, name, shift) for name in (FULL, BALANCE)} if len(ratios) else {}
    return [None if name is None else by_model[name][row] for row, name in enumerate(bases(ratios, values))]


def _parts() -> Mapping[str, list[str]]:
    return {
        "balance": [common.ratio.code for common in COMMON if common.balance],
        "profit": [common.ratio.code for common in COMMON if not common.balance],
    }


def _judge(ratios: pl.DataFrame, starter: Starter, name: str, shift: float) -> list[_Opinion]:
    witness = starter.witness(name)
    codes = starter.models[name].figures
    panel = panel_of({code: ratios[code].to_list() for code in codes}, codes)
    estimate = witness.estimate(panel, shift=shift)
    scorer = witness.scorer
    added = (
        scorer.contributions(witness.recipe.make(panel)) if isinstance(scorer, Curves) else np.zeros((len(panel), 0))
    )
    return [
        _Opinion(
            float(estimate.probability[row]), float(estimate.low[row]), float(estimate.high[row]), _BASES[name],
            raises=_strongest(codes, panel.values[row], added[row]),
            lowers=_strongest(codes, panel.values[row], -added[row]),
            lacking=tuple(BY_CODE[code].ratio.title.lower() for code in np.array(codes)[np.isnan(panel.values[row])]),
        )
        for row in range(len(panel))
    ]  # fmt: skip


def _strongest(codes: Sequence[str], ratios: Floats, added: Floats) -> tuple[str, ...]:
    """The ratios that add most to the log-odds, with their values; slight ones are left out."""
    order = [place for place in np.argsort(-added, kind="stable") if added[place] > _SLIGHT][:_SAID]
    return tuple(f"{BY_CODE[codes[place]].ratio.title.lower()} {ratios[place]:.2f}" for place in order)


def _percentiles(chances: Sequence[float | None], fewest: int) -> list[float | None]:
    """The share of the others that each is likelier to fail than, in percent; ties count half."""
    known = pl.Series([chance for chance in chances if chance is not None], dtype=pl.Float64)
    if len(known) < fewest:
        return [None] * len(chances)
    shares = iter((known.rank() - 1) / (len(known) - 1) * 100)
    return [None if chance is None else round(float(next(shares)), 6) for chance in chances]


def _words(opinion: _Opinion, rate: float) -> str:
    parts = [
        f"second opinion of a foreign model on the {opinion.basis}, not calibrated for this sector",
        f"indicative {opinion.chance:.2%} a year ({opinion.low:.2%} to {opinion.high:.2%}), UK base rate {rate:.2%}",
        f"raised by {' and '.join(opinion.raises) or 'no ratio'}",
        f"lowered by {' and '.join(opinion.lowers) or 'no ratio'}",
    ]
    if opinion.lacking:
        parts.append(f"without {', '.join(opinion.lacking)}")
    return "; ".join(parts)


def _indicators(rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    schema = {
        "group_id": pl.String, "subject": pl.String, "dated_on": pl.Date, "code": pl.String, "status": pl.String,
        "value": pl.Float64, "reason": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema).with_columns(
        pl.lit("group").alias("subject_kind"),
        pl.when(pl.col("code") == RANK).then(pl.lit("percentile")).otherwise(pl.lit("percent")).alias("unit"),
        pl.lit(True).alias("latest"),
        indicator_id().alias("indicator_id"),
    )


def _lineage(measured: Findings, rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    """From rank and estimate to the accounts that their ratios rest on."""
    opinions = _indicators(rows).filter(pl.col("status") == VALUE).select("indicator_id", "group_id")
    ratios = measured.indicator.filter(pl.col("status") == VALUE).select(
        pl.col("indicator_id").alias("item_id"), "group_id"
    )
    return (
        measured.lineage.join(ratios, on="item_id")
        .join(opinions, on="group_id")
        .select(pl.col("indicator_id").alias("item_id"), "input_id", "role")
        .unique(["item_id", "input_id"])
        .sort("item_id", "input_id")
    )
