from datetime import UTC, date, datetime, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from oversight.model.tables.fetched import Document, Fetch
from oversight.model.times import AsAt
from oversight.pipeline.select import visible_documents

PUBLICATION = "ofsted.provider_level"
REGISTER = "companies_house.charges"
SNAPSHOT = "companies_house.search"
DAY = datetime(2025, 1, 1, 12, tzinfo=UTC)


def fetch(*rows: dict[str, object]) -> pl.DataFrame:
    columns = Fetch.column_names()
    full = [
        {"fetch_id": str(number), "subject": "s", "url": "u", "status": "ok"} | row for number, row in enumerate(rows)
    ]
    for row in full:
        row.setdefault("requested_at", row["retrieved_at"])
    return pl.DataFrame(
        [{c: row.get(c) for c in columns} for row in full], schema={c: Fetch.columns()[c].dtype for c in columns}
    )


def document(*identifiers: str) -> pl.DataFrame:
    return pl.DataFrame(
        {"document_id": identifiers, "media_type": ["text/csv"] * len(identifiers), "size": [1] * len(identifiers)},
        schema={c: Document.columns()[c].dtype for c in Document.column_names()},
    )


def seen(frame: pl.DataFrame, on: date, known_by: datetime) -> list[str]:
    found = visible_documents(frame, document("a", "b", "c"), AsAt(on, known_by), [REGISTER])
    return found["document_id"].to_list()


def test_a_publication_counts_from_the_day_it_was_published() -> None:
    frame = fetch({"source": PUBLICATION, "document_id": "a", "published_on": date(2020, 7, 1), "retrieved_at": DAY})
    assert seen(frame, date(2020, 6, 30), DAY) == []
    assert seen(frame, date(2020, 7, 1), DAY) == ["a"]
    assert seen(frame, date(2020, 7, 1), DAY - timedelta(microseconds=1)) == [], "not yet held"


def test_what_has_no_publication_date_counts_from_the_day_it_was_fetched() -> None:
    frame = fetch({"source": SNAPSHOT, "document_id": "a", "retrieved_at": DAY})
    assert seen(frame, date(2024, 12, 31), DAY) == []
    assert seen(frame, date(2025, 1, 1), DAY) == ["a"]


def test_the_day_of_a_fetch_is_a_london_day() -> None:
    just_after_midnight_bst = datetime(2025, 6, 1, 23, 30, tzinfo=UTC)
    frame = fetch({"source": SNAPSHOT, "document_id": "a", "retrieved_at": just_after_midnight_bst})
    assert seen(frame, date(2025, 6, 1), just_after_midnight_bst) == []
    assert seen(frame, date(2025, 6, 2), just_after_midnight_bst) == ["a"]


def test_a_register_fetched_later_serves_an_earlier_day() -> None:
    frame = fetch({"source": REGISTER, "document_id": "a", "retrieved_at": DAY})
    assert seen(frame, date(2019, 12, 31), DAY) == ["a"]


def test_a_corrected_issue_replaces_the_first_from_its_own_day_on() -> None:
    frame = fetch(
        {"source": PUBLICATION, "document_id": "a", "published_on": date(2020, 7, 1), "retrieved_at": DAY},
        {"source": PUBLICATION, "document_id": "b", "published_on": date(2020, 9, 1), "retrieved_at": DAY},
    )
    assert seen(frame, date(2020, 8, 31), DAY) == ["a"]
    assert seen(frame, date(2020, 9, 1), DAY) == ["b"]


def test_what_the_source_no_longer_has_is_not_seen() -> None:
    frame = fetch(
        {"source": REGISTER, "document_id": "a", "retrieved_at": DAY},
        {"source": REGISTER, "status": "absent", "retrieved_at": DAY + timedelta(days=1)},
    )
    assert seen(frame, date(2026, 1, 1), DAY) == ["a"]
    assert seen(frame, date(2026, 1, 1), DAY + timedelta(days=1)) == []


def test_a_failed_attempt_hides_nothing() -> None:
    frame = fetch(
        {"source": REGISTER, "document_id": "a", "retrieved_at": DAY},
        {"source": REGISTER, "status": "failed", "requested_at": DAY + timedelta(days=1), "retrieved_at": None},
    )
    assert seen(frame, date(2026, 1, 1), DAY + timedelta(days=2)) == ["a"]


attempts: st.SearchStrategy[dict[str, object]] = st.builds(
    dict,
    source=st.sampled_from([PUBLICATION, REGISTER, SNAPSHOT]),
    subject=st.sampled_from(["s", "t"]),
    document_id=st.sampled_from(["a", "b", "c"]),
    published_on=st.none() | st.dates(date(2024, 1, 1), date(2026, 12, 31)),
    retrieved_at=st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
)


@given(st.lists(attempts, max_size=8), attempts, st.dates(date(2024, 1, 1), date(2026, 12, 31)))
def test_nothing_learned_later_changes_what_was_seen(
    rows: list[dict[str, object]], new: dict[str, object], on: date
) -> None:
    known_by = datetime(2025, 6, 1, tzinfo=UTC)
    early = [row for row in rows if row["retrieved_at"] <= known_by]  # type: ignore[operator]
    later = new | {"retrieved_at": known_by + timedelta(seconds=1)}
    assert seen(fetch(*early), on, known_by) == seen(fetch(*early, later), on, known_by)


@given(st.lists(attempts, max_size=8), st.dates(date(2024, 1, 1), date(2026, 12, 31)))
def test_nothing_published_after_the_day_is_seen(rows: list[dict[str, object]], on: date) -> None:
    frame = fetch(*rows) if rows else fetch().clear()
    found = visible_documents(frame, document("a", "b", "c"), AsAt(on, datetime(2027, 1, 1, tzinfo=UTC)), [REGISTER])
    assert found.filter(pl.col("published_on") > on).is_empty()
    undated = found.filter(pl.col("published_on").is_null(), pl.col("source") != REGISTER)
    assert all(moment.date() <= on for moment in undated["retrieved_at"])
