"""Many calls to a source at a time: slow answers overlap, one that fails does not keep the rest from going on."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field

from collectors.recorder import Fetched
from oversight.errors import CollectError, InputError, NotAuthorisedError, UnreachableError
from oversight.pipeline.workspace import Tell

Call = Callable[[], Iterable[Fetched]]

_LOST = 5
"""Calls in a row without an answer from which on the server counts as out of reach."""
_ROUNDS = 2


@dataclass(slots=True)
class Outcome:
    """What came of many calls.

    Attributes:
        held: what the ledger holds of them.
        failures: why a call failed, by subject; what it fetched before that is in the ledger.
    """

    held: list[Fetched] = field(default_factory=list)
    failures: dict[str, CollectError | InputError] = field(default_factory=dict)


def make(calls: Mapping[str, Call], connections: int, what: str, tell: Tell) -> Outcome:
    """Make the calls; those that failed are made once more at the end, when a passing trouble may be over.

    Args:
        calls: by subject.
        connections: calls under way at once.
        what: is being done, for `tell`.
        tell: told of progress.

    Raises:
        NotAuthorisedError: as soon as a key is refused.
        UnreachableError: where several in a row, or all, got no answer: going on is pointless. One company whose
            answers keep breaking off is not.
    """
    outcome = Outcome()
    waiting = dict(calls)
    for _ in range(_ROUNDS):
        failures = _round(waiting, connections, what, tell, outcome.held)
        outcome.failures = {**outcome.failures, **failures}
        for subject in waiting.keys() - failures.keys():
            outcome.failures.pop(subject, None)
        waiting = {subject: calls[subject] for subject, error in failures.items() if isinstance(error, CollectError)}
        if not waiting:
            break
    lost = [error for error in outcome.failures.values() if isinstance(error, UnreachableError)]
    if calls and len(lost) == len(calls):
        raise lost[0]
    return outcome


def _round(
    calls: Mapping[str, Call], connections: int, what: str, tell: Tell, held: list[Fetched]
) -> dict[str, CollectError | InputError]:
    failures: dict[str, CollectError | InputError] = {}
    unreachable = 0
    with ThreadPoolExecutor(max_workers=connections) as pool:
        futures: dict[Future[Iterable[Fetched]], str] = {pool.submit(call): subject for subject, call in calls.items()}
        try:
            for done, future in enumerate(as_completed(futures), 1):
                try:
                    answers = list(future.result())
                except NotAuthorisedError:
                    raise
                except (CollectError, InputError) as error:
                    failures[futures[future]] = error
                    unreachable = unreachable + 1 if isinstance(error, UnreachableError) else 0
                    if unreachable >= _LOST:
                        raise
                else:
                    held.extend(answers)
                    unreachable = 0 if any(answer.new for answer in answers) else unreachable
                tell(what, done, len(futures))
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return failures
