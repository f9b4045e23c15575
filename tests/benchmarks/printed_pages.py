"""Measure the reading of printed statements against tags: `python -m tests.benchmarks.printed_pages PATH`.

A tagged document prints its figures as well, so every one of them is a test of the page reader, which does not look at
tags. Prints markdown tables: for each statement the share of printed figures equal to the tagged ones (precision) and
of tagged figures read from print (recall); the lines that differ; documents a second of the page alone.
"""

import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from collectors.accounts.arithmetic import reckon
from collectors.accounts.candidates import Choice, Key, find
from collectors.accounts.catalogue import catalogue
from collectors.accounts.choose import choose, take_off, trust_print
from collectors.accounts.pages import sheet
from collectors.accounts.parse import parse
from collectors.accounts.particulars import particulars
from collectors.accounts.statements import read_statements
from collectors.accounts.tags import read_tags
from collectors.accounts.texts import page
from collectors.accounts.witnesses import printed_choices
from collectors.reading import Origin
from tests.benchmarks.accounts_reading import contents

_MOST_SHOWN = 40
_BELIEVED = 0.8


@dataclass
class Agreement:
    """How print compares with tags, by line."""

    same: Counter[str] = field(default_factory=Counter)
    sign: Counter[str] = field(default_factory=Counter)
    differs: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    printed_only: Counter[str] = field(default_factory=Counter)
    believed_wrong: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    documents: int = 0
    seconds: float = 0.0

    def precision(self, lines: Iterable[str]) -> float:
        """Share of figures of these lines, tagged and printed, that are the same."""
        lines = list(lines)
        same, wrong = self._of(self.same, lines), self._of(self.sign, lines) + self._of(self.differs, lines)
        return same / max(same + wrong, 1)

    def recall(self, lines: Iterable[str]) -> float:
        """Share of tagged figures of these lines that are read from print and are the same."""
        lines = list(lines)
        parts = (self.same, self.sign, self.differs, self.missing)
        return self._of(self.same, lines) / max(sum(self._of(part, lines) for part in parts), 1)

    @staticmethod
    def _of(counter: Counter[str], lines: list[str]) -> int:
        return sum(counter[line] for line in lines)


def lines_of(statement: str) -> list[str]:
    """Names of the lines of a statement."""
    return [name for name, line in catalogue().lines.items() if line.statement == statement]


def compare(content: bytes, name: str, agreement: Agreement) -> None:
    """Count the figures of one document."""
    table = catalogue()
    parsed = parse(content, name)
    tagged = read_tags(parsed.root, table.texts, mended=bool(parsed.mended))
    if not tagged.inline:
        return
    about = particulars(tagged, table, Origin(name, "benchmark", "", name))
    chosen = choose(
        find(tagged, about, table),
        tagged,
        about,
        table,
        lambda: page(parsed.root, {fact.element for fact in tagged.facts if not fact.hidden}),
    )
    take_off(chosen.choices)
    trust_print(chosen.choices.values(), chosen.problems)
    reckoned, _ = reckon(list(chosen.choices.values()), table)
    tags = {choice.key: choice for choice in reckoned if choice.fact is not None}
    started = time.perf_counter()
    statements = read_statements(sheet(parsed.root).rows, about, table)
    holds_group = about.says_group or any(choice.consolidated for choice in reckoned)
    printed, _ = printed_choices(statements, table, holds_group=holds_group)
    agreement.seconds += time.perf_counter() - started
    agreement.documents += 1
    count(tags, printed, name, agreement)


def count(tags: dict[Key, Choice], printed: dict[Key, Choice], name: str, agreement: Agreement) -> None:
    """Count the figures of both witnesses of one document."""
    for key, choice in tags.items():
        seen = printed.get(key)
        if seen is None:
            agreement.missing[key[0]] += 1
        elif seen.value == choice.value:
            agreement.same[key[0]] += 1
        else:
            kind = agreement.sign if abs(seen.value) == abs(choice.value) else agreement.differs
            kind[key[0]] += 1
            said = f"{name[-40:]} {key}: tagged {choice.value}, printed {seen.value} ({seen.confidence})"
            agreement.shown.append(said)
            if kind is agreement.differs and seen.confidence > _BELIEVED:
                agreement.believed_wrong.append(said)
    agreement.printed_only.update(key[0] for key in printed if key not in tags)


def agreement_of(held: Iterable[tuple[str, bytes]]) -> Agreement:
    """Compare any number of documents, each by name and bytes."""
    agreement = Agreement()
    for name, content in held:
        compare(content, name, agreement)
    return agreement


def main(path: Path) -> None:
    """Read everything under a path and print the tables."""
    found = agreement_of(contents(path))
    print(f"{found.documents} documents, {found.documents / max(found.seconds, 1e-9):,.0f} a second\n")
    print("| statement | precision | recall | same | sign | differ | not read | printed only |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for statement in ("balance_sheet", "profit_and_loss", "cash_flow", "notes"):
        names = lines_of(statement)
        parts = (found.same, found.sign, found.differs, found.missing, found.printed_only)
        summed = " | ".join(str(sum(part[name] for name in names)) for part in parts)
        print(f"| {statement} | {found.precision(names):.2%} | {found.recall(names):.2%} | {summed} |")
    print("\n| line | same | sign | differ | not read | printed only |\n|---|---:|---:|---:|---:|---:|")
    for name in catalogue().lines:
        counts = [part[name] for part in (found.same, found.sign, found.differs, found.missing, found.printed_only)]
        if any(counts):
            print(f"| {name} | {' | '.join(map(str, counts))} |")
    for said in found.shown[:_MOST_SHOWN]:
        print(f"- {said}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
