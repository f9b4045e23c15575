"""Every table, declared once.

A declaration gives the frame's type, the columns in SQLite and PostgreSQL, and the data dictionary.
`fetched`, `decided`, `told`, `worked` and `audited` tables are irreplaceable; `read` tables can be dropped and read
again from the archive; `derived` tables belong to one run. Money is in pounds; dates are days in London; moments UTC.

To add a table: declare it in the module of its layer and name it in that module's `TABLES`.
"""

from collections.abc import Mapping

import dataframely as dy

from oversight.model.tables import audited, decided, derived, fetched, read, told, worked

TABLES: Mapping[str, type[dy.Schema]] = {
    **fetched.TABLES,
    **read.TABLES,
    **decided.TABLES,
    **told.TABLES,
    **derived.TABLES,
    **worked.TABLES,
    **audited.TABLES,
}

__all__ = ["TABLES", "audited", "decided", "derived", "fetched", "read", "told", "worked"]
