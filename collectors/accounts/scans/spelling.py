"""Captions as printed, where an engine misread a letter of a word that statements use, or ran words together."""

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

import yaml
from rapidfuzz.distance import DamerauLevenshtein

from collectors.accounts.blocks import LONGEST_HEADING
from collectors.accounts.cells import Row

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 6
"""Letters: shorter words have too many neighbours."""
_LONGEST = 60
_RUN_TOGETHER = frozenset(
    re.findall(
        r"[a-z]+",
        "account accounts administrative after amounts and assets at balance bank before called capital cash charges "
        "comprehensive cost creditors current debtors deferred due earnings equity expenses falling financial fixed "
        "for funds gross hand in income intangible interest investments less liabilities long loss more net of on one "
        "operating payable position premium profit provisions receivable reserve reserves retained sales share sheet "
        "similar statement tangible tax taxation term than the total up within year",
    )
)
"""Whole words of captions and headings, of which two or more are told where an engine left out the space."""
_CACHED = 50_000


@cache
def _known() -> frozenset[str]:
    """Every word of the captions and headings that the statement reader knows."""
    content = yaml.safe_load(files("collectors.accounts").joinpath("captions.yaml").read_text(encoding="utf-8"))
    texts: list[str] = []
    pending: list[object] = [content]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            texts.append(item)
        elif isinstance(item, dict):
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)
    # An optional letter, as in `assets?`, makes two words.
    forms = [form for text in texts for form in (text.replace("?", ""), re.sub(r"\w\?", "", text))]
    return frozenset(word for form in forms for word in re.findall(r"[a-z]{6,}", form))


def correct(rows: list[Row]) -> None:
    """Put the words of short cells right: accents off, and one letter changed where that makes a known word."""
    for row in rows:
        for cell in row.cells:
            if len(cell.text) <= LONGEST_HEADING and any(character.isalpha() for character in cell.text):
                cell.text = spelt(cell.text)
                cell.lines = (cell.text,)


def spelt(text: str) -> str:
    """A text with its words put right."""
    return _WORD.sub(lambda match: _spelt(match[0]), text)


@lru_cache(maxsize=_CACHED)
def _spelt(word: str) -> str:
    plain = "".join(each for each in unicodedata.normalize("NFKD", word) if not unicodedata.combining(each))
    lowered = plain.lower()
    if len(lowered) < _SHORTEST or lowered in _known():
        return plain
    near = [
        known
        for known in _known()
        if abs(len(known) - len(lowered)) <= 1 and DamerauLevenshtein.distance(known, lowered, score_cutoff=1) <= 1
    ]
    if not near and (parts := _parts(lowered)):
        return " ".join(plain[start:end] for start, end in parts)
    if len(near) != 1 or near[0].rstrip("s") == lowered.rstrip("s"):
        return plain
    return near[0].capitalize() if plain[0].isupper() else near[0]


def _parts(word: str) -> list[tuple[int, int]]:
    """Where the words begin and end that an engine ran together, as in `capitaland`; empty where it did not."""
    if len(word) > _LONGEST:
        return []
    best: dict[int, list[tuple[int, int]]] = {0: []}
    for end in range(1, len(word) + 1):
        for start in sorted(best):
            if word[start:end] in _RUN_TOGETHER and (end not in best or len(best[start]) + 1 < len(best[end])):
                best[end] = [*best[start], (start, end)]
    found = best.get(len(word), [])
    return found if len(found) > 1 else []
