"""A publication with half of the homes missing is not used, whatever its day; the last good one stands."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import polars as pl
import pytest

from oversight.errors import InputError
from oversight.model.times import AsAt
from oversight.pipeline import fitness
from oversight.pipeline.answers import alerts
from oversight.pipeline.collect import collect_files
from oversight.pipeline.post import send
from oversight.pipeline.read import read_documents
from oversight.pipeline.select import publications_withheld, select_evidence
from oversight.pipeline.status import status
from oversight.pipeline.workspace import Workspace, open_workspace
from oversight.settings import Settings

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HEADER = (
    "Registration date,URN,Provision type,Registration status,Local authority,Government Office Region,Sector,Places,"
    "Organisation which owns the provider,Latest full inspection date,"
    "Overall experiences and progress of children and young people,"
    "How well children and young people are helped and protected,The effectiveness of leaders and managers"
)
HOME = (
    "01/02/2010,SC{urn:06d},Children's home,Active,Leeds,Yorkshire and The Humber,Private,4,Example Care Ltd,"
    "01/02/2024,Good,Good,Good"
)


class Clock:
    """Every look is a second later."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with open_workspace(Settings(home=tmp_path / "home"), Clock()) as opened:
        yield opened


def publish(workspace: Workspace, tmp_path: Path, day: date, urns: range, published: date | None = None) -> str:
    lines = [HOME.format(urn=urn) for urn in urns]
    random.Random(len(urns)).shuffle(lines)  # noqa: S311 - the order of a file says nothing
    path = tmp_path / f"provider_level_at_{day:%d_%B_%Y}.csv".lower()
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    (fetched,) = collect_files(workspace, [path], published=published or day + timedelta(days=100))
    read_documents(workspace)
    return fetched.document_id or ""


def homes(workspace: Workspace, on: date = date(2026, 11, 20)) -> dict[date, int]:
    evidence = select_evidence(workspace, AsAt(on, workspace.clock()), {"home"})
    return dict(evidence.home.group_by("as_at").len().sort("as_at").iter_rows())


EARLIER, LATER = date(2025, 3, 31), date(2026, 3, 31)


def test_half_of_the_homes_missing_is_not_used(workspace: Workspace, tmp_path: Path) -> None:
    publish(workspace, tmp_path, EARLIER, range(400))
    half = publish(workspace, tmp_path, LATER, range(200))
    assert homes(workspace) == {EARLIER: 400}
    (short,) = publications_withheld(workspace)
    assert (short.document_id, short.kind) == (half, "fall")
    issue = select_evidence(workspace, AsAt(NOW.date(), workspace.clock())).issue
    assert issue.filter(pl.col("kind") == "publication_withheld")["document_id"].to_list() == [half]


def test_a_corrected_issue_takes_its_place(workspace: Workspace, tmp_path: Path) -> None:
    publish(workspace, tmp_path, EARLIER, range(400))
    publish(workspace, tmp_path, LATER, range(200), date(2026, 7, 9))
    publish(workspace, tmp_path, LATER, range(410), date(2026, 7, 16))
    assert homes(workspace) == {EARLIER: 400, LATER: 410}
    assert publications_withheld(workspace) == []
    assert homes(workspace, date(2026, 7, 12)) == {EARLIER: 400}


def test_a_correction_that_halves_leaves_the_first_issue(workspace: Workspace, tmp_path: Path) -> None:
    publish(workspace, tmp_path, LATER, range(400), date(2026, 7, 9))
    publish(workspace, tmp_path, LATER, range(200), date(2026, 7, 16))
    assert homes(workspace) == {LATER: 400}
    assert len(publications_withheld(workspace)) == 1


def test_what_is_published_later_never_condemns(workspace: Workspace, tmp_path: Path) -> None:
    publish(workspace, tmp_path, LATER, range(400))
    publish(workspace, tmp_path, EARLIER, range(150))
    assert homes(workspace) == {EARLIER: 150, LATER: 400}


def test_a_person_may_accept_it_and_take_that_back(workspace: Workspace, tmp_path: Path) -> None:
    publish(workspace, tmp_path, EARLIER, range(400))
    half = publish(workspace, tmp_path, LATER, range(200))
    before = workspace.clock()
    fitness.accept(workspace, half[:10], "A tester", "Ofsted confirms it")
    assert homes(workspace) == {EARLIER: 400, LATER: 200}
    then = select_evidence(workspace, AsAt(NOW.date(), before), {"home"})
    assert then.home.height == 400
    fitness.accept(workspace, half, "A tester", "Ofsted was wrong", accepted=False)
    assert homes(workspace) == {EARLIER: 400}


@pytest.mark.parametrize(
    ("document", "author", "reason"), [("0" * 64, "A", "b"), ("", "A", "b"), ("{half}", "", "b"), ("{half}", "A", " ")]
)
def test_an_acceptance_needs_a_document_an_author_and_a_reason(
    workspace: Workspace, tmp_path: Path, document: str, author: str, reason: str
) -> None:
    publish(workspace, tmp_path, EARLIER, range(400))
    half = publish(workspace, tmp_path, LATER, range(200))
    with pytest.raises(InputError):
        fitness.accept(workspace, document.replace("{half}", half), author, reason)


def test_status_says_so_until_it_is_mended(workspace: Workspace, tmp_path: Path) -> None:
    publish(workspace, tmp_path, EARLIER, range(400))
    assert status(workspace).withheld == ()
    publish(workspace, tmp_path, LATER, range(200), date(2026, 7, 9))
    state = status(workspace)
    assert not state.healthy
    assert [short.subject for short in state.withheld] == [LATER.isoformat()]
    publish(workspace, tmp_path, LATER, range(405), date(2026, 7, 16))
    assert status(workspace).withheld == ()


def test_recipients_are_told_once(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", recipients=["a@department.example"])
    with open_workspace(settings, Clock()) as workspace:
        publish(workspace, tmp_path, EARLIER, range(400))
        publish(workspace, tmp_path, LATER, range(200))
        assert send(workspace, hours=False).sent == 1
        (written,) = (settings.home / "outbox").iterdir()
        message = message_from_bytes(written.read_bytes(), policy=default)
        assert isinstance(message, EmailMessage)
        body = message.get_body(("plain",))
        assert body is not None
        text = body.get_content()
        assert "This publication is not used yet: it needs a person." in text
        assert "200" not in text
        assert "OFFICIAL-SENSITIVE" in text
        assert alerts(workspace)["title"].str.contains("200 rows of home").all()
        assert send(workspace, hours=False).sent == 0
