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

POINT = {
    "share": 0.05, "picked": 40, "hits": 8, "false_alarms": 32, "missed": 12, "precision": 0.2, "recall": 0.4,
    "false_alarms_a_hit": 4.0,
}  # fmt: skip
BACKTEST = {
    "scenarios": [
        {
            "case": "Invented | Case", "market": "children's homes", "outcome": "administration", "kind": "x",
            "from": "2020-01-01", "to": "2020-01-31", "read": "yes", "source": "https://example.org/", "points": 60.0,
            "band": "Severe indicators", "found": "by a grave sign", "sign_days_at_least": 100,
            "sign_days_at_most": 130, "lesson": "Look <b>twice</b>.",
            "facts": [
                {"what": "An arrangement", "from": None, "to": None, "rule": "Insolvency case open", "points": 60.0,
                 "before": [100, 130], "lacks": None, "read": "secondary", "source": "https://example.org/a"},
                {"what": "A rumour", "from": None, "to": None, "rule": None, "points": None, "before": None,
                 "lacks": "Rumours are not read.", "read": "yes", "source": "https://example.org/b"},
            ],
        }
    ],
    "exits": {
        "horizon_days": 365, "said": "Measured anew.",
        "years": [{"register_of": "2022-03-31", "operating_points": [{**POINT, "median_lead_days": 101.0}]}],
        "first_picked": [{"share": 0.05, "left": 20, "picked_ever": 9, "median_lead_days": 300.0}],
        "signs": [
            {"label": "suspended", "picked": 3, "hits": 0, "false_alarms": 3, "missed": 20, "precision": None,
             "low": None, "high": None, "times_base": None, "median_lead_days": None, "median_days_since_judged": None}
        ],
    },
    "failure": {
        "transfer_to_uk": {"full, all years": {"operating_points": [{**POINT, "seen_before": 9, "picked_before": 3}]}},
        "panels": {"uk": {"by company": {"challenger": {"operating_points": [POINT]}}}},
    },
    "events": {
        "outcomes": 2, "window_days": 730, "first_event": "2019-01-01",
        "signals": [{"kind": "charge_created", "picked": 4, "hits": 1, "false_alarms": 3, "missed": 1,
                     "median_lead_days": 120}],
    },
}  # fmt: skip


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
    return Stock(sources, decisions, {"Company failure, starter": CARD}, BACKTEST)


def papers(folder: Path, shown: RunView | None = None) -> dict[str, str]:
    found = render_papers(shown or view(), stock(), folder)
    return {path.name: path.read_text(encoding="utf-8") for path in found}


def test_every_paper_is_marked_at_its_head_and_foot(tmp_path: Path) -> None:
    written = papers(tmp_path)
    assert set(written) == {
        "assumptions-log.md", "data-log.md", "quality-assurance-log.md", "transparency-record.md",
        "register-of-models-entry.md", "model-card-company-failure-starter.md", "back-test.md",
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


def test_the_back_test_tells_hits_false_alarms_and_lead_times_of_every_part(tmp_path: Path) -> None:
    text = papers(tmp_path)["back-test.md"]
    assert "| Invented \\| Case |" in text
    assert "100 to 130 days" in text
    assert "none: Rumours are not read." in text
    assert "(reported by another)" in text
    assert "<b>" not in text
    assert "| 2022-03-31, top 5% | 40 | 8 | 32 | 12 | 20.0% | 40.0% | 4 | 101 days, median |" in text
    assert "3 of 9 picked a year before already" in text
    assert "| uk panel, by company, challenger, top 5% | 40 | 8 | 32 | 12 | 20.0% | 40.0% | 4 | not known |" in text
    assert "| Charge created | 4 | 1 | 3 | 1 | 120 |" in text
    assert "| suspended | 3 | 0 | 3 | 20 | none | none | none | none |" in text


@pytest.mark.parametrize("marking", ["", " "])
def test_unmarked_papers_are_not_written(tmp_path: Path, marking: str) -> None:
    with pytest.raises(SettingsError):
        papers(tmp_path, replace(view(), marking=marking))
