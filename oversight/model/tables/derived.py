"""What one run derives from the evidence. These tables are the run: Parquet files and nothing else.

Every row that states a figure has an id of its own; `lineage` says which ids it rests on, down to
`line` rows and document locators, so that a reader can walk home from any figure.
"""

from collections.abc import Mapping
from typing import Final

import dataframely as dy

from oversight.model.tables.derived_groups import Group, Holding, Membership, Provider, Setting
from oversight.model.tables.derived_markets import (
    Displacement,
    DisplacementByAuthority,
    Exposure,
    Market,
    MarketShare,
    Scope,
)
from oversight.model.tables.derived_outlook import Drift, ExitForecast, GroupQuality, Stress, StressDraw, StressMarket
from oversight.model.tables.keys import group_id

VALUE: Final = "value"
NOT_APPLICABLE: Final = "not_applicable"
NOT_FILED: Final = "not_filed"
NOT_RELIABLE: Final = "not_reliable"


class AccountPeriod(dy.Schema):
    """One period for which a company or a group filed figures that can be used."""

    period_id = dy.String(primary_key=True)
    group_id = group_id()
    company_number = dy.String(description="company that filed")
    period_start = dy.Date(nullable=True)
    period_end = dy.Date()
    months = dy.Float64(nullable=True, description="length of the period; null where its start is not given")
    consolidated = dy.Bool()
    document_id = dy.String()
    filed_on = dy.Date(nullable=True)
    restated = dy.Bool(description="a later filing gives other figures for the same period")
    of_record = dy.Bool(description="true for the one the group is judged on for that year end")


class Account(dy.Schema):
    """One line of account of one period, chosen from what the documents say."""

    account_id = dy.String(primary_key=True)
    period_id = dy.String()
    line = dy.String()
    value = dy.Float64(nullable=True, description="pounds or a count; null with a status other than value")
    unit = dy.String()
    status = dy.String(description="value, not_filed or not_reliable")
    line_id = dy.String(nullable=True, description="the read line it rests on")
    document_id = dy.String()
    locator = dy.String()
    method = dy.String()
    confidence = dy.Float64(min=0, max=1)


class Indicator(dy.Schema):
    """One metric for one subject and one date."""

    indicator_id = dy.String(primary_key=True)
    group_id = group_id()
    subject_kind = dy.String(description="group, company or authority")
    subject = dy.String(description="group id, company number or authority code")
    code = dy.String(description="name in risk/parameters, such as operating_margin")
    dated_on = dy.Date(
        description="period end, day a publication describes, date of the newest event counted; else the run's day"
    )
    value = dy.Float64(nullable=True)
    unit = dy.String(description="percent, times, pounds, days, months, count, score")
    status = dy.String(description="value, not_applicable, not_filed or not_reliable")
    reason = dy.String(nullable=True, description="why there is no value, or a caveat")
    latest = dy.Bool(description="true for the newest date of the subject")


class Peer(dy.Schema):
    """Where one measure of a group's newest accounts stands among like groups. A rank, not a judgement."""

    group_id = group_id(primary_key=True)
    code = dy.String(primary_key=True, description="the measure, as in `indicator`")
    peer_id = dy.String()
    indicator_id = dy.String()
    peers = dy.String(description="the groups compared with, in words")
    count = dy.Int64(min=1, description="groups compared with that have a value, this one included")
    percentile = dy.Float64(min=0, max=100, description="share of them with a lower value, counting equals half")
    lower_quartile = dy.Float64()
    median = dy.Float64()
    upper_quartile = dy.Float64()


class Event(dy.Schema):
    """Something dated that happened to a member of a group and that a filing shows."""

    event_id = dy.String(primary_key=True)
    group_id = group_id()
    company_number = dy.String(nullable=True)
    kind = dy.String(description="name in risk/parameters, such as charge_created or insolvency")
    dated_on = dy.Date()
    detail = dy.String()
    document_id = dy.String()
    locator = dy.String()


class Contribution(dy.Schema):
    """Points one rule adds to one group's likelihood or impact, with the reason in words."""

    contribution_id = dy.String(primary_key=True)
    group_id = group_id()
    axis = dy.String(description="likelihood or impact")
    rule = dy.String(description="name in risk/parameters/scorecard")
    points = dy.Float64()
    maximum = dy.Float64(description="most points the rule can add")
    reason = dy.String(description="one plain sentence")
    evidence_id = dy.String(nullable=True, description="indicator or event it rests on; null for missing input")
    missing = dy.Bool(description="true where the rule had no input")


class Score(dy.Schema):
    """Sum of the points on one axis, as a band."""

    score_id = dy.String(primary_key=True)
    group_id = group_id()
    axis = dy.String()
    points = dy.Float64()
    band = dy.Int64(nullable=True, min=1, max=5, description="null where there is too little evidence for one")
    band_name = dy.String(description="the band in words; says so where it rests on little evidence, or on too little")
    coverage = dy.Float64(
        min=0,
        max=1,
        description="share of the axis's rules that had their input, by their points; rules of grave signs left aside, "
        "since most weak groups show none",
    )


