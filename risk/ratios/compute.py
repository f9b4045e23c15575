"""Ratios of every period of record: a value, or the reason why there is none."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from oversight.model.tables.derived import NOT_APPLICABLE, NOT_FILED, NOT_RELIABLE, VALUE
from risk.findings import LINEAGE, Findings, empty, indicator_id
from risk.parameters import Values
from risk.ratios.nil import ANALYSED_WITHIN, analysed_within, known_columns, proofs
from risk.ratios.ratio import Ratio, label

_NO_NAMES: Final = pl.lit([], dtype=pl.List(pl.String))


def measure(wide: pl.DataFrame, ratios: Sequence[Ratio], values: Values) -> Findings:
    """Indicators of the groups for each period, and what each rests on.

    Args:
        wide: `risk.accounts.books.wide`: one row a period of record, one column a line.
        ratios: what to measure.
        values: parameters in force.
    """
    prepared = _prepared(wide, ratios, values)
    parts = [_one(prepared, ratio) for ratio in ratios]
    return Findings.together(
        Findings.of(indicator=part, lineage=_lineage(part, prepared, ratio))
        for part, ratio in zip(parts, ratios, strict=True)
    )


def indicators(wide: pl.DataFrame, ratios: Sequence[Ratio], values: Values) -> pl.DataFrame:
    """The indicators alone, as `measure` has them, for accounts that no document gives: nothing stands behind them."""
    prepared = _prepared(wide, ratios, values)
    parts = [_one(prepared, ratio) for ratio in ratios]
    return pl.concat([empty("indicator"), *(part.select(empty("indicator").columns) for part in parts)])


def _prepared(wide: pl.DataFrame, ratios: Sequence[Ratio], values: Values) -> pl.DataFrame:
    """The wide frame with every column the ratios and proofs name, flows put on twelve months, and nil proofs."""
    wanted = {line for ratio in ratios for line in ratio.inputs} | set(known_columns())
    here = {*wide.columns, ANALYSED_WITHIN}
    absent = [pl.lit(None, dtype=pl.Float64).alias(line) for line in sorted(wanted - here)]
    tolerance = values.number("accounts.year_tolerance_months")
    shortest = values.number("accounts.shortest_months")
    months = pl.col("months")
    off_year = ((months - 12).abs() > tolerance).fill_null(False)
    flows = sorted(set(values.texts("accounts.flows")) & (wanted | set(wide.columns)))
    on_year = [pl.when(off_year).then(pl.col(flow) * 12 / months).otherwise(flow).alias(flow) for flow in flows]
    note = pl.format("period of {} months put on twelve", months)
    return (
        wide.with_columns(analysed_within(wide.columns))
        .with_columns(absent)
        .with_columns(
            *on_year,
            pl.when(off_year).then(note).alias("year_note"),
            (months < shortest).fill_null(False).alias("too_short"),
        )
        .with_columns(proof.alias(f"nil:{line}") for line, proof in proofs().items())
    )


def _one(prepared: pl.DataFrame, ratio: Ratio) -> pl.DataFrame:
    """Indicator rows of one ratio."""
    needed = [line for line in ratio.inputs if line not in ratio.if_filed]
    nillable = [line for line in needed if line in ratio.nil_if_shown]
    taken = [(pl.col(line).is_null() & pl.col(f"nil:{line}")).alias(f"taken:{line}") for line in nillable]
    frame = prepared.with_columns(taken).with_columns(
        pl.when(pl.col(f"taken:{line}")).then(0.0).otherwise(pl.col(line)).alias(line) for line in nillable
    )
    frame = frame.with_columns(
        _names([pl.when(pl.col(line).is_null()).then(pl.lit(line)) for line in needed]).alias("missing"),
        _names([pl.when(pl.col(f"taken:{line}")).then(pl.lit(label(line))) for line in nillable]).alias("nil"),
        ratio.expression.alias("result"),
        _first_reason(ratio).alias("meaningless"),
    )
    missing = pl.col("missing").list.len() > 0
    unreliable = pl.col("missing").list.set_intersection("unreliable").list.len() > 0
    too_short = pl.col("too_short") if ratio.by_year else pl.lit(False)
    finite = pl.col("result").is_finite().fill_null(False)
    status = (
        pl.when(missing & unreliable).then(pl.lit(NOT_RELIABLE))
        .when(missing).then(pl.lit(NOT_FILED))
        .when(too_short).then(pl.lit(NOT_RELIABLE))
        .when(pl.col("meaningless").is_not_null() | ~finite).then(pl.lit(NOT_APPLICABLE))
        .otherwise(pl.lit(VALUE))
    )  # fmt: skip
    return (
        frame.with_columns(status.alias("status"))
        .with_columns(
            pl.when(pl.col("status") == VALUE).then("result").alias("value"),
            _reason(ratio, missing, unreliable).alias("reason"),
            pl.col("group_id").alias("subject"),
            pl.lit("group").alias("subject_kind"),
            pl.lit(ratio.code).alias("code"),
            pl.lit(ratio.unit).alias("unit"),
            pl.col("period_end").alias("dated_on"),
        )
        .with_columns(indicator_id().alias("indicator_id"))
        .select(
            "indicator_id", "group_id", "subject_kind", "subject", "code", "dated_on", "value", "unit", "status",
            "reason", "latest",
        )
    )  # fmt: skip


def _names(names: Sequence[pl.Expr]) -> pl.Expr:
    """The names that are not null, as a list."""
    if not names:
        return _NO_NAMES
    return pl.concat_list([name.cast(pl.String) for name in names]).list.drop_nulls()


def _first_reason(ratio: Ratio) -> pl.Expr:
    reasons = [pl.when(condition).then(pl.lit(words)) for condition, words in ratio.not_applicable]
    return pl.coalesce(reasons) if reasons else pl.lit(None, dtype=pl.String)


def _reason(ratio: Ratio, missing: pl.Expr, unreliable: pl.Expr) -> pl.Expr:
    words = pl.col("missing").list.eval(pl.element().replace_strict(
        {line: label(line) for line in ratio.inputs}, default=pl.element(), return_dtype=pl.String
    )).list.unique(maintain_order=True).list.join(", ")  # fmt: skip
    absent = pl.when(unreliable).then(pl.format("not reliable: {}", words)).otherwise(pl.format("not filed: {}", words))
    nil = pl.col("nil").list.unique(maintain_order=True).list.join(", ")
    caveats = pl.concat_str(
        [
            pl.col("note"),
            pl.col("year_note") if ratio.by_year else pl.lit(None, dtype=pl.String),
            pl.when(pl.col("nil").list.len() > 0).then(pl.format("taken as nil or within another line: {}", nil)),
        ],
        separator="; ",
        ignore_nulls=True,
    )
    short = pl.format("a period of {} months is too short to put on twelve", "months")
    return (
        pl.when(missing).then(absent)
        .when(pl.col("status") == NOT_RELIABLE).then(short)
        .when(pl.col("status") == NOT_APPLICABLE).then(pl.coalesce("meaningless", pl.lit("it would divide by nil")))
        .when(caveats != "").then(caveats)
    )  # fmt: skip


def _lineage(part: pl.DataFrame, prepared: pl.DataFrame, ratio: Ratio) -> pl.DataFrame:
    """From each indicator to the accounts it rests on."""
    lines = list(ratio.inputs)
    return (
        pl.concat([part.select("indicator_id"), prepared.select("period_id", *lines)], how="horizontal")
        .unpivot(on=lines, index=["indicator_id", "period_id"], variable_name="role")
        .filter(pl.col("value").is_not_null())
        .select(
            pl.col("indicator_id").alias("item_id"),
            pl.concat_str(["period_id", "role"], separator=".").alias("input_id"),
            "role",
        )
        .select(LINEAGE.names())
    )
