"""The register, its highest ratings, the likelihood by impact table, and the reasons."""

import json
from typing import Final

import polars as pl

from reports.frames import RunView, by_group, label_of, labels, parameters_in_force, register, statuses, top_status
from reports.marking import marking_text
from reports.sheet import Column, Kind, Sheet, sheet_of
from reports.sheets.common import ENTRY, GATHERED_NOTE, GROUP, SHORTHAND_NOTE, TRACE_NOTE, gathered, sentence
from reports.standing import by_entry, standing
from reports.style import date_text, words
from reports.symbols import NOT_APPLICABLE, NOT_ASSESSED, TO_COMPLETE

HIGHEST: Final = 20

MANUAL: Final = {
    "category": "Category of risk",
    "controls": "Controls and mitigations",
    "residual_likelihood": "Residual likelihood (1 to 5)",
    "residual_impact": "Residual impact (1 to 5)",
    "target": "Target rating",
    "appetite": "Appetite statement",
    "owner": "Risk owner",
    "actions": "Actions, with owner and due date",
    "response": f"Provider{chr(0x2019)}s response",
    "trend": "Trend",
    "decided_stage": "Escalation stage decided",
    "significant_risk": "Significant risk to financial sustainability (a person\u2019s judgement)",
    "real_possibility": "Real possibility of failure (a person\u2019s judgement)",
    "business_failure": "Business failure likely (a person\u2019s judgement)",
    "service_cessation": "Service cessation likely (a person\u2019s judgement)",
    "raised_on": "Date raised",
    "reviewed_on": "Last reviewed",
    "review_due_on": "Next review",
    "status": "Status",
    "analyst": "Analyst",
    "approver": "Approver",
}
"""Fields of an Orange Book register that people fill in."""

_FIGURES: Final = (
    Column("turnover", "Turnover (£)", Kind.MONEY, 17),
    Column("operating_margin", "Operating margin (%)", Kind.PERCENT, 12, 1),
    Column("ebitda_margin", "EBITDA margin (%)", Kind.PERCENT, 12, 1),
    Column("net_debt", "Net debt, total (£)", Kind.MONEY, 17),
    Column("net_debt_to_ebitda", "Net debt to EBITDA (times)", Kind.DECIMAL, 13, 1),
    Column("interest_cover", "Interest cover (times)", Kind.DECIMAL, 12, 1),
    Column("current_ratio", "Current ratio (times)", Kind.DECIMAL, 12, 2),
    Column("net_assets", "Net assets (£)", Kind.MONEY, 17),
    Column("altman_z2", "Altman Z\u2033 (score)", Kind.DECIMAL, 12, 2),
)


def register_sheet(view: RunView) -> Sheet:
    """Every entry with all its fields; those that people complete stand at the end."""
    frame = register(view)
    for why in (statuses(view), top_status(view)):
        frame = frame.join(why, on="group_id", how="left", maintain_order="left")
    frame = frame.with_columns(
        pl.lit(view.code_version).alias("code_version"),
        pl.lit(marking_text(view.marking)).alias("marking"),
        pl.lit(standing(view)).alias("standing"),
        pl.col("likelihood_coverage") * 100,
        sentence("accounts_basis", "scope_conditions_met", "missing_inputs"),
    )
    for beside in (_written(view), by_entry(view)):
        frame = frame.join(beside, on="entry_id", how="left", maintain_order="left")
    figures = tuple(Column(c.name, c.header, c.kind, c.width, c.decimals, status=f"{c.name}_status") for c in _FIGURES)
    manual = tuple(Column(name, header, width=20, missing=TO_COMPLETE) for name, header in MANUAL.items())
    return sheet_of(
        "Register",
        "Risk register, highest rating first, groups not assessed last",
        "Every group on the register, with its ratings, reasons and key figures",
        frame,
        (*_register_columns(), *figures, *manual, *_LAST),
        notes=(
            TRACE_NOTE,
            SHORTHAND_NOTE,
            "Likelihood and impact are before controls (inherent). People fill in the cells marked [to be completed];",
            "oversight register import FILE keeps what they wrote, and the next register shows it.",
        ),
        editable=True,
    )


def _written(view: RunView) -> pl.DataFrame:
    """entry_id and what people wrote in each manual column, null where nobody has."""
    kept = view.table("register_field").filter(pl.col("field").is_in(list(MANUAL)))
    wide = kept.pivot("field", index="entry_id", values="value", on_columns=list(MANUAL), aggregate_function="first")
    return wide.select("entry_id", pl.col(*MANUAL).cast(pl.String))


_UNASSESSED: Final = "Not assessed"
_LAST: Final = (
    Column("code_version", "Model version", width=16),
    Column("marking", "Protective marking", width=22),
    Column("standing", "Draft or final", width=24),
)


