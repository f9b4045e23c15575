"""One run as the reports see it, and its tables joined and ordered for a reader. Nothing is computed here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

import polars as pl

from oversight.model.evidence import VISIBLE_SCHEMA, schema_of
from oversight.model.times import AsAt
from reports.style import clean, words
from reports.symbols import WITHHELD

PARAMETER_SCHEMA: Final = pl.Schema(
    [
        ("code", pl.String),
        ("label", pl.String),
        ("description", pl.String),
        ("value", pl.String),
        ("unit", pl.String),
        ("start", pl.Date),
        ("reference", pl.String),
        ("url", pl.String),
        ("verified", pl.Boolean),
    ]
)
"""Table `parameter`: one value from one start date; a value with parts is written as JSON."""

ATTRIBUTION_SCHEMA: Final = pl.Schema([("source", pl.String), ("statement", pl.String), ("url", pl.String)])
"""Table `attribution`: what the licence of a source asks to be said."""

CHANGE_SCHEMA: Final = pl.Schema(
    [(name, pl.String) for name in ("entry_id", "group_name", "change", "field", "before", "after")]
)
"""Table `change`: what is new, gone or moved on the register since the run compared with."""

DECISION_SCHEMA: Final = pl.Schema(
    [
        ("group_id", pl.String),
        ("entry_id", pl.String),
        ("decided_table", pl.String),
        ("decided_id", pl.String),
        ("subject", pl.String),
        ("what", pl.String),
        ("author", pl.String),
        ("decided_at", pl.Datetime("us", "UTC")),
        ("reason", pl.String),
        ("verdict", pl.String),
        ("approver", pl.String),
        ("approved_at", pl.Datetime("us", "UTC")),
    ]
)
"""Table `decision`: what people decided of a group, and what a second person had said of it when the run was made."""

_UNDECLARED: Final = {
    "decision": DECISION_SCHEMA,
    "parameter": PARAMETER_SCHEMA,
    "visible": VISIBLE_SCHEMA,
    "attribution": ATTRIBUTION_SCHEMA,
    "change": CHANGE_SCHEMA,
}
_ORDER: Final = "_order"
_SHOWN_AS: Final = {"net_debt": "net_debt_total"}
"""Columns of the register that show a metric under another name."""


@dataclass(frozen=True, slots=True)
class Publication:
    """Who published a run, and when."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RunView:
    """All that a rendering may use of one run.

    Attributes:
        run_id: name of the run folder.
        as_at: which evidence the run saw.
        marking: protective marking, put in capitals.
        label: a warning on every output, such as that the data are invented; may be empty.
        code_version: version of the software that computed the run.
        roles: commissioner, analyst, assurer, approver, to names; may be empty.
        tables: derived tables by name, with `parameter`, `visible`, `issue` and, where known, `attribution`.
            A table left out counts as empty.
        parameters_fingerprint: hash over the parameters in force.
        compared_with: id of the run of an earlier day that table `change` is told against; empty for none.
        publication: who published it and when; None for a draft, as every run is when it is made.
    """

    run_id: str
    as_at: AsAt
    marking: str
    label: str
    code_version: str
    roles: Mapping[str, str]
    tables: Mapping[str, pl.DataFrame]
    parameters_fingerprint: str = field(default="")
    compared_with: str = field(default="")
    publication: Publication | None = None
    _kept: dict[str, pl.DataFrame] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def compared_on(self) -> date | None:
        """The day of the run compared with: every run's id starts with its day."""
        return datetime.strptime(self.compared_with[:8], "%Y%m%d").date() if self.compared_with else None  # noqa: DTZ007

    def kept(self, name: str, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """What several sheets ask for, made when it is first asked for: a run never changes."""
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]

    def table(self, name: str) -> pl.DataFrame:
        """A table in its declared columns: columns left out are null, others are dropped.

        Raises:
            KeyError: for a name that is no table.
        """
        schema = _UNDECLARED.get(name) or schema_of(name).create_empty().schema
        frame = self.tables.get(name)
        if frame is None:
            return schema.to_frame()
        present = [pl.col(column).cast(kind) for column, kind in schema.items() if column in frame.columns]
        absent = [
            pl.lit(None, dtype=kind).alias(column) for column, kind in schema.items() if column not in frame.columns
        ]
        return frame.select(*present, *absent).select(schema.names())


def register(view: RunView) -> pl.DataFrame:
    """`register_entry`, highest rating first; ties by likelihood, impact, homes, name.

    Entries whose likelihood is not assessed come after all others, by impact.
    """
    keys = ["rating", "likelihood", "impact", "homes", "group_name", "entry_id"]
    return view.kept(
        "register",
        lambda: view.table("register_entry").sort(keys, descending=[True] * 4 + [False] * 2, nulls_last=True),
    )


