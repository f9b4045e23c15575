"""Parents that accounts state: companies by their sentences and tags, never a person."""

import gzip
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from collectors.accounts.parents import stated_parents
from collectors.accounts.reader import read
from collectors.accounts.tags import Tagged
from collectors.accounts.texts import Page
from collectors.reading import Origin
from tests.collectors.accounts.documents import NOW, YEAR, figure, rows_of, said

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[2] / "cases" / "stated_parents.yaml").read_text(encoding="utf-8")
)["cases"]
EQUITY = figure("Equity", NOW, "5")
KINDS = {"immediate_parent", "ultimate_parent", "controlling_party"}
WORDS = [
    "The",
    "ultimate",
    "parent",
    "company",
    "controlling party",
    "is",
    "was",
    "a",
    "subsidiary of",
    "Sample",
    "LLP",
]
MORE_WORDS = [
    "Limited",
    ",",
    ":",
    ".",
    "(",
    "S.à r.l.",
    "owned by",
    "Mr",
    "and",
    "considered to be",
    "'",
    "the company",
]


def parents(*paragraphs: str) -> dict[str, dict[str, Any]]:
    rows = rows_of(EQUITY, *(f"<p>{paragraph}</p>" for paragraph in paragraphs))
    return {str(each["kind"]): dict(each) for each in rows.tables["statement"] if each["kind"] in KINDS}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["sentence"])
def test_a_parent_is_read_from_its_sentence(case: dict[str, Any]) -> None:
    found = parents(case["sentence"])
    assert {kind: each["value"] for kind, each in found.items()} == case["parents"]
    for each in found.values():
        assert each["value"] in str(each["quote"])
        assert str(each["locator"]).startswith("text line ")


def test_people_named_beside_a_parent_are_left_out_of_the_quote() -> None:
    found = parents("The ultimate parent is Sample Topco Limited, which is owned by Mr A Person.")
    assert found["ultimate_parent"]["quote"] == "The ultimate parent is Sample Topco Limited …"
    mixed = parents("The controlling party is Mr A Person and the ultimate parent company is Sample Topco Limited.")
    assert {kind: each["value"] for kind, each in mixed.items()} == {"ultimate_parent": "Sample Topco Limited"}
    assert "Person" not in mixed["ultimate_parent"]["quote"]


def test_a_tag_counts_before_the_words() -> None:
    tag = said("NameUltimateParentEntity", YEAR, "Tagged Top Limited")
    rows = rows_of(EQUITY, tag, "<p>The ultimate parent is Printed Top Limited.</p>")
    found = [each for each in rows.tables["statement"] if each["kind"] == "ultimate_parent"]
    assert [(each["value"], each["confidence"]) for each in found] == [("Tagged Top Limited", 0.98)]


@given(st.lists(st.sampled_from(WORDS + MORE_WORDS), max_size=60))
def test_no_text_is_too_much_and_every_name_is_in_its_quote(words: list[str]) -> None:
    for saying in stated_parents(Tagged(inline=True), lambda: Page(" ".join(words))):
        assert saying.quote is not None
        assert saying.value in saying.quote


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "ixbrl_full/Prod223_2911_08119445_20201231",
            {
                "immediate_parent": "Ambio Capital Limited",
                "ultimate_parent": "Ambio Capital Limited",
                "controlling_party": "Vespa Capital II LLP",
            },
        ),
        ("ixbrl_full/Prod223_2911_00541560_20201130", {"ultimate_parent": "Nudation Limited"}),
        ("ixbrl_small/Prod223_3517_00136173_20230331", {"immediate_parent": "Brightholme Property Holdings Limited"}),
        ("ixbrl_full/Prod223_2911_11010959_20200630", {}),
    ],
)
def test_parents_stated_in_real_accounts(shared_data: Path, name: str, expected: dict[str, str]) -> None:
    content = gzip.decompress((shared_data / "accounts" / f"{name}.html.gz").read_bytes())
    rows = read(content, Origin(document_id="0" * 64, source="companies_house.accounts", subject="", url=""))
    found = {str(each["kind"]): each["value"] for each in rows.tables["statement"] if each["kind"] in KINDS}
    assert found == expected
