"""The risk register: one line for each group that runs children's homes and is not a council.

Likelihood and impact stand side by side, with why, what is missing, and how old the figures are. A stage is
proposed from 1 to 4; 5 and 6 are for people.
"""

import hashlib
from collections.abc import Mapping
from typing import Final

import polars as pl
from pydantic import BaseModel, ConfigDict, model_validator

from oversight.model.tables.derived import VALUE
from risk.findings import LINEAGE
from risk.groups import COUNCIL
from risk.parameters import Values
from risk.scope import conditions_met
from risk.words import count

_STRICT: Final = ConfigDict(extra="forbid", frozen=True)
_REASONS: Final = 3
_UNREAD: Final = "Newest accounts, not read (image or untagged)"
FIGURES: Final[Mapping[str, str]] = {
    "homes": "homes",
    "places": "places",
    "authorities": "authorities",
    "largest_share_of_places": "largest_share_of_places",
    "accounts_age_months": "accounts_age_months",
    "turnover": "turnover",
    "operating_margin": "operating_margin",
    "ebitda_margin": "ebitda_margin",
    "net_debt": "net_debt_total",
    "net_debt_to_ebitda": "net_debt_to_ebitda",
    "interest_cover": "interest_cover",
    "current_ratio": "current_ratio",
    "net_assets": "net_assets",
    "altman_z2": "altman_z2",
}
"""Columns of the register and the indicators they show."""
_COUNTS: Final = ("homes", "places", "authorities")


class Raise(BaseModel):
    """An indicator that raises the proposed stage."""

    model_config = _STRICT

    indicator: str
    above: float | None = None
    below: float | None = None
    stage: int

    @model_validator(mode="after")
    def _one_bound(self) -> "Raise":
        if (self.above is None) == (self.below is None):
            raise ValueError("a stage is raised above a figure or below one")
        return self

    def reached(self) -> pl.Expr:
        """Whether the indicator's value is beyond the bound."""
        return pl.col("value") > self.above if self.above is not None else pl.col("value") < self.below


class Stages(BaseModel):
    """The stage by band, the stage before a determination, and what raises it."""

    model_config = _STRICT

    by_band: dict[int, int]
    before_determination: int
    not_assessed: int
    at_least: list[Raise]


class Wording(BaseModel):
    """The fixed words of an entry."""

    model_config = _STRICT

    no_reason: str
    basis: str
    little: str
    too_little: str
    too_little_reason: str
    event: dict[int, str]
    event_not_assessed: str
    consequence: str


def candidates(group: pl.DataFrame) -> pl.DataFrame:
    """Groups that get an entry: children's homes, and not a council."""
    return group.filter(pl.col("homes") > 0, pl.col("kind") != COUNCIL)


def entry_id(group_id: str) -> str:
    """The number of a group's entry, the same in every run."""
    return f"R-{hashlib.sha256(group_id.encode()).hexdigest()[:8]}"


