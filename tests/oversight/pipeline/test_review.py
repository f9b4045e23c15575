"""Figures that wait for a person, and what the person's reading does to the evidence. All rows are invented."""

import base64
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from oversight.errors import InputError
from oversight.model.ids import line_id
from oversight.model.times import AsAt
from oversight.pipeline.review import Typed, add_figure, decide_figure, review_sheet, waiting
from oversight.pipeline.select import select_evidence
from oversight.pipeline.workspace import Workspace, open_workspace
from oversight.settings import Settings
from risk.accounts.lines import usable_lines

NOW = datetime(2025, 9, 1, 9, tzinfo=UTC)
END = date(2024, 12, 31)
NUMBER = "99000001"
DOCUMENT = "d" * 64
SCAN = Path(__file__).resolve().parents[2] / "fixtures" / "accounts" / "scanned_statements.pdf"
FIGURES = {"turnover": (1_000.0, "conflict"), "cash": (50.0, "image"), "debtors": (70.0, "conflict")}


def line(name: str, value: float, method: str) -> dict[str, object]:
    return {
        "line_id": line_id(DOCUMENT, name, END, consolidated=False), "document_id": DOCUMENT, "company_number": None,
        "period_start": date(2024, 1, 1), "period_end": END, "consolidated": False, "comparative": False,
        "line": name, "value": value, "unit": "GBP", "concept": name, "fact_id": None, "inputs": None,
        "locator": f"page 9 box {value},1.0,2.0,3.0", "method": method, "confidence": 0.5,
    }  # fmt: skip


def identifier(name: str) -> str:
    return line_id(DOCUMENT, name, END, consolidated=False)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """An installation that holds one set of accounts, two of its three figures in doubt."""
    settings = Settings(home=tmp_path, ledger_url=f"sqlite:///{tmp_path / 'ledger.sqlite'}", marking="OFFICIAL")
    with open_workspace(settings, lambda: NOW) as opened:
        opened.ledger.add("document", [{"document_id": DOCUMENT, "media_type": "application/pdf", "size": 1}])
        opened.ledger.add(
            "fetch",
            [{
                "fetch_id": "f", "source": "companies_house.accounts", "subject": "T1", "url": "u", "requested_at": NOW,
                "retrieved_at": NOW, "published_on": date(2025, 6, 1), "status": "ok", "document_id": DOCUMENT,
            }],
        )  # fmt: skip
        opened.ledger.add(
            "fetch",
            [{
                "fetch_id": "h", "source": "companies_house.filing_history", "subject": NUMBER, "url": "u",
                "requested_at": NOW, "retrieved_at": NOW, "status": "ok", "document_id": "e" * 64,
            }],
        )  # fmt: skip
        opened.ledger.add(
            "filing",
            [{
                "transaction_id": "T1", "document_id": "e" * 64, "locator": "/items/0", "company_number": NUMBER,
                "filed_on": date(2025, 6, 1), "category": "accounts", "description": "accounts",
            }],
        )  # fmt: skip
        opened.ledger.add(
            "issue",
            [{
                "issue_id": "i", "document_id": DOCUMENT, "locator": "page 9 box 1000.0,1.0,2.0,3.0",
                "kind": "figure_needs_review", "value": "1000 | 7000", "message": "two engines differ",
                "severity": "warning",
            }],
        )  # fmt: skip
        opened.ledger.add(
            "reading", [{"document_id": DOCUMENT, "reader": "accounts", "version": 1, "rows": 3, "placed": 3}]
        )
        opened.bulk.put("line", [line(name, *each) for name, each in FIGURES.items()], month="2025-06", version=1)
        yield opened


def figures(workspace: Workspace, known_by: datetime = NOW) -> dict[str, tuple[float | None, str, str]]:
    found = usable_lines(select_evidence(workspace, AsAt(on=NOW.date(), known_by=known_by)))
    return {row["line"]: (row["value"], row["method"], row["status"]) for row in found.iter_rows(named=True)}


def test_what_is_in_doubt_waits_with_the_readings_and_the_place(workspace: Workspace) -> None:
    queue = waiting(workspace)
    assert queue["line"].to_list() == ["debtors", "turnover"]
    first, second = queue.iter_rows(named=True)
    assert (first["company_number"], first["why"]) == (NUMBER, "two witnesses of the figure differ")
    assert (second["read_as"], second["candidates"], second["why"]) == (1_000.0, "1000 | 7000", "two engines differ")
    assert (second["whose"], second["year"], second["locator"]) == (
        "company",
        "current",
        "page 9 box 1000.0,1.0,2.0,3.0",
    )
    assert waiting(workspace, "99000002").is_empty()


def test_a_persons_reading_is_used_and_leaves_the_queue(workspace: Workspace) -> None:
    assert figures(workspace)["turnover"] == (None, "conflict", "not_reliable")
    decide_figure(workspace, identifier("turnover"), 7_000.0, author="A tester", reason="the first digit is a 7")
    assert figures(workspace)["turnover"] == (7_000.0, "override", "value")
    assert waiting(workspace)["line"].to_list() == ["debtors"]
    kept = workspace.ledger.frame("override").row(0, named=True)
    assert (kept["old_value"], kept["new_value"], kept["author"]) == ("1000.0", "7000.0", "A tester")


