"""Closed vocabularies: every class that a coded column may hold.

What reads, what judges and what is tested against agree on these words and no others. A class outside them is
shown as unknown, never graded. To add one: name it here, then give it its meaning in `risk/parameters`.
"""

from collections.abc import Mapping
from typing import Final

GOING_CONCERN: Final = frozenset({"none_stated", "material_uncertainty", "other_basis"})
"""`statement.value` of kind going_concern: nothing but the usual words; a material uncertainty exists; the accounts
are prepared on another basis than that of a going concern."""

AUDIT_OPINION: Final = frozenset({"clean", "emphasis_of_matter", "qualified", "adverse", "disclaimer", "unaudited"})
"""`statement.value` of kind audit_opinion."""

STATEMENTS: Final[Mapping[str, frozenset[str]]] = {"going_concern": GOING_CONCERN, "audit_opinion": AUDIT_OPINION}
"""Kinds of `statement` whose value is a class, with their classes; other kinds hold a name or a date."""

MOVEMENT: Final = frozenset({"joiner", "leaver", "both"})
"""`movement.kind`."""

LINK_DECISION: Final = frozenset({"automatic", "confirmed", "rejected", "none", "withdrawn"})
"""`link.decision`."""

LINKED: Final = frozenset({"automatic", "confirmed"})
"""Link decisions that take an owner for a company."""

OWNERSHIP_KIND: Final = frozenset({"individual", "corporate", "legal-person", "super-secure", "statement"})
"""`ownership.owner_kind`."""

OWNERSHIP_DECISION: Final = frozenset({"join", "split", "withdrawn"})
"""`ownership_decision.decision`."""

CONTROLS: Final = ("decided", "majority", "appointment", "influence", "half", "stated")
"""Roles of `holding` by which an owner controls a company, the strongest first."""

STANDS: Final = (*CONTROLS, "indirect", "minority")
"""Roles of `holding` of owners that hold something on the day."""
