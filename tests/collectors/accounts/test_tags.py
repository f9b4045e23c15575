"""Tagged facts: exact value, context, dimensions, locator, whatever the markup looks like."""

from datetime import date

import pytest

from collectors.accounts.reader import read
from oversight.model.ids import row_id
from tests.collectors.accounts.documents import (
    INLINE_2008,
    INLINE_2013,
    NOW,
    ORIGIN,
    THEN,
    YEAR,
    context,
    document,
    fact,
    figure,
    issues,
    rows_of,
    said,
)


@pytest.mark.parametrize("inline", [INLINE_2008, INLINE_2013])
def test_a_fact_carries_its_value_context_unit_and_place(inline: str) -> None:
    where = context(NOW, "WithinOneYear")
    rows = read(document(figure("Creditors", where, "1,234", scale="3"), inline=inline), ORIGIN)

    read_fact = fact(rows, "Creditors")

    assert read_fact["value"] == "1234000"
    assert read_fact["number"] == 1_234_000.0
    assert read_fact["unit"] == "GBP"
    assert read_fact["namespace"] == "http://xbrl.frc.org.uk/fr/2023-01-01/core"
    assert (read_fact["period_start"], read_fact["period_end"]) == (None, date(2025, 3, 31))
    assert read_fact["dimensions"] == "MaturitiesOrExpirationPeriodsDimension=WithinOneYear"
    assert read_fact["locator"] == "now_WithinOneYear/Creditors/0"
    assert read_fact["fact_id"] == row_id(ORIGIN.document_id, "Creditors", where, 0)
    assert read_fact["company_number"] == "01234567"


def test_a_repeated_fact_is_kept_and_counted() -> None:
    rows = rows_of(figure("Equity", NOW, "5"), figure("Equity", NOW, "5"), figure("Equity", THEN, "4"))
    assert [each["locator"] for each in rows.tables["fact"]] == ["now/Equity/0", "now/Equity/1", "then/Equity/0"]
    assert len({each["fact_id"] for each in rows.tables["fact"]}) == 3


@pytest.mark.parametrize(
    ("inside", "more", "value"),
    [
        ("1,234", {}, "1234"),
        ("1,234", {"sign": "-"}, "-1234"),
        ("<span>1,</span><span>234</span>", {}, "1234"),
        ("1<ix:exclude> (restated) </ix:exclude>234", {}, "1234"),
        ("1\u2009234", {}, "1234"),
        ("1&#160;234", {}, "1234"),
        ("-", {"format": "ixt:zerodash"}, "0"),
        ("Nil", {"format": "ixt4:fixed-zero"}, "0"),
        ("1.234,50", {"format": "ixt4:num-comma-decimal"}, "1234.50"),
        ("1234", {"format": ""}, "1234"),
        ("250", {"scale": "-2", "format": ""}, "2.50"),
        ("1.5", {"scale": "6"}, "1500000"),
        ("", {"xsi:nil": "true"}, None),
    ],
)
def test_values_of_every_shape(inside: str, more: dict[str, str], value: str | None) -> None:
    rows = rows_of(figure("Equity", NOW, inside, **more))
    assert fact(rows, "Equity")["value"] == value


def test_nested_tags_are_two_facts_of_one_figure() -> None:
    inner = figure("Equity", NOW, "77", format="")
    rows = rows_of(figure("NetAssetsLiabilities", NOW, inner))
    assert fact(rows, "Equity")["value"] == "77"
    assert fact(rows, "NetAssetsLiabilities")["value"] == "77"


def test_a_hidden_fact_is_read() -> None:
    rows = rows_of("<p>Accounts</p>", hidden=figure("AverageNumberEmployeesDuringPeriod", YEAR, "7"))
    assert fact(rows, "AverageNumberEmployeesDuringPeriod")["number"] == 7.0


def test_text_continues_where_it_says_and_a_loop_ends() -> None:
    continued = '<ix:continuation id="b" continuedAt="c">and Sons</ix:continuation>'
    rows = rows_of(
        said("NameEntityAuditors", YEAR, "Bell", continuedAt="b"),
        continued,
        '<ix:continuation id="c" continuedAt="c">LLP</ix:continuation>',
    )
    assert str(fact(rows, "NameEntityAuditors")["value"]).startswith("Bell and Sons LLP")


def test_text_of_concepts_that_nothing_rests_on_is_not_kept() -> None:
    rows = rows_of(said("NameEntityOfficer", YEAR, "A Person"), figure("Equity", NOW, "1"))
    assert [each["concept"] for each in rows.tables["fact"]] == ["Equity"]


def test_a_fraction_is_its_quotient() -> None:
    rows = rows_of(
        '<ix:fraction name="core:ShareRatio" contextRef="now" unitRef="pure"><ix:numerator>1</ix:numerator>'
        "<ix:denominator>4</ix:denominator></ix:fraction>"
    )
    assert fact(rows, "ShareRatio")["value"] == "0.25"


def test_a_figure_that_is_no_number_is_kept_as_text_and_flagged() -> None:
    rows = rows_of(figure("Equity", NOW, "see note 4"))
    assert fact(rows, "Equity")["value"] == "see note 4"
    assert fact(rows, "Equity")["number"] is None
    assert "number_not_read" in issues(rows)


def test_a_figure_of_an_undeclared_context_is_kept_without_a_period() -> None:
    rows = rows_of(figure("Equity", "nowhere", "5"), figure("Debtors", "nowhere", "6"), figure("Equity", NOW, "7"))
    assert fact(rows, "Equity")["period_end"] is None
    assert fact(rows, "Equity")["value"] == "5"
    assert issues(rows).count("context_missing") == 1
    assert [line["value"] for line in rows.tables["line"] if line["line"] == "net_assets"] == [7.0]


