import json
from datetime import date
from typing import Any

import pytest

from collectors.govuk import (
    as_at_date,
    attachments,
    attachments_in_page,
    choose,
    collect_publications,
    publication_paths,
)
from collectors.recorder import Recorder
from collectors.source import GovUk, Source
from oversight.errors import RefusedError
from oversight.store.ledger import Ledger
from tests.collectors.web import FakeTime, Web, reply

BASE = "https://www.gov.example"
COLLECTION = "/government/collections/ofsted-statistics"
PATHS = [f"/government/statistics/childrens-social-care-{year}" for year in (2024, 2025)]
SOURCE = Source(
    name="example.provider_level",
    title="t",
    publisher="p",
    licence="l",
    url="u",
    cadence_days=7,
    kind="publication",
    govuk=GovUk(collection_paths=[COLLECTION], attachment_patterns=[r"provider[ -_]level.*\.csv", "provider level"]),
)


def attachment(title: str, filename: str, kind: str = "text/csv") -> dict[str, Any]:
    return {
        "attachment_type": "file",
        "title": title,
        "url": f"https://assets.example/media/{filename}",
        "content_type": kind,
        "filename": filename,
        "file_size": 10,
    }


def publication(year: int, files: list[dict[str, Any]], updated: str, first: str = "") -> dict[str, Any]:
    return {
        "base_path": f"/government/statistics/childrens-social-care-{year}",
        "title": f"Children's social care in England {year}",
        "description": "Inspections and outcomes.",
        "document_type": "official_statistics",
        "first_published_at": first or updated,
        "public_updated_at": updated,
        "details": {"body": "<p>x</p>", "attachments": files},
        "links": {},
    }


def api(path: str) -> str:
    return f"{BASE}/api/content{path}"


def serve(web: Web, path: str, page: dict[str, Any]) -> None:
    web.serve(api(path), json.dumps(page).encode())


@pytest.fixture
def site(web: Web) -> Web:
    documents = [{"base_path": path, "title": "x", "withdrawn": False} for path in PATHS]
    withdrawn = {"base_path": "/government/statistics/withdrawn", "title": "x", "withdrawn": True}
    collection = {"base_path": COLLECTION, "title": "c", "details": {}, "links": {"documents": [*documents, withdrawn]}}
    serve(web, COLLECTION, collection)
    for year in (2024, 2025):
        files = [
            attachment(f"Provider level data as at 31 March {year}", f"provider_level_{year}.csv"),
            attachment(f"Provider level data as at 31 March {year}", f"provider_level_{year}.ods", "application/ods"),
            attachment("Main findings", "findings.pdf", "application/pdf"),
        ]
        serve(web, PATHS[year - 2024], publication(year, files, f"{year}-07-10T09:30:00.000+01:00"))
        web.serve(f"https://assets.example/media/provider_level_{year}.csv", f"urn\n{year}\n".encode())
    return web


def test_the_newest_attachment_of_every_publication(recorder: Recorder, site: Web, ledger: Ledger) -> None:
    held = collect_publications(recorder, [SOURCE], BASE)
    assert [(item.subject, item.published_on, item.new) for item in held] == [
        ("2024-03-31", date(2024, 7, 10), True),
        ("2025-03-31", date(2025, 7, 10), True),
    ]
    assert recorder.content(held[1]) == b"urn\n2025\n"
    assert not site.asked("withdrawn")
    assert not site.asked(".ods")
    pages = ledger.frame("fetch").filter(source="govuk.content")["subject"].to_list()
    assert sorted(pages) == sorted([COLLECTION, *PATHS])


def test_collecting_twice_adds_nothing(recorder: Recorder, site: Web, ledger: Ledger, fake_time: FakeTime) -> None:
    collect_publications(recorder, [SOURCE], BASE)
    before, asked = ledger.frame("fetch"), len(site.requests)
    fake_time.later(hours=2)
    assert not any(item.new for item in collect_publications(recorder, [SOURCE], BASE))
    assert len(site.requests) == asked
    assert before.equals(ledger.frame("fetch"))


def test_a_file_already_held_is_not_downloaded_again_next_week(
    recorder: Recorder, site: Web, fake_time: FakeTime
) -> None:
    collect_publications(recorder, [SOURCE], BASE)
    asked = len(site.asked("provider_level_2025.csv"))
    fake_time.later(days=8)
    collect_publications(recorder, [SOURCE], BASE)
    assert len(site.asked("provider_level_2025.csv")) == asked > 0


@pytest.mark.parametrize("same_address", [True, False])
def test_a_corrected_issue_is_a_new_document_of_the_same_subject(
    recorder: Recorder, site: Web, ledger: Ledger, fake_time: FakeTime, *, same_address: bool
) -> None:
    collect_publications(recorder, [SOURCE], BASE)
    fake_time.later(days=30)
    name = "provider_level_2025.csv" if same_address else "provider_level_2025_revised.csv"
    files = [attachment("Provider level data as at 31 March 2025", name)]
    page = publication(2025, files, "2025-09-01T09:30:00Z", first="2025-07-10T09:30:00Z")
    serve(site, PATHS[1], page)
    site.serve(f"https://assets.example/media/{name}", b"urn\ncorrected\n")
    corrected = collect_publications(recorder, [SOURCE], BASE)[1]
    assert (corrected.subject, corrected.published_on) == ("2025-03-31", date(2025, 9, 1))
    rows = ledger.frame("fetch").filter(source=SOURCE.name, subject="2025-03-31").sort("published_on")
    assert rows["published_on"].to_list() == [date(2025, 7, 10), date(2025, 9, 1)]
    assert rows["document_id"].n_unique() == 2


