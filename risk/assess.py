"""The assessment: evidence and parameters in, derived tables out. Nothing else goes in, nothing else comes out."""

import polars as pl

from oversight.model.assessment import Assessment
from oversight.model.evidence import Evidence
from risk import (
    accounts,
    alerts,
    determinations,
    drift,
    exposure,
    groups,
    impact,
    indicators,
    peers,
    ratios,
    register,
    reliance,
    replace,
    scope,
    scorecard,
    scores,
    stress,
    turning,
)
from risk.accounts import Books
from risk.accounts.books import wide
from risk.failure.opinion import second_opinion
from risk.findings import Findings, distinct_lineage, empty
from risk.groups import Market
from risk.indicators import Scene, outlook, standards
from risk.market import markets
from risk.models import NO_MODELS, Models
from risk.parameters import Parameters, Values
from risk.ratios import compute, places, trend


def assess(evidence: Evidence, parameters: Parameters, models: Models = NO_MODELS) -> Assessment:
    """Judge the evidence.

    Args:
        evidence: what one `AsAt` admits; the order of its rows makes no difference.
        parameters: thresholds, weights and rules; those in force on the day looked at are used.
        models: fitted models, for a second opinion; without one there is none.

    Returns:
        The derived tables in their declared columns; `tables()` validates and sorts them.
    """
    values = parameters.at(evidence.as_at.on)

    market = groups.form(evidence, values)
    held, homes_of_exposure = exposure.measure(market)
    spread = exposure.spread(market, held)

    books = accounts.keep(evidence, market.companies, values)
    group = groups.group_table(market, held, groups.consolidating(market, evidence.company, books, values))
    measured = _measure_accounts(books, market, held, models, values)

    scene = Scene(evidence, market, books, values)
    signals = indicators.measure(scene)
    impacts = impact.measure(scene, spread, held)
    entrants = register.candidates(group)
    assumed = replace.assumptions(values)
    stock = replace.stock_of(market.home, assumed)
    lost = replace.measure(stock, assumed, entrants["group_id"], scene.registered_at or scene.on)
    running = spread.join(entrants, on="group_id", how="semi")
    losses = replace.findings(scene, running, stock, lost, assumed)
    leaving = outlook.measure(scene, models.exits)
    found = Findings.together([measured, signals, impacts, losses, leaving.findings])

    card = scorecard.judge(entrants, found.indicator, parameters, values)
    holdings = scope.Holdings.of(market.home, spread.join(entrants, on="group_id", how="semi"), held)
    screened = scope.screen(holdings, parameters, values)
    entry = register.entries(
        group=entrants, spread=spread, indicator=found.indicator, contribution=card.contribution, score=card.score,
        scope=screened, record=books.record, provider=market.provider,
        determined=_determined(evidence, market), values=values,
    ).join(turning.points(card.contribution, card.score, parameters, values), on="group_id")  # fmt: skip

    table = wide(books)
    stressed = stress.under_scenarios(table, market, entrants, found.indicator, parameters, values)
    drawn = stress.draw(table, market, entrants, values)
    moved = drift.measure(models, table, leaving.made, values)

    shown = register.lineage(entry, found.indicator)
    areas = markets(market, values)

    return Assessment(
        as_at=evidence.as_at,
        parameters_fingerprint=parameters.fingerprint,
        group=_declared("group", group),
        membership=_declared("membership", market.membership),
        holding=_declared("holding", market.holding),
        provider=_declared("provider", market.provider),
        setting=_declared("setting", groups.settings(market)),
        account_period=_declared("account_period", books.period),
        account=_declared("account", books.account),
        indicator=_declared("indicator", found.indicator),
        peer=_declared("peer", peers.rank(found.indicator, entrants, values)),
        event=_declared("event", found.event),
        contribution=_declared("contribution", card.contribution),
        score=_declared("score", card.score),
        exposure=_declared("exposure", held),
        market=_declared("market", areas.market),
        market_share=_declared("market_share", areas.share),
        displacement=_declared("displacement", lost.displacement),
        displacement_by_authority=_declared("displacement_by_authority", lost.by_authority),
        exit_forecast=_declared("exit_forecast", leaving.homes),
        group_quality=_declared("group_quality", standards.through_time(scene)),
        drift=_declared("drift", moved),
        scope=_declared("scope", screened),
        stress=_declared("stress", stressed),
        stress_draw=_declared("stress_draw", drawn.group),
        stress_market=_declared("stress_market", drawn.market),
        register_entry=_declared("register_entry", entry),
        alert=_declared("alert", alerts.raise_alerts(found.event, entry, evidence.visible, evidence.as_at.on, values)),
        lineage=_declared(
            "lineage",
            pl.concat(
                [
                    measured.lineage,
                    distinct_lineage(
                        [
                            books.lineage,
                            signals.lineage,
                            impacts.lineage,
                            losses.lineage,
                            leaving.findings.lineage,
                            homes_of_exposure,
                            card.lineage,
                            shown,
                        ]
                    ),
                ]
            ),
        ),
        quality=_declared("quality", reliance.measure(entry, books, market, found.indicator, evidence)),
    )


def _measure_accounts(books: Books, market: Market, held: pl.DataFrame, models: Models, values: Values) -> Findings:
    """Ratios and published scores of every period of record, figures a place, trends, and the model's opinion."""
    table = wide(books)
    measured = compute.measure(table, ratios.catalogue(values), values)
    scored = scores.measure(table, values)
    a_place = places.measure(table, market, held, values)
    trends = trend.measure(measured.indicator, books.record, values)
    asked = second_opinion(table, models.failure, values) if models.failure else Findings.of()
    return Findings.together([measured, scored, a_place, trends, asked])


def _determined(evidence: Evidence, market: Market) -> pl.DataFrame:
    """group_id and determination of groups of which a member is the subject of one that stands."""
    standing = determinations.standing(evidence.determination, evidence.as_at.on)
    return determinations.of_groups(standing, market.companies, market.provider)


def _declared(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame in the columns and types of its table."""
    return frame.select(pl.col(column).cast(kind) for column, kind in empty(name).schema.items())
