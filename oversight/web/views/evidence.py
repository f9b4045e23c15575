"""Evidence: what a figure rests on, step by step, and the filed document with the very figure marked."""

import json
import re
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from starlette.responses import HTMLResponse, Response

from collectors.showing.frame import POLICY
from oversight.errors import InputError, StoreError
from oversight.pipeline.evidence import Exhibit, Exhibits, about, exhibits, show_exhibit
from oversight.web.frame import framed
from oversight.web.guard import POLICY as PAGES
from oversight.web.shelf import OpenRun
from oversight.web.visit import Visit
from reports.style import clean, date_text, moment_text, number_text, value_text
from risk.trace import Trace

_DOCUMENT_HEADERS: Final = {
    "content-security-policy": f"sandbox; {POLICY}; frame-ancestors 'self'; base-uri 'none'; form-action 'none'",
    "x-frame-options": "SAMEORIGIN",
}
_PAGE_HEADERS: Final = {"content-security-policy": f"{PAGES}; frame-src 'self'"}
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOST_STEPS: Final = 150
_MOST_DOCUMENTS: Final = 60


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the walk, as the page lists it; `below` are the steps it rests on."""

    text: str
    figure: str
    item: str
    below: tuple["Step", ...]


def evidence_page(visit: Visit) -> Response:
    """What a figure rests on, with one of its documents shown."""
    page = visit.page_of_run("evidence.html", lambda run: _values(visit, run))
    return HTMLResponse(framed(visit, page), page.status, headers=_PAGE_HEADERS)


def document_page(visit: Visit) -> Response:
    """A document on its own, in a sandbox, its figures marked: what the page shows in a frame."""
    item, document = visit.query("item"), visit.part("document")
    shown = _shown(visit, visit.run, item, _found(visit, visit.run, item).document(document))
    return HTMLResponse(shown["html"], headers=_DOCUMENT_HEADERS)


def _found(visit: Visit, run: OpenRun, item: str) -> Exhibits:
    return exhibits(visit.site.workspace, item, run.run_id, run.view.tables)


def _values(visit: Visit, run: OpenRun) -> tuple[str, dict[str, object]]:
    item = visit.part("item")
    found = _found(visit, run, item)
    start = visit.query("document")
    chosen = found.document(start) if start else next(iter(found.documents), None)
    values: dict[str, object] = {
        "item": item,
        "label": clean(found.label.replace("_", " ")),
        "figure": _figure(found.value, _unit(found.walk)),
        "walk": _steps(found.walk),
        "documents": [
            {
                "title": each.title,
                "places": [clean(place.title) for place in each.places],
                "day": _said("Published", each.published_on or (each.retrieved_at or "")[:10]),
                "href": visit.href(visit.request.url.path, document=each.document_id[:16]),
                "chosen": each is chosen,
            }
            for each in found.documents[:_MOST_DOCUMENTS]
        ],
        "more": max(0, len(found.documents) - _MOST_DOCUMENTS),
        "shown": None if chosen is None else _chosen(visit, run, item, chosen),
    }
    return f"Evidence: {values['label']}", values


def _chosen(visit: Visit, run: OpenRun, item: str, exhibit: Exhibit) -> dict[str, object]:
    try:
        shown = _shown(visit, run, item, exhibit)
    except (InputError, StoreError) as error:  # what is known of it is shown all the same
        return {"title": exhibit.title, "about": _about(exhibit), "problem": error, "places": [], "source": ""}
    marked = {(each["locator"], each["title"]): each for each in reversed(shown["highlights"])}
    source = visit.href(f"/documents/{exhibit.document_id}", item=item)
    places = [
        {
            "title": clean(place.title),
            "printed": _printed(highlight),
            "locator": clean(place.locator),
            "href": f"{source}#{highlight['anchor']}" if highlight else "",
        }
        for place in exhibit.places
        for highlight in (marked.get((place.locator, place.title)),)
    ]
    anchor = f"#{shown['highlights'][0]['anchor']}" if shown["highlights"] else ""
    return {
        "title": exhibit.title,
        "about": _about(exhibit),
        "address": exhibit.url if exhibit.url.startswith("https://") else "",
        "places": places,
        "source": f"{source}{anchor}",
    }


def _about(exhibit: Exhibit) -> list[tuple[str, str]]:
    return [(term, _said(term, said)) for term, said in about(exhibit)]


def _printed(highlight: dict[str, str] | None) -> str:
    if highlight is None:
        return "not found in the document"
    text = clean(highlight["text"])
    return f"{text[:160]}\u2026" if len(text) > 160 else text or "framed on the picture"  # noqa: PLR2004


def _said(term: str, said: str) -> str:
    if term == "Retrieved" and said:
        return moment_text(datetime.fromisoformat(said))
    if term == "Published" and _DAY.fullmatch(said):
        return date_text(date.fromisoformat(said))
    return clean(said)


def _shown(visit: Visit, run: OpenRun, item: str, exhibit: Exhibit) -> dict[str, Any]:
    """The document as a page and what is marked in it, kept for the frame that asks for it next."""

    def make() -> str:
        shown = show_exhibit(visit.site.workspace, exhibit)
        return json.dumps({"html": shown.html, "highlights": [asdict(each) for each in shown.highlights]})

    kept: dict[str, Any] = json.loads(visit.site.documents.get((run.run_id, f"{exhibit.document_id} {item}"), make))
    return kept


def _steps(walk: Trace) -> Step:
    """The walk as it is listed, cut where it grows too long."""
    left = [_MOST_STEPS]

    def listed(step: Trace) -> Step:
        below = []
        for each in step.inputs:
            if left[0] <= 0:
                break
            left[0] -= 1
            below.append(listed(each))
        role = step.role.replace("_", " ")
        text = step.label.replace("_", " ")
        text = f"{role}: {text}" if role and role not in text else text
        return Step(clean(text), _figure(step.value, step.unit), step.item, tuple(below))

    return listed(walk)


def _figure(value: str | None, unit: str | None) -> str:
    """A figure exactly, as people write it: pounds to the pound."""
    if value is None:
        return ""
    try:
        number = float(value)
    except ValueError:
        return clean(value)
    if unit in {"GBP", "pounds"}:
        return f"{'minus ' if number < 0 else ''}£{number_text(abs(number), 0 if number == int(number) else 2)}"
    return value_text(number, unit or "")


def _unit(walk: Trace) -> str | None:
    """The unit of a figure; a field of the register has that of the measure it shows."""
    measures = [step.unit for step in walk.inputs if step.kind == "indicator" and step.value == walk.value]
    return walk.unit or (measures[0] if measures else None)
