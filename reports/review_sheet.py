"""Figures that wait for a person, each beside the picture of its place in the filed document: one HTML page."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Final

from reports.marking import banner
from reports.style import clean, date_text, words

_STYLE: Final = (
    "body{font-family:Arial,sans-serif;font-size:16px;line-height:1.4;margin:24px;max-width:1100px}"
    "h1{font-size:28px}h2{font-size:19px;margin:24px 0 4px}img{max-width:100%;border:1px solid #505a5f}"
    "code{background:#f3f2f1;padding:2px 4px;overflow-wrap:anywhere}.mark{font-weight:bold}"
    "section{border-top:1px solid #b1b4b6;padding-bottom:12px}"
)


@dataclass(frozen=True, slots=True)
class Picture:
    """One figure that waits.

    Attributes:
        figure: a row of the queue: figure, company, company_number, period_end, whose, year, line, read_as,
            candidates, why, locator, document_id.
        png: the picture of its place; None where the document has no pages to cut it from.
    """

    figure: Mapping[str, object]
    png: bytes | None


def review_page(pictures: Iterable[Picture], *, marking: str, label: str) -> str:
    """The page: marked at head and foot, nothing fetched from elsewhere, every text escaped.

    Raises:
        SettingsError: where there is no protective marking.
    """
    mark = f'<p class="mark">{escape(banner(marking, label))}</p>'
    sections = [_section(picture) for picture in pictures]
    body = "\n".join(sections) or "<p>No figure waits for a person.</p>"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>Figures waiting for a person</title>'
        f"<style>{_STYLE}</style></head>\n<body>\n{mark}\n<main>\n<h1>Figures waiting for a person</h1>\n"
        "<p>Look at each figure in the document and record what is printed. The read figure is kept beside it.</p>\n"
        f"{body}\n</main>\n{mark}\n</body>\n</html>\n"
    )


def _section(picture: Picture) -> str:
    row = picture.figure
    title = f"{words(str(row['line']))}, {row['whose']}, {row['year']} year, {_day(row['period_end'])}"
    facts = {
        "Company": " ".join(_said(row[name]) for name in ("company", "company_number")).strip() or "not known",
        "Read as": _figure(row["read_as"]),
        "Other readings": _others(row) or "none",
        "Why it waits": _said(row["why"]).replace(str(row["line"]), words(str(row["line"]))),
        "Place": _said(row["locator"]),
        "Document": _said(row["document_id"]),
    }
    listed = "".join(f"<dt><b>{escape(name)}</b></dt><dd>{escape(said)}</dd>" for name, said in facts.items())
    return (
        f"<section>\n<h2>{escape(title)}</h2>\n{_image(picture, title)}\n<dl>{listed}</dl>\n"
        f"<p>{_command(row)}</p>\n</section>"
    )


def _others(row: Mapping[str, object]) -> str:
    """The candidates, written as figures are, but the one it was read as."""
    found = (_figure(_number(each)) for each in _said(row["candidates"]).split("|"))
    return ", ".join(dict.fromkeys(each for each in found if each and each != _figure(row["read_as"])))


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text.strip()


def _image(picture: Picture, title: str) -> str:
    if picture.png is None:
        return "<p>This document has no page to cut a picture from; open it at the place named below.</p>"
    encoded = base64.b64encode(picture.png).decode("ascii")
    return f'<img alt="{escape(f"The printed figure: {title}", quote=True)}" src="data:image/png;base64,{encoded}">'


def _command(row: Mapping[str, object]) -> str:
    start = f"oversight review --figure {row['figure']}"
    ways: Sequence[str] = ("--confirm", "--value NUMBER", "--unreadable")
    return "<br>".join(f"<code>{escape(f'{start} {way} --author NAME --reason WHY')}</code>" for way in ways)


def _said(value: object) -> str:
    return "" if value is None else clean(str(value))


def _figure(value: object) -> str:
    return f"{value:,.0f}" if isinstance(value, float) else _said(value)


def _day(value: object) -> str:
    return date_text(value) if isinstance(value, date) else _said(value)
