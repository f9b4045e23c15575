"""Accounts that are a page without a tag are read from the print alone, and say so."""

import pytest

from collectors.accounts.reader import read
from collectors.reading import Rows
from tests.collectors.accounts.documents import ORIGIN, issues, line, lines, statements
from tests.collectors.accounts.layouts import one_table
from tests.collectors.accounts.test_statements import BALANCE

TITLE = "<h1>EXAMPLE HOMES LIMITED</h1><p>Registered number: 01234567</p><p>For the year ended 31 March 2025</p>"
WORDS = (
    "<p>For the year ended 31 March 2025 the company was entitled to exemption from audit under section 477 of the "
    "Companies Act 2006 relating to small companies.</p>"
)
XHTML = '<html xmlns="http://www.w3.org/1999/xhtml"><body>{}</body></html>'
LOOSE = (
    "<!DOCTYPE html><html><head><meta charset=utf-8><title>Accounts</title></head><body>{}<br><img src=a.png></html>"
)


def page(body: str, frame: str = XHTML) -> Rows:
    return read(frame.format(body).encode(), ORIGIN)


@pytest.mark.parametrize("frame", [XHTML, LOOSE])
def test_a_balance_sheet_without_tags_is_read_and_said_to_rest_on_print(frame: str) -> None:
    rows = page(TITLE + one_table("Balance sheet as at 31 March 2025", BALANCE) + WORDS, frame)

    assert lines(rows)["net_assets"] == 500
    assert lines(rows)["creditors_within_one_year"] == -2900
    assert lines(rows, comparative=True)["net_assets"] == 1500
    assert line(rows, "net_assets")["method"] == "printed"
    assert line(rows, "net_assets")["company_number"] == "01234567"
    assert str(line(rows, "net_assets")["period_end"]) == "2025-03-31"
    assert rows.tables.get("fact", []) == []
    assert "print_only" in issues(rows)
    assert "untagged_accounts" not in issues(rows)
    assert statements(rows)["audit_opinion"] == "unaudited"


def test_a_page_that_names_no_period_is_not_read() -> None:
    rows = page(one_table("Balance sheet", [("Net assets", "", "500", "1,500")]))
    assert rows.tables.get("line", []) == []
    assert issues(rows) == ["untagged_accounts"]
    assert "no page says for which period" in str(rows.tables["issue"][0]["message"])


def test_a_page_without_a_statement_is_not_read() -> None:
    rows = page(TITLE + "<p>Nothing else.</p>")
    assert rows.tables.get("line", []) == []
    assert issues(rows) == ["untagged_accounts"]


def test_an_inline_document_whose_tags_were_lost_is_read_as_a_page() -> None:
    inline = XHTML.replace("<html ", '<html xmlns:ix="http://www.xbrl.org/2013/inlineXBRL" ')
    rows = page(TITLE + one_table("Balance sheet as at 31 March 2025", BALANCE), inline)
    assert lines(rows)["net_assets"] == 500
    assert "print_only" in issues(rows)


def test_a_page_that_declares_entities_is_refused() -> None:
    hostile = "<!DOCTYPE html [<!ENTITY a 'b'>]><html><body>&a;</body></html>"
    assert issues(read(hostile.encode(), ORIGIN)) == ["hostile_input"]


def test_the_period_before_a_short_one_ends_the_day_before_it() -> None:
    rows = page(
        "<p>Registered number: 01234567</p><p>For the Period 1 July 2024 to 31 March 2025</p>"
        + one_table(
            "Balance sheet as at 31 March 2025",
            [("", "", "31 March 2025", "30 June 2024"), ("Net assets", "", "500", "1,500")],
        )
        + "<p>As at 1 July 2024 the company held nothing.</p>"
    )
    assert lines(rows)["net_assets"] == 500
    assert lines(rows, comparative=True)["net_assets"] == 1500
    ends = {str(each["period_end"]) for each in rows.tables["line"]}
    assert ends == {"2025-03-31", "2024-06-30"}
