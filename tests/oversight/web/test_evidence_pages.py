"""The evidence of a figure as a page, and the filed document in its sandbox."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from starlette.testclient import TestClient

from oversight.model.evidence import schema_of
from oversight.pipeline.workspace import open_workspace
from oversight.web.app import create_app
from tests.oversight.web.conftest import NEWEST, NOW, settings, write_run
from tests.reports.invented_view import view

DOCUMENT = (
    '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"><head>'
    "<style>.a{background:url(https://evil.example/x)} td{color:#000}</style></head>"
    "<body onload='alert(1)'><script>alert('evil')</script><form action='https://evil.example'><table><tr>"
    "<td>Turnover &amp; <b>income</b></td><td>1,250</td></tr></table></form>"
    "<img src='https://evil.example/pixel.png'/></body></html>"
)
LOCATOR = "Profit and loss account, column 1: body/form/table/tr/td[2]"
ACCOUNT = "p1/turnover"


def _indicator() -> str:
    """An indicator of the invented run that has a value."""
    rows = view("Larkrise Example Holdings Limited").tables["indicator"].filter(pl.col("value").is_not_null())
    return str(rows.sort("indicator_id")["indicator_id"][0])


@dataclass(frozen=True)
class Shown:
    client: TestClient
    document: str


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[Shown]:
    """A run whose one account rests on an archived document that is hostile."""
    given = settings(tmp_path, web_local_name="An Analyst (invented)", web_hosts=["testserver", "127.0.0.1"])
    with open_workspace(given, lambda: NOW) as opened:
        document = opened.archive.put(DOCUMENT.encode())
        fetch = {
            "fetch_id": "f", "source": "companies_house.accounts", "subject": "t1", "url": "https://example.org/a",
            "requested_at": NOW, "retrieved_at": NOW, "published_on": date(2026, 5, 1), "status": "ok",
            "document_id": document,
        }  # fmt: skip
        held = {"document_id": document, "media_type": "application/xhtml+xml", "size": len(DOCUMENT)}
        opened.ledger.add_all({"fetch": [fetch], "document": [held]})
        run = view("Larkrise Example Holdings Limited")
        account = {
            "account_id": ACCOUNT, "period_id": "p1", "line": "turnover", "value": 1250.0, "unit": "GBP",
            "status": "value", "line_id": None, "document_id": document, "locator": LOCATOR, "method": "printed",
            "confidence": 0.9,
        }  # fmt: skip
        visible = pl.DataFrame([{key: fetch.get(key) for key in run.tables["visible"].columns}
                                | {"media_type": held["media_type"]}], schema=run.tables["visible"].schema)  # fmt: skip
        tables = dict(run.tables) | {
            "account": pl.DataFrame([account], schema=schema_of("account").create_empty().schema),
            "visible": pl.concat([run.tables["visible"], visible]),
            "lineage": pl.DataFrame([{"item_id": _indicator(), "input_id": ACCOUNT, "role": "turnover"}]),
        }
        object.__setattr__(run, "tables", tables)
        write_run(opened, NEWEST, run)
        yield Shown(TestClient(create_app(opened), client=("127.0.0.1", 50_000)), document)


def test_a_figure_is_shown_with_its_document(shown: Shown) -> None:
    answer = shown.client.get(f"/evidence/{ACCOUNT}")
    assert answer.status_code == 200
    page = answer.text
    assert "£1,250" in page
    assert shown.document in page
    assert "1 May 2026" in page
    assert "22 November 2026 at 10:00am" in page
    assert "Open Government Licence" in page
    assert f'src="/documents/{shown.document}?item=p1%2Fturnover#oversight-figure" sandbox' in page
    assert "frame-src &#x27;self&#x27;" not in page
    assert answer.headers["content-security-policy"].endswith("frame-src 'self'")
    assert "unsafe" not in answer.headers["content-security-policy"]


def test_a_figure_that_rests_on_another_is_shown_with_the_document_below(shown: Shown) -> None:
    """The walk goes by lineage, which no page keeps in memory."""
    page = shown.client.get(f"/evidence/{_indicator()}").text
    assert "No filed document stands behind this figure" not in page
    assert shown.document in page
    assert "turnover" in page
    assert "£1,250" in page


def test_the_document_stands_in_a_sandbox_and_holds_nothing_that_runs_or_fetches(shown: Shown) -> None:
    answer = shown.client.get(f"/documents/{shown.document}", params={"item": ACCOUNT})
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"].split("; ")
    assert policy[0] == "sandbox"
    assert {"default-src 'none'", "style-src 'unsafe-inline'", "img-src data:", "frame-ancestors 'self'"} <= set(policy)
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert "evil" not in answer.text
    assert "<script" not in answer.text
    assert "onload" not in answer.text
    assert 'id="oversight-figure" title="turnover (printed)">1,250</mark>' in answer.text
    assert "Turnover &amp; <b>income</b>" in answer.text


@pytest.mark.parametrize(
    "address", ["/evidence/nothing", "/documents/abc?item=p1%2Fturnover", "/documents/abc", "/evidence/R-00000000.x"]
)
def test_what_is_not_there_is_said(shown: Shown, address: str) -> None:
    answer = shown.client.get(address)
    assert answer.status_code == 404
    assert "There is a problem" in answer.text


def test_a_document_that_the_figure_does_not_rest_on_is_not_shown(shown: Shown) -> None:
    """Who knows a hash cannot leaf through the archive: only what stands behind a figure of a run is shown."""
    answer = shown.client.get(f"/documents/{shown.document}", params={"item": "R-00000000"})
    assert answer.status_code == 404
