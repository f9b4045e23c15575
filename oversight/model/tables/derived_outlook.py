"""What may come: forecasts of exit, quality through time, drift of models, and stress, as one run has them."""

import dataframely as dy

from oversight.model.tables.keys import group_id


class ExitForecast(dy.Schema):
    """One home of the newest list and the chance that it leaves the register within a year of that list.

    A second opinion of a fitted model, which ranks; a home registered anew has not left.
    """

    urn = dy.String(primary_key=True)
    group_id = dy.String(nullable=True, description="null where the home has no known owner")
    owner = dy.String(nullable=True)
    local_authority = dy.String(nullable=True)
    places = dy.Int64(nullable=True, min=0)
    probability = dy.Float64(min=0, max=1)
    rank = dy.Int64(min=1, description="1 the likeliest to leave; homes alike share a rank")
    top_reasons = dy.String(description="what raises it most above the average home, joined by '; '; may be empty")
    register_of = dy.Date(description="day the register stood so")
    model_outcomes_by = dy.Date(description="day up to which outcomes were known to the model")
    in_time = dy.Bool(description="whether that day is not after the day looked at")
    document_id = dy.String()
    locator = dy.String()


class GroupQuality(dy.Schema):
    """The regulated settings of a group of today in one publication, by what it says of them."""

    group_id = group_id(primary_key=True)
    as_at = dy.Date(primary_key=True, description="day the publication describes")
    settings = dy.Int64(min=0)
    homes = dy.Int64(min=0, description="children's homes among them")
    judged = dy.Int64(min=0)
    inadequate = dy.Int64(min=0)
    below_good = dy.Int64(min=0, description="inadequate or requiring improvement")
    suspended = dy.Int64(min=0)
    uninspected = dy.Int64(min=0, description="homes long without a full inspection, as the parameters have it")
    with_signs = dy.Int64(min=0, description="settings that show a sign, as the parameters have it")
    providers_with_signs = dy.Int64(min=0, description="registered providers they are under")
    gathered = dy.Bool(description="whether signs gather in a way that section 23A is about; a proposal to look")
    left = dy.Int64(min=0, description="settings of the publication before that this one no longer names")
    cancelled = dy.Int64(min=0, description="those of them that a list of leavers calls cancelled")


class Drift(dy.Schema):
    """One input of a fitted model, or its score, in this run against what the model learnt from."""

    drift_id = dy.String(primary_key=True, description="model and input, joined by '.'")
    model = dy.String(description="exits, failure_full or failure_balance_sheet")
    input = dy.String(description="name of the feature or ratio; score for what the model makes of them")
    label = dy.String()
    rows_then = dy.Int64(min=0, description="rows learnt from that have a value")
    rows_now = dy.Int64(min=0, description="homes or groups of this run that have a value")
    missing_then = dy.Float64(min=0, max=1)
    missing_now = dy.Float64(min=0, max=1)
    index = dy.Float64(nullable=True, description="population stability index; null where there are too few rows")
    by_chance = dy.Float64(nullable=True, description="what chance alone would exceed in one run of twenty")
    verdict = dy.String(description="stable, within chance, some change, much change, too few")
    changed = dy.String(nullable=True, description="the part that changed most, with its share then and now")
    fingerprint = dy.String(description="SHA-256 of the model")


class Stress(dy.Schema):
    """One group in the year after its newest accounts, under one scenario. A projection, not a forecast."""

    stress_id = dy.String(primary_key=True)
    group_id = group_id()
    scenario = dy.String(description="name in the parameter stress.scenarios")
    period_end = dy.Date(description="end of the accounts it starts from")
    turnover = dy.Float64(nullable=True, description="pounds")
    ebitda = dy.Float64(nullable=True, description="pounds")
    ebitda_interest_cover = dy.Float64(nullable=True, description="EBITDA over net interest, times; null without any")
    headroom = dy.Float64(
        nullable=True, description="percent of turnover that could still be lost before EBITDA fails to pay interest"
    )
    cash_after = dy.Float64(nullable=True, description="pounds, at the end of the year; negative is a gap")
    runway_months = dy.Float64(nullable=True, description="months until cash is gone; null where cash does not fall")
    out_of_cash = dy.Bool(nullable=True, description="whether the cash would not last the year")
    band_before = dy.Int64(nullable=True, min=1, max=5, description="likelihood band on the accounts as filed")
    band_after = dy.Int64(nullable=True, min=1, max=5, description="likelihood band on the stressed year")
    status = dy.String(description="value or not_filed")
    reason = dy.String(nullable=True, description="what is not filed, or what was assumed")


class StressDraw(dy.Schema):
    """One group under random shocks, some of them shared by all groups."""

    group_id = group_id(primary_key=True)
    period_end = dy.Date()
    draws = dy.Int64(min=1)
    out_of_cash = dy.Float64(min=0, max=100, description="percent of draws in which the cash would not last the year")
    cover_low = dy.Float64(nullable=True, description="EBITDA over net interest, 5th percentile of the draws")
    cover_median = dy.Float64(nullable=True)
    cover_high = dy.Float64(nullable=True, description="95th percentile")
    reason = dy.String(nullable=True, description="what was assumed")


class StressMarket(dy.Schema):
    """One figure on all groups together under random shocks."""

    measure = dy.String(primary_key=True)
    value = dy.Float64()
    unit = dy.String()
