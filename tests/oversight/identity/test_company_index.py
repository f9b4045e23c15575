"""Candidates out of long lists, and whole lists linked at once."""

import time

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.errors import InputError
from oversight.identity.index import NameIndex
from oversight.identity.table import COLUMNS, link_table

COMPANIES = pl.DataFrame(
    {
        "company_number": ["00000001", "00000002", "00000003", "00000004", "00000005", "00000006", "00000007"],
        "company_name": [
            "SUNNY EXAMPLE CARE LIMITED",
            "SUNNY EXAMPLE CARE UK LIMITED",
            "TREEHOUSE SAMPLE LTD",
            "NEWNAME GROUP LIMITED",
            "THE CARE GROUP LTD",
            "! LTD",
            "CAFÉ D'EXAMPLE C.I.C.",
        ],
        "previous_names": [None, None, "", "OLDNAME SAMPLE LIMITED | OLDERNAME LTD", None, None, None],
        "status": ["active"] * 7,
    }
)


def numbers(owner: str, limit: int = 20) -> list[str]:
    return [candidate.company_number for candidate in NameIndex(COMPANIES).candidates(owner, limit)]


@pytest.mark.parametrize(
    ("owner", "best"),
    [
        ("Sunny Example Care Ltd", "00000001"),
        ("Sunny Example Care (UK) Ltd", "00000002"),
        ("Tree House Sample Limited", "00000003"),
        ("Oldname Sample Ltd", "00000004"),
        ("Oldername", "00000004"),
        ("Care Group Limited", "00000005"),
        ("Cafe d\u2019Example Community Interest Company", "00000007"),
        ("Treehuose Sampel Ltd", "00000003"),
        ("Nothing Alike Ltd 00000005", "00000005"),
        ("Unknown Partnership t/a Sunny Example Care UK", "00000002"),
    ],
)
def test_the_likeliest_company_comes_first(owner: str, best: str) -> None:
    assert numbers(owner)[0] == best


def test_no_more_candidates_than_asked_for_and_none_for_nothing() -> None:
    assert len(numbers("Sunny Example Care Ltd", limit=1)) == 1
    assert numbers("") == numbers("Zzyzx") == []
    assert NameIndex(COMPANIES.clear()).candidates("Sunny Example Care Ltd") == []


def test_a_candidate_carries_what_the_list_says() -> None:
    found = NameIndex(COMPANIES).candidates("Oldname Sample Ltd")[0]
    assert (found.name, found.status) == ("NEWNAME GROUP LIMITED", "active")
    assert found.previous_names == ("OLDNAME SAMPLE LIMITED", "OLDERNAME LTD")


def test_a_list_without_the_columns_is_refused() -> None:
    with pytest.raises(InputError, match="no column company_name"):
        NameIndex(pl.DataFrame({"company_number": ["1"], "name": ["A"]}))


def test_a_list_is_linked_row_by_row_in_its_order() -> None:
    owners = ["Sunny Example Care Ltd", "Exampleshire County Council", "Sunny Example Care Ltd", "Oldname Sample Ltd"]
    table = link_table(owners, COMPANIES)
    assert table.schema == COLUMNS
    assert table["owner"].to_list() == owners
    assert table["decision"].to_list() == ["automatic", "none", "automatic", "automatic"]
    assert table["kind"].to_list() == ["company", "council", "company", "company"]
    assert table["company_name"].to_list() == [
        "SUNNY EXAMPLE CARE LIMITED", None, "SUNNY EXAMPLE CARE LIMITED", "NEWNAME GROUP LIMITED"
    ]  # fmt: skip
    assert table["second_number"][0] == "00000002"
    with pytest.raises(ValueError, match="shorter"):
        link_table(owners, COMPANIES, sectors=["Private"])


@given(st.text(max_size=60))
def test_any_name_in_the_list_finds_itself(name: str) -> None:
    companies = pl.DataFrame({"company_number": ["00000001"], "company_name": [f"Sample {name} Limited"]})
    assert [each.company_number for each in NameIndex(companies).candidates(f"Sample {name} Limited")] == ["00000001"]


def test_a_hundred_thousand_names_take_seconds() -> None:
    words = ["SUNNY", "EXAMPLE", "CARE", "HOMES", "NORTH", "TRADING", "GROUP", "OAK", "RIVER", "STONE"]
    count = 100_000
    names = [
        f"{words[at % 10]} {words[at // 10 % 10]} {at % 9973} {words[at // 100 % 10]} LIMITED" for at in range(count)
    ]
    companies = pl.DataFrame({"company_number": [f"{at:08d}" for at in range(count)], "company_name": names})
    started = time.process_time()
    table = link_table(names[::2000], companies)
    assert time.process_time() - started < 20
    assert table["company_number"].to_list() == companies["company_number"].to_list()[::2000]
