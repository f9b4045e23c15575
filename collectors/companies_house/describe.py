"""The register's own English for its keys, from the official enumerations. Names of persons are left out."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from collectors.companies_house.record import clean

_FOLDER = Path(__file__).parent / "enumerations"
_PLACE = re.compile(r"\{([A-Za-z_ ]+)\}")
_PERSONAL = re.compile(r"officer|psc|representative|address|change_name|change_details")
"""Values of a filing's description that hold a person's name or address."""
_PERSONS_CATEGORIES = frozenset({"officers", "persons-with-significant-control"})
_FREE_TEXT = frozenset({"description", "original_description"})
_SOMEBODY = {
    "officer_name": "an officer",
    "psc_name": "somebody",
    "old_address": "one address",
    "new_address": "another",
}
_MARKUP = re.compile(r"\*\*|\\+")
_SPACE = re.compile(r"\s+")


@cache
def _enumeration(file: str) -> Mapping[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the file of filings takes a second without C
    content = yaml.load((_FOLDER / file).read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - both are safe
    return content if isinstance(content, dict) else {}


def _phrase(file: str, section: str, key: str) -> str | None:
    value = _enumeration(file).get(section, {}).get(key)
    return value if isinstance(value, str) else None


def describe_filing(description: str | None, values: Mapping[str, object], category: str | None) -> str | None:
    """A filing in English, such as `Full accounts made up to 31 March 2024`.

    Args:
        description: the register's description key.
        values: the answer's `description_values`.
        category: the filing's category; free text about persons is left out.

    Returns:
        None for a key that the enumeration does not have, or where nothing but a person's details is left.
    """
    if description is None:
        return None
    template = _phrase("filing_history_descriptions.yml", "description", description)
    if template is None:
        free = values.get("description")
        template = "{description}" if isinstance(free, str) else None
    if template is None:
        return None

    def fill(match: re.Match[str]) -> str:
        name = match[1].replace(" ", "_")  # one official template writes `{charge number}`
        if name in _FREE_TEXT and category in _PERSONS_CATEGORIES:
            return ""
        if _PERSONAL.search(name):
            return _SOMEBODY.get(name, "")
        return _shown(values.get(name))

    return _tidy(_PLACE.sub(fill, template))


def describe_charge(kind: str, key: str) -> str | None:
    """A charge's status, or the kind of a filing about it, in English.

    Args:
        kind: section of the enumeration: `status`, `filing_type`, `assets-ceased-released`, `classificationDesc`.
        key: the register's key.
    """
    phrase = _phrase("mortgage_descriptions.yml", kind, key)
    return _tidy(phrase) if phrase else None


def describe_control(nature: str, *, short: bool = True) -> str | None:
    """A nature of control in English, such as `Ownership of shares`, with the band."""
    phrase = _phrase("psc_descriptions.yml", "short_description" if short else "description", nature)
    return _tidy(phrase) if phrase else None


def describe_statement(statement: str) -> str | None:
    """A statement about persons with significant control in English, persons not named."""
    phrase = _phrase("psc_descriptions.yml", "statement_description", statement)
    return _tidy(_PLACE.sub("a person", phrase)) if phrase else None


def describe_constant(kind: str, key: str) -> str | None:
    """Any other key in English.

    Args:
        kind: section of the enumeration, such as `company_status`, `company_type`, `account_type`,
            `insolvency_case_type`, `insolvency_case_date_type`, `officer_role`, `sic_descriptions`.
        key: the register's key.
    """
    phrase = _phrase("constants.yml", kind, key)
    return _tidy(phrase) if phrase else None


def _shown(value: object) -> str:
    """A value of a description as a reader expects it: days in words, capital as currency and figure."""
    if isinstance(value, str):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return clean(value)
        return f"{day.day} {day:%B} {day.year}"
    if isinstance(value, list):
        return ", ".join(filter(None, map(_shown, value)))
    if isinstance(value, dict):
        return " ".join(filter(None, (_shown(value.get(name)) for name in ("currency", "figure"))))
    return "" if value is None or isinstance(value, bool) else str(value)


def _tidy(text: str) -> str | None:
    plain = _SPACE.sub(" ", _MARKUP.sub(" ", text)).replace(" ,", ",").strip(" ,")
    return plain or None
