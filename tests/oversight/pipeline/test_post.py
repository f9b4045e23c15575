"""The post: each step of handing a letter over is written before it is taken, and by one process only."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pydantic import SecretStr

from oversight.errors import InputError, SettingsError
from oversight.model.tables import told
from oversight.model.times import utc_now
from oversight.pipeline import answers
from oversight.pipeline.alert import decide_now, preview, undecided
from oversight.pipeline.jobs import jobs
from oversight.pipeline.post import Sent, fates, next_post, send
from oversight.pipeline.run import _decide
from oversight.pipeline.status import status
from oversight.pipeline.workspace import Workspace, open_workspace
from oversight.schedule import work
from oversight.settings import Settings
from reports.channels import Handed
from reports.channels.letter import Letter
from tests.benchmarks.outbox import life

START = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)  # a Monday
ANN, BOB = "ann@dept.test", "bob@dept.test"
KEY = "a key for these tests only"
RULES = """\
people: {analysts: [], managers: [boss@dept.test], directors: []}
rules:
  - {name: at_once, description: x, kinds: [insolvency], urgency: immediate, to: [analysts], escalate: yes}
  - {name: rest, description: x, kinds: ["*"], urgency: digest, to: [analysts]}
"""


class Crash(BaseException):
    """The process ends here."""


@dataclass
class Server:
    """A channel that does as told, and what it took."""

    outcomes: list[str] = field(default_factory=list)
    taken: list[Letter] = field(default_factory=list)
    meanwhile: Callable[[], object] | None = None
    has: bool | None = None
    asked: bool = False
    name: str = "smtp"

    def hand_over(self, letter: Letter, point_of_no_return: Callable[[], None]) -> Handed:
        outcome = self.outcomes.pop(0) if self.outcomes else "accepted"
        if outcome == "crash before":
            raise Crash
        if self.meanwhile is not None:
            self.meanwhile()
        if outcome == "greylisted":
            return Handed("put off", "450 later")
        point_of_no_return()
        if outcome in {"accepted", "crash after", "lost answer"}:
            self.taken.append(letter)
        if outcome.startswith("crash"):
            raise Crash
        if outcome == "lost answer":
            return Handed("unknown", "no answer")
        return Handed(outcome, f"said {outcome}")  # type: ignore[arg-type]

    def find(self, letter: Letter) -> bool | None:
        del letter
        return self.has


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(tmp_path: Path, clock: Clock, ledger_url: str) -> Iterator[Workspace]:
    (tmp_path / "rules.yaml").write_text(RULES, encoding="utf-8")
    settings = Settings(
        home=tmp_path / "home",
        ledger_url=ledger_url,
        alerts=True,
        alert_rules=tmp_path / "rules.yaml",
        alert_key=SecretStr(KEY),
        recipients=[ANN],
        allowed_domains=["dept.test"],
        mail_from="monitor@mail.test",
    )
    with open_workspace(settings, clock) as opened:
        yield opened


def with_settings(workspace: Workspace, **changes: Any) -> Workspace:
    return replace(workspace, settings=workspace.settings.model_copy(update=changes))


def first_letters(workspace: Workspace, server: Server) -> Sent:
    """Two immediate letters and one alert for the digest, all to Ann."""
    life.make_run(workspace)
    return send(workspace, channel=server)


def test_a_run_is_told_once_at_its_hours(workspace: Workspace, clock: Clock) -> None:
    server = Server()
    done = first_letters(workspace, server)
    assert (done.sent, done.waiting, done.failed) == (2, 1, [])
    assert send(workspace, channel=server).sent == 0
    assert next_post(workspace) == datetime(2026, 11, 3, 8, 30, tzinfo=UTC)
    clock.later(days=1)
    assert send(workspace, channel=server).sent == 1
    assert [letter.kind for letter in server.taken] == ["immediate", "immediate", "digest"]
    delivered = workspace.ledger.frame("delivery")
    assert delivered.height == delivered["alert_id"].n_unique() == life.NEWS_A_RUN
    assert next_post(workspace) is None


def test_a_crash_before_the_decision_is_written_leaves_the_run_to_be_decided(workspace: Workspace) -> None:
    life.make_run(workspace)
    tables = undecided(workspace)
    assert {name: len(rows) for name, rows in tables.items()} == {"run_told": 1, "alert_raised": 3, "alert_due": 3}
    assert next_post(workspace) == START
    assert workspace.ledger.count("alert_due") == 0
    assert decide_now(workspace) == 3
    assert decide_now(workspace) == 0
    assert [len(rows) for rows in undecided(workspace).values()] == [0, 0, 0]


@pytest.mark.parametrize(("policy", "outcome"), [("hold", "held"), ("retry", "delivered")])
def test_who_is_killed_after_the_point_of_no_return_leaves_a_doubt(
    workspace: Workspace, clock: Clock, tmp_path: Path, policy: str, outcome: str
) -> None:
    (tmp_path / "rules.yaml").write_text(RULES + life.rules(policy).partition("hours:")[2].partition("\n")[2])
    server = Server(["crash after"])
    with pytest.raises(Crash):
        first_letters(workspace, server)
    (crashed,) = server.taken
    assert fates(workspace)[crashed.letter_id].state == "under way"
    send(workspace, channel=server)
    assert [one.letter_id for one in server.taken].count(crashed.letter_id) == 1, "its lease has not ended"
    for _ in range(2):  # the lease, then the wait
        clock.later(minutes=15)
        send(workspace, channel=server)
    assert fates(workspace)[crashed.letter_id].state == outcome
    times = [one.message_id for one in server.taken].count(crashed.message_id)
    assert times == (1 if policy == "hold" else 2), "retry sends it again, under the same Message-ID"


def test_who_is_killed_before_it_leaves_nothing_but_a_letter_to_be_sent(workspace: Workspace, clock: Clock) -> None:
    server = Server(["crash before"])
    with pytest.raises(Crash):
        first_letters(workspace, server)
    assert server.taken == []
    clock.later(minutes=15)
    assert send(workspace, channel=server).sent == 2
    assert len({letter.letter_id for letter in server.taken}) == 2


def test_a_process_that_was_thought_dead_may_not_send_after_all(workspace: Workspace, clock: Clock) -> None:
    other = Server()
    slow = Server()

    def another_takes_over() -> None:
        slow.meanwhile = None
        clock.later(minutes=15)
        send(workspace, channel=other)

    slow.meanwhile = another_takes_over
    first_letters(workspace, slow)
    ids = [letter.letter_id for letter in [*other.taken, *slow.taken]]
    assert len(ids) == len(set(ids)) == 2


def test_two_processes_at_once_share_the_letters(workspace: Workspace) -> None:
    server, other = Server(), Server()
    server.meanwhile = lambda: send(workspace, channel=other)
    first_letters(workspace, server)
    ids = [letter.letter_id for letter in [*server.taken, *other.taken]]
    assert len(ids) == len(set(ids)) == 2


def test_an_answer_that_comes_after_it_was_given_up_still_counts(workspace: Workspace, clock: Clock) -> None:
    life.make_run(workspace)
    server = Server()
    hand_over = server.hand_over

    def slow(letter: Letter, point_of_no_return: Callable[[], None]) -> Handed:
        handed = hand_over(letter, point_of_no_return)
        clock.later(minutes=15)
        send(workspace, channel=Server())  # another process takes it for lost, and holds it
        return handed

    server.hand_over = slow  # type: ignore[method-assign]
    send(workspace, channel=server)
    assert {one.state for one in fates(workspace).values()} == {"delivered"}


def test_what_is_put_off_waits_longer_each_time_and_holds_back_the_person_only(
    workspace: Workspace, clock: Clock
) -> None:
    server = Server(["greylisted"])
    both = with_settings(workspace, recipients=[ANN, BOB])
    done = first_letters(both, server)
    assert (done.sent, len(done.failed), done.waiting) == (2, 1, 4), "Bob's two; Ann's two and the digests wait"
    assert {letter.recipient for letter in server.taken} == {BOB}
    assert send(both, channel=server).sent == 0
    clock.later(minutes=7)
    server.outcomes = ["greylisted"]
    assert len(send(both, channel=server).failed) == 1
    clock.later(minutes=7)
    assert send(both, channel=server).sent == 0
    clock.later(minutes=7)
    assert send(both, channel=server).sent == 2


def test_after_long_enough_it_is_held_for_a_person(workspace: Workspace, clock: Clock) -> None:
    server = Server(["greylisted"] * 200)
    first_letters(workspace, server)
    for _ in range(40):  # ten days; patience is four, and the digest's begins a day later
        clock.later(hours=6)
        send(workspace, channel=server)
    assert {one.state for one in fates(workspace).values()} == {"held"}
    assert not status(workspace).healthy


@pytest.mark.parametrize(
    ("has", "state", "taken"), [(True, "delivered", 1), (False, "delivered", 2), (None, "in doubt", 1)]
)
def test_where_the_other_side_can_be_asked_a_doubt_is_cleared(
    workspace: Workspace,
    clock: Clock,
    has: bool | None,  # noqa: FBT001
    state: str,
    taken: int,
) -> None:
    server = Server(["lost answer"], asked=True, has=has, name="notify")
    first_letters(workspace, server)
    doubtful = server.taken[0]
    clock.later(minutes=10)
    send(workspace, channel=server)
    assert fates(workspace)[doubtful.letter_id].state == state
    assert [one.letter_id for one in server.taken].count(doubtful.letter_id) == taken


def test_a_held_letter_is_settled_by_a_person(workspace: Workspace) -> None:
    server = Server(["lost answer", "refused"])
    first_letters(workspace, server)
    held = answers.letters(workspace, held=True)
    assert held.height == 2
    arrived, refused = (
        server.taken[0].letter_id,
        next(one for one in held["letter_id"] if one != server.taken[0].letter_id),
    )
    with pytest.raises(InputError, match="reason"):
        answers.settle(workspace, arrived, delivered=True, author="A tester", reason=" ")
    with pytest.raises(InputError, match="by a person"):
        answers.settle(workspace, arrived, delivered=True, author="rule:x-v1", reason="log")
    answers.settle(workspace, arrived, delivered=True, author="A tester", reason="in the server's log")
    answers.settle(workspace, refused, delivered=False, author="A tester", reason="address mended")
    with pytest.raises(InputError, match="not held: it is delivered"):
        answers.settle(workspace, arrived, delivered=True, author="A tester", reason="again")
    assert send(workspace, channel=server).sent == 1
    assert [letter.letter_id for letter in server.taken] == [arrived, refused]
    assert workspace.ledger.frame("delivery").filter(pl.col("author") == "A tester").height == 1
    assert status(workspace).letters == {"delivered": 2}


def test_who_left_the_list_is_told_nothing_more(workspace: Workspace, clock: Clock) -> None:
    server = Server(["greylisted"])
    first_letters(workspace, server)
    clock.later(days=1)
    gone = with_settings(workspace, recipients=[BOB])
    done = send(gone, hours=False, channel=server)
    assert {letter.recipient for letter in server.taken} == {BOB}
    assert done.held == 2


def test_quiet_hours_hold_back_second_attempts_too(workspace: Workspace, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 2, 17, 58, tzinfo=UTC)
    server = Server(["greylisted"])
    first_letters(workspace, server)
    clock.later(hours=2)
    assert send(workspace, channel=server).sent == 0
    assert next_post(workspace) == datetime(2026, 11, 3, 8, tzinfo=UTC)
    clock.now = datetime(2026, 11, 3, 8, tzinfo=UTC)
    assert send(workspace, channel=server).sent == 2


def test_what_is_answered_before_it_opens_is_not_written_about(workspace: Workspace, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 2, 20, tzinfo=UTC)
    server = Server()
    assert first_letters(workspace, server).sent == 0
    clock.later(hours=13)
    answers.answer(workspace, "R-00001", "acknowledged", author="Ann", reason="")
    assert next_post(workspace) <= clock.now  # type: ignore[operator]
    send(workspace, channel=server)
    assert {"R-00001" in letter.text for letter in server.taken} == {False}
    assert len(server.taken) == 2


def test_a_rule_that_keeps_no_hours_is_tried_again_at_night(workspace: Workspace, clock: Clock, tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(RULES.replace("escalate: yes", "escalate: yes, quiet: ignore"))
    clock.now = datetime(2026, 11, 2, 22, tzinfo=UTC)
    server = Server(["greylisted"])
    first_letters(workspace, server)
    due = next_post(workspace)
    assert due is not None
    assert due - clock.now < timedelta(minutes=10)
    clock.now = due
    assert send(workspace, channel=server).sent == 2


def test_wrong_rules_leave_the_run_to_be_decided_and_do_not_fail_it(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text("colours: red")
    life.make_run(workspace)
    _decide(workspace)
    assert workspace.ledger.count("run_told") == 0
    with pytest.raises(SettingsError, match="colours"):
        next_post(workspace)
    (tmp_path / "rules.yaml").write_text(RULES)
    assert next_post(workspace) == START


def test_nobody_outside_the_allowed_domains_is_written_to(workspace: Workspace) -> None:
    life.make_run(workspace)
    server = Server()
    with pytest.raises(SettingsError, match=r"eve@other\.test"):
        send(with_settings(workspace, recipients=[ANN, "eve@other.test"]), channel=server)
    assert server.taken == []


def test_a_preview_shows_everything_and_writes_nothing(workspace: Workspace) -> None:
    life.make_run(workspace)
    letters = [one.letter for one in preview(workspace)]
    assert [letter.kind for letter in letters] == ["immediate", "immediate", "digest"]
    tables = [name for name in told.TABLES if workspace.ledger.count(name)]
    assert tables == []


def test_acknowledged_by_its_link_it_is_not_raised_again(workspace: Workspace, clock: Clock) -> None:
    server = Server()
    first_letters(workspace, server)
    token = server.taken[0].text.partition("/alerts/")[2].split()[0]
    asked = answers.linked(workspace, token)
    assert asked.select("recipient", "answer").rows() == [(ANN, None)]
    assert workspace.ledger.count("alert_answer") == 0, "looking changes nothing: mail scanners open every link"
    assert len(answers.answer_by_link(workspace, token, "acknowledged")) == 1
    assert answers.answer_by_link(workspace, token, "acknowledged") == []
    assert workspace.ledger.frame("alert_answer").select("author", "by").rows() == [(ANN, "link")]
    clock.later(days=4)
    send(workspace, channel=server)
    raised = [letter for letter in server.taken if letter.recipient == "boss@dept.test"]
    assert len(raised) == 1, "the other alert was acknowledged by nobody"
    assert "Nobody has acknowledged this yet" in raised[0].text
    assert server.taken[0].subject != raised[0].subject
    clock.later(days=14)
    with pytest.raises(InputError, match="expired"):
        answers.linked(workspace, token)


def test_a_snoozed_alert_comes_back_on_its_day(workspace: Workspace, clock: Clock) -> None:
    server = Server()
    first_letters(workspace, server)
    entry = answers.alerts(workspace).filter(pl.col("kind") == "insolvency")["entry_id"].to_list()
    until = START.date() + timedelta(days=9)
    for one in entry:
        assert len(answers.answer(workspace, one, "snoozed", author="Ann", reason="asked", until=until)) == 1
    clock.later(days=8)
    send(workspace, channel=server)
    assert len([letter for letter in server.taken if letter.kind == "immediate"]) == 2
    clock.later(days=1)
    send(workspace, channel=server)
    assert sum("put off until now" in letter.text for letter in server.taken) == 2


@pytest.mark.parametrize(
    ("subject", "decision", "days", "author", "said"),
    [
        ("R-nowhere", "acknowledged", None, "Ann", "no alert"),
        ("R-00001", "acknowledged", None, " ", "by a person"),
        ("R-00001", "acknowledged", None, "Rule:x-v1", "by a person"),
        ("R-00001", "snoozed", None, "Ann", "put off until a day"),
        ("R-00001", "snoozed", 0, "Ann", "put off until a day"),
        ("R-00001", "snoozed", 400, "Ann", "put off until a day"),
        ("R-00001", "shouted at", None, "Ann", "acknowledged, snoozed, reopened"),
    ],
)
def test_an_answer_that_is_none(
    workspace: Workspace, subject: str, decision: str, days: int | None, author: str, said: str
) -> None:
    life.make_run(workspace)
    decide_now(workspace)
    until = None if days is None else START.date() + timedelta(days=days)
    with pytest.raises(InputError, match=said):
        answers.answer(workspace, subject, decision, author=author, reason="", until=until)
    assert workspace.ledger.count("alert_answer") == 0


def test_alerts_delivered_before_there_were_letters_are_not_sent_again(workspace: Workspace) -> None:
    row = {"delivery_id": "d", "alert_id": "alert-00001", "recipient": ANN, "channel": "smtp", "message_id": "m",
           "author": "rule:alerts-v1", "decided_at": START, "reason": "x"}  # fmt: skip
    workspace.ledger.add("delivery", [row])
    server = Server()
    assert first_letters(workspace, server).sent == 1


@pytest.mark.integration
@pytest.mark.timeout(400)
def test_the_schedule_sends_what_is_due_and_then_nothing(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(life.rules("hold"), encoding="utf-8")
    settings = life.settings(tmp_path, 25).model_copy(update={"smtp_host": ""})
    letters = [job for job in jobs() if job.name == "letters"]
    with open_workspace(settings, utc_now) as workspace:
        life.make_run(workspace)
        (ended,) = work(workspace, todo=letters)
        assert (ended.event, "letters handed to file" in ended.detail) == ("done", True)
        assert len(list((tmp_path / "outbox").iterdir())) == 2 * len(life.PEOPLE)
        assert work(workspace, todo=letters) == []


def test_what_is_off_waits_for_nothing(workspace: Workspace) -> None:
    life.make_run(workspace)
    assert next_post(with_settings(workspace, alerts=False)) is None
