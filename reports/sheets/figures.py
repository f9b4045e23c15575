"""Metrics, exposure by local authority, scope conditions."""

from typing import Final

import polars as pl

from reports.frames import RunView, by_group, label_of, labels, newest_metrics, register
from reports.sheet import Column, Kind, Sheet, sheet_of
from reports.sheets.common import ENTRY, GATHERED_NOTE, GROUP, SHORTHAND_NOTE, TRACE_NOTE, gathered, in_words, sentence
from reports.symbols import NOT_APPLICABLE

_SHAPES: Final[dict[str, tuple[Kind, int, float]]] = {
    "percent": (Kind.PERCENT, 1, 13),
    "pounds": (Kind.MONEY, 0, 17),
    "times": (Kind.DECIMAL, 1, 13),
    "months": (Kind.DECIMAL, 1, 13),
    "days": (Kind.DECIMAL, 0, 13),
    "count": (Kind.DECIMAL, 0, 13),
    "score": (Kind.DECIMAL, 2, 13),
}
NEAREST: Final = 10
"""How many that do not meet a condition are shown of it."""
_OTHER: Final = (Kind.DECIMAL, 2, 13.0)
_SIGNS: Final = {"percent": "%", "pounds": "£", "count": "number"}


def metrics(view: RunView) -> Sheet:
    """One row a group, one column a metric: the newest value of each."""
    newest = newest_metrics(view)
    frame = register(view).select("group_id", "entry_id", "group_name", "accounts_made_up_to", "accounts_basis")
    frame = frame.with_columns(in_words("accounts_basis"))
    columns = [
        ENTRY,
        GROUP,
        Column("accounts_made_up_to", "Accounts made up to", Kind.DATE, 20),
        Column("accounts_basis", "Basis of accounts", width=18),
    ]
    names = labels(view)
    units = newest.group_by("code").agg(pl.col("unit").sort().first()).sort("code")
    for code, unit in units.iter_rows():
        one = newest.filter(pl.col("code") == code)
        value, status = f"metric {code}", f"status {code}"
        frame = frame.join(
            one.select("group_id", pl.col("value").alias(value), pl.col("status").alias(status)),
            on="group_id",
            how="left",
        )
        kind, decimals, width = _SHAPES.get(unit, _OTHER)
        columns.append(Column(value, _header(label_of(names, code), unit), kind, width, decimals, status=status))
    return sheet_of(
        "Metrics",
        "Metrics: the newest value for each group on the register",
        "Debt, margins, liquidity and other measures, one row a group",
        frame,
        tuple(columns),
        notes=(SHORTHAND_NOTE, "The Metric values sheet gives the same with dates, caveats and IDs to trace."),
    )


def _header(label: str, unit: str) -> str:
    """A metric's name with its unit, unless the name ends with it."""
    return label if label.lower().endswith(f" {unit}") else f"{label} ({_SIGNS.get(unit, unit)})"


def metric_values(view: RunView) -> Sheet:
    """One row a metric and subject, with its date, caveat and id."""
    names = labels(view)
    newest = by_group(view, "indicator", ("subject_kind", "subject", "code", "dated_on", "indicator_id")).filter(
        "latest"
    )
    frame = newest.with_columns(
        pl.col("code").map_elements(lambda code: label_of(names, code), return_dtype=pl.String),
        sentence("reason"),
        pl.when(pl.col("subject_kind") == "group")
        .then(pl.lit("The group"))
        .otherwise(pl.concat_str(pl.col("subject_kind").str.to_titlecase(), pl.lit(" "), "subject"))
        .alias("about"),
    )
    alike = ("group_id", "about", "status", "reason")
    frame = gathered(frame, pl.col("value").is_null(), alike, name="code", key="indicator_id", noun="metrics")
    columns = (
        ENTRY,
        GROUP,
        Column("about", "About", width=16),
        Column("code", "Metric", width=32),
        Column("value", "Value", Kind.DECIMAL, 17, 2, status="status"),
        Column("unit", "Unit", width=10),
        Column("dated_on", "Date of the evidence", Kind.DATE, 19),
        Column("reason", "Caveat, or why there is no value", width=40, missing="None"),
        Column("indicator_id", "ID to trace", width=48),
    )
    return sheet_of(
        "Metric values",
        "Metric values for groups on the register, with dates and caveats",
        "The same metrics in long form, each with its date, caveat and ID",
        frame,
        columns,
        notes=(SHORTHAND_NOTE, GATHERED_NOTE, "Percentages in this sheet are plain numbers: 12.3 is 12.3%."),
    )


