"""Rows without a value and of one reason share a row; rows with one never do."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from reports.sheets.common import gathered

_ROWS = st.lists(
    st.tuples(st.sampled_from("ABC"), st.sampled_from(["x", "y", None]), st.sampled_from([1.0, None])), max_size=30
)


def _shared(rows: list[tuple[str, str | None, float | None]]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema={"group": pl.String, "reason": pl.String, "value": pl.Float64}, orient="row")
    frame = frame.with_row_index("n").with_columns(name=pl.format("metric {}", "n"), key=pl.format("I-{}", "n"))
    absent = pl.col("value").is_null()
    return gathered(frame, absent, ("group", "reason"), name="name", key="key", noun="metrics")


@given(_ROWS)
def test_no_row_is_lost_and_none_with_a_value_is_shared(rows: list[tuple[str, str | None, float | None]]) -> None:
    found = _shared(rows)
    own = found.filter(pl.col("key").is_not_null())
    shared = found.filter(pl.col("key").is_null())
    counts = shared["name"].str.extract(r"^(\d+) metrics$").cast(pl.Int64)
    assert own.height + (counts.sum() or 0) == len(rows)
    assert all(count >= 3 for count in counts)
    assert own["value"].drop_nulls().len() == sum(value is not None for *_, value in rows)
    assert shared["value"].null_count() == shared.height
    assert found["n"].is_sorted(), "rows stay where they were"
    assert found.columns == ["n", "group", "reason", "value", "name", "key"]


def test_two_alike_stay_apart_and_three_share() -> None:
    assert _shared([("A", "x", None)] * 2)["name"].to_list() == ["metric 0", "metric 1"]
    assert _shared([("A", "x", None), ("A", "x", 1.0), ("A", "x", None), ("A", "x", None)])["name"].to_list() == [
        "3 metrics",
        "metric 1",
    ]
