"""Pages of Ofsted's reports site for the homes of a market, marked up as the site is known to be."""

from datetime import date
from html import escape

from oversight.example.shapes import Home, Inspection, Market

_SPACE = "(invented example data)"


def page(market: Market, home: Home) -> str:
    """A provider's page: registration, then the inspections, the newest first."""
    inspections = [each for each in home.inspections if each.published_on <= market.until]
    status = "Active" if home.open_on(market.until) else home.left_status
    left = f"<p>Closed: {_day(home.left_on)}</p>" if home.left_on and home.left_on <= market.until else ""
    events = "".join(_event(home, each) for each in reversed(inspections))
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>Example home {home.urn} - Ofsted {_SPACE}</title></head><body><main>"
        f'<h1 class="heading--title">Example home {home.urn} {_SPACE}</h1>'
        f'<p class="title-block__category">Provider type: {escape(home.kind)}</p>'
        f"<p>URN: {home.urn}</p><p>Registration status: {escape(status)}</p>"
        f"<p>Registration date: {_day(home.registered_on)}</p>{left}"
        f'<ol class="timeline">{events}<li class="timeline__day timeline__day--opened">'
        f"{_day(home.registered_on)} Opened</li></ol></main></body></html>\n"
    )


def _event(home: Home, inspection: Inspection) -> str:
    return (
        f'<li class="timeline__day"><p>Full inspection: {escape(inspection.overall)}</p>'
        f"<p>Inspected {_day(inspection.on)}. Published {_day(inspection.published_on)}.</p>"
        f'<a class="publication-link" href="/v1/file/{inspection.event_number}">Report '
        f'<span class="nonvisual">Full inspection, PDF - {_day(inspection.on)} (URN {home.urn})</span></a></li>'
    )


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""
