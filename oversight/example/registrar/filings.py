"""Filing history and charges."""

import hashlib
from collections.abc import Sequence

from oversight.example.registrar.answers import Body, marked
from oversight.example.shapes import Charge, Company, Filing


def filing_item(filing: Filing, documents: str) -> Body:
    """One transaction. `documents` is the Document API's base address."""
    links = {"self": f"/company/{filing.company_number}/filing-history/{filing.transaction_id}"}
    if filing.document_id is not None:
        links["document_metadata"] = f"{documents}/document/{filing.document_id}"
    body: Body = {
        "transaction_id": filing.transaction_id,
        "category": filing.category,
        "date": filing.on.isoformat(),
        "description": filing.description,
        "type": filing.form,
        "links": links,
    }
    if filing.values:
        body["description_values"] = dict(filing.values)
    if filing.action_on is not None:
        body["action_date"] = filing.action_on.isoformat()
    if filing.subcategory is not None:
        body["subcategory"] = filing.subcategory
    if filing.pages is not None:
        body["pages"] = filing.pages
    if filing.paper:
        body["paper_filed"] = True
        body["barcode"] = f"A{hashlib.sha256(filing.transaction_id.encode()).hexdigest()[:7].upper()}"
    if filing.resolution is not None:
        body["resolutions"] = [
            {
                "category": "miscellaneous",
                "subcategory": "resolution",
                "description": filing.resolution,
                "type": "LRESEX",
                "receive_date": filing.on.isoformat(),
            }
        ]
    return body


def filing_history(company: Company, documents: str, *, start: int, count: int, categories: Sequence[str] = ()) -> Body:
    """A page of a filing history, newest first, of some categories only if any are named."""
    found = [each for each in company.filings if not categories or each.category in categories]
    return marked(
        {
            "kind": "filing-history",
            "filing_history_status": "filing-history-available",
            "items": [filing_item(each, documents) for each in found[start : start + count]],
            "items_per_page": count,
            "start_index": start,
            "total_count": len(found),
        }
    )


def charge_item(company: Company, charge: Charge) -> Body:
    """One charge."""
    number = company.number
    transactions = [
        {
            "filing_type": "create-charge-with-deed",
            "delivered_on": charge.delivered_on.isoformat(),
            "links": {"filing": f"/company/{number}/filing-history/{charge.created_by}"},
        }
    ]
    body: Body = {
        "id": charge.charge_id,
        "charge_code": charge.code,
        "charge_number": charge.number,
        "classification": {"type": "charge-description", "description": "A registered charge"},
        "status": "outstanding",
        "created_on": charge.created_on.isoformat(),
        "delivered_on": charge.delivered_on.isoformat(),
        "persons_entitled": [{"name": charge.holder}],
        "particulars": {
            "type": "brief-description",
            "description": charge.description,
            "contains_fixed_charge": charge.fixed,
            "contains_floating_charge": charge.floating,
            "floating_charge_covers_all": charge.floating_covers_all,
            "contains_negative_pledge": charge.negative_pledge,
        },
        "links": {"self": f"/company/{number}/charges/{charge.charge_id}"},
        "transactions": transactions,
    }
    if charge.satisfied_on is not None and charge.satisfaction_delivered_on is not None:
        body |= {"status": "fully-satisfied", "satisfied_on": charge.satisfied_on.isoformat()}
        transactions.append(
            {
                "filing_type": "charge-satisfaction",
                "delivered_on": charge.satisfaction_delivered_on.isoformat(),
                "links": {"filing": f"/company/{number}/filing-history/{charge.satisfied_by}"},
            }
        )
    return marked(body)


def charges(company: Company, *, start: int, count: int) -> Body:
    """A page of the charges of a company, newest first."""
    satisfied = sum(charge.satisfied_on is not None for charge in company.charges)
    return marked(
        {
            "items": [charge_item(company, each) for each in company.charges[start : start + count]],
            "total_count": len(company.charges),
            "unfiltered_count": len(company.charges),
            "satisfied_count": satisfied,
            "part_satisfied_count": 0,
        }
    )
