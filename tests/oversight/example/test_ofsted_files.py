"""Ofsted's files: real layouts, invented rows."""

import csv
import gzip
import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from oversight.example import govuk, ofsted
from oversight.example.shapes import Market, Publication

LAYOUTS = (2019, 2020, 2022, 2023, 2025)


def table(content: bytes) -> tuple[int, list[str], list[list[str]]]:
    """Row of the header (from 0), the header and the rows below."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    rows = list(csv.reader(io.StringIO(text)))
    start = next(index for index, row in enumerate(rows) if "URN" in row[:3])
    return start, rows[start], rows[start + 1 :]


def as_of(market: Market, layout: int) -> Publication:
    return replace(market.publications[-1], layout=layout)


@pytest.mark.shared
@pytest.mark.parametrize("layout", LAYOUTS)
def test_headers_are_those_of_the_real_file(layout: int, market: Market, shared_data: Path) -> None:
    name = f"ofsted/provider_level/provider_level_at_31_march_{layout}.csv.gz"
    real = table(gzip.decompress((shared_data / name).read_bytes()))
    ours = table(ofsted.provider_level(market, as_of(market, layout)))
    assert ours[:2] == real[:2]


@pytest.mark.shared
@pytest.mark.parametrize("year", [2019, 2021, 2023])
def test_leavers_and_joiners_have_the_real_headers(year: int, market: Market, shared_data: Path) -> None:
    real = table(gzip.decompress((shared_data / f"ofsted/leavers_joiners/leavers_joiners_{year}.csv.gz").read_bytes()))
    publication = next(each for each in market.publications if each.year == year)
    assert table(ofsted.leavers_and_joiners(market, publication))[:2] == real[:2]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_layout_shows_the_homes_of_the_day(layout: int, market: Market) -> None:
    publication = as_of(market, layout)
    _, header, rows = table(ofsted.provider_level(market, publication))
    kind, places = header.index("Provision type"), header.index("Places")
    homes = [row for row in rows if row[kind].lower() == "children's home"]
    assert len(homes) == 400
    assert {row[header.index("URN")] for row in homes} == {
        home.urn for home in market.homes if home.open_on(publication.as_at) and home.kind == "Children's home"
    }
    assert sum(int(row[places]) for row in homes) == sum(
        home.places or 0 for home in market.homes if home.open_on(publication.as_at) and home.kind == "Children's home"
    )
    assert any("Supported Accommodation" in row for row in rows) == (layout == 2025)
    judged = [row for row in rows if "Good" in row]
    assert len(judged) > 200


def test_no_inspection_is_shown_before_it_was_reported(market: Market) -> None:
    for publication in market.publications:
        for home in market.homes:
            seen = ofsted.latest_inspection(home, publication)
            assert seen is None or (seen.on <= publication.as_at and seen.published_on < publication.published_on)


def test_leavers_and_joiners_are_what_changed_between_publications(market: Market) -> None:
    earlier, later = market.publications[-2:]
    _, header, rows = table(ofsted.leavers_and_joiners(market, later))
    urn, leaver = header.index("URN"), header.index("Leaver status")
    left = {row[urn] for row in rows if row[leaver] == "Leaver"}
    before = {home.urn for home in market.homes if home.open_on(earlier.as_at)}
    after = {home.urn for home in market.homes if home.open_on(later.as_at)}
    assert before - after <= left
    assert after - before <= {row[urn] for row in rows} - left


def test_a_year_without_a_known_layout_takes_the_one_before_it(market: Market) -> None:
    assert {each.year: each.layout for each in market.publications} == {
        2019: 2019, 2020: 2020, 2021: 2020, 2022: 2022, 2023: 2023, 2024: 2023, 2025: 2025, 2026: 2025,
    }  # fmt: skip


def test_gov_uk_offers_each_year_with_its_day(market: Market) -> None:
    site = govuk.Site(market)
    collection = site.content(govuk.COLLECTION, "http://assets", "http://site")
    assert collection is not None
    listed = [link["base_path"] for link in collection["links"]["documents"]]
    assert listed == [
        f"/government/statistics/childrens-social-care-data-in-england-{year}" for year in range(2026, 2018, -1)
    ]
    page = site.content(listed[0], "http://assets", "http://site")
    assert page is not None
    assert date.fromisoformat(page["public_updated_at"][:10]) == market.publications[-1].published_on
    for attachment in page["details"]["attachments"]:
        file = site.asset(attachment["url"].removeprefix("http://assets"))
        assert file is not None
        assert len(file.content) == attachment["file_size"]
        assert "invented" in attachment["title"]
        assert "example" in attachment["filename"]
    assert site.content("/government/nothing", "", "") is None
