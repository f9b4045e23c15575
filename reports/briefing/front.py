"""The two pages of a briefing: what a busy reader needs, each figure with its source."""

from datetime import date
from typing import Any, Final

import polars as pl

from oversight.model.tables.derived import VALUE
from reports import standing
from reports.briefing.subject import WHY, Subject, days
from reports.charts import Drawing, bands, debt_by_year, margins_by_year, stress_by_scenario
from reports.documents.model import (
    Block,
    Bullets,
    Heading,
    Image,
    Images,
    Paragraph,
    Span,
    Table,
    Text,
    figure,
    said,
    strong,
)
from reports.sheets.front import CAUTION
from reports.style import clean, months_text, number_text, percent_text, shortened, value_text, words

_KEY: Final = (
    "turnover", "operating_margin", "ebitda_margin", "net_debt_total", "net_debt_to_ebitda", "interest_cover",
    "current_ratio", "cash_days", "net_assets",
)  # fmt: skip
_AWAITING: Final = "DRAFT: what this briefing says rests on decisions of people that await approval by a second person."
_CHANGES: Final = 6
_EVENTS: Final = 4
_AUTHORITIES: Final = 5
_LIKELY: Final = 5
_IMPACTS: Final = 3
_UNKNOWN: Final = 6
_STALE_MONTHS: Final = 12.0
_HALF: Final = 0.492


def pages(subject: Subject) -> tuple[Block, ...]:
    """Everything before the annexes."""
    return (
        Paragraph(said(CAUTION), notice=True),
        *_awaiting(subject),
        Heading(1, "In short"),
        *_short(subject),
        _key_figures(subject),
        Heading(1, "What changed"),
        *_changed(subject),
        Heading(1, "Who owns it"),
        _owned(subject),
        Heading(1, "Homes and authorities"),
        *_homes(subject),
        Heading(1, "Debt and margins"),
        *_pair(debt_by_year(subject.view, subject.group_id), margins_by_year(subject.view, subject.group_id)),
        Heading(1, "Likelihood and impact, with reasons"),
        *_pair(bands(subject.view, subject.group_id), stress_by_scenario(subject.view, subject.group_id)),
        *_reasons(subject),
        Heading(1, "What we do not know"),
        Bullets(unknown(subject)[:_UNKNOWN]),
    )


def _awaiting(subject: Subject) -> tuple[Block, ...]:
    """What people decided of the group that no second person has approved; nothing where there is none."""
    found = standing.awaiting(subject.view).filter(pl.col("group_id") == subject.group_id)
    if found.is_empty():
        return ()
    listed = tuple(said(standing.told(row)) for row in found.sort("decided_at", "decided_id").iter_rows(named=True))
    return (Paragraph(said(strong(_AWAITING)), notice=True), Bullets(listed))


def _pair(*drawings: Drawing) -> tuple[Block, ...]:
    """Charts side by side; what cannot be drawn is said in words."""
    drawn = tuple(Image(each.panel(), each.words, _HALF) for each in drawings if not each.blank)
    told = tuple(Paragraph(said(f"{each.title}.")) for each in drawings if each.blank)
    return (*((Images(drawn),) if drawn else ()), *told)


def _short(subject: Subject) -> tuple[Block, ...]:
    entry = subject.entry
    homes = _count(entry["homes"], "children\u2019s home", "children\u2019s homes")
    areas = _count(entry["authorities"], "local authority", "local authorities")
    runs = said(
        "The group runs ", subject.own("homes", homes), " with ",
        subject.own("places", _count(entry["places"], "registered place", "registered places")), " in ",
        subject.own("authorities", areas), ". ", *_likelihood(subject), " Impact is proposed at ",
        subject.own("impact", f"{entry['impact']} of 5 ({clean(entry['impact_name']).lower()})"),
        ", and stage ", subject.own("proposed_stage", str(entry["proposed_stage"])),
        " of 4. A person decides. ", *_determined(subject),
    )  # fmt: skip
    return (Paragraph(runs), Paragraph(_accounts(subject)))


