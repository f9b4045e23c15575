"""Groups as statements of the Beneficial Ownership Data Standard (BODS), version 0.4. Pure.

One statement for each company, each owner and each holding that stands on the day. Of people nothing is written but
that there is one: the ledger keeps no name and no date of birth, and the record's id is the hash that tells two people
apart. A share is a band, as the register gives it.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final

import polars as pl
import yaml

from oversight.identity.tops import is_uk_company
from oversight.model.vocabulary import STANDS

VERSION: Final = "0.4"
REGISTER_ADDRESS: Final = "https://find-and-update.company-information.service.gov.uk/company/"
_WITHHELD: Final = "A natural person. The name and month of birth that the register publishes are not kept here."
_PROTECTED: Final = "A natural person whose details the register protects."
_BAND: Final = re.compile(r"-(\d+)-to-(\d+)-percent|-more-than-(\d+)-percent")
_FULL: Final = 100
_THREE_QUARTERS: Final = 75
_SCHEMES: Final = "GB-COH"


@dataclass(frozen=True, slots=True)
class Publication:
    """Who publishes the statements, when, and which day they describe.

    Attributes:
        on: ownership as at this day.
        published_on: day of the export.
        publisher: name of the publisher.
    """

    on: date
    published_on: date
    publisher: str


@dataclass(frozen=True, slots=True)
class _Words:
    interests: Sequence[tuple[str, str]]
    unspecified: Sequence[tuple[str, str]]


@cache
def _words() -> _Words:
    data = yaml.safe_load(files("oversight.identity").joinpath("bods.yaml").read_text("utf-8"))
    return _Words(
        interests=[(each["starts"], each["type"]) for each in data["interests"]],
        unspecified=[(each["starts"], each["reason"]) for each in data["unspecified"]],
    )


def statements(
    membership: pl.DataFrame,
    holding: pl.DataFrame,
    company: pl.DataFrame,
    ownership: pl.DataFrame,
    visible: pl.DataFrame,
    about: Publication,
) -> list[dict[str, Any]]:
    """BODS statements of some groups: entities and persons first, then the relationships between them.

    Args:
        membership: rows of `membership`.
        holding: rows of `holding`; only those that stand on the day are written.
        company: the read table `company`, for dates and former names.
        ownership: the read table `ownership`, for the statements that stand in place of an owner.
        visible: documents with their addresses, for the sources.
        about: who publishes, and the day.

    Returns:
        The statements, ready for JSON, in an order that depends on the rows alone.
    """
    standing = holding.filter(pl.col("role").is_in(STANDS)).sort("company_number", "owner_key", "holding_id")
    maker = _Maker(about, _sources(visible), {row["company_number"]: row for row in company.iter_rows(named=True)})
    members = dict(membership.sort("company_number").select("company_number", "name").iter_rows())
    parties = [maker.company(number, number, name) for number, name in members.items()]
    written = set(members)
    for row in standing.iter_rows(named=True):
        if row["owner_key"] not in written:
            written.add(row["owner_key"])
            parties.append(maker.owner(row))
    owned = set(standing["company_number"])
    silent = _in_place_of_owners(ownership, about.on)
    relations = [maker.relationship(row) for row in standing.iter_rows(named=True)]
    relations += [maker.nobody(number, silent.get(number)) for number in members if number not in owned]
    return parties + relations


class _Maker:
    """Makes statements for one publication."""

    def __init__(
        self, about: Publication, sources: Mapping[str, Mapping[str, Any]], profiles: Mapping[str, Mapping[str, Any]]
    ) -> None:
        self._about = about
        self._sources = sources
        self._profiles = profiles

    def company(self, number: str, subject: str, name: str | None, country: str | None = None) -> dict[str, Any]:
        """An entity with a number at Companies House."""
        profile = self._profiles.get(number, {})
        earlier = [each for each in (profile.get("previous_names") or "").split(" | ") if each]
        identifier = {
            "id": number,
            "scheme": _SCHEMES,
            "schemeName": "Companies House",
            "uri": REGISTER_ADDRESS + number,
        }
        place = _country("United Kingdom", "GB") if is_uk_company(number) else _country(country)
        details = {
            "isComponent": False,
            "entityType": {"type": "registeredEntity"},
            "name": name or profile.get("name"),
            "alternateNames": earlier,
            "jurisdiction": place,
            "identifiers": [identifier],
            "foundingDate": _day(profile.get("incorporated_on")),
            "dissolutionDate": _day(profile.get("dissolved_on")),
        }
        source = self._source(profile.get("document_id"), "officialRegister", "Profile at Companies House")
        return self._statement(_record(number), _record(subject), "entity", self._about.on, details, source)

    def owner(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """An owner that is no member: a person, or a company or body beyond the group."""
        key, subject = row["owner_key"], row["company_number"]
        if row["owner_number"] is not None:
            return self.company(row["owner_number"], subject, row["owner_name"], row["owner_country"])
        source = self._source_of(row)
        if row["owner_kind"] in {"individual", "super-secure"}:
            protected = row["owner_kind"] == "super-secure"
            reason = "interestedPartyExemptFromDisclosure" if protected else "informationUnknownToPublisher"
            person = {
                "isComponent": False,
                "personType": "anonymousPerson",
                "unspecifiedPersonDetails": {"reason": reason, "description": _PROTECTED if protected else _WITHHELD},
            }
            return self._statement(
                _record(key), _record(subject), "person", _declared(row, self._about), person, source
            )
        body = row["owner_kind"] == "legal-person"
        details = {
            "isComponent": False,
            "entityType": {"type": "legalEntity" if body else "registeredEntity"},
            "name": row["owner_name"],
            "jurisdiction": _country(row["owner_country"]),
        }
        return self._statement(_record(key), _record(subject), "entity", _declared(row, self._about), details, source)

    def relationship(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """What one owner holds in one company."""
        person = row["owner_kind"] in {"individual", "super-secure"}
        details = {
            "isComponent": False,
            "subject": _record(row["company_number"]),
            "interestedParty": _record(row["owner_key"]),
            "interests": list(_interests(row, beneficial=person)),
        }
        return self._statement(
            f"{_record(row['company_number'])}-{row['holding_id']}",
            _record(row["company_number"]),
            "relationship",
            _declared(row, self._about),
            details,
            self._source_of(row),
        )

    def nobody(self, number: str, said: tuple[str, str | None] | None) -> dict[str, Any]:
        """That no owner of a company is known, and why."""
        reason, description = said or ("informationUnknownToPublisher", "No owner is known here on the day.")
        details = {
            "isComponent": False,
            "subject": _record(number),
            "interestedParty": {"reason": reason, "description": description},
            "interests": [],
        }
        return self._statement(
            f"{_record(number)}-nobody", _record(number), "relationship", self._about.on, details, None
        )

    def _statement(
        self, record: str, subject: str, kind: str, day: date, details: Mapping[str, Any], source: Any
    ) -> dict[str, Any]:
        content = {
            "declarationSubject": subject,
            "recordId": record,
            "recordType": kind,
            "recordStatus": "new",
            "statementDate": day.isoformat(),
            "publicationDetails": {
                "publicationDate": self._about.published_on.isoformat(),
                "bodsVersion": VERSION,
                "publisher": {"name": self._about.publisher},
            },
            "source": source,
            "recordDetails": {name: value for name, value in details.items() if value is not None and value != []},
        }
        kept = {name: value for name, value in content.items() if value is not None}
        return {"statementId": _hash(kept), **kept}

    def _source_of(self, row: Mapping[str, Any]) -> dict[str, Any]:
        if row["source"] == "decided":
            return {"type": ["primaryResearch"], "description": f"An analyst's decision. {row['why']}"}
        if row["source"] == "accounts":
            quoted = f"Accounts filed at Companies House state: \u201c{row['why']}\u201d ({row['locator']})"
            return self._source(row["document_id"], "selfDeclaration", quoted)
        told = f"Register of people with significant control ({row['locator']})"
        return self._source(row["document_id"], "officialRegister", told)

    def _source(self, document: str | None, kind: str, description: str) -> dict[str, Any]:
        found = self._sources.get(document or "", {})
        return {"type": [kind], "description": description, **found}


def _sources(visible: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """Address and time of each document; an address that is only a file's name is left out."""
    found: dict[str, dict[str, Any]] = {}
    for document, url, at in (
        visible.select("document_id", "url", "retrieved_at").sort("document_id", "url").iter_rows()
    ):
        address = {"url": url} if str(url).startswith(("https://", "http://")) else {}
        found[document] = {**address, "retrievedAt": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
    return found


def _in_place_of_owners(ownership: pl.DataFrame, on: date) -> dict[str, tuple[str, str | None]]:
    """Why the register names no owner of a company, as its statement on the day says."""
    said = ownership.filter(
        pl.col("owner_kind") == "statement",
        pl.col("natures").is_not_null(),
        pl.col("notified_on").is_null() | (pl.col("notified_on") <= on),
        pl.col("ceased_on").is_null() | (pl.col("ceased_on") > on),
    ).sort("company_number", "notified_on", "locator", nulls_last=False)
    found: dict[str, tuple[str, str | None]] = {}
    for number, statement in said.select("company_number", "natures").iter_rows():
        reason = next((reason for start, reason in _words().unspecified if statement.startswith(start)), "unknown")
        found[number] = (reason, statement)
    return found


def _interests(row: Mapping[str, Any], *, beneficial: bool) -> Iterable[dict[str, Any]]:
    """One interest for each nature of control; where none is given, one of unknown kind."""
    reach = {"indirect": "indirect", "decided": "unknown"}.get(row["role"], "unknown")
    dates = {
        name: day.isoformat()
        for name, day in (("startDate", row["since"]), ("endDate", row["until"]))
        if isinstance(day, date)
    }
    for nature in sorted(filter(None, (row["natures"] or "").split(","))) or [None]:
        kind = next(
            (kind for start, kind in _words().interests if nature and nature.startswith(start)), "unknownInterest"
        )
        share = _share(nature or "")
        yield {
            "type": kind,
            "directOrIndirect": "direct" if nature == "stated-immediate-parent" else reach,
            "beneficialOwnershipOrControl": beneficial,
            "details": nature or f"control as {row['role']}",
            **({"share": share} if share else {}),
            **dates,
        }


def _share(nature: str) -> dict[str, float]:
    """The band of a nature: over 25 to 50, over 50 and under 75, 75 or more, as the register words them."""
    match = _BAND.search(nature)
    if match is None:
        return {}
    low, high = int(match[1] or match[3]), int(match[2] or _FULL)
    least = "minimum" if low == _THREE_QUARTERS else "exclusiveMinimum"
    most = "exclusiveMaximum" if high == _THREE_QUARTERS else "maximum"
    return {least: low, most: high}


def _record(key: str) -> str:
    """The id of a record: the register's scheme and number, or the hash of an owner without one."""
    return f"{_SCHEMES}-{key}" if re.fullmatch(r"[A-Z0-9]{8}", key) else f"owner-{key}"


def _declared(row: Mapping[str, Any], about: Publication) -> date:
    day = row["since"]
    return day if isinstance(day, date) and not isinstance(day, datetime) else about.on


def _country(name: str | None, code: str | None = None) -> dict[str, str] | None:
    if name is None:
        return None
    return {"name": name, "code": code} if code else {"name": name}


def _day(day: object) -> str | None:
    return day.isoformat() if isinstance(day, date) else None


def _hash(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
