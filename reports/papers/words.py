"""What the papers say that does not change from run to run: `words.yaml` beside this module."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from reports.frames import RunView


@cache
def _words() -> dict[str, Any]:
    content = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise TypeError("reports/papers/words.yaml is not a mapping")
    return content


def prose(name: str) -> Any:
    """One entry.

    Raises:
        KeyError: if there is none.
    """
    return _words()[name]


def roles(view: RunView) -> dict[str, object]:
    """The four roles of the Aqua Book and who holds them; None where the settings do not say."""
    return {
        name.capitalize(): view.roles.get(name) or None for name in ("commissioner", "analyst", "assurer", "approver")
    }
