import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.gazette.feed import number_in, read
from collectors.reading import Origin, Row
from oversight.errors import HostileInputError, InputError

ORIGIN = Origin("0" * 64, "gazette.notices", "2026-11-20", "https://www.thegazette.co.uk/insolvency/notice/data.json")


def entry(**changed: object) -> dict[str, object]:
    return {
        "id": "https://www.thegazette.co.uk/id/notice/1234567",
        "f:notice-code": "2450",
        "title": "EXAMPLE  CARE LIMITED",
        "published": "2026-11-20T07:43:53",
        "category": {"@term": "Petitions to Wind Up (Companies)"},
        "content": "<div><p>In the matter of EXAMPLE CARE LIMITED (Company Number 99000001)</p></div>",
    } | changed


def rows(*entries: object) -> list[Row]:
    return read(json.dumps({"f:total": "1", "entry": list(entries)}).encode(), ORIGIN).tables.get("notice", [])


def test_a_notice() -> None:
    (row,) = rows(entry())
    assert (row["notice_id"], row["notice_code"], row["company_number"]) == ("1234567", "2450", "99000001")
    assert (row["company_name"], row["kind"]) == ("EXAMPLE CARE LIMITED", "Petitions to Wind Up (Companies)")
    assert str(row["published_on"]) == "2026-11-20"
    assert row["url"] == "https://www.thegazette.co.uk/notice/1234567"
    assert row["locator"] == "/entry/0"


def test_a_single_entry_and_several_categories() -> None:
    one = entry(category=[{"@term": "Winding-Up Orders"}, {"@term": "x"}])
    (row,) = read(json.dumps({"f:total": "1", "entry": one}).encode(), ORIGIN).tables["notice"]
    assert row["kind"] == "Winding-Up Orders"


def test_other_categories_are_passed_over() -> None:
    assert rows(entry(**{"f:notice-code": "1119"})) == []


@pytest.mark.parametrize("changed", [{"title": " "}, {"published": "soon"}, {"id": None}, {"f:notice-code": None}])
def test_what_lacks_something_is_reported(changed: dict[str, object]) -> None:
    read_rows = read(json.dumps({"entry": [entry(**changed)]}).encode(), ORIGIN)
    assert "notice" not in read_rows.tables
    assert read_rows.tables["issue"][0]["kind"] == "incomplete_notice"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("(Company Number 01234567)", "01234567"),
        ("Company No. 1234567", "01234567"),
        ("Registered number: SC123456", "SC123456"),
        ("company registration number 01234567", "01234567"),
        ("Company Number 01234567 and Company Number 07654321", None),
        ("Case Number 01234567 of 2026", None),
        ("telephone 02079460000", None),
    ],
)
def test_numbers_in_words(text: str, number: str | None) -> None:
    assert number_in(text) == number


@pytest.mark.shared
def test_the_gazettes_own_samples(shared_data: Path) -> None:
    for name in ("notice_feed_sample.json", "notice_feed_sample.atom.xml"):
        content = (shared_data / "gazette" / name).read_bytes()
        read_rows = read(content, ORIGIN)
        assert read_rows.tables == {}  # a royal warrant is no insolvency
        (row,) = read(content.replace(b"1119", b"2410"), ORIGIN).tables["notice"]
        assert row["notice_id"] == "L-60768-1986497"
        assert row["kind"] == "Warrants Under the Royal Sign Manual"
        assert str(row["published_on"]) == "2014-01-30"


def test_hostile_feeds() -> None:
    bomb = b'<!DOCTYPE feed [<!ENTITY a "aaaa">]><feed xmlns="http://www.w3.org/2005/Atom"><entry>&a;</entry></feed>'
    with pytest.raises(HostileInputError):
        read(bomb, ORIGIN)
    for content in (b"<feed", b"{", b"[" * 100_000):
        with pytest.raises(InputError):
            read(content, ORIGIN)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["entry", "id", "f:notice-code", "title", "published", "category", "content", "@term"]),
                inner,
                max_size=6,
            )
        ),
        max_leaves=20,
    )
)
def test_any_json_is_read_or_refused(value: object) -> None:
    read(json.dumps(value).encode(), ORIGIN)