def entries(
    *,
    group: pl.DataFrame,
    spread: pl.DataFrame,
    indicator: pl.DataFrame,
    contribution: pl.DataFrame,
    score: pl.DataFrame,
    scope: pl.DataFrame,
    record: pl.DataFrame,
    provider: pl.DataFrame,
    determined: pl.DataFrame,
    values: Values,
) -> pl.DataFrame:
    """Rows of `register_entry`.

    Args:
        group: the candidates.
        spread: largest authority of each group.
        indicator: newest indicators are shown.
        contribution: points with reasons, labels and the order of their rules.
        score: bands.
        scope: the scope screen.
        record: the periods of record, for date and basis of the accounts.
        provider: for the share of homes whose owner is a matched company.
        determined: group_id and determination of groups with a recorded one.
        values: parameters in force.
    """
    figures = _figures(indicator)
    likelihood, impact = _axis(score, "likelihood"), _axis(score, "impact").drop("impact_coverage", "little")
    newest = record.filter(pl.col("latest")).unique("group_id", keep="first", maintain_order=True)
    scope_set = values.texts("scope.default_set")[0]
    wide = (
        group.select("group_id", pl.col("name").alias("group_name"), "uk_parent_number", "top_name", "companies")
        .join(figures, on="group_id", how="left")
        .join(spread.select("group_id", "largest_authority"), on="group_id", how="left")
        .join(likelihood, on="group_id")
        .join(impact, on="group_id")
        .join(_reasons(contribution, indicator), on="group_id")
        .join(conditions_met(scope, scope_set), on="group_id", how="left")
        .join(
            newest.select("group_id", pl.col("period_end").alias("accounts_made_up_to"), pl.col("basis")),
            on="group_id",
            how="left",
        )
        .join(_linked(provider), on="group_id", how="left")
        .join(determined, on="group_id", how="left")
        .sort("group_id")
    )
    staged = _stage(wide, indicator, values).with_columns(
        pl.Series("entry_id", [entry_id(key) for key in wide["group_id"]], dtype=pl.String),
        pl.col(*_COUNTS).fill_null(0).cast(pl.Int64),
        (pl.col("likelihood") * pl.col("impact")).alias("rating"),
        pl.col("scope_conditions_met").fill_null(""),
        pl.col("basis").fill_null("none").alias("accounts_basis"),
        pl.col("linked_share_of_homes").fill_null(0.0),
    )
    wording = values.parse("scorecard.bands.wording", Wording)
    told = [_cause(row, wording) for row in staged.iter_rows(named=True)]
    return staged.with_columns(
        pl.col("likelihood")
        .replace_strict(wording.event, default=wording.event_not_assessed, return_dtype=pl.String)
        .alias("event"),
        pl.Series("top_reasons", [reasons for reasons, _ in told], dtype=pl.String),
        pl.Series("cause", [cause for _, cause in told], dtype=pl.String),
        pl.Series("consequence", [_consequence(row, wording) for row in staged.iter_rows(named=True)], dtype=pl.String),
    )


def lineage(entry: pl.DataFrame, indicator: pl.DataFrame) -> pl.DataFrame:
    """From each figure of an entry to its indicator, and from the entry to its two scores."""
    newest = _newest(indicator).filter(pl.col("status") == VALUE).select("group_id", "code", "indicator_id")
    named = pl.DataFrame({"role": list(FIGURES), "code": list(FIGURES.values())})
    keys = entry.select("entry_id", "group_id")
    figures = keys.join(newest.join(named, on="code"), on="group_id").select(
        pl.col("entry_id").alias("item_id"), pl.col("indicator_id").alias("input_id"), "role"
    )
    scores = [
        keys.select(
            pl.col("entry_id").alias("item_id"),
            pl.concat_str([pl.col("group_id"), pl.lit(axis)], separator=".").alias("input_id"),
            role=pl.lit(axis),
        )
        for axis in ("likelihood", "impact")
    ]
    return pl.concat([figures, *scores]).select(LINEAGE.names())


def _newest(indicator: pl.DataFrame) -> pl.DataFrame:
    return indicator.filter(pl.col("latest"), pl.col("subject_kind") == "group")


def _figures(indicator: pl.DataFrame) -> pl.DataFrame:
    """One column a figure of the register, one row a group."""
    newest = _newest(indicator).filter(pl.col("code").is_in(list(FIGURES.values())))
    table = newest.pivot(
        on="code", index="group_id", values="value", on_columns=sorted(FIGURES.values()), aggregate_function="first"
    )
    return table.select("group_id", *(pl.col(code).alias(name) for name, code in FIGURES.items()))


def _axis(score: pl.DataFrame, axis: str) -> pl.DataFrame:
    return score.filter(pl.col("axis") == axis).select(
        "group_id",
        pl.col("band").alias(axis),
        pl.col("band_name").alias(f"{axis}_name"),
        pl.col("points").alias(f"{axis}_points"),
        pl.col("coverage").alias(f"{axis}_coverage"),
        "little",
    )


