"""The card of a fitted model as a paper, whatever the model declares."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from reports.frames import RunView
from reports.papers.markdown import paper, plain, table

_SUMMARY: Final = ("task", "method", "trained_on", "measured")


def file_name(name: str) -> str:
    """A model's name as part of a file name."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "model"


def summary(name: str, card: Mapping[str, Any]) -> Sequence[str]:
    """A model in a row of a table: name, task, method, what it was trained on, how it did."""
    return (name, *(_said(card.get(key)) or "see its card" for key in _SUMMARY))


def card(view: RunView, name: str, content: Mapping[str, Any]) -> str:
    """The card: a section for each part that the model declares."""
    parts = []
    for key, value in content.items():
        parts.append(f"## {plain(key.replace('_', ' ').capitalize())}")
        parts.append(_part(value))
    return paper(view, f"Model card: {plain(name)}", parts)


def _part(value: Any) -> str:
    if isinstance(value, Mapping):
        return table(("Part", "Content"), [(key.replace("_", " "), _said(inner)) for key, inner in value.items()])
    if isinstance(value, Sequence) and not isinstance(value, str):
        if value and all(isinstance(each, Mapping) for each in value):
            heads = list(dict.fromkeys(key for each in value for key in each))
            rows = [[_said(each.get(key)) for key in heads] for each in value]
            return table([plain(head.replace("_", " ")) for head in heads], rows)
        return "\n".join(f"- {plain(_said(each))}" for each in value) or "None."
    return plain(_said(value)) or "None."


def _said(value: Any) -> str:
    """A value in one line."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, Mapping):
        return "; ".join(f"{key} {_said(inner)}" for key, inner in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_said(each) for each in value)
    return str(value)
