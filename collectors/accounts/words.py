"""What the words of a set of accounts say: going concern, audit opinion, auditor, type of accounts, approval.

Tags are read first; then the text of the page, since the sentences that matter are seldom tagged. A sentence is a
warning only if it says that a material uncertainty exists: what auditors always write about uncertainties (that none
was found, what they would do if one were) is not.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from collectors.accounts.tags import Tagged, TaggedFact
from collectors.accounts.texts import Page, straight
from collectors.accounts.transforms import day, local_name

_LONGEST_QUOTE = 600
_LONGEST_SENTENCE = 2_000
_FROM_TAG = 0.98
_FROM_TEXT = 0.9
_FROM_SILENCE = 0.8

_TELLING = re.compile(r"concern|uncertaint|opinion|audit|true and fair|emphasis|break[- ]up", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.;:!?])\s+(?=[A-Z0-9(\"'])")
_UNCERTAINTY = re.compile(r"material(?: and fundamental)? uncertaint(?:y|ies)", re.IGNORECASE)
_SAYS_IT_EXISTS = re.compile(
    r"\b(?:exists?|existence|indicates?|there (?:is|are|was|were)|constitutes?|represents?|gives? rise|creates?|"
    r"cast|draw attention|drawn? (?:your )?attention|identified|faces?|results? in|due to|because of|"
    r"we (?:note|consider))\b",
    re.IGNORECASE,
)
_DENIES_BEFORE = re.compile(
    r"\b(?:no|not|nor|any|whether|if|without|absence|neither|never|nothing|should|where|unless|otherwise|potential)\b"
    r"[^,;]*$",
    re.IGNORECASE,
)
_DENIES_AFTER = re.compile(
    r"^[^.;]{0,80}?\b(?:(?:has|have|had|was|were|is|are|did|do|does) not\b|no longer\b|has been removed)", re.IGNORECASE
)
_UNCERTAINTY_HEADING = re.compile(
    r"^(?:\d+(?:\.\d+)*\.?\s*)?(?:emphasis of matter\s*[-:]\s*)?material uncertaint(?:y|ies)"
    r"(?:\s+(?:related|relating|in relation|with respect|in respect)\s+(?:to|of)\s+(?:the\s+)?going[ -]concern)?\s*:?$",
    re.IGNORECASE,
)
_GOING_CONCERN = re.compile(r"going[\s-]+concern", re.IGNORECASE)
_OTHER_BASIS = re.compile(
    r"(?:basis other than (?:that of )?(?:a |the )?going[ -]concern"
    r"|other than (?:on )?(?:a |the )?going[ -]concern basis"
    r"|(?:have|has|are|were|is|was) not (?:been )?prepared on (?:a |the )?going[ -]concern"
    r"|going[ -]concern basis (?:of (?:accounting|preparation) )?(?:is|was) (?:no longer|not) "
    r"(?:considered )?(?:to be )?appropriate"
    r"|break[- ]up basis)",
    re.IGNORECASE,
)
_OPINIONS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "adverse",
        re.compile(
            r"^(?:basis for )?adverse opinion\b[^.]{0,40}$|financial statements do not give a true and fair view",
            re.IGNORECASE,
        ),
    ),
    (
        "disclaimer",
        re.compile(
            r"^(?:basis for )?disclaimer of opinion\b[^.]{0,40}$"
            r"|^we do not express an opinion on the (?:accompanying |attached )?"
            r"(?:consolidated |group |company )*financial statements",
            re.IGNORECASE,
        ),
    ),
    (
        "qualified",
        re.compile(
            r"^(?:basis for )?qualified opinion\b[^.]{0,60}$|in our opinion,? except for the (?:possible )?effects?"
            r"|auditor'?s?'? report (?:\w+ ){0,8}was qualified",
            re.IGNORECASE,
        ),
    ),
    ("emphasis_of_matter", re.compile(r"^emphasis of matter\b[^.]{0,80}$", re.IGNORECASE)),
    (
        "clean",
        re.compile(
            r"in our opinion[,:]?.{0,120}give a true and fair view|^\W*give a true and fair view of the state"
            r"|auditor'?s?'? report (?:\w+ ){0,8}was unqualified|auditor'?s?'? opinion (?:\w+ ){0,8}was unmodified",
            re.IGNORECASE,
        ),
    ),
)
_UNAUDITED = re.compile(
    r"(?:entitled to|claimed|taken advantage of(?: the)?) exemption from (?:the requirement (?:of|to have an) )?audit"
    r"|exempt(?:ion)? from (?:the requirements? (?:of|for|to)[^.]{0,30})?audit\b|^unaudited\b",
    re.IGNORECASE,
)
_AUDITED_REPORT = re.compile(r"we have audited the|independent auditor'?s?'? report", re.IGNORECASE)
_ON_BEHALF = re.compile(r"for and on behalf of\s+(?P<firm>[A-Z][^\n\t]{3,90})")
_FIRM = re.compile(
    r"\b(?:LLP|Limited|Ltd|PLC|& Co|and Co|Audit|Accountants?|Auditors?|Partners|Associates)\b", re.IGNORECASE
)
_FIRM_END = re.compile(
    r"\s*(?:,|\(|\bstatutory auditors?\b|\bchartered\b|\bregistered\b|\bsenior\b|\bdate\b).*$", re.IGNORECASE
)
_STATUS = {
    "Audited": "audited",
    "AuditExempt-NoAccountantsReport": "unaudited",
    "AuditExemptWithAccountantsReport": "unaudited",
    "IndependentExaminationCharity": "unaudited",
}
_EXEMPTION = re.compile(r"ExemptionFromAudit|EntitledToExemptionUnderSection4|NotRequiredCompanyToObtainAnAudit")
_WORDS_OF_NAME = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing the words say.

    Attributes:
        kind: going_concern, audit_opinion, auditor, accounts_type, accounting_standard, approved_on; and, from
            `parents.py`, immediate_parent, ultimate_parent, controlling_party.
        value: the class or the name.
        quote: the sentence as printed; None where nothing is said.
        locator: place of a tag, or `text line N` of the rendered page.
        confidence: from 0 to 1.
    """

    kind: str
    value: str
    quote: str | None
    locator: str
    confidence: float