def peers(view: RunView) -> Sheet:
    """Where each measure of a group stands among like groups."""
    names = labels(view)
    frame = by_group(view, "peer", ("code",)).with_columns(
        pl.col("code").map_elements(lambda code: label_of(names, code), return_dtype=pl.String),
        sentence("peers"),
    )
    value = newest_metrics(view).select("indicator_id", "value", "unit")
    columns = (
        ENTRY,
        GROUP,
        Column("code", "Metric", width=32),
        Column("value", "Value", Kind.DECIMAL, 13, 2),
        Column("unit", "Unit", width=10),
        Column("percentile", "Percentile among peers", Kind.DECIMAL, 13, 0),
        Column("lower_quartile", "Lower quartile of peers", Kind.DECIMAL, 13, 2),
        Column("median", "Median of peers", Kind.DECIMAL, 13, 2),
        Column("upper_quartile", "Upper quartile of peers", Kind.DECIMAL, 13, 2),
        Column("peers", "Peers", width=40),
        Column("count", "Peers with a value", Kind.INTEGER, 11),
        Column("indicator_id", "ID to trace", width=48),
    )
    return sheet_of(
        "Peers",
        "Peers: where each metric stands among groups of like size and owner",
        "Percentile and quartiles of each metric among like groups",
        frame.join(value, on="indicator_id", how="left", maintain_order="left"),
        columns,
        notes=(
            "The percentile is the share of peers with a lower value; which end is better depends on the metric.",
            "Peers are the groups on this register only. Where too few have a value, wider peers are used.",
            "Percentages in this sheet are plain numbers: 12.3 is 12.3%.",
        ),
    )


def exposure(view: RunView) -> Sheet:
    """What each group runs in each local authority."""
    frame = by_group(view, "exposure", ("share_of_places", "local_authority"), descending=("share_of_places",))
    columns = (
        ENTRY,
        GROUP,
        Column("local_authority", "Local authority", width=26),
        Column("local_authority_code", "Authority code", width=13),
        Column("region", "Region", width=22),
        Column("homes", "Homes of the group", Kind.INTEGER, 11),
        Column("places", "Places of the group", Kind.INTEGER, 11),
        Column("authority_homes", "Homes in the authority", Kind.INTEGER, 11),
        Column("authority_places", "Places in the authority", Kind.INTEGER, 11),
        Column("share_of_places", "Share of the authority\u2019s places (%)", Kind.PERCENT, 13, 1, NOT_APPLICABLE),
        Column("exposure_id", "ID to trace", width=29),
    )
    return sheet_of(
        "Exposure",
        "Exposure: what each group runs in each local authority",
        "Homes, places and share of places by local authority",
        frame,
        columns,
        notes=(
            "Places are registered places, not children. Shares are of places in children\u2019s homes of all owners.",
        ),
    )


def scope(view: RunView) -> Sheet:
    """Who meets each configurable condition, and who comes nearest to it."""
    near = pl.col("met") | ((pl.col("nearness") <= NEAREST) & (pl.col("value") > 0))
    frame = (
        by_group(view, "scope", ("condition_set", "condition", "scope_id"))
        .filter(near)
        .with_columns(
            in_words("condition_set"),
            in_words("condition"),
            pl.when("met").then(pl.lit("Met")).otherwise(pl.lit("Not met")).alias("result"),
            pl.when("verified").then(pl.lit("Cited source")).otherwise(pl.lit("Setting, not law")).alias("standing"),
        )
    )
    columns = (
        ENTRY,
        GROUP,
        Column("condition_set", "Set of conditions", width=28),
        Column("condition", "Condition", width=18),
        Column("value", "Value", Kind.DECIMAL, 12, 1),
        Column("threshold", "Threshold", Kind.DECIMAL, 12, 1),
        Column("unit", "Unit", width=14),
        Column("margin", "Above or below it", Kind.DECIMAL, 12, 1),
        Column("result", "Result", width=11),
        Column("nearness", "Place among those not meeting it", Kind.INTEGER, 14, missing=NOT_APPLICABLE),
        Column("requirements", "Everything the condition asks", width=44),
        Column("standing", "Standing of the threshold", width=20),
        Column("scope_id", "ID to trace", width=44),
    )
    return sheet_of(
        "Scope conditions",
        "Scope conditions: indicators only, never a determination",
        "Number, size, concentration and share against configurable thresholds",
        frame,
        columns,
        notes=(
            "Thresholds are settings until regulations fix them.",
            f"Shows who meets a condition, and the {NEAREST} nearest of the others. The run's table scope has all.",
            "Of a condition that asks several things, value and threshold are those of the hardest.",
            TRACE_NOTE,
        ),
    )
