"""Who looked at what and who changed what: rows that nothing can change, each sealed with the one before it.

No personal data beyond the name somebody signs in with: no address, no query, no content of a form.
"""

from collections.abc import Mapping
from typing import Final

import dataframely as dy

FIRST: Final = "0" * 64
"""What the first row names as the one before it."""


class Audit(dy.Schema):
    """One request that a signed-in person made of the pages or the interface."""

    number = dy.Int64(primary_key=True, min=1, description="1, 2, 3 and so on without a gap")
    at = dy.Datetime(time_unit="us", time_zone="UTC", description="when it was answered; of a change also when asked")
    person = dy.String(description="name they sign in with")
    role = dy.String(description="their role then: viewer, analyst, approver or admin; nobody: refused")
    method = dy.String(description="GET for reading; POST for a change")
    path = dy.String(description="what was asked for, without its query")
    run_id = dy.String(nullable=True, description="run it shows, where it shows one")
    outcome = dy.Int64(nullable=True, description="HTTP status of the answer; null: a change asked for, not yet made")
    previous = dy.String(description="hash of the row before; noughts for the first")
    hash = dy.String(description="SHA-256 over all the other fields")


TABLES: Mapping[str, type[dy.Schema]] = {"audit": Audit}
