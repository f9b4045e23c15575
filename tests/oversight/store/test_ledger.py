from datetime import UTC, date, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from oversight.errors import StoreError
from oversight.store.ledger import Ledger

NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)


def attempt(number: int, **values: object) -> dict[str, object]:
    return {
        "fetch_id": f"f{number}",
        "source": "companies_house.profile",
        "subject": "99000001",
        "url": "http://127.0.0.1/company/99000001",
        "requested_at": NOON + timedelta(minutes=number),
        "retrieved_at": NOON + timedelta(minutes=number, seconds=1),
        "status": "ok",
    } | values


def test_a_row_written_twice_is_there_once(ledger_url: str) -> None:
    with Ledger(ledger_url) as ledger:
        assert ledger.add("fetch", [attempt(1), attempt(2)]) == 2
        assert ledger.add("fetch", [attempt(1, status="failed"), attempt(3)]) == 1
        frame = ledger.frame("fetch")
    assert frame["fetch_id"].to_list() == ["f1", "f2", "f3"]
    assert frame["status"].to_list() == ["ok", "ok", "ok"], "the first row stands: nothing is updated"


def test_many_rows_are_all_counted(ledger_url: str) -> None:
    with Ledger(ledger_url) as ledger:
        assert ledger.add("fetch", [attempt(number) for number in range(1_203)]) == 1_203
        assert ledger.count("fetch") == 1_203


def test_moments_come_back_in_utc_and_dates_as_dates(ledger_url: str) -> None:
    summer_time = datetime(2025, 6, 1, 13, 5, tzinfo=timezone(timedelta(hours=1)))
    with Ledger(ledger_url) as ledger:
        ledger.add("fetch", [attempt(1, requested_at=summer_time, published_on=date(2025, 5, 31))])
        row = ledger.frame("fetch").row(0, named=True)
    assert row["requested_at"] == datetime(2025, 6, 1, 12, 5, tzinfo=UTC)
    assert row["published_on"] == date(2025, 5, 31)
    assert row["etag"] is None


def test_a_moment_without_a_time_zone_is_refused(ledger_url: str) -> None:
    with Ledger(ledger_url) as ledger, pytest.raises(Exception, match="time zone"):
        ledger.add("fetch", [attempt(1, requested_at=datetime(2025, 6, 1))])  # noqa: DTZ001


def test_a_column_nobody_declared_is_refused(ledger_url: str) -> None:
    with Ledger(ledger_url) as ledger, pytest.raises(ValueError, match="colour"):
        ledger.add("fetch", [attempt(1, colour="red")])


def test_the_last_answer_passes_over_failures(ledger_url: str) -> None:
    with Ledger(ledger_url) as ledger:
        ledger.add("fetch", [attempt(1, etag="a"), attempt(2, etag="b"), attempt(3, status="failed", error="reset")])
        last = ledger.last_fetch("companies_house.profile", "99000001")
        assert last is not None
        assert last["etag"] == "b"
        assert ledger.last_fetch("companies_house.profile", "99000002") is None


def test_all_tables_of_one_call_or_none(ledger_url: str) -> None:
    with Ledger(ledger_url) as ledger:
        with pytest.raises(ValueError, match="colour"):
            ledger.add_all({"fetch": [attempt(1)], "document": [{"document_id": "0" * 64, "colour": "red"}]})
        assert ledger.count("fetch") == 0


def reading(version: int) -> dict[str, object]:
    return {"document_id": "a" * 64, "reader": "companies_house.profile", "version": version, "rows": 1, "placed": 0}


def company(name: str) -> dict[str, object]:
    return {"document_id": "a" * 64, "company_number": "99000001", "locator": "", "name": name}


def test_a_newer_reader_replaces_what_the_older_one_read(ledger_url: str) -> None:
    with Ledger(ledger_url) as ledger:
        ledger.replace_readings({"company": [company("EXAMPLE A LIMITED")]}, [reading(1)])
        ledger.replace_readings({"company": [company("EXAMPLE B LIMITED")]}, [reading(2)])
        assert ledger.frame("company")["name"].to_list() == ["EXAMPLE B LIMITED"]
        assert ledger.frame("reading")["version"].to_list() == [2]


def test_another_reader_of_the_same_bytes_removes_nothing(ledger_url: str) -> None:
    with Ledger(ledger_url) as ledger:
        ledger.replace_readings({"company": [company("EXAMPLE A LIMITED")]}, [reading(1)])
        ledger.replace_readings({}, [reading(1) | {"reader": "companies_house.psc"}])
        assert ledger.count("company") == 1
        assert ledger.count("reading") == 2


def test_two_ledgers_on_one_database_see_each_other(ledger_url: str) -> None:
    with Ledger(ledger_url) as one, Ledger(ledger_url) as other:
        one.add("fetch", [attempt(1)])
        assert other.add("fetch", [attempt(1), attempt(2)]) == 1
        assert one.count("fetch") == 2


def test_a_database_that_cannot_be_opened_says_where_and_hides_the_password() -> None:
    with pytest.raises(StoreError) as caught:
        Ledger("postgresql+psycopg://someone:secret@127.0.0.1:1/nothing")
    assert "127.0.0.1:1" in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "Next:" in str(caught.value)


def test_an_older_ledger_gets_the_columns_declared_since(ledger_url: str) -> None:
    row = {
        "determination_id": "d1", "subject": "99000001", "determined_on": date(2026, 7, 1), "notice_reference": "N1",
        "condition": "size", "named_individual_recorded": False, "author": "A tester", "decided_at": NOON,
        "reason": "test",
    }  # fmt: skip
    with Ledger(ledger_url) as ledger:
        ledger.add("determination", [row])
    engine = sa.create_engine(ledger_url)
    with engine.begin() as connection:
        connection.execute(sa.text("alter table determination drop column revoked_on"))
        connection.execute(sa.text("alter table determination drop column named_individual"))
    engine.dispose()
    with Ledger(ledger_url) as ledger:
        assert ledger.frame("determination").select("determination_id", "revoked_on").rows() == [("d1", None)]
        ledger.add("determination", [row | {"determination_id": "d2", "revoked_on": date(2026, 8, 1)}])
    with Ledger(ledger_url) as ledger:
        assert ledger.frame("determination")["revoked_on"].to_list() == [None, date(2026, 8, 1)]