def _reasons(contribution: pl.DataFrame, indicator: pl.DataFrame) -> pl.DataFrame:
    """Up to three reasons of most points, what is missing, and how many inputs there are (`known` of `all`)."""
    rows = contribution.filter(pl.col("axis") == "likelihood")
    top = (
        rows.filter(pl.col("points") > 0)
        .sort("group_id", -pl.col("points"), "place")
        .group_by("group_id", maintain_order=True)
        .agg(pl.col("reason").str.strip_suffix(".").head(_REASONS).str.join("; ").alias("top_reasons"))
    )
    missing = (
        rows.filter(pl.col("missing"))
        .sort("group_id", "place")
        .group_by("group_id", maintain_order=True)
        .agg(pl.col("label").str.join(", ").alias("missing_rules"))
    )
    unread = (
        _newest(indicator)
        .filter(pl.col("code") == "accounts_unread", pl.col("value") > 0)
        .select("group_id", unread=pl.lit(_UNREAD))
    )
    inputs = rows.group_by("group_id").agg(pl.len().alias("all"), (~pl.col("missing")).sum().alias("known"))
    return (
        inputs.join(top, on="group_id", how="left")
        .join(missing, on="group_id", how="left")
        .join(unread, on="group_id", how="left")
        .with_columns(
            pl.concat_str(["unread", "missing_rules"], separator=", ", ignore_nulls=True).alias("missing_inputs"),
        )
    )


def _cause(row: Mapping[str, object], wording: Wording) -> tuple[str, str]:
    """The main reasons, and the cause: the same with the number of inputs, or why there is no likelihood."""
    reasons = row["top_reasons"]
    counts = {"known": row["known"], "all": row["all"]}
    if row["likelihood"] is None:
        why = _why_little(row)
        basis = wording.too_little.format(why=why, **counts)
        return (str(reasons), f"{reasons}. {basis}") if reasons else (wording.too_little_reason.format(why=why), basis)
    basis = (wording.little if row["little"] else wording.basis).format(**counts)
    told = str(reasons or wording.no_reason)
    return told, f"{told.removesuffix('.')}. {basis}"


def _why_little(row: Mapping[str, object]) -> str:
    """Why there is too little evidence, in words."""
    if row["companies"] == 0:
        return "no company is linked to this owner"
    return "no accounts have been read" if row["accounts_made_up_to"] is None else "few figures are filed"


def _linked(provider: pl.DataFrame) -> pl.DataFrame:
    matched = pl.col("homes").filter(pl.col("company_number").is_not_null()).sum()
    return provider.group_by("group_id").agg((matched / pl.col("homes").sum() * 100).alias("linked_share_of_homes"))


def _stage(wide: pl.DataFrame, indicator: pl.DataFrame, values: Values) -> pl.DataFrame:
    stages = values.parse("scorecard.bands.stage", Stages)
    stage = pl.col("likelihood").replace_strict(stages.by_band, default=None, return_dtype=pl.Int64)
    lowest = min(stages.by_band.values())
    undetermined = pl.col("determination").is_null() & (stage == lowest)
    unknown = pl.col("likelihood").is_null()
    proposed = (
        pl.when(unknown)
        .then(pl.lit(stages.not_assessed, dtype=pl.Int64))
        .when(undetermined)
        .then(pl.lit(stages.before_determination, dtype=pl.Int64))
        .otherwise(stage)
    )
    staged = wide.with_columns(proposed.alias("proposed_stage"))
    newest = _newest(indicator)
    for lift in stages.at_least:
        lifted = newest.filter(pl.col("code") == lift.indicator, lift.reached()).select(
            "group_id", least=pl.lit(lift.stage, dtype=pl.Int64)
        )
        staged = (
            staged.join(lifted, on="group_id", how="left")
            .with_columns(pl.max_horizontal("proposed_stage", "least").alias("proposed_stage"))
            .drop("least")
        )
    return staged


def _consequence(row: Mapping[str, object], wording: Wording) -> str:
    share, where = row["largest_share_of_places"], row["largest_authority"]
    largest = f"; in {where} they hold {_share(share)} of the places" if isinstance(share, float) and where else ""
    return wording.consequence.format(
        homes=count(int(str(row["homes"])), "children's home", "children's homes"),
        places=count(int(str(row["places"])), "registered place", "registered places"),
        authorities=count(int(str(row["authorities"])), "local authority", "local authorities"),
        share=largest,
    )


def _share(percent: float) -> str:
    """A share without decimals that is neither nil nor all unless it is."""
    if 0 < percent < 1:
        return "under 1%"
    return f"{min(round(percent), 99) if percent < 100 else 100}%"  # noqa: PLR2004  all of it
