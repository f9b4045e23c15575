"""The golden register of the invented market.

After an intended change: `python -m tests.risk.golden`, then read the difference before committing it.
"""

import json
from pathlib import Path
from typing import Any

from risk.assess import assess
from risk.parameters import load
from tests.risk import market

PATH = Path(__file__).parents[1] / "golden" / "register_of_the_invented_market.json"


def register() -> list[dict[str, Any]]:
    """The register's rows in plain values, floats to six decimals."""
    frame = assess(market.evidence(), load()).tables()["register_entry"].sort("group_name")
    return [{name: _plain(value) for name, value in row.items()} for row in frame.iter_rows(named=True)]


def _plain(value: object) -> object:
    if isinstance(value, float):
        return round(value, 6)
    return value if value is None or isinstance(value, int | str) else str(value)


if __name__ == "__main__":
    PATH.write_text(json.dumps(register(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
