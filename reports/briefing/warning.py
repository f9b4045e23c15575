"""The advance-warning pack for one local authority: a draft for a person to complete, never a notice by itself."""

from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from oversight.errors import InputError
from oversight.geography import Authority, authority
from reports.briefing.annexes import assumptions, drawn, home_table
from reports.briefing.front import spread
from reports.briefing.group import author, made, versions
from reports.briefing.subject import Subject, days
from reports.charts import replacement_map
from reports.charts.source import registered_on
from reports.documents.model import (
    Block,
    Bullets,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Table,
    Text,
    figure,
    said,
    strong,
)
from reports.frames import RunView
from reports.marking import banner
from reports.standing import sentence as run_stands
from reports.style import clean, date_text, number_text, percent_text, shortened, words
from reports.symbols import TO_COMPLETE

CONCERN: Final = 3
"""The least stage whose groups a pack is drafted about where none is named: potential concerns."""
_DRAFT: Final = (
    "DRAFT for a person to complete. Nobody has approved it and nothing has been sent. It is not a notice under any "
    "Act, and it does not say that a provider is subject to oversight, or will fail. It sets out public facts and "
    "estimates in case a person decides that the authority should be warned."
)
_DUTY: Final = (
    "Summaries of the Children\u2019s Wellbeing and Schools Act 2026, section 16, describe a duty to warn local "
    "authorities where there is a real possibility that relevant services fail. The wording of the duty, its "
    "recipients and whether it is in force were not checked by this tool: a person checks them before anything is sent."
)
_DECISIONS: Final = (
    "Is there a real possibility that relevant services fail? Reasons",
    "Limb one: is failure of the business likely? Reasons",
    "Limb two: is a service likely to cease? Which, and when",
    "Date until which funding is assured, and who says so",
    "Provider\u2019s response, and when it was heard",
    "Chief Inspector told, and when",
    "Other authorities to be warned, and when",
    "Wording of the duty and commencement checked by",
    "Recipient: director of children\u2019s services, and contact",
    "Contact in the department",
    "Drafted by, and when",
    "Approved by, and when",
    "Sent by, and when",
)
_EVENTS: Final = 4
_REASONS: Final = 5


def warning_pack(view: RunView, place: str, group_ids: Sequence[str] = ()) -> Document:
    """The draft pack for an authority, but for the annex of its sources.

    Args:
        view: the run.
        place: name in any known spelling, or ONS code.
        group_ids: groups it is about; those with homes there and a proposed stage of concern where none is given.

    Raises:
        InputError: where the authority is not known, a group has no home there, or there is no group to warn of.
        SettingsError: where the run has no protective marking.
    """
    area = _area(view, place)
    subjects = _subjects(view, area, group_ids)
    return Document(
        title=f"Draft advance-warning pack: {area.name}",
        subtitle=f"For a person to complete. As at {date_text(view.as_at.on)}",
        subject=versions(view),
        banner=f"{banner(view.marking, view.label)}. DRAFT, NOT APPROVED",
        author=author(view),
        dated=view.as_at.on,
        blocks=(
            Paragraph((*said(strong(_DRAFT)),), notice=True),
            Paragraph(said(f"The run it rests on: {run_stands(view)}")),
            Paragraph(said(_DUTY)),
            Heading(1, "What the authority would face"),
            *_faced(area, subjects),
            Heading(1, "Why it is raised"),
            *(block for subject in subjects for block in _raised(subject)),
            Heading(1, "What we do not know"),
            _unknown(subjects),
            Heading(1, "For a person to decide and complete"),
            _decisions(),
            PageBreak(),
            Heading(1, f"Annex A. Registered settings in {area.name}"),
            *(block for subject in subjects for block in _settings(area, subject)),
            Heading(1, "Annex B. Capacity nearby, and other authorities"),
            *(block for subject in subjects for block in _nearby(area, subject)),
            *assumptions(view, ("replace.occupancy", "replace.usable", "replace.miles", "replace.quality")),
            *made(view),
        ),
    )


def _area(view: RunView, place: str) -> Authority:
    found = authority(place, registered_on(view))
    if found is None:
        raise InputError(
            "no such local authority of England",
            where=repr(clean(place)),
            next_step="Give its name as in the register, or its ONS code, such as E08000025.",
        )
    return found


