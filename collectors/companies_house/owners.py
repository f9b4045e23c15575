"""Who a person with significant control is: a key that is the same wherever the same owner appears. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from oversight.errors import InputError
from oversight.identity.keys import normal_text
from oversight.model.ids import company_number, row_id

_UK = re.compile(
    r"\b(england|scotland|(?<!south )wales|northern ireland|united kingdom|u\.?\s?k\b|great britain|g\.?b\b"
    r"|cardiff|edinburgh|belfast|companies house|companies act (1985|2006))"
)
_ELSEWHERE = re.compile(
    r"\b(gibraltar|jersey|guernsey|isle of man|republic of ireland|dublin|cayman|british virgin|bvi|bermuda|luxembourg"
    r"|delaware|new south wales|new england|cyprus|malta|hong kong|netherlands|singapore)\b|(?<!northern )\bireland\b"
)
_NUMBER = re.compile(
    r"^(?:(?:UK|COMPANY|REGISTERED|REGISTRATION|REG|NUMBER|NO|CRN)\s*)*(?P<number>[A-Z]{2}\d{3,6}|R0\d{3,6}|\d{4,8})$"
)
_BANDS = (
    re.compile(r"^ownership-of-shares-(?:(\d+)-to-(\d+)-percent|more-than-(\d+)-percent)"),
    re.compile(r"^voting-rights-(?:(\d+)-to-(\d+)-percent|more-than-(\d+)-percent)"),
    re.compile(r"^(?:part-)?right-to-share-surplus-assets-(?:(\d+)-to-(\d+)-percent|more-than-(\d+)-percent)"),
)
_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "prof",
        "professor",
        "sir",
        "dame",
        "lord",
        "lady",
        "baroness",
        "baron",
        "rev",
    ]
)


@dataclass(frozen=True, slots=True)
class Register:
    """The register a corporate owner says it is in, as typed by the filer."""

    number: str | None
    country: str | None
    place: str | None
    authority: str | None


def in_the_uk(register: Register) -> bool:
    """Whether the register named is Companies House.

    The country decides where the filer gave it, else the place, else the law.
    """
    for said in (register.country, register.place, register.authority):
        if said:
            words = said.casefold()
            if _ELSEWHERE.search(words):
                return False
            if _UK.search(words):
                return True
    return False


def uk_company_number(register: Register) -> str | None:
    """The owner's number at Companies House, normalised; None where it is in another register or unreadable."""
    if register.number is None or not in_the_uk(register):
        return None
    compact = re.sub(r"[^A-Z0-9]+", " ", register.number.upper()).strip()
    for written in (compact, compact.replace(" ", "")):
        if match := _NUMBER.match(written):
            try:
                return company_number(match["number"])
            except InputError:
                return None
    return None


def individual_key(
    forename: str | None, surname: str | None, name: str | None, month: int | None, year: int | None, company: str
) -> str:
    """A hash that is the same for the same person in every company, and from which no name can be read.

    First forename and surname only: filers give middle names and titles now and then. Without a month of birth
    two people may share a name, so the key then holds for one company alone.
    """
    if not (forename and surname):
        words = [word for word in normal_text(name or "").split() if word not in _TITLES]
        forename, surname = (words[0], words[-1]) if words else ("", "")
    first = (normal_text(forename).split() or [""])[0]
    scope = f"{year:04d}-{month:02d}" if month and year else company
    return row_id("individual", first, normal_text(surname), scope)


def share_band(natures: Iterable[str]) -> tuple[float | None, float | None]:
    """Lower and upper end, in percent, of the share held: of the shares, else of the votes, else of the assets."""
    listed = list(natures)
    for pattern in _BANDS:
        found = [match for nature in listed if (match := pattern.match(nature))]
        if found:
            bands = [(float(match[1] or match[3]), float(match[2] or 100)) for match in found]
            low, high = max(bands)
            return (low, high) if 0 <= low <= high <= 100 else (None, None)  # noqa: PLR2004
    return None, None
