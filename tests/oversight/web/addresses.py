"""An address of every page, for the tests that walk them all."""

from oversight.model.ids import row_id
from tests.oversight.web.conftest import EARLIER, NEWEST, link

ENTRIES = tuple(f"R-{row_id('entry', number)[:8]}" for number in range(3))

PAGES: dict[str, tuple[str, ...]] = {
    "/": ("/",),
    "/register": (
        "/register",
        "/register?text=example&sort=homes&order=descending",
        "/register?likelihood=5&impact=1",
        f"/register?run={EARLIER}",
    ),
    "/groups/{group}": tuple(f"/groups/{entry}" for entry in ENTRIES),
    "/groups/{group}/homes": (f"/groups/{ENTRIES[0]}/homes",),
    "/groups/{group}/written": (f"/groups/{ENTRIES[0]}/written",),
    "/groups/{group}/structure": (f"/groups/{ENTRIES[0]}/structure",),
    "/companies/{number}": ("/companies/99000001", "/companies/98000001"),
    "/homes/{urn}": ("/homes/EX00001",),
    "/authorities": ("/authorities",),
    "/authorities/{code}": ("/authorities/E08000001",),
    "/market": ("/market",),
    "/runs": ("/runs",),
    "/runs/compare": (f"/runs/compare?from={EARLIER}&to={NEWEST}",),
    "/method": ("/method",),
    "/method/indicators": ("/method/indicators",),
    "/method/parameters": ("/method/parameters",),
    "/method/conditions": ("/method/conditions",),
    "/alerts": ("/alerts", "/alerts?all=1"),
    "/alerts/{token}": (f"/alerts/{link(1)}",),
    "/review": ("/review",),
    "/review/figures": ("/review/figures",),
    "/review/owners": ("/review/owners",),
    "/approvals": ("/approvals",),
    "/determinations": ("/determinations",),
    "/data": ("/data",),
    "/accessibility": ("/accessibility",),
    "/audit": ("/audit", "/audit?on=2026-11-21"),
    "/evidence/{item:path}": (f"/evidence/{ENTRIES[0]}", f"/evidence/{ENTRIES[1]}.homes"),
}
"""Addresses by path template."""
NO_PAGES = {
    "/groups/{group}/pictures/{picture}.{form}",
    "/market/pictures/concentration.{form}",
    "/documents/{document}",
    "/downloads/register.{form}",
    "/api/v1",
    "/api/v1/openapi.json",
    "/api/v1/{resource}",
}
"""Path templates whose answers are pictures, files, data, or documents as filed."""
ALL = tuple(address for addresses in PAGES.values() for address in addresses)
