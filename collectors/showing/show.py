"""Any archived document with the places in it that figures rest on."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from collectors.accounts.tags import Problem
from collectors.accounts.unpack import documents, kind_of
from collectors.showing.answers import show_answer
from collectors.showing.filed import Shown, show_filed
from collectors.showing.paper import show_paper
from collectors.showing.places import Place
from collectors.showing.rows import show_rows
from oversight.errors import InputError

_JSON: Final = (b"{", b"[")
_ROW: Final = "sheet '"


def show(content: bytes, places: Sequence[Place], *, address: str, title: str) -> Shown:
    """A document with places marked, as a page of its own that runs and fetches nothing.

    Args:
        content: bytes as archived: a spreadsheet, an answer in JSON, a set of accounts, an archive that holds one.
        places: what to mark; none shows the document.
        address: URL or file name it came by.
        title: of the document, in words.

    Raises:
        InputError: for bytes that cannot be shown.
    """
    if any(place.locator.startswith(_ROW) for place in places):
        return show_rows(content, places, title, address)
    if content.lstrip()[:1] in _JSON:
        return show_answer(content, places, title, address)
    member, prefix = _member(content, places, address)
    within = [replace(place, locator=place.locator.removeprefix(prefix)) for place in places]
    shown = (show_paper if kind_of(member) == "pdf" else show_filed)(member, within, title, address)
    return replace(
        shown,
        highlights=tuple(replace(each, locator=prefix + each.locator) for each in shown.highlights),
        missing=tuple(prefix + each for each in shown.missing),
    )


def _member(content: bytes, places: Sequence[Place], address: str) -> tuple[bytes, str]:
    """The document that the places stand in, archives opened, and what its path puts before locators.

    Without such a path the first tagged document counts, else the first: as `collectors.accounts.reader` reads it.
    """
    members = [item for item in documents(content, "") if not isinstance(item, Problem)]
    if not members:
        raise InputError("the file holds no document", where=address, next_step="Fetch it again.")
    for member in members:
        prefix = f"{member.name.lstrip('!')}!"
        if len(prefix) > 1 and any(place.locator.startswith(prefix) for place in places):
            return member.content, prefix
    tagged = [member for member in members if kind_of(member.content) == "tagged"]
    return (tagged or members)[0].content, ""
