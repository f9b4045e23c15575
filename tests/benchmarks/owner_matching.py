"""How well owners' names find their companies: `python -m tests.benchmarks.owner_matching PATH`.

PATH is the folder of evaluation data (or the list of owner and company pairs in it). The universe is every
company of that list, invented near-namesakes of each, and every other company name in the folder. Pairs are
split by row: odd rows for tuning, even rows held out, though the errors of both have been read since (see
`match.yaml`), so that the even rows are a check rather than an unseen sample. Each half is
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
from oversight.identity.names import normal_form, parse_name
from oversight.identity.similarity import likeness, rules
from tests.benchmarks.confusables import confusables

_PAIRS = "ofsted/ownership/ofsted_owner_to_company_number.csv"
_NUMBER = re.compile(r"[A-Z]{2}(?:\d{6}|\d{5}R)|\d{8}|R0\d{6}")
_SEED = 20250331
_PLAINLY_RIGHT = frozenset({"right, automatic", "no company, none linked"})


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


@dataclass(frozen=True, slots=True)
class Measured:
    """One half of the pairs: results with each owner's company in the universe, and with it taken out."""

    label: str
    results: list[Result]
    without: list[Result]

    @property
    def precision(self) -> float:
        """Share of automatic links that are right."""
        return self._right() / sum(each.linked for each in self.results)

    @property
    def recall(self) -> float:
        """Share of owners that have a company and are linked to it automatically."""
        return self._right() / sum(each.pair.number is not None for each in self.results)

    @property
    def recall_of_three(self) -> float:
        """Share of owners that have a company and find it among the best three candidates."""
        having = [each for each in self.results if each.pair.number is not None]
        return sum(each.in_top_three for each in having) / len(having)

    @property
    def linked_to_another(self) -> float:
        """Share of owners linked to a company although their own is not there."""
        return sum(each.linked for each in self.without) / len(self.without)

    def _right(self) -> int:
        return sum(each.linked and each.right for each in self.results)


def main(path: Path) -> None:
    """Measure and print."""
    started = time.perf_counter()
    for half in measure(path):
        report(half)
    print(f"{time.perf_counter() - started:.1f} s in all")


def measure(path: Path) -> list[Measured]:
    """The odd and the even rows of the list, measured against the whole universe."""
    folder = path if path.is_dir() else path.parents[2]
    pairs = list(read_pairs(path / _PAIRS if path.is_dir() else path))
    index = NameIndex(universe_of(folder, pairs))
    halves = {"odd rows (tuned on)": 1, "even rows (held out)": 0}
    return [
        Measured(
            f"{label}, universe of {len(index)} companies",
            [judge(pair, index) for pair in pairs if pair.row % 2 == half],
            [judge(pair, index, without=pair.number) for pair in pairs if pair.row % 2 == half and pair.number],
        )
        for label, half in halves.items()
    ]


def universe_of(folder: Path, pairs: list[Pair]) -> pl.DataFrame:
    """Companies of the list, other companies of the folder, and invented near-namesakes of the former.

    No company is invented under the very name an owner has: it would make the list's answer wrong.
    """
    known = {pair.number: pair.company for pair in pairs if pair.number}
    owners = {normal_form(pair.owner) for pair in pairs}
    others = other_companies(folder, set(known), {normal_form(pair.company) for pair in pairs})
    invented = confusables(known.values(), each=12, seed=_SEED)
    numbered = {f"99{at:06d}": name for at, name in enumerate(invented) if normal_form(name) not in owners}
    everything = {**known, **others, **numbered}
    return pl.DataFrame({"company_number": list(everything), "company_name": list(everything.values())})


def read_pairs(path: Path) -> Iterator[Pair]:
    """The pairs; a number that is not one of Companies House (a charity's, say) counts as none."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row, values in enumerate(csv.reader(file)):
            if row and any(value.strip() for value in values):
                owner, company, number = values[:3]
                yield Pair(row, owner, company, number if _NUMBER.fullmatch(number) else None)


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


def report(half: Measured) -> None:
    """Print the figures, the outcomes by kind, and every outcome that is not plainly right."""
    print(f"{half.label}: {len(half.results)} owners")
    print(f"  precision {half.precision:.4f}, recall {half.recall:.4f}, in the top three {half.recall_of_three:.4f}")
    print(f"  own company taken out: {half.linked_to_another:.4f} linked to another")
    for name, count in sorted(Counter(map(error_kind, half.results)).items()):
        print(f"  {name}: {count}")
    print("  what stands between the name and the company of the list, where it is not linked or linked wrongly:")
    wrong = [each for each in half.results if error_kind(each) not in _PLAINLY_RIGHT]
    for name, count in sorted(Counter(map(cause, wrong)).items(), key=lambda pair: (-pair[1], pair[0])):
        print(f"    {count}: {name}")
    for each in half.results:
        if error_kind(each) not in _PLAINLY_RIGHT:
            print(
                "    "
                + " | ".join([error_kind(each), cause(each), each.pair.owner, each.pair.company, *_decided(each)])
            )
    for each in half.without:
        if each.linked:
            print("    " + " | ".join(["own company taken out", each.pair.owner, *_decided(each)]))


def _decided(result: Result) -> list[str]:
    decision = result.decision
    names = "; ".join(match.candidate.name for match in decision.alternatives)
    return [f"{decision.decision} {decision.score}", "; ".join(decision.reasons), names]


def error_kind(result: Result) -> str:
    """The kind of outcome, in words."""
    same = normal_form(result.pair.owner) == normal_form(result.pair.company)
    if result.pair.number is None:
        return "no company, linked to one" if result.linked else "no company, none linked"
    if result.linked:
        return "right, automatic" if result.right else "wrong, automatic"
    outcome = "best candidate right" if result.right else "in the top three" if result.in_top_three else "not found"
    return f"to review, {outcome}, {'same name' if same else 'another name'}"


def cause(result: Result) -> str:
    """What stands between an owner's name and the company that the list gives for it, in words."""
    if result.pair.number is None:
        return "the list has no company for it"
    owner, company = parse_name(result.pair.owner), parse_name(result.pair.company)
    alike = likeness(owner, company)
    different = set(owner.core.split()) ^ set(company.core.split())
    other_form = bool(owner.suffix and company.suffix) and owner.suffix != company.suffix
    causes = (
        (alike.whole and other_form, "the same name with another legal form (Ltd and LLP are two companies)"),
        (alike.whole, "the same name: without its legal form, too short, or not to be told from a namesake"),
        (not alike.common_ground, "no telling word in common: renamed since, or a label of another company"),
        (different <= rules().distinguishing, "differs by words that tell sister companies apart (X and X UK)"),
        (bool(owner.trading_as), "a trading name is given with it"),
        (any(reason.startswith("spelt otherwise") for reason in alike.reasons), "misspelt"),
        (True, "part of the name differs: shortened, extended or renamed"),
    )
    return next(text for holds, text in causes if holds)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
