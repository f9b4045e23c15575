from datetime import date
from pathlib import Path

import polars as pl
import pytest
from pydantic import SecretStr

from collectors.fetch import HttpClient
from collectors.recorder import Recorder
from collectors.source import Source
from oversight.errors import RefusedError, StoreError
from oversight.model.ids import document_id
from oversight.store.archive import Archive
from oversight.store.ledger import Ledger
from tests.collectors.web import FakeTime, Web, reply

URL = "https://api.example/company/01234567"
SOURCE, SUBJECT = "example.register", "01234567"
DAILY = Source(
    name=SOURCE, title="t", publisher="p", licence="l", url="u", cadence_days=1, grace_days=0, kind="register"
)


def fetches(ledger: Ledger) -> list[dict[str, object]]:
    return ledger.frame("fetch").sort("requested_at").to_dicts()


def test_an_attempt_leaves_bytes_and_rows(
    recorder: Recorder, web: Web, ledger: Ledger, archive: Archive, fake_time: FakeTime
) -> None:
    web.serve(URL, b'{"a": 1}', headers={"etag": '"v1"', "content-type": "application/json"})
    fetched = recorder.fetch(SOURCE, SUBJECT, URL, published_on=date(2026, 1, 2))
    (row,) = fetches(ledger)
    assert row["status"] == fetched.status == "ok"
    assert row["document_id"] == fetched.document_id == document_id(b'{"a": 1}')
    assert (row["etag"], row["http_status"], row["published_on"]) == ('"v1"', 200, date(2026, 1, 2))
    assert row["requested_at"] == fake_time.now
    assert archive.get(str(fetched.document_id)) == recorder.content(fetched) == b'{"a": 1}'
    document = ledger.frame("document").to_dicts()
    assert document == [{"document_id": fetched.document_id, "media_type": "application/json", "size": 8}]


def test_an_unchanged_answer_names_the_earlier_document(
    recorder: Recorder, web: Web, ledger: Ledger, fake_time: FakeTime
) -> None:
    web.serve(URL, lambda _: reply(b"1", headers={"etag": '"v1"'}), lambda _: reply(status=304))
    first = recorder.fetch(SOURCE, SUBJECT, URL, published_on=date(2026, 1, 2))
    for _ in range(2):
        fake_time.later(days=1)
        again = recorder.fetch(SOURCE, SUBJECT, URL)
        assert (again.status, again.document_id, again.published_on) == (
            "unchanged",
            first.document_id,
            date(2026, 1, 2),
        )
        assert web.requests[-1].headers["if-none-match"] == '"v1"'
    assert [row["status"] for row in fetches(ledger)] == ["ok", "unchanged", "unchanged"]


def test_the_same_bytes_again_are_unchanged_even_without_a_version_mark(
    recorder: Recorder, web: Web, fake_time: FakeTime
) -> None:
    web.serve(URL, b"1", b"1", b"2", b"1")
    statuses = []
    for _ in range(4):
        statuses.append(recorder.fetch(SOURCE, SUBJECT, URL).status)
        fake_time.later(hours=1)
    assert statuses == ["ok", "unchanged", "ok", "ok"]


def test_a_lost_file_is_fetched_anew(recorder: Recorder, web: Web, tmp_path: Path, fake_time: FakeTime) -> None:
    web.serve(URL, b"1", headers={"etag": '"v1"'})
    fetched = recorder.fetch(SOURCE, SUBJECT, URL)
    identifier = str(fetched.document_id)
    (tmp_path / "archive" / identifier[:2] / identifier).unlink()
    fake_time.later(days=1)
    assert recorder.content(recorder.fetch(SOURCE, SUBJECT, URL)) == b"1"
    assert "if-none-match" not in web.requests[-1].headers


@pytest.mark.parametrize("status", [404, 410])
def test_absence_is_recorded(recorder: Recorder, web: Web, ledger: Ledger, status: int) -> None:
    web.serve(URL, lambda _: reply(b"{}", status=status))
    fetched = recorder.fetch(SOURCE, SUBJECT, URL)
    assert (fetched.status, fetched.document_id) == ("absent", None)
    assert recorder.content(fetched) is None
    assert [(row["status"], row["http_status"]) for row in fetches(ledger)] == [("absent", status)]


def test_a_failure_is_recorded_then_raised_without_the_key(recorder: Recorder, web: Web, ledger: Ledger) -> None:
    web.serve(URL, lambda _: reply(status=500))
    with pytest.raises(RefusedError):
        recorder.fetch(SOURCE, SUBJECT, URL, key=SecretStr("the-secret-key"))
    (row,) = fetches(ledger)
    assert (row["status"], row["document_id"], row["retrieved_at"]) == ("failed", None, None)
    assert "HTTP 500" in str(row["error"])
    assert "the-secret-key" not in str(row)


