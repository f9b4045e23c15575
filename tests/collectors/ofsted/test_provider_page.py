"""Provider pages: those of the example market, and the same told with other mark-up."""

from datetime import date

import pytest

from collectors.courtesy import Unhurried
from collectors.ofsted.provider_page import read
from collectors.ofsted.reports_site import ReportsSite
from collectors.reading import Origin, Rows
from collectors.recorder import Recorder
from oversight.errors import InputError, RefusedError
from oversight.example.market import generate
from oversight.example.reports_site import page
from oversight.example.shapes import Market
from tests.collectors.web import FakeTime, Web

BASE = "https://reports.example"
UNTIL = date(2026, 9, 30)


@pytest.fixture(scope="module")
def market() -> Market:
    return generate(until=UNTIL)


def of(content: str | bytes, urn: str) -> Rows:
    body = content.encode() if isinstance(content, str) else content
    return read(body, Origin("0" * 64, "ofsted.pages", urn, f"{BASE}/provider/2/{urn}"))


def test_every_page_of_the_example_market_is_read_in_full(market: Market) -> None:
    for home in market.homes:
        rows = of(page(market, home), home.urn)
        (registration,) = rows.tables["provider_page"]
        assert registration["registered_on"] == home.registered_on
        assert registration["status"] == ("Active" if home.open_on(UNTIL) else home.left_status)
        assert registration["closed_on"] == (home.left_on if home.left_on and home.left_on <= UNTIL else None)
        told = [(row["inspected_on"], row["published_on"], row["overall"]) for row in rows.tables["provider_report"]]
        true = [(each.on, each.published_on, each.overall) for each in home.inspections if each.published_on <= UNTIL]
        assert told == true[::-1]
        assert all(str(row["report_url"]).startswith(f"{BASE}/v1/file/") for row in rows.tables["provider_report"])


OTHER = """<html><body><h1>Example House</h1><table><tr><th>Unique reference number</th><td>SC123456</td></tr>
<tr><th>Status</th><td>Suspended</td></tr></table><h2>All reports</h2><ul>
<li><a href="https://files.example/v1/file/50012345">Full inspection: Requires improvement to be good</a>,
12 March 2025, published on 30 April 2025</li>
<li>Monitoring visit - 3 June 2025</li><li><a href="javascript:alert(1)/file/1">Interim inspection</a></li>
<li><a href="/contact">Contact us</a></li></ul></body></html>"""


def test_other_mark_up_says_the_same() -> None:
    rows = of(OTHER, "SC123456")
    (registration,) = rows.tables["provider_page"]
    assert (registration["name"], registration["status"]) == ("Example House", "Suspended")
    first, second, third = rows.tables["provider_report"]
    assert (first["inspected_on"], first["published_on"]) == (date(2025, 3, 12), date(2025, 4, 30))
    assert (first["overall"], first["report_url"]) == (
        "Requires improvement to be good",
        "https://files.example/v1/file/50012345",
    )
    assert (second["event_type"], second["inspected_on"], second["overall"]) == (
        "Monitoring visit",
        date(2025, 6, 3),
        None,
    )
    assert third["report_url"] is None


@pytest.mark.parametrize("content", ["<h1>Sign in</h1>", "", "<p>URN: SC654321</p>"])
def test_a_page_of_nobody_or_of_another_is_refused(content: str) -> None:
    with pytest.raises(InputError):
        of(content, "SC123456")


def test_a_page_without_inspections_says_so() -> None:
    rows = of("<h1>New</h1><p>URN: SC123456</p>", "SC123456")
    assert {row["kind"] for row in rows.tables["issue"]} == {"no_inspection_listed", "no_registration_status"}


def site(recorder: Recorder, fake_time: FakeTime) -> ReportsSite:
    return ReportsSite(recorder, BASE, Unhurried(2.0, fake_time.seconds, fake_time.sleep))


def test_pages_are_asked_for_one_at_a_time_as_robots_txt_asks(
    recorder: Recorder, web: Web, fake_time: FakeTime
) -> None:
    web.serve(f"{BASE}/robots.txt", b"User-agent: *\nCrawl-delay: 5\nDisallow: /search\n")
    reports = site(recorder, fake_time)
    for urn in ("SC111111", "SC222222", "SC333333"):
        web.serve(reports.address(urn), f"<p>URN: {urn}</p>".encode())
    held, failures = reports.pages(["SC111111", "../etc", "SC222222", "SC333333"], lambda _: None)
    assert [fetched.subject for fetched in held] == ["SC111111", "SC222222", "SC333333"]
    assert failures == {}
    assert fake_time.slept == [5.0, 5.0]


def test_where_robots_may_not_go_no_page_is_asked_for(recorder: Recorder, web: Web, fake_time: FakeTime) -> None:
    web.serve(f"{BASE}/robots.txt", b"User-agent: *\nDisallow: /inspection-reports\n")
    with pytest.raises(RefusedError, match="stay away"):
        site(recorder, fake_time).pages(["SC111111"], lambda _: None)
    assert len(web.requests) == 1
