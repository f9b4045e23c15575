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
_SHORTEST_PART, _LONG_PART, _LONGEST = 3, 5, 40
"""Letters of the words that are run together: of each but `of` and its like, of one of them, of all."""
_SMALL = frozenset({"of", "in", "on", "to", "at"})
_CACHED = 50_000


@cache
def _words() -> frozenset[str]:
    """Every word of the captions and headings that the statement reader knows, with and without optional letters."""
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
    return frozenset(word for form in forms for word in re.findall(r"[a-z]+", form))


@cache
def _known() -> frozenset[str]:
    """The words long enough to be told from their neighbours."""
    return frozenset(word for word in _words() if len(word) >= _SHORTEST)


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
            part = word[start:end]
            usable = part in _SMALL or (len(part) >= _SHORTEST_PART and part in _words())
            if usable and (end not in best or len(best[start]) + 1 < len(best[end])):
                best[end] = [*best[start], (start, end)]
    found = best.get(len(word), [])
    return found if len(found) > 1 and max(end - start for start, end in found) >= _LONG_PART else []