def sayings(tagged: Tagged, page: Callable[[], Page] | None) -> list[Saying]:
    """What a document says, one of each kind at most.

    Args:
        tagged: its tagged facts.
        page: gives the rendered page; None for a document in which no word of it is met.
    """
    found: dict[str, Saying] = {}
    for saying in _from_tags(tagged):
        found.setdefault(saying.kind, saying)
    if page is not None:
        for saying in _from_text(page(), found):
            found[saying.kind] = saying
    elif tagged.inline:
        found.setdefault("going_concern", Saying("going_concern", "none_stated", None, "", _FROM_SILENCE))
    return [found[kind] for kind in sorted(found)]


def _from_tags(tagged: Tagged) -> Iterator[Saying]:
    yield from _named("auditor", tagged.texts("NameEntityAuditors"))
    for fact in tagged.texts("DateAuthorisationFinancialStatementsForIssue", "DateApprovalAccounts", "DateApproval"):
        if approved := day(fact.text or "", local_name(fact.element.get("format"))):
            yield Saying("approved_on", approved.isoformat(), fact.text, fact.locator, _FROM_TAG)
    for fact in tagged.facts:
        for axis, member in fact.context.dimensions:
            if axis == "AccountsTypeDimension":
                yield Saying(
                    "accounts_type", _snake(member.removesuffix("Accounts")), fact.text, fact.locator, _FROM_TAG
                )
            elif axis == "AccountingStandardsDimension":
                yield Saying("accounting_standard", _snake(member), fact.text, fact.locator, _FROM_TAG)
            elif axis == "AccountsStatusDimension" and _STATUS.get(member) == "unaudited":
                yield Saying("audit_opinion", "unaudited", fact.text, fact.locator, _FROM_TAG)
        if fact.unit is None and fact.text and _EXEMPTION.search(fact.concept) and fact.text.lower() != "false":
            yield Saying("audit_opinion", "unaudited", fact.text[:_LONGEST_QUOTE], fact.locator, _FROM_TAG)
        if fact.concept == "FinancialStatementsArePreparedOnGoing-concernBasisTruefalse" and fact.text == "false":
            yield Saying("going_concern", "other_basis", None, fact.locator, _FROM_TAG)


def _named(kind: str, facts: list[TaggedFact]) -> Iterator[Saying]:
    for fact in facts:
        name = (fact.text or "").strip(" .,")
        if name:
            yield Saying(kind, name[:200], (fact.text or "")[:_LONGEST_QUOTE], fact.locator, _FROM_TAG)


