"""Which module has which command, so that a command imports its own family and no other.

Loading every family takes two seconds of processor time: most of what a short command, or a worker that a command
starts, would do.
"""

from collections import UserDict
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "stages": ("read", "run", "papers", "schedule"),
    "export": ("report",),
    "publish": ("publish",),
    "briefs": ("brief", "warn", "bulletin"),
    "look": ("status", "homes", "trace"),
    "accounts": ("accounts",),
    "evidence": ("evidence",),
    "audit": ("audit",),
    "decide": ("link",),
    "determine": ("determine",),
    "screens": ("market", "scope"),
    "ownership": ("groups", "group"),
    "review": ("review",),
    "stress": ("stress",),
    "sites": ("notices", "accept"),
    "replacing": ("replace",),
    "exits": ("exits",),
    "backtest": ("backtest",),
    "models": ("train", "panel", "evaluate"),
    "serve": ("serve",),
    "alerts": ("alert",),
    "collect": ("collect",),
    "example": ("example",),
    "pictures": ("picture",),
    "register": ("register",),
}
"""Modules beside this one, and the commands of each, in the order of the help. Each has a `register` that adds them."""


class _Commands(UserDict[str, Any]):
    """The commands by name; the family of one is imported when it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.data = {name: None for names in FAMILIES.values() for name in names}

    def __getitem__(self, name: str) -> Any:
        if name in self.data and self.data[name] is None:
            family = next(family for family, names in FAMILIES.items() if name in names)
            self.data.update(loaded(family))
        return self.data[name]


class Families(TyperGroup):
    """The group of all commands, each there by name and imported when needed."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.commands = _Commands()


@cache
def loaded(family: str) -> Mapping[str, Any]:
    """The commands a family registers, by name."""
    add: Callable[[typer.Typer], None] = import_module(f"oversight.cli.{family}").register
    app = typer.Typer(rich_markup_mode="rich", pretty_exceptions_enable=False, add_completion=False)
    app.callback()(_nothing)
    add(app)
    return get_group(app).commands


def _nothing() -> None:
    """What a group does before its command: here nothing, the group above does it."""
