"""Bytes to a tree of elements, safely: no entity is resolved, no DTD loaded, nothing fetched."""

import codecs
import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from oversight.errors import AccountsError, HostileInputError

MOST_BYTES = 150_000_000
MOST_TREE_BYTES = 250_000_000
"""Most memory the elements of a document may take. Real filings take about nine bytes for each byte of markup."""
_ELEMENT_BYTES = 130
_ATTRIBUTE_BYTES = 240
_NEVER_TOO_MANY = MOST_TREE_BYTES // 48
"""Bytes of markup that cannot come to more, however dense."""
_IMAGE = re.compile(rb"data:[a-zA-Z]+/[a-zA-Z0-9.+-]+;base64,[A-Za-z0-9+/=\s%]{400,}")
_FONT_OR_IMAGE = b";base64,"
_ROOT_END = re.compile(rb"</(?:[\w.-]+:)?(?:html|xbrl)\s*>", re.IGNORECASE)
_ROOT = re.compile(rb"<[A-Za-z_:]")
_USUAL_ENDS = (b"</html>", b"</xbrl>", b"</xbrli:xbrl>")
"""Found much faster than by the pattern."""
_TAIL = 4_000
_SURROGATES = re.compile(
    rb"\xed[\xa0-\xbf][\x80-\xbf]|&#(?:[xX]0*[dD][89a-fA-F][0-9a-fA-F]{2}|0*(?:5529[6-9]|55[3-9]\d\d|56\d{3}|57[0-2]\d\d|573[0-3]\d|5734[0-3]));"
)
"""Halves of characters: mended markup keeps them, and its text can then not be decoded."""
_LIMIT = "XML_PARSE_HUGE"
"""The parser names this option where a limit of it is reached."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document as a tree.

    Attributes:
        root: the outermost element.
        mended: what was wrong with the markup, empty for a well-formed document.
        truncated: true where the end of the outermost element is missing.
        cut: true where the parser stopped before the end, at a limit on depth or length.
    """

    root: etree._Element
    mended: str
    truncated: bool
    cut: bool


def parse(content: bytes, where: str) -> Parsed:
    """Parse XHTML or XBRL, mending markup that is not well formed.

    Embedded pictures are dropped first: they hold no figure and can be most of the bytes.

    Raises:
        HostileInputError: if the document declares entities, or is larger than any set of accounts.
        AccountsError: if no element can be made of it.
    """
    if len(content) > MOST_BYTES:
        raise HostileInputError(
            f"a document of {len(content):,} bytes is larger than any set of accounts",
            where=where,
            next_step=f"Accounts may hold up to {MOST_BYTES:,} bytes; look at the file by hand.",
        )
    content = _as_utf8(content)
    outermost = _ROOT.search(content)
    if b"<!ENTITY" in content[: outermost.start() if outermost else None]:  # they can be declared nowhere else
        raise _hostile(where)
    if _FONT_OR_IMAGE in content:
        content = _IMAGE.sub(b"", content)
    if len(content) > _NEVER_TOO_MANY:
        _check_size(content, where)
    tail = content[-_TAIL:]
    truncated = not any(end in tail for end in _USUAL_ENDS) and not _ROOT_END.search(tail)
    try:
        root, mended = etree.fromstring(content, _parser(recover=False)), ""
    except etree.XMLSyntaxError as error:
        root, mended = _mend(content, where), str(error)
    document: Any = root.getroottree().docinfo.internalDTD
    if document is not None and next(document.iterentities(), None) is not None:
        raise _hostile(where)
    return Parsed(root=root, mended=mended, truncated=truncated, cut=_LIMIT in mended)


def _check_size(content: bytes, where: str) -> None:
    """Stop before a tree is made that would not fit: dense markup takes up to forty bytes of it a byte."""
    attributes = content.count(b'"') // 2 + content.count(b"'") // 2
    size = _ELEMENT_BYTES * content.count(b"<") + _ATTRIBUTE_BYTES * attributes + len(content)
    if size > MOST_TREE_BYTES:
        raise HostileInputError(
            f"{content.count(b'<'):,} tags and {attributes:,} attributes are more than a set of accounts has",
            where=where,
            next_step="Look at the file by hand; it is not read.",
        )


def _mend(content: bytes, where: str) -> etree._Element:
    try:
        root: Any = etree.fromstring(_SURROGATES.sub(b"?", content.lstrip()), _parser(recover=True))
    except etree.XMLSyntaxError as error:
        raise _unreadable(where, str(error)) from error
    if root is None:
        raise _unreadable(where, "nothing could be recovered")
    mended: etree._Element = root
    return mended


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        recover=recover,
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _as_utf8(content: bytes) -> bytes:
    """UTF-16 as UTF-8 without its declaration, so that what is looked for in the bytes is found."""
    for mark, encoding in (
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
        (b"<\x00", "utf-16-le"),
        (b"\x00<", "utf-16-be"),
    ):
        if content.startswith(mark):
            text = content.decode(encoding, errors="replace")
            return re.sub(r"^\s*<\?xml[^>]*\?>", "", text).encode()
    return content


def _hostile(where: str) -> HostileInputError:
    return HostileInputError(
        "the document declares XML entities, which accounts never need",
        where=where,
        next_step="Look at the file by hand; it is not read.",
    )


def _unreadable(where: str, why: str) -> AccountsError:
    return AccountsError(
        f"the markup cannot be read: {why}", where=where, next_step="Fetch the document again and compare its size."
    )