def test_attachments_from_the_fragments_of_an_older_page() -> None:
    page = publication(2015, [], "2015-08-01T00:00:00Z")
    page["details"] = {
        "documents": [
            (
                '<section class="attachment"><a class="thumbnail" href="/uploads/9/Provider.csv"><img alt=""></a>'
                '<h2><a href="/uploads/9/Provider.csv">Provider  level data</a></h2>'
                '<a href="mailto:x@example.org">Ask</a><a href="/help">Help</a></section>'
            )
        ]
    }
    (found,) = attachments(page, BASE)
    assert (found.title, found.url, found.filename) == (
        "Provider level data",
        f"{BASE}/uploads/9/Provider.csv",
        "Provider.csv",
    )
    assert (found.as_at, found.subject) == (None, "2015-08-01")


def test_attachments_from_the_web_page_where_the_api_has_none(recorder: Recorder, site: Web) -> None:
    serve(
        site, COLLECTION, {"base_path": COLLECTION, "title": "Provider level data as at 31 March 2023", "details": {}}
    )
    html = b'<main><a href="https://assets.example/media/p.csv">Provider level data</a></main>'
    site.serve(f"{BASE}{COLLECTION}", html)
    site.serve("https://assets.example/media/p.csv", b"urn\n1\n")
    (held,) = collect_publications(recorder, [SOURCE], BASE)
    assert (held.subject, recorder.content(held)) == ("2023-03-31", b"urn\n1\n")


def test_a_web_page_in_place_of_a_file_is_refused(recorder: Recorder, site: Web) -> None:
    site.serve("https://assets.example/media/provider_level_2024.csv", b"\n<!DOCTYPE html><html>Sign in</html>")
    with pytest.raises(RefusedError, match="a web page where a file was expected"):
        collect_publications(recorder, [SOURCE], BASE)


def test_a_page_that_is_gone_gives_nothing(recorder: Recorder, web: Web) -> None:
    web.serve(api(COLLECTION), lambda _: reply(status=404))
    assert collect_publications(recorder, [SOURCE], BASE) == []


def test_sources_that_are_not_on_govuk_are_passed_over(recorder: Recorder, web: Web) -> None:
    assert collect_publications(recorder, [SOURCE.model_copy(update={"govuk": None})], BASE) == []
    assert web.requests == []


@pytest.mark.parametrize(
    "page",
    [
        {},
        {"details": None, "links": []},
        {"details": {"attachments": "x", "documents": {"a": 1}}, "links": {"documents": 3}},
        {"details": {"attachments": [1, {"url": None}, {"url": "javascript:alert(1)"}, {"url": "https://["}]}},
        {"details": {"documents": ["<a href='ftp://x/y.csv'>x</a>", '<a href="//">']}, "links": {"documents": [7, {}]}},
    ],
)
def test_odd_pages_offer_nothing_and_crash_nothing(page: dict[str, Any]) -> None:
    assert attachments(page, BASE) == []
    assert publication_paths(page) == []


def test_links_in_a_page_that_are_not_files_are_left() -> None:
    html = '<a href="/a.csv">A</a><a href="/b">B</a><a>C</a><a href="/d.xlsx?x=1">D</a>'
    found = attachments_in_page(html, {"base_path": "/p", "public_updated_at": "2020-01-01T00:00:00Z"}, BASE)
    assert [item.title for item in found] == ["A", "D"]


def test_one_attachment_a_subject_by_pattern_then_by_date() -> None:
    older = publication(2025, [attachment("Provider level as at 31 March 2025", "old.csv")], "2025-07-01T00:00:00Z")
    newer = publication(2025, [attachment("Provider level as at 31 March 2025", "new.csv")], "2025-09-01T00:00:00Z")
    found = [*attachments(newer, BASE), *attachments(older, BASE)]
    assert [item.filename for item in choose(found, ["provider level"])] == ["new.csv"]
    assert [item.filename for item in choose(found, ["old", "provider level"])] == ["old.csv"]
    assert choose(found, ["leavers"]) == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Provider level data as at 31 March 2025", date(2025, 3, 31)),
        ("Leavers and joiners between 1 April 2024 and 31 March 2025", date(2025, 3, 31)),
        ("Inspections 1st April 2024 to 30th september 2024", date(2024, 9, 30)),
        ("Data as at 31 March 2024, published 10 July 2024", date(2024, 3, 31)),
        ("31 February 2025", None),
        ("March 2025", None),
        ("", None),
    ],
)
def test_the_day_a_title_describes(text: str, day: date | None) -> None:
    assert as_at_date(text) == day


def test_a_moment_late_in_the_evening_is_the_day_in_london() -> None:
    page = publication(2025, [attachment("x", "x.csv")], "2025-07-10T23:30:00.000+00:00")
    assert attachments(page, BASE)[0].published_on == date(2025, 7, 11)
