import json
import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from pydantic import SecretStr

from collectors.books import LedgerBook, MemoryBook, requests_left
from collectors.budget import Budget, Limit
from collectors.fetch import open_client
from collectors.pacing import Pace
from oversight.store.ledger import Ledger
from tests.collectors.web import START, FakeTime

LIMIT = Limit(600, 300.0)
NOW = START.timestamp()
HOST = "api.example"


def told(left: int, reset_in: float, limit: int = 600) -> dict[str, str]:
    return {
        "x-ratelimit-limit": str(limit),
        "x-ratelimit-remain": str(left),
        "x-ratelimit-reset": str(int(NOW + reset_in)),
        "x-ratelimit-window": "5m",
    }


def spend(budget: Budget, requests: int, now: float) -> float:
    """Use so many places one after the other, each answered at once; gives the moment after the last."""
    used = 0
    while used < requests:
        now += budget.wait(now)
        places = budget.lend(f"lease {used}", now)
        if not places:
            now += 0.01
            continue
        budget.give_back(f"lease {used}", places, now)
        used += places
    return now


def test_the_first_fifth_is_there_at_once_and_the_rest_evenly() -> None:
    budget = Budget(LIMIT)
    assert spend(budget, 120, NOW) == NOW
    assert spend(budget, 10, NOW) - NOW == pytest.approx(5, abs=0.6)


def test_somebody_else_with_the_same_key_waits_for_a_moment_not_for_minutes() -> None:
    budget = Budget(LIMIT)
    after = spend(budget, 300, NOW)
    assert budget.wait(after) <= 1


def test_late_starts_are_made_up_for() -> None:
    budget = Budget(LIMIT)
    now = spend(budget, 200, NOW)
    for place in range(200):
        now += budget.wait(now) + 0.02
        assert budget.lend(str(place), now)
        budget.give_back(str(place), 1, now)
    assert now - NOW == pytest.approx((400 - 120) * 0.5, rel=0.02)


def test_a_killed_process_keeps_its_places_for_a_window_and_no_longer() -> None:
    budget = Budget(LIMIT)
    places = budget.lend("of a process that was killed", NOW)
    assert budget.used(NOW + 300) == places
    assert budget.used(NOW + 300 + 66) == 0


def test_the_state_survives_writing_down() -> None:
    budget = Budget(LIMIT)
    spend(budget, 30, NOW)
    budget.lend("open", NOW)
    budget.learn(told(500, 100), NOW)
    budget.refused(NOW, 3.0)
    again = Budget.load(budget.dump())
    assert again == budget
    assert json.loads(budget.dump())["closed_until"] == NOW + 3


def test_a_refusal_that_does_not_say_for_how_long_waits_longer_each_time() -> None:
    budget = Budget(LIMIT)
    now, waits = NOW, []
    for _ in range(10):
        budget.refused(now, None)
        waits.append(budget.wait(now))
        now += waits[-1]
    assert waits == pytest.approx([1, 2, 4, 8, 16, 32, 64, 128, 256, 300])


def test_several_refusals_at_once_are_one() -> None:
    budget = Budget(LIMIT)
    for _ in range(16):
        budget.refused(NOW, None)
    assert budget.wait(NOW) == pytest.approx(1)


def test_a_refusal_without_a_wait_waits_for_the_end_of_the_servers_window() -> None:
    budget = Budget(LIMIT)
    budget.learn(told(0, 42), NOW)
    budget.refused(NOW, None)
    assert budget.wait(NOW) == pytest.approx(42, abs=1)


def test_a_window_of_another_length_keeps_what_was_used() -> None:
    budget = Budget(Limit(10, 10.0))
    spend(budget, 10, NOW)
    budget.learn(told(590, 300), NOW)
    assert budget.used(NOW + 200) == 10
    assert budget.used(NOW + 302) == 0


class Server(RuleBasedStateMachine):
    """However leases are taken, used, killed and ended, a server with rolling windows never counts too many."""

    @initialize(requests=st.integers(1, 30), seconds=st.floats(1, 400))
    def begin(self, requests: int, seconds: float) -> None:
        self.budget = Budget(Limit(requests, seconds))
        self.now = NOW
        self.open: dict[str, int] = {}
        self.counted: list[float] = []

    @rule(seconds=st.floats(0, 50))
    def pass_time(self, seconds: float) -> None:
        for lease in list(self.open):  # a place must be used within seconds
            if seconds > 1:
                self.end(lease)
        self.now += seconds

    @rule()
    def take(self) -> None:
        name = f"lease {len(self.counted)} {len(self.open)} {self.now}"
        if name not in self.open and (places := self.budget.lend(name, self.now)):
            self.open[name] = places

    @precondition(lambda self: self.open)
    @rule(data=st.data(), share=st.floats(0, 1))
    def use(self, data: st.DataObject, share: float) -> None:
        lease = data.draw(st.sampled_from(sorted(self.open)))
        self.end(lease, math.ceil(self.open[lease] * share))

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def kill(self, data: st.DataObject) -> None:
        lease = data.draw(st.sampled_from(sorted(self.open)))
        self.counted += [self.now] * self.open.pop(lease)

    def end(self, lease: str, used: int | None = None) -> None:
        used = self.open[lease] if used is None else used
        self.counted += [self.now] * used
        self.budget.give_back(lease, used, self.now)
        del self.open[lease]

    @invariant()
    def within_the_limit(self) -> None:
        limit = self.budget.limit
        recent = [moment for moment in self.counted if moment > self.now - limit.seconds]
        assert len(recent) + sum(self.open.values()) <= limit.requests


