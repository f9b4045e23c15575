"""Both sides of every expectation, and what a publication is compared with."""

from datetime import UTC, date, datetime

import pytest

from collectors.expectations import Count, Edition, shortfalls
from collectors.source import Expectation, Source

OFFICIAL = "https://assets.publishing.service.gov.uk/media/1/provider_level.csv"
ELSEWHERE = "http://127.0.0.1:8000/provider_level.csv"
SOURCE = Source(
    name="ofsted.invented",
    title="Invented",
    publisher="Nobody",
    licence="None",
    url="https://example.org",
    cadence_days=365,
    kind="publication",
    expectations={"home": Expectation(min_rows=100, fill={"sector": 0.9}, max_fall=0.15)},
)


def edition(subject: str, rows: int, *, url: str = OFFICIAL, filled: int | None = None, published: int = 1) -> Edition:
    count = Count(rows, {"sector": rows if filled is None else filled})
    return Edition(
        document_id=f"{subject}/{rows}/{published}",
        subject=subject,
        url=url,
        published_on=date(2026, 7, published),
        retrieved_at=datetime(2026, 7, published, 12, tzinfo=UTC),
        counts={"home": count},
    )


def kinds(*editions: Edition, accepted: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [(short.document_id, short.kind) for short in shortfalls(SOURCE, editions, accepted)]


@pytest.mark.parametrize(("rows", "short"), [(99, True), (100, False)])
def test_too_few_rows_from_the_publisher(rows: int, short: object) -> None:
    assert bool(kinds(edition("2026-03-31", rows))) is bool(short)


def test_an_invented_market_has_its_own_size() -> None:
    assert kinds(edition("2026-03-31", 3, url=ELSEWHERE)) == []
    assert kinds(edition("2026-03-31", 0, url=ELSEWHERE)) == [("2026-03-31/0/1", "rows")]


def test_an_address_that_only_looks_official_is_not() -> None:
    assert kinds(edition("2026-03-31", 3, url="https://gov.uk.example.org/x.csv")) == []


@pytest.mark.parametrize(("filled", "short"), [(899, True), (900, False)])
def test_too_many_gaps(filled: int, short: object) -> None:
    assert bool(kinds(edition("2026-03-31", 1000, filled=filled))) is bool(short)


def test_who_gives_a_file_by_hand_vouches_for_its_size_and_gaps() -> None:
    assert kinds(edition("2026-03-31", 3, url="provider_level.csv", filled=0)) == []


@pytest.mark.parametrize(("rows", "short"), [(849, True), (850, False)])
@pytest.mark.parametrize("url", [OFFICIAL, ELSEWHERE, "given.csv"])
def test_the_largest_fall(rows: int, short: object, url: str) -> None:
    good = edition("2025-03-31", 1000)
    assert bool(kinds(good, edition("2026-03-31", rows, url=url))) is bool(short)


def test_half_of_the_homes_is_told_with_both_figures() -> None:
    (short,) = shortfalls(SOURCE, [edition("2025-03-31", 4000), edition("2026-03-31", 2000)], ())
    assert "2,000" in short.message
    assert "4,000" in short.message
    assert "50%" in short.message


def test_a_later_one_is_compared_with_the_last_good_one() -> None:
    editions = [edition("2024-03-31", 1000), edition("2025-03-31", 500), edition("2026-03-31", 510)]
    assert kinds(*editions) == [("2025-03-31/500/1", "fall"), ("2026-03-31/510/1", "fall")]


def test_a_correction_of_a_bad_one_is_good() -> None:
    editions = [edition("2025-03-31", 1000), edition("2026-03-31", 500), edition("2026-03-31", 1010, published=9)]
    assert kinds(*editions) == [("2026-03-31/500/1", "fall")]


def test_a_bad_correction_of_a_good_one_is_bad() -> None:
    editions = [edition("2026-03-31", 1000), edition("2026-03-31", 500, published=9)]
    assert kinds(*editions) == [("2026-03-31/500/9", "fall")]


def test_an_old_publication_is_not_judged_by_later_ones() -> None:
    assert kinds(edition("2026-03-31", 1000), edition("2014-09-30", 300)) == []


def test_an_accepted_one_is_good_and_what_follows_is_compared_with_it() -> None:
    editions = [edition("2025-03-31", 1000), edition("2026-03-31", 500), edition("2027-03-31", 450)]
    assert kinds(*editions, accepted=("2026-03-31/500/1",)) == []
