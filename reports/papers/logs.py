"""Assumptions log, data log and quality assurance log, after the Aqua Book."""

from typing import Final

import polars as pl

from reports.frames import RunView, parameters_in_force, register
from reports.papers.markdown import fields, paper, plain, table
from reports.papers.words import prose, roles

_SOURCES: Final = (
    "Source", "What it is", "Publisher", "Licence", "Address", "Asked", "Documents held", "Last answer", "Used",
)  # fmt: skip
_NEWEST: Final = 200


def assumptions(view: RunView) -> str:
    """Every threshold, weight and rule in force, those that no law or cited source fixes first."""
    rows = parameters_in_force(view).sort("verified", "code")
    heads = ("Code", "What it is", "Value", "Unit", "In force from", "Where it comes from")
    columns = ("code", "label", "value", "unit", "start", "reference")
    own, cited = (rows.filter(pl.col("verified") == verified).select(columns).rows() for verified in (False, True))
    return paper(
        view,
        "Assumptions log",
        [
            "## Set by this product, not fixed in law or in a source that was read",
            f"{len(own)} entries. Each is configuration; changing one is a dated entry in `risk/parameters`.",
            table(heads, own),
            "## Fixed in law or in a cited source",
            table(heads, cited),
        ],
    )


def data(view: RunView, sources: pl.DataFrame) -> str:
    """Every source: whose it is, its licence, how often it is asked, what is held, and what is wrong with it."""
    used = set(view.table("visible")["source"])
    rows = sources.sort("name").iter_rows(named=True)
    listed = [
        (
            each["name"], each["title"], each["publisher"], each["licence"], each["url"],
            "every " + str(each["cadence_days"]) + " days" if each["cadence_days"] else "when given",
            each["documents"], each["newest"], "yes" if each["name"] in used else "no",
        )
        for each in rows
    ]  # fmt: skip
    issues = view.table("issue").group_by("kind", "severity").len("count").sort("severity", "kind")
    noted = [f"- {plain(name)}: {plain(notes)}" for name, notes in sources.select("name", "notes").iter_rows() if notes]
    return paper(
        view,
        "Data log",
        [
            "## Sources",
            table(_SOURCES, listed),
            "## What is known to be wrong with them",
            "\n".join(noted) or "Nothing is noted in the sources\u2019 declarations.",
            "## Problems found in the documents of this run",
            table(("Kind", "Severity", "Count"), issues.rows()),
        ],
    )


def quality(view: RunView, decisions: pl.DataFrame) -> str:
    """Who answers for the analysis, how it is verified and validated, and what people decided."""
    newest = decisions.sort("decided_at", "kind", "subject", descending=[True, False, False]).head(_NEWEST)
    when = pl.col("decided_at").dt.strftime("%Y-%m-%d %H:%M UTC")
    checks = [(each["kind"], each["check"], each["repeat"].replace("{run}", view.run_id)) for each in prose("checks")]
    outstanding: dict[str, object] = {
        "Entries on the register": register(view).height,
        "Assurer\u2019s statement": None,
        "Limits accepted by the approver": None,
    }
    return paper(
        view,
        "Quality assurance log",
        [
            "## Roles",
            fields(roles(view)),
            "## Checks that anybody can repeat",
            table(("Kind", "Check", "How to repeat it"), checks),
            "## Decisions by people and by named rules, by kind",
            table(("Kind", "Count"), decisions.group_by("kind").len("count").sort("kind").rows()),
            "## The newest of them",
            table(
                ("Kind", "Who", "When", "About", "Why"),
                newest.select("kind", "author", when, "subject", "reason").rows(),
            ),
            "## Outstanding",
            fields(outstanding),
        ],
    )
