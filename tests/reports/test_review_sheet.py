"""The page of figures that wait: marked, escaped, with the picture and the commands that settle each."""

from datetime import date
from html.parser import HTMLParser

import pytest

from oversight.errors import SettingsError
from reports.review_sheet import Picture, review_page

ROW = {
    "figure": "1a2b3c4d5e6f7a8b", "company_number": "99000001", "company": "EXAMPLE <script>alert(1)</script> LIMITED",
    "period_end": date(2024, 12, 31), "whose": "group", "year": "current", "line": "turnover", "read_as": 1_000.0,
    "candidates": "1000 | 7000", "why": "two engines differ", "locator": "page 9 box 1.0,2.0,3.0,4.0",
    "document_id": "d" * 64,
}  # fmt: skip


class Tags(HTMLParser):
    """Counts tags and keeps the addresses of images."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.images: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag == "img":
            self.images.append(dict(attrs)["src"] or "")
            assert dict(attrs)["alt"]


def test_a_figure_stands_beside_its_picture_and_the_commands() -> None:
    page = review_page([Picture(ROW, b"\x89PNG")], marking="official-sensitive", label="")
    tags = Tags(page)
    assert tags.images == ["data:image/png;base64,iVBORw=="]
    assert "script" not in tags.seen
    assert "Turnover, group, current year, 31 December 2024" in page
    assert page.count("oversight review --figure 1a2b3c4d5e6f7a8b") == 3
    assert page.count("OFFICIAL-SENSITIVE") == 2


def test_a_document_without_pages_says_so_and_an_empty_queue_too() -> None:
    assert "no page to cut a picture from" in review_page([Picture(ROW, None)], marking="OFFICIAL", label="")
    assert "No figure waits" in review_page([], marking="OFFICIAL", label="")


def test_an_unmarked_page_is_not_made() -> None:
    with pytest.raises(SettingsError):
        review_page([], marking="", label="")


@pytest.mark.parametrize(
    ("candidates", "shown"), [("1000 | 7000", "7,000"), ("1000", "none"), (None, "none"), ("7O00 | 1000.0", "7O00")]
)
def test_other_readings_leave_out_the_one_it_was_read_as(candidates: str | None, shown: str) -> None:
    page = review_page([Picture(ROW | {"candidates": candidates}, None)], marking="OFFICIAL", label="")
    assert f"<dt><b>Other readings</b></dt><dd>{shown}</dd>" in page
