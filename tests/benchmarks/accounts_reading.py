"""Measure the reading of accounts on a folder of real filings: `python -m tests.benchmarks.accounts_reading PATH`.

Prints markdown tables: documents and facts; facts placed in a line; every numeric fact against an independent reader
(ixbrlparse); the headline figures of `printed_figures.csv` where the folder has one. How fast: `bulk_accounts`.
"""

import csv
import io
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ixbrlparse import IXBRL

from collectors.accounts.catalogue import catalogue
from collectors.accounts.files import placed, read_path
from collectors.accounts.reader import read_document
from collectors.accounts.tags import Problem
from collectors.accounts.unpack import documents, kind_of
from collectors.reading import Origin, Row, Rows

SUFFIXES = {".html", ".xhtml", ".xml", ".gz", ".zip"}
MOST_SHOWN = 15


@dataclass
class Figures:
    """How the headline figures compare with what is printed."""

    right: int = 0
    absent: int = 0
    wrong: list[str] = field(default_factory=list)


def accounts_under(path: Path) -> Iterator[Path]:
    """Files that hold accounts, benchmark questions and lists left aside."""
    for file in sorted(path.rglob("*")):
        if file.is_file() and file.suffix in SUFFIXES and not file.name.endswith((".csv.gz", ".jsonl.gz")):
            yield file


def contents(path: Path) -> list[tuple[str, bytes]]:
    """Name and bytes of every document, archives opened."""
    return [
        (item.name, item.content)
        for file in accounts_under(path)
        for item in documents(file.read_bytes(), file.name)
        if not isinstance(item, Problem) and kind_of(item.content) == "tagged"
    ]


def independent(content: bytes) -> Counter[tuple[str, str, float]]:
    """Numeric facts (concept, context, value) as ixbrlparse reads them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        read = IXBRL(io.BytesIO(content), raise_on_error=False)
    return Counter(
        (fact.name, getattr(fact.context, "id", fact.context), round(float(fact.value), 4))
        for fact in read.numeric
        if fact.value is not None
    )


def ours(rows: Rows) -> Counter[tuple[str, str, float]]:
    """Numeric facts (concept, context, value) as this reader reads them."""
    return Counter(
        (str(fact["concept"]), str(fact["context"]), round(float(str(fact["number"])), 4))
        for fact in rows.tables.get("fact", ())
        if fact["number"] is not None
    )


def headline(folder: Path) -> Figures | None:
    """The figures of `printed_figures.csv` against the lines; None where there is no such file."""
    listed = next(iter(sorted(folder.rglob("printed_figures.csv"))), None)
    if listed is None:
        return None
    figures = Figures()
    lines: dict[str, list[Row]] = {}
    with listed.open(newline="") as stream:
        for row in csv.DictReader(stream):
            if row["file"] not in lines:
                path = next(path for path in listed.parent.iterdir() if path.name.startswith(row["file"]))
                lines[row["file"]] = [line for _, rows in read_path(path) for line in rows.tables["line"]]
            compare(row, lines[row["file"]], figures)
    return figures


def compare(printed: dict[str, str], lines: list[Row], figures: Figures) -> None:
    """Count one printed figure as right, wrong or absent. Creditors are printed without their sign in the list."""
    found = [
        line
        for line in lines
        if line["line"] == printed["line"]
        and str(line["period_end"]) == printed["period_end"]
        and str(line["consolidated"]).lower() == printed["consolidated"]
    ]
    if not found:
        figures.absent += 1
        return
    value, expected = float(str(found[0]["value"])), float(printed["value"])
    if value in {expected, -expected if printed["line"].startswith("creditors") else expected}:
        figures.right += 1
    else:
        figures.wrong.append(f"{printed['file']} {printed['line']}: {value}, printed {expected}")


def unplaced(rows: Rows) -> Counter[str]:
    """Monetary facts that reached no line, by concept."""
    places = catalogue().places
    standing = {
        (line["line"], line["period_end"], abs(float(str(line["value"])))) for line in rows.tables.get("line", ())
    }
    return Counter(
        str(fact["concept"])
        for fact in rows.tables.get("fact", ())
        if fact["number"] is not None
        and len(str(fact["unit"])) == len("GBP")
        and not any(
            (place.line.name, fact["period_end"], abs(float(str(fact["number"])))) in standing
            for place in places.get(str(fact["concept"]), ())
        )
    )


def is_money(fact: Row) -> bool:
    """True for a figure in a currency."""
    return fact["number"] is not None and len(str(fact["unit"])) == len("GBP")


def main(path: Path) -> None:
    """Read everything under a path and print the tables."""
    held = contents(path)
    total: Counter[str] = Counter()
    kinds: Counter[tuple[str, str]] = Counter()
    left: Counter[str] = Counter()
    differences: list[str] = []
    for name, content in held:
        rows = Rows()
        read_document(content, Origin(name, "benchmark", "", name), rows)
        money = sum(is_money(fact) for fact in rows.tables.get("fact", ()))
        missing = unplaced(rows)
        left += missing
        mine, theirs = ours(rows), independent(content)
        total.update(
            documents=1,
            errors=any(issue["severity"] == "error" for issue in rows.tables["issue"]),
            facts=len(rows.tables.get("fact", ())),
            placed=placed(rows),
            money=money,
            money_placed=money - missing.total(),
            lines=len(rows.tables.get("line", ())),
            same=(mine & theirs).total(),
            only_ours=(mine - theirs).total(),
            only_theirs=(theirs - mine).total(),
        )
        kinds.update((str(issue["kind"]), str(issue["severity"])) for issue in rows.tables["issue"])
        if mine != theirs:
            differences.append(f"{name}: only here {list(mine - theirs)[:3]}, only there {list(theirs - mine)[:3]}")
    show_counts(total, kinds, left, differences)
    show_headlines(headline(path))


def show_counts(
    total: Counter[str], kinds: Counter[tuple[str, str]], left: Counter[str], differences: list[str]
) -> None:
    """Print what was read, what was placed and how it compares."""
    share = total["money_placed"] / max(total["money"], 1)
    print("| measure | value |\n|---|---:|")
    for label, value in (
        ("documents", f"{total['documents']:,}"),
        ("documents with an error", f"{total['errors']:,}"),
        ("facts", f"{total['facts']:,}"),
        ("facts placed in a line", f"{total['placed']:,}"),
        ("monetary facts", f"{total['money']:,}"),
        ("monetary facts placed", f"{total['money_placed']:,} ({share:.1%})"),
        ("lines", f"{total['lines']:,}"),
        ("numeric facts equal to ixbrlparse's", f"{total['same']:,}"),
        ("only here", f"{total['only_ours']:,}"),
        ("only in ixbrlparse", f"{total['only_theirs']:,}"),
    ):
        print(f"| {label} | {value} |")
    for difference in differences:
        print(f"- {difference}")
    print("\n| issue | severity | rows |\n|---|---|---:|")
    for (kind, severity), count in kinds.most_common():
        print(f"| {kind} | {severity} | {count} |")
    print("\n| unplaced monetary concept | facts |\n|---|---:|")
    for concept, count in left.most_common(MOST_SHOWN):
        print(f"| {concept} | {count} |")


def show_headlines(figures: Figures | None) -> None:
    """Print how the headline figures came out."""
    if figures is None:
        return
    print("\n| headline figures | count |\n|---|---:|")
    for label, count in (("right", figures.right), ("wrong", len(figures.wrong)), ("absent", figures.absent)):
        print(f"| {label} | {count} |")
    for wrong in figures.wrong:
        print(f"- wrong: {wrong}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
