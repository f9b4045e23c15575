"""Tags and print weighed against each other."""

from collectors.accounts.reader import READER
from collectors.reading import Row, Rows
from tests.collectors.accounts import layouts
from tests.collectors.accounts.documents import (
    LAST_YEAR,
    NOW,
    YEAR,
    context,
    figure,
    issues,
    line,
    lines,
    row,
    rows_of,
    said,
)

SCOPE = said("ScopeAccounts", context(YEAR, "ConsolidatedGroupCompanyAccounts"), "Group accounts")
PERIOD = figure("ProfitLoss", YEAR, "70") + figure("ProfitLoss", LAST_YEAR, "60")
GROUP_PROFIT = [
    ("", "Note", "2025", "2024"),
    ("", "", "£", "£"),
    ("Turnover", "3", "1,000", "900"),
    ("Cost of sales", "", "(600)", "(500)"),
    ("Gross profit", "", "400", "400"),
    ("Administrative expenses", "", "(300)", "(310)"),
    ("Operating profit", "4", "100", "90"),
    ("Tax on profit", "5", "(30)", "(20)"),
]


def group_statement(
    rows: list[tuple[str, str, str, str]], heading: str = "Consolidated profit and loss account"
) -> str:
    return layouts.one_table(heading, rows)


def balance(*rows: str, heading: str = "Balance sheet") -> str:
    return f"<h2>{heading}</h2><table>{row('', '2025', '2024')}{''.join(rows)}</table>"


def place(rows: Rows, name: str, *, consolidated: bool = False) -> Row:
    return next(
        each
        for each in rows.tables["line"]
        if (each["line"], each["consolidated"], each["comparative"]) == (name, consolidated, False)
    )


def test_the_version_is_raised_as_rows_come_out_differently() -> None:
    assert READER.version >= 2


def test_what_only_the_page_gives_is_printed_with_its_place() -> None:
    rows = rows_of(SCOPE, PERIOD, figure("Equity", NOW, "5"), group_statement(GROUP_PROFIT))
    turnover = place(rows, "turnover", consolidated=True)
    assert (turnover["value"], turnover["method"], turnover["fact_id"]) == (1000, "printed", None)
    assert turnover["concept"] == "Turnover"
    assert turnover["locator"] == "Consolidated profit and loss account, column 1: body/table/tr[3]/td[3]"
    assert float(str(turnover["confidence"])) >= 0.9, "turnover less cost of sales is gross profit"
    assert lines(rows, consolidated=True, comparative=True)["operating_profit"] == 90


def test_the_parent_is_never_the_group() -> None:
    printed = balance(row("Cash at bank", "50", "40"), row("Net assets", "70", "60"), heading="Company balance sheet")
    rows = rows_of(SCOPE, PERIOD, printed)
    assert lines(rows)["cash"] == 50
    assert "cash" not in lines(rows, consolidated=True)


def test_a_neutral_statement_of_a_group_document_is_used_only_where_its_sibling_is_headed() -> None:
    unheaded = balance(row("Cash at bank", "50", "40"), row("Net assets", "70", "60"))
    rows = rows_of(SCOPE, PERIOD, unheaded)
    assert "cash" not in lines(rows) | lines(rows, consolidated=True)
    headed = balance(row("Cash at bank", "5", "4"), row("Net assets", "7", "6"), heading="Company balance sheet")
    rows = rows_of(SCOPE, PERIOD, unheaded, headed)
    assert (lines(rows)["cash"], lines(rows, consolidated=True)["cash"]) == (5, 50)


def test_silence_is_never_zero() -> None:
    rows = rows_of(SCOPE, PERIOD, group_statement(GROUP_PROFIT))
    assert not {"bank_loans_within_one_year", "cash", "net_assets"} & set(lines(rows, consolidated=True))


def test_a_figure_both_say_is_tagged_and_surer() -> None:
    tagged = figure("CashBankOnHand", NOW, "50")
    rows = rows_of(PERIOD, balance(row("Current assets"), row("Cash at bank", tagged, "40")))
    assert line(rows, "cash")["method"] == "tagged"
    assert float(str(line(rows, "cash")["confidence"])) >= 0.99


def adding_up(net_assets: str) -> str:
    return balance(
        row("Fixed assets", "300", "1"),
        row("Current assets", "250", "1"),
        row("Creditors: amounts falling due within one year", "(50)", "(1)"),
        row("Net current assets", "200", "1"),
        row("Total assets less current liabilities", "500", "1"),
        row("Net assets", net_assets, "1"),
    )


def test_a_tag_that_differs_from_a_print_that_adds_up_is_in_conflict() -> None:
    rows = rows_of(PERIOD, figure("NetAssetsLiabilities", NOW, "410"), adding_up("500"))
    net_assets = line(rows, "net_assets")
    assert (net_assets["method"], net_assets["confidence"]) == ("conflict", 0.5)
    assert "print_differs_from_tag" in issues(rows)


def test_a_print_that_does_not_add_up_is_doubted_and_yields_to_a_tag() -> None:
    rows = rows_of(PERIOD, figure("NetAssetsLiabilities", NOW, "410"), adding_up("480"))
    assert (line(rows, "net_assets")["method"], line(rows, "net_assets")["value"]) == ("tagged", 410)
    rows = rows_of(PERIOD, adding_up("480"))
    assert float(str(line(rows, "net_assets")["confidence"])) <= 0.5
    assert "printed_statement_does_not_add_up" in issues(rows)


def test_a_document_whose_statements_are_tagged_is_not_read_from_its_page() -> None:
    tagged = row("Net assets", figure("NetAssetsLiabilities", NOW, "500"), "1")
    current = row("Current assets", figure("CurrentAssets", NOW, "500"), "1")
    rows = rows_of(PERIOD, balance(row("Fixed assets", "7", "1"), current, tagged))
    assert "fixed_assets" not in lines(rows)


def test_a_profit_and_loss_account_of_a_company_that_no_tag_gives_is_read() -> None:
    tagged = row("Net assets", figure("NetAssetsLiabilities", NOW, "500"), "1")
    current = row("Current assets", figure("CurrentAssets", NOW, "500"), "1")
    rows = rows_of(PERIOD, balance(current, tagged), group_statement(GROUP_PROFIT, "Profit and loss account"))
    assert lines(rows)["operating_profit"] == 100
    assert lines(rows)["tax"] == -30
