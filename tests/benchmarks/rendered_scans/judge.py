"""What became of each figure of a tagged document in the reading of its picture."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from collectors.accounts.scans.trust import REVIEW_BELOW
from collectors.reading import Row
from tests.benchmarks.rendered_scans.documents import FACES

SURE = 0.9
RIGHT, RIGHT_HELD, WRONG_HELD, WRONG, ASTRAY, SURELY_WRONG, MISSING = VERDICTS = (
    "exact",
    "exact, in review",
    "wrong, in review",
    "wrong",
    "of these astray",
    "wrong, sure",
    "not read",
)
"""`wrong` holds those that are astray (the figure, but of the other scope or period) and `wrong, sure` too."""
_Key = tuple[str, bool, bool]
"""Line, of the earlier period, of the group."""
_NEAR = timedelta(days=7)
_WIDER = {"debtors_within_one_year": "debtors"}


@dataclass(slots=True)
class Score:
    """Figures by verdict; and those that are not right, each told."""

    tally: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)
    documents: int = 0
    figures: int = 0

    def add(self, other: "Score") -> None:
        """Add the figures of another document."""
        self.tally += other.tally
        self.told += other.told
        self.documents += other.documents
        self.figures += other.figures


def judge(name: str, truth: Iterable[Row], read: Iterable[Row], statements: Sequence[str] = FACES) -> Score:
    """Compare one reading with what the tags of the same document say.

    A figure given for the other of group and company, or for the other period, where the tags have none, is wrong and
    not just missing where it belongs. A period may end some days off: tags forget the leap day.

    Args:
        name: of the document and the way it was spoilt, for what is told.
        truth: lines of the tagged reader, with `statement`.
        read: lines read from the picture.
        statements: which of them count.
    """
    score = Score(documents=1)
    known = {_key(line): line for line in truth if line["statement"] in statements}
    found = {_key(line): line for line in read}
    for key, line in sorted(known.items()):
        score.figures += 1
        given = found.get(key) or _by_wider_name(key, line, found) or _strayed(key, line, known, found)
        verdicts = _verdicts(line, given)
        score.tally.update(verdicts)
        if verdicts[0] != RIGHT:
            score.told.append(f"{verdicts[-1]}: {name} {_words(key)}: {_amount(line)}{_told(given)}")
    return score


def _verdicts(line: Row, given: Row | None) -> list[str]:
    if given is None:
        return [MISSING]
    confidence = float(str(given["confidence"]))
    held = given["method"] == "conflict" or confidence < REVIEW_BELOW
    alike = _key(line) == _key(given) and abs(_end(line) - _end(given)) <= _NEAR
    if alike and float(str(line["value"])) == float(str(given["value"])):
        return [RIGHT, RIGHT_HELD] if held else [RIGHT]
    if held:
        return [WRONG_HELD]
    astray = [ASTRAY] if _key(line) != _key(given) else []
    return [WRONG, *astray, *([SURELY_WRONG] if confidence >= SURE else [])]


def _by_wider_name(key: _Key, line: Row, found: Mapping[_Key, Row]) -> Row | None:
    """Debtors on the face of a balance sheet, where the tag says besides when they are due."""
    wider = found.get((_WIDER[key[0]], *key[1:])) if key[0] in _WIDER else None
    return {**wider, "line": key[0]} if wider and wider["value"] == line["value"] else None


def _strayed(key: _Key, line: Row, known: Mapping[_Key, Row], found: Mapping[_Key, Row]) -> Row | None:
    """A figure of this value that was given to the other scope or to another period, for which there is none."""
    for other, given in sorted(found.items()):
        same = other[0] == key[0] and line["value"] and given["value"] == line["value"]
        if same and other not in known:
            return given
    return None


def _key(line: Row) -> _Key:
    return str(line["line"]), bool(line["comparative"]), bool(line["consolidated"])


def _end(line: Row) -> date:
    return date.fromisoformat(str(line["period_end"]))


def _words(key: _Key) -> str:
    return f"{key[0]} {'last' if key[1] else 'this'} {'group' if key[2] else 'company'}"


def _amount(line: Row) -> str:
    return f"{float(str(line['value'])):,.0f} ({line['method']})"


def _told(given: Row | None) -> str:
    if given is None:
        return ""
    how = f"{given['confidence']} {given['concept']!r} {given['locator']}"
    return f", read {_words(_key(given))} {_amount(given)} {how}"
