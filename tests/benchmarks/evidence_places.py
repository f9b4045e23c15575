"""Is the very figure marked? `python -m tests.benchmarks.evidence_places PATH… [--scans N]`.

PATH is accounts (documents, zips, folders; of scans N, since one takes half a minute to read) or Ofsted's lists. Every
place that reading notes is looked for in the document as it is shown, and the shown document is read again by other
means: pages by an HTML5 parser, scans by character recognition of the framed part alone. A place is right where what
is marked is worth the row's value (a text: is among its words). Beside it a search of the page for the same text, as a
person with Ctrl-F does: how often its first hit is the very place.
"""

import argparse
import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import cv2
import numpy as np
from tinyhtml5 import parse

from collectors.accounts.files import _items
from collectors.accounts.reader import read as read_accounts
from collectors.accounts.scans.engines import read_part_carefully
from collectors.accounts.scans.paper import open_paper
from collectors.accounts.scans.places import find_place
from collectors.accounts.tags import Problem
from collectors.accounts.unpack import kind_of
from collectors.ofsted.publication import identify
from collectors.ofsted.publication import read as read_list
from collectors.reading import Origin, Row
from collectors.showing.filed import Highlight
from collectors.showing.paper import framed_page
from collectors.showing.places import Place
from collectors.showing.show import show
from oversight.errors import InputError
from oversight.model.ids import document_id

DPI = 300
_SCALES = (-2, 0, 3, 6)
_SHORTEST = 3
"""Characters; a shorter text stands everywhere, and nobody would search for it."""


class Tally:
    """Counts by kind of place."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)
        self.seconds: list[float] = []
        self.examples: list[str] = []
        self.documents = 0

    def add(self, kind: str, *, found: bool, right: bool, by_search: bool | None, what: str) -> None:
        """One place."""
        count = self.counts[kind]
        count["places"] += 1
        count["found"] += found
        count["right"] += right
        if by_search is not None:
            count["searched"] += 1
            count["by search"] += by_search
        if not right and len(self.examples) < 40:
            self.examples.append(f"{kind}: {what}")

    def table(self) -> str:
        """What was found, as a table."""
        lines = ["kind | places | found | right | first hit of a search is the place"]
        for kind, count in sorted(self.counts.items()):
            searched = f"{count['by search'] / count['searched']:.1%}" if count["searched"] else "-"
            shares = [f"{count[name] / count['places']:.2%}" for name in ("found", "right")]
            lines.append(f"{kind} | {count['places']:,} | {' | '.join(shares)} | {searched}")
        taken = sorted(self.seconds)
        middle, high = taken[len(taken) // 2], taken[int(len(taken) * 0.95)]
        lines.append(f"{self.documents:,} documents; to show one: median {middle:.3f} s, 95th percentile {high:.3f} s")
        return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.evidence_places")
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--scans", type=int, default=0)
    given = parser.parse_args(arguments)
    tally, scans = Tally(), given.scans
    for path in _files(given.paths):
        try:
            if path.suffix == ".pdf":
                if scans > 0:
                    scans -= 1
                    _scan(path.read_bytes(), path.name, tally)
            elif _is_list(path):
                _list(path, tally)
            else:
                for item in _items(path):
                    if not isinstance(item, Problem) and kind_of(item.content) == "tagged":
                        _page(item.content, item.name, tally)
        except InputError as error:
            sys.stderr.write(f"{path.name}: {error.message}\n")
    print(tally.table())
    for line in tally.examples:
        sys.stderr.write(f"  {line}\n")


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        inside = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
        yield from (each for each in inside if re.search(r"\.(html|xhtml|xml|gz|zip|pdf|csv|ods)$", each.name))


def _is_list(path: Path) -> bool:
    return re.search(r"\.(csv|csv\.gz|ods)$", path.name) is not None


def _page(content: bytes, name: str, tally: Tally) -> None:
    """One tagged document: its lines, facts and sentences."""
    rows = read_accounts(content, Origin(document_id(content), "file", "", name)).tables
    lines = [row for row in rows.get("line", ()) if " + " not in str(row["locator"])]
    wanted = [(f"line, {row['method']}", _place(row, "line", "value", "concept"), row) for row in lines]
    wanted += [("text" if row["number"] is None else "fact", _place(row, "concept", "number"), row)
               for row in rows.get("fact", ())]  # fmt: skip
    wanted += [("sentence", Place(str(row["locator"]), str(row["kind"]), None, str(row["quote"])), row)
               for row in rows.get("statement", ()) if str(row["locator"]).startswith("text line")]  # fmt: skip
    if not wanted:
        return
    begins = time.perf_counter()
    shown = show(content, [place for _, place, _ in wanted], address=name, title=name)
    tally.seconds.append(time.perf_counter() - begins)
    tally.documents += 1
    marked = _marks(shown.html)
    plain = _plain(shown.html)
    places = {highlight.key: highlight for highlight in shown.highlights}
    for kind, place, row in wanted:
        highlight = places.get((place.locator, place.title))
        text = "" if highlight is None else marked.get(highlight.anchor, "")
        tally.add(
            f"{kind}, not printed" if highlight is not None and not highlight.on_page else kind,
            found=highlight is not None,
            right=highlight is not None and _right(text, row, place, highlight),
            by_search=None if highlight is None or not highlight.on_page else _searched(plain, text, highlight.anchor),
            what=f"{name} {place.locator}: {text[:60]!r} for {row.get('value')!r}",
        )


def _place(row: Row, title: str, value: str, words: str = "") -> Place:
    number = row[value]
    return Place(
        str(row["locator"]),
        f"{row[title]} {number}",
        float(number) if isinstance(number, int | float) else None,
        str(row[words]) if words else None,
    )


def _marks(html: str) -> dict[str, str]:
    """What each mark of a shown document holds, as a browser would read it; parts of one mark put together."""
    found: dict[str, str] = {}
    current = ""
    for mark in parse(html).iter("{http://www.w3.org/1999/xhtml}mark"):
        identity = mark.get("id")
        current = identity or current
        found[current] = f"{found.get(current, '')} {_text(mark)}".strip()
    return found


def _text(element: ET.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _right(text: str, row: Row, place: Place, highlight: Highlight) -> bool:
    """Whether what is marked is worth the row's value, or is among the words it stands for."""
    if place.value is None:
        said = str(row.get("quote") or row.get("value") or "")
        first, second = _letters(text), _letters(said)
        return (first[:60] in second or second[:60] in first) if said else bool(highlight.anchor)
    digits = re.sub(r"[^\d.]", "", text).strip(".")
    if not re.search(r"\d", digits):
        return not place.value
    number = Decimal(digits) if digits.count(".") < 2 else Decimal(digits.replace(".", ""))
    return any(abs(float(number.scaleb(scale)) - abs(place.value)) < 0.005 for scale in _SCALES)


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text).lower()


