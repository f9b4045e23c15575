"""Style sheets of strangers, so far as they only arrange and colour a page."""

import re
from typing import Final

MOST_STYLE: Final = 2_000_000
_LONGEST_VALUE: Final = 300
_DEEPEST: Final = 2
_PROPERTIES: Final = frozenset(
    re.findall(
        r"[\w-]+",
        "background background-color bottom border-collapse border-spacing box-sizing caption-side clear clip "
        "color columns column-count column-gap column-width direction display empty-cells flex flex-basis flex- "
        "direction flex-flow flex-grow flex-shrink flex-wrap float font font-family font-size font-style font- "
        "variant font-weight gap grid grid-area grid-column grid-row grid-template grid-template-columns grid- "
        "template-rows height hyphens justify-content align-items align-self left letter-spacing line-height "
        "list-style list-style-position list-style-type margin margin-bottom margin-left margin-right margin-top "
        "max-height max-width min-height min-width opacity orphans overflow overflow-x overflow-y padding "
        "padding-bottom padding-left padding-right padding-top page-break-after page-break-before page-break- "
        "inside position right table-layout text-align text-align-last text-decoration text-indent text-transform "
        "top transform transform-origin unicode-bidi vertical-align visibility white-space widows width word- "
        "break word-spacing word-wrap z-index",
    )
)
_BORDER: Final = re.compile(r"border(?:-(?:top|right|bottom|left))?(?:-(?:width|style|color|radius))?$")
_UNSAFE: Final = re.compile(r"[\\<>@{}\x00-\x1f\x7f]|script\s*:")
"""What could leave its declaration. Escapes could spell anything, so none is kept."""
_FUNCTION: Final = re.compile(r"([\w-]*)\s*\(")
_FUNCTIONS: Final = frozenset(
    re.findall(
        r"[\w-]+",
        "calc hsl hsla matrix max min minmax rect repeat rgb rgba rotate scale scalex scaley translate translatex "
        "translatey",
    )
)
"""None of them fetches or runs anything."""
_COMMENT: Final = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->|<!\[CDATA\[|\]\]>", re.DOTALL)
_SELECTOR: Final = re.compile(r"[\w\s.#,>+~:*()\[\]=\"'^$|-]{1,2000}")
_MEDIA: Final = re.compile(r"@media[\w\s(),:.-]{0,200}", re.IGNORECASE)
_IMPORTANT: Final = re.compile(r"!\s*important", re.IGNORECASE)
"""Left out, so that no rule of theirs can hide a mark of ours."""
_BRACE: Final = re.compile(r"[{}]")
_OURS: Final = "oversight-"
"""Ids and classes that start so are ours alone: a document's own are renamed, and none of its rules reaches them."""


def clean_declarations(text: str) -> str:
    """The declarations of a style attribute or a rule that are safe, in their order."""
    kept = []
    for declaration in text[:MOST_STYLE].split(";"):
        name, colon, value = declaration.partition(":")
        name, value = name.strip().lower(), " ".join(_IMPORTANT.sub("", value).split())
        if colon and value and _known(name) and _safe(name, value):
            kept.append(f"{name}:{value}")
    return ";".join(kept)


def _known(name: str) -> bool:
    return name in _PROPERTIES or _BORDER.fullmatch(name) is not None


def _safe(name: str, value: str) -> bool:
    if len(value) > _LONGEST_VALUE or _UNSAFE.search(value):
        return False
    if any(match[1].lower() not in _FUNCTIONS for match in _FUNCTION.finditer(value)):
        return False
    if value.count('"') % 2 or value.count("'") % 2 or value.count("(") != value.count(")"):
        return False
    return not (name == "position" and value.lower().startswith(("fixed", "sticky")))


def clean_sheet(text: str) -> str:
    """The rules of a style sheet that are safe: no import, no font, no address, no escape."""
    return "".join(_rules(_COMMENT.sub(" ", text[:MOST_STYLE]), 0))


def _rules(text: str, depth: int) -> list[str]:
    kept: list[str] = []
    place = 0
    while (opened := text.find("{", place)) >= 0:
        prelude = text[place:opened].rpartition(";")[2].strip()
        closed = _end_of_block(text, opened)
        body = text[opened + 1 : closed]
        place = closed + 1
        if prelude.startswith("@"):
            if depth < _DEEPEST and _MEDIA.fullmatch(prelude):
                kept.append(f"{prelude}{{{''.join(_rules(body, depth + 1))}}}")
        elif _SELECTOR.fullmatch(prelude) and _OURS not in prelude and (safe := clean_declarations(body)):
            kept.append(f"{' '.join(prelude.split())}{{{safe}}}\n")
    return kept


def _end_of_block(text: str, opened: int) -> int:
    """Where the block that opens here closes; the end of the text where it never does."""
    depth = 0
    for match in _BRACE.finditer(text, opened):
        depth += 1 if match[0] == "{" else -1
        if depth == 0:
            return match.start()
    return len(text)
