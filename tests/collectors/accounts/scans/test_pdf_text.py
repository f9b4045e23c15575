"""PDFs with a text layer, PDFs that cannot be trusted, and the bounds of reading."""

from collections.abc import Iterator
from itertools import count

import pytest

from collectors.accounts.catalogue import catalogue
from collectors.accounts.reader import read
from collectors.accounts.scans import engines, reading
from collectors.accounts.scans.crops import crop
from collectors.accounts.scans.places import find_place
from collectors.reading import Origin, Rows
from oversight.errors import InputError
from tests.collectors.accounts.documents import issues
from tests.collectors.accounts.scans import papers

ORIGIN = Origin("d" * 64, "companies_house.accounts", "", "test")


@pytest.fixture
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        pytest.fail("a text layer needs no engine")

    for name in ("read_quickly", "read_carefully", "read_part_quickly", "read_part_carefully"):
        monkeypatch.setattr(engines, name, refuse)


def figures(rows: Rows) -> dict[tuple[str, bool], float]:
    return {(str(each["line"]), bool(each["comparative"])): each["value"] for each in rows.tables["line"]}  # type: ignore[misc]


@pytest.mark.usefixtures("no_engine")
def test_a_text_layer_is_read_as_print() -> None:
    rows = read(papers.with_text(papers.sheet()), ORIGIN)
    read_figures = figures(rows)
    assert {key: read_figures.get(key) for key in papers.PRINTED} == papers.PRINTED
    direct = [each for each in rows.tables["line"] if each["method"] == "printed"]
    assert len(direct) >= len(papers.PRINTED)
    assert {each["company_number"] for each in rows.tables["line"]} == {"01234567"}
    assert {str(each["period_end"]) for each in direct} == {"2024-03-31", "2023-03-31"}
    assert all(each["confidence"] == 0.95 for each in direct if each["line"] == "net_assets")
    place = find_place(str(next(each["locator"] for each in direct if each["line"] == "net_assets")))
    assert place is not None
    assert place.page == 1
    assert place.box.right == pytest.approx(440, abs=2)
    assert place.box.top < 90 + 20 * 15 < place.box.bottom + 3


@pytest.mark.usefixtures("no_engine")
def test_a_statement_goes_on_over_pages_and_each_figure_says_its_page() -> None:
    first, second = papers.BALANCE_SHEET[:11], papers.BALANCE_SHEET[11:]
    rows = read(papers.with_text(papers.sheet(), papers.sheet(first), papers.sheet(second)), ORIGIN)
    assert {place.page for each in rows.tables["line"] if (place := find_place(str(each["locator"]))) is not None} >= {
        1
    }


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.4", "accounts_unreadable"),
        (papers.with_text(papers.sheet())[:700], "accounts_unreadable"),
        (papers.locked(), "accounts_unreadable"),
    ],
    ids=["no pages", "cut short", "locked"],
)
def test_a_pdf_that_cannot_be_opened_is_one_error_issue(content: bytes, kind: str) -> None:
    rows = read(content, ORIGIN)
    assert issues(rows) == [kind]
    assert rows.tables["issue"][0]["severity"] == "error"
    assert rows.count() == 0


@pytest.mark.parametrize("content", [papers.enormous_page(), papers.enormous_picture()], ids=["page", "picture"])
def test_pixels_beyond_measure_are_refused_page_by_page(content: bytes) -> None:
    rows = read(content, ORIGIN)
    assert "page_unreadable" in issues(rows)
    assert "image_only_accounts" in issues(rows)
    assert not rows.tables.get("line")


def test_a_pdf_larger_than_any_accounts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collectors.accounts.scans.paper.MOST_BYTES", 1000)
    assert issues(read(papers.with_text(papers.sheet()), ORIGIN)) == ["hostile_input"]


@pytest.mark.usefixtures("no_engine")
def test_pages_beyond_the_bound_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_PAGES", 2)
    rows = read(papers.with_text(*[papers.sheet()] * 5), ORIGIN)
    (unread,) = [each for each in rows.tables["issue"] if each["kind"] == "pages_not_read"]
    assert unread["value"] == "3"
    assert "3, 4, 5" in str(unread["message"])
    assert rows.tables["line"]


@pytest.mark.usefixtures("no_engine")
def test_reading_stops_when_its_time_is_up() -> None:
    clock: Iterator[int] = count(0, 400)
    content = papers.with_text(*[papers.sheet()] * 5)
    found = reading.read_pdf(content, ORIGIN, catalogue(), now=lambda: float(next(clock)))
    assert [each.value for each in found.problems if each.kind == "pages_not_read"] == ["3"]
    assert found.choices


def test_the_crop_of_a_figure_shows_it_framed() -> None:
    content = papers.with_text(papers.sheet())
    rows = read(content, ORIGIN)
    locator = str(next(each["locator"] for each in rows.tables["line"] if each["line"] == "debtors"))
    narrow, wide = crop(content, locator), crop(content, locator, whole_row=True)
    assert narrow.startswith(b"\x89PNG")
    assert int.from_bytes(wide[16:20]) > int.from_bytes(narrow[16:20]) > 50
    assert crop(content, locator) == narrow


@pytest.mark.parametrize("locator", ["balance sheet", "page 9 box 1,2,3,4", "page 1 box 900,900,950,950"])
def test_a_place_that_is_not_there_cannot_be_cropped(locator: str) -> None:
    with pytest.raises(InputError) as error:
        crop(papers.with_text(papers.sheet()), locator)
    assert error.value.next_step
