"""Company profile, insolvency cases and search results to rows."""

from datetime import date

from collectors.companies_house.record import Record, open_page
from collectors.reading import Origin, Rows
from collectors.source import source_named
from oversight.errors import InputError
from oversight.model.ids import company_number

EXEMPTIONS = (
    "psc_exempt_as_trading_on_regulated_market",
    "psc_exempt_as_shares_admitted_on_market",
    "psc_exempt_as_trading_on_uk_regulated_market",
    "psc_exempt_as_trading_on_eu_regulated_market",
    "disclosure_transparency_rules_chapter_five_applies",
)


def number_of(origin: Origin) -> str:
    """The company a document is about: subjects are `NUMBER` or `NUMBER/START`.

    Raises:
        InputError: where the subject has no company number.
    """
    return company_number(origin.subject.partition("/")[0])


def known_number(said: str | None) -> str | None:
    """A company number in its usual form; None where there is none that could be one."""
    try:
        return company_number(said) if said else None
    except InputError:
        return None


def read_profile(content: bytes, origin: Origin) -> Rows:
    """A company profile to one `company` and one `office` row. Raises InputError where it is not a JSON object."""
    rows = Rows()
    page = open_page(content, origin, rows, source_named("companies_house.profile").ignored_fields)
    number, name = _own_number(page, origin), page.text("company_name")
    accounts, confirmation = page.record("accounts"), page.record("confirmation_statement")
    last, following = accounts.record("last_accounts"), accounts.record("next_accounts")
    names = page.records("previous_company_names")
    values: dict[str, object] = {
        "status": page.text("company_status"),
        "company_type": page.text("type"),
        "jurisdiction": page.text("jurisdiction"),
        "incorporated_on": page.day("date_of_creation"),
        "dissolved_on": page.day("date_of_cessation"),
        "sic_codes": ",".join(page.texts("sic_codes")) or None,
        "previous_names": " | ".join(text for entry in names if (text := entry.text("name"))) or None,
        "has_charges": page.truth("has_charges"),
        "has_insolvency_history": page.truth("has_insolvency_history"),
        "confirmation_next_due": confirmation.day("next_due"),
        "confirmation_overdue": confirmation.truth("overdue"),
        "accounts_last_made_up_to": _first(last.day("made_up_to"), last.day("period_end_on")),
        "accounts_last_type": _type(last.text("type")),
        "accounts_next_due": _first(following.day("due_on"), accounts.day("next_due")),
        "accounts_next_made_up_to": _first(following.day("period_end_on"), accounts.day("next_made_up_to")),
        "accounts_overdue": _first(following.truth("overdue"), accounts.truth("overdue")),
    }
    office = _office(page)
    page.close(accounts, confirmation, last, following, *names)
    if name is None:
        page.missing("company_name")
    else:
        rows.add("company", document_id=origin.document_id, locator="", company_number=number, name=name, **values)
    if any(value is not None for value in office.values()):
        place = "/registered_office_address"
        rows.add("office", document_id=origin.document_id, locator=place, company_number=number, **office)
    return rows


def _office(page: Record) -> dict[str, object]:
    """What is kept of the registered office; closes its record."""
    address = page.record("registered_office_address")
    values: dict[str, object] = {
        "locality": address.text("locality"),
        "region": address.text("region"),
        "postcode": address.text("postal_code"),
        "country": address.text("country"),
        "in_dispute": page.truth("registered_office_is_in_dispute"),
        "undeliverable": page.truth("undeliverable_registered_office_address"),
    }
    address.close()
    return values


def read_exemptions(content: bytes, origin: Origin) -> Rows:
    """A company's exemptions from naming who controls it, to `exemption` rows, one for each time."""
    rows = Rows()
    page = open_page(content, origin, rows, source_named("companies_house.exemptions").ignored_fields)
    number = number_of(origin)
    exemptions = page.record("exemptions")
    for key in EXEMPTIONS:
        found = exemptions.record(key)
        kind = found.text("exemption_type") or key.replace("_", "-")
        for item in found.records("items"):
            rows.add(
                "exemption",
                document_id=origin.document_id,
                locator=item.pointer(),
                company_number=number,
                kind=kind,
                exempt_from=item.day("exempt_from"),
                exempt_to=item.day("exempt_to"),
            )
            item.close()
        found.close()
    page.close(exemptions)
    return rows


def _first(*values: date | bool | None) -> date | bool | None:
    return next((value for value in values if value is not None), None)


def _type(text: str | None) -> str | None:
    return None if text == "null" else text  # the register writes the word for companies without accounts


def _own_number(page: Record, origin: Origin) -> str:
    return known_number(page.text("company_number")) or number_of(origin)


def read_insolvency(content: bytes, origin: Origin) -> Rows:
    """Insolvency cases to `practitioner` and `insolvency` rows: one for each dated event, or for a case without any."""
    rows = Rows()
    page = open_page(content, origin, rows, source_named("companies_house.insolvency").ignored_fields)
    number = number_of(origin)
    for case in page.records("cases"):
        _case(case, origin, rows, number)
    page.close()
    return rows


def _case(case: Record, origin: Origin, rows: Rows, number: str) -> None:
    kind, case_number = case.text("type"), case.text("number")
    events = [(event.pointer(), event.text("type"), event.day("date"), event) for event in case.records("dates")]
    _practitioners(case, origin, rows, number, case_number)
    case.close(*(event for *_, event in events))
    if kind is None:
        case.missing("type")
        return
    shared = {"company_number": number, "case_number": case_number, "case_type": kind}
    for place, happened, day, _ in events:
        rows.add("insolvency", document_id=origin.document_id, locator=place, event=happened, dated_on=day, **shared)
    if not events:
        rows.add("insolvency", document_id=origin.document_id, locator=case.pointer(), **shared)


def _practitioners(case: Record, origin: Origin, rows: Rows, number: str, case_number: str | None) -> None:
    for acting in case.records("practitioners"):
        rows.add(
            "practitioner",
            document_id=origin.document_id,
            locator=acting.pointer(),
            company_number=number,
            case_number=case_number,
            role=acting.text("role"),
            appointed_on=acting.day("appointed_on"),
            ceased_on=acting.day("ceased_to_act_on"),
        )
        acting.close()


def read_search(content: bytes, origin: Origin) -> Rows:
    """Companies that a search for a name gave, to `candidate` rows in the order of the answer."""
    rows = Rows()
    page = open_page(content, origin, rows, source_named("companies_house.search").ignored_fields)
    for item in page.records("items"):
        if item.text("kind") not in {None, "searchresults#company"}:
            continue  # a search of everything also gives officers
        _candidate(item, origin, rows)
    page.close()
    return rows


def _candidate(item: Record, origin: Origin, rows: Rows) -> None:
    said, name = item.text("company_number"), item.text("title")
    values = {
        "status": item.text("company_status"),
        "incorporated_on": item.day("date_of_creation"),
        "previous_names": item.text("snippet"),  # the earlier name that matched; empty where today's did
    }
    item.close()
    if said is None or name is None:
        item.missing("company_number" if said is None else "title")
        return
    try:
        number = company_number(said)
    except InputError:
        rows.issue(
            origin,
            "bad_company_number",
            "not a company number, so the entry is left out",
            locator=item.pointer("company_number"),
            value=said,
        )
        return
    rows.add(
        "candidate",
        document_id=origin.document_id,
        locator=item.pointer(),
        company_number=number,
        name=name,
        **values,
    )