def _likelihood(subject: Subject) -> Text:
    entry = subject.entry
    if entry["likelihood"] is None:
        return said("Likelihood is ", subject.own("likelihood_name", "not assessed"), ": there is too little evidence.")
    name = clean(entry["likelihood_name"]).lower()
    return said("The rules propose likelihood ", subject.own("likelihood", f"{entry['likelihood']} of 5 ({name})"), ".")


def _determined(subject: Subject) -> Text:
    recorded = subject.entry["determination"]
    if recorded:
        return said("A determination is recorded: ", subject.own("determination", clean(str(recorded))), ".")
    return said("No determination is recorded.")


def _accounts(subject: Subject) -> Text:
    entry = subject.entry
    made = entry["accounts_made_up_to"]
    if made is None:
        return said("No accounts of the group could be read, so nothing is said of its debt or margins.")
    age = entry["accounts_age_months"]
    basis = {"consolidated": "consolidated accounts", "company": "accounts of one company, not of the group"}
    kind = basis.get(str(entry["accounts_basis"]), "accounts of its companies added up, with dealings between them")
    old = (", ", subject.own("accounts_age_months", months_text(age)), " old at the as-at date") if age else ()
    return said("The newest figures are from ", kind, " to ", subject.own("accounts_made_up_to", days(made)), *old, ".")


def _key_figures(subject: Subject) -> Table:
    peer = {row["code"]: row for row in subject.rows("peer").iter_rows(named=True)}
    rows = []
    for code in _KEY:
        against = peer.get(code)
        unit = subject.years(code)["unit"].first() if len(subject.years(code)) else ""
        middle = (
            figure(value_text(float(against["median"]), str(unit)), str(against["peer_id"]))
            if against
            else Span("not compared")
        )
        rows.append((said(subject.label(code)), (subject.measure(code),), (subject.measure(code, back=1),), (middle,)))
    return Table(
        caption="Key figures of the newest accounts",
        header=("Measure", "Newest accounts", "Year before", "Middle of peers"),
        rows=tuple(rows),
        widths=(0.34, 0.22, 0.22, 0.22),
        numeric=frozenset({1, 2, 3}),
    )


def _changed(subject: Subject) -> tuple[Block, ...]:
    since = subject.view.compared_on
    if since is None:
        return (Paragraph(said("There is no run of an earlier day to compare with.")), *_newest_events(subject, None))
    rows = subject.view.table("change").filter(pl.col("entry_id") == subject.entry["entry_id"])
    if "new" in set(rows["change"]):
        first = said(f"The entry is new since the run of {days(since)}.")
        return (Paragraph(first), *_newest_events(subject, since))
    moved = [_moved(subject, row) for row in rows.iter_rows(named=True) if row["field"] in _FIELDS]
    lead = f"Since the run of {days(since)}:" if moved else f"No rating or count moved since the run of {days(since)}."
    listed = (Bullets(tuple(moved[:_CHANGES])),) if moved else ()
    return (Paragraph(said(lead)), *listed, *_newest_events(subject, since))


_FIELDS: Final = {
    "likelihood": "Likelihood", "impact": "Impact", "proposed_stage": "Proposed stage", "homes": "Homes",
    "places": "Places", "accounts_made_up_to": "Accounts made up to", "accounts_basis": "Basis of accounts",
    "uk_parent_number": "UK parent company", "group_name": "Name", "scope_conditions_met": "Scope conditions met",
}  # fmt: skip


def _moved(subject: Subject, row: dict[str, Any]) -> Text:
    before, after = (_value(row[side]) for side in ("before", "after"))
    return said(f"{_FIELDS[row['field']]}: from {before} to ", subject.own(row["field"], after))


def _value(text: str | None) -> str:
    """A value of a register as it stands in `change`, dates in words."""
    try:
        return days(date.fromisoformat(text or ""))
    except ValueError:
        return shortened(text or "none", 70)


