"""Accounts in bulk: every fact once, whoever reads, whatever dies, wherever it stopped."""

import gzip
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from collectors.accounts.files import read_path
from collectors.accounts.reader import read_document
from oversight.errors import InputError, StoreError
from oversight.pipeline.accounts.block import Block, read_block, reader_version
from oversight.pipeline.accounts.whole import BulkReading, read_zips
from oversight.pipeline.accounts.workers import Given, cluster, processes
from oversight.store.parts import JOURNAL
from tests.oversight.pipeline.bulk_zips import accounts, digest, many, member_name, table, zipped

ROOT = Path(__file__).resolve().parents[3]
FIXTURE = ROOT / "tests" / "fixtures" / "accounts" / "Accounts_Bulk_Data-2025-05-03.zip"
PATIENCE = 180
"""Seconds to wait for other processes on a machine that may be busy."""
COMMAND = "from oversight.cli import main\nif __name__ == '__main__':\n    main()"


class Here(Executor):
    """Does the work at once in this process; dies where it meets a member of an unlucky name."""

    def __init__(self, killer: str = "") -> None:
        self.killer = killer
        self.handed: list[list[str]] = []

    def submit(self, function: Callable[..., Any], /, *args: object, **more: object) -> "Future[Any]":
        future: Future[Any] = Future()
        if function is reader_version:
            future.set_result(function())
            return future
        block = args[0]
        assert isinstance(block, Block)
        names = [entry.name for _, entry in block.members]
        self.handed.append(names)
        if self.killer and any(self.killer in name for name in names):
            future.set_exception(BrokenExecutor("a worker was killed"))
            return future
        try:
            future.set_result(function(*args, **more))
        except Exception as error:  # noqa: BLE001 - as an executor does
            future.set_exception(error)
        return future


class Renewed(Given):
    """An executor that is as good as new after it broke."""

    def renew(self) -> Executor:
        return self.executor()


def read(folder: Path, *zips: Path, members: int = 7, executor: Executor | None = None) -> BulkReading:
    return read_zips(zips, folder, Renewed(executor or Here(), 2), members=members)


def test_what_one_document_gives_is_what_the_zip_gives(tmp_path: Path) -> None:
    reading = read(tmp_path / "out", FIXTURE)
    alone = [rows for _, rows in read_path(FIXTURE)]
    for name, of_reader in (("facts", "fact"), ("lines", "line"), ("statements", "statement"), ("issues", "issue")):
        rows = [row for each in alone for row in each.tables.get(of_reader, ())]
        assert table(tmp_path / "out", name).height == len(rows) > 0
    key = {"fact_id", "value"}
    expected = {tuple(row[each] for each in sorted(key)) for each in alone for row in each.tables["fact"]}
    assert set(table(tmp_path / "out", "facts").select(sorted(key)).rows()) == expected
    documents = table(tmp_path / "out", "documents")
    assert sorted(documents["company_number"].drop_nulls()) == ["00225951", "15052776"]
    assert reading.whole.facts == documents["facts"].sum() == len(expected)
    assert reading.whole.issues == {"package_member_skipped": 1}


def test_junk_damage_names_for_numbers_and_doubles_never_stop_the_rest(tmp_path: Path) -> None:
    damaged = bytearray(
        zipped(
            {
                member_name(1): accounts(1),
                "__MACOSX/._x.html": b"junk",
                "Prod223_3517_INVENTED HOMES LIMITED_20250331.html": accounts(2),
                "placeholder.html": b"",
                "broken.html": b"<html>not accounts" * 60,
                "../outside.html": accounts(3),
                "inner.zip": zipped({member_name(4): accounts(4), member_name(5): accounts(5)}),
                "packed.html.gz": gzip.compress(accounts(6), mtime=0),
                "again.html": accounts(1),
            }
        )
    )
    place = damaged.index(b"broken.html") + len("broken.html") + 5
    damaged[place] ^= 0xFF
    path = tmp_path / "daily.zip"
    path.write_bytes(damaged)
    reading = read(tmp_path / "out", path, members=3)
    documents = table(tmp_path / "out", "documents")
    read_ones = documents.filter("first", kind="tagged")
    assert sorted(read_ones["company_number"]) == [f"{number:08d}" for number in range(1, 7)]
    assert reading.whole.issues == {"member_empty": 1, "member_unreadable": 1, "path_outside_archive": 1}
    assert (reading.whole.documents, reading.whole.repeated) == (6, 1)
    facts = table(tmp_path / "out", "facts")
    assert facts["fact_id"].n_unique() == facts.height == reading.whole.facts == 6 * 7


