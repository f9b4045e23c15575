"""Whether a file is as long as its source says elsewhere. A wrong Content-Length can cut one short unseen."""

from collectors.fetch import Answer, Check


class AsLongAsSaid:
    """Checks that a file has the length that its source gave beforehand.

    A source may be wrong about it for good, so a file that has come twice the same is believed.

    Args:
        length: bytes, as the source said; anything but a positive whole number counts as nothing said.
        check: what else is checked, first.
    """

    def __init__(self, length: object, check: Check) -> None:
        said = isinstance(length, int) and not isinstance(length, bool) and length > 0
        self._length = length if said else None
        self._check = check
        self._told: bytes | None = None

    def __call__(self, answer: Answer) -> str | None:
        """What is wrong with an answer, or None."""
        if wrong := self._check(answer):
            return wrong
        if self._length in {None, len(answer.content)} or answer.content == self._told:
            return None
        self._told = answer.content
        return f"{len(answer.content):,} bytes came of a file of {self._length:,}"