def _subjects(view: RunView, area: Authority, group_ids: Sequence[str]) -> list[Subject]:
    there = view.table("exposure").filter(pl.col("local_authority_code") == area.code)
    present = set(there["group_id"])
    for group_id in group_ids:
        if group_id not in present:
            raise InputError(
                f"the group has no home in {area.name}",
                where=group_id,
                next_step="`oversight brief --group` names the authorities of a group.",
            )
    entries = view.table("register_entry").filter(pl.col("group_id").is_in(sorted(present)))
    chosen = list(group_ids) or entries.filter(pl.col("proposed_stage") >= CONCERN)["group_id"].to_list()
    if not chosen:
        raise InputError(
            f"no group with homes in {area.name} has a proposed stage of {CONCERN} or more",
            where=f"run {view.run_id}",
            next_step="Name the groups that a person is concerned about with --group.",
        )
    subjects = [Subject.of(view, group_id) for group_id in dict.fromkeys(chosen)]
    return sorted(subjects, key=lambda one: (-(one.entry["rating"] or 0), -one.entry["impact"], one.name))


def _faced(area: Authority, subjects: Sequence[Subject]) -> tuple[Block, ...]:
    cells = tuple(_facing(area, subject) for subject in subjects)
    several = (
        "Each group is measured as if it stopped alone. If several stopped at once, their children would need the same "
        "beds: `oversight replace` measures them together."
    )
    table = Table(
        caption=f"Groups with homes in {area.name}, and children who would need another place if each stopped",
        header=("Group", "Homes", "Places", "Share of the area\u2019s places", "Children, estimated",
                "Beds for them nearby", "Without a place, at least"),
        rows=cells, widths=(0.28, 0.08, 0.08, 0.13, 0.15, 0.14, 0.14), numeric=frozenset(range(1, 7)),
    )  # fmt: skip
    miles = _shortest(subjects[0])
    note = (
        f"Estimates with their range, under assumed occupancy; nearby is within {miles:g} miles. Annex B has the "
        "further distances and the assumptions."
        if miles
        else "What stopping would mean was not measured in this run."
    )
    extra = (Paragraph(said(several)),) if len(subjects) > 1 else ()
    return (table, Paragraph(said(note), small=True), *extra)


def _shortest(subject: Subject) -> float | None:
    found = subject.rows("displacement_by_authority")["miles"].min()
    return found if isinstance(found, float) else None


def _facing(area: Authority, subject: Subject) -> tuple[Text, ...]:
    held = subject.rows("exposure").filter(pl.col("local_authority_code") == area.code).row(0, named=True)
    share = held["share_of_places"]
    head = (
        said(subject.name),
        (figure(number_text(held["homes"]), held["exposure_id"]),),
        (figure(number_text(held["places"]), held["exposure_id"]),),
        said("[x]") if share is None else (figure(percent_text(share), held["exposure_id"]),),
    )
    return (*head, *_estimates(area, subject))


def _estimates(area: Authority, subject: Subject) -> tuple[Text, Text, Text]:
    """Children, beds and those without a place, one figure a kind of home within the shortest distance."""
    rows = _lost(area, subject).filter(pl.col("miles") == (_shortest(subject) or 0.0))
    if rows.is_empty():
        return said("[x]"), said("[x]"), said("[x]")
    found = []
    for name in ("children", "beds", "unplaced_at_least"):
        parts: list[Any] = []
        for place, row in enumerate(rows.iter_rows(named=True)):
            kind = f" {row['kind']}" if len(rows) > 1 else ""
            parts += [*([", "] if place else []), figure(f"{spread(row, name)}{kind}", row["displacement_id"])]
        found.append(said(*parts))
    return found[0], found[1], found[2]


def _lost(area: Authority, subject: Subject) -> pl.DataFrame:
    rows = subject.rows("displacement_by_authority").filter(pl.col("local_authority_code") == area.code)
    return rows.sort("kind", "miles")


