"""Contexts and units: whose figure, for which period, by which dimensions, in what measure."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from lxml import etree

from collectors.accounts.texts import all_text
from collectors.accounts.transforms import local_name

INSTANCE = "http://www.xbrl.org/2003/instance"
_X = f"{{{INSTANCE}}}"
CONTEXT = f"{_X}context"
UNIT = f"{_X}unit"
_TYPED = "typedMember"
_EXPLICIT = "explicitMember"
_HOLDERS = frozenset({"entity", "period"})
_MOST_DIMENSIONS = 50
_LONGEST_MEMBER = 1_000
_LONGEST_UNIT = 200
"""Contexts and units are repeated with every figure that names them, so what is absurdly long is cut."""
_ISO_DATE = 10
_LONGEST_DATE = 40
_PARTS = {
    f"{{{space}}}{part}": part
    for space, parts in (
        (INSTANCE, "context entity period identifier instant startDate endDate segment scenario"),
        ("http://xbrl.org/2006/xbrldi", "explicitMember typedMember"),
    )
    for part in parts.split()
}
"""Local names of what contexts are made of, by full name: looked up faster than taken apart."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a figure is about.

    Attributes:
        name: the context's id in the document.
        entity: text of the entity identifier.
        scheme: the identifier's scheme.
        start: first day of the period; None for an instant.
        end: last day of the period, or the instant; None where the document gives no readable date.
        dimensions: (axis, member) by local name, sorted. A typed member is its text.
    """

    name: str
    entity: str
    scheme: str
    start: date | None
    end: date | None
    dimensions: tuple[tuple[str, str], ...]

    @property
    def dimension_text(self) -> str:
        """`Axis=Member` joined by `;`, empty for none."""
        return ";".join(f"{axis}={member}" for axis, member in self.dimensions)[: 2 * _LONGEST_MEMBER]


class Contexts:
    """The contexts of one document, read when first asked for: most filings declare far more than they use."""

    def __init__(self) -> None:
        self._elements: dict[str, etree._Element] = {}
        self._read: dict[str, Context] = {}

    def add(self, element: etree._Element) -> None:
        """Take note of a `context` element."""
        name = element.get("id")
        if name is not None:
            self._elements.setdefault(name, element)

    def get(self, name: str) -> Context | None:
        """The context of that id, or None where the document declares none."""
        known = self._read.get(name)
        if known is None and (element := self._elements.get(name)) is not None:
            known = self._read[name] = _read_context(name, element)
        return known

    def unknown(self, name: str) -> Context:
        """An empty context for an id that the document does not declare; `get` gives it from then on."""
        self._read[name] = Context(name, "", "", None, None, ())
        return self._read[name]


def _read_context(name: str, element: etree._Element) -> Context:
    entity = scheme = ""
    start: date | None = None
    end: date | None = None
    dimensions: list[tuple[str, str]] = []
    for part in element.iterdescendants(etree.Element):
        name_of_part = str(part.tag)
        tag = _PARTS.get(name_of_part) or name_of_part.rpartition("}")[2]
        if tag in _HOLDERS:
            continue
        if tag == "context" or len(dimensions) > _MOST_DIMENSIONS:
            break  # a context inside a context is what mended markup makes of one that was not closed
        if tag == _EXPLICIT:
            dimensions.append(_dimension(part, part.text))
        elif tag in {"instant", "endDate"}:
            end = _period_end((part.text or "").strip()[:_LONGEST_DATE])
        elif tag == "startDate":
            start = _iso((part.text or "").strip()[:_ISO_DATE])
        elif tag == "identifier":
            entity, scheme = (part.text or "").strip(), (part.get("scheme") or "").strip()
        elif tag in {"segment", "scenario"}:
            dimensions.extend(_undimensioned(part))
        elif tag == _TYPED:
            dimensions.append(_dimension(part, " ".join(all_text(part).split()), typed=True))
    return Context(name, entity, scheme, start, end, tuple(sorted(dimensions)))


def _dimension(element: etree._Element, text: str | None, *, typed: bool = False) -> tuple[str, str]:
    """Axis and member; a typed member is its text, which may hold colons."""
    member = (text or "") if typed else local_name(text)
    return local_name(element.get("dimension"))[:_LONGEST_MEMBER], member[:_LONGEST_MEMBER]


def _undimensioned(holder: etree._Element) -> list[tuple[str, str]]:
    """Segments of before dimensions: an element of its own stands for the axis."""
    found = []
    for part in holder.iterchildren(etree.Element):
        tag = str(part.tag).rpartition("}")[2]
        if tag not in {_EXPLICIT, _TYPED}:
            found.append((tag[:_LONGEST_MEMBER], local_name(" ".join(all_text(part).split()))[:_LONGEST_MEMBER]))
            if len(found) > _MOST_DIMENSIONS:
                break
    return found


@lru_cache(maxsize=4096)
def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _period_end(text: str) -> date | None:
    """An end at midnight of a day is the end of the day before."""
    found = _iso(text[:_ISO_DATE])
    if found and found > date.min and text[_ISO_DATE:].startswith("T00:00"):
        return found - timedelta(days=1)
    return found


def read_unit(element: etree._Element) -> str:
    """`GBP`, `shares`, `pure`, or `GBP/shares` for a ratio."""
    above: list[str] = []
    below: list[str] = []
    for measure in element.iter(f"{_X}measure"):
        parent = measure.getparent()
        beneath = parent is not None and str(parent.tag).endswith("}unitDenominator")
        (below if beneath else above).append(local_name(measure.text))
    return ("*".join(above) + ("/" + "*".join(below) if below else ""))[:_LONGEST_UNIT]
