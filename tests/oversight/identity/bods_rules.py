"""What the Beneficial Ownership Data Standard 0.4 asks of statements, as its documentation says, for tests.

The published JSON schema is the measure (`python -m tests.benchmarks.bods_schema`); these are its rules on what is
required, the closed lists of codes, and the references between statements that a schema cannot see.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

REQUIRED = {"statementId", "declarationSubject", "recordId", "recordType", "recordDetails", "statementDate"}
ENTITY_TYPES = {
    "registeredEntity",
    "legalEntity",
    "arrangement",
    "anonymousEntity",
    "unknownEntity",
    "state",
    "stateBody",
}
PERSON_TYPES = {"anonymousPerson", "unknownPerson", "knownPerson"}
INTERESTS = {
    "shareholding", "votingRights", "appointmentOfBoard", "otherInfluenceOrControl", "seniorManagingOfficial",
    "settlor", "trustee", "protector", "beneficiaryOfLegalArrangement", "rightsToSurplusAssetsOnDissolution",
    "rightsToProfitOrIncome", "rightsGrantedByContract", "conditionalRightsGrantedByContract",
    "controlViaCompanyRulesOrArticles", "controlByLegalFramework", "boardMember", "boardChair", "unknownInterest",
    "unpublishedInterest", "enjoymentAndUseOfAssets", "rightToProfitOrIncomeFromAssets", "nominee", "nominator",
}  # fmt: skip
REASONS = {
    "noBeneficialOwners", "subjectUnableToConfirmOrIdentifyBeneficialOwner", "interestedPartyHasNotProvidedInformation",
    "subjectExemptFromDisclosure", "interestedPartyExemptFromDisclosure", "unknown", "informationUnknownToPublisher",
}  # fmt: skip
SOURCES = {"selfDeclaration", "officialRegister", "thirdParty", "primaryResearch", "verified"}
BOUNDS = {"exact", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}


def faults(statements: Sequence[dict[str, Any]]) -> list[str]:
    """What breaks the standard, in words; empty where nothing does."""
    return list(_faults(statements))


def _faults(statements: Sequence[dict[str, Any]]) -> Iterator[str]:
    ids = [each.get("statementId") for each in statements]
    if len(set(ids)) != len(ids):
        yield "a statement's id is not its own"
    described: set[str] = set()
    for each in statements:
        yield from _statement(each)
        details = each.get("recordDetails", {})
        if each.get("recordType") == "relationship":
            yield from _relationship(details, described)
        else:
            described.add(each["recordId"])
            yield from _party(each.get("recordType"), details)


def _statement(each: dict[str, Any]) -> Iterator[str]:
    if missing := REQUIRED - each.keys():
        yield f"missing {sorted(missing)}"
    if not 32 <= len(str(each.get("statementId"))) <= 64:
        yield "a statement's id has 32 to 64 characters"
    if each.get("recordStatus") not in {"new", "updated", "closed"}:
        yield "no record status"
    if not _is_day(each.get("statementDate")):
        yield "the statement's date is none"
    published = each.get("publicationDetails", {})
    if published.get("bodsVersion") != "0.4" or not published.get("publisher", {}).get("name"):
        yield "publication details are missing"
    source = each.get("source")
    if source is not None and not (source["type"] and set(source["type"]) <= SOURCES):
        yield "unknown type of source"
    if source is not None and "retrievedAt" in source:
        datetime.fromisoformat(source["retrievedAt"])


def _party(kind: str | None, details: dict[str, Any]) -> Iterator[str]:
    if kind == "entity":
        if details.get("entityType", {}).get("type") not in ENTITY_TYPES:
            yield "unknown type of entity"
        for identifier in details.get("identifiers", []):
            if not identifier.get("scheme"):
                yield "an identifier without a scheme"
    elif kind == "person":
        if details.get("personType") not in PERSON_TYPES:
            yield "unknown type of person"
        if details["personType"] != "knownPerson" and details["unspecifiedPersonDetails"]["reason"] not in REASONS:
            yield "no reason why a person is not known"
    else:
        yield f"unknown type of record {kind}"
    if not isinstance(details.get("isComponent"), bool):
        yield "isComponent is missing"


def _relationship(details: dict[str, Any], described: set[str]) -> Iterator[str]:
    if not isinstance(details.get("isComponent"), bool):
        yield "isComponent is missing"
    for end in ("subject", "interestedParty"):
        party = details.get(end)
        if isinstance(party, str) and party not in described:
            yield f"{end} {party} is not described by a statement before"
        if isinstance(party, dict) and party.get("reason") not in REASONS:
            yield f"{end} without a known reason"
        if party is None:
            yield f"no {end}"
    for interest in details.get("interests", []):
        yield from _interest(interest)


def _interest(interest: dict[str, Any]) -> Iterator[str]:
    if interest["type"] not in INTERESTS or interest["directOrIndirect"] not in {"direct", "indirect", "unknown"}:
        yield f"unknown interest {interest['type']}"
    share = interest.get("share", {})
    if not share.keys() <= BOUNDS or not all(0 <= value <= 100 for value in share.values()):
        yield f"a share out of bounds: {share}"
    for name in ("startDate", "endDate"):
        if name in interest and not _is_day(interest[name]):
            yield f"{name} is no day"


def _is_day(text: object) -> bool:
    return (
        isinstance(text, str)
        and re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) is not None
        and bool(date.fromisoformat(text))
    )