def test_any_executor_and_any_size_of_block_gives_the_same_rows(tmp_path: Path) -> None:
    zips = [many(tmp_path / "a.zip", 23), tmp_path / "b.zip"]
    zips[1].write_bytes(zipped({f"b/{member_name(number)}": accounts(number) for number in (3, 99, 7, 100)}))
    read(tmp_path / "one", *zips, members=1)
    read(tmp_path / "all", *zips, members=500)
    with ThreadPoolExecutor(3) as threads:
        reading = read(tmp_path / "threads", *zips, members=4, executor=threads)
    assert digest(tmp_path / "one") == digest(tmp_path / "all") == digest(tmp_path / "threads")
    assert (reading.whole.documents, reading.whole.repeated) == (25, 2)
    again = table(tmp_path / "all", "documents").filter(~pl.col("first"))
    assert [name.partition("!")[0] for name in again["member"]] == ["b.zip", "b.zip"]


def test_a_second_run_reads_nothing_and_a_new_zip_only_itself(tmp_path: Path) -> None:
    first, second = many(tmp_path / "a.zip", 10), many(tmp_path / "b.zip", 14)
    out = tmp_path / "out"
    read(out, first)
    before = digest(out)
    here = Here()
    reading = read(out, first, executor=here)
    assert (here.handed, reading.new.members, digest(out)) == ([], 0, before)
    first.rename(tmp_path / "renamed.zip")
    assert read(out, tmp_path / "renamed.zip", second).new.members == 14


def test_a_run_that_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    path, out = many(tmp_path / "a.zip", 30), tmp_path / "out"
    read(tmp_path / "whole", path)

    class Stops(Here):
        def submit(self, function: Callable[..., Any], /, *args: object, **more: object) -> "Future[Any]":
            if len(self.handed) == 6:
                raise KeyboardInterrupt
            return super().submit(function, *args, **more)

    stops = Stops()
    with pytest.raises(KeyboardInterrupt):
        read(out, path, members=3, executor=stops)
    done = set(table(out, "documents")["position"])
    assert 0 < len(done) < 30
    goes_on = Here()
    reading = read(out, path, members=5, executor=goes_on)
    assert reading.new.members == 30 - len(done)
    assert len([name for names in goes_on.handed for name in names]) == reading.new.members
    assert digest(out) == digest(tmp_path / "whole")


def test_a_kill_between_the_files_and_the_journal_doubles_nothing(tmp_path: Path) -> None:
    path, out = many(tmp_path / "a.zip", 20), tmp_path / "out"
    read(out, path)
    before = digest(out)
    with sqlite3.connect(out / JOURNAL) as journal:
        journal.execute("delete from part where first >= 7")
        journal.execute("delete from seen where position >= 7")
    journal.close()
    assert read(out, path).new.members == 13
    assert digest(out) == before


def test_a_kill_while_files_are_put_in_their_places_doubles_nothing(tmp_path: Path) -> None:
    path, out = many(tmp_path / "a.zip", 20), tmp_path / "out"
    read(out, path)
    before = digest(out)
    with sqlite3.connect(out / JOURNAL) as journal:
        journal.execute("delete from part where first >= 7")
        journal.execute("delete from seen where position >= 7")
    journal.close()
    (half,) = (out / "facts").glob("*-00000007-*")
    (out / ".work" / half.stem).mkdir(parents=True)
    half.rename(out / ".work" / half.stem / "facts.parquet")
    assert read(out, path).new.members == 13
    assert digest(out) == before


def test_a_block_read_twice_writes_the_same_once(tmp_path: Path) -> None:
    path = many(tmp_path / "a.zip", 5)
    here = Here()
    handed: list[Block] = []

    class Keeps(Here):
        def submit(self, function: Callable[..., Any], /, *args: object, **more: object) -> "Future[Any]":
            assert isinstance(args[0], Block)
            handed.append(args[0])
            return here.submit(function, *args, **more)

    read(tmp_path / "out", path, executor=Keeps())
    work = tmp_path / "work"
    work.mkdir()
    names = {read_block(handed[0], work) for _ in range(2)}
    assert [each.name for each in work.iterdir()] == sorted(names)
    for table_of in ("facts", "documents"):
        written = (work / names.copy().pop() / f"{table_of}.parquet").read_bytes()
        assert written == (tmp_path / "out" / table_of / f"{handed[0].name}.parquet").read_bytes()


def test_a_member_no_worker_lives_through_is_one_issue(tmp_path: Path) -> None:
    path, out = many(tmp_path / "a.zip", 25), tmp_path / "out"
    reading = read(out, path, executor=Here(killer="00000013"))
    assert reading.whole.issues == {"reader_died": 1}
    assert (reading.whole.members, reading.whole.documents) == (25, 24)
    (issue,) = table(out, "issues").iter_rows(named=True)
    assert member_name(13) in issue["locator"]
    assert "killed" in issue["message"]


def test_workers_that_fail_at_anything_accuse_no_document(tmp_path: Path) -> None:
    class Broken(Here):
        def submit(self, function: Callable[..., Any], /, *args: object, **more: object) -> "Future[Any]":  # noqa: ARG002
            future: Future[Any] = Future()
            future.set_exception(ModuleNotFoundError("No module named 'oversight'"))
            return future

    with pytest.raises(StoreError, match="cannot work"):
        read(tmp_path / "out", many(tmp_path / "a.zip", 5), executor=Broken())
    assert not (tmp_path / "out" / "issues").exists()


