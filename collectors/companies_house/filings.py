"""Filing history, charges and document metadata to rows."""

from datetime import date

from collectors.companies_house.company import number_of
from collectors.companies_house.describe import describe_filing
from collectors.companies_house.record import Record, open_page
from collectors.reading import Origin, Rows
from collectors.source import source_named
from oversight.model.ids import row_id


def read_filing_history(content: bytes, origin: Origin) -> Rows:
    """One page of a filing history to `filing` rows."""
    rows = Rows()
    page = open_page(content, origin, rows, source_named("companies_house.filing_history").ignored_fields)
    number = number_of(origin)
    seen: set[str] = set()
    for item in page.records("items"):
        transaction, filed_on = item.text("transaction_id"), item.day("date")
        values = _filing(item)
        if transaction is None or filed_on is None:
            item.missing("transaction_id" if transaction is None else "date")
        elif transaction in seen:
            rows.issue(
                origin, "repeated_entry", "the page lists a filing twice", locator=item.pointer(), value=transaction
            )
        else:
            seen.add(transaction)
            keys = {"document_id": origin.document_id, "transaction_id": transaction, "locator": item.pointer()}
            rows.add("filing", **keys, company_number=number, filed_on=filed_on, **values)
    page.close()
    return rows


def _filing(item: Record) -> dict[str, object]:
    category, description = item.text("category"), item.text("description")
    action_on = item.day("action_date")
    described, links = item.record("description_values"), item.record("links")
    made_up_date = described.day("made_up_date")
    values: dict[str, object] = {
        "category": category,
        "form": item.text("type"),
        "description": description,
        "text": describe_filing(description, described.rest() | {"made_up_date": _iso(made_up_date)}, category),
        "made_up_to": (made_up_date or action_on) if is_accounts(category, description) else None,
        "action_on": action_on,
        "pages": item.whole("pages"),
        "document_url": links.text("document_metadata"),
        "paper_filed": item.truth("paper_filed"),
    }
    item.close(described, links)
    return values


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def is_accounts(category: str | None, description: str | None) -> bool:
    """Whether a filing is a set of accounts: a change of the accounting date is filed in the same category."""
    return category == "accounts" and not (description or "").startswith("change-account")


def read_charges(content: bytes, origin: Origin) -> Rows:
    """One page of charges to `charge` rows."""
    rows = Rows()
    page = open_page(content, origin, rows, source_named("companies_house.charges").ignored_fields)
    number = number_of(origin)
    for item in page.records("items"):
        links, entitled = item.record("links"), item.records("persons_entitled")
        particulars, classification = item.record("particulars"), item.record("classification")
        code, count, own = item.text("charge_code"), item.whole("charge_number"), links.text("self")
        rows.add(
            "charge",
            document_id=origin.document_id,
            locator=item.pointer(),
            company_number=number,
            charge_id=_charge_id(number, code, count, own or item.pointer()),
            status=item.text("status"),
            classification=classification.text("description"),
            created_on=item.day("created_on"),
            delivered_on=item.day("delivered_on"),
            satisfied_on=item.day("satisfied_on"),
            persons_entitled=" | ".join(name for person in entitled if (name := person.text("name"))) or None,
            particulars=particulars.text("description"),
            fixed_charge=particulars.truth("contains_fixed_charge"),
            floating_charge=particulars.truth("contains_floating_charge"),
            floating_charge_covers_all=particulars.truth("floating_charge_covers_all"),
            negative_pledge=particulars.truth("contains_negative_pledge"),
        )
        item.close(links, particulars, classification, *entitled)
    page.close()
    return rows


def _charge_id(number: str, code: str | None, count: int | None, own: str) -> str:
    """Code (charges since 2013), else number within the company, else the link's last part."""
    return code or (f"{number}-{count}" if count is not None else row_id(number, own.rpartition("/")[2]))


def read_document_metadata(content: bytes, origin: Origin) -> Rows:
    """Metadata of a filed document: no rows of its own, but unknown fields are reported."""
    rows = Rows()
    page = open_page(content, origin, rows, source_named("companies_house.document_metadata").ignored_fields)
    page.record("resources")
    page.close()
    return rows
