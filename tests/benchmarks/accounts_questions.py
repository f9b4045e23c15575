"""Answer a question-and-answer set about accounts: `python -m tests.benchmarks.accounts_questions SET [FOLDER]`.

The set (JSON Lines, may be gzip) asks of companies whose filings need not be at hand; a question brings an extract or
a sentence with the figures. So three things are measured, each a markdown table:

1. how many of its companies are among the filings of the folder;
2. each question answered from its own extract, read as a printed page by the reader of untagged statements (captions,
   numbers, no tags), and how many extracts add up by the arithmetic between lines;
3. the same kinds of question asked of filings at hand, answered from the lines chosen, judged by figures read by eye.
"""

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from html import escape
from itertools import islice
from pathlib import Path

from lxml import etree

from collectors.accounts.arithmetic import holds
from collectors.accounts.candidates import Choice
from collectors.accounts.catalogue import catalogue
from collectors.accounts.cells import Cell
from collectors.accounts.figures import read_figure
from collectors.accounts.pages import sheet
from collectors.accounts.parse import parse
from collectors.accounts.particulars import Particulars, Period
from collectors.accounts.reader import read_document
from collectors.accounts.statements import read_statements
from collectors.accounts.witnesses import printed_choices
from collectors.reading import Origin, Rows
from tests.benchmarks.accounts_reading import contents
from tests.benchmarks.read_by_eye import Truth, typed

FIELDS = {
    "net_assets": "net_assets",
    "current_assets": "current_assets",
    "cash": "cash",
    "employees": "average_employees",
    "property_plant_equipment": "tangible_assets",
    "f_within_creditors_total": "creditors_within_one_year",
    "turnover": "turnover",
}
"""The set's names for lines of account."""
KINDS = ("extraction", "not_disclosed", "boolean", "comparison", "ratio")
NOT_DISCLOSED = "NOT_DISCLOSED"
_STATEMENTS = ("Balance sheet", "Profit and loss account", "Notes to the financial statements")
_ENDING = re.compile(r"period ending (\d{4}-\d\d-\d\d)")
_ROW = re.compile(r"^ {2}(?P<caption>.+): (?P<figure>\(?£?[\d,]+\)?)$", re.MULTILINE)
_COMPANY = re.compile(r"^ {2}- (?P<name>.+): net assets (?P<figure>\(?£[\d,]+\)?)$", re.MULTILINE)
_SAID = re.compile(r"(?P<caption>net assets|total liabilities)(?: \(equity\))? of (?P<figure>\(?£[\d,]+\)?)")
_ASKED_OF = 5
_ADD_UP, _LEFT_OUT, _SILENT = "add up", "leave items out or contradict themselves", "have too few lines to tell"
Answer = float | str | bool | None
Figures = Mapping[str, float]


@dataclass
class Score:
    """Right and asked by kind of question, and why the rest is not right."""

    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    missed: Counter[tuple[str, str]] = field(default_factory=Counter)

    def mark(self, kind: str, given: Answer, wanted: Answer, tolerance: float, why: str) -> None:
        """Count one answer; `why` names the cause should it be missing."""
        self.asked[kind] += 1
        if given is None:
            self.missed[kind, why] += 1
        elif _same(given, wanted, tolerance):
            self.right[kind] += 1
        else:
            self.missed[kind, f"answered {given}, the set says {wanted}"] += 1


def _same(given: Answer, wanted: Answer, tolerance: float) -> bool:
    if isinstance(wanted, float | int) and not isinstance(wanted, bool):
        return isinstance(given, float) and abs(given - wanted) <= tolerance
    return given == wanted


def questions(path: Path) -> list[dict[str, object]]:
    """The set, one mapping a question; of a folder, the one set in it."""
    if path.is_dir():
        path = next(path.glob("*.jsonl*"))
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def number(text: str) -> float:
    """A printed figure as the page reader reads it."""
    figure = read_figure(Cell(text, 0.0, 1.0, etree.Element("td"), (text,)))
    if figure is None:
        raise ValueError(text)
    return float(figure.value)


