"""One statement written in the layouts that filing software writes."""

from collections.abc import Callable, Sequence
from html import escape

Line = Sequence[str]
"""Caption or empty, number of the note or empty, then a text for each column."""
Layout = Callable[[str, Sequence[Line]], str]


def _row(cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _escaped(lines: Sequence[Line]) -> list[list[str]]:
    return [[escape(cell) for cell in line] for line in lines]


def one_table(heading: str, lines: Sequence[Line]) -> str:
    """A heading and one table, as most software writes it."""
    return f"<h2>{heading}</h2><table>{''.join(map(_row, _escaped(lines)))}</table>"


def table_a_row(heading: str, lines: Sequence[Line]) -> str:
    """A table for every row, with the widths of its columns."""
    columns = '<colgroup width="50%"/><colgroup width="10%"/><colgroup width="20%"/><colgroup width="20%"/>'
    tables = "".join(f"<table>{columns}{_row(line)}</table>" for line in _escaped(lines))
    return f"<table><tr><td>{heading}</td></tr></table>{tables}"


def brackets_apart(heading: str, lines: Sequence[Line]) -> str:
    """The closing bracket in a cell of its own, as is the pound sign."""
    apart = []
    for caption, note, *figures in _escaped(lines):
        cells = [caption, note]
        for figure in figures:
            bracket = figure.endswith(")") and figure[1:2].isdigit()
            cells += ["£" if figure[:1].isdigit() and "," in figure else "", figure[:-1] if bracket else figure]
            cells.append(")" if bracket else "")
        apart.append(cells)
    return f"<p>{heading}</p><table>{''.join(map(_row, apart))}</table>"


def in_a_page_table(heading: str, lines: Sequence[Line]) -> str:
    """The statement's table inside a table that lays out the page."""
    return f"<table><tr><td>{one_table(heading, lines)}</td></tr></table>"


def by_coordinates(heading: str, lines: Sequence[Line]) -> str:
    """Blocks placed by coordinates in their style, as converters from PDF write them."""
    lefts, widths = (40, 250, 300, 400), (200, 40, 90, 90)
    blocks = [f'<div style="position:absolute;top:10pt;left:40pt;width:400pt">{heading}</div>']
    for number, line in enumerate(_escaped(lines)):
        blocks += [
            f'<div style="position:absolute;top:{30 + number * 12}pt;left:{left}pt;width:{width}pt">{cell}</div>'
            for cell, left, width in zip(line, lefts, widths, strict=True)
            if cell
        ]
    return f'<div style="position:relative;height:800pt">{"".join(blocks)}</div>'


def by_classes(heading: str, lines: Sequence[Line]) -> str:
    """Blocks placed by classes and measured from the foot of the page, their order on the page mixed up."""
    style = ".t{position:absolute}.x0{left:40px}.x1{left:300px}.x2{left:360px;width:90px}.x3{left:480px;width:90px}"
    style += "".join(f".y{number}{{bottom:{900 - 14 * number}px}}" for number in range(len(lines) + 1))
    blocks = [f'<div class="t x0 y0">{heading}</div>']
    for column in range(4):
        blocks += [
            f'<div class="t x{column} y{number}">{line[column]}</div>'
            for number, line in enumerate(_escaped(lines), start=1)
            if line[column]
        ]
    return f"<style>{style}</style><div>{''.join(blocks)}</div>"


def side_by_side(heading: str, lines: Sequence[Line]) -> str:
    """Inline blocks with a width."""
    widths = (50, 10, 20, 20)
    rows = "".join(
        "<div>"
        + "".join(
            f'<span style="display:inline-block;width:{width}%">{cell or "&#160;"}</span>'
            for cell, width in zip(line, widths, strict=True)
        )
        + "</div>"
        for line in _escaped(lines)
    )
    return f"<div>{heading}</div>{rows}"


def numbers_in_pieces(heading: str, lines: Sequence[Line]) -> str:
    """Every number split over spans, rules of dashes under the figures, a page break inside."""
    rows = []
    for number, (caption, note, *figures) in enumerate(_escaped(lines)):
        pieces = [f"<span>{figure[:1]}</span><span>{figure[1:]}</span>" for figure in figures]
        rows.append(_row([f"<p>{caption}</p>", note, *pieces]))
        if number == len(lines) // 2:
            rows.append(_row(["", "", "-------", "-------"]))
    return f"<div><b>{heading}</b></div><table>{''.join(rows)}</table>"


def inner_and_outer(heading: str, lines: Sequence[Line]) -> str:
    """Two columns a period: items in the inner one, totals (captions in capitals or none) in the outer one."""
    rows = []
    for caption, note, *figures in _escaped(lines):
        if len(figures) == 2 and figures[0][:2] in {"20", "19"} and len(figures[0]) == 4:
            rows.append(
                f'<tr><td>{caption}</td><td>{note}</td><td colspan="2">{figures[0]}</td>'
                f'<td colspan="2">{figures[1]}</td></tr>'
            )
            continue
        outer = not caption or caption.isupper()
        cells = [cell for figure in figures for cell in (("", figure) if outer else (figure, ""))]
        rows.append(_row([caption, note, *cells]))
    return f"<h3>{heading}</h3><table>{''.join(rows)}</table>"


ALL: tuple[Layout, ...] = (
    one_table,
    table_a_row,
    brackets_apart,
    in_a_page_table,
    by_coordinates,
    by_classes,
    side_by_side,
    numbers_in_pieces,
    inner_and_outer,
)
