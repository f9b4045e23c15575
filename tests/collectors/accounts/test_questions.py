"""The measure of a question-and-answer set measures: a right answer counts, a wrong one and a missing one do not."""

from pathlib import Path

import pytest

from tests.benchmarks.accounts_questions import answer_set, asked_here, questions
from tests.benchmarks.read_by_eye import Truth

EXTRACT = (
    "Below is an extract.\n\nEXAMPLE HOMES LIMITED - accounts for the period ending 2025-03-31 (figures in GBP)\n"
    "  Current assets: £1,200\n  Creditors: amounts falling due within one year: £900\n  Net current assets: £300\n"
    "  Net assets: (£450)\n  Average number of employees: 14\n\nQuestion: what?"
)


def ask(kind: str, answer: object, text: str = EXTRACT, **meta: str) -> dict[str, object]:
    return {"category": kind, "question": text, "answer": answer, "meta": meta, "abs_tol": 1.0, "rel_tol": 0.005}


@pytest.mark.parametrize(
    ("question", "right"),
    [
        (ask("extraction", 1200, field="current_assets"), True),
        (ask("extraction", 900, field="f_within_creditors_total"), True),
        (ask("extraction", -450, field="net_assets"), True),
        (ask("extraction", 450, field="net_assets"), False),
        (ask("extraction", 14, field="employees"), True),
        (ask("extraction", 70, field="cash"), False),
        (ask("not_disclosed", "NOT_DISCLOSED"), True),
        (ask("boolean", True, "EXAMPLE LTD reported net assets of (£21) at its period end."), True),
        (ask("boolean", False, "EXAMPLE LTD reported net assets of (£21) at its period end."), False),
        (ask("ratio", 2.0, "It had total liabilities of £42 and net assets (equity) of £21."), True),
        (ask("comparison", "B LTD", "Two:\n  - A LTD: net assets (£9)\n  - B LTD: net assets £1\n"), True),
    ],
)
def test_an_answer_is_right_or_not(question: dict[str, object], *, right: bool) -> None:
    score, _ = answer_set([question])
    assert score.asked.total() == 1
    assert score.right.total() == int(right)
    assert score.missed.total() == int(not right)


def test_an_extract_is_held_against_its_own_arithmetic() -> None:
    wrong = EXTRACT.replace("£300", "£500")
    _, sums = answer_set([ask("extraction", 1200, field="current_assets"), ask("extraction", 1, wrong, field="cash")])
    assert sorted(sums.values()) == [1, 1]


def test_the_same_questions_are_asked_of_what_was_read_by_eye() -> None:
    def truths(line: str, value: float) -> Truth:
        return Truth("a.html", "FRS-102", "2025-03-31", False, line, value)

    seen = [truths("current_assets", 100.0), truths("fixed_assets", 50.0), truths("net_assets", -30.0)]
    key = ("a.html", "2025-03-31")
    read = {key: {"current_assets": 100.0, "fixed_assets": 50.0, "net_assets": -30.0}}
    score = asked_here(seen, read)
    assert score.right == score.asked
    assert score.asked == {"extraction": 2, "not_disclosed": 1, "boolean": 1, "ratio": 1, "comparison": 1}
    wrong = asked_here(seen, {key: {"current_assets": 100.0, "net_assets": 30.0, "turnover": 5.0}})
    assert wrong.right == {"extraction": 1, "comparison": 1}


@pytest.mark.shared
def test_the_set_is_answered_from_its_extracts(shared_data: Path) -> None:
    asked = questions(shared_data / "accounts" / "benchmark" / "uk_accounts_qa_benchmark.jsonl.gz")[::4]
    score, _ = answer_set(asked)
    assert score.right == score.asked, score.missed
