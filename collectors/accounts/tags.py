"""Tagged facts of one document, inline or plain XBRL, in one pass over its elements."""

from collections import Counter
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
_ANY_CASE = {kind.lower(): kind for kind in _KINDS.values()}
_LONGEST_CHAIN = 500


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
    found = _Found()
    for kind, element in _plain_elements(root) if plainly else _inline_elements(root, mended=mended):
        _sort(kind, element, found)
    tagged = Tagged(inline=not plainly)
    spaces = dict(root.nsmap)
    counts: Counter[tuple[str, str]] = Counter()
    for kind, element in found.facts:
        name = str(element.tag) if plainly else element.get("name") or ""
        concept = name.rpartition("}" if plainly else ":")[2].strip()
        if kind == _TEXT and concept not in texts:
            continue
        namespace = name.rpartition("}")[0][1:] if plainly else _namespace(name, element, spaces)
        context = _context(element, concept, found, tagged)
        occurrence = counts[context.name, concept]
        counts[context.name, concept] += 1
        tagged.facts.append(_fact(kind, element, concept, namespace, context, occurrence, found, tagged))
    return tagged


def _inline_elements(root: etree._Element, *, mended: bool) -> Iterator[tuple[str, etree._Element]]:
    if not mended:
        for element in root.iter(*_WANTED):
            yield _KINDS[str(element.tag)], element
        return
    for element in root.iter(etree.Element):
        tag = str(element.tag)
        kind = _KINDS.get(tag) or _ANY_CASE.get(local_name(tag.rpartition("}")[2]).lower())
        if kind is not None:
            yield kind, element


def _plain_elements(root: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Facts at any depth, as those of a tuple stand inside it."""
    for element in root.iter(etree.Element):
        tag = str(element.tag)
        if tag in _KINDS:
            yield _KINDS[tag], element
        elif element.get("contextRef") is not None:
            yield (_TEXT if element.get("unitRef") is None else _NUMERIC), element


def _sort(kind: str, element: etree._Element, found: _Found) -> None:
    if kind in {_NUMERIC, _TEXT, _FRACTION}:
        found.facts.append((kind, element))
    elif kind == "context":
        found.contexts.add(element)
    elif kind == "unit":
        found.units.setdefault(element.get("id") or "", read_unit(element))
    elif kind == _CONTINUATION:
        found.continuations.setdefault(element.get("id") or "", element)
    else:
        found.hidden.update(element.iter(etree.Element))


def _namespace(name: str, element: etree._Element, spaces: dict[str | None, str]) -> str:
    prefix = name.rpartition(":")[0].strip() or None
    return spaces.get(prefix) or element.nsmap.get(prefix) or ""


def _context(element: etree._Element, concept: str, found: _Found, tagged: Tagged) -> Context:
    """The context a fact names; an empty one, noted once, where the document does not declare it."""
    name = element.get("contextRef") or ""
    context = found.contexts.get(name)
    if context is None:
        context = found.contexts.unknown(name)
        tagged.problems.append(
            Problem(
                "context_missing",
                "figures refer to a context that the document does not declare: they have no period and reach no line",
                locator=f"{name}/{concept}/0",
                value=name,
            )
        )
    return context


def _fact(
    kind: str,
    element: etree._Element,
    concept: str,
    namespace: str,
    context: Context,
    occurrence: int,
    found: _Found,
    tagged: Tagged,
) -> TaggedFact:
    fact = TaggedFact(
        concept=concept,
        namespace=namespace,
        context=context,
        occurrence=occurrence,
        amount=None,
        text=None,
        unit=None,
        decimals=None,
        hidden=element in found.hidden,
        element=element,
    )
    nil = element.get(_NIL) in {"true", "1"}
    if kind == _TEXT:
        fact.text = None if nil else _chained(element, found.continuations)
        return fact
    reference = element.get("unitRef") or ""
    fact.unit = found.units.get(reference, "") or local_name(reference)
    fact.decimals = element.get("decimals") or ("INF" if element.get("precision") == "INF" else None)
    if nil:
        return fact
    try:
        fact.amount = _ratio(element) if kind == _FRACTION else _amount(element)
    except ValueError as error:
        fact.text = inner_text(element).strip()[:200] or None
        tagged.problems.append(Problem("number_not_read", str(error), locator=fact.locator, value=fact.text))
    return fact


def _amount(element: etree._Element) -> Decimal | None:
    scale = element.get("scale")
    form = element.get("format")
    return number(
        inner_text(element),
        local_name(form) if form else "",
        scale=int(scale) if scale else 0,
        negative=element.get("sign") == "-",
    )


def _ratio(element: etree._Element) -> Decimal | None:
    parts = {str(part.tag).rpartition("}")[2]: _amount(part) for part in element.iterchildren(etree.Element)}
    above, below = parts.get("numerator"), parts.get("denominator")
    if above is None or not below:
        raise ValueError("a fraction without numerator and denominator")
    return above / below


def _chained(element: etree._Element, continuations: dict[str, etree._Element]) -> str:
    """Text of a fact with its continuations, in their order."""
    parts = [prose(element)]
    following = element.get("continuedAt")
    for _ in range(_LONGEST_CHAIN):
        if following is None or (piece := continuations.get(following)) is None:
            break
        parts.append(prose(piece))
        following = piece.get("continuedAt")
    return " ".join(part for part in parts if part)
