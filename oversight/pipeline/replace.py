"""If these groups stopped: asked of the ledger for any day, by name or by the owner's text."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from oversight.errors import InputError
from oversight.geography import by_code
from oversight.model.spelling import key
from oversight.model.times import AsAt, london_date
from oversight.pipeline.select import select_evidence
from oversight.pipeline.workspace import Workspace
from risk import groups
from risk.groups import COUNCIL, Market
from risk.parameters import load
from risk.replace import ALL_KINDS, Assumptions, Replacement, Stock, assumptions, measure, stock_of, together
from risk.replace.ranking import ranking


@dataclass(frozen=True, slots=True)
class Standing:
    """The groups of a day and their homes, ready to be asked.

    Attributes:
        on: day that the publication describes.
        market: groups and providers.
        stock: places by group, authority and kind.
        assumed: the assumptions in force.
    """

    on: date
    market: Market
    stock: Stock
    assumed: Assumptions


def standing(workspace: Workspace, *, on: date | None = None, miles: Sequence[float] | None = None) -> Standing:
    """The market in the newest list of registrations that describes a day or an earlier one.

    Raises:
        InputError: where there is none.
    """
    now = workspace.clock()
    today = london_date(now)
    held = select_evidence(workspace, AsAt(on=today, known_by=now), groups.EVIDENCE)
    values = load().at(on or today)
    market = groups.form(replace(held, as_at=AsAt(on=on or today, known_by=now)), values)
    described = market.home["as_at"].max()
    if not isinstance(described, date):
        raise InputError(
            "no list of registrations describes that day or an earlier one",
            where=str(on or "any day"),
            next_step="`oversight collect ofsted --bundled` brings the list of 31 March 2025.",
        )
    assumed = assumptions(values, miles)
    return Standing(described, market, stock_of(market.home, assumed), assumed)


def _needs_judgements(stands: Standing) -> None:
    if not stands.stock.judged:
        raise InputError(
            "the list of registrations gives no judgements, so it is not known which homes are good",
            where=f"the list of {stands.on}",
            next_step="Choose a day after a list with judgements (since 2015).",
        )


def rank(stands: Standing, kind: str | None = None) -> pl.DataFrame:
    """Every group that is no council, in the order of children left without a place.

    Args:
        stands: the groups.
        kind: only homes of this kind, such as ordinary.

    Raises:
        InputError: for a kind that there is not, or where the list gives no judgements.
    """
    _needs_judgements(stands)
    known = stands.stock.cells["kind"].unique().sort().to_list()
    if kind is not None and kind not in known:
        raise InputError(
            "there is no such kind of home", where=repr(kind), next_step=f"The kinds are: {', '.join(known)}."
        )
    tops = stands.market.tops.filter(pl.col("kind") != COUNCIL)
    lost = measure(stands.stock, stands.assumed, tops["group_id"], stands.on)
    return ranking(lost.displacement, tops, kind or ALL_KINDS)


def chosen(stands: Standing, *, names: Sequence[str] = (), owners: Sequence[str] = ()) -> pl.DataFrame:
    """group_id and name of the groups whose name, or an owner's text in them, contains one of some texts.

    Raises:
        InputError: where a text fits none.
    """
    found = []
    for texts, frame, column in ((names, stands.market.tops, "name"), (owners, stands.market.provider, "owner")):
        spelt = frame.with_columns(pl.col(column).map_elements(key, return_dtype=pl.String).alias("spelt"))
        for text in texts:
            fits = spelt.filter(pl.col("spelt").str.contains(key(text), literal=True))
            if fits.is_empty() or not key(text):
                raise InputError(
                    f"no {'group' if column == 'name' else 'owner'} of that day has this in its name",
                    where=repr(text),
                    next_step="Look at the names: `oversight replace` lists the groups, `oversight homes` the owners.",
                )
            found.append(fits.select("group_id"))
    wanted = pl.concat(found).unique()
    return stands.market.tops.join(wanted, on="group_id", how="semi").select("group_id", "name").sort("name")


def stopped(stands: Standing, which: pl.DataFrame) -> Replacement:
    """What it means if all of some groups stop on one day: a bed of any of them is no help.

    Raises:
        InputError: where the list of registrations gives no judgements.
    """
    _needs_judgements(stands)
    name = "together" if which.height > 1 else str(which["group_id"][0])
    stock = together(stands.stock, which["group_id"].to_list(), name)
    return measure(stock, stands.assumed, [name], stands.on)


def authority_names(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with the name of each authority in front of its code."""
    names = pl.col("local_authority_code").map_elements(lambda code: by_code(code).name, return_dtype=pl.String)
    return frame.select(names.alias("local_authority"), pl.all())