def _newest_events(subject: Subject, since: Any) -> tuple[Block, ...]:
    """The newest filed events since a day, one line a kind."""
    rows = subject.rows("event").sort("dated_on", "event_id", descending=True)
    kept = rows if since is None else rows.filter(pl.col("dated_on") > since)
    if kept.is_empty():
        return () if since is None else (Paragraph(said("No new event was filed or published since then.")),)
    kinds = kept.group_by("kind", maintain_order=True).agg(pl.len().alias("count"), pl.first("dated_on", "event_id"))
    lead = "Newest events on file:" if since is None else "New events on file:"
    items = tuple(
        said(
            f"{words(row['kind'])}: ",
            figure(f"{number_text(row['count'])}, the newest on {days(row['dated_on'])}", row["event_id"]),
        )
        for row in kinds.head(_EVENTS).iter_rows(named=True)
    )
    return (Paragraph(said(lead)), Bullets(items))


def _owned(subject: Subject) -> Paragraph:
    group = subject.group
    tops = {"individual": "an individual, whose name is withheld", "joint": "several holders jointly"}
    top = tops.get(str(group["kind"])) or clean(str(group["top_name"] or "not known"))
    country = f" ({clean(group['top_country'])})" if group["top_country"] else ""
    parent = (
        f" The highest company on the UK register is {shortened(str(group['uk_parent_name']), 80)} "
        f"({clean(str(group['uk_parent_number']))})."
        if group["uk_parent_number"] and group["uk_parent_name"]
        else " No company on the UK register is linked to it."
    )
    linked = percent_text(subject.entry["linked_share_of_homes"], 0)
    return Paragraph(
        said(
            f"Ultimate owner found: {shortened(top, 80)}{country}.{parent} Companies known in the group: ",
            figure(number_text(group["companies"]), subject.group_id), ". Of its homes, ",
            subject.own("linked_share_of_homes", linked),
            " have an owner that is matched to a company. Annex A draws the companies.",
        )
    )  # fmt: skip


def _homes(subject: Subject) -> tuple[Block, ...]:
    near = subject.rows("displacement").filter(pl.col("kind") == "all").sort("miles").head(1)
    told = _replaced(near.row(0, named=True)) if len(near) else said("Replacement of its places was not measured.")
    rows = subject.rows("exposure").sort("share_of_places", "places", descending=True, nulls_last=True)
    shown = rows.head(_AUTHORITIES)
    more = len(rows) - len(shown)
    table = Table(
        caption=f"Largest shares of a local authority\u2019s places{f'; {more:,} more in annex B' if more else ''}",
        header=("Local authority", "Homes", "Places", "Share of its places"),
        rows=tuple(exposure_cells(row) for row in shown.iter_rows(named=True)),
        widths=(0.4, 0.2, 0.2, 0.2),
        numeric=frozenset({1, 2, 3}),
    )
    return (Paragraph(told), table)


def exposure_cells(row: dict[str, Any]) -> tuple[Text, ...]:
    """An authority with homes, places and share, the share leading to its source."""
    share = row["share_of_places"]
    shown = "not available" if share is None else percent_text(share)
    return (
        said(clean(row["local_authority"])),
        said(number_text(row["homes"])),
        said(number_text(row["places"])),
        (figure(shown, row["exposure_id"]),),
    )


def _replaced(row: dict[str, Any]) -> Text:
    return said(
        "If all its homes closed at once, an estimated ",
        figure(f"{spread(row, 'children')} children", row["displacement_id"]),
        " would need another place, and for ",
        figure(spread(row, "unplaced"), row["displacement_id"]),
        f" of them there might be none within {row['miles']:g} miles. Both rest on assumed occupancy; see annex B.",
    )


def spread(row: dict[str, Any], name: str) -> str:
    """`151 (132 to 169)`: the middle of an estimate and its range."""
    low, middle, high = (number_text(row[f"{name}_{end}"]) for end in ("low", "central", "high"))
    return f"{middle} ({low} to {high})"


