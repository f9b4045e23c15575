"""Tagged documents to test with: which, in which half, and printed as PDF by a browser."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Error, Route, sync_playwright

from collectors.accounts.catalogue import catalogue
from collectors.accounts.reader import read_document
from collectors.reading import Origin, Row, Rows
from tests.benchmarks.accounts_reading import contents

Half = Literal["developed", "held back"]
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_INLINE = b"inlineXBRL"
_LEAST_FIGURES = 6
"""On the face of balance sheet and profit and loss account: fewer, and the document is a dormant company's."""
_SURE_OF_PRINT = 0.9
_PATIENCE = 60_000
FACES = ("balance_sheet", "profit_and_loss")
OTHERS = ("cash_flow", "notes")


@dataclass(frozen=True, slots=True)
class Document:
    """A tagged document and the figures that its own tags give.

    Attributes:
        name: in its archive.
        content: its bytes.
        digest: SHA-256 of these.
        lines: the lines of account that the tagged reader makes of it.
    """

    name: str
    content: bytes
    digest: str
    lines: tuple[Row, ...]

    @property
    def half(self) -> Half:
        """By the bytes alone, so that nobody chooses."""
        return "held back" if int(self.digest[:2], 16) % 2 else "developed"

    @property
    def stratum(self) -> tuple[bool, bool, int]:
        """Group or company, with or without a profit and loss account, and how large, to choose of each kind."""
        statements = {str(line["statement"]) for line in self.lines}
        size = len(self.lines)
        return (
            any(line["consolidated"] for line in self.lines),
            "profit_and_loss" in statements,
            (size > 20) + (size > 60),
        )


def documents(folder: Path) -> list[Document]:
    """Every inline XBRL document under a folder that has figures enough, each once."""
    found: dict[str, Document] = {}
    for name, content in contents(folder):
        digest = hashlib.sha256(content).hexdigest()
        if _INLINE not in content or digest in found:
            continue
        lines = tuple(truths(content, name, digest))
        if sum(line["statement"] in FACES for line in lines) >= _LEAST_FIGURES:
            found[digest] = Document(name, content, digest, lines)
    return sorted(found.values(), key=lambda each: each.digest)


def truths(content: bytes, name: str, digest: str) -> Iterator[Row]:
    """What a document says by its tags, and by its print where a sum confirms that.

    What is derived, in conflict or in doubt is no truth. Each line comes with the name of its `statement`.
    """
    rows = Rows()
    read_document(content, Origin(digest, "benchmark", "", name), rows)
    known = catalogue().lines
    for line in rows.tables.get("line", ()):
        printed = line["method"] == "printed" and float(str(line["confidence"])) >= _SURE_OF_PRINT
        if line["method"] == "tagged" or printed:
            yield {**line, "statement": known[str(line["line"])].statement}


def chosen(all_of: Iterable[Document], most: int) -> list[Document]:
    """So many documents of each half, taking turns between groups and companies, small and large."""
    kept: list[Document] = []
    for half in ("developed", "held back"):
        strata: dict[tuple[bool, bool, int], list[Document]] = {}
        for each in all_of:
            if each.half == half:
                strata.setdefault(each.stratum, []).append(each)
        turns = zip_longest(*(strata[stratum] for stratum in sorted(strata, reverse=True)))
        kept += [each for turn in turns for each in turn if each is not None][:most]
    return kept


@contextmanager
def printer(folder: Path) -> Iterator["Printer"]:
    """A browser that prints documents, once each, into a folder.

    Raises:
        SystemExit: if there is no Chromium on this machine.
    """
    path = next((found for found in map(shutil.which, _BROWSERS) if found), None)
    if path is None:
        raise SystemExit("No Chromium on this machine. Install the package chromium.")
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"], timeout=120_000)
        yield Printer(folder, browser)
        browser.close()


@dataclass(frozen=True, slots=True)
class Printer:
    """Prints documents as PDF with a text layer, as Companies House shows them."""

    folder: Path
    browser: Browser

    def pdf(self, document: Document) -> bytes | None:
        """The document printed on A4; None where the browser cannot."""
        kept = self.folder / f"{document.digest}.pdf"
        if not kept.exists():
            page = self.browser.new_page(java_script_enabled=False)
            with tempfile.TemporaryDirectory() as place:
                source = Path(place) / "accounts.xhtml"
                source.write_bytes(document.content)
                try:
                    page.route("http*://**", _refused)
                    page.goto(source.as_uri(), timeout=_PATIENCE)
                    made = page.pdf(format="A4", print_background=True)
                except Error:
                    return None
                finally:
                    page.close()
            half_done = kept.with_suffix(".part")
            half_done.write_bytes(made)
            half_done.rename(kept)
        return kept.read_bytes()


def _refused(route: Route) -> None:
    """Nothing is fetched for a document: what it needs is in it."""
    route.abort()