def by_group(view: RunView, name: str, then: tuple[str, ...] = (), *, descending: tuple[str, ...] = ()) -> pl.DataFrame:
    """A table with `entry_id` and `group_name` in front, in the register's order.

    Groups that are not on the register come last, by name, with a null `entry_id`.

    Args:
        view: the run.
        name: a table with a `group_id`.
        then: columns to sort by within a group.
        descending: those of `then` whose largest value comes first; nulls last.
    """
    frame = view.table(name).drop("entry_id", "group_name", strict=False)
    joined = frame.join(view.kept("named", lambda: _named(view)), on="group_id", how="left")
    named = joined.with_columns(pl.coalesce("group_name", "group_id"))
    keys = [_ORDER, "group_name", "group_id", *then]
    ordered = named.sort(keys, descending=[key in descending for key in keys], nulls_last=True)
    return ordered.select("entry_id", "group_name", pl.exclude("entry_id", "group_name", _ORDER))


def _named(view: RunView) -> pl.DataFrame:
    """Every group on the register or in `group`: its place on the register, its entry and its name."""
    entries = register(view).select("group_id", "entry_id", "group_name").with_row_index(_ORDER)
    names = view.table("group").select("group_id", pl.col("name").alias("_name"))
    every = entries.join(names, on="group_id", how="full", coalesce=True)
    return every.with_columns(pl.coalesce("group_name", "_name").alias("group_name")).drop("_name")


def parameters_in_force(view: RunView) -> pl.DataFrame:
    """The value of each parameter on the as-at date, by code."""
    started = view.table("parameter").filter(pl.col("start").is_null() | (pl.col("start") <= view.as_at.on))
    return started.sort("code", "start", nulls_last=False).unique("code", keep="last", maintain_order=True).sort("code")


def labels(view: RunView) -> dict[str, str]:
    """Names for readers by code, as the parameters give them; scorecard rules also by the last part of their code."""
    named = dict(parameters_in_force(view).drop_nulls(["code", "label"]).select("code", "label").iter_rows())
    rules = {code.rpartition(".")[2]: label for code, label in named.items() if code.startswith("scorecard.")}
    return rules | named


def label_of(names: Mapping[str, str], code: str) -> str:
    """The parameters' name for a code, else the code in words."""
    return clean(names.get(code, "")) or words(code.rpartition(".")[2])


def statuses(view: RunView) -> pl.DataFrame:
    """Why a group's newest metric has no value: `group_id` and one `<code>_status` column for each metric."""
    latest = newest_metrics(view)
    wide = latest.pivot("code", index="group_id", values="status", sort_columns=True, aggregate_function="first")
    named = wide.rename({code: f"{code}_status" for code in wide.columns if code != "group_id"})
    shown = {column: f"{code}_status" for column, code in _SHOWN_AS.items() if f"{code}_status" in named.columns}
    return named.with_columns(pl.col(status).alias(f"{column}_status") for column, status in shown.items())


def top_status(view: RunView) -> pl.DataFrame:
    """Why a group's ultimate owner has no name: `group_id` and `top_status`, withheld for individuals."""
    individual = pl.col("kind") == "individual"
    return view.table("group").select("group_id", pl.when(individual).then(pl.lit(WITHHELD)).alias("top_status"))


def newest_metrics(view: RunView) -> pl.DataFrame:
    """The newest `indicator` rows about groups as a whole, one for each group and code."""
    return view.kept("newest_metrics", lambda: _newest_metrics(view))


def _newest_metrics(view: RunView) -> pl.DataFrame:
    frame = view.table("indicator").filter(pl.col("latest"), pl.col("subject_kind") == "group")
    ordered = frame.sort("group_id", "code", "dated_on", "indicator_id", descending=[False, False, True, False])
    return ordered.unique(["group_id", "code"], keep="first", maintain_order=True)


def cited_documents(view: RunView) -> pl.DataFrame:
    """The rows of `visible` that a derived row names, by document or through lineage; by source and subject."""
    named = [
        frame.select(pl.col("document_id").cast(pl.String))
        for name, frame in sorted(view.tables.items())
        if name not in {"visible", "issue"} and "document_id" in frame.columns
    ]
    lineage = view.table("lineage").select(pl.col("input_id").alias("document_id"))
    cited = pl.concat([*named, lineage]).drop_nulls().unique()
    visible = view.table("visible").join(cited, on="document_id", how="semi")
    return visible.sort("source", "subject", "published_on", "document_id", nulls_last=True)