def _snake(name: str) -> str:
    return "_".join(_WORDS_OF_NAME.findall(name)).lower()


def _from_text(page: Page, known: dict[str, Saying]) -> Iterator[Saying]:
    sentences = list(_sentences(page))
    if "going_concern" not in known:
        yield _going_concern(sentences)
    audited = any(_AUDITED_REPORT.search(sentence) for _, sentence in sentences)
    if "audit_opinion" not in known or audited:
        opinion = _opinion(sentences, audited=audited)
        if opinion is not None:
            yield opinion
    if "auditor" not in known and audited and (auditor := _auditor(page)) is not None:
        yield auditor


def _sentences(page: Page) -> Iterator[tuple[int, str]]:
    """Each sentence of the lines that speak of an audit or of going concern, with the line's number."""
    for number, line in enumerate(page.text.split("\n"), start=1):
        if _TELLING.search(line):
            for sentence in _SENTENCE_END.split(straight(" ".join(line.split()))):
                if sentence:
                    yield number, sentence[:_LONGEST_SENTENCE]


def _going_concern(sentences: list[tuple[int, str]]) -> Saying:
    mention: tuple[int, str] | None = None
    for index, (line, sentence) in enumerate(sentences):
        if _UNCERTAINTY_HEADING.match(sentence):
            quote = " ".join(text for _, text in sentences[index : index + 4])
            if _GOING_CONCERN.search(quote) and not _DENIES_BEFORE.search(_clause(sentences, index + 1)):
                return Saying("going_concern", "material_uncertainty", _quote(quote), f"text line {line}", _FROM_TEXT)
        if _warns(sentence, sentences, index):
            return Saying("going_concern", "material_uncertainty", _quote(sentence), f"text line {line}", _FROM_TEXT)
        if _OTHER_BASIS.search(sentence):
            return Saying("going_concern", "other_basis", _quote(sentence), f"text line {line}", _FROM_TEXT)
        if mention is None and _GOING_CONCERN.search(sentence):
            mention = (line, sentence)
    if mention is None:
        return Saying("going_concern", "none_stated", None, "", _FROM_SILENCE)
    return Saying("going_concern", "none_stated", _quote(mention[1]), f"text line {mention[0]}", _FROM_TEXT)


def _clause(sentences: list[tuple[int, str]], index: int) -> str:
    """What stands before the uncertainty in the sentence after a heading, empty where it is not named there."""
    if index >= len(sentences):
        return ""
    match = _UNCERTAINTY.search(sentences[index][1])
    return sentences[index][1][: match.start()] if match else ""


def _warns(sentence: str, sentences: list[tuple[int, str]], index: int) -> bool:
    """Whether a sentence says that a material uncertainty over going concern exists."""
    near = " ".join(text for _, text in sentences[max(0, index - 2) : index + 3])
    if not _GOING_CONCERN.search(near):
        return False
    for match in _UNCERTAINTY.finditer(sentence):
        before, after = sentence[: match.start()], sentence[match.end() :]
        if _DENIES_BEFORE.search(before) or _DENIES_AFTER.search(after):
            continue
        if _SAYS_IT_EXISTS.search(before) or _SAYS_IT_EXISTS.search(after):
            return True
    return False


def _opinion(sentences: list[tuple[int, str]], *, audited: bool) -> Saying | None:
    if audited or any("uditor" in sentence for _, sentence in sentences):
        for value, pattern in _OPINIONS:
            for line, sentence in sentences:
                if pattern.search(sentence):
                    return Saying("audit_opinion", value, _quote(sentence), f"text line {line}", _FROM_TEXT)
    for line, sentence in sentences:
        if _UNAUDITED.search(sentence):
            return Saying("audit_opinion", "unaudited", _quote(sentence), f"text line {line}", _FROM_TEXT)
    return None


def _auditor(page: Page) -> Saying | None:
    for match in _ON_BEHALF.finditer(page.text):
        firm = _FIRM_END.sub("", match["firm"]).strip(" .,")
        if _FIRM.search(match["firm"]) and len(firm) > 2 and "board" not in firm.lower():  # noqa: PLR2004  shortest name
            return Saying("auditor", firm, _quote(match[0]), f"text line {page.line_number(match.start())}", _FROM_TEXT)
    return None


def _quote(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_QUOTE]
