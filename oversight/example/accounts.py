"""Any set of accounts of the example market as the register would serve it, and what it discloses."""

from oversight.example.filed import ixbrl, paper, scan, statements, xbrl
from oversight.example.filed.report import Figure, Report
from oversight.example.shapes import Accounts, Market

XHTML = "application/xhtml+xml"
XML = "application/xml"
PDF = "application/pdf"


def report_of(accounts: Accounts, company_name: str) -> Report:
    """The accounts as a reader sees them."""
    return statements.compose(accounts, company_name)


def resources(accounts: Accounts, company_name: str) -> dict[str, bytes]:
    """Every form in which the register holds the accounts, by media type. A scan has no text at all."""
    report = report_of(accounts, company_name)
    if accounts.medium == "scan":
        return {PDF: scan.render(paper.typeset(report))}
    if accounts.medium == "xbrl":
        return {PDF: paper.render(paper.typeset(report)), XML: xbrl.render(report)}
    return {PDF: paper.render(paper.typeset(report)), XHTML: ixbrl.render(report)}


def disclosed(accounts: Accounts, company_name: str) -> list[Figure]:
    """Every figure the tagged document discloses (for a scan, that the image shows), each once."""
    report = report_of(accounts, company_name)
    if accounts.medium == "xbrl":
        return xbrl.told(report)
    seen: set[tuple[str, bool, bool]] = set()
    figures = []
    for figure in report.figures():
        key = (figure.line, figure.comparative, figure.consolidated)
        if key not in seen:
            seen.add(key)
            figures.append(figure)
    return figures


def names(market: Market) -> dict[str, str]:
    """Name of each company by number."""
    return {company.number: company.name for company in market.companies}
