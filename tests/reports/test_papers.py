"""The papers of governance: marked, complete, harmless, the same each time."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from oversight.errors import SettingsError
from reports.frames import RunView, parameters_in_force
from reports.papers import Stock, render_papers
from reports.papers.markdown import TO_COMPLETE, plain
from tests.reports.invented_view import view

CARD = {
    "task": "Rank company-years",
    "method": "Logistic regression",
    "trained_on": {"name": "an invented panel", "rows": 1200},
    "measured": [{"figure": "AUC", "value": 0.71234, "interval": [0.69, 0.73]}],
    "limits": ["Not calibrated for this sector."],
    "empty": None,
}


def stock() -> Stock:
    sources = pl.DataFrame(
        [
            {
                "name": "ofsted.provider_level", "title": "Provider | level", "publisher": "Ofsted", "licence": "OGL",
                "url": "https://www.gov.uk/", "cadence_days": 365, "notes": "Layouts differ by year.", "subjects": 9,
                "documents": 9, "newest": "2025-09-01",
            },
            {
                "name": "example.given", "title": "Given by hand", "publisher": "P", "licence": "OGL",
                "url": "https://www.gov.uk/", "cadence_days": None, "notes": "", "subjects": 0, "documents": 0,
                "newest": None,
            },
        ]
    )  # fmt: skip
    decisions = pl.DataFrame(
        {
            "kind": ["link", "override"], "author": ["A tester", "A <script>"],
            "decided_at": [datetime(2025, 9, 1, 9, tzinfo=UTC), datetime(2025, 9, 2, 9, tzinfo=UTC)],
            "subject": ["Example Care", "f"], "reason": ["same | name", "=1+1"],
        }
    )  # fmt: skip
    return Stock(sources, decisions, {"Company failure, starter": CARD})


def papers(folder: Path, shown: RunView | None = None) -> dict[str, str]:
    found = render_papers(shown or view(), stock(), folder)
    return {path.name: path.read_text(encoding="utf-8") for path in found}


def test_every_paper_is_marked_at_its_head_and_foot(tmp_path: Path) -> None:
    written = papers(tmp_path)
    assert set(written) == {
        "assumptions-log.md", "data-log.md", "quality-assurance-log.md", "transparency-record.md",
        "register-of-models-entry.md", "model-card-company-failure-starter.md",
    }  # fmt: skip
    for text in written.values():
        lines = text.strip().splitlines()
        assert lines[0] == lines[-1]
        assert "OFFICIAL-SENSITIVE" in lines[0]


def test_the_same_run_gives_the_same_papers(tmp_path: Path) -> None:
    assert papers(tmp_path / "one") == papers(tmp_path / "two")


def test_every_parameter_in_force_is_an_assumption_and_the_uncited_come_first(tmp_path: Path) -> None:
    text = papers(tmp_path)["assumptions-log.md"]
    own, cited = text.split("## Fixed in law")
    for row in parameters_in_force(view()).iter_rows(named=True):
        assert plain(row["code"]) in (cited if row["verified"] else own)


def test_what_only_people_know_is_left_to_them(tmp_path: Path) -> None:
    written = papers(tmp_path)
    for name in ("transparency-record.md", "register-of-models-entry.md", "quality-assurance-log.md"):
        assert TO_COMPLETE in written[name]


def test_names_cannot_break_a_table_or_become_markup(tmp_path: Path) -> None:
    written = papers(tmp_path, view("<b>Evil</b> | Care", "B", "C"))
    for text in written.values():
        assert "<b>" not in text
        assert "<script>" not in text
    assert "Provider \\| level" in written["data-log.md"]
    assert "same \\| name" in written["quality-assurance-log.md"]


def test_a_model_card_shows_every_part(tmp_path: Path) -> None:
    text = papers(tmp_path)["model-card-company-failure-starter.md"]
    assert "## Trained on" in text
    assert "| AUC | 0.7123 | 0.69, 0.73 |" in text
    assert "- Not calibrated for this sector." in text
    assert "## Empty\n\nNone." in text


def test_the_record_names_the_models_and_the_sources_used(tmp_path: Path) -> None:
    text = papers(tmp_path)["transparency-record.md"]
    assert "| Company failure, starter | Rank company-years | Logistic regression |" in text
    assert "example.given" not in text


@pytest.mark.parametrize("marking", ["", " "])
def test_unmarked_papers_are_not_written(tmp_path: Path, marking: str) -> None:
    with pytest.raises(SettingsError):
        papers(tmp_path, replace(view(), marking=marking))
