"""YAML read safely, and by the C parser where there is one: every process that starts reads parameters and sources."""

from typing import Any, Final

import yaml

FAST: Final = hasattr(yaml, "CSafeLoader")
if FAST:
    from yaml import CSafeLoader as SafeLoader
else:
    from yaml import SafeLoader  # type: ignore[assignment]

__all__ = ["FAST", "SafeLoader", "read_yaml"]


def read_yaml(text: str) -> Any:
    """The content of a YAML text, of plain types only.

    Raises:
        yaml.YAMLError: for a text that is none.
    """
    return yaml.load(text, Loader=SafeLoader)
