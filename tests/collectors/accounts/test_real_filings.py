"""Real filings: small ones kept as fixtures, and the evaluation set where it is at hand."""

import csv
from pathlib import Path

import pytest

from collectors.accounts.files import read_path
from collectors.accounts.reader import read_document
from collectors.reading import Origin, Rows
from tests.benchmarks.accounts_reading import contents, headline, independent, is_money, ours, unplaced
from tests.benchmarks.printed_pages import agreement_of, lines_of
from tests.collectors.accounts.documents import issues, line, lines, statements

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "accounts"


def one(name: str) -> tuple[Origin, Rows]:
    (read,) = read_path(FIXTURES / name)
    return read


def test_a_group_whose_software_tags_only_the_parents_balance_sheet_is_read_from_the_page() -> None:
    _, rows = one("Prod223_2911_03694027_20191231.html.gz")
    group, company = lines(rows, consolidated=True), lines(rows)

    assert group["turnover"] == 10_848_930
    assert group["profit_before_tax"] == 460_084
    assert group["profit_after_tax"] == 499_841
    assert group["average_employees"] == 145
    assert company["profit_after_tax"] == 21_861
    assert company["net_assets"] == 379_350
    assert company["creditors_within_one_year"] == -477_185
    assert group["operating_profit"] == 351_729
    assert group["net_assets"] == 2_931_558
    assert group["cash"] == 1_199_772
    assert group["creditors_within_one_year"] == -2_659_005
    assert group["finance_leases_within_one_year"] == -792
    methods = {
        (str(each["line"]), each["consolidated"]): (each["method"], each["fact_id"] is None, str(each["locator"]))
        for each in rows.tables["line"]
        if not each["comparative"]
    }
    method, untagged, place = methods["net_assets", True]
    assert (method, untagged) == ("printed", True)
    assert place.startswith("CONSOLIDATED BALANCE SHEET, column 1: body/")
    assert methods["net_assets", False][0] == "tagged"
    assert lines(rows, consolidated=True, comparative=True)["turnover"] == 10_182_339
    assert statements(rows)["audit_opinion"] == "clean"
    assert statements(rows)["auditor"] == "Langdowns DFK Limited"
    assert statements(rows)["going_concern"] == "none_stated"


def test_plain_xbrl_of_2009() -> None:
    _, rows = one("Prod224_9953_00003006_20090731.xml.gz")
    assert lines(rows)["net_assets"] == 25_853
    assert lines(rows)["share_capital"] == 25_000
    assert lines(rows, comparative=True)["profit_and_loss_reserve"] == 853
    assert line(rows, "net_assets")["company_number"] == "00003006"


def test_a_daily_zip_with_a_nested_package_and_junk() -> None:
    read = list(read_path(FIXTURES / "Accounts_Bulk_Data-2025-05-03.zip"))
    numbers = [rows.tables["line"][0]["company_number"] for _, rows in read if rows.tables.get("line")]
    assert sorted(map(str, numbers)) == ["00225951", "15052776"]
    assert [kind for _, rows in read for kind in issues(rows)] == ["package_member_skipped"]


@pytest.mark.parametrize(
    ("name", "number"),
    [("Prod223_3517_13756628_20221130.html.gz", "13756628"), ("Prod223_3517_00035838_20221231.html.gz", "00035838")],
)
def test_micro_entities_add_up(name: str, number: str) -> None:
    _, rows = one(name)
    assert issues(rows) == []
    assert line(rows, "net_assets")["confidence"] == 1.0
    assert line(rows, "net_assets")["company_number"] == number


@pytest.fixture(scope="module")
def everything(shared_data: Path) -> list[tuple[str, bytes]]:
    return contents(shared_data / "accounts")


@pytest.mark.shared
def test_every_real_document_is_read_and_its_figures_reach_lines(shared_data: Path) -> None:
    read = [
        (origin, rows)
        for folder in ("bulk", "ixbrl_anonymised", "ixbrl_small", "xbrl_old")
        for origin, rows in read_path(shared_data / "accounts" / folder)
        if rows.tables.get("fact")
    ]
    assert len(read) >= 297
    assert not [issue for _, rows in read for issue in rows.tables["issue"] if issue["severity"] == "error"]
    assert all(rows.tables.get("line") for _, rows in read)


@pytest.mark.shared
def test_most_money_reaches_a_line(everything: list[tuple[str, bytes]]) -> None:
    money = missing = 0
    for name, content in everything:
        rows = Rows()
        read_document(content, Origin(name, "test", "", name), rows)
        money += sum(is_money(fact) for fact in rows.tables.get("fact", ()))
        missing += unplaced(rows).total()
    assert money > 11_000
    assert 1 - missing / money > 0.78


@pytest.mark.shared
def test_an_independent_reader_reads_the_same_figures(everything: list[tuple[str, bytes]]) -> None:
    compared = 0
    for name, content in everything[::3]:
        rows = Rows()
        read_document(content, Origin(name, "test", "", name), rows)
        mine = ours(rows)
        assert mine == independent(content), name
        compared += mine.total()
    assert compared > 3000


@pytest.mark.shared
def test_no_headline_figure_is_wrong(shared_data: Path) -> None:
    figures = headline(shared_data / "accounts" / "ixbrl_full")
    assert figures is not None
    assert figures.wrong == []
    assert figures.right == 71
    assert figures.absent == 0


@pytest.mark.shared
def test_what_the_pages_print_is_what_the_tags_say(everything: list[tuple[str, bytes]]) -> None:
    found = agreement_of(everything)
    assert found.documents > 170
    for statement, precision, recall in (
        ("balance_sheet", 0.999, 0.94),
        ("profit_and_loss", 0.995, 0.81),
        ("cash_flow", 0.85, 0.65),
        ("notes", 0.99, 0.60),
    ):
        assert found.precision(lines_of(statement)) >= precision, statement
        assert found.recall(lines_of(statement)) >= recall, statement
    assert len(found.believed_wrong) <= 1, "a figure printed as 24,372 is tagged as 24,371"


@pytest.mark.shared
def test_a_scanned_filing_is_read_from_its_picture(shared_data: Path) -> None:
    ((_, rows),) = read_path(shared_data / "accounts" / "pdf_scanned" / "04802747.pdf")
    read_figures = {(line["line"], str(line["period_end"])): line["value"] for line in rows.tables["line"]}
    with (Path(__file__).parents[2] / "fixtures" / "accounts" / "scanned_truth.csv").open(newline="") as stream:
        true = [row for row in csv.DictReader(stream) if row["file"] == "04802747.pdf" and float(row["value_gbp"])]
    assert len(true) >= 8
    for row in true:
        assert read_figures[row["line"], row["period_end"]] == float(row["value_gbp"]), row
    assert {line["method"] for line in rows.tables["line"]} <= {"image", "derived"}
    assert not set(issues(rows)) & {"image_only_accounts", "figure_needs_review"}
