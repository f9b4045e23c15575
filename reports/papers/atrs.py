"""A draft record for the Algorithmic Transparency Recording Standard: tier 1, and the five sections of tier 2."""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from reports.frames import RunView, register
from reports.papers.cards import summary
from reports.papers.markdown import fields, paper, table
from reports.papers.words import prose, roles

_MODELS: Final = ("Model", "Task", "Method", "Trained on", "Measured")
_DATA: Final = ("Source", "What it is", "Publisher", "Licence", "Documents held")


def record(view: RunView, sources: pl.DataFrame, cards: Mapping[str, Mapping[str, Any]]) -> str:
    """The draft record. Whether the standard applies, and what is exempt, the department decides."""
    used = sorted(set(view.table("visible")["source"]))
    listed = sources.filter(pl.col("name").is_in(used)).sort("name")
    return paper(
        view,
        "Algorithmic transparency record (draft)",
        [
            "Whether the standard applies to this tool, and which details are exempt, is for the department to decide.",
            "## Tier 1",
            fields({"Name": prose("name"), "Description": prose("description"), "Website": None, "Contact": None}),
            "## Tier 2, section 1: owner and responsibility",
            fields({"Organisation and team": None, "Senior responsible owner": None, "External supplier": None}
                   | roles(view)),
            "## Tier 2, section 2: description and rationale",
            fields({"Detailed description": prose("description"), "Scope": prose("scope"), "Benefit": prose("benefit"),
                    "Previous process": prose("previous_process"), "Alternatives considered": None}),
            "## Tier 2, section 3: the decision-making process",
            fields(_process(view)),
            "## Tier 2, section 4: tool and data",
            fields({"Architecture": prose("architecture"), "Judgement": prose("judgement"),
                    "Code version": view.code_version, "Phase": None, "Maintenance": None}),
            "### Fitted models",
            table(_MODELS, [summary(name, card) for name, card in cards.items()]),
            "### Data",
            table(_DATA, listed.select("name", "title", "publisher", "licence", "documents").rows()),
            "## Tier 2, section 5: risks, mitigations and impact assessments",
            fields({"Data protection impact assessment": None, "Equality impact assessment": None}),
            table(("Risk", "What is done about it"), prose("risks").items()),
        ],
    )  # fmt: skip


def _process(view: RunView) -> dict[str, object]:
    return {
        "How it enters the decision": prose("in_the_decision"),
        "Information given": prose("information_given"),
        "Frequency and scale": f"When new documents are read; {register(view).height:,} entries in this run",
        "Human decisions and review": prose("human_decisions"),
        "Training required": None,
        "Appeals and review": None,
    }
