"""Triggers with which SQLite and PostgreSQL themselves keep the audit log: rows are added at its end, and stay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from oversight.model.tables.audited import FIRST

_CHANGED: Final = "the audit log can only be added to"
_LINKED: Final = "a row of the audit log must follow the last one"


@dataclass(frozen=True, slots=True)
class Guards:
    """Triggers of one kind of database.

    Attributes:
        names: of the triggers.
        look: query for the names of the triggers there are.
        statements: that make them, in order.
    """

    names: Sequence[str]
    look: str
    statements: Sequence[str]

    def missing(self, connection: Connection) -> list[str]:
        """Triggers that are not there."""
        there = {str(name) for (name,) in connection.execute(sa.text(self.look))}
        return [name for name in self.names if name not in there]


_REFUSE: Final = f"begin select raise(abort, '{_CHANGED}'); end"
_LAST: Final = "(select hash from audit order by number desc limit 1)"
_NEXT: Final = "new.number <> coalesce((select max(number) from audit), 0) + 1"
_AFTER: Final = f"new.previous <> coalesce({_LAST}, '{FIRST}')"
_LOOSE: Final = f"{_NEXT} or {_AFTER}"
_LANGUAGE: Final = "returns trigger language plpgsql as"

_SQLITE: Final = Guards(
    names=("audit_insert", "audit_update", "audit_delete"),
    look="select name from sqlite_master where type = 'trigger' and tbl_name = 'audit'",
    statements=(
        # a replacing insert deletes without asking the trigger on delete, but asks this one
        f"create trigger audit_insert before insert on audit when {_LOOSE} begin select raise(abort, '{_LINKED}'); end",
        f"create trigger audit_update before update on audit {_REFUSE}",
        f"create trigger audit_delete before delete on audit {_REFUSE}",
    ),
)
_CHECK: Final = f"if {_LOOSE} then raise exception '{_LINKED}'; end if; return new;"
_POSTGRESQL: Final = Guards(
    names=("audit_insert", "audit_update", "audit_delete", "audit_truncate"),
    look="select tgname from pg_trigger where tgrelid = 'audit'::regclass and not tgisinternal and tgenabled <> 'D'",
    statements=(
        f"create or replace function audit_refuse() {_LANGUAGE} $$ begin raise exception '{_CHANGED}'; end $$",
        f"create or replace function audit_link() {_LANGUAGE} $$ begin {_CHECK} end $$",
        "create trigger audit_insert before insert on audit for each row execute function audit_link()",
        "create trigger audit_update before update on audit for each row execute function audit_refuse()",
        "create trigger audit_delete before delete on audit for each row execute function audit_refuse()",
        "create trigger audit_truncate before truncate on audit for each statement execute function audit_refuse()",
    ),
)
GUARDS: Final[Mapping[str, Guards]] = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}


def guard(connection: Connection) -> None:
    """Make the triggers of a new log. One that has rows and has lost its triggers is left so, for `verify` to tell."""
    guards = GUARDS[connection.dialect.name]
    fresh = connection.execute(sa.text("select 1 from audit limit 1")).first() is None
    if fresh and len(guards.missing(connection)) == len(guards.names):
        for statement in guards.statements:
            connection.exec_driver_sql(statement)
