"""What was cut out of the bulk files, to rows."""

from collections.abc import Mapping
from datetime import date, datetime

from collectors.bulk.contents import columns_of, row_of
from collectors.companies_house.company import known_number
from collectors.companies_house.people import owner_rows
from collectors.companies_house.record import Page, Record, parse
from collectors.reading import Origin, Reader, Rows
from collectors.source import source_named
from oversight.errors import InputError


def read_company_data(content: bytes, origin: Origin) -> Rows:
    """Lines of BasicCompanyData, the header first, to `candidate` rows.

    Raises:
        InputError: where the header lacks the number or the name.
    """
    rows = Rows()
    header, *found = content.splitlines()
    columns = columns_of(header)
    if not {"CompanyNumber", "CompanyName"} <= set(columns):
        raise InputError("not BasicCompanyData: no number or no name", where=origin.url, next_step="Collect it again.")
    for place, line in enumerate(found, 1):
        cells = dict(zip(columns, row_of(line), strict=False))
        number, name = known_number(cells.get("CompanyNumber")), cells.get("CompanyName", "").strip()
        if number is None or not name:
            rows.issue(origin, "missing_field", "a line without number or name is left out", locator=f"line {place}")
            continue
        earlier = [cells.get(f"PreviousName_{count}.CompanyName", "").strip() for count in range(1, 11)]
        rows.add(
            "candidate",
            document_id=origin.document_id,
            locator=f"line {place}",
            company_number=number,
            name=name,
            status=cells.get("CompanyStatus", "").strip().lower().replace(" ", "-") or None,
            incorporated_on=_day(cells.get("IncorporationDate", "")),
            previous_names=" | ".join(filter(None, earlier)) or None,
        )
    return rows


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text.strip(), "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        return None


def read_psc_snapshot(content: bytes, origin: Origin) -> Rows:
    """Lines of the PSC snapshot to `ownership` rows, as the register's own answers are read.

    Raises:
        InputError: where a line is no JSON object.
    """
    rows = Rows()
    page = Page(origin, rows, source_named("companies_house.psc").ignored_fields)
    for place, line in enumerate(content.splitlines(), 1):
        told = parse(line, f"{origin.url}, line {place}")
        number = known_number(told.get("company_number") if isinstance(told.get("company_number"), str) else None)
        data = told.get("data")
        if number is None or not isinstance(data, dict):
            rows.issue(origin, "missing_field", "a line without company or data is left out", locator=f"line {place}")
            continue
        owner_rows(Record(data, page, ("items", place - 1)), origin, rows, number)
    return rows


READERS: Mapping[str, Reader] = {
    reader.name: reader
    for reader in (
        Reader("companies_house.company_data", 1, read_company_data),
        Reader("companies_house.psc_snapshot", 1, read_psc_snapshot),
    )
}
