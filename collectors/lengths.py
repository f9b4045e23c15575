"""Whether a file is as long as its source says elsewhere. A wrong Content-Length can cut one short unseen."""

from collectors.fetch import Answer, Check

_ENOUGH = 3


class Insistence:
    """Tells a passing fault from a source that stands by what it says: the same bytes three times in a row."""

    def __init__(self) -> None:
        self._told: bytes | None = None
        self._times = 0

    def stands_by(self, content: bytes) -> bool:
        """Whether these bytes have now come often enough to be believed."""
        self._times = self._times + 1 if content == self._told else 1
        self._told = content
        return self._times >= _ENOUGH


class AsLongAsSaid:
    """Checks that a file has the length that its source gave beforehand.

    A source may be wrong about it for good, so a file that keeps coming the same is believed.

    Args:
        length: bytes, as the source said; anything but a positive whole number counts as nothing said.
        check: what else is checked, first.
    """

    def __init__(self, length: object, check: Check) -> None:
        said = isinstance(length, int) and not isinstance(length, bool) and length > 0
        self._length = length if said else None
        self._check = check
        self._insistence = Insistence()

    def __call__(self, answer: Answer) -> str | None:
        """What is wrong with an answer, or None."""
        if wrong := self._check(answer):
            return wrong
        if self._length in {None, len(answer.content)} or self._insistence.stands_by(answer.content):
            return None
        return f"{len(answer.content):,} bytes came of a file of {self._length:,}"