def extract_lines(text: str) -> dict[str, Choice]:
    """The lines of an extract, read as a printed page: its rows under the heading of every statement in turn."""
    ending = _ENDING.search(text)
    rows = "".join(f"<tr><td>{escape(row['caption'])}</td><td>{row['figure']}</td></tr>" for row in _ROW.finditer(text))
    end = date.fromisoformat(ending[1]) if ending else date.min
    head = f"<tr><td></td><td>{end.year}</td></tr>"
    page = "".join(f"<h2>{heading}</h2><table>{head}{rows}</table>" for heading in _STATEMENTS)
    content = f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{page}</body></html>'.encode()
    about = Particulars(current=Period(None, end))
    read = read_statements(sheet(parse(content, "extract").root).rows, about, catalogue())
    chosen, _ = printed_choices(read, catalogue(), holds_group=False)
    return {name: choice for (name, comparative, _), choice in chosen.items() if not comparative}


def answer(question: Mapping[str, object], lines: Mapping[str, Choice]) -> Answer:
    """What a question of the set is answered with; None where nothing is read."""
    text, kind = str(question["question"]), question["category"]
    if kind == "comparison":
        held = {match["name"]: number(match["figure"]) for match in _COMPANY.finditer(text)}
        return max(held, key=lambda name: held[name]) if held else None
    said = {match["caption"]: number(match["figure"]) for match in _SAID.finditer(text)}
    if kind == "boolean":
        return said["net assets"] < 0 if said else None
    if kind == "ratio":
        return said["total liabilities"] / said["net assets"] if len(said) > 1 and said["net assets"] else None
    if kind == "not_disclosed":
        return float(lines["turnover"].value) if "turnover" in lines else NOT_DISCLOSED
    meta = question["meta"]
    name = FIELDS[str(meta["field"])] if isinstance(meta, dict) else ""
    if name not in lines:
        return None
    value = float(lines[name].value)
    return abs(value) if name.startswith("creditors") else value


def answer_set(asked: Iterable[Mapping[str, object]]) -> tuple[Score, Counter[str]]:
    """Every question from its own figures; and of the extracts, how many add up in themselves."""
    score, sums = Score(), Counter[str]()
    for question in asked:
        text = str(question["question"])
        lines = extract_lines(text) if _ENDING.search(text) else {}
        if lines:
            verdicts = [holds(formula, lines) for formula in catalogue().formulas if formula.strict]
            sums[_LEFT_OUT if False in verdicts else _ADD_UP if True in verdicts else _SILENT] += 1
        wanted = question["answer"]
        given = answer(question, lines)
        if isinstance(wanted, bool | str):
            score.mark(str(question["category"]), given, wanted, 0.0, "not read")
        else:
            value = float(str(wanted))
            tolerance = max(float(str(question.get("abs_tol", 0))), abs(value) * float(str(question.get("rel_tol", 0))))
            score.mark(str(question["category"]), given, value, tolerance, "not read")
    return score, sums


# The same questions of the filings at hand


def read_lines(path: Path, wanted: set[str]) -> tuple[dict[tuple[str, str], dict[str, float]], set[str]]:
    """Lines chosen by (document, period end) of the documents wanted; and every company number under a path."""
    held: dict[tuple[str, str], dict[str, float]] = {}
    companies: set[str] = set()
    for name, content in contents(path):
        rows = Rows()
        read_document(content, Origin(name, "benchmark", "", name), rows)
        for line in rows.tables.get("line", ()):
            companies.add(str(line["company_number"]))
            if name in wanted:
                held.setdefault((name, str(line["period_end"])), {})[str(line["line"])] = float(str(line["value"]))
    return held, companies


def total_liabilities(figures: Figures) -> float | None:
    """What is owed in all: assets less net assets."""
    if "net_assets" not in figures or "current_assets" not in figures:
        return None
    return figures.get("fixed_assets", 0.0) + figures["current_assets"] - figures["net_assets"]


