"""Tagged facts of one document, inline or plain XBRL, in one pass over its elements."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from lxml import etree

from collectors.accounts.contexts import CONTEXT, UNIT, Context, Contexts, read_unit
from collectors.accounts.texts import inner_text, prose
from collectors.accounts.transforms import local_name, number, plain

INLINE = ("http://www.xbrl.org/2013/inlineXBRL", "http://www.xbrl.org/2008/inlineXBRL")
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_NUMERIC = "nonFraction"
_FRACTION = "fraction"
_TEXT = "nonNumeric"
_CONTINUATION = "continuation"
_HIDDEN = "hidden"
_KINDS = {
    f"{{{space}}}{kind}": kind for space in INLINE for kind in (_NUMERIC, _FRACTION, _TEXT, _CONTINUATION, _HIDDEN)
}
_KINDS |= {CONTEXT: "context", UNIT: "unit"}
_WANTED = tuple(_KINDS)
_FACTS = frozenset({_NUMERIC, _TEXT, _FRACTION})
_ANY_CASE = {kind.lower(): kind for kind in _KINDS.values()}
_LONGEST_CHAIN = 500
_LONGEST_NAMESPACE = 500
MOST_FACTS = 50_000
"""Most tagged figures and texts read of one document; the reports of the largest groups have fewer than 10,000."""
MOST_TEXT = 30_000_000
"""Most characters gathered from inside the tags of one document: tags in tags hold the same text many times over."""


@dataclass(slots=True)
class TaggedFact:
    """One tagged value.

    Attributes:
        concept: local name.
        namespace: namespace of the concept; empty where its prefix is not declared.
        context: whose, when and by which dimensions.
        occurrence: counts repeats of the same concept and context, from 0.
        amount: exact value after sign and scale; None for text, nil and what cannot be read.
        text: text of a fact that is no number.
        unit: measure; None for text.
        decimals: accuracy as filed.
        hidden: tagged in the header, not on the page.
        element: the element it stands in.
    """

    concept: str
    namespace: str
    context: Context
    occurrence: int
    amount: Decimal | None
    text: str | None
    unit: str | None
    decimals: str | None
    hidden: bool
    element: etree._Element

    @property
    def locator(self) -> str:
        """`context/concept/occurrence`."""
        return f"{self.context.name}/{self.concept}/{self.occurrence}"

    @property
    def value(self) -> str | None:
        """The exact decimal, or the text; None for nil."""
        return self.text if self.amount is None else plain(self.amount)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a document that a person may need to know."""

    kind: str
    message: str
    locator: str = ""
    value: str | None = None
    severity: str = "warning"


@dataclass(slots=True)
class Tagged:
    """What the tags of one document say."""

    inline: bool
    facts: list[TaggedFact] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def texts(self, *concepts: str) -> list[TaggedFact]:
        """Text facts of any of the concepts, in the order the concepts are given, then of the document."""
        found = [fact for fact in self.facts if fact.unit is None and fact.text and fact.concept in concepts]
        return sorted(found, key=lambda fact: concepts.index(fact.concept))


@dataclass(slots=True)
class _Found:
    """Elements gathered by the pass, before contexts and units are known."""

    contexts: Contexts = field(default_factory=Contexts)
    units: dict[str, str] = field(default_factory=dict)
    facts: list[tuple[str, etree._Element]] = field(default_factory=list)
    continuations: dict[str, etree._Element] = field(default_factory=dict)
    hidden: set[etree._Element] = field(default_factory=set)
    text_left: int = MOST_TEXT


def is_plain(root: etree._Element) -> bool:
    """True for plain XBRL, whose outermost element is `xbrl`."""
    return local_name(str(root.tag).rpartition("}")[2]) == "xbrl"


def read_tags(root: etree._Element, texts: frozenset[str], *, mended: bool = False) -> Tagged:
    """Every numeric fact, and the text facts of the concepts in `texts`.

    Args:
        root: the document.
        texts: local names of the text concepts to keep.
        mended: the markup was mended, so elements may have lost their namespace: match by local name too.
    """
    plainly = is_plain(root)
    tagged = Tagged(inline=not plainly)
    found = _gather(_plain_elements(root) if plainly else _inline_elements(root, mended=mended), tagged.problems)
    names: dict[str, tuple[str, str | None]] = {}
    spaces = dict(root.nsmap)
    counts: dict[tuple[str, str], int] = {}
    context_of, hidden = found.contexts.get, found.hidden
    for kind, element in found.facts:
        name = str(element.tag) if plainly else element.get("name") or ""
        known = names.get(name)
        if known is None:
            known = names[name] = _plain_name(name) if plainly else _inline_name(name, spaces)
        concept, namespace = known
        if kind == _TEXT and concept not in texts:
            continue
        if namespace is None:
            namespace = _namespace_here(name, element)
        reference = element.get("contextRef") or ""
        context = context_of(reference) or _undeclared(reference, concept, found, tagged)
        occurrence = counts.get((reference, concept), 0)
        counts[reference, concept] = occurrence + 1
        fact = TaggedFact(concept, namespace, context, occurrence, None, None, None, None, element in hidden, element)
        if kind == _TEXT:
            if element.get(_NIL) not in _TRUE:
                fact.text = _chained(element, found)
        else:
            _fill_number(fact, kind, found, tagged)
        tagged.facts.append(fact)
    if found.text_left < 0:
        tagged.problems.append(
            Problem("text_cut", f"tags hold more than {MOST_TEXT:,} characters; the rest of the texts is not read")
        )
    return tagged


