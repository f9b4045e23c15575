"""Styles, page layout and properties of the ODS file."""

from typing import Final
from xml.sax.saxutils import escape

from reports.sheet import Kind, Workbook

_NAMESPACES: Final = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"'
)
_XML: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_CM_A_CHARACTER: Final = 0.235
_CM_A_LINE: Final = 0.56
_RULE: Final = (
    'fo:border-bottom="0.5pt solid #b1b4b6" fo:wrap-option="wrap" fo:padding-top="0.05cm" '
    'fo:padding-bottom="0.05cm" fo:padding-left="0.12cm" fo:padding-right="0.12cm"'
)
_SHADE: Final = 'fo:background-color="#f3f2f1"'


def column_style(width: float) -> str:
    """A column width given in characters."""
    return (
        f'<style:style style:name="width{width:g}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width * _CM_A_CHARACTER:.3f}cm"/></style:style>'
    )


def row_style(lines: int) -> str:
    """A row as tall as so many lines of text, or as its text needs for 0."""
    height = 'style:use-optimal-row-height="true"' if lines == 0 else f'style:row-height="{lines * _CM_A_LINE:.2f}cm"'
    return (
        f'<style:style style:name="lines{lines}" style:family="table-row">'
        f"<style:table-row-properties {height}/></style:style>"
    )


def sheet_style(pages_wide: int) -> str:
    """A sheet printed over so many pages across."""
    return (
        f'<style:style style:name="sheet{pages_wide}" style:family="table" '
        f'style:master-page-name="Page{pages_wide}"><style:table-properties table:display="true"/></style:style>'
    )


def cell_style(kind: Kind, decimals: int) -> str:
    """The number format of a kind of figure, and the cell style `<kind><decimals>` that uses it."""
    name = f"{kind}{decimals}"
    parent = "Cell" if kind is Kind.DATE else "Figure"
    return (
        f"{_data_style(kind, decimals, f'n-{name}')}"
        f'<style:style style:name="{name}" style:family="table-cell" style:parent-style-name="{parent}" '
        f'style:data-style-name="n-{name}"/>'
    )


def _data_style(kind: Kind, decimals: int, name: str) -> str:
    number = f'<number:number number:decimal-places="{decimals}" number:min-decimal-places="{decimals}" '
    grouped = number + 'number:min-integer-digits="1" number:grouping="true"/>'
    plain = number + 'number:min-integer-digits="1"/>'
    if kind is Kind.PERCENT:
        sign = "<number:text>%</number:text>"
        return f'<number:percentage-style style:name="{name}">{plain}{sign}</number:percentage-style>'
    if kind is Kind.MONEY:
        pound = '<number:currency-symbol number:language="en" number:country="GB">£</number:currency-symbol>'
        return f'<number:currency-style style:name="{name}">{pound}{grouped}</number:currency-style>'
    if kind is Kind.DATE:
        return (
            f'<number:date-style style:name="{name}" number:language="en" number:country="GB"><number:day/>'
            '<number:text> </number:text><number:month number:style="long" number:textual="true"/>'
            '<number:text> </number:text><number:year number:style="long"/></number:date-style>'
        )
    return f'<number:number-style style:name="{name}">{grouped}</number:number-style>'


def styles_xml(workbook: Workbook) -> str:
    """Named styles, page layouts and the head and foot of each page."""
    pages = sorted({sheet.pages_wide for sheet in workbook.sheets})
    layouts = "".join(_page_layout(count) for count in pages)
    masters = "".join(_master_page(count, escape(workbook.banner)) for count in pages)
    return (
        f"{_XML}<office:document-styles {_NAMESPACES}>"
        '<office:font-face-decls><style:font-face style:name="Arial" xmlns:svg='
        '"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" svg:font-family="Arial"/></office:font-face-decls>'
        f"<office:styles>{_NAMED}</office:styles>"
        f"<office:automatic-styles>{layouts}</office:automatic-styles>"
        f"<office:master-styles>{masters}</office:master-styles></office:document-styles>"
    )


