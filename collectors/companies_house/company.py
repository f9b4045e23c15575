"""Company profile, insolvency cases and search results to rows."""

from datetime import date

from collectors.companies_house.record import Record, open_page
from collectors.reading import Origin, Rows
from collectors.source import source_named
from oversight.errors import InputError
from oversight.model.ids import company_number


def number_of(origin: Origin) -> str:
    """The company a document is about: subjects are `NUMBER` or `NUMBER/START`.

    Raises:
        InputError: where the subject has no company number.
    """
    return company_number(origin.subject.partition("/")[0])


def read_profile(content: bytes, origin: Origin) -> Rows:
    """A company profile to one `company` row. Raises InputError where the bytes are not a JSON object."""
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
    page.close(accounts, confirmation, last, following, *names)
    if name is None:
        page.missing("company_name")
    else:
        rows.add("company", document_id=origin.document_id, locator="", company_number=number, name=name, **values)
    return rows


def _first(*values: date | bool | None) -> date | bool | None:
    return next((value for value in values if value is not None), None)


def _type(text: str | None) -> str | None:
    return None if text == "null" else text  # the register writes the word for companies without accounts


def _own_number(page: Record, origin: Origin) -> str:
    said = page.text("company_number")
    try:
        return company_number(said) if said else number_of(origin)
    except InputError:
        return number_of(origin)


def read_insolvency(content: bytes, origin: Origin) -> Rows:
    """Insolvency cases to `insolvency` rows: one for each dated event, one for a case without any."""
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
    case.close(*(event for *_, event in events))
    if kind is None:
        case.missing("type")
        return
    shared = {"company_number": number, "case_number": case_number, "case_type": kind}
    for place, happened, day, _ in events:
        rows.add("insolvency", document_id=origin.document_id, locator=place, event=happened, dated_on=day, **shared)
    if not events:
        rows.add("insolvency", document_id=origin.document_id, locator=case.pointer(), **shared)


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