def _raised(subject: Subject) -> tuple[Block, ...]:
    entry = subject.entry
    likely = (
        ("Likelihood is ", subject.own("likelihood_name", "not assessed"), " for want of evidence")
        if entry["likelihood"] is None
        else ("The rules propose likelihood ", subject.own("likelihood", f"{entry['likelihood']} of 5"))
    )
    lead = said(
        strong(f"{subject.name}. "), *likely, " and stage ",
        subject.own("proposed_stage", str(entry["proposed_stage"])),
        ". The bands rank signs; they are not probabilities.",
    )  # fmt: skip
    rows = (
        subject.rows("contribution")
        .filter(pl.col("axis") == "likelihood", pl.col("points") > 0)
        .sort("points", "contribution_id", descending=[True, False])
        .head(_REASONS)
    )
    reasons = [(figure(clean(row["reason"]), row["contribution_id"]),) for row in rows.iter_rows(named=True)]
    events = subject.rows("event").sort("dated_on", "event_id", descending=True)
    kinds = events.group_by("kind", maintain_order=True).agg(pl.first("dated_on", "event_id")).head(_EVENTS)
    newest = [
        said(f"{words(row['kind'])}: ", figure(f"the newest on {days(row['dated_on'])}", row["event_id"]))
        for row in kinds.iter_rows(named=True)
    ]
    return (Paragraph(lead), Bullets((*reasons, *newest) or (said("No sign on the evidence held."),)))


def _decisions() -> Table:
    rows = tuple((said(each), said(TO_COMPLETE)) for each in _DECISIONS)
    return Table("Nothing here is filled in by the tool", ("Question", "Answer"), rows, (0.55, 0.45))


def _unknown(subjects: Sequence[Subject]) -> Bullets:
    old = tuple(
        said(
            f"{subject.name}: what happened since its accounts to ",
            subject.own("accounts_made_up_to", days(made_up)),
            ".",
        )
        if (made_up := subject.entry["accounts_made_up_to"])
        else said(f"{subject.name}: its finances; no accounts could be read.")
        for subject in subjects
    )
    return Bullets(
        (
            *old,
            said("How many children live in each home, whose they are, and what they need: none of it is published."),
            said("Which empty places nearby could take a child: a bed counts by judgement and kind of home alone."),
            said("What lenders, owners and buyers would do. Homes often go on under another owner."),
        )
    )


def _settings(area: Authority, subject: Subject) -> tuple[Block, ...]:
    rows = subject.rows("setting").filter(pl.col("local_authority_code") == area.code)
    return home_table(rows, f"{shortened(subject.name, 80)}: settings in {area.name}")


def _nearby(area: Authority, subject: Subject) -> tuple[Block, ...]:
    rows = _lost(area, subject)
    if rows.is_empty():
        return (Paragraph(said(f"{subject.name}: not measured in this run.")),)
    cells = tuple(
        (
            said(words(row["kind"])),
            said(f"{row['miles']:g}"),
            said(number_text(row["places_lost"])),
            said(number_text(row["places_left"])),
            said(spread(row, "children")),
            said(spread(row, "beds")),
            (figure(spread(row, "unplaced_at_least"), row["displacement_id"]),),
        )
        for row in rows.iter_rows(named=True)
    )
    table = Table(
        caption=f"{shortened(subject.name, 80)}: if it stopped, capacity near {area.name}",
        header=("Kind of home", "Within miles", "Places lost", "Places left", "Children, estimated",
                "Beds that could take a child", "Without a place, at least"),
        rows=cells, widths=(0.2, 0.1, 0.1, 0.12, 0.16, 0.16, 0.16), numeric=frozenset(range(1, 7)), small=True,
    )  # fmt: skip
    others = subject.rows("exposure").filter(pl.col("local_authority_code") != area.code)
    listed = others.sort("places", "local_authority", descending=[True, False])
    elsewhere = tuple(
        (said(clean(row["local_authority"])), said(number_text(row["homes"])),
         (figure(number_text(row["places"]), row["exposure_id"]),))
        for row in listed.iter_rows(named=True)
    )  # fmt: skip
    also = (
        (Table(f"{shortened(subject.name, 80)}: other authorities with its homes",
               ("Local authority", "Homes", "Places"), elsewhere, (0.6, 0.2, 0.2), frozenset({1, 2}), small=True),)
        if elsewhere
        else ()
    )  # fmt: skip
    mapped = drawn(lambda: replacement_map(subject.view, subject.group_id, region=area.region), 0.8)
    return (table, *mapped, *also)
