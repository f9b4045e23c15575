"""Officers, their appointments, persons with significant control and statements to rows.

No name, address or birth date is kept.
"""

from collectors.companies_house.company import known_number, number_of
from collectors.companies_house.owners import (
    Register,
    individual_key,
    share_band,
    uk_company_number,
)
from collectors.companies_house.record import Record, open_page
from collectors.reading import Origin, Rows
from collectors.source import source_named
from oversight.identity.keys import corporate_key, normal_text
from oversight.model.ids import row_id

_KINDS = ("super-secure", "individual", "corporate", "legal-person")


def read_officers(content: bytes, origin: Origin) -> Rows:
    """One page of officers to `officer` rows."""
    rows = Rows()
    page = open_page(content, origin, rows, source_named("companies_house.officers").ignored_fields)
    number = number_of(origin)
    for item in page.records("items"):
        links, born = item.record("links"), item.record("date_of_birth")
        officer = links.record("officer")
        role, link, name = item.text("officer_role"), officer.text("appointments"), item.text("name")
        fallback = (number, normal_text(name or ""), born.whole("year"), born.whole("month"))
        appointed, appointed_before = item.day("appointed_on"), item.day("appointed_before")
        rows.add(
            "officer",
            document_id=origin.document_id,
            locator=item.pointer(),
            company_number=number,
            officer_id=row_id("officer", link) if link else row_id("officer", *fallback),
            role=role,
            corporate=(role or "").startswith("corporate-"),
            appointed_on=appointed or appointed_before,
            resigned_on=item.day("resigned_on"),
        )
        item.close(links, officer, born)
    page.close()
    return rows


def read_appointments(content: bytes, origin: Origin) -> Rows:
    """One page of an officer's appointments to `appointment` rows. The origin's subject is `OFFICER/START`."""
    rows = Rows()
    page = open_page(content, origin, rows, source_named("companies_house.appointments").ignored_fields)
    officer = row_id("officer", f"/officers/{origin.subject.partition('/')[0]}/appointments")
    corporate = page.truth("is_corporate_officer")
    for item in page.records("items"):
        company = item.record("appointed_to")
        said, status, role = company.text("company_number"), company.text("company_status"), item.text("officer_role")
        appointed, appointed_before = item.day("appointed_on"), item.day("appointed_before")
        resigned = item.day("resigned_on")
        item.close(company)
        number = known_number(said)
        if number is None:
            item.missing("appointed_to.company_number")
            continue
        rows.add(
            "appointment",
            document_id=origin.document_id,
            locator=item.pointer(),
            officer_id=officer,
            company_number=number,
            company_status=status,
            role=role,
            corporate=corporate,
            appointed_on=appointed or appointed_before,
            resigned_on=resigned,
        )
    page.close()
    return rows


def read_owners(content: bytes, origin: Origin) -> Rows:
    """One page of persons with significant control to `ownership` rows."""
    rows = Rows()
    page = open_page(content, origin, rows, source_named("companies_house.psc").ignored_fields)
    number = number_of(origin)
    for item in page.records("items"):
        owner_rows(item, origin, rows, number)
    page.close()
    return rows


def owner_rows(item: Record, origin: Origin, rows: Rows, number: str) -> None:
    """One person with significant control of a company to an `ownership` row; closes the item."""
    kind = item.text("kind")
    sort = next((start for start in _KINDS if (kind or "").startswith(start)), None)
    natures = item.texts("natures_of_control")
    low, high = share_band(natures)
    dates = {"notified_on": item.day("notified_on"), "ceased_on": item.day("ceased_on")}
    owner = _owner(item, sort, number)
    if sort is None:
        item.missing("kind")
        return
    rows.add(
        "ownership",
        document_id=origin.document_id,
        locator=item.pointer(),
        company_number=number,
        owner_kind=sort,
        **owner,
        natures=",".join(natures) or None,
        share_min=low,
        share_max=high,
        **dates,
    )


def _owner(item: Record, sort: str | None, number: str) -> dict[str, object]:
    """The owner's key and, for what is not a natural person, its name and register; closes the item."""
    name, born, parts = item.text("name"), item.record("date_of_birth"), item.record("name_elements")
    links, identity = item.record("links"), item.record("identification")
    register = Register(
        number=identity.text("registration_number"),
        country=identity.text("country_registered"),
        place=identity.text("place_registered"),
        authority=identity.text("legal_authority"),
    )
    month, year, own = born.whole("month"), born.whole("year"), links.text("self")
    forename, surname = parts.text("forename"), parts.text("surname")
    item.close(born, parts, links, identity)
    if sort == "individual":
        return {"owner_key": individual_key(forename, surname, name, month, year, number)}
    if sort == "super-secure" or name is None:
        return {"owner_key": row_id(str(sort), number, own or item.pointer())}
    company = uk_company_number(register)
    return {
        "owner_key": company or corporate_key(name),
        "owner_name": name,
        "owner_company_number": company,
        "owner_country": register.country or register.place,
    }


def read_statements(content: bytes, origin: Origin) -> Rows:
    """One page of statements, such as that there is nobody with significant control, to `ownership` rows."""
    rows = Rows()
    page = open_page(content, origin, rows, source_named("companies_house.psc_statements").ignored_fields)
    number = number_of(origin)
    for item in page.records("items"):
        statement = item.text("statement")
        dates = {"notified_on": item.day("notified_on"), "ceased_on": item.day("ceased_on")}
        item.close()
        rows.add(
            "ownership",
            document_id=origin.document_id,
            locator=item.pointer(),
            company_number=number,
            owner_kind="statement",
            owner_key=row_id("statement", number, statement, dates["notified_on"]),
            natures=statement,
            **dates,
        )
    page.close()
    return rows
