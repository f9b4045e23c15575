"""Parameters: dated, cited, and refused where a key is wrong."""

from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from oversight.errors import InputError
from risk.parameters import load

ENTRY = """\
limit:
  label: A limit
  description: How much.
  unit: pounds
  reference: A source
  url: https://example.org
  verified: no
  values:
    2020-01-01: 10
    2025-04-01: 20
"""


def folder(tmp_path: Path, text: str, name: str = "rules/limits.yaml") -> Path:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("on", "value"), [(date(2020, 1, 1), 10), (date(2025, 3, 31), 10), (date(2025, 4, 1), 20), (date(2030, 1, 1), 20)]
)
def test_the_value_in_force_is_the_last_that_has_begun(tmp_path: Path, on: date, value: float) -> None:
    assert load(folder(tmp_path, ENTRY)).at(on).number("rules.limits.limit") == value


def test_before_the_first_start_there_is_no_value(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no value of rules\.limits\.limit is in force on 2019-12-31") as caught:
        load(folder(tmp_path, ENTRY)).at(date(2019, 12, 31)).number("rules.limits.limit")
    assert "limits.yaml, key limit" in caught.value.where


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ENTRY.replace("  unit: pounds\n", "  unit: pounds\n  weight: 3\n"), "weight"),
        (ENTRY.replace("  reference: A source\n", ""), "reference"),
        (ENTRY.replace("verified: no", "verified: perhaps"), "verified"),
        (ENTRY.replace("    2020-01-01: 10\n", "    soon: 10\n"), "values"),
    ],
)
def test_a_wrong_key_is_refused_with_file_and_key(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        load(folder(tmp_path, text))
    assert caught.value.where == "rules/limits.yaml, key limit"


@pytest.mark.parametrize("text", ["limit: [", "- a list", ENTRY + ENTRY, "limit: !!python/object:os.system {}"])
def test_a_file_that_is_no_parameter_file_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError) as caught:
        load(folder(tmp_path, text))
    assert caught.value.where == "rules/limits.yaml"


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no parameters"):
        load(tmp_path)


def test_the_fingerprint_follows_the_content_not_the_layout(tmp_path: Path) -> None:
    first = load(folder(tmp_path / "a", ENTRY)).fingerprint
    assert load(folder(tmp_path / "b", "# a remark\n" + ENTRY)).fingerprint == first
    assert load(folder(tmp_path / "c", ENTRY.replace(": 20", ": 21"))).fingerprint != first


def test_a_value_of_the_wrong_kind_is_named(tmp_path: Path) -> None:
    class Part(BaseModel):
        model_config = ConfigDict(extra="forbid")
        low: float

    values = load(folder(tmp_path, ENTRY.replace(": 20", ": {low: 1, high: 2}"))).at(date(2026, 1, 1))
    with pytest.raises(InputError, match="high"):
        values.parse("rules.limits.limit", Part)
    with pytest.raises(InputError, match="should be a number"):
        values.number("rules.limits.limit")


def test_the_bundled_parameters_are_cited_and_none_is_called_verified_without_an_address() -> None:
    parameters = load()
    for code, entry in parameters.entries.items():
        assert entry.reference, code
        assert entry.url.startswith("http") or not entry.verified or code == "measures.weeks_in_year", code
    assert not any(parameters.entries[code].verified for code in parameters.entries if code.startswith("scope."))


def test_the_frame_has_a_row_for_each_value(tmp_path: Path) -> None:
    frame = load(folder(tmp_path, ENTRY)).frame()
    assert frame.select("code", "value", "start").rows() == [
        ("rules.limits.limit", "10", date(2020, 1, 1)),
        ("rules.limits.limit", "20", date(2025, 4, 1)),
    ]
