"""The documents behind one figure as one HTML file: it needs no server, runs nothing and fetches nothing.

Each document stands in a frame of its own, with its very figures marked; what a document holds cannot reach the page.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from reports.marking import marking_text
from reports.style import clean

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src data:"
_STYLE = """
body{font:1.05rem/1.45 arial,sans-serif;color:#0b0c0c;margin:0 auto;max-width:72rem;padding:1rem}
.marking{font-weight:700;border-bottom:1px solid #b1b4b6;padding-bottom:.5rem}.label{font-weight:700}
h1{font-size:1.7rem;line-height:1.2;margin:1rem 0 .3rem}h2{font-size:1.3rem;margin:2rem 0 .5rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1.2rem;margin:0 0 1rem}dt{font-weight:700}
dd{margin:0;overflow-wrap:anywhere}iframe{width:100%;height:42rem;border:2px solid #0b0c0c;background:#fff}
table{border-collapse:collapse;margin:0 0 1rem}th,td{text-align:left;vertical-align:top;padding:.3rem 1rem .3rem 0;
border-bottom:1px solid #b1b4b6}caption{text-align:left;font-weight:700}
"""


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """One place in a document.

    Attributes:
        title: what it is, in words.
        locator: as the ledger keeps it.
        text: what is marked there, as printed; empty where it was not found.
    """

    title: str
    locator: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """One document behind a figure.

    Attributes:
        title: in words.
        about: terms and what they are: address, days, hash, licence.
        places: what is marked in it.
        html: the document as a page of its own, harmless.
        anchor: id of its first mark; empty for none.
    """

    title: str
    about: Sequence[tuple[str, str]]
    places: Sequence[ShownPlace]
    html: str
    anchor: str


def evidence_page(
    title: str, about: Sequence[tuple[str, str]], documents: Sequence[ShownDocument], *, marking: str, label: str
) -> bytes:
    """One HTML file with every document behind a figure.

    Args:
        title: the figure in words.
        about: terms and what they are: the figure, the run.
        documents: in the order of the walk.
        marking: protective marking.
        label: a warning such as that the data are invented; empty for none.
    """
    shown = "".join(_document(number, each) for number, each in enumerate(documents, start=1))
    warning = f'<p class="label">{_safe(label)}</p>' if label else ""
    none = "" if documents else "<p>No document stands behind this figure.</p>"
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_safe(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'<p class="marking">{_safe(marking_text(marking))}</p>{warning}\n<main>\n<h1>{_safe(title)}</h1>\n'
        f"{_list(about)}{none}{shown}\n</main>\n</body>\n</html>\n"
    ).encode()


def _document(number: int, document: ShownDocument) -> str:
    content = base64.b64encode(document.html.encode()).decode()
    anchor = f"#{document.anchor}" if document.anchor else ""
    rows = "".join(
        f"<tr><td>{_safe(each.title)}</td><td>{_safe(each.text) or 'not found'}</td><td>{_safe(each.locator)}</td></tr>"
        for each in document.places
    )
    head = '<tr><th scope="col">What</th><th scope="col">As printed</th><th scope="col">Place</th></tr>'
    places = f"<table><caption>Marked in it</caption><thead>{head}</thead><tbody>{rows}</tbody></table>" if rows else ""
    return (
        f"<section><h2>Document {number}: {_safe(document.title)}</h2>{_list(document.about)}{places}"
        f'<iframe title="Document {number} as filed" sandbox src="data:text/html;base64,{content}{anchor}"></iframe>'
        "</section>\n"
    )


def _list(pairs: Sequence[tuple[str, str]]) -> str:
    return f"<dl>{''.join(f'<dt>{_safe(term)}</dt><dd>{_safe(said)}</dd>' for term, said in pairs)}</dl>"


def _safe(text: str) -> str:
    return escape(clean(text))