def _named_style(name: str, parent: str, cell: str = "", paragraph: str = "", text: str = "") -> str:
    properties = "".join(
        f"<style:{family}-properties {values}/>"
        for family, values in (("table-cell", cell), ("paragraph", paragraph), ("text", text))
        if values
    )
    inherits = f' style:parent-style-name="{parent}"' if parent else ""
    return f'<style:style style:name="{name}" style:family="table-cell"{inherits}>{properties}</style:style>'


_RIGHT: Final = 'fo:text-align="end"'
_BOLD: Final = 'fo:font-weight="bold"'
_DEFAULT: Final = (
    '<style:default-style style:family="table-cell"><style:text-properties style:font-name="Arial" '
    'fo:font-size="12pt" fo:language="en" fo:country="GB"/></style:default-style>'
)
_NAMED: Final = "".join(
    (
        _DEFAULT,
        _named_style("Default", "", 'style:vertical-align="top"', "", 'style:font-name="Arial" fo:font-size="12pt"'),
        _named_style("Title", "Default", "", "", 'fo:font-size="16pt" fo:font-weight="bold"'),
        _named_style("Banner", "Default", "", "", _BOLD),
        _named_style("Note", "Default"),
        _named_style("Cell", "Default", _RULE, 'fo:text-align="start"'),
        _named_style("Figure", "Default", _RULE, _RIGHT),
        _named_style("Header", "Default", f'{_RULE} {_SHADE} style:vertical-align="bottom"', "", _BOLD),
        _named_style("HeaderRight", "Default", f'{_RULE} {_SHADE} style:vertical-align="bottom"', _RIGHT, _BOLD),
    )
)


def _page_layout(pages_wide: int) -> str:
    strip = '<style:header-footer-properties fo:min-height="0.9cm" fo:margin-top="0.2cm" fo:margin-bottom="0.2cm"/>'
    return (
        f'<style:page-layout style:name="layout{pages_wide}"><style:page-layout-properties fo:page-width="29.7cm" '
        'fo:page-height="21cm" style:print-orientation="landscape" fo:margin-top="1cm" fo:margin-bottom="1cm" '
        f'fo:margin-left="1cm" fo:margin-right="1cm" style:scale-to-X="{pages_wide}" style:scale-to-Y="0" '
        'style:print="charts drawings objects zero-values" style:first-page-number="continue"/>'
        f"<style:header-style>{strip}</style:header-style><style:footer-style>{strip}</style:footer-style>"
        "</style:page-layout>"
    )


def _master_page(pages_wide: int, banner: str) -> str:
    numbering = "Page <text:page-number>1</text:page-number> of <text:page-count>1</text:page-count>"
    return (
        f'<style:master-page style:name="Page{pages_wide}" style:page-layout-name="layout{pages_wide}">'
        f"<style:header><text:p>{banner}</text:p></style:header><style:footer>"
        "<style:region-left><text:p><text:sheet-name>Sheet</text:sheet-name></text:p></style:region-left>"
        f"<style:region-center><text:p>{banner}</text:p></style:region-center>"
        f"<style:region-right><text:p>{numbering}</text:p></style:region-right>"
        "</style:footer></style:master-page>"
    )


def meta_xml(workbook: Workbook) -> str:
    """Title, language, author and date of the document."""
    created = workbook.created.strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f"{_XML}<office:document-meta {_NAMESPACES}><office:meta>"
        f"<dc:title>{escape(workbook.title)}</dc:title><dc:subject>{escape(workbook.subject)}</dc:subject>"
        f"<dc:description>{escape(workbook.banner)}</dc:description>"
        f"<meta:initial-creator>{escape(workbook.author)}</meta:initial-creator><dc:creator>{escape(workbook.author)}"
        f"</dc:creator><meta:creation-date>{created}</meta:creation-date><dc:date>{created}</dc:date>"
        "<dc:language>en-GB</dc:language></office:meta></office:document-meta>"
    )