TestServer = Server.TestCase


@given(st.text() | st.none(), st.text() | st.none(), st.text() | st.none(), st.text() | st.none())
def test_no_header_breaks_the_count(allowed: str, left: str, reset: str, window: str) -> None:
    names = ("limit", "remain", "reset", "window")
    values = zip(names, (allowed, left, reset, window), strict=True)
    budget = Budget(LIMIT)
    budget.learn({f"x-ratelimit-{name}": value for name, value in values if value is not None}, NOW)
    assert 0 <= budget.wait(NOW) <= 3600


@pytest.mark.parametrize("window", ["0s", "000m"])
def test_a_window_of_no_length_is_not_believed(window: str) -> None:
    budget = Budget(LIMIT)
    budget.learn(told(10, 10) | {"x-ratelimit-window": window}, NOW)
    assert budget.limit == LIMIT


def test_two_processes_share_a_budget_in_the_ledger(ledger_url: str) -> None:
    time = FakeTime()
    with Ledger(ledger_url) as one, Ledger(ledger_url) as other:
        paces = [
            Pace({HOST: "b"}, {"b": Limit(40, 60.0)}, clock=time.clock, sleep=time.sleep, book=LedgerBook(ledger))
            for ledger in (one, other)
        ]
        for place in range(40):
            pace = paces[place % 2]
            pace.finish(pace.start(HOST), 200, {})
        before = time.now
        paces[0].finish(paces[0].start(HOST), 429, {"retry-after": "90"})
        paces[1].start(HOST)
        assert (time.now - before).total_seconds() >= 90
        assert requests_left(other, time.now.timestamp())["b"][1] == 40


def test_what_is_left_is_known_to_other_processes(ledger_url: str) -> None:
    time = FakeTime()
    with Ledger(ledger_url) as ledger:
        assert requests_left(ledger, NOW) == {}
        pace = Pace({HOST: "b"}, {"b": LIMIT}, clock=time.clock, sleep=time.sleep, book=LedgerBook(ledger))
        for _ in range(7):
            pace.finish(pace.start(HOST), 200, {})
        pace.close()
        assert requests_left(ledger, time.now.timestamp()) == {"b": (593, 600)}
        assert requests_left(ledger, time.now.timestamp() + 302) == {"b": (600, 600)}


def test_the_key_is_known_by_a_hash(ledger_url: str) -> None:
    key = SecretStr("the-secret-key")
    addresses = {"companies_house_document_url": "http://127.0.0.1:9", "govuk_url": "http://127.0.0.1:9"}
    with Ledger(ledger_url) as ledger:
        with open_client(companies_house_url="http://127.0.0.1:9", **addresses, key=key, ledger=ledger) as client:
            client._pace.start("127.0.0.1:9")
        (name,) = requests_left(ledger, datetime.now(UTC).timestamp())
        assert name.startswith("127.0.0.1:9/")
        assert "secret" not in str(ledger.noted())


def test_a_note_stands_where_the_change_fails(ledger_url: str) -> None:
    def fails(_: str | None) -> tuple[str, None]:
        raise ArithmeticError

    with Ledger(ledger_url) as ledger:
        assert ledger.change("a", lambda held: ("1", held)) is None
        assert ledger.change("a", lambda held: (f"{held}2", held)) == "1"
        with pytest.raises(ArithmeticError):
            ledger.change("a", fails)
        ledger.change("b%", lambda _: ("3", None))
        assert ledger.noted() == {"a": "12", "b%": "3"}
        assert ledger.noted("b%") == {"b%": "3"}
        assert ledger.noted("%") == {}


def test_budgets_of_one_process() -> None:
    book = MemoryBook()
    assert book.change("b", LIMIT, lambda budget: budget.lend("l", NOW)) == 6
    assert book.change("b", LIMIT, lambda budget: budget.used(NOW)) == 6