def _reasons(subject: Subject) -> tuple[Block, ...]:
    likely, impact = _because(subject, "likelihood", _LIKELY), _because(subject, "impact", _IMPACTS)
    return (
        Paragraph(said(strong("Likelihood: "), _points(subject, "likelihood"), " the reasons of most points are")),
        Bullets(likely or (said("No rule adds points on the evidence held."),)),
        Paragraph(said(strong("Impact: "), _points(subject, "impact"), " the reasons of most points are")),
        Bullets(impact or (said("No rule adds points on the evidence held."),)),
    )


def _points(subject: Subject, axis: str) -> Span:
    return subject.own(f"{axis}_points", f"{number_text(subject.entry[f'{axis}_points'])} points;")


def _because(subject: Subject, axis: str, most: int) -> tuple[Text, ...]:
    rows = (
        subject.rows("contribution")
        .filter(pl.col("axis") == axis, pl.col("points") > 0)
        .sort("points", "contribution_id", descending=[True, False])
        .head(most)
    )
    return tuple(
        said(
            figure(clean(row["reason"]), row["contribution_id"]),
            f" ({number_text(row['points'])} of at most {number_text(row['maximum'])} points)",
        )
        for row in rows.iter_rows(named=True)
    )


def unknown(subject: Subject) -> tuple[Text, ...]:
    """What is missing, old or assumed, the gravest first."""
    entry = subject.entry
    found: list[Text] = []
    missing = clean(str(entry["missing_inputs"] or ""))
    if missing:
        held = percent_text(entry["likelihood_coverage"] * 100, 0)
        said_missing = subject.own("missing_inputs", shortened(missing, 260))
        found.append(said("Not held for likelihood: ", said_missing, f". Evidence held: {held} by points."))
    gaps = [(code, _gap(subject, code)) for code in _KEY]
    if entry["accounts_made_up_to"] is not None and any(why for _, why in gaps):
        listed = ", ".join(f"{_lower(subject.label(code))} ({why})" for code, why in gaps if why)
        found.append(said(f"No figure in the newest accounts: {listed}."))
    age = entry["accounts_age_months"]
    if age is not None and age > _STALE_MONTHS:
        found.append(said("What happened to its finances since its accounts ended, ",
                          subject.own("accounts_age_months", months_text(age)), " before the as-at date."))  # fmt: skip
    if str(entry["accounts_basis"]) in {"company", "sum of companies"}:
        found.append(said("The finances of the group as a whole: no consolidated accounts were found."))
    if entry["linked_share_of_homes"] < 100:  # noqa: PLR2004 - percent
        share = percent_text(100 - entry["linked_share_of_homes"], 0)
        found.append(said("Which company runs ", subject.own("linked_share_of_homes", share), " of its homes."))
    if not _response(subject):
        found.append(said("The provider\u2019s side: no response of the provider is recorded in the register."))
    found += [
        said("How many children live in the homes, their needs, and how many empty places could take a child: none of "
             "it is published, so occupancy is assumed."),
        said("Funding agreed but not registered as a charge, support of owners or lenders, and the terms of its debt."),
    ]  # fmt: skip
    return tuple(found)


def _gap(subject: Subject, code: str) -> str:
    """Why the newest accounts give no figure; empty where they give one."""
    rows = subject.years(code).head(1)
    if rows.is_empty():
        return "not filed"
    row = rows.row(0, named=True)
    return "" if row["status"] == VALUE else WHY.get(str(row["status"]), "not filed")


def _lower(label: str) -> str:
    """A label within a sentence: its first letter small, unless it is an abbreviation."""
    return label if label[:2].isupper() else f"{label[:1].lower()}{label[1:]}"


def _response(subject: Subject) -> bool:
    rows = subject.view.table("register_field").filter(
        pl.col("entry_id") == subject.entry["entry_id"], pl.col("field") == "response"
    )
    return not rows.drop_nulls("value").is_empty()


def _count(number: int, one: str, many: str) -> str:
    return f"{number_text(number)} {one if number == 1 else many}"
