"""The scope screen: who would meet configurable conditions by number, size, concentration and share.

Whether a provider is subject to oversight is determined by the Secretary of State with a notice; these rows only
indicate.
"""

from risk.scope.conditions import ConditionSet, condition_sets
from risk.scope.measures import Holdings
from risk.scope.screen import conditions_met, judge, screen
from risk.scope.sensitivity import sensitivity

__all__ = ["ConditionSet", "Holdings", "condition_sets", "conditions_met", "judge", "screen", "sensitivity"]