def _register_columns() -> tuple[Column, ...]:
    none_met = "None met"
    return (
        ENTRY,
        GROUP,
        Column("rating", "Rating (1 to 25)", Kind.INTEGER, 10, missing=NOT_ASSESSED),
        Column("likelihood", "Likelihood (1 to 5)", Kind.INTEGER, 12, missing=NOT_ASSESSED),
        Column("likelihood_name", "Likelihood", width=24),
        Column("impact", "Impact (1 to 5)", Kind.INTEGER, 12),
        Column("impact_name", "Impact", width=18),
        Column("proposed_stage", "Proposed stage (1 to 4)", Kind.INTEGER, 12),
        Column("top_reasons", "Main reasons", width=60, missing="None"),
        Column("to_consider", "For a person to consider", width=36, missing="None"),
        Column("band_would_rise", "What would raise the likelihood", width=48, missing="None"),
        Column("band_would_fall", "What would lower it", width=48, missing=NOT_ASSESSED),
        Column("business_failure_signs", "Signs that bear on business failure", width=60, missing="None"),
        Column("service_cessation_signs", "Signs that bear on service cessation", width=50, missing="None"),
        Column("cause", "Cause", width=50),
        Column("event", "Event", width=50),
        Column("consequence", "Consequence", width=50),
        Column("homes", "Homes", Kind.INTEGER, 12),
        Column("places", "Places", Kind.INTEGER, 12),
        Column("authorities", "Local authorities", Kind.INTEGER, 12),
        Column("largest_authority", "Largest share in", width=24),
        Column("largest_share_of_places", "Largest share of an authority\u2019s places (%)", Kind.PERCENT, 16, 1),
        Column("scope_conditions_met", "Scope conditions met", width=24, missing=none_met),
        Column("determination", "Determination, as a person recorded it", width=36, missing="None recorded"),
        Column("awaiting", "Decisions awaiting a second person\u2019s approval", width=48, missing="None"),
        Column("uk_parent_number", "UK parent company number", width=14),
        Column("top_name", "Ultimate owner found", width=32, status="top_status"),
        Column("accounts_made_up_to", "Accounts made up to", Kind.DATE, 20),
        Column("accounts_age_months", "Age of accounts (months)", Kind.DECIMAL, 12),
        Column("accounts_basis", "Basis of accounts", width=18),
        Column("likelihood_points", "Likelihood points", Kind.DECIMAL, 12, 1),
        Column("impact_points", "Impact points", Kind.DECIMAL, 10, 1),
        Column("likelihood_coverage", "Evidence held for likelihood (%)", Kind.PERCENT, 14),
        Column("missing_inputs", "Missing inputs", width=100, missing="None"),
        Column("linked_share_of_homes", "Homes whose owner is matched to a company (%)", Kind.PERCENT, 18),
    )


def highest(view: RunView) -> Sheet:
    """The first entries of the register on one page."""
    frame = register(view)
    shown = min(HIGHEST, frame.height)
    unassessed = frame["rating"].null_count()
    after = (f"Not assessed for want of evidence: {unassessed:,} entries, which stand after the rest, by impact.",)
    columns = (
        ENTRY,
        GROUP,
        Column("rating", "Rating (1 to 25)", Kind.INTEGER, 10, missing=NOT_ASSESSED),
        Column("likelihood_name", "Likelihood", width=24),
        Column("impact_name", "Impact", width=18),
        Column("proposed_stage", "Proposed stage", Kind.INTEGER, 11),
        Column("homes", "Homes", Kind.INTEGER, 9),
        Column("top_reasons", "Main reasons", width=48, missing="None"),
        Column("accounts_made_up_to", "Accounts made up to", Kind.DATE, 19),
    )
    return sheet_of(
        "Highest ratings",
        f"The first {shown} of {frame.height:,} entries on the register",
        "The top of the register on one page",
        frame.head(HIGHEST),
        columns,
        notes=(TRACE_NOTE, *(after if unassessed else ())),
    )


_WHAT: Final = {
    "group_name": "Name",
    "uk_parent_number": "UK parent company number",
    "scope_conditions_met": "Scope conditions met",
    "top_reasons": "Main reasons",
    "": "The entry",
}


