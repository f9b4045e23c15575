"""Measure the reading of scanned accounts: `python -m tests.benchmarks.scanned_accounts FOLDER [--spoil] [FILE…]`.

FOLDER holds the scans with `hand_read_figures.csv`, the figures of four of them read by eye; those of the others are in
`tests/fixtures/accounts/scanned_truth.csv`. For each filing: figures printed, read exactly, of these held for review,
wrong but held for review, wrong, wrong with a confidence of 0.9 or more, not read; minutes and peak memory of a process
of its own. `--spoil` first makes every page worse (150 dots to the inch, black and white, a lean of one degree,
specks): engines then do misread, and the confidence has to tell. Beside it the Office for National Statistics' own
reading of the same files in 2019 (balance sheets only): how many printed figures are among what it read.
"""

import csv
import io
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np

from collectors.accounts.catalogue import catalogue
from collectors.accounts.scans.paper import open_paper
from collectors.accounts.scans.reading import read_pdf
from collectors.accounts.scans.trust import REVIEW_BELOW
from collectors.reading import Origin

_TRUTH = Path(__file__).parents[1] / "fixtures" / "accounts" / "scanned_truth.csv"
_SURE = 0.9
_SPOILT_DPI, _SPOILT_LEAN, _SPECKS = 150, 1.0, 1500
_SAME_LINE = {
    "exceptional_items_above_operating_profit": "exceptional_items",
    "exceptional_items_below_operating_profit": "exceptional_items",
}
"""Names of the transcription for what is one line of account here."""
COLUMNS = ("printed", "right", "right, in review", "wrong, in review", "wrong", "wrong, sure", "not read")

Truth = Mapping[tuple[str, bool], float]
"""Printed figures by line and whether of the earlier period, in pounds."""


@dataclass
class Score:
    """How one filing was read."""

    tally: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    minutes: float = 0.0
    processor: float = 0.0
    megabytes: float = 0.0
    pages: int = 0


def truths(folder: Path) -> dict[str, Truth]:
    """The figures read by eye, by file; a nought says that the page does not have the line."""
    found: dict[str, dict[tuple[str, str], float]] = {}
    for path in (folder / "hand_read_figures.csv", _TRUTH):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                found.setdefault(row["file"], {})[row["line"], row["period_end"]] = float(row["value_gbp"])
    return {file: _by_period(rows) for file, rows in found.items()}


def _by_period(rows: Mapping[tuple[str, str], float]) -> Truth:
    latest = max(end for _, end in rows)
    lines = {line for (line, _), value in rows.items() if value}
    named = dict(_SAME_LINE)
    if "debtors_after_one_year" in lines:
        named["debtors"] = "debtors_within_one_year"
    return {(named.get(line, line), end != latest): value for (line, end), value in rows.items() if value}


def measure(path: Path, truth: Truth, *, spoil: bool) -> Score:
    """Read one filing and compare it with what was read by eye."""
    content = path.read_bytes()
    if spoil:
        content = spoilt(content)
    score = Score()
    with open_paper(content, path.name) as paper:
        score.pages = len(paper)
    began, worked = time.perf_counter(), time.process_time()
    read = read_pdf(content, Origin("0" * 64, "file", "", path.name), catalogue())
    score.minutes = (time.perf_counter() - began) / 60
    score.processor = (time.process_time() - worked) / 60
    score.megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    choices = {(each.line.name, each.comparative, each.consolidated): each for each in read.choices}
    for (line, comparative), value in sorted(truth.items()):
        score.tally["printed"] += 1
        choice = choices.get((line, comparative, True)) or choices.get((line, comparative, False))
        if choice is None:
            score.tally["not read"] += 1
            score.errors.append(f"{path.name} {line}: {value:,.0f} not read")
            continue
        held = choice.confidence < REVIEW_BELOW
        if float(choice.value) == value:
            score.tally["right"] += 1
            score.tally["right, in review"] += held
            continue
        score.tally["wrong, in review" if held else "wrong"] += 1
        score.tally["wrong, sure"] += choice.confidence >= _SURE
        score.errors.append(
            f"{path.name} {line}: printed {value:,.0f}, read {choice.value:,.0f} "
            f"({choice.method}, {choice.confidence}, {choice.formula!r})"
        )
    return score


