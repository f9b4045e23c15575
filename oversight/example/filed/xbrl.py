"""A small company's balance sheet as plain XBRL in the old Companies House form: facts and no page."""

from xml.sax.saxutils import escape

from oversight.example.filed.contexts import SCHEME
from oversight.example.filed.report import Figure, Report

_AE = "http://www.companieshouse.gov.uk/ef/xbrl/uk/fr/gaap/ae/2009-06-21"
_SCHEMA = f"{_AE}/uk-gaap-ae-2009-06-21.xsd"
_PT = "http://www.xbrl.org/uk/fr/gaap/pt/2004-12-01"
_GC = "http://www.xbrl.org/uk/fr/gcd/2004-12-01"


def told(report: Report) -> list[Figure]:
    """The figures that the old taxonomy has a concept for, each once: the face of the balance sheet."""
    seen: set[tuple[str, bool]] = set()
    figures = []
    for figure in report.figures():
        key = (figure.line, figure.comparative)
        if figure.concept.old is not None and key not in seen:
            seen.add(key)
            figures.append(figure)
    return figures


def render(report: Report) -> bytes:
    """A report as a plain XBRL document."""
    accounts = report.accounts
    dormant = "CompanyDormant" if accounts.form == "dormant" else "CompanyNotDormant"
    facts = "\n".join(
        f'<pt:{figure.concept.old} contextRef="{"eFY0" if figure.comparative else "eFY1"}" decimals="0" unitRef="GBP">'
        f"{figure.tagged}</pt:{figure.concept.old}>"
        for figure in told(report)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<xbrl xmlns="http://www.xbrl.org/2003/instance" xmlns:ae="{_AE}" xmlns:gc="{_GC}" xmlns:pt="{_PT}" '
        'xmlns:iso4217="http://www.xbrl.org/2003/iso4217" xmlns:link="http://www.xbrl.org/2003/linkbase" '
        'xmlns:xlink="http://www.w3.org/1999/xlink">\n<!-- Invented example data: no such company exists. -->\n'
        f'<link:schemaRef xlink:href="{_SCHEMA}" xlink:type="simple"/>\n'
        f'<ae:{dormant} contextRef="yFY1">true</ae:{dormant}>\n'
        f'<ae:CompaniesHouseRegisteredNumber contextRef="yFY1">{escape(accounts.company_number)}'
        "</ae:CompaniesHouseRegisteredNumber>\n"
        f'<gc:EntityNames><gc:EntityCurrentLegalName contextRef="yFY1">{escape(report.company_name)}'
        "</gc:EntityCurrentLegalName></gc:EntityNames>\n"
        f'<gc:BalanceSheetDate contextRef="eFY1">{accounts.period_end}</gc:BalanceSheetDate>\n{facts}\n'
        '<ae:MembersHaveNotRequiredCompanyToObtainAnAudit contextRef="yFY1">true'
        "</ae:MembersHaveNotRequiredCompanyToObtainAnAudit>\n"
        + _context("yFY1", accounts.company_number, _duration(accounts.period_start, accounts.period_end))
        + _context("eFY1", accounts.company_number, f"<instant>{accounts.period_end}</instant>")
        + _context("eFY0", accounts.company_number, f"<instant>{accounts.comparative_end}</instant>")
        + '<unit id="GBP"><measure>iso4217:GBP</measure></unit>\n</xbrl>\n'
    ).encode()


def _duration(start: object, end: object) -> str:
    return f"<startDate>{start}</startDate><endDate>{end}</endDate>"


def _context(name: str, number: str, period: str) -> str:
    return (
        f'<context id="{name}"><entity><identifier scheme="{SCHEME}">{escape(number)}</identifier></entity>'
        f"<period>{period}</period></context>\n"
    )
