"""A document as Word: real headings, header rows, alternative text, language and title; the same bytes each time."""

from datetime import datetime, time
from io import BytesIO
from typing import Any, Final

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

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
from reports.files import packed, unpacked
from reports.style import clean, date_text

_WIDE: Final = 17.8
_BLUE: Final = RGBColor(0x12, 0x43, 0x6D)
_LINK: Final = RGBColor(0x20, 0x73, 0xBC)
_QUIET: Final = RGBColor(0x55, 0x55, 0x55)
_FONT: Final = "Arial"
_SIZES: Final = {1: 12.5, 2: 10.5, 3: 9.5}
_NOTICE: Final = "Notice"
_SMALL: Final = "Small print"
_LABEL: Final = "Table caption"
_CELL: Final = "Table text"
_CELL_SMALL: Final = "Table text small"


def docx_bytes(document: Document) -> bytes:
    """The document as a Word file."""
    return _Writer(document).bytes()


class _Writer:
    """Writes one document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._numbers = document.numbers()
        self._word = docx.Document()
        self._bookmarks = 0
        self._cell_styles: dict[bool, str] = {}
        self._fresh = False

    def bytes(self) -> bytes:
        """The whole file."""
        self._properties()
        self._styles()
        self._page()
        self._word.add_paragraph(clean(self._document.title), style="Title")
        self._word.add_paragraph(clean(self._document.subtitle), style="Subtitle")
        for block in self._document.blocks:
            self._block(block)
        buffer = BytesIO()
        self._word.save(buffer)
        return packed(unpacked(buffer.getvalue()))

    def _properties(self) -> None:
        made = datetime.combine(self._document.dated, time())
        held = self._word.core_properties
        held.title, held.subject = clean(self._document.title)[:255], clean(self._document.subject)[:255]
        held.author = held.last_modified_by = clean(self._document.author)[:255]
        held.language, held.comments, held.keywords = LANGUAGE, "", clean(self._document.banner)[:255]
        held.created = held.modified = made
        held.revision = 1

    def _styles(self) -> None:
        styles = self._word.styles
        defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
        for old in defaults.findall(qn("w:lang")):
            defaults.remove(old)
        defaults.append(_element("w:lang", {"w:val": LANGUAGE, "w:eastAsia": LANGUAGE, "w:bidi": "ar-SA"}))
        normal = styles["Normal"]
        _typeface(normal, 9.5)
        normal.paragraph_format.space_after = Pt(4)
        normal.paragraph_format.line_spacing = 1.06
        for name, size, colour in (("Title", 17.0, _BLUE), ("Subtitle", 9.5, _QUIET)):
            _typeface(styles[name], size, colour)
            styles[name].paragraph_format.space_after = Pt(3)
            _no_border(styles[name])
        styles["Title"].font.bold = True
        styles["Subtitle"].font.italic = False
        for level, size in _SIZES.items():
            _typeface(styles[f"Heading {level}"], size, _BLUE)
            styles[f"Heading {level}"].font.bold = True
            styles[f"Heading {level}"].paragraph_format.space_before = Pt(8)
            styles[f"Heading {level}"].paragraph_format.space_after = Pt(2)
        _typeface(styles["List Bullet"], 9.5)
        styles["List Bullet"].paragraph_format.space_after = Pt(1.5)
        styles["List Bullet"].paragraph_format.left_indent = Cm(0.5)
        styles["List Bullet"].paragraph_format.first_line_indent = Cm(-0.4)
        spacing = styles["Subtitle"].element.get_or_add_rPr().find(qn("w:spacing"))
        if spacing is not None:
            styles["Subtitle"].element.rPr.remove(spacing)
        for name, size in ((_NOTICE, 9.5), (_SMALL, 7.8), (_LABEL, 9.0), (_CELL, 9.0), (_CELL_SMALL, 7.6)):
            made = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            made.base_style = normal
            _typeface(made, size)
        styles[_LABEL].font.bold = True
        styles[_LABEL].paragraph_format.keep_with_next = True
        styles[_LABEL].paragraph_format.space_before = Pt(4)
        styles[_LABEL].paragraph_format.space_after = Pt(2)
        for name in (_CELL, _CELL_SMALL):
            styles[name].paragraph_format.space_before = styles[name].paragraph_format.space_after = Pt(1.2)
        self._cell_styles = {False: styles[_CELL].style_id, True: styles[_CELL_SMALL].style_id}
        _bar(styles[_NOTICE])

    def _page(self) -> None:
        section = self._word.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(1.6)
        section.top_margin, section.bottom_margin = Cm(1.9), Cm(1.8)
        section.header_distance = section.footer_distance = Cm(0.8)
        head = section.header.paragraphs[0]
        head.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(head, clean(self._document.banner), size=8.5, bold=True)
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(foot, clean(self._document.banner), size=7.5, bold=True)
        line = section.footer.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        about = f"As at {date_text(self._document.dated)}. {clean(self._document.subject)}. Page "
        _run(line, about, size=7.0, colour=_QUIET)
        _field(line, "PAGE")
        _run(line, " of ", size=7.0, colour=_QUIET)
        _field(line, "NUMPAGES")

    def _block(self, block: Block) -> None:
        match block:
            case PageBreak():
                self._fresh = True
                return
            case Heading():
                made = self._word.add_paragraph(clean(block.text), style=f"Heading {block.level}")
                made.paragraph_format.page_break_before = True if self._fresh else None
            case Paragraph():
                style = _NOTICE if block.notice else _SMALL if block.small else "Normal"
                self._write(self._word.add_paragraph(style=style), block.text)
            case Bullets():
                for item in block.items:
                    self._write(self._word.add_paragraph(style="List Bullet"), item)
            case Table():
                self._table(block)
            case Images():
                self._images(block)
        self._fresh = False

    def _write(self, paragraph: Any, text: Text) -> None:
        for span in text:
            self._span(paragraph, span)

    def _span(self, paragraph: Any, span: Span) -> None:
        if span.anchor:
            self._bookmarks += 1
            mark = {"w:id": str(self._bookmarks), "w:name": span.anchor}
            paragraph._p.append(_element("w:bookmarkStart", mark))  # noqa: SLF001 - python-docx has no bookmarks
        if span.link:
            self._outward(paragraph, span)
        else:
            _run(paragraph, span.text, bold=span.strong or None)
        if span.anchor:
            paragraph._p.append(_element("w:bookmarkEnd", {"w:id": str(self._bookmarks)}))  # noqa: SLF001 - as above
        if span.item and not span.shown:
            self._reference(paragraph, self._numbers[span.item])

    def _reference(self, paragraph: Any, number: int) -> None:
        """The number of a figure's source, raised, that leads to its row in the annex."""
        link = _element("w:hyperlink", {"w:anchor": anchor(number), "w:history": "1"})
        run = _run(paragraph, f"[{number}]", colour=_LINK)
        run.font.superscript = True
        link.append(run._r)  # noqa: SLF001 - python-docx has no internal links
        paragraph._p.append(link)  # noqa: SLF001 - as above

    def _outward(self, paragraph: Any, span: Span) -> None:
        key = self._word.part.relate_to(span.link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link = _element("w:hyperlink", {"r:id": key, "w:history": "1"})
        link.append(_run(paragraph, span.text, colour=_LINK)._r)  # noqa: SLF001 - as above
        paragraph._p.append(link)  # noqa: SLF001 - as above

    def _table(self, block: Table) -> None:
        self._word.add_paragraph(clean(block.caption), style=_LABEL)
        table = self._word.add_table(rows=1, cols=len(block.header))
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        _described(table, clean(block.caption))
        for column, width in zip(table.columns, block.widths, strict=True):
            column.width = Cm(_WIDE * width)
        for place, name in enumerate(block.header):
            self._cell(table.rows[0].cells[place], (Span(clean(name), strong=True),), block, place)
        _header_row(table.rows[0])
        for row in block.rows:
            cells = table.add_row().cells
            for place, cell in enumerate(row):
                self._cell(cells[place], cell, block, place)
            _kept_whole(table.rows[-1])
        gap = self._word.add_paragraph()
        gap.paragraph_format.space_after = Pt(2)
        gap.paragraph_format.line_spacing = Pt(4)

    def _cell(self, cell: Any, text: Text, block: Table, place: int) -> None:
        cell.width = Cm(_WIDE * block.widths[place])
        paragraph = cell.paragraphs[0]
        paragraph._p.style = self._cell_styles[block.small]  # noqa: SLF001 - the public way seeks the style each time
        if place in block.numeric:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self._write(paragraph, text)

    def _images(self, block: Images) -> None:
        paragraph = self._word.add_paragraph()
        paragraph.paragraph_format.line_spacing = 1.0
        for image in block.items:
            run = paragraph.add_run()
            shape = run.add_picture(BytesIO(image.png), width=Cm(_WIDE * image.width))
            for side in ("distT", "distB", "distL", "distR"):
                shape._inline.set(side, "0")  # noqa: SLF001 - else some readers put space at the sides
            held = shape._inline.docPr  # noqa: SLF001 - python-docx has no alternative text
            held.set("descr", clean(image.alternative))
            held.set("name", f"Picture {held.id}")


def _run(paragraph: Any, text: str, *, size: float | None = None, bold: bool | None = None, colour: Any = None) -> Any:
    run = paragraph.add_run(text)
    run.bold = bold
    if size is not None:
        run.font.size = Pt(size)
    if colour is not None:
        run.font.color.rgb = colour
    return run


def _field(paragraph: Any, code: str) -> None:
    """A field that Word fills in, such as the number of the page."""
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("shown", "1"), ("end", "")):
        run = _run(paragraph, "1" if kind == "shown" else "", size=7.0, colour=_QUIET)
        if kind in {"begin", "separate", "end"}:
            run._r.append(_element("w:fldChar", {"w:fldCharType": kind}))  # noqa: SLF001 - python-docx has no fields
        elif text and kind != "shown":
            part = _element("w:instrText", {"xml:space": "preserve"})
            part.text = text
            run._r.append(part)  # noqa: SLF001 - as above


