"""Company profile and insolvency."""

from datetime import date

from oversight.example.registrar.answers import Body, address_of, marked
from oversight.example.shapes import Address, Case, Company


def _office(address: Address) -> Body:
    body = address_of(address)
    return body | {"address_line_1": f"{body.pop('premises')} {address.line_1}"}


def profile(company: Company, until: date) -> Body:
    """A company's profile on the market's last day."""
    number = company.number
    links = {"self": f"/company/{number}", "filing_history": f"/company/{number}/filing-history"}
    links["officers"] = f"/company/{number}/officers"
    if company.charges:
        links["charges"] = f"/company/{number}/charges"
    if company.cases:
        links["insolvency"] = f"/company/{number}/insolvency"
    if any(control.kind != "statement" for control in company.controls):
        links["persons_with_significant_control"] = f"/company/{number}/persons-with-significant-control"
    if any(control.kind == "statement" for control in company.controls):
        links["persons_with_significant_control_statements"] = (
            f"/company/{number}/persons-with-significant-control-statements"
        )
    body: Body = {
        "company_name": company.name,
        "company_number": number,
        "company_status": company.status,
        "type": company.kind,
        "jurisdiction": "england-wales",
        "date_of_creation": company.incorporated_on.isoformat(),
        "registered_office_address": _office(company.address),
        "sic_codes": list(company.sic),
        "has_charges": bool(company.charges),
        "has_insolvency_history": bool(company.cases),
        "has_been_liquidated": any("liquidation" in case.kind for case in company.cases),
        "undeliverable_registered_office_address": False,
        "registered_office_is_in_dispute": False,
        "can_file": company.status not in {"dissolved", "liquidation"},
        "accounts": _accounts(company, until),
        "links": links,
    }
    if company.dissolved_on is not None:
        body["date_of_cessation"] = company.dissolved_on.isoformat()
    if company.former_names:
        body["previous_company_names"] = [
            {
                "name": former.name,
                "effective_from": former.effective_from.isoformat(),
                "ceased_on": former.ceased_on.isoformat(),
            }
            for former in company.former_names
        ]
    if company.deadlines is not None:
        due = _later(company.deadlines.confirmation_next)
        body["confirmation_statement"] = {
            "last_made_up_to": company.deadlines.confirmation_last.isoformat(),
            "next_made_up_to": company.deadlines.confirmation_next.isoformat(),
            "next_due": due.isoformat(),
            "overdue": due < until,
        }
    return marked(body)


def _later(day: date) -> date:
    return date.fromordinal(day.toordinal() + 14)


def _accounts(company: Company, until: date) -> Body:
    body: Body = {
        "accounting_reference_date": {"day": str(company.reference_day), "month": f"{company.reference_month:02d}"}
    }
    if company.accounts:
        last = company.accounts[-1]
        body["last_accounts"] = {
            "made_up_to": last.period_end.isoformat(),
            "period_start_on": last.period_start.isoformat(),
            "period_end_on": last.period_end.isoformat(),
            "type": last.account_type,
        }
    if company.deadlines is not None:
        after = company.deadlines
        overdue = after.next_due < until
        body |= {
            "next_made_up_to": after.next_end.isoformat(),
            "next_due": after.next_due.isoformat(),
            "overdue": overdue,
            "next_accounts": {
                "due_on": after.next_due.isoformat(),
                "overdue": overdue,
                "period_start_on": after.next_start.isoformat(),
                "period_end_on": after.next_end.isoformat(),
            },
        }
    return body


def _case(case: Case) -> Body:
    return {
        "number": case.number,
        "type": case.kind,
        "dates": [{"type": kind, "date": day.isoformat()} for kind, day in case.dates],
        "practitioners": [
            {
                "name": case.practitioner,
                "role": "practitioner",
                "appointed_on": case.appointed_on.isoformat(),
                "address": {
                    "address_line_1": "1 Specimen Street",
                    "locality": "Exampleton",
                    "postal_code": "ZZ99 5ZZ",
                    "country": "England",
                },
            }
        ],
    }


def insolvency(company: Company) -> Body:
    """The insolvency cases of a company."""
    body: Body = {"cases": [_case(case) for case in company.cases]}
    if company.status in {"administration", "liquidation"}:
        body["status"] = "in-administration" if company.status == "administration" else company.status
    return marked(body)
