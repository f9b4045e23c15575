"""Who held what on a day: the evidence, the groups and what they run, without the rest of a run."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import polars as pl

from oversight.errors import InputError
from oversight.model.evidence import Evidence
from oversight.model.times import AsAt, london_date
from oversight.pipeline.select import select_evidence
from oversight.pipeline.workspace import Workspace
from risk import determinations, groups
from risk.groups import Market
from risk.parameters import Parameters, Values, load


class By(StrEnum):
    """Whose homes are counted together: each owner's name as Ofsted prints it, or each group."""

    OWNER = "owner"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Holders:
    """The market on a day.

    Attributes:
        on: the day asked for; ownership is that of this day.
        as_at: the day the list of registrations describes: the newest up to `on`.
        by: whose homes are counted together.
        market: settings, owners and groups. By owner, each owner is a group of its own.
        names: group_id, name, kind and determination (null for none recorded).
        linked: owners of the list that are taken for a company.
        parameters: all of them.
        values: those in force on the day.
    """

    on: date
    as_at: date
    by: By
    market: Market
    names: pl.DataFrame
    linked: int
    parameters: Parameters
    values: Values


def holders(
    workspace: Workspace, *, on: date | None = None, by: By = By.GROUP, lists: Evidence | None = None
) -> Holders:
    """Form the market on a day from all that is held now.

    A list counts for the day it describes, though it was published later; companies and ownership are taken back to
    the day; links are the decisions that stand now. (`oversight run --on` is the way to see only what was public then.)

    Args:
        workspace: the installation.
        on: the day; today where not given.
        by: whose homes are counted together.
        lists: what `lists_held` gave, where it is wanted for several days.

    Raises:
        InputError: where no list describes that day or an earlier one.
    """
    parameters = load()
    evidence = _evidence(workspace, on, by, lists or lists_held(workspace))
    values = parameters.at(evidence.as_at.on)
    market = groups.form(evidence, values)
    as_at = market.home["as_at"].max()
    if not isinstance(as_at, date):
        raise InputError(
            "no list of registrations describes that day or an earlier one",
            where=str(on or "any day"),
            next_step="Collect one: `oversight collect ofsted --from FILE`, or --bundled for 31 March 2025.",
        )
    standing = determinations.standing(evidence.determination, evidence.as_at.on)
    recorded = determinations.of_groups(standing, market.companies, market.provider)
    return Holders(
        on=evidence.as_at.on,
        as_at=as_at,
        by=by,
        market=market,
        names=market.tops.select("group_id", "name", "kind").join(recorded, on="group_id", how="left"),
        linked=market.provider["company_number"].drop_nulls().len(),
        parameters=parameters,
        values=values,
    )


def lists_held(workspace: Workspace) -> Evidence:
    """Every list of registrations held now that can be used."""
    now = workspace.clock()
    return select_evidence(workspace, AsAt(on=london_date(now), known_by=now), {"home"})


def days_of(lists: Evidence) -> list[date]:
    """The days that lists describe, the earliest first."""
    return lists.home["as_at"].unique().sort().to_list()


def _evidence(workspace: Workspace, on: date | None, by: By, lists: Evidence) -> Evidence:
    """Lists held now, and registers taken back to the day; by owner, no link to a company is followed."""
    tables = {"link", "determination"} | (groups.EVIDENCE - {"home"} if by is By.GROUP else set())
    as_at = AsAt(on=on or lists.as_at.on, known_by=lists.as_at.known_by)
    evidence = select_evidence(workspace, as_at, tables)
    link = evidence.link
    if by is By.OWNER:
        link = link.with_columns(pl.lit(None, dtype=pl.String).alias("company_number"))
    return replace(evidence, home=lists.home, visible=lists.visible, link=link)
