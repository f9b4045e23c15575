"""A document as one HTML page for print: what the PDF is made of."""

import base64
from collections.abc import Callable
from html import escape
from typing import Final

from reports.documents.complete import anchor
from reports.documents.model import (
    LANGUAGE,
    Block,
    Bullets,
    Document,
    Heading,
    Images,
    PageBreak,
    Paragraph,
    Span,
    Table,
    Text,
)
from reports.style import clean, date_text

_STYLE: Final = """
@page { size: A4; margin: 19mm 16mm 18mm 16mm;
  @top-center { content: "%(banner)s"; font: bold 8.5pt %(font)s; color: #222; }
  @bottom-center { content: "%(banner)s" "\\A " "%(subject)s" ". Page " counter(page) " of " counter(pages);
    font: 7.5pt/1.4 %(font)s; color: #222; white-space: pre-wrap; width: 100%%; } }
html { font: 9.5pt/1.33 %(font)s; color: #222; }
body { margin: 0; }
h1, h2, h3, h4 { color: #12436D; line-height: 1.15; break-after: avoid; margin: 9pt 0 3pt; }
h1 { font-size: 17pt; margin: 0 0 1pt; } h2 { font-size: 12.5pt; } h3 { font-size: 10.5pt; } h4 { font-size: 9.5pt; }
p { margin: 0 0 4.5pt; orphans: 2; widows: 2; } p.sub { color: #555; margin-bottom: 6pt; }
p.notice { border-left: 3pt solid #2073BC; padding: 2pt 0 2pt 7pt; background: #F4F6F8; }
p.small { font-size: 7.8pt; color: #444; }
ul { margin: 0 0 5pt; padding-left: 13pt; } li { margin-bottom: 1.6pt; }
table { border-collapse: collapse; width: 100%%; table-layout: fixed; margin: 2pt 0 7pt; }
caption { text-align: left; font-weight: bold; padding: 3pt 0 2pt; font-size: 9pt; break-after: avoid; }
th, td { text-align: left; vertical-align: top; padding: 2pt 4pt; border-bottom: .5pt solid #BFBFBF;
  font-weight: normal; overflow-wrap: anywhere; }
thead th { font-weight: bold; border-bottom: 1pt solid #12436D; vertical-align: bottom; }
thead { display: table-header-group; } tr { break-inside: avoid; }
.n { text-align: right; } table.small { font-size: 7.6pt; line-height: 1.22; }
.row { display: flex; gap: 3mm; margin: 2pt 0 5pt; } .row img { display: block; height: auto; }
.id { font-size: 92%%; color: #333; } sup { font-size: 62%%; line-height: 0; }
a { color: #12436D; text-decoration: none; }
sup a { color: #2073BC; } .break { break-before: page; }
"""
_FONT: Final = "Liberation Sans, Arial, Helvetica, sans-serif"


Place = Callable[[bytes], str]
"""The address of a picture."""


def inside(png: bytes) -> str:
    """A picture as an address that holds it."""
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def html_text(document: Document, place: Place = inside) -> str:
    """The document as HTML with its style inside; it fetches nothing. Everything from outside is escaped.

    Args:
        document: the document.
        place: where its pictures are; in the page itself where not given.
    """
    numbers = document.numbers()
    style = _STYLE % {
        "banner": _css(document.banner), "subject": _css(document.subject), "font": _FONT,
    }  # fmt: skip
    body: list[str] = []
    fresh = False
    for block in document.blocks:
        if isinstance(block, PageBreak):
            fresh = True
            continue
        body.append(_images(block, place) if isinstance(block, Images) else _block(block, numbers, fresh=fresh))
        fresh = False
    return (
        f'<!DOCTYPE html>\n<html lang="{LANGUAGE}"><head><meta charset="utf-8"><title>{_text(document.title)}</title>'
        f'<meta name="author" content="{_text(document.author)}"><meta name="description" '
        f'content="{_text(document.subject)}"><style>{style}</style></head><body>'
        f'<h1>{_text(document.title)}</h1><p class="sub">{_text(document.subtitle)}</p>{"".join(body)}'
        f'<p class="small">As at {_text(date_text(document.dated))}. {_text(document.subject)}.</p></body></html>\n'
    )


def _block(block: Block, numbers: dict[str, int], *, fresh: bool) -> str:
    start = ' class="break"' if fresh else ""
    match block:
        case Heading():
            return f"<h{block.level + 1}{start}>{_text(block.text)}</h{block.level + 1}>"
        case Paragraph():
            kind = " ".join(name for name, on in (("notice", block.notice), ("small", block.small)) if on)
            return f"<p{f' class={chr(34)}{kind}{chr(34)}' if kind else start}>{_spans(block.text, numbers)}</p>"
        case Bullets():
            return f"<ul>{''.join(f'<li>{_spans(item, numbers)}</li>' for item in block.items)}</ul>"
        case Table():
            return _table(block, numbers)
        case Images() | PageBreak():
            return ""


def _table(table: Table, numbers: dict[str, int]) -> str:
    columns = "".join(f'<col style="width:{width * 100:.2f}%">' for width in table.widths)
    head = "".join(
        f'<th scope="col"{_right(table, place)}>{_text(name)}</th>' for place, name in enumerate(table.header)
    )
    rows = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row"{_right(table, place)}>{_spans(cell, numbers)}</th>'
            if place == 0
            else f"<td{_right(table, place)}>{_spans(cell, numbers)}</td>"
            for place, cell in enumerate(row)
        )
        + "</tr>"
        for row in table.rows
    )
    kind = ' class="small"' if table.small else ""
    return (
        f"<table{kind}><caption>{_text(table.caption)}</caption><colgroup>{columns}</colgroup>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _right(table: Table, place: int) -> str:
    return ' class="n"' if place in table.numeric else ""


def _images(images: Images, place: Place) -> str:
    shown = "".join(
        f'<img style="width:{image.width * 100:.2f}%" alt="{_text(image.alternative)}" src="{place(image.png)}">'
        for image in images.items
    )
    return f'<div class="row">{shown}</div>'


def _spans(text: Text, numbers: dict[str, int]) -> str:
    return "".join(_span(span, numbers) for span in text)


def _span(span: Span, numbers: dict[str, int]) -> str:
    inside = escape(span.text, quote=True)
    if span.strong:
        inside = f"<strong>{inside}</strong>"
    if span.shown:
        inside = f'<span class="id">{inside}</span>'
    if span.link:
        inside = f'<a href="{escape(span.link, quote=True)}">{inside}</a>'
    if span.anchor:
        inside = f'<span id="{escape(span.anchor, quote=True)}">{inside}</span>'
    if span.item and not span.shown:
        number = numbers[span.item]
        inside += f'<sup><a href="#{anchor(number)}">[{number}]</a></sup>'
    return inside


def _text(text: str) -> str:
    return escape(clean(text), quote=True)


def _css(text: str) -> str:
    """Text for a string of CSS: every character that is not a letter, a digit or a blank by its number."""
    return "".join(c if c.isascii() and (c.isalnum() or c == " ") else f"\\{ord(c):06x} " for c in clean(text))