def test_what_nobody_can_read_leaves_the_queue_and_has_no_value(workspace: Workspace) -> None:
    decide_figure(workspace, identifier("debtors"), None, author="A tester", reason="a stamp covers it")
    assert figures(workspace)["debtors"] == (None, "override", "not_reliable")
    assert waiting(workspace)["line"].to_list() == ["turnover"]


def test_a_figure_that_was_not_read_can_be_typed(workspace: Workspace) -> None:
    typed = Typed(document=DOCUMENT[:8], line="net_assets", period_end=END, value=-20.0, page=10)
    add_figure(workspace, typed, author="A tester", reason="on a page the reader passed over")
    assert figures(workspace)["net_assets"] == (-20.0, "override", "value")
    row = workspace.ledger.frame("hand_read").row(0, named=True)
    assert (row["company_number"], row["locator"], row["unit"]) == (NUMBER, "page 10", "GBP")


def test_a_typed_figure_stands_over_a_read_one(workspace: Workspace) -> None:
    add_figure(workspace, Typed(DOCUMENT, "cash", END, 55.0), author="A tester", reason="misread")
    assert figures(workspace)["cash"] == (55.0, "override", "value")


def test_a_withdrawn_figure_has_no_value(workspace: Workspace) -> None:
    add_figure(workspace, Typed(DOCUMENT, "net_assets", END, None), author="A tester", reason="typed in error")
    assert figures(workspace)["net_assets"] == (None, "override", "not_reliable")


def test_a_decision_changes_nothing_before_it_was_made(workspace: Workspace) -> None:
    before = NOW.replace(hour=8)
    workspace.ledger.add(
        "override",
        [{
            "override_id": "o", "subject": identifier("cash"), "field": "value", "old_value": "50.0",
            "new_value": "51.0", "author": "A tester", "decided_at": NOW.replace(hour=10), "reason": "later",
        }],
    )  # fmt: skip
    assert figures(workspace)["cash"][0] == 50.0
    assert figures(workspace, NOW.replace(hour=10))["cash"][0] == 51.0
    assert figures(workspace, before) == {}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (Typed("dddd", "cash", END, 1.0), "too short"),
        (Typed("f" * 64, "cash", END, 1.0), "0 sets of accounts"),
        (Typed(DOCUMENT, "casch", END, 1.0), "no such line"),
    ],
)
def test_what_cannot_be_typed_is_named(workspace: Workspace, typed: Typed, said: str) -> None:
    with pytest.raises(InputError, match=said):
        add_figure(workspace, typed, author="A tester", reason="for the test")


def test_an_unknown_figure_and_an_unsigned_decision_are_refused(workspace: Workspace) -> None:
    with pytest.raises(InputError, match="no figure"):
        decide_figure(workspace, "0" * 16, 1.0, author="A tester", reason="for the test")
    with pytest.raises(InputError, match="author and a reason"):
        decide_figure(workspace, identifier("cash"), 1.0, author=" ", reason="for the test")
    assert workspace.ledger.frame("override").is_empty()


def test_the_queue_has_its_columns_where_nothing_waits(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, ledger_url=f"sqlite:///{tmp_path / 'empty.sqlite'}", marking="OFFICIAL")
    with open_workspace(settings, lambda: NOW) as opened:
        queue = waiting(opened)
    assert isinstance(queue, pl.DataFrame)
    assert queue.is_empty()


def test_a_figure_that_waits_is_shown_beside_the_picture_of_its_place(workspace: Workspace) -> None:
    """The page picture is cut from the archived PDF; a document without pages says so instead."""
    document = workspace.archive.put(SCAN.read_bytes())
    moved = [
        dict(line(name, value, "conflict"), document_id=document, line_id=f"scan-{name}", locator=place)
        for name, value, place in (("stock", 5.0, "page 1 box 300.0,200.0,360.0,215.0"), ("cash", 7.0, "element 12"))
    ]
    workspace.ledger.add("document", [{"document_id": document, "media_type": "application/pdf", "size": 1}])
    workspace.ledger.add(
        "fetch",
        [{
            "fetch_id": "s", "source": "companies_house.accounts", "subject": "T2", "url": "u", "requested_at": NOW,
            "retrieved_at": NOW, "published_on": date(2025, 6, 1), "status": "ok", "document_id": document,
        }],
    )  # fmt: skip
    workspace.bulk.put("line", moved, month="2025-07", version=1)
    workspace.ledger.add(
        "reading", [{"document_id": document, "reader": "accounts", "version": 1, "rows": 2, "placed": 2}]
    )
    workspace.ledger.add(
        "fetch",
        [{
            "fetch_id": "t", "source": "companies_house.filing_history", "subject": "99000002", "url": "u",
            "requested_at": NOW, "retrieved_at": NOW, "status": "ok", "document_id": "f" * 64,
        }],
    )  # fmt: skip
    workspace.ledger.add(
        "filing",
        [{
            "transaction_id": "T2", "document_id": "f" * 64, "locator": "/items/0", "company_number": "99000002",
            "filed_on": date(2025, 6, 1), "category": "accounts", "description": "accounts",
        }],
    )  # fmt: skip
    page = review_sheet(workspace, "99000002").split("<section>")
    stock = next(section for section in page if "scan-stock" in section)
    png = base64.b64decode(stock.partition("base64,")[2].partition('"')[0])
    assert png.startswith(b"\x89PNG")
    assert len(png) > 1_000
    cash = next(section for section in page if "scan-cash" in section)
    assert "no page to cut a picture from" in cash
    assert "OFFICIAL" in page[0]
