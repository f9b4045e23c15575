from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from collectors.companies_house import READERS
from collectors.source import Source, due, load_sources, overdue, read_sources
from oversight.errors import InputError
from oversight.model.tables import TABLES

WHOLE: dict[str, Any] = {
    "name": "example.register",
    "title": "A register",
    "publisher": "Somebody",
    "licence": "Open Government Licence v3.0",
    "url": "https://example.org",
    "cadence_days": 7,
    "grace_days": 2,
    "kind": "register",
}


def write(folder: Path, **changes: Any) -> Path:
    path = folder / "source.yaml"
    path.write_text(yaml.safe_dump({key: value for key, value in (WHOLE | changes).items() if value != "absent"}))
    return path


def test_reads_a_whole_source(tmp_path: Path) -> None:
    write(
        tmp_path,
        row_date="filed_on",
        expectations={"filing": {"min_rows": 3, "fill": {"form": 0.9}}},
        govuk={"collection_paths": ["/a"], "attachment_patterns": ["provider.level"]},
        ignored_fields=["etag"],
        notes="n",
    )
    source = read_sources(tmp_path)["example.register"]
    assert source.expectations["filing"].fill == {"form": 0.9}
    assert source.govuk is not None
    assert source.govuk.attachment_patterns == ["provider.level"]


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"cadance_days": 1}, "cadance_days"),
        ({"publisher": "absent"}, "publisher"),
        ({"kind": "newspaper"}, "kind"),
        ({"cadence_days": 0}, "cadence_days"),
        ({"name": "No Good"}, "name"),
        ({"expectations": {"filing": {"fill": {"form": 1.5}}}}, "expectations.filing.fill.form"),
        ({"govuk": {"collection_paths": ["/a"], "attachment_patterns": ["("]}}, "govuk.attachment_patterns.0"),
        ({"govuk": {"collection_paths": ["/a"], "attachment_patterns": ["a"], "x": 1}}, "govuk.x"),
    ],
)
def test_a_wrong_key_is_refused_with_file_and_key(tmp_path: Path, changes: dict[str, Any], key: str) -> None:
    path = write(tmp_path, **changes)
    with pytest.raises(InputError, match=f"key '{key}'") as caught:
        read_sources(tmp_path)
    assert caught.value.where == str(path)


def test_broken_yaml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: [")
    with pytest.raises(InputError, match="not valid YAML"):
        read_sources(tmp_path)


def test_other_yaml_is_passed_over_and_a_name_used_twice_is_not(tmp_path: Path) -> None:
    (tmp_path / "synonyms.yaml").write_text("name: [Provider name]\nplaces: [Max Users]\n")
    (tmp_path / "list.yaml").write_text("- 1\n")
    write(tmp_path)
    assert list(read_sources(tmp_path)) == ["example.register"]
    (tmp_path / "deeper").mkdir()
    write(tmp_path / "deeper")
    with pytest.raises(InputError, match="used twice"):
        read_sources(tmp_path)


def test_the_products_own_sources_are_valid_and_each_reader_has_one() -> None:
    sources = load_sources()
    assert set(READERS) <= set(sources)
    for source in sources.values():
        for table, expected in source.expectations.items():
            assert set(expected.fill) <= set(TABLES[table].column_names()), source.name


def at(day: int, hour: int = 6, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def answered(moment: datetime, status: str = "ok") -> dict[str, Any]:
    return {"status": status, "requested_at": moment, "retrieved_at": moment}


WEEKLY = Source(**WHOLE)
FILED = Source(**WHOLE | {"cadence_days": None, "kind": "filing"})


def test_due_by_calendar_days_in_london() -> None:
    assert due(WEEKLY, None, at(1))
    assert not due(WEEKLY, answered(at(1)), at(7, hour=23, minute=59))
    assert due(WEEKLY, answered(at(1, minute=5)), at(8, minute=0))  # five minutes earlier in the day
    daily = WEEKLY.model_copy(update={"cadence_days": 1})
    late_in_summer = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # already 2 July in London
    assert not due(daily, answered(late_in_summer), datetime(2026, 7, 2, 22, 0, tzinfo=UTC))
    assert due(daily, answered(late_in_summer), datetime(2026, 7, 2, 23, 0, tzinfo=UTC))


def test_what_never_changes_is_not_due_again_unless_it_was_absent() -> None:
    assert not due(FILED, answered(at(1, month=1)), at(1))
    assert not due(FILED, answered(at(1), "absent"), at(7))
    assert due(FILED, answered(at(1), "absent"), at(8))


def test_overdue_only_after_the_days_of_grace() -> None:
    assert overdue(WEEKLY, None, at(1))
    assert not overdue(WEEKLY, answered(at(1)), at(10))
    assert overdue(WEEKLY, answered(at(1)), at(11))
    assert not overdue(FILED, answered(at(1, month=1)), at(11))
