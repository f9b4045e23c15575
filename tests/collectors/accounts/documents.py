"""Tiny inline XBRL documents, made of a few tagged figures, and the rows read from them."""

from datetime import date

from collectors.accounts.reader import read
from collectors.reading import Origin, Row, Rows

ORIGIN = Origin("d" * 64, "companies_house.accounts", "01234567", "https://example.test/document", date(2026, 1, 2))

INLINE_2013 = "http://www.xbrl.org/2013/inlineXBRL"
INLINE_2008 = "http://www.xbrl.org/2008/inlineXBRL"
_TAXONOMY = "http://xbrl.frc.org.uk/fr/2023-01-01/core"
_BUSINESS = "http://xbrl.frc.org.uk/cd/2023-01-01/business"

NOW, THEN, YEAR, LAST_YEAR = "now", "then", "year", "lastyear"
_PERIODS = {
    NOW: "<xbrli:instant>2025-03-31</xbrli:instant>",
    THEN: "<xbrli:instant>2024-03-31</xbrli:instant>",
    YEAR: "<xbrli:startDate>2024-04-01</xbrli:startDate><xbrli:endDate>2025-03-31</xbrli:endDate>",
    LAST_YEAR: "<xbrli:startDate>2023-04-01</xbrli:startDate><xbrli:endDate>2024-03-31</xbrli:endDate>",
}
AXES = {
    "Consolidated": "bus:GroupCompanyDataDimension",
    "ConsolidatedGroupCompanyAccounts": "bus:ScopeAccountsDimension",
    "WithinOneYear": "core:MaturitiesOrExpirationPeriodsDimension",
    "AfterOneYear": "core:MaturitiesOrExpirationPeriodsDimension",
    "BetweenTwoFiveYears": "core:MaturitiesOrExpirationPeriodsDimension",
    "CurrentFinancialInstruments": "core:FinancialInstrumentCurrentNon-currentDimension",
    "Non-currentFinancialInstruments": "core:FinancialInstrumentCurrentNon-currentDimension",
    "ShareCapital": "core:EquityClassesDimension",
    "RetainedEarningsAccumulatedLosses": "core:EquityClassesDimension",
    "UnitedKingdom": "core:GeographicSegmentsDimension",
    "TotalGeographicSegmentsIncludingAnyUnallocatedAmount": "core:GeographicSegmentsDimension",
    "RestatedAmount": "core:RestatementsFirstTimeAdoptionDimension",
    "PlantMachinery": "core:PropertyPlantEquipmentClassesDimension",
    "FullAccounts": "bus:AccountsTypeDimension",
    "AuditExempt-NoAccountantsReport": "bus:AccountsStatusDimension",
}


def context(name: str, *members: str) -> str:
    """The id of a context: its period, then its members, joined by `_`."""
    return "_".join((name, *members))


def _declared(names: list[str], entity: str, scheme: str) -> str:
    return "".join(_context(name, entity, scheme) for name in names)


def _context(name: str, entity: str, scheme: str) -> str:
    period, *members = name.split("_")
    inside = "".join(
        f'<xbrldi:explicitMember dimension="{AXES[member]}">{AXES[member].partition(":")[0]}:{member}'
        "</xbrldi:explicitMember>"
        for member in members
    )
    segment = f"<xbrli:segment>{inside}</xbrli:segment>" if inside else ""
    return (
        f'<xbrli:context id="{name}"><xbrli:entity><xbrli:identifier scheme="{scheme}">{entity}</xbrli:identifier>'
        f"{segment}</xbrli:entity><xbrli:period>{_PERIODS[period]}</xbrli:period></xbrli:context>"
    )


def figure(concept: str, where: str, text: str, **attributes: str) -> str:
    """A tagged figure. The format is `numdotdecimal` unless `format` is given; empty for none."""
    form = attributes.pop("format", "ixt:numdotdecimal")
    more = "".join(f' {name}="{value}"' for name, value in attributes.items())
    named = f' format="{form}"' if form else ""
    unit = "pure" if "Employees" in concept else "GBP"
    return (
        f'<ix:nonFraction name="core:{concept}" contextRef="{where}" unitRef="{unit}" decimals="0"{named}{more}>'
        f"{text}</ix:nonFraction>"
    )


def said(concept: str, where: str, text: str, **attributes: str) -> str:
    """A tagged text."""
    more = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<ix:nonNumeric name="bus:{concept}" contextRef="{where}"{more}>{text}</ix:nonNumeric>'


def row(caption: str, *cells: str) -> str:
    """A row of a table."""
    return f"<tr><td>{caption}</td>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def document(
    *body: str,
    hidden: str = "",
    inline: str = INLINE_2013,
    entity: str = "01234567",
    scheme: str = "http://www.companieshouse.gov.uk/",
    declaration: str = '<?xml version="1.0" encoding="UTF-8"?>',
) -> bytes:
    """An inline document that declares exactly the contexts its body refers to."""
    content = "".join(body)
    used = sorted({part.split('"')[0] for part in (content + hidden).split('contextRef="')[1:]})
    known = [name for name in used if name.split("_")[0] in _PERIODS]
    header = (
        f"<ix:header><ix:hidden>{hidden}</ix:hidden><ix:resources>{_declared(known, entity, scheme)}"
        '<xbrli:unit id="GBP"><xbrli:measure>iso4217:GBP</xbrli:measure></xbrli:unit>'
        '<xbrli:unit id="pure"><xbrli:measure>xbrli:pure</xbrli:measure></xbrli:unit></ix:resources></ix:header>'
    )
    return (
        f'{declaration}<html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="{inline}" '
        'xmlns:ixt="http://www.xbrl.org/inlineXBRL/transformation/2011-07-31" '
        'xmlns:xbrli="http://www.xbrl.org/2003/instance" xmlns:xbrldi="http://xbrl.org/2006/xbrldi" '
        'xmlns:iso4217="http://www.xbrl.org/2003/iso4217" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xmlns:core="{_TAXONOMY}" xmlns:bus="{_BUSINESS}"><head><title>Accounts</title></head>'
        f'<body><div style="display:none">{header}</div>{content}</body></html>'
    ).encode()


def rows_of(*body: str, hidden: str = "") -> Rows:
    """The rows of a document with that body."""
    return read(document(*body, hidden=hidden), ORIGIN)


def fact(rows: Rows, concept: str, number: int = 0) -> Row:
    """The fact of that concept, by its order in the document."""
    return [each for each in rows.tables["fact"] if each["concept"] == concept][number]


def lines(rows: Rows, *, comparative: bool = False, consolidated: bool = False) -> dict[str, float]:
    """Value by line of one statement."""
    return {
        str(line["line"]): float(str(line["value"]))
        for line in rows.tables.get("line", [])
        if line["comparative"] is comparative and line["consolidated"] is consolidated
    }


def line(rows: Rows, name: str) -> Row:
    """The row of a line of the current period."""
    return next(each for each in rows.tables["line"] if each["line"] == name and not each["comparative"])


def issues(rows: Rows) -> list[str]:
    """Kinds of the issues, in order."""
    return [str(issue["kind"]) for issue in rows.tables.get("issue", [])]


def statements(rows: Rows) -> dict[str, str]:
    """Value by kind of what the words say."""
    return {str(saying["kind"]): str(saying["value"]) for saying in rows.tables.get("statement", [])}
