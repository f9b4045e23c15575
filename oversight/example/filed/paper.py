"""A set of accounts on paper: pages of placed text, and a PDF of them with a text layer."""

import textwrap
import zlib
from dataclasses import dataclass

from oversight.example.filed.prose import NOTICE
from oversight.example.filed.report import Heading, Prose, Report, Table

WIDTH, HEIGHT = 595, 842
_LEFT, _TOP, _BOTTOM = 56, 60, 780
_LEADING = 13.5
_SIZE = 9
_CHARACTER = 0.6 * _SIZE
_WRAP = 88
_COLUMNS = {2: (440, 530), 4: (335, 402, 469, 536)}


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece of text on a page, in points from the top left; `right` aligns its end to x."""

    x: float
    y: float
    text: str
    right: bool = False


Sheet = list[Placed]


class _Setter:
    """Sets blocks from top to bottom, starting pages as needed."""

    def __init__(self) -> None:
        self.sheets: list[Sheet] = [[]]
        self.y: float = _TOP

    def line(self, *pieces: tuple[float, str, bool]) -> None:
        if self.y > _BOTTOM:
            self.page()
        self.sheets[-1] += [Placed(x, self.y, text, right) for x, text, right in pieces]
        self.y += _LEADING

    def page(self) -> None:
        if self.sheets[-1]:
            self.sheets.append([])
        self.y = _TOP

    def words(self, text: str) -> None:
        for part in textwrap.wrap(text, _WRAP):
            self.line((_LEFT, part, False))
        self.y += _LEADING / 2

    def table(self, table: Table, *, thousands: bool) -> None:
        edges = _COLUMNS[len(table.columns)]
        wide = len(table.columns) == 2  # noqa: PLR2004  a statement of one entity, this year and last
        self.line(
            *((edge, head.replace("Company", "Co."), True) for edge, head in zip(edges, table.columns, strict=True))
        )
        unit = "£'000" if thousands else "£"
        counted = all(figure is None or figure.concept.unit == "pure" for row in table.rows for figure in row.figures)
        self.line(*((edge, "Number" if counted else unit, True) for edge in edges))
        for row in table.rows:
            captions = textwrap.wrap(row.caption, 52 if wide else 40)
            for part in captions[:-1]:
                self.line((_LEFT, part, False))
            pieces = [(_LEFT, captions[-1], False)]
            if row.note and wide:
                pieces.append((355, row.note, False))
            for edge, figure in zip(edges, row.figures, strict=False):
                if figure is not None:
                    scale = 1000 if thousands and figure.concept.unit != "pure" else 1
                    pieces.append((edge, _printed(figure.value, scale), True))
            self.line(*pieces)
        self.y += _LEADING


def _printed(value: int, scale: int) -> str:
    shown = f"{abs(value) // scale:,}"
    return "-" if not value else f"({shown})" if value < 0 else shown


def typeset(report: Report) -> list[Sheet]:
    """The pages of a report: a cover, then each statement on a page of its own."""
    accounts, setter = report.accounts, _Setter()
    setter.y = 220
    for text in (
        f"Registered number: {accounts.company_number}",
        report.company_name,
        report.title,
        f"for the period ended {accounts.period_end.day} {accounts.period_end:%B %Y}",
    ):
        setter.words(text)
    setter.y += 200
    setter.words(NOTICE)
    setter.page()
    for block in report.blocks:
        if isinstance(block, Heading):
            if block.level == 1:
                setter.page()
            setter.words(block.text)
        elif isinstance(block, Prose):
            setter.words(block.text)
        else:
            setter.table(block, thousands=accounts.thousands)
    return [sheet for sheet in setter.sheets if sheet]


def render(sheets: list[Sheet]) -> bytes:
    """Pages as a PDF with a text layer, in Courier."""
    streams = []
    for sheet in sheets:
        shows = []
        for piece in sheet:
            x = piece.x - len(piece.text) * _CHARACTER if piece.right else piece.x
            text = piece.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
            shows.append(f"BT /F1 {_SIZE} Tf {x:.1f} {HEIGHT - piece.y:.1f} Td ({text}) Tj ET")
        streams.append(zlib.compress("\n".join(shows).encode("cp1252", "replace")))
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>"
    contents = [b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(each), each) for each in streams]
    return pdf([(content, b"/Font << /F1 3 0 R >>") for content in contents], [font])


def note(title: str, lines: list[str]) -> bytes:
    """A form of one page that only says what it is."""
    setter = _Setter()
    for text in (NOTICE.replace("accounts are", "pages are"), title, *lines):
        setter.words(text)
    return render(setter.sheets)


def pdf(pages: list[tuple[bytes, bytes]], shared: list[bytes]) -> bytes:
    """A PDF file.

    Args:
        pages: for each page its content stream (a whole object) and its resources.
        shared: further objects, numbered from 3.
    """
    first = 3 + len(shared)
    kids = " ".join(f"{first + 2 * place} 0 R" for place in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        *shared,
    ]
    for place, (content, resources) in enumerate(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Resources << %s >> /Contents %d 0 R >>"
            % (WIDTH, HEIGHT, resources, first + 2 * place + 1)
        )
        objects.append(content)
    body, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, each in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(body)