def spoilt(content: bytes) -> bytes:
    """The same document scanned badly: coarse, black and white, askew and specked."""
    rng = np.random.default_rng(1)
    pages = []
    with open_paper(content, "the scan") as paper:
        for number in range(1, len(paper) + 1):
            picture = paper.picture(number, _SPOILT_DPI)
            height, width = picture.shape
            turn = cv2.getRotationMatrix2D((width / 2, height / 2), _SPOILT_LEAN, 1.0)
            leaning = cv2.warpAffine(picture, turn, (width, height), borderValue=255)
            _, black = cv2.threshold(leaning, 150, 255, cv2.THRESH_BINARY)
            black[rng.integers(0, height, _SPECKS), rng.integers(0, width, _SPECKS)] = 0
            pages.append(np.asarray(black, dtype=np.uint8))
    return _pdf(pages)


def _pdf(pages: Iterable[np.ndarray]) -> bytes:
    from PIL import Image  # noqa: PLC0415  only where pages are made

    pictures = [Image.fromarray(page).convert("1") for page in pages]
    out = io.BytesIO()
    pictures[0].save(out, "PDF", resolution=_SPOILT_DPI, save_all=True, append_images=pictures[1:])
    return out.getvalue()


def ons(folder: Path, file: str, truth: Truth) -> tuple[int, int]:
    """Figures of the balance sheet among those that the Office for National Statistics read in 2019, of all printed."""
    number = file.removesuffix(".pdf").lstrip("0")
    with (folder / "ons_ocr_extraction_2019.csv").open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream)
        values = {
            abs(float(row["value"]))
            for row in rows
            if row["value"] and Path(row["doc_companieshouseregisterednumber"]).stem.lstrip("0") == number
        }
    lines = catalogue().lines
    sheet = [abs(value) for (line, _), value in truth.items() if lines[line].statement == "balance_sheet"]
    return sum(value in values or value / 1000 in values for value in sheet), len(sheet)


def main(arguments: list[str]) -> None:
    """Print the table."""
    spoil = "--spoil" in arguments
    folder, *only = [Path(each) for each in arguments if each != "--spoil"]
    wanted = {path.name for path in only}
    total, baseline = Score(), (0, 0)
    print(f"| filing | pages | {' | '.join(COLUMNS)} | minutes | of processor | MB | ONS 2019, of the balance sheet |")
    print(f"|---|{'---:|' * (len(COLUMNS) + 5)}")
    for file, truth in sorted(truths(folder).items()):
        if wanted and file not in wanted:
            continue
        with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
            score = pool.submit(measure, folder / file, truth, spoil=spoil).result()
        beside = ons(folder, file, truth)
        print(f"{_line(file, score)} {beside[0]} of {beside[1]} |", flush=True)
        baseline = baseline[0] + beside[0], baseline[1] + beside[1]
        total.tally += score.tally
        total.errors += score.errors
        total.pages += score.pages
        total.minutes += score.minutes
        total.processor += score.processor
        total.megabytes = max(total.megabytes, score.megabytes)
    print(f"{_line('all', total)} {baseline[0]} of {baseline[1]} |")
    print(f"\nread exactly: {100 * total.tally['right'] / max(total.tally['printed'], 1):.1f}% of what is printed")
    for error in total.errors:
        print("-", error)


def _line(name: str, score: Score) -> str:
    figures = " | ".join(str(score.tally[column]) for column in COLUMNS)
    return (
        f"| {name} | {score.pages} | {figures} | {score.minutes:.1f} | {score.processor:.1f} | {score.megabytes:.0f} |"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
