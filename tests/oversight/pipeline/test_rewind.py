from datetime import date

import polars as pl

from oversight.model.evidence import schema_of
from oversight.pipeline.rewind import REWINDS, rewind

LATE = pl.Series(["later"], dtype=pl.String)
NONE = pl.Series([], dtype=pl.String)
DAY = date(2020, 1, 1)


def rows(table: str, **values: object) -> pl.DataFrame:
    schema = schema_of(table)
    row = dict.fromkeys(schema.column_names()) | {"document_id": "later", "locator": "/items/0"} | values
    return pl.DataFrame([row], schema={name: column.dtype for name, column in schema.columns().items()})


def test_every_rule_names_columns_that_exist() -> None:
    for table, rule in REWINDS.items():
        columns = set(schema_of(table).column_names())
        assert columns >= {*rule.public_on, *rule.endings, *rule.undated, *rule.ever}, table


def test_a_charge_is_public_from_its_delivery() -> None:
    charge = rows("charge", company_number="99000001", charge_id="1", delivered_on=DAY, created_on=date(2019, 12, 1))
    assert rewind("charge", charge, DAY, LATE).height == 1
    assert rewind("charge", charge, date(2019, 12, 31), LATE).height == 0


def test_a_satisfaction_after_the_day_is_undone() -> None:
    charge = rows(
        "charge",
        company_number="99000001",
        charge_id="1",
        delivered_on=date(2018, 1, 1),
        satisfied_on=DAY,
        status="satisfied",
    )
    before = rewind("charge", charge, date(2019, 12, 31), LATE).row(0, named=True)
    assert before["satisfied_on"] is None
    assert before["status"] is None, "the status describes the day of the fetch"
    assert rewind("charge", charge, DAY, LATE)["satisfied_on"].to_list() == [DAY]


def test_a_status_fetched_by_the_day_stands() -> None:
    company = rows("company", company_number="99000001", name="X", status="active", incorporated_on=date(2010, 1, 1))
    assert rewind("company", company, DAY, NONE)["status"].to_list() == ["active"]
    assert rewind("company", company, DAY, LATE)["status"].to_list() == [None]


def test_a_dissolution_after_the_day_is_undone() -> None:
    company = rows(
        "company", company_number="99000001", name="X", incorporated_on=date(2010, 1, 1), dissolved_on=date(2021, 5, 1)
    )
    assert rewind("company", company, DAY, LATE)["dissolved_on"].to_list() == [None]


def test_an_undated_row_of_a_later_answer_cannot_peek() -> None:
    officer = rows("officer", company_number="99000001", officer_id="o", corporate=False)
    assert rewind("officer", officer, DAY, LATE).height == 0
    assert rewind("officer", officer, DAY, NONE).height == 1


def test_what_never_happened_by_the_fetch_had_not_happened_on_the_day() -> None:
    never = rows("company", company_number="99000001", name="X", incorporated_on=date(2010, 1, 1), has_charges=False)
    ever = rows("company", company_number="99000001", name="X", incorporated_on=date(2010, 1, 1), has_charges=True)
    assert rewind("company", never, DAY, LATE)["has_charges"].to_list() == [False]
    assert rewind("company", ever, DAY, LATE)["has_charges"].to_list() == [None], "it may have come later"
    assert rewind("company", ever, DAY, NONE)["has_charges"].to_list() == [True]