def test_any_prefix_and_the_inline_namespace_as_default() -> None:
    content = document(figure("Equity", NOW, "5")).decode()
    renamed = content.replace("ix:", "q9:").replace("xmlns:ix=", "xmlns:q9=").replace("core:", "z:")
    renamed = renamed.replace("xmlns:core=", "xmlns:z=")
    default = content.replace("<ix:", "<").replace("</ix:", "</")
    default = default.replace('xmlns="http://www.w3.org/1999/xhtml"', f'xmlns="{INLINE_2013}"')
    for text in (renamed, default):
        assert fact(read(text.encode(), ORIGIN), "Equity")["value"] == "5"


PLAIN = """<?xml version="1.0"?>
<xbrli:xbrl xmlns:xbrli="http://www.xbrl.org/2003/instance" xmlns:pt="http://www.xbrl.org/uk/fr/gaap/pt/2004-12-01"
 xmlns:gc="http://www.xbrl.org/uk/fr/gcd/2004-12-01" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <pt:CashBankInHand contextRef="e" unitRef="u" decimals="0"> -25 </pt:CashBankInHand>
 <pt:Debtors contextRef="e" unitRef="u" precision="INF">7</pt:Debtors>
 <pt:Stocks contextRef="e" unitRef="u" xsi:nil="true"/>
 <gc:Dates><gc:BalanceSheetDate contextRef="e">2009-07-31</gc:BalanceSheetDate></gc:Dates>
 <pt:Shares><pt:ValueOrdinarySharesAllotted contextRef="e" unitRef="u" decimals="0">3</pt:ValueOrdinarySharesAllotted>
 </pt:Shares>
 <xbrli:context id="e"><xbrli:entity><xbrli:identifier scheme="www.companieshouse.gov.uk">3006</xbrli:identifier>
  <xbrli:segment><pt:Director>one</pt:Director></xbrli:segment></xbrli:entity>
  <xbrli:period><xbrli:instant>2009-08-01T00:00:00</xbrli:instant></xbrli:period></xbrli:context>
 <xbrli:unit id="u"><xbrli:divide><xbrli:unitNumerator><xbrli:measure>iso4217:GBP</xbrli:measure></xbrli:unitNumerator>
  <xbrli:unitDenominator><xbrli:measure>xbrli:shares</xbrli:measure></xbrli:unitDenominator></xbrli:divide></xbrli:unit>
</xbrli:xbrl>"""


def test_plain_xbrl_with_tuples_segments_and_ratios() -> None:
    rows = read(PLAIN.encode(), ORIGIN)

    assert fact(rows, "CashBankInHand")["value"] == "-25"
    assert fact(rows, "CashBankInHand")["unit"] == "GBP/shares"
    assert fact(rows, "CashBankInHand")["dimensions"] == "Director=one"
    assert fact(rows, "Debtors")["decimals"] == "INF"
    assert fact(rows, "Stocks")["value"] is None
    assert fact(rows, "ValueOrdinarySharesAllotted")["value"] == "3"


def test_midnight_at_the_start_of_a_day_is_the_end_of_the_day_before() -> None:
    rows = read(PLAIN.encode(), ORIGIN)
    assert fact(rows, "Debtors")["period_end"] == date(2009, 7, 31)


def test_a_typed_dimension_is_its_text() -> None:
    content = document(figure("Equity", NOW, "5")).decode()
    member = '<xbrldi:typedMember dimension="bus:Item"><bus:item>7</bus:item></xbrldi:typedMember>'
    typed = f"<xbrli:segment>{member}</xbrli:segment>"
    content = content.replace("</xbrli:entity>", f"{typed}</xbrli:entity>")
    assert fact(read(content.encode(), ORIGIN), "Equity")["dimensions"] == "Item=7"


def test_a_document_without_a_declaration_and_with_a_doctype_reads() -> None:
    doctype = (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">'
    )
    content = document("<p>a&nbsp;b</p>", figure("Equity", NOW, "1&nbsp;234"), declaration=doctype)
    assert fact(read(content, ORIGIN), "Equity")["value"] == "1234"


def test_utf_16_and_windows_1252_read() -> None:
    text = document(figure("Equity", NOW, "£5"), declaration="").decode()
    wide = f'<?xml version="1.0" encoding="UTF-16"?>{text}'.encode("utf-16")
    western = f'<?xml version="1.0" encoding="windows-1252"?>{text}'.encode("cp1252")
    for content in (wide, western):
        assert fact(read(content, ORIGIN), "Equity")["value"] == "5"


def test_markup_that_is_not_well_formed_is_mended_and_flagged() -> None:
    content = document("<p>one<br>two</p>", figure("Equity", NOW, "5"), "<td nowrap>x</td>")
    rows = read(content, ORIGIN)
    assert fact(rows, "Equity")["value"] == "5"
    assert "malformed_markup" in issues(rows)


def test_a_prefix_that_is_not_declared_is_mended() -> None:
    content = document(figure("Equity", NOW, "5")).replace(f'xmlns:ix="{INLINE_2013}" '.encode(), b"")
    content += b"<!-- http://www.xbrl.org/2013/inlineXBRL -->"
    assert fact(read(content, ORIGIN), "Equity")["value"] == "5"


def test_a_truncated_document_gives_what_it_has_and_an_error_issue() -> None:
    content = document(figure("Equity", NOW, "5"), "<p>more</p>" * 20)
    rows = read(content[:-150], ORIGIN)
    assert fact(rows, "Equity")["value"] == "5"
    cut = next(issue for issue in rows.tables["issue"] if issue["kind"] == "truncated_document")
    assert cut["severity"] == "error"
