"""The field of a register's answer (JSON) that a figure rests on, with what personal data it holds left out."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from collectors.companies_house.record import parse
from collectors.showing.filed import ANCHOR, Highlight, Shown
from collectors.showing.frame import framed, note
from collectors.showing.markup import safe_text
from collectors.showing.places import Place

_PERSONAL: Final = frozenset(
    re.findall(
        r"[\w-]+",
        "address address_snippet appointed_to country_of_residence date_of_birth etag former_names forename "
        "forenames honours identification identity_verification_details links middle_name name name_elements "
        "nationality occupation officers other_forenames owners principal_office_address "
        "registered_office_address service_address snippet surname title usual_residential_address",
    )
)
"""Fields that may name a person or say where one lives, wherever they stand."""
_LEFT_OUT: Final = "(not shown: may be personal)"
_LONGEST: Final = 20_000


def show_answer(content: bytes, places: Sequence[Place], title: str, where: str) -> Shown:
    """Parts of a JSON answer, each at its pointer (RFC 6901; empty for the whole).

    Names, addresses and dates of birth are left out: the register holds them, no rule uses them.

    Raises:
        InputError: where the bytes are not a JSON object.
    """
    whole = parse(content, where)
    parts: list[str] = []
    highlights: list[Highlight] = []
    missing: list[str] = []
    for place in places:
        found, value = _at(whole, place.locator)
        if not found:
            missing.append(place.locator)
            continue
        anchor = f"{ANCHOR}-{len(highlights) + 1}" if highlights else ANCHOR
        text = json.dumps(_impersonal(value), indent=2, ensure_ascii=False, sort_keys=False)[:_LONGEST]
        highlights.append(Highlight(place.locator, anchor, text, title=place.title))
        name = f"Field {place.locator}" if place.locator else "The whole answer"
        parts.append(
            f"<p>{safe_text(name)}</p>"
            f'<pre class="oversight-source"><mark class="oversight-figure" id="{anchor}" '
            f'title="{safe_text(place.title)}">{safe_text(text)}</mark></pre>'
        )
    lost = note("Not found in this answer:", *(("Field", each) for each in missing)) if missing else ""
    intro = note("An answer of the register, as it was fetched. What may be personal is left out.")
    return Shown(framed(title, intro + "".join(parts) + lost), tuple(highlights), tuple(missing))


def _at(value: Any, pointer: str) -> tuple[bool, Any]:
    """Whether a pointer leads to something, and what."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, Mapping) and key in value:
            value = value[key]
        elif isinstance(value, list) and key.isascii() and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        else:
            return False, None
    return (not pointer or pointer.startswith("/")), value


def _impersonal(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _LEFT_OUT if key in _PERSONAL and each else _impersonal(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_impersonal(each) for each in value]
    return value
