"""An entry for the department's register of business-critical models."""

from collections.abc import Mapping
from typing import Any

from reports.frames import RunView, parameters_in_force
from reports.papers.markdown import fields, paper
from reports.papers.words import prose, roles


def entry(view: RunView, cards: Mapping[str, Mapping[str, Any]]) -> str:
    """The entry: name, purpose, version, standing of quality assurance, dates for people to set."""
    parameters = parameters_in_force(view)
    own = parameters.filter(~parameters["verified"]).height
    content: dict[str, object] = {
        "Name": prose("name"),
        "Owner": None,
        "Purpose": prose("purpose"),
        "Business-critical": None,
        "Version": view.code_version,
        "Parts": "; ".join(["scorecard", "scope conditions", "stress", *cards]),
        "Assumptions": f"{parameters.height} in force, {own} of them not fixed in law or a cited source",
        **roles(view),
        "Standing of quality assurance": None,
        "Last review": None,
        "Next review": None,
    }
    return paper(view, "Register of models: entry (draft)", [fields(content)])
