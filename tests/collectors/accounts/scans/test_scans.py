"""Real scanned statements (two pages of a filing, signatures cut off), read by both engines."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from collectors.accounts.reader import read
from collectors.accounts.scans import engines
from collectors.accounts.scans.crops import crop
from collectors.accounts.scans.paper import open_paper
from collectors.accounts.scans.places import find_place
from collectors.accounts.scans.sheets import first_look
from collectors.reading import Origin, Rows
from tests.collectors.accounts.documents import issues
from tests.collectors.accounts.scans import papers

FIXTURES = Path(__file__).parents[3] / "fixtures" / "accounts"
SCAN = FIXTURES / "scanned_statements.pdf"
ORIGIN = Origin("d" * 64, "companies_house.accounts", "02266230", "02266230.pdf")


@pytest.fixture(scope="module")
def rows() -> Rows:
    return read(SCAN.read_bytes(), ORIGIN)


def truth() -> dict[tuple[str, bool], float]:
    with (FIXTURES / "scanned_statements.csv").open(encoding="utf-8", newline="") as stream:
        return {
            (row["line"], row["period_end"] == "2014-06-29"): float(row["value_gbp"])
            for row in csv.DictReader(stream)
            if float(row["value_gbp"])
        }


def test_every_printed_figure_of_a_scan_is_read_exactly(rows: Rows) -> None:
    read_figures = {(each["line"], each["comparative"]): each for each in rows.tables["line"]}
    expected = truth()
    assert len(expected) > 40
    wrong = {
        key: (value, read_figures.get(key, {}).get("value"))
        for key, value in expected.items()
        if read_figures.get(key, {}).get("value") != value
    }
    assert not wrong
    sure = [key for key in expected if float(str(read_figures[key]["confidence"])) >= 0.9]
    assert len(sure) >= 0.8 * len(expected)
    assert {each["method"] for each in rows.tables["line"]} <= {"image", "derived"}
    assert {each["company_number"] for each in rows.tables["line"]} == {"02266230"}


def test_a_printed_dash_is_nil_and_not_missing(rows: Rows) -> None:
    (found,) = [
        each for each in rows.tables["line"] if each["line"] == "interest_receivable" and not each["comparative"]
    ]
    assert found["value"] == 0.0


def test_nothing_of_a_clean_scan_waits_for_a_person(rows: Rows) -> None:
    assert "figure_needs_review" not in issues(rows)


def test_the_picture_of_a_figure_is_where_its_locator_says(rows: Rows) -> None:
    (found,) = [each for each in rows.tables["line"] if each["line"] == "net_assets" and not each["comparative"]]
    place = find_place(str(found["locator"]))
    assert place is not None
    assert place.page == 2
    with open_paper(SCAN.read_bytes(), "scan") as paper:
        picture = paper.picture(2, 300)
    scale = 300 / 72
    part = picture[
        round((place.box.top - 2) * scale) : round((place.box.bottom + 2) * scale),
        round((place.box.left - 3) * scale) : round((place.box.right + 3) * scale),
    ]
    assert "2,009,849" in engines.read_part_carefully(part)
    assert crop(SCAN.read_bytes(), str(found["locator"])).startswith(b"\x89PNG")


@pytest.mark.parametrize("quarters", [1, 2])
def test_a_page_on_its_side_or_its_head_is_turned(quarters: int) -> None:
    content = papers.pictured(papers.with_text(papers.sheet()), 150, quarters)
    with open_paper(content, "turned") as paper:
        sheet = first_look(paper, 1)
    assert sheet.frame.quarters == 4 - quarters
    assert "Net assets" in sheet.text


def test_without_the_second_engine_only_sums_make_a_figure_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "has_quick", lambda: False)
    rows = read(papers.pictured(papers.with_text(papers.sheet()), 200), ORIGIN)
    found = {(str(each["line"]), bool(each["comparative"])): each for each in rows.tables["line"]}
    assert {key: found[key]["value"] for key in papers.PRINTED if key in found and found[key]["method"] == "image"}
    assert all(
        each["value"] == papers.PRINTED[key]
        for key, each in found.items()
        if key in papers.PRINTED and each["confidence"] >= 0.9  # type: ignore[operator]
    )
    assert max(float(str(each["confidence"])) for each in found.values()) < 0.97


def test_the_models_come_with_the_packages_and_nothing_is_said() -> None:
    code = (
        "import socket, sys\n"
        "def refuse(*a, **k): raise OSError('no network here')\n"
        "socket.socket.connect = refuse\n"
        "socket.getaddrinfo = refuse\n"
        "import numpy as np\n"
        "from collectors.accounts.scans import engines\n"
        "page = np.full((200, 400), 255, dtype=np.uint8)\n"
        "assert engines.read_carefully(page, 100) == []\n"
        "assert engines.has_quick() and engines.read_quickly(page, 100) == []\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=100)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