_TRUE = frozenset({"true", "1"})


def _inline_elements(root: etree._Element, *, mended: bool) -> Iterator[tuple[str, etree._Element]]:
    if not mended:
        for element in root.iter(*_WANTED):
            yield _KINDS[str(element.tag)], element
        return
    kinds: dict[str, str | None] = dict(_KINDS)
    for element in root.iter(etree.Element):
        tag = str(element.tag)
        if tag not in kinds:
            kinds[tag] = _ANY_CASE.get(local_name(tag.rpartition("}")[2]).lower())
        kind = kinds[tag]
        if kind is not None:
            yield kind, element


def _plain_elements(root: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Facts at any depth, as those of a tuple stand inside it."""
    for element in root.iter(etree.Element):
        kind = _KINDS.get(str(element.tag))
        if kind is not None:
            yield kind, element
        elif element.get("contextRef") is not None:
            yield (_TEXT if element.get("unitRef") is None else _NUMERIC), element


def _gather(elements: Iterator[tuple[str, etree._Element]], problems: list[Problem]) -> _Found:
    """The elements that matter, by what they are."""
    found = _Found()
    facts, hidden = found.facts, found.hidden
    for kind, element in elements:
        if kind in _FACTS:
            if len(facts) >= MOST_FACTS:
                problems.append(Problem("facts_cut", f"only the first {MOST_FACTS:,} tags are read", severity="error"))
                break
            facts.append((kind, element))
        elif kind == "context":
            found.contexts.add(element)
        elif kind == "unit":
            found.units.setdefault(element.get("id") or "", read_unit(element))
        elif kind == _CONTINUATION:
            found.continuations.setdefault(element.get("id") or "", element)
        elif element not in hidden:
            hidden.update(element.iter(etree.Element))
    return found


def _plain_name(name: str) -> tuple[str, str | None]:
    """Concept and namespace of a plain fact, from its tag `{namespace}concept`."""
    namespace, _, concept = name.rpartition("}")
    return concept.strip(), namespace[1:_LONGEST_NAMESPACE]


def _inline_name(name: str, spaces: dict[str | None, str]) -> tuple[str, str | None]:
    """Concept and namespace of an inline fact; no namespace where the root does not declare the prefix."""
    prefix, _, concept = name.rpartition(":")
    return concept.strip(), (spaces.get(prefix.strip() or None) or "")[:_LONGEST_NAMESPACE] or None


def _namespace_here(name: str, element: etree._Element) -> str:
    """The namespace of a prefix that is declared on the way to an element; empty where it is not."""
    return (element.nsmap.get(name.rpartition(":")[0].strip() or None) or "")[:_LONGEST_NAMESPACE]


def _undeclared(name: str, concept: str, found: _Found, tagged: Tagged) -> Context:
    """An empty context, noted once, for a name that the document does not declare."""
    tagged.problems.append(
        Problem(
            "context_missing",
            "figures refer to a context that the document does not declare: they have no period and reach no line",
            locator=f"{name}/{concept}/0",
            value=name,
        )
    )
    return found.contexts.unknown(name)


def _fill_number(fact: TaggedFact, kind: str, found: _Found, tagged: Tagged) -> None:
    """Unit, accuracy and amount of a numeric fact; what cannot be read is noted and kept as text."""
    element = fact.element
    get = element.get
    reference = get("unitRef") or ""
    fact.unit = found.units.get(reference) or local_name(reference)
    fact.decimals = get("decimals") or ("INF" if get("precision") == "INF" else None)
    if get(_NIL) in _TRUE:
        return
    try:
        fact.amount = _ratio(element, found) if kind == _FRACTION else _amount(element, found)
    except ValueError as error:
        fact.text = inner_text(element).strip()[:200] or None
        tagged.problems.append(Problem("number_not_read", str(error), locator=fact.locator, value=fact.text))


def _amount(element: etree._Element, found: _Found) -> Decimal | None:
    get = element.get
    scale = get("scale")
    power = int(scale) if scale and scale != "0" else 0
    text = _number_text(element, found) if len(element) else element.text or ""
    return number(text, get("format") or "", scale=power, negative=get("sign") == "-")


def _number_text(element: etree._Element, found: _Found) -> str:
    """Text of a number with elements in it, within what one document may hold."""
    if found.text_left < 0:
        raise ValueError("tags in tags hold too much text")
    text = inner_text(element)
    found.text_left -= len(text)
    return text


def _ratio(element: etree._Element, found: _Found) -> Decimal | None:
    parts = {str(part.tag).rpartition("}")[2]: _amount(part, found) for part in element.iterchildren(etree.Element)}
    above, below = parts.get("numerator"), parts.get("denominator")
    if above is None or not below:
        raise ValueError("a fraction without numerator and denominator")
    return above / below


def _chained(element: etree._Element, found: _Found) -> str:
    """Text of a fact with its continuations, in their order."""
    parts = [_prose(element, found)]
    following = element.get("continuedAt")
    if following is None:
        return parts[0]
    for _ in range(_LONGEST_CHAIN):
        if following is None or (piece := found.continuations.get(following)) is None:
            break
        parts.append(_prose(piece, found))
        following = piece.get("continuedAt")
    return " ".join(part for part in parts if part)


def _prose(element: etree._Element, found: _Found) -> str:
    if found.text_left < 0:
        return ""
    text = prose(element)
    found.text_left -= len(text)
    return text
