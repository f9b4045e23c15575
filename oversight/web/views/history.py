"""How the judgement of a group came about: what each run proposed."""

from typing import Final

from oversight.web.tables import PageTable, Shown, plain_table
from oversight.web.visit import Visit
from reports.style import clean, date_text, moment_text

MOST: Final = 24
"""Runs looked back on."""


def judgements(visit: Visit, entry_id: str) -> PageTable:
    """The entry's judgement in each run, the newest first."""
    rows = []
    for manifest in visit.site.shelf.manifests()[:MOST]:
        entry = visit.site.shelf.entries(manifest.run_id).get(entry_id)
        named = Shown(date_text(manifest.on), f"/groups/{entry_id}?run={manifest.run_id}" if entry else "")
        told = moment_text(manifest.known_by)
        if entry is None:
            rows.append((named, told, "not on the register", "", "", "", ""))
            continue
        rating = "not assessed" if entry["rating"] is None else str(entry["rating"])
        rows.append(
            (
                named, told, rating, clean(str(entry["likelihood_name"])), clean(str(entry["impact_name"])),
                str(entry["proposed_stage"]), clean(str(entry["top_reasons"])),
            )
        )  # fmt: skip
    headers = ("Run for", "Known by", "Rating", "Likelihood", "Impact", "Stage", "Main reasons")
    return plain_table("What each run proposed", headers, rows)
