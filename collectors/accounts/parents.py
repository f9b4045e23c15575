"""Who a set of accounts says owns the company: the immediate parent, the ultimate one, a controlling party.

Only owners that are companies or other bodies are taken, never a person. Tags are read first, then sentences of the
page in the forms that accounts use: `The ultimate parent undertaking is X Limited`, `X Limited is regarded as the
company's parent`, `a wholly owned subsidiary of X Limited`.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from collectors.accounts.tags import Tagged
from collectors.accounts.texts import Page, straight
from collectors.accounts.words import Saying

IMMEDIATE: Final = "immediate_parent"
ULTIMATE: Final = "ultimate_parent"
CONTROLLING: Final = "controlling_party"

_CONCEPTS: Final = {
    "NameUltimateParentEntity": ULTIMATE,
    "NameParentEntityLargestGroup": ULTIMATE,
    "NameParentEntity": IMMEDIATE,
    "NameUltimateControllingPartyIfNotUltimateParent": CONTROLLING,
    "NameControllingParty": CONTROLLING,
}
PARENT_CONCEPTS: Final = tuple(_CONCEPTS)
"""Concepts that name a parent, in order of preference."""

_LONGEST_SENTENCE: Final = 2_000
_LONGEST_QUOTE: Final = 400
_LONGEST_NAME: Final = 200
_FROM_TAG: Final = 0.98
_FROM_TEXT: Final = 0.9

_SPEAKS: Final = (b"parent ", b"controlling ", b"controlled by", b"owned by", b"subsidiary")
_SENTENCE_END: Final = re.compile(r"(?<=[.;!?])\s+(?=[A-Z0-9(\"'])")
_TELLING: Final = ("parent", "holding company", "controlling", "controlled", "subsidiary", "owned by")
_OWNER_WORD: Final = re.compile(r"[Pp]arent|PARENT|olding [Cc]ompany|ontroll|CONTROLL|ubsidiary|wned by")
_BODY: Final = re.compile(
    r"\b(?:Limited|Ltd|LLP|LP|L\.P|PLC|Inc|Corp|Corporation|S\.?A|S\.?[aà]\.?r\.?l|GmbH|B\.?V|N\.?V|Group|Holdings?|Fund|Trust|"
    r"Council|University|Partnership|SCA|SE|AB|AG|Pty)\b",
    re.IGNORECASE,
)
_PERSON: Final = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sir|his|her|their shareholding)\b|\bdirector\b", re.IGNORECASE)

_STRONG: Final = (
    r"(?:Limited|LIMITED|Ltd|LTD|LLP|L\.?P\.?|PLC|Plc|plc|Inc|INC|Corp|Corporation|S\.?[aàAÀ]\.?\s?[rR]\.?\s?[lL]|S\.A|SA|SCA|SCSp|"
    r"GmbH|AG|B\.V|BV|N\.V|NV|SE|AB|Pty)"
)
_WEAK: Final = r"(?:Group|GROUP|Trust|TRUST|Fund|FUND|Foundation|Council|University|Partnership)"
_WORD: Final = r"(?:[A-Z0-9&(][\w&'().,/+!-]*|and|of|the|for|in|de|du)"
_NAME: Final = rf"(?:\(?The\)?\s+)?[A-Z0-9][\w&'().,/+!-]*(?:\s+{_WORD}){{0,9}}?\s+{_STRONG}(?![\w'])\.?"
_NAME_WITHOUT_FORM: Final = rf"(?:\(?The\)?\s+)?[A-Z0-9][\w&'().,/+!-]*(?:\s+{_WORD}){{0,9}}?\s+{_WEAK}(?![\w'])"
_NAMES: Final = rf"(?P<name>{_NAME}|{_NAME_WITHOUT_FORM})"
_OWNER: Final = (
    r"(?P<which>(?i:immediate\s+and\s+ultimate|ultimate\s+and\s+immediate|immediate|ultimate)\s+)?"
    r"(?P<owner>(?i:parent(?:\s+(?:undertaking|company|entity))?|holding\s+company|controlling\s+(?:related\s+)?(?:party|entity)))"
    r"(?i:\s+(?:and|&|/)\s+(?:the\s+)?(?:ultimate\s+)?(?:parent(?:\s+(?:undertaking|company))?|controlling\s+(?:party|entity)))*"
)
_VERB: Final = (
    r"(?:\b(?:is|was|are|were|being|remains)\s+(?:(?:considered|deemed|regarded|believed)\s+(?:by\s+(?:the\s+)?directors?\s+)?"
    r"(?:to\s+be|as(?:\s+being)?)\s+)?|:\s*|,\s*)"
)
_BETWEEN: Final = (
    r"(?:(?!\b(?:is|was|are|were|being|remains|parent|controlling|controlled|owned|Mr|Mrs|Ms|Miss|Dr)\b)[^.;:]){0,90}?"
)
_OWNER_IS: Final = re.compile(rf"\b{_OWNER}\b{_BETWEEN}{_VERB}(?:\"|')?{_NAMES}")
_IS_OWNER: Final = re.compile(
    rf"(?:^|[,;(]\s*){_NAMES}(?:,[^,]{{0,60}},)?\s+(?:is|was)\s+(?:(?:considered|deemed|regarded|believed)\s+"
    rf"(?:by\s+(?:the\s+)?directors?\s+)?(?:to\s+be|as(?:\s+being)?)\s+)?(?:the\s+)?(?:(?:[Cc]ompany|[Gg]roup)(?:'s)?\s+)?{_OWNER}\b"
)
_SUBSIDIARY_OF: Final = re.compile(
    r"(?:\b(?i:the\s+company|this\s+company|it|we)\s+(?i:is|was|are|became|becomes|remains)\s+(?i:(?:considered\s+)?(?:to\s+be\s+)?)"
    r"(?i:(?:an?\s+)?(?:\d+%\s+)?(?:wholly[\s-]+|majority[\s-]+|directly\s+|ultimately\s+)?"
    r"(?:owned\s+subsidiary(?:\s+(?:undertaking|company))?\s+of|subsidiary(?:\s+(?:undertaking|company))?\s+of"
    r"|(?:owned|controlled)(?:\s+throughout\s+the\s+(?:year|period))?\s+by))"
    rf"|\b(?i:as\s+an?\s+(?:wholly[\s-]+owned\s+)?subsidiary\s+of))\s+{_NAMES}"
)
_ENDS_QUOTE: Final = re.compile(
    r"\b(?:which|who|whose|where|owned|controlled|controls?|director|directors|shareholder|Mr|Mrs|Ms|Miss|Dr|by\s+virtue|as\s+they|"
    r"through|and\s+as\s+such|includes?|ha(?:s|ve)\s+taken)\b|;",
)


def names_a_company(text: str) -> bool:
    """True for a text that names a company, a fund or another body, and no person."""
    return bool(_BODY.search(text)) and not _PERSON.search(text)


def speaks_of_parents(content: bytes) -> bool:
    """Whether the page has to be read for the words of this module."""
    lower = content.lower()
    return any(word in lower for word in _SPEAKS)


def stated_parents(tagged: Tagged, page: Callable[[], Page] | None) -> list[Saying]:
    """The parents a document states, one of each kind at most.

    Args:
        tagged: its tagged facts.
        page: gives the rendered page; None for a document that need not be looked through.
    """
    found: dict[str, Saying] = {}
    for saying in _from_tags(tagged):
        found.setdefault(saying.kind, saying)
    if page is not None:
        for saying in _from_text(page()):
            found.setdefault(saying.kind, saying)
    return [found[kind] for kind in sorted(found)]


def _from_tags(tagged: Tagged) -> Iterator[Saying]:
    for fact in tagged.texts(*PARENT_CONCEPTS):
        name = (fact.text or "").strip(" .,")
        if name and names_a_company(name):
            quote = (fact.text or "")[:_LONGEST_QUOTE]
            yield Saying(_CONCEPTS[fact.concept], name[:_LONGEST_NAME], quote, fact.locator, _FROM_TAG)


def _from_text(page: Page) -> Iterator[Saying]:
    for number, line in enumerate(page.text.split("\n"), start=1):
        lower = line.lower()
        if any(word in lower for word in _TELLING):
            for sentence in _SENTENCE_END.split(straight(" ".join(line.split()))):
                if _OWNER_WORD.search(sentence):
                    yield from _of_sentence(sentence[:_LONGEST_SENTENCE], number)


def _of_sentence(sentence: str, line: int) -> Iterator[Saying]:
    for pattern in (_OWNER_IS, _IS_OWNER):
        for match in pattern.finditer(sentence):
            for kind in _kinds(match["which"], match["owner"]):
                yield _saying(kind, match, sentence, line)
    for match in _SUBSIDIARY_OF.finditer(sentence):
        yield _saying(IMMEDIATE, match, sentence, line)


def _kinds(which: str | None, owner: str) -> tuple[str, ...]:
    words = (which or "").casefold()
    if "controlling" in owner.casefold():
        return (CONTROLLING,)
    if "immediate" in words and "ultimate" in words:
        return IMMEDIATE, ULTIMATE
    return (ULTIMATE,) if "ultimate" in words else (IMMEDIATE,)


def _saying(kind: str, match: re.Match[str], sentence: str, line: int) -> Saying:
    return Saying(kind, _plain(match["name"]), _quote(match, sentence), f"text line {line}", _FROM_TEXT)


def _plain(name: str) -> str:
    """A name without the mark that ends its sentence."""
    return name.rstrip(".,")[:_LONGEST_NAME]


def _quote(match: re.Match[str], sentence: str) -> str:
    """What is printed from the owner's title to the end of its particulars; people named further on are left out."""
    rest = sentence[match.end() :]
    end = _ENDS_QUOTE.search(rest)
    kept = rest if end is None else rest[: end.start()]
    start = match.start() if match.start() > len("The company's ") else 0
    cut = "" if end is None else " …"
    return (sentence[start : match.end()] + kept.rstrip(" ,"))[:_LONGEST_QUOTE] + cut