class RegisterEntry(dy.Schema):
    """One line of the risk register: a group, its likelihood, its impact, and why."""

    entry_id = dy.String(primary_key=True, description="R- and eight characters, the same in every run")
    group_id = group_id()
    group_name = dy.String()
    uk_parent_number = dy.String(nullable=True)
    top_name = dy.String(nullable=True)
    homes = dy.Int64(min=0)
    places = dy.Int64(min=0)
    authorities = dy.Int64(min=0)
    largest_authority = dy.String(nullable=True)
    largest_share_of_places = dy.Float64(nullable=True, description="percent")
    likelihood = dy.Int64(nullable=True, min=1, max=5, description="null where there is too little evidence for one")
    likelihood_name = dy.String(description="the band in words, 'Not assessed: too little evidence' for none")
    likelihood_points = dy.Float64()
    likelihood_coverage = dy.Float64(
        description="share of the likelihood rules that had their input, by their points, 0 to 1"
    )
    impact = dy.Int64(min=1, max=5)
    impact_name = dy.String()
    impact_points = dy.Float64()
    rating = dy.Int64(
        nullable=True, min=1, max=25, description="likelihood times impact; null where likelihood is not assessed"
    )
    proposed_stage = dy.Int64(min=1, max=4, description="a person decides; stages 5 and 6 are never proposed alone")
    to_consider = dy.String(description="where a grave sign is reached: that a person considers stages 5 and 6")
    business_failure_signs = dy.String(description="reasons that bear on the business failing, joined by '; '")
    service_cessation_signs = dy.String(description="reasons that bear on a service ending, joined by '; '")
    band_would_rise = dy.String(description="points to the next likelihood band, and which rule alone could bring them")
    band_would_fall = dy.String(description="the same to the band before; empty where likelihood is not assessed")
    scope_conditions_met = dy.String(description="conditions met, joined by ', '; empty for none")
    top_reasons = dy.String(description="up to three, joined by '; '")
    missing_inputs = dy.String(description="joined by ', '")
    cause = dy.String()
    event = dy.String()
    consequence = dy.String()
    accounts_made_up_to = dy.Date(nullable=True)
    accounts_age_months = dy.Float64(nullable=True)
    accounts_basis = dy.String(description="consolidated, company, sum of companies or none")
    turnover = dy.Float64(nullable=True, description="pounds")
    operating_margin = dy.Float64(nullable=True, description="percent")
    ebitda_margin = dy.Float64(nullable=True, description="percent")
    net_debt = dy.Float64(nullable=True, description="pounds, total")
    net_debt_to_ebitda = dy.Float64(nullable=True, description="times")
    interest_cover = dy.Float64(nullable=True, description="times")
    current_ratio = dy.Float64(nullable=True)
    net_assets = dy.Float64(nullable=True, description="pounds")
    altman_z2 = dy.Float64(nullable=True, description="score of Altman Z'' (non-manufacturers)")
    linked_share_of_homes = dy.Float64(description="percent of the group's homes whose owner is a matched company")
    determination = dy.String(nullable=True, description="as a person recorded it, with who did; null for none")


class Alert(dy.Schema):
    """Something a recipient should look at. Its id is the same in every run that sees the same thing."""

    alert_id = dy.String(primary_key=True)
    group_id = group_id()
    entry_id = dy.String()
    group_name = dy.String()
    kind = dy.String()
    urgency = dy.String(description="immediate or digest")
    dated_on = dy.Date()
    title = dy.String(description="what happened, without scores")
    evidence_id = dy.String(description="event or register entry it rests on")


class Lineage(dy.Schema):
    """That one row rests on another: the steps of the walk home."""

    item_id = dy.String(primary_key=True)
    input_id = dy.String(primary_key=True)
    role = dy.String(description="what the input is to the item, such as numerator or turnover")


class Quality(dy.Schema):
    """A figure about the evidence of one group, for the data quality sheet."""

    group_id = group_id(primary_key=True)
    measure = dy.String(primary_key=True)
    value = dy.String(nullable=True)
    note = dy.String(nullable=True)


TABLES: Mapping[str, type[dy.Schema]] = {
    "group": Group,
    "membership": Membership,
    "holding": Holding,
    "provider": Provider,
    "setting": Setting,
    "account_period": AccountPeriod,
    "account": Account,
    "indicator": Indicator,
    "peer": Peer,
    "event": Event,
    "contribution": Contribution,
    "score": Score,
    "exposure": Exposure,
    "market": Market,
    "market_share": MarketShare,
    "displacement": Displacement,
    "displacement_by_authority": DisplacementByAuthority,
    "exit_forecast": ExitForecast,
    "group_quality": GroupQuality,
    "drift": Drift,
    "scope": Scope,
    "stress": Stress,
    "stress_draw": StressDraw,
    "stress_market": StressMarket,
    "register_entry": RegisterEntry,
    "alert": Alert,
    "lineage": Lineage,
    "quality": Quality,
}
