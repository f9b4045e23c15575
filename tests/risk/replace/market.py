"""Invented homes in real authorities, for the tests of replacement."""

from datetime import date
from typing import Any

import polars as pl

from oversight.model.evidence import schema_of
from risk.parameters import load
from risk.replace import Assumptions, assumptions

ON = date(2025, 3, 31)
LEEDS, BRADFORD, DEVON, SCILLY = "E08000035", "E08000032", "E10000008", "E06000053"
VALUES = load().at(ON)
HOME = "Children's home"
SECURE = "Secure children's home"
SCHOOL = "Residential special school (registered as a children's home)"


def assumed(*, full: bool = False, number: int = 40, **changes: Any) -> Assumptions:
    """The parameters' assumptions, fewer trials, by centres; with `full`, half full and every empty place serves."""
    values = VALUES
    raw = dict(values.values)
    raw["replace.trials"] = {"number": number, "seed": 1, "low": 5, "high": 95}
    raw["replace.distance"] = "between_centres"
    if full:
        raw["replace.occupancy"] = {"low": 0.5, "likely": 0.5, "high": 0.5}
        raw["replace.usable"] = {"low": 1, "likely": 1, "high": 1}
    raw |= {f"replace.{name}": value for name, value in changes.items()}
    return assumptions(type(values)(on=values.on, values=raw, places=values.places))


def homes(*rows: tuple[str, str, int, int], **values: Any) -> pl.DataFrame:
    """Homes from (group, authority, how many, places each), all good children's homes unless said."""
    made = [
        {
            "document_id": "d",
            "urn": f"SC{line}-{one}-{values.get('provision_type', HOME)}-{values.get('overall', 'Good')}",
            "locator": f"row {line}",
            "as_at": ON,
            "provision_type": HOME,
            "places": places,
            "local_authority_code": code,
            "overall": "Good",
            "group_id": group,
            "is_home": True,
        }
        | values
        for line, (group, code, count, places) in enumerate(rows)
        for one in range(count)
    ]
    schema = dict(schema_of("home").create_empty().schema) | {"group_id": pl.String, "is_home": pl.Boolean}
    return pl.DataFrame(made, schema=schema)