def test_a_document_the_reader_fails_on_is_one_issue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(content: bytes, *args: object) -> None:
        if b"INVENTED HOMES 3 " in content:
            raise RuntimeError("a defect")
        read_document(content, *args)  # type: ignore[arg-type]

    monkeypatch.setattr("oversight.pipeline.accounts.block.read_document", fails)
    reading = read(tmp_path / "out", many(tmp_path / "a.zip", 5))
    assert reading.whole.issues == {"reader_failed": 1}
    assert reading.whole.facts == 4 * 7


def test_a_zip_that_is_none_is_told_and_the_rest_read(tmp_path: Path) -> None:
    bad = tmp_path / "bad.zip"
    bad.write_bytes(b"PK\x03\x04 no directory")
    reading = read(tmp_path / "out", bad, many(tmp_path / "a.zip", 3), tmp_path / "gone.zip")
    assert [why.partition(":")[0] for why in reading.failed] == [str(bad), str(tmp_path / "gone.zip")]
    assert reading.whole.documents == 3


def test_tables_of_another_reader_and_of_another_command_are_left_alone(tmp_path: Path) -> None:
    path, out = many(tmp_path / "a.zip", 2), tmp_path / "out"
    read(out, path)
    with sqlite3.connect(out / JOURNAL) as journal:
        journal.execute("begin exclusive")
        with pytest.raises(StoreError, match="cannot be used"):
            read(out, path)
        journal.execute("update about set value = '0.0'")
        journal.execute("commit")
    journal.close()
    with pytest.raises(InputError, match=r"reader 0\.0"):
        read(out, path)


def test_no_zip_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no zip"):
        read(tmp_path / "out", tmp_path)


def wait_for_parts(out: Path, count: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    while len(list((out / "documents").glob("*.parquet"))) < count:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.01)


def children(pid: int) -> list[int]:
    return [int(each) for path in Path(f"/proc/{pid}/task").glob("*/children") for each in path.read_text().split()]


@contextmanager
def command(path: Path, out: Path) -> "Iterator[subprocess.Popen[bytes]]":
    """The command at work; gone when the block is left."""
    words = (sys.executable, "-c", COMMAND, "accounts", "--bulk", str(path), "--out", str(out), "--workers", "2")
    with subprocess.Popen([*words, "--members", "10"], stderr=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.integration
@pytest.mark.timeout(400)
def test_killed_whole_and_taken_up_and_a_worker_killed(tmp_path: Path) -> None:
    path, out = many(tmp_path / "a.zip", 200, figures=40), tmp_path / "out"
    with command(path, out) as killed:
        wait_for_parts(out, 3, killed)
        workers = children(killed.pid)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    held = table(out, "documents").height
    assert 30 <= held < 200
    until = time.monotonic() + PATIENCE
    while any(Path(f"/proc/{pid}/exe").exists() for pid in workers):
        assert time.monotonic() < until, "workers outlive their command"
        time.sleep(0.05)

    with command(path, out) as second:
        wait_for_parts(out, held // 10 + 2, second)
        os.kill(max(children(second.pid)), signal.SIGKILL)
        said = second.communicate(timeout=PATIENCE)[1].decode()
    assert second.returncode == 0, said
    assert "200 documents" in said
    facts = table(out, "facts")
    assert facts["fact_id"].n_unique() == facts.height == 200 * 41
    assert table(out, "documents")["position"].to_list() == list(range(200))


@pytest.mark.integration
@pytest.mark.timeout(400)
def test_processes_read_what_one_process_reads(tmp_path: Path) -> None:
    path = many(tmp_path / "a.zip", 12)
    with processes(2) as pool:
        read_zips([path], tmp_path / "two", pool, members=3)
    read(tmp_path / "one", path)
    assert digest(tmp_path / "two") == digest(tmp_path / "one")


@pytest.mark.integration
@pytest.mark.timeout(400)
def test_a_dask_cluster_of_two_loses_one_and_every_fact_arrives_once(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    path, out = many(tmp_path / "a.zip", 200, figures=40), tmp_path / "out"
    address = tmp_path / "address"
    with subprocess.Popen(
        [sys.executable, "-m", "tests.oversight.pipeline.two_dask_workers", str(address), str(out)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as dask:
        try:
            until = time.monotonic() + PATIENCE
            while not address.exists():
                assert dask.poll() is None
                assert time.monotonic() < until
                time.sleep(0.05)
            with cluster(address.read_text()) as workers:
                reading = read_zips([path], out, workers, members=10)
        finally:
            said = dask.communicate(b"", timeout=PATIENCE)[1].decode()
    assert (tmp_path / "out" / "killed").exists(), said
    assert reading.whole.documents == 200
    facts = table(out, "facts")
    assert facts["fact_id"].n_unique() == facts.height == reading.whole.facts == 200 * 41
    assert table(out, "documents")["position"].to_list() == list(range(200))
    assert set(reading.whole.issues) == {"conflicting_values"}, "the invented debtors disagree, and nothing else"
