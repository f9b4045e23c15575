"""Read filings back that were printed and spoilt: `python -m tests.benchmarks.rendered_scans FOLDER --cache CACHE`.

Tagged filings under FOLDER give the truth. Each is printed by Chromium, made a PDF of pictures, spoilt as real filings
are, and read as any scan is; every line of the balance sheet and the profit and loss account is then compared with what
the tags say. `text` is the printed PDF itself, with its text layer: no engine, only layout and captions.

Documents fall into two halves by their bytes. Only the misses of the developed half are told: the held-back half is a
measure as long as nobody looks at it. Prints, and what the engines read, are kept in CACHE, so that a run that was
broken off goes on, and one after a change of the statement reader is quick.
"""

import argparse
import hashlib
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from collectors.accounts.reader import read_document
from collectors.reading import Origin, Row, Rows
from tests.benchmarks.rendered_scans.documents import FACES, OTHERS, Document, chosen, documents, printer
from tests.benchmarks.rendered_scans.judge import RIGHT, VERDICTS, Score, judge
from tests.benchmarks.rendered_scans.remember import remembered
from tests.benchmarks.rendered_scans.spoil import WAYS, spoilt

TEXT = "text"
HALVES = ("developed", "held back")


def main(arguments: Sequence[str]) -> None:
    """Read, compare, print the tables."""
    asked = _asked(arguments)
    asked.cache.mkdir(parents=True, exist_ok=True)
    held = [each for each in documents(asked.folder) if asked.half in {"both", each.half}]
    if asked.only:
        held = [each for each in held if any(part in each.name for part in asked.only)]
    scores: dict[tuple[str, str, str], Score] = {}
    with remembered(asked.cache / "engines.sqlite"):
        for document, way, pdf in _pdfs(held, asked):
            began = time.process_time()
            lines = _read(pdf, document)
            spent = time.process_time() - began
            for statement in (*FACES, *OTHERS):
                score = judge(f"{document.name[-44:]} {way}", document.lines, lines, (statement,))
                scores.setdefault((document.half, way, statement), Score()).add(score)
            if spent > 1:
                print(f"{document.digest[:8]} {way} {spent:.0f} s", file=sys.stderr, flush=True)
    _print(scores, asked.show)


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="rendered_scans", description=__doc__.split("\n\n")[0] if __doc__ else "")
    parser.add_argument("folder", type=Path, help="tagged filings, archives among them")
    parser.add_argument("--cache", type=Path, required=True, help="where prints and answers are kept")
    parser.add_argument("--degrade", nargs="+", choices=[TEXT, *WAYS], default=[TEXT, *WAYS], help="ways of spoiling")
    parser.add_argument("--only", nargs="+", help="documents whose name has one of these")
    parser.add_argument("--half", choices=["both", *HALVES], default="both", help="which documents")
    parser.add_argument("--scans", type=int, default=15, help="documents of each half read as pictures")
    parser.add_argument("--every-way", action="store_true", help="each document in every way, not in one by turns")
    parser.add_argument("--show", action="store_true", help="tell each figure of the developed half that is not exact")
    return parser.parse_args(arguments)


def _pdfs(held: list[Document], asked: argparse.Namespace) -> Iterator[tuple[Document, str, bytes]]:
    """Every document as it is to be read: with its text, and of some the picture, spoilt in a way."""
    ways = [way for way in asked.degrade if way != TEXT]
    pictured = {each.digest: number for number, each in enumerate(chosen(held, asked.scans))}
    with printer(asked.cache / "print") as browser:
        for document in held:
            pdf = browser.pdf(document)
            if pdf is None:
                print(f"{document.name}: the browser cannot print it", file=sys.stderr)
                continue
            if TEXT in asked.degrade:
                yield document, TEXT, pdf
            if ways and (number := pictured.get(document.digest)) is not None:
                for way in ways if asked.every_way else [ways[number % len(ways)]]:
                    yield document, way, spoilt(pdf, document.name, WAYS[way], f"{document.digest} {way}")


def _read(pdf: bytes, document: Document) -> list[Row]:
    """The lines of a PDF, read as a file that an analyst gives."""
    rows = Rows()
    name = f"{document.digest}.pdf"
    read_document(pdf, Origin(hashlib.sha256(pdf).hexdigest(), "benchmark", "", name), rows)
    return list(rows.tables.get("line", ()))


def _print(scores: dict[tuple[str, str, str], Score], show: bool) -> None:  # noqa: FBT001  a flag of the command
    print(f"| half | read from | statement | documents | figures | {' | '.join(VERDICTS)} | share exact |")
    print(f"|---|---|---|{'---:|' * (len(VERDICTS) + 3)}")
    for half in HALVES:
        for statements in (FACES, OTHERS):
            total = Score()
            for (its, way, statement), score in sorted(scores.items()):
                if its == half and statement in statements:
                    print(_row(half, way, statement, score))
                    if way != TEXT:
                        total.add(score)
            if total.figures:
                total.documents = 0
                print(_row(half, "all pictures", " and ".join(statements), total))
    for (half, _, statement), score in sorted(scores.items()):
        if show and half == HALVES[0] and statement in FACES:
            for told in score.told:
                print("-", told)


def _row(half: str, way: str, statement: str, score: Score) -> str:
    counts = " | ".join(str(score.tally[verdict]) for verdict in VERDICTS)
    share = score.tally[RIGHT] / max(score.figures, 1)
    return f"| {half} | {way} | {statement} | {score.documents or ''} | {score.figures} | {counts} | {share:.1%} |"


if __name__ == "__main__":
    main(sys.argv[1:])
