"""Officers, persons with significant control, and statements about them. Every person is invented."""

from collections.abc import Sequence

from oversight.example.registrar.answers import Body, address_of, listed, marked, token
from oversight.example.shapes import Company, Control, Officer

_LAWS = {"Jersey": "Companies (Jersey) Law 1991"}
_SHARES = {(25, 50): "25-to-50-percent", (50, 75): "50-to-75-percent", (75, 100): "75-to-100-percent"}


def _officer(company: Company, officer: Officer) -> Body:
    person = officer.person
    body: Body = {
        "name": f"PERSON {person.number}, Example",
        "officer_role": officer.role,
        "appointed_on": officer.appointed_on.isoformat(),
        "address": address_of(company.address),
        "date_of_birth": {"month": person.birth_month, "year": person.birth_year},
        "country_of_residence": "England",
        "nationality": "British",
        "occupation": "Director",
        "links": {
            "self": f"/company/{company.number}/appointments/{token('appointment', company.number, person.number)}",
            "officer": {"appointments": f"/officers/{officer_id(person.number)}/appointments"},
        },
    }
    if officer.resigned_on is not None:
        body["resigned_on"] = officer.resigned_on.isoformat()
    return body


def officers(company: Company, *, start: int, count: int) -> Body:
    """A page of the officers of a company."""
    resigned = sum(officer.resigned_on is not None for officer in company.officers)
    return marked(
        {
            "kind": "officer-list",
            "items": [_officer(company, each) for each in company.officers[start : start + count]],
            "items_per_page": count,
            "start_index": start,
            "total_results": len(company.officers),
            "active_count": len(company.officers) - resigned,
            "inactive_count": 0,
            "resigned_count": resigned,
            "links": {"self": f"/company/{company.number}/officers"},
        }
    )


def officer_id(number: int) -> str:
    """The register's id of a person, by the person's number."""
    return token("officer", number)


def appointments(held: Sequence[tuple[Company, Officer]], *, start: int, count: int) -> Body:
    """A page of what one person is and was appointed to. `held` has at least one appointment."""
    person = held[0][1].person
    items = []
    for company, officer in held[start : start + count]:
        item = {
            "name": f"Example PERSON {person.number}",
            "officer_role": officer.role,
            "appointed_on": officer.appointed_on.isoformat(),
            "appointed_to": {
                "company_name": company.name,
                "company_number": company.number,
                "company_status": company.status,
            },
            "links": {"company": f"/company/{company.number}"},
        }
        if officer.resigned_on is not None:
            item["resigned_on"] = officer.resigned_on.isoformat()
        items.append(item)
    return marked(
        {
            "kind": "personal-appointment",
            "is_corporate_officer": False,
            "name": f"Example PERSON {person.number}",
            "date_of_birth": {"month": person.birth_month, "year": person.birth_year},
            "items": items,
            "items_per_page": count,
            "start_index": start,
            "total_results": len(held),
            "links": {"self": f"/officers/{officer_id(person.number)}/appointments"},
        }
    )


def _control(company: Company, control: Control) -> Body:
    band = _SHARES[(control.share_min, control.share_max)]
    natures = [f"ownership-of-shares-{band}", f"voting-rights-{band}"]
    if control.share_min >= 75:  # noqa: PLR2004  percent
        natures.append("right-to-appoint-and-remove-directors")
    kind = "individual" if control.kind == "individual" else "corporate-entity"
    own = token("control", company.number, control.name, control.notified_on)
    body: Body = {
        "name": control.name,
        "kind": f"{kind}-person-with-significant-control",
        "natures_of_control": natures,
        "notified_on": control.notified_on.isoformat(),
        "address": address_of(control.address or company.address),
        "links": {"self": f"/company/{company.number}/persons-with-significant-control/{kind}/{own}"},
    }
    if control.ceased_on is not None:
        body |= {"ceased_on": control.ceased_on.isoformat(), "ceased": True}
    if control.person is not None:
        body |= {
            "name_elements": {"forename": "Example", "surname": f"Person {control.person.number}"},
            "nationality": "British",
            "country_of_residence": "England",
            "date_of_birth": {"month": control.person.birth_month, "year": control.person.birth_year},
        }
    else:
        body["identification"] = {
            "legal_form": control.legal_form,
            "legal_authority": "Companies Act 2006"
            if control.country_registered != "Jersey"
            else "Companies (Jersey) Law 1991",
            "place_registered": control.place_registered,
            "country_registered": control.country_registered,
            "registration_number": control.registered_number,
        }
    return marked(body)


def controls(company: Company, *, start: int, count: int) -> Body:
    """A page of the persons with significant control."""
    found = [control for control in company.controls if control.kind != "statement"]
    return listed(
        [_control(company, each) for each in found[start : start + count]],
        len(found),
        sum(each.ceased_on is not None for each in found),
        start,
        count,
        {"self": f"/company/{company.number}/persons-with-significant-control"},
    )


def statements(company: Company, *, start: int, count: int) -> Body:
    """A page of the statements about persons with significant control."""
    path = f"/company/{company.number}/persons-with-significant-control-statements"
    found = [control for control in company.controls if control.kind == "statement"]
    items = [
        marked(
            {
                "kind": "persons-with-significant-control-statement",
                "statement": each.name,
                "notified_on": each.notified_on.isoformat(),
                "links": {"self": f"{path}/{token('statement', company.number, each.name)}"},
            }
        )
        for each in found[start : start + count]
    ]
    return listed(items, len(found), 0, start, count, {"self": path})
