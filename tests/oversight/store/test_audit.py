"""The audit log can only be added to, and says where somebody did otherwise."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from oversight.errors import StoreError
from oversight.store.audit import AuditLog, Entry, Head, seal

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
READ = Entry(NOON, "An Analyst (invented)", "analyst", "GET", "/register", "20260701-0000000001", 200)


@pytest.fixture
def log(ledger_url: str) -> Iterator[AuditLog]:
    with AuditLog(ledger_url) as opened:
        yield opened


def written(log: AuditLog, count: int) -> Head:
    head = log.head()
    for number in range(count):
        head = log.append(replace(READ, at=NOON + timedelta(minutes=number), path=f"/groups/{number}"))
    return head


def outside(url: str, *statements: str) -> None:
    """What somebody does who reaches the database itself."""
    engine = sa.create_engine(url)
    try:
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))
    finally:
        engine.dispose()


def without_guards(url: str, *statements: str) -> None:
    """The same by somebody who may take the guards away, and puts them back."""
    if url.startswith("sqlite"):
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            found = connection.execute(sa.text("select name, sql from sqlite_master where type = 'trigger'")).all()
        engine.dispose()
        outside(url, *(f"drop trigger {name}" for name, _ in found), *statements, *(made for _, made in found))
    else:
        outside(url, "alter table audit disable trigger user", *statements, "alter table audit enable trigger user")


def sealed_again(log: AuditLog, number: int) -> str:
    """The statement of somebody who changes a row and knows how rows are sealed."""
    row = {**log.rows().row(number - 1, named=True), "person": "nobody"}
    return f"update audit set person = 'nobody', hash = '{seal(row)}' where number = {number}"  # noqa: S608 - ours


def test_rows_form_a_chain_that_is_whole(log: AuditLog) -> None:
    assert log.verify().head == Head(0, "0" * 64)
    head = written(log, 5)
    verdict = log.verify(head)
    assert (verdict.broken, verdict.rows, verdict.head) == (None, 5, head)
    rows = log.rows()
    assert rows["number"].to_list() == [1, 2, 3, 4, 5]
    assert rows["previous"].to_list()[1:] == rows["hash"].to_list()[:-1]
    assert seal(rows.row(2, named=True)) == rows["hash"][2]


@pytest.mark.parametrize(
    "statement",
    [
        "update audit set person = 'nobody' where number = 2",
        "delete from audit where number = 2",
        "delete from audit",
        "insert into audit select number + 7, at, person, role, method, path, run_id, outcome, hash, hash from audit",
        "insert into audit select number + 3, at, person, role, method, path, null, 200, previous, hash from audit",
    ],
)
def test_the_database_itself_refuses(log: AuditLog, ledger_url: str, statement: str) -> None:
    head = written(log, 3)
    with pytest.raises(sa.exc.DBAPIError, match="audit log"):
        outside(ledger_url, statement)
    assert log.verify(head).broken is None


def test_sqlite_refuses_to_replace_a_row(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'audit.sqlite'}"
    with AuditLog(url) as log:
        written(log, 2)
        with pytest.raises(sa.exc.DBAPIError, match="audit log"):
            outside(url, "insert or replace into audit select * from audit where number = 1")
        assert log.verify().broken is None


@pytest.mark.integration
def test_postgresql_refuses_to_empty_the_table(postgres_url: str) -> None:
    with AuditLog(postgres_url) as log:
        written(log, 2)
        with pytest.raises(sa.exc.DBAPIError, match="audit log"):
            outside(postgres_url, "truncate audit")
        assert log.verify().rows >= 2


@pytest.mark.parametrize(
    ("statement", "broken", "why"),
    [
        ("update audit set person = 'nobody' where number = 3", 3, "not what was sealed"),
        ("update audit set outcome = 404 where number = 3", 3, "not what was sealed"),
        ("delete from audit where number = 2", 2, "row 3 stands in its place"),
        ("delete from audit where number = 1", 1, "row 2 stands in its place"),
        ("delete from audit where number > 3", 4, "gone from the end"),
    ],
)
def test_the_first_broken_row_is_named(log: AuditLog, ledger_url: str, statement: str, broken: int, why: str) -> None:
    head = written(log, 5)
    without_guards(ledger_url, statement)
    verdict = log.verify(head)
    assert verdict.broken == broken
    assert why in verdict.why


def test_a_row_sealed_again_breaks_the_next(log: AuditLog, ledger_url: str) -> None:
    written(log, 4)
    without_guards(ledger_url, sealed_again(log, 2))
    verdict = log.verify()
    assert (verdict.broken, verdict.why) == (3, "it does not follow the row before it")


def test_a_last_row_sealed_again_is_found_by_what_was_noted(log: AuditLog, ledger_url: str) -> None:
    head = written(log, 3)
    without_guards(ledger_url, sealed_again(log, 3))
    assert log.verify().broken is None
    assert log.verify(head).broken == 3


def test_a_log_whose_guards_are_gone_says_so_even_when_opened_again(log: AuditLog, ledger_url: str) -> None:
    written(log, 2)
    drop = "drop trigger audit_update" + ("" if ledger_url.startswith("sqlite") else " on audit")
    outside(ledger_url, drop)
    with AuditLog(ledger_url) as again:
        assert "audit_update is gone" in again.verify().why


def test_many_writers_keep_one_chain(log: AuditLog, ledger_url: str) -> None:
    def write(number: int) -> None:
        with AuditLog(ledger_url) as own:
            for _ in range(10):
                own.append(replace(READ, person=f"writer {number}"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    verdict = log.verify()
    assert (verdict.broken, verdict.rows) == (None, 80)
    assert log.rows()["person"].n_unique() == 8


def test_days_are_london_days(log: AuditLog) -> None:
    for hour in (22, 23):  # summer time: 23:00 UTC is the next day in London
        log.append(replace(READ, at=datetime(2026, 7, 1, hour, 30, tzinfo=UTC), path=f"/{hour}"))
    assert log.rows(date(2026, 7, 1))["path"].to_list() == ["/22"]
    assert log.rows(date(2026, 7, 2))["path"].to_list() == ["/23"]


def test_a_log_that_cannot_be_opened_says_where(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="audit log cannot be used"):
        AuditLog(f"sqlite:///{tmp_path / 'none' / 'audit.sqlite'}")
