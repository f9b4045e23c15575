"""One owner with one home and one company, judged: what the tests of signals begin with."""

from datetime import date
from typing import Any

import polars as pl

from oversight.model.assessment import Assessment
from risk.assess import assess
from risk.parameters import load
from tests.risk.build import Builder, document

NUMBER = "00000001"


SECOND = "00000002"


END = date(2024, 3, 31)


PARAMETERS = load()


def provider(**values: Any) -> Builder:
    """One owner with one home and one company."""
    made = Builder()
    made.homes("Alpha Care Ltd", 1)
    made.company(NUMBER, "ALPHA CARE LTD", **values)
    made.link("Alpha Care Ltd", NUMBER)
    return made


def judged(made: Builder) -> Assessment:
    return assess(made.evidence(), PARAMETERS)


def signal(made: Builder, code: str) -> float | None:
    found = judged(made).indicator.filter(pl.col("code") == code, pl.col("latest"))
    assert found.height == 1, code
    row = found.row(0, named=True)
    assert (row["value"] is None) == (row["status"] != "value")
    return None if row["value"] is None else float(row["value"])


def kinds(made: Builder) -> list[str]:
    return sorted(judged(made).event["kind"].to_list())


def charge(made: Builder, number: int, created: date, **values: Any) -> None:
    page = document(f"companies_house.charges/{NUMBER}/None")
    if all(row["document_id"] != page for row in made.visible):
        made.page("companies_house.charges", NUMBER)
    made.add(
        "charge", document_id=page, locator=f"/items/{number}", company_number=NUMBER, charge_id=f"c{number}",
        created_on=created, delivered_on=created, status="outstanding", **values,
    )  # fmt: skip


def row_of(made: Builder, code: str) -> dict[str, Any]:
    return judged(made).indicator.filter(pl.col("code") == code, pl.col("latest")).row(0, named=True)
