from collections.abc import Callable

import pytest

from collectors.recorder import Fetched
from oversight.errors import InputError, NotAuthorisedError, RefusedError, UnreachableError
from oversight.pipeline.calls import Call, make
from oversight.pipeline.workspace import tell_nobody
from tests.collectors.web import START


def answer(subject: str, *, new: bool = True) -> Fetched:
    return Fetched("s", subject, "http://x", "ok", START, new=new)


def works(subject: str, *, new: bool = True) -> Call:
    return lambda: [answer(subject, new=new)]


def fails(*errors: Exception | None, counted: list[str] | None = None, subject: str = "x") -> Call:
    left = list(errors)

    def call() -> list[Fetched]:
        if counted is not None:
            counted.append(subject)
        error = left.pop(0) if len(left) > 1 else left[0]
        if error is not None:
            raise error
        return [answer(subject)]

    return call


def run(calls: dict[str, Call], connections: int = 1) -> tuple[list[str], dict[str, str]]:
    outcome = make(calls, connections, "asking", tell_nobody)
    return sorted(f.subject for f in outcome.held), {s: e.message for s, e in outcome.failures.items()}


def test_what_failed_is_asked_for_once_more() -> None:
    calls = {"a": works("a"), "b": fails(RefusedError("busy"), None, subject="b")}
    assert run(calls) == (["a", "b"], {})


def test_what_keeps_failing_is_told_and_the_rest_goes_on() -> None:
    asked: list[str] = []
    calls = {
        "a": fails(RefusedError("busy"), counted=asked, subject="a"),
        "b": fails(InputError("not JSON"), counted=asked, subject="b"),
        "c": works("c"),
    }
    assert run(calls, 8) == (["c"], {"a": "busy", "b": "not JSON"})
    assert sorted(asked) == ["a", "a", "b"], "what cannot get better is not asked again"


def test_one_company_out_of_reach_does_not_keep_the_rest_from_being_collected() -> None:
    calls = {"a": fails(UnreachableError("reset"))} | {str(place): works(str(place)) for place in range(9)}
    held, failures = run(calls)
    assert len(held) == 9
    assert failures == {"a": "reset"}


@pytest.mark.parametrize("count", [1, 2, 50])
def test_a_lost_network_ends_it(count: int) -> None:
    asked: list[str] = []
    calls = {str(place): fails(UnreachableError("down"), counted=asked) for place in range(count)}
    with pytest.raises(UnreachableError):
        run(calls)
    assert len(asked) <= (count if count >= 5 else 2 * count), "a second round is pointless too"


def test_a_lost_network_ends_it_though_much_is_held_already() -> None:
    calls: dict[str, Call] = {}
    for place in range(50):
        calls[f"{place}"] = works("x", new=False) if place % 2 else fails(UnreachableError("down"))
    with pytest.raises(UnreachableError):
        run(calls)


@pytest.mark.parametrize("error", [NotAuthorisedError("refused"), KeyboardInterrupt()])
def test_a_refused_key_and_an_interruption_end_it_at_once(error: BaseException) -> None:
    asked: list[str] = []

    def later(subject: str) -> Callable[[], list[Fetched]]:
        def call() -> list[Fetched]:
            asked.append(subject)
            raise error

        return call

    with pytest.raises(type(error)):
        run({str(place): later(str(place)) for place in range(20)})
    assert len(asked) < 20


def test_nothing_to_ask() -> None:
    assert run({}) == ([], {})