def movements(view: RunView) -> Sheet:
    """What is new, gone or moved on the register since the run of an earlier day, in the register's order."""
    places = register(view).select("entry_id").with_row_index("_place")
    frame = (
        view.table("change")
        .join(places, on="entry_id", how="left")
        .sort("_place", "entry_id", "change", "field", nulls_last=True)
        .with_columns(
            sentence("change"),
            pl.col("field")
            .map_elements(lambda name: _WHAT.get(name) or words(name), return_dtype=pl.String)
            .alias("what"),
        )
    )
    columns = (
        ENTRY,
        GROUP,
        Column("change", "Change", width=12),
        Column("what", "What", width=26),
        Column("before", "Before", width=52, missing=NOT_APPLICABLE),
        Column("after", "Now", width=52, missing=NOT_APPLICABLE),
    )
    since = view.compared_on
    told = (
        "There was no run of an earlier day to compare with."
        if since is None
        else f"Compared with run {view.compared_with}, as at {date_text(since)}."
    )
    return sheet_of(
        "Movements",
        "Movements: what is new, gone or moved on the register since the last run of an earlier day",
        "Entries that are new, gone or moved since the last run",
        frame,
        columns,
        notes=(told, TRACE_NOTE),
    )


def likelihood_by_impact(view: RunView) -> Sheet:
    """How many entries have each likelihood and impact: five by five, highest likelihood first.

    A last row counts those whose likelihood is not assessed, where there are any.
    """
    frame = view.table("register_entry")
    impacts = {band: f"impact_{band}" for band in range(1, 6)}
    names = [pl.col("impact").eq(band).sum().cast(pl.Int64).alias(column) for band, column in impacts.items()]
    counted = frame.group_by("likelihood").agg(*names)
    unassessed = [None] if frame["likelihood"].null_count() else []
    bands = pl.DataFrame({"likelihood": [5, 4, 3, 2, 1, *unassessed]}, schema={"likelihood": pl.Int64})
    full = bands.join(counted, on="likelihood", how="left", nulls_equal=True, maintain_order="left")
    likely, severe = _band_names(view, "likelihood"), _band_names(view, "impact")
    named = [_band(band, likely) if band else _UNASSESSED for band in full["likelihood"]]
    rows = full.with_columns(pl.col(*impacts.values()).fill_null(0), pl.Series("band", named, dtype=pl.String))
    columns = (
        Column("band", "Likelihood", width=30),
        *(Column(name, f"Impact {_band(band, severe)}", Kind.INTEGER, 18) for band, name in impacts.items()),
    )
    return sheet_of(
        "Likelihood by impact",
        "Number of groups by likelihood and impact",
        "How many groups have each combination, five by five",
        rows,
        columns,
        notes=("Each cell counts register entries. Sort the register by its two columns to see which they are.",),
    )


def _band_names(view: RunView, axis: str) -> dict[int, str]:
    """Names of the five bands: as the parameters have them, else as the entries do."""
    declared = parameters_in_force(view).filter(pl.col("code") == f"scorecard.bands.{axis}").get_column("value")
    bands = json.loads(declared.item()) if declared.len() == 1 else []
    named = {number: str(band["name"]) for number, band in enumerate(bands, start=1)}
    pairs = view.table("register_entry").select(axis, f"{axis}_name").drop_nulls().unique().sort(axis, f"{axis}_name")
    return dict(pairs.iter_rows()) | named


def _band(band: int, names: dict[int, str]) -> str:
    """`4, high`; the number alone where no entry has that band."""
    name = names.get(band, "")
    return f"{band}, {name[:1].lower()}{name[1:]}" if name else str(band)


def reasons(view: RunView) -> Sheet:
    """Each rule's points for each group."""
    names = labels(view)
    frame = by_group(view, "contribution", ("axis", "points", "rule"), descending=("axis", "points")).with_columns(
        pl.col("axis").str.to_titlecase(),
        pl.col("rule").map_elements(lambda code: label_of(names, code), return_dtype=pl.String),
        pl.when("missing").then(pl.lit("Input missing")).otherwise(pl.lit("Input found")).alias("input"),
    )
    # A reason without input opens with the measure's name, which has its own column; what follows is alike for many.
    opening = r"^.*: no input \((.*)\)\.$"
    frame = frame.with_columns(
        pl.when("missing")
        .then(pl.col("reason").str.replace(opening, "No input: $1."))
        .otherwise("reason")
        .alias("reason")
    )
    alike = ("group_id", "axis", "reason")
    frame = gathered(frame, pl.col("missing"), alike, name="rule", key="contribution_id", noun="rules")
    frame = frame.with_columns(maximum=pl.when(pl.col("contribution_id").is_not_null()).then("maximum"))
    columns = (
        ENTRY,
        GROUP,
        Column("axis", "Axis", width=12),
        Column("rule", "Rule", width=30),
        Column("points", "Points", Kind.DECIMAL, 8, 1),
        Column("maximum", "Most points", Kind.DECIMAL, 9, 1),
        Column("reason", "Reason", width=52),
        Column("input", "Input", width=14),
        Column("contribution_id", "ID to trace", width=42),
    )
    return sheet_of(
        "Reasons",
        "Reasons: the points behind each likelihood and impact",
        "Each rule, the points it added and why",
        frame,
        columns,
        notes=(SHORTHAND_NOTE, GATHERED_NOTE),
    )
