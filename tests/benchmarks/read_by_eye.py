"""Measure the lines chosen against figures read by eye: `python -m tests.benchmarks.read_by_eye PATH`.

The truth is `tests/fixtures/accounts/read_by_eye.csv`, typed from rendered pages, and `printed_figures.csv` where the
folder has it. Prints a markdown table per taxonomy: figures right, absent, wrong and flagged, wrong and unflagged; and
each one that is not right. A figure is flagged where its confidence is below 0.9 or its witnesses are in conflict. A
second table judges the same pages with every tag taken out, read from the print alone.
"""

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from collectors.accounts.reader import read_document
from collectors.reading import Origin, Row, Rows
from tests.benchmarks.accounts_reading import contents

TRUTH = Path(__file__).parents[1] / "fixtures" / "accounts" / "read_by_eye.csv"
SURE = 0.9
_TAGS = (
    (
        re.compile(
            rb"<(?:\w+:)?header\b(?=[^<>]*>\s*<(?:\w+:)?(?:hidden|references|resources)\b).*?</(?:\w+:)?header\s*>",
            re.DOTALL,
        ),
        b"",
    ),
    (re.compile(rb"<(/?)ix:\w+[^<>]*?(/?)>"), rb"<\1span\2>"),
    (re.compile(rb"inlineXBRL"), b"page"),
)
"""What makes a page a tagged one, and what stands in its place."""
GIVEN_UNSIGNED = "creditors"
"""Lines of `printed_figures.csv` that are printed without their sign start with this."""


@dataclass(frozen=True, slots=True)
class Truth:
    """One figure read by eye, in pounds or heads; either sign where the list does not give it."""

    document: str
    family: str
    period_end: str
    consolidated: bool
    line: str
    value: float
    unsigned: bool = False


@dataclass(slots=True)
class Verdicts:
    """How many figures came out how, by taxonomy; and each that is not right."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    documents: dict[str, set[str]] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    def add(self, truth: Truth, verdict: str, found: Row | None) -> None:
        """Count one figure."""
        self.counts.setdefault(truth.family, Counter())[verdict] += 1
        self.documents.setdefault(truth.family, set()).add(truth.document)
        if verdict != "right":
            read = f", read {found['value']} ({found['method']}, {found['confidence']})" if found else ""
            self.told.append(f"{verdict}: {truth.document} {truth.period_end} {truth.line} {truth.value:.0f}{read}")

    def total(self, verdict: str) -> int:
        """Figures of a verdict over all taxonomies."""
        return sum(each[verdict] for each in self.counts.values())


def typed() -> Iterator[Truth]:
    """The figures typed for this repository."""
    with TRUTH.open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            yield Truth(
                row["document"],
                row["taxonomy"],
                row["period_end"],
                row["scope"] == "group",
                row["line"],
                float(row["value_gbp"]),
            )


def listed(path: Path) -> Iterator[Truth]:
    """The headline figures that stand beside the filings, where they do."""
    for found in sorted(path.rglob("printed_figures.csv")):
        with found.open(newline="", encoding="utf-8") as stream:
            for row in csv.DictReader(stream):
                yield Truth(
                    row["file"],
                    "printed_figures.csv",
                    row["period_end"],
                    row["consolidated"] == "true",
                    row["line"],
                    float(row["value"]),
                    unsigned=row["line"].startswith(GIVEN_UNSIGNED),
                )


def judge(truth: Truth, lines: list[Row]) -> tuple[str, Row | None]:
    """What became of one figure, and the line that stands for it."""
    found = next(
        (
            line
            for line in lines
            if line["line"] == truth.line
            and str(line["period_end"]) == truth.period_end
            and line["consolidated"] is truth.consolidated
        ),
        None,
    )
    if found is None:
        return "absent", None
    value = float(str(found["value"]))
    if value == truth.value or (truth.unsigned and abs(value) == abs(truth.value)):
        return "right", found
    flagged = found["method"] == "conflict" or float(str(found["confidence"])) < SURE
    return "wrong, flagged" if flagged else "wrong, unflagged", found


def without_tags(content: bytes) -> bytes:
    """A page with its tags and their header taken out; empty for what is no page."""
    if b"/inlineXBRL" not in content:
        return b""
    for pattern, kept in _TAGS:
        content = pattern.sub(kept, content)
    return content


def measure(path: Path, truths: list[Truth], *, tagged: bool = True) -> Verdicts:
    """Every figure against the lines of its document; documents that are not at hand are left out.

    Args:
        path: a folder of filings.
        truths: the figures.
        tagged: false to take the tags out of every page first, and leave out what is no page.
    """
    held = dict(contents(path))
    if not tagged:
        held = {name: stripped for name, content in held.items() if (stripped := without_tags(content))}
    verdicts = Verdicts()

    @cache
    def lines_of(document: str) -> list[Row] | None:
        if document not in held:
            return None
        rows = Rows()
        read_document(held[document], Origin(document, "benchmark", "", document), rows)
        return list(rows.tables.get("line", ()))

    for truth in truths:
        lines = lines_of(truth.document)
        if lines is not None:
            verdicts.add(truth, *judge(truth, lines))
    return verdicts


def main(path: Path) -> None:
    """Judge both lists and print the tables."""
    truths = [*typed(), *listed(path)]
    show("taxonomy", measure(path, truths))
    print()
    show("taxonomy, tags taken out", measure(path, truths, tagged=False))


def show(title: str, verdicts: Verdicts) -> None:
    """Print a table and each figure that is not right."""
    columns = ("right", "absent", "wrong, flagged", "wrong, unflagged")
    print(f"| {title} | documents | figures | {' | '.join(columns)} |\n|---|---:|---:|---:|---:|---:|---:|")
    for family, counts in sorted(verdicts.counts.items()):
        said = " | ".join(str(counts[column]) for column in columns)
        print(f"| {family} | {len(verdicts.documents[family])} | {counts.total()} | {said} |")
    for each in verdicts.told:
        print(f"- {each}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
