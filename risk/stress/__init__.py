"""Stress: what a worse year would do to each group, and how many places sit with groups that break together.

A projection of the newest accounts by stated shocks and stated assumptions, not a forecast. The scenarios and
assumptions are `risk/parameters/stress.yaml`; to add a scenario, add it there.
"""

from risk.stress.draws import Together, draw
from risk.stress.scenarios import under_scenarios

__all__ = ["Together", "draw", "under_scenarios"]