def _typeface(style: Any, size: float, colour: Any = None) -> None:
    """The style in one typeface, also where the template names one by theme."""
    style.font.name, style.font.size = _FONT, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(name), None)
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), _FONT)
    if colour is not None:
        style.font.color.rgb = colour


def _no_border(style: Any) -> None:
    held = style.element.get_or_add_pPr()
    for border in held.findall(qn("w:pBdr")):
        held.remove(border)


def _bar(style: Any) -> None:
    """A blue bar at the left of a paragraph."""
    edge = _element("w:left", {"w:val": "single", "w:sz": "24", "w:space": "6", "w:color": "2073BC"})
    border = _element("w:pBdr", {})
    border.append(edge)
    held = style.element.get_or_add_pPr()
    held.insert_element_before(
        border, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _described(table: Any, caption: str) -> None:
    """Lines between the rows, and the caption as the table's title for screen readers."""
    held = table._tbl.tblPr  # noqa: SLF001 - python-docx has neither
    lines = _element("w:tblBorders", {})
    for name in ("top", "bottom", "insideH"):
        lines.append(_element(f"w:{name}", {"w:val": "single", "w:sz": "4", "w:space": "0", "w:color": "BFBFBF"}))
    look = held.find(qn("w:tblLook"))
    title = _element("w:tblCaption", {"w:val": caption})
    if look is None:
        held.extend([lines, title])
        return
    for name, value in (("firstRow", "1"), ("firstColumn", "1"), ("noHBand", "1"), ("noVBand", "1")):
        look.set(qn(f"w:{name}"), value)
    layout = held.find(qn("w:tblLayout"))
    (layout if layout is not None else look).addprevious(lines)
    look.addnext(title)


def _header_row(row: Any) -> None:
    held = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no header rows
    held.append(_element("w:cantSplit", {}))
    held.append(_element("w:tblHeader", {}))


def _kept_whole(row: Any) -> None:
    row._tr.get_or_add_trPr().append(_element("w:cantSplit", {}))  # noqa: SLF001 - python-docx has no such setting


def _element(name: str, attributes: dict[str, str]) -> Any:
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(key), value)
    return made
