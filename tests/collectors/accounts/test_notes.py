"""Notes printed in tables: their titles, their columns and the lines they hold."""

import pytest

from tests.collectors.accounts.documents import NOW, THEN, figure, line, lines, rows_of
from tests.collectors.accounts.test_statements import statements

TITLED = [
    (
        "<tr><td>6.</td><td>CREDITORS: AMOUNTS FALLING DUE WITHIN ONE YEAR</td></tr>"
        "<tr><td></td><td>31 March 2025</td><td>31 March 2024</td></tr>"
    ),
    "<tr><td>6 Creditors: amounts falling due within one year</td><td>2025</td><td>2024</td></tr>",
    (
        "<tr><td>6. Trade and other payables: amounts falling due within one year</td></tr>"
        "<tr><td></td><td>2025</td><td>2024</td></tr>"
    ),
]


def notes(rows: str) -> dict[str, tuple[float, float]]:
    """This year's and last year's figure of each line of the notes."""
    found: dict[bool, dict[str, float]] = {False: {}, True: {}}
    for each in statements(f"<h2>Notes to the financial statements</h2><table>{rows}</table>"):
        found[each.comparative] |= {name: float(reading.value) for name, reading in each.readings.items()}
    return {name: (now, found[True][name]) for name, now in found[False].items() if name in found[True]}


def row(caption: str, now: str, then: str) -> str:
    return f"<tr><td>{caption}</td><td>{now}</td><td>{then}</td></tr>"


@pytest.mark.parametrize("title", TITLED)
def test_a_note_is_opened_by_its_title_and_not_by_the_dates_over_its_columns(title: str) -> None:
    rows = (
        title
        + "<tr><td></td><td>£</td><td>£</td></tr>"
        + row("Bank loans", "70", "80")
        + row("Trade creditors", "1,200", "1,100")
        + row("Taxation and social security", "30", "20")
        + row("Directors&#8217; loan accounts", "5", "6")
        + row("Other loans", "11", "-")
    )
    assert notes(rows) == {
        "bank_loans_within_one_year": (-70, -80),
        "trade_creditors": (-1200, -1100),
        "taxation_within_one_year": (-30, -20),
        "owed_to_directors": (-5, -6),
        "other_loans_within_one_year": (-11, 0),
    }


def test_tax_is_owed_among_creditors_and_owing_among_debtors() -> None:
    heads = "<tr><td></td><td>2025</td><td>2024</td></tr>"
    owing = f"<tr><td>5. Debtors</td></tr>{heads}{row('Trade debtors', '900', '800')}{row('Tax', '40', '50')}"
    owed = f"<tr><td>6. Creditors: due within one year</td></tr>{heads}{row('Tax', '60', '70')}"
    assert notes(owing + owed) == {
        "trade_debtors": (900, 800),
        "corporation_tax_recoverable": (40, 50),
        "corporation_tax_payable": (-60, -70),
    }


def test_what_the_operating_profit_is_after() -> None:
    rows = (
        "<tr><td>4. Operating profit is stated after charging:</td></tr><tr><td></td><td>2025</td><td>2024</td></tr>"
        + row("Depreciation - owned assets", "72", "92")
        + row("Depreciation - assets on hire purchase contracts", "8", "9")
        + row("Other operating leases", "158", "145")
        + row("Auditors' remuneration", "5", "5")
    )
    assert notes(rows) == {
        "depreciation_owned": (-72, -92),
        "depreciation_leased": (-8, -9),
        "operating_lease_rent": (-158, -145),
        "audit_fees": (-5, -5),
    }


def test_shares_allotted_are_read_where_the_note_counts_them() -> None:
    rows = (
        "<tr><td>7. Called up share capital</td></tr><tr><td></td><td>2025</td><td>2024</td></tr>"
        "<tr><td></td><td>£</td><td>£</td></tr>" + row("100 Ordinary shares of £1 each", "100", "90")
    )
    assert notes(rows) == {"allotted_shares": (100, 90)}


def test_creditors_are_read_by_when_they_fall_due_however_it_is_said() -> None:
    heads = "<tr><td></td><td>2025</td><td>2024</td></tr>"
    for after in ("Amounts falling due after more than one year", "Amounts falling after more than one year"):
        note = f"<tr><td>7. Creditors: {after}</td></tr>{heads}{row('Bank loans', '60', '70')}"
        assert notes(note) == {"bank_loans_after_one_year": (-60, -70)}


def test_a_head_count_that_is_printed_and_not_tagged_is_read() -> None:
    tagged = [
        figure(concept, when, "70") for concept in ("NetAssetsLiabilities", "CurrentAssets") for when in (NOW, THEN)
    ]
    note = "<h2>Notes to the financial statements</h2><p>2. Employees</p>"
    rows = rows_of(*tagged, note, "<p>The average number of employees during the year was 6 (2024 - 5).</p>")
    assert lines(rows)["average_employees"] == 6
    assert lines(rows, comparative=True)["average_employees"] == 5
    assert line(rows, "average_employees")["method"] == "printed"
