"""How it is done: pages made from what the product declares and the run used."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from oversight.web import sections
from oversight.web.sections import Link, Section
from oversight.web.shelf import OpenRun, OpenView
from oversight.web.tables import PageTable, page_table, plain_table
from oversight.web.visit import Page, Visit
from reports.frames import label_of, labels, parameters_in_force
from reports.sheets import evidence, front
from reports.style import clean, number_text, words

_PAGES: Final = (
    Link("Indicators and the rules that give points", "/method/indicators"),
    Link("Parameters: thresholds and weights, verified or not", "/method/parameters"),
    Link("Scope conditions", "/method/conditions"),
)


def method_page(visit: Visit) -> Page:
    """How to read it, in words; and where the declarations stand."""

    def make(run: OpenRun) -> tuple[str, Mapping[str, object]]:
        cover = [(str(item), getattr(detail, "text", detail)) for item, detail in front.cover(run.view).table.rows]
        return "Method", {
            "intro": (front.CAUTION,),
            "links": tuple(Link(link.text, visit.href(link.href)) for link in _PAGES),
            "sections": (
                Section("How this run was made", facts=tuple((item, str(text)) for item, text in cover)),
                Section("Words and shorthand", tables=(page_table(front.notes(), caption="Words and shorthand"),)),
            ),
        }

    return visit.page_of_run(sections.TEMPLATE, make)


def indicators_page(visit: Visit) -> Page:
    """Every indicator of the run, and every rule with what it asks."""

    def make(run: OpenRun) -> tuple[str, Mapping[str, object]]:
        rules = {axis: _rules(run.view, axis) for axis in ("likelihood", "impact")}
        return "Indicators and rules", {
            "intro": (
                "A rule looks at one indicator and adds points by steps. The points of an axis add up to its band.",
            ),
            "links": (Link("Method", visit.href("/method")),),
            "sections": (
                Section("Likelihood", tables=(rules["likelihood"],)),
                Section("Impact", tables=(rules["impact"],)),
                Section("Indicators", tables=(_indicators(run.view),)),
            ),
        }

    return visit.page_of_run(sections.TEMPLATE, make)


def parameters_page(visit: Visit) -> Page:
    """Every parameter in force, verified or not."""

    def make(run: OpenRun) -> tuple[str, Mapping[str, object]]:
        held = parameters_in_force(run.view)
        checked = held.filter("verified").height
        table = page_table(evidence.parameters(run.view), caption="Parameters in force")
        return "Parameters", {
            "intro": (
                (
                    f"{number_text(checked)} of {number_text(held.height)} are verified against a cited source. The "
                    "others are settings of this product until somebody fixes them."
                ),
            ),
            "links": (Link("Method", visit.href("/method")),),
            "sections": (Section("In force on the day of the run", tables=(table,)),),
        }

    return visit.page_of_run(sections.TEMPLATE, make)


def conditions_page(visit: Visit) -> Page:
    """Sets of scope conditions, and how many groups meet each."""

    def make(run: OpenRun) -> tuple[str, Mapping[str, object]]:
        declared = {
            row["code"].removeprefix("scope."): row for row in parameters_in_force(run.view).iter_rows(named=True)
        }
        scope = run.view.table("scope")
        counted = scope.group_by("condition_set", "condition", "kind", "threshold", "unit", "verified").agg(
            pl.col("met").sum()
        )
        made = []
        for name in counted["condition_set"].unique().sort():
            rows = [
                (
                    words(row["condition"]),
                    words(row["kind"] or "not said"),
                    "not tested" if row["threshold"] is None else f"{number_text(row['threshold'], 1)} {row['unit']}",
                    number_text(row["met"]),
                    "cited source" if row["verified"] else "a setting, not law",
                )
                for row in counted.filter(pl.col("condition_set") == name)
                .sort("condition", "threshold")
                .iter_rows(named=True)
            ]
            headers = (
                "Condition",
                "Kind, as in section 30ZE(4)",
                "Hardest threshold",
                "Groups that meet it",
                "Standing",
            )
            about = declared.get(name, {})
            made.append(
                Section(
                    clean(str(about.get("label") or words(name))),
                    words=tuple(text for text in (clean(str(about.get("description") or "")),) if text),
                    tables=(plain_table(f"Conditions: {words(name).lower()}", headers, rows, numbers={3}),),
                )
            )
        return "Scope conditions", {
            "intro": (
                (
                    "Conditions are configuration until regulations set them. Meeting one is an indicator. Whether a "
                    "provider is subject to oversight is determined by the Secretary of State alone."
                ),
            ),
            "links": (
                Link("Determinations that people recorded", "/determinations"),
                Link("Method", visit.href("/method")),
            ),
            "sections": tuple(made),
        }

    return visit.page_of_run(sections.TEMPLATE, make)


def _rules(view: OpenView, axis: str) -> PageTable:
    frame = evidence.parameters(
        view.but({"parameter": view.table("parameter").filter(pl.col("code").str.starts_with(f"scorecard.{axis}."))})
    )
    return page_table(
        frame, caption=f"Rules of {axis}", only=("label", "value", "description", "standing", "reference", "start")
    )


def _indicators(view: OpenView) -> PageTable:
    names = labels(view)
    newest = view.table("indicator").filter("latest")
    counted = newest.group_by("code").agg(
        pl.col("unit").sort().first(), pl.col("value").is_not_null().sum().alias("given"), pl.len().alias("asked")
    )
    rows = [
        (
            label_of(names, row["code"]),
            row["unit"],
            f"{number_text(row['given'])} of {number_text(row['asked'])}",
            row["code"],
        )
        for row in counted.sort("code").iter_rows(named=True)
    ]
    return plain_table("Indicators", ("Indicator", "Unit", "Groups with a value", "Code"), sorted(rows), numbers={2})
