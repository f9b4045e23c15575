"""How well owners' names find their companies: `python -m tests.benchmarks.owner_matching PATH`.

PATH is the folder of evaluation data (or the list of owner and company pairs in it). The universe is every
company of that list, invented near-namesakes of each, and every other company name in the folder. Pairs are
split by row: weights and threshold were chosen on the odd rows, the even rows are held out. Each half is
measured twice: with the owner's own company in the universe, and with it taken out, where the only right
answer is to link nothing. Nothing of the list is kept.
"""

import csv
import gzip
import io
import json
import re
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from oversight.identity.index import NameIndex
from oversight.identity.match import Candidate, Decision, decide
from oversight.identity.names import normal_form
from tests.benchmarks.confusables import confusables

_PAIRS = "ofsted/ownership/ofsted_owner_to_company_number.csv"
_NUMBER = re.compile(r"[A-Z]{2}(?:\d{6}|\d{5}R)|\d{8}|R0\d{6}")
_SEED = 20250331


@dataclass(frozen=True, slots=True)
class Pair:
    """One owner text, and the company people found for it; no number where there is no company."""

    row: int
    owner: str
    company: str
    number: str | None


@dataclass(frozen=True, slots=True)
class Result:
    """What was decided for one pair."""

    pair: Pair
    decision: Decision
    in_top_three: bool

    @property
    def linked(self) -> bool:
        return self.decision.decision == "automatic"

    @property
    def right(self) -> bool:
        return self.decision.company_number == self.pair.number


def main(path: Path) -> None:
    """Measure and print."""
    folder = path if path.is_dir() else path.parents[2]
    pairs = list(read_pairs(path / _PAIRS if path.is_dir() else path))
    known = {pair.number: pair.company for pair in pairs if pair.number}
    print(f"pairs {len(pairs)}, with a company number {sum(pair.number is not None for pair in pairs)}")
    listed = {normal_form(pair.company) for pair in pairs}
    owners = {normal_form(pair.owner) for pair in pairs}
    universe = build_universe(known, other_companies(folder, set(known), listed), owners)
    started = time.perf_counter()
    index = NameIndex(universe)
    print(f"universe {len(index)} names, indexed in {time.perf_counter() - started:.1f} s")
    for label, half in (("odd rows (tuned on)", 1), ("even rows (held out)", 0)):
        chosen = [pair for pair in pairs if pair.row % 2 == half]
        started = time.perf_counter()
        report(label, [judge(pair, index) for pair in chosen])
        print(f"  {1000 * (time.perf_counter() - started) / len(chosen):.1f} ms an owner")
        report_absent(label, chosen, universe)


def read_pairs(path: Path) -> Iterator[Pair]:
    """The pairs; a number that is not one of Companies House (a charity's, say) counts as none."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row, values in enumerate(csv.reader(file)):
            if row and any(value.strip() for value in values):
                owner, company, number = values[:3]
                yield Pair(row, owner, company, number if _NUMBER.fullmatch(number) else None)


def build_universe(known: dict[str, str], others: dict[str, str], owners: set[str]) -> pl.DataFrame:
    """Companies of the list, other companies, and invented near-namesakes of the former.

    No company is invented under the very name an owner has: it would make the list's answer wrong.
    """
    invented = confusables(known.values(), each=12, seed=_SEED)
    numbered = {f"99{at:06d}": name for at, name in enumerate(invented) if normal_form(name) not in owners}
    everything = {**known, **others, **numbered}
    return pl.DataFrame({"company_number": list(everything), "company_name": list(everything.values())})


def other_companies(folder: Path, known: set[str], listed: set[str]) -> dict[str, str]:
    """Company numbers and names in the other evaluation files, without those of the list.

    One of the files has names without numbers: those that the list has too are left out.
    """
    found: dict[str, str] = {}
    for path in sorted(folder.glob("companies_house/bulk_csv/*.zip")):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                text = archive.read(name).decode("utf-8", "replace")
                rows = csv.reader(io.StringIO(text), skipinitialspace=True)
                found.update((row[1].zfill(8), row[0]) for row in rows if len(row) > 1 and row[1] != "CompanyNumber")
    for path in sorted(folder.glob("failure/uk_company_failures*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            found.update((row["Registered number"], row["Company name"]) for row in csv.DictReader(file))
    for path in sorted(folder.glob("accounts/benchmark/*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for question in map(json.loads, file):
                if matched := re.search(r"([A-Z][A-Z0-9 &'().,-]+ (?:LTD|LIMITED|LLP))\b", question["question"]):
                    found[question["meta"].get("company_number", question["id"])] = matched[1]
    classes = folder / "ofsted/ownership/owner_company_category.csv"
    if classes.is_file():
        with classes.open(encoding="utf-8-sig", newline="") as file:
            names = sorted({row["Company.name"] for row in csv.DictReader(file)})
        found.update((f"98{at:06d}", name) for at, name in enumerate(names))
    return {number: name for number, name in found.items() if number not in known and normal_form(name) not in listed}


def judge(pair: Pair, index: NameIndex, *, without: str | None = None) -> Result:
    """Decide about one pair, with a company taken out of the candidates where asked."""
    candidates: list[Candidate] = [each for each in index.candidates(pair.owner) if each.company_number != without]
    decision = decide(pair.owner, candidates)
    top = {match.candidate.company_number for match in decision.alternatives}
    return Result(pair, decision, pair.number in top)


def report(label: str, results: list[Result]) -> None:
    """Precision and recall of automatic links, recall within three candidates, and the errors by kind."""
    linked = [each for each in results if each.linked]
    right = [each for each in linked if each.right]
    truth = [each for each in results if each.pair.number]
    top = sum(each.in_top_three for each in truth)
    print(f"{label}: automatic {len(linked)}, right {len(right)}, precision {len(right) / len(linked):.4f}, "
          f"recall {len(right) / len(truth):.4f}, in the top three {top / len(truth):.4f}")  # fmt: skip
    for name, count in sorted(Counter(map(error_kind, results)).items()):
        print(f"  {name}: {count}")
    for each in results:
        if error_kind(each) not in {"right, automatic", "no company, none linked"}:
            print(f"    {error_kind(each)} | {each.pair.owner} | {each.pair.company} | {each.decision.decision} "
                  f"{each.decision.score} {'; '.join(each.decision.reasons)} | "
                  f"{'; '.join(match.candidate.name for match in each.decision.alternatives)}")  # fmt: skip


def report_absent(label: str, pairs: list[Pair], universe: pl.DataFrame) -> None:
    """With each owner's own company taken out: how often another one is linked."""
    index = NameIndex(universe)
    results = [judge(pair, index, without=pair.number) for pair in pairs if pair.number]
    wrong = [each for each in results if each.linked]
    print(f"{label}, own company taken out: {len(wrong)} of {len(results)} linked to another")
    for each in wrong:
        other = each.decision.alternatives[0].candidate.name
        print(f"    {each.pair.owner} | {other} | {'; '.join(each.decision.reasons)}")


def error_kind(result: Result) -> str:
    """The kind of outcome, in words."""
    same = normal_form(result.pair.owner) == normal_form(result.pair.company)
    if result.pair.number is None:
        return "no company, linked to one" if result.linked else "no company, none linked"
    if result.linked:
        return "right, automatic" if result.right else "wrong, automatic"
    outcome = "best candidate right" if result.right else "in the top three" if result.in_top_three else "not found"
    return f"to review, {outcome}, {'same name' if same else 'another name'}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