_SENTINEL = "\x00"


def _plain(html: str) -> str:
    """The page's text, with the anchor of each mark before it."""
    body = html.partition("<body>")[2]
    body = re.sub(r'<mark class="oversight-figure"(?: id="([\w-]+)")?[^>]*>', f"{_SENTINEL}\\1{_SENTINEL}", body)
    return re.sub(r"<[^>]*>", " ", body)


def _searched(plain: str, text: str, anchor: str) -> bool | None:
    """Whether the first hit of a search for the marked text is the mark; None for what nobody would search."""
    if len(text) < _SHORTEST or len(text) > 40:
        return None
    hit = re.search(rf"(?<![\d,.]){re.escape(text)}(?![\d,])", re.sub(rf"{_SENTINEL}[\w-]*{_SENTINEL}", "", plain))
    before = plain.partition(f"{_SENTINEL}{anchor}{_SENTINEL}")[0]
    here = len(re.sub(rf"{_SENTINEL}[\w-]*{_SENTINEL}", "", before))
    return hit is not None and abs(hit.start() - here) <= 2


def _scan(content: bytes, name: str, tally: Tally) -> None:
    """One PDF: the framed part of each page read again, alone."""
    rows = read_accounts(content, Origin(document_id(content), "file", "", name)).tables
    lines = [
        row for row in rows.get("line", ()) if find_place(str(row["locator"])) and " + " not in str(row["locator"])
    ]
    if not lines:
        return
    begins = time.perf_counter()
    shown = show(content, [_place(row, "line", "value") for row in lines[:6]], address=name, title=name)
    tally.seconds.append(time.perf_counter() - begins)
    tally.documents += 1
    missing = set(shown.missing)
    with open_paper(content, name) as paper:
        for row in lines:
            place = _place(row, "line", "value")
            spot = find_place(place.locator)
            if spot is None:
                continue
            page = framed_page(paper.picture(spot.page, DPI), [spot.box], DPI)
            text = _framed(page)
            tally.add(
                f"scan, {row['method']}",
                found=place.locator not in missing,
                right=_right(text, row, place, Highlight(place.locator, "", "")),
                by_search=None,
                what=f"{name} {place.locator}: {text!r} for {row['value']!r}",
            )


def _framed(png: bytes) -> str:
    """What stands inside the coloured frame of a page: its red is the page's own grey."""
    page = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    if page is None:
        return ""
    coloured = np.argwhere((page[:, :, 2].astype(int) - page[:, :, 0]) > 60)
    (top, left), (bottom, right) = coloured.min(axis=0), coloured.max(axis=0)
    inside = np.ascontiguousarray(page[top : bottom + 1, left : right + 1, 2], dtype=np.uint8)
    return " ".join(read_part_carefully(np.pad(inside, 12, constant_values=255)))


def _list(path: Path, tally: Tally) -> None:
    """One of Ofsted's lists: the number of places of each home."""
    content = path.read_bytes()
    about = identify(content, path.name)
    rows = read_list(content, Origin(document_id(content), about.source, about.subject, path.name)).tables
    homes = [row for row in rows.get("home", ()) if row["places"] is not None]
    if not homes:
        return
    places = [Place(str(row["locator"]), "", None, "places") for row in homes]
    begins = time.perf_counter()
    shown = show(content, places, address=path.name, title=path.name)
    tally.seconds.append(time.perf_counter() - begins)
    tally.documents += 1
    marked = _marks(shown.html)
    found = {highlight.locator: marked.get(highlight.anchor, "") for highlight in shown.highlights}
    for row in homes:
        text = found.get(str(row["locator"]))
        tally.add(
            "row of a list",
            found=text is not None,
            right=json.dumps(row["places"]) == (text or ""),
            by_search=None,
            what=f"{path.name} {row['locator']}: {text!r} for {row['places']!r}",
        )


if __name__ == "__main__":
    main()
