"""Signals from filings, registers and publications: one file a family, each giving indicators, events and lineage.

To add a family: a module with `measure(scene) -> Findings`, named in `FAMILIES`; its thresholds go into
`risk/parameters`, its scoring rules into `risk/parameters/scorecard`.
"""

from collections.abc import Callable, Mapping
from typing import Final

from risk.findings import Findings
from risk.indicators import (
    charges,
    exits,
    filings,
    insolvency,
    names,
    officers,
    quality,
    reliability,
    standards,
    statements,
)
from risk.indicators.scene import Scene

FAMILIES: Final[Mapping[str, Callable[[Scene], Findings]]] = {
    "filings": filings.measure,
    "charges": charges.measure,
    "insolvency": insolvency.measure,
    "statements": statements.measure,
    "officers": officers.measure,
    "names": names.measure,
    "quality": quality.measure,
    "standards": standards.measure,
    "exits": exits.measure,
    "reliability": reliability.measure,
}

__all__ = ["FAMILIES", "Scene", "measure"]


def measure(scene: Scene) -> Findings:
    """The findings of every family."""
    return Findings.together(family(scene) for family in FAMILIES.values())