def test_what_failed_does_not_count_as_held(recorder: Recorder, web: Web) -> None:
    web.serve(URL, lambda _: reply(status=400), b"1")
    with pytest.raises(RefusedError):
        recorder.fetch(SOURCE, SUBJECT, URL)
    assert recorder.last(SOURCE, SUBJECT) is None
    assert recorder.ensure(DAILY, SUBJECT, URL).new


class _FullArchive(Archive):
    def put(self, content: bytes) -> str:  # noqa: ARG002
        raise StoreError("the archive cannot be written: no space left on device")


def test_no_row_names_bytes_that_are_not_there(
    http: HttpClient, web: Web, ledger: Ledger, tmp_path: Path, fake_time: FakeTime
) -> None:
    web.serve(URL, b"1")
    recorder = Recorder(http, _FullArchive(tmp_path), ledger, fake_time.clock)
    with pytest.raises(StoreError):
        recorder.fetch(SOURCE, SUBJECT, URL)
    assert fetches(ledger) == []


class _KilledLedger(Ledger):
    def add_all(self, tables: object) -> int:  # noqa: ARG002
        raise KeyboardInterrupt


def test_killed_between_the_stores_the_bytes_are_there_and_the_next_run_finishes(
    http: HttpClient, web: Web, archive: Archive, tmp_path: Path, fake_time: FakeTime
) -> None:
    web.serve(URL, b"1")
    url = f"sqlite:///{tmp_path / 'killed.sqlite'}"
    with _KilledLedger(url) as killed, pytest.raises(KeyboardInterrupt):
        Recorder(http, archive, killed, fake_time.clock).fetch(SOURCE, SUBJECT, URL)
    assert document_id(b"1") in archive
    with Ledger(url) as ledger:
        assert fetches(ledger) == []
        assert Recorder(http, archive, ledger, fake_time.clock).fetch(SOURCE, SUBJECT, URL).status == "ok"


def test_collecting_twice_adds_nothing(recorder: Recorder, web: Web, ledger: Ledger, fake_time: FakeTime) -> None:
    web.serve(URL, b"1")
    first = recorder.ensure(DAILY, SUBJECT, URL)
    fake_time.later(hours=3)
    second = recorder.ensure(DAILY, SUBJECT, URL)
    assert (first.new, second.new) == (True, False)
    assert first.document_id == second.document_id
    assert len(web.requests) == len(fetches(ledger)) == 1
    fake_time.later(days=1)
    assert recorder.ensure(DAILY, SUBJECT, URL).new


def test_a_refresh_asks_for_what_is_fresh_but_not_for_what_never_changes(
    http: HttpClient, web: Web, archive: Archive, ledger: Ledger, fake_time: FakeTime
) -> None:
    recorder = Recorder(http, archive, ledger, fake_time.clock, refresh=True)
    filed = DAILY.model_copy(update={"cadence_days": None, "name": "example.filed"})
    web.serve(URL, b"1")
    for _ in range(2):
        recorder.ensure(DAILY, SUBJECT, URL)
        recorder.ensure(filed, SUBJECT, URL)
        fake_time.later(minutes=1)
    assert ledger.frame("fetch")["source"].value_counts().sort("source").rows() == [
        ("example.filed", 1),
        ("example.register", 2),
    ]


def test_a_file_given_twice_adds_nothing(recorder: Recorder, ledger: Ledger, fake_time: FakeTime) -> None:
    given = ("example.publication", "2025-03-31", "Data 2025.csv", b"urn\n1\n", date(2025, 11, 27), "text/csv")
    assert recorder.record_file(*given).new
    before = {name: ledger.frame(name) for name in ("fetch", "document")}
    fake_time.later(days=40)
    assert not recorder.record_file(*given).new
    for name, frame in before.items():
        assert frame.equals(ledger.frame(name))


def test_a_corrected_file_or_another_day_is_a_new_row(recorder: Recorder, ledger: Ledger) -> None:
    for content, day in ((b"1", date(2025, 7, 1)), (b"2", date(2025, 7, 1)), (b"2", date(2025, 9, 1)), (b"2", None)):
        assert recorder.record_file("example.publication", "2025-03-31", "a.csv", content, day, "text/csv").new
    assert ledger.frame("fetch").height == 4
    assert ledger.frame("document").height == 2


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\Users\\x\\passwd", "/etc/passwd\n", "passwd"])
def test_a_files_folders_and_control_characters_are_dropped(recorder: Recorder, ledger: Ledger, name: str) -> None:
    recorder.record_file("example.publication", "s", name, b"1", None, "text/csv")
    assert ledger.frame("fetch").select(pl.col("url")).item() == "passwd"


def test_a_type_the_server_does_not_say_is_the_one_asked_for(recorder: Recorder, web: Web, ledger: Ledger) -> None:
    web.serve(URL, b"%PDF", headers={"content-type": "binary/octet-stream"})
    recorder.fetch(SOURCE, SUBJECT, URL, accept="application/pdf")
    assert ledger.frame("document")["media_type"].to_list() == ["application/pdf"]