def ratio(figures: Figures) -> float | None:
    """Total liabilities to equity, to two decimal places."""
    owed = total_liabilities(figures)
    return None if owed is None or not figures["net_assets"] else round(owed / figures["net_assets"], 2)


def highest(group: Iterable[tuple[tuple[str, str], Figures]]) -> str | None:
    """The document with the highest net assets; None where one has none."""
    held = {key[0]: figures.get("net_assets") for key, figures in group}
    if any(value is None for value in held.values()):
        return None
    return max(held, key=lambda name: held[name] or 0.0)


def asked_here(truths: Iterable[Truth], read: Mapping[tuple[str, str], Figures]) -> Score:
    """The set's kinds of question asked of every document and period read by eye."""
    seen: dict[tuple[str, str], dict[str, float]] = {}
    for truth in truths:
        seen.setdefault((truth.document, truth.period_end), {})[truth.line] = truth.value
    score = Score()
    for key, printed in sorted(seen.items()):
        ours = read.get(key, {})
        for name in sorted(set(FIELDS.values()) & set(printed)):
            score.mark("extraction", ours.get(name), printed[name], 0.5, f"{name} not read: {_short(key)}")
        if "turnover" not in printed:
            score.mark("not_disclosed", ours.get("turnover", NOT_DISCLOSED), NOT_DISCLOSED, 0.0, "")
        if "net_assets" in printed:
            insolvent = ours["net_assets"] < 0 if "net_assets" in ours else None
            score.mark("boolean", insolvent, printed["net_assets"] < 0, 0.0, f"net assets not read: {_short(key)}")
        if (wanted := ratio(printed)) is not None:
            score.mark("ratio", ratio(ours), wanted, 0.05, f"a term not read: {_short(key)}")
    with_assets = [key for key in sorted(seen) if "net_assets" in seen[key]]
    latest = {document: (document, end) for document, end in with_assets}
    keys = list(latest.values())
    for group in (keys[first : first + _ASKED_OF] for first in range(0, len(keys), _ASKED_OF)):
        given = highest([(key, read.get(key, {})) for key in group])
        score.mark("comparison", given, highest([(key, seen[key]) for key in group]), 0.0, "net assets not read")
    return score


def _short(key: tuple[str, str]) -> str:
    return f"{key[0].rpartition('!')[2]} {key[1]}"


def table(title: str, score: Score) -> Iterator[str]:
    """A markdown table of a score, and each cause of a miss with its number."""
    yield f"| {title} | asked | right | share |\n|---|---:|---:|---:|"
    for kind in KINDS:
        if score.asked[kind]:
            share = score.right[kind] / score.asked[kind]
            yield f"| {kind} | {score.asked[kind]} | {score.right[kind]} | {share:.1%} |"
    for (kind, why), count in islice(sorted(score.missed.items()), 20):
        yield f"- {kind}, {count}: {why}"


def main(path: Path, folder: Path, say: Callable[[str], None] = print) -> None:
    """Answer the set, ask its questions of the filings at hand, and print the tables."""
    asked = questions(path)
    truths = list(typed())
    read, companies = read_lines(folder, {truth.document for truth in truths})
    theirs = {str(meta["company_number"]) for each in asked if isinstance(meta := each["meta"], dict)}
    say(f"{len(asked)} questions about {len(theirs)} companies; filings of {len(theirs & companies)} are at hand\n")
    score, sums = answer_set(asked)
    say("\n".join(table("from the set's own extracts", score)))
    told = ", ".join(f"{count} {verdict}" for verdict, count in sums.most_common())
    say(f"\nof the extracts, by the arithmetic between their lines: {told}\n")
    say("\n".join(table("the same asked of the filings at hand", asked_here(truths, read))))


if __name__ == "__main__":
    file = Path(sys.argv[1])
    main(file, Path(sys.argv[2]) if len(sys.argv) > 2 else file.parent.parent)
