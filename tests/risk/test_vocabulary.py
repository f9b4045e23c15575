"""One vocabulary: what the readers emit and what the parameters grade are the classes declared, and no others."""

import ast
import inspect

import pytest

from collectors.accounts import words
from oversight.example.market import generate
from oversight.model import vocabulary
from oversight.model.tables import decided, read, read_ofsted
from risk.indicators.statements import levels
from risk.parameters import load
from tests.risk.build import ON

VALUES = load().at(ON)


def emitted(kind: str) -> set[str]:
    """Classes of a kind that stand in the reader's source: given to `Saying`, or named in its table of opinions."""
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(words))) if isinstance(node, ast.Call)]
    found = set()
    for call in calls:
        named = isinstance(call.func, ast.Name) and call.func.id == "Saying"
        given = [arg.value for arg in call.args[:2] if isinstance(arg, ast.Constant)]
        if named and given[:1] == [kind] and len(given) == 2:
            found.add(str(given[1]))
    return found | ({name for name, _ in words._OPINIONS} if kind == "audit_opinion" else set())


@pytest.mark.parametrize("kind", vocabulary.STATEMENTS)
def test_the_reader_of_accounts_emits_the_classes_declared_and_no_others(kind: str) -> None:
    assert emitted(kind) == vocabulary.STATEMENTS[kind]


@pytest.mark.parametrize("kind", vocabulary.STATEMENTS)
def test_every_class_has_a_level_and_nothing_else_has(kind: str) -> None:
    graded = levels(kind, VALUES)
    assert set(graded) == vocabulary.STATEMENTS[kind]
    assert min(graded.values()) == 0


@pytest.mark.parametrize("kind", vocabulary.STATEMENTS)
def test_every_level_has_its_words_and_its_points(kind: str) -> None:
    rule = VALUES.get(f"scorecard.likelihood.{kind}")
    used = {int(level) for level in levels(kind, VALUES).values()}
    assert set(rule["words"]) == used
    assert {0} | {int(step["from"]) for step in rule["steps"][1:]} == used


def test_the_example_market_warns_in_a_declared_class() -> None:
    told = {filed.going_concern for company in generate(until=ON).companies for filed in company.accounts}
    warnings = told - {"clean", "none"}
    assert warnings
    assert warnings <= vocabulary.GOING_CONCERN


def test_the_tables_describe_the_same_words() -> None:
    link, ownership, movement = decided.Link.decision, read.Ownership.owner_kind, read_ofsted.Movement.kind
    for column, classes in (
        (decided.OwnershipDecision.decision, vocabulary.OWNERSHIP_DECISION),
        (link, vocabulary.LINK_DECISION),
        (ownership, vocabulary.OWNERSHIP_KIND),
        (movement, vocabulary.MOVEMENT),
    ):
        said = str(column.description).replace(" or ", ", ").replace(" ", "").split(",")
        assert set(said) == classes
    assert vocabulary.LINKED <= vocabulary.LINK_DECISION
