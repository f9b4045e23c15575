"""Names of owners and companies in one spelling, so that the same name typed twice is the same text.

`Example Care Ltd.`, `EXAMPLE CARE LIMITED` and `Example Care Limited (01234567) t/a Sunny House` have
one normal form, `example care ltd`. `Example Care UK Limited` has another: those are two companies.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import yaml
from rapidfuzz.distance import DamerauLevenshtein

from oversight.errors import InputError
from oversight.model.ids import company_number

_LONGEST_READ: Final = 2000
_LONGEST_FORM: Final = 300
_APOSTROPHES: Final = "'’‘`´ʼʹʽ＇"  # noqa: RUF001 - the look-alikes are the point
_SYMBOLS: Final = {"&": " and ", "+": " plus ", "@": " at ", "_": " "}
_DOTTED_LETTER: Final = re.compile(r"\b(\w)\.(?=\w\b)")
_CHARITY_NUMBER: Final = re.compile(
    r"\b(?:(?:registered|reg) )?charity (?:(?:registration|registered|reg|number|no|num) ){0,3}\d{6,7}\b"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart.

    Attributes:
        core: the name without legal form, number and trading name; empty if the text has no letter or digit.
        suffix: canonical legal form such as `ltd`, `llp`, `cic`; empty if none is written.
        trading_as: normal form of the other name given with it; empty if none.
        stated_number: company number typed into the name, in its 8-character form.
    """

    core: str
    suffix: str
    trading_as: str
    stated_number: str | None

    @property
    def form(self) -> str:
        """The normal form: core and legal form."""
        return f"{self.core} {self.suffix}".strip()


@dataclass(frozen=True, slots=True)
class _Spellings:
    forms: tuple[tuple[tuple[str, ...], str], ...]
    company_forms: frozenset[str]
    glued: tuple[str, ...]
    misspelt: str
    other_name: re.Pattern[str]
    number: re.Pattern[str]
    same_words: dict[str, str]


@cache
def _spellings() -> _Spellings:
    data = yaml.safe_load(files("oversight.identity").joinpath("suffixes.yaml").read_text("utf-8"))
    forms = [(tuple(typed.split()), form) for form, spellings in data["forms"].items() for typed in spellings]
    prefixes = "|".join(data["number_prefixes"])
    stated = r"(?:(?:(?:company|companies house|registered|registration|reg|co) )+(?:number|no|num) )"
    return _Spellings(
        forms=tuple(sorted(forms, key=lambda pair: (-len(pair[0]), pair))),
        company_forms=frozenset(data["company_forms"]),
        glued=tuple(data["typed_as_one_word"]),
        misspelt=data["misspelt"],
        other_name=re.compile(
            rf"\b(?:{'|'.join(data['other_name_phrases'])})\b|(?:(?<=\bltd)|(?<=\blimited))\s*[-\u2013\u2014]+"
        ),
        number=re.compile(rf"\b(?:{stated}?(\d{{7,8}}|(?:{prefixes})\d{{6}}|r\d{{7}})|{stated}(\d{{4,6}}))\b"),
        same_words=dict(data["same_words"]),
    )


def normal_form(text: str) -> str:
    """The spelling under which a name is compared and kept: `Sunny House Limited` gives `sunny house ltd`.

    Applying it twice changes nothing. Numbers and trading names typed behind the name are left out.
    """
    return parse_name(text).form


def parse_name(text: str) -> Name:
    """Take a name apart. Never fails: a text without a letter or digit gives an empty core."""
    lettered = _letters(text[:_LONGEST_READ])
    legal, other = _split_other_name(lettered)
    words, number = _take_number(_words(legal))
    core, suffix = _take_suffix(_without_article(words))
    return Name(
        core=" ".join(_without_article(core)),
        suffix=suffix,
        trading_as=parse_name(other).form if other else "",
        stated_number=number,
    )


def is_company_form(suffix: str) -> bool:
    """Whether a canonical legal form is one of the register of companies and partnerships."""
    return suffix in _spellings().company_forms


def compact_form(core: str) -> str:
    """A core without its spaces and with numbers and common words in one spelling: `Tree House` is `Treehouse`."""
    same = _spellings().same_words
    return "".join(same.get(word, word) for word in core.split())


def singular(word: str) -> str:
    """A word without a plural or possessive s; short words and words on -ss stay as they are."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word  # noqa: PLR2004


def _letters(text: str) -> str:
    """Lower case without accents and apostrophes, symbols as words, dotted initials joined."""
    plain = _unmarked(_unmarked(text).casefold())
    plain = "".join(_SYMBOLS.get(char, char) for char in plain if char not in _APOSTROPHES)
    return _DOTTED_LETTER.sub(r"\1", plain)


def _unmarked(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.category(c).startswith("M"))


def _split_other_name(text: str) -> tuple[str, str]:
    """The legal name and the other name; a phrase with nothing before it does not split."""
    for match in _spellings().other_name.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        if any(map(str.isalnum, before)) and any(map(str.isalnum, after)):
            return before, after
    return text, ""


def _words(text: str) -> list[str]:
    words: list[str] = []
    length = 0
    for word in "".join(char if char.isalnum() else " " for char in text).split():
        length += len(word) + 1
        if length > _LONGEST_FORM:
            break
        words.append(word)
    return words


def _take_number(words: list[str]) -> tuple[list[str], str | None]:
    """The words without typed-in numbers, and the company number if there is exactly one."""
    text = " ".join(words)
    numbers: set[str] = set()
    while True:
        rest = " ".join(_CHARITY_NUMBER.sub(" ", text, count=1).split())
        if rest == text and (match := _spellings().number.search(text)):
            rest = " ".join(f"{text[: match.start()]} {text[match.end() :]}".split())
            if not _names_something(rest):
                return text.split(), None
            numbers.add(_eight(match[1] or match[2]))
        if rest == text or not _names_something(rest):
            return text.split(), numbers.pop() if len(numbers) == 1 else None
        text = rest


def _names_something(text: str) -> bool:
    """Whether a text is more than a legal form."""
    words = tuple(text.split())
    return bool(words) and all(words != typed for typed, _ in _spellings().forms)


def _eight(digits: str) -> str:
    try:
        return company_number(digits)
    except InputError:
        return digits.upper()


def _take_suffix(words: list[str]) -> tuple[list[str], str]:
    """The words without the legal form at their end, and the form. A form alone is a name."""
    known = _spellings()
    if words:
        words = [*words[:-1], *_unglued(words[-1])]
    for typed, form in known.forms:
        if len(words) > len(typed) and tuple(words[-len(typed) :]) == typed:
            return words[: -len(typed)], form
    if len(words) > 1 and len(words[-1]) > 5 and DamerauLevenshtein.distance(words[-1], known.misspelt) == 1:  # noqa: PLR2004
        return words[:-1], "ltd"
    return words, ""


def _unglued(word: str) -> list[str]:
    """`supportltd` as two words; `unlimited` is one."""
    for ending in _spellings().glued:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return [word[: -len(ending)], ending]
    return [word]


def _without_article(words: list[str]) -> list[str]:
    """Without `the` in front and `(the)` behind, as the register compares names."""
    while len(words) > 1 and words[0] == "the":
        words = words[1:]
    while len(words) > 1 and words[-1] == "the":
        words = words[:-1]
    return words
