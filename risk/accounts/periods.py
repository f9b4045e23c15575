"""Which document speaks for a period: the latest original, unless a later filing restates it.

The earlier period printed beside a later one (the comparative) is used where the original is not visible, or where
it gives other figures. In the second case both periods are kept, both marked as restated, and the later is chosen.
"""

from dataclasses import dataclass

import polars as pl

from risk.findings import hashed
from risk.parameters import Values

_KEY = ["company_number", "consolidated", "period_end"]
_ORDER = ["filed_on", "filed_with", "document_id"]


@dataclass(frozen=True, slots=True)
class Periods:
    """Periods of companies as documents state them.

    Attributes:
        period: period_id, company_number, consolidated, period_start, period_end, document_id, filed_on, months,
            restated, chosen (whether it is the one to use for that company and year end).
        line: the usable lines of those periods with period_id; a restated period also has the original's lines
            that the later filing leaves out.
        superseded: item_id, input_id: line ids of a restated period and of the original figure.
    """

    period: pl.DataFrame
    line: pl.DataFrame
    superseded: pl.DataFrame


def choose(lines: pl.DataFrame, values: Values) -> Periods:
    """The periods that usable lines give, with the one to use for each company and year end."""
    stated = _stated(lines)
    original = _last(stated.filter(~pl.col("comparative")))
    comparative = _last(stated.filter(pl.col("comparative")))
    differing = _differing(lines, original, comparative, values)
    restated = differing.select(_KEY).unique()
    later = comparative.join(restated, on=_KEY, how="semi")
    alone = comparative.join(original, on=_KEY, how="anti")
    chosen = pl.concat([original.join(restated, on=_KEY, how="anti"), later, alone])
    kept = pl.concat([stated.filter(~pl.col("comparative")), later, alone])
    period = hashed(
        kept.join(
            chosen.select(*_KEY, "document_id", chosen=pl.lit(True)), on=[*_KEY, "document_id"], how="left"
        ).with_columns(
            pl.col("chosen").fill_null(False),
            _months().alias("months"),
        ),
        "period_id",
        "period",
        [*_KEY, "document_id"],
    )
    period = period.join(restated.with_columns(restated=pl.lit(True)), on=_KEY, how="left").with_columns(
        pl.col("restated").fill_null(False)
    )
    own = lines.join(period.select(*_KEY, "document_id", "period_id"), on=[*_KEY, "document_id"])
    carried = _carried(lines, later, original, period)
    return Periods(period=period, line=pl.concat([own, carried]), superseded=differing.select("item_id", "input_id"))


def _stated(lines: pl.DataFrame) -> pl.DataFrame:
    """Each period of each document. `filed_with` is the newest year end in the document, for want of a filing day."""
    newest = lines.group_by("document_id").agg(pl.col("period_end").max().alias("filed_with"))
    return (
        lines.group_by(*_KEY, "document_id")
        .agg(
            pl.col("comparative").all(),
            pl.col("period_start").drop_nulls().mode().sort().first(),
            pl.col("filed_on").first(),
        )
        .join(newest, on="document_id")
    )


def _last(stated: pl.DataFrame) -> pl.DataFrame:
    """The latest filed of each company and year end."""
    return stated.sort(*_ORDER, nulls_last=False).unique(_KEY, keep="last", maintain_order=True)


def _differing(lines: pl.DataFrame, original: pl.DataFrame, comparative: pl.DataFrame, values: Values) -> pl.DataFrame:
    """Money lines that a later filing's comparative gives otherwise: key, item_id (later), input_id (original)."""
    pair = original.join(comparative, on=_KEY, suffix="_later").filter(
        (pl.col("filed_with_later") > pl.col("filed_with"))
        | (pl.col("filed_on_later") > pl.col("filed_on")).fill_null(False)
    )
    money = lines.filter(pl.col("line") != "average_employees", pl.col("value").is_not_null())
    figures = money.select(*_KEY, "document_id", "line", "value", "line_id")
    gap = (pl.col("value_later") - pl.col("value")).abs()
    return (
        pair.select(*_KEY, "document_id", "document_id_later")
        .join(figures, on=[*_KEY, "document_id"])
        .join(
            figures.rename({"document_id": "document_id_later"}),
            on=[*_KEY, "document_id_later", "line"],
            suffix="_later",
        )
        .filter(
            gap > values.number("accounts.restatement_pounds"),
            gap > values.number("accounts.restatement_share") * pl.col("value").abs(),
        )
        .select(*_KEY, pl.col("line_id_later").alias("item_id"), pl.col("line_id").alias("input_id"))
    )


def _carried(lines: pl.DataFrame, later: pl.DataFrame, original: pl.DataFrame, period: pl.DataFrame) -> pl.DataFrame:
    """Lines of an original that its restatement leaves out, placed in the restated period."""
    restating = later.select(*_KEY, "document_id").join(
        period.select(*_KEY, "document_id", "period_id"), on=[*_KEY, "document_id"]
    )
    said = lines.join(restating, on=[*_KEY, "document_id"]).select("period_id", "line")
    return (
        lines.join(original.select(*_KEY, "document_id"), on=[*_KEY, "document_id"], how="semi")
        .join(restating.drop("document_id"), on=_KEY)
        .join(said, on=["period_id", "line"], how="anti")
    )


def _months() -> pl.Expr:
    """Length of the period in months, to one decimal."""
    days = (pl.col("period_end") - pl.col("period_start")).dt.total_days() + 1
    return pl.when(days > 0).then((days / 30.436875).round(1))
