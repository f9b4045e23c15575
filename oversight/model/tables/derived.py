"""What one run derives from the evidence. These tables are the run: Parquet files and nothing else.

Every row that states a figure has an id of its own; `lineage` says which ids it rests on, down to
`line` rows and document locators, so that a reader can walk home from any figure.
"""

from collections.abc import Mapping
from typing import Final

import dataframely as dy

VALUE: Final = "value"
NOT_APPLICABLE: Final = "not_applicable"
NOT_FILED: Final = "not_filed"
NOT_RELIABLE: Final = "not_reliable"


def _group(*, primary_key: bool = False) -> dy.String:
    return dy.String(primary_key=primary_key, description="group the row belongs to")


class Group(dy.Schema):
    """Companies under one control, with what they run."""

    group_id = dy.String(primary_key=True, description="hash of the top owner's key")
    name = dy.String(
        description="name of the ultimate UK parent; where that is a partnership that does not consolidate, of the "
        "company below it whose consolidated accounts are of record; else of the top, else the owner's text"
    )
    kind = dy.String(description="company, individual, joint, overseas, council, charity or unlinked")
    top_key = dy.String(description="company number or hashed key of the ultimate owner found")
    top_name = dy.String(nullable=True, description="null where the top is an individual")
    top_country = dy.String(nullable=True)
    uk_parent_number = dy.String(nullable=True, description="highest company registered at Companies House")
    uk_parent_name = dy.String(nullable=True)
    companies = dy.Int64(min=0, description="companies known in the group")
    providers = dy.Int64(min=0, description="owner texts of registered providers linked into the group")
    homes = dy.Int64(min=0, description="children's homes of all types, active or suspended")
    settings = dy.Int64(min=0, description="all registered settings, homes included")
    places = dy.Int64(min=0, description="registered places in children's homes")
    authorities = dy.Int64(min=0, description="local authorities with at least one home")
    regions = dy.Int64(min=0)
    owner_class = dy.String(
        nullable=True,
        description="individual, corporate, investment, local_authority, charity, or unknown where no owner is known",
    )
    joint = dy.Bool(nullable=True, description="whether several hold the top jointly; null for an unlinked owner")
    circle = dy.Bool(nullable=True, description="whether a circle of owners was cut; null for an unlinked owner")


class Membership(dy.Schema):
    """One company's place in its group, with the document that says so."""

    group_id = _group(primary_key=True)
    company_number = dy.String(primary_key=True)
    name = dy.String(nullable=True)
    parent_key = dy.String(nullable=True, description="null for the top")
    parent_name = dy.String(nullable=True)
    share_min = dy.Float64(nullable=True, description="percent")
    share_max = dy.Float64(nullable=True, description="percent")
    depth = dy.Int64(min=0, description="steps below the top")
    path = dy.String(description="keys from the top down, joined by ' > '")
    document_id = dy.String(nullable=True)
    locator = dy.String(nullable=True)
    basis = dy.String(
        nullable=True, description="why the parent controls it: a controlling role of `holding`; null for the top"
    )
    source = dy.String(nullable=True, description="what says so: register, accounts or decided; null for the top")
    since = dy.Date(nullable=True, description="day from which the step is known; of joint holders the latest")
    why = dy.String(nullable=True, description="the sentence of the accounts, or who decided it and why")
    status = dy.String(nullable=True, description="the company's status on the register")
    dormant = dy.Bool(nullable=True, description="whether its last accounts are those of a dormant company")


class Holding(dy.Schema):
    """One edge of a group's ownership tree: an owner of a member, on the run's day or before it.

    The tree is `membership` (nodes below the top, one controlling parent each) with these edges (every owner).
    """

    holding_id = dy.String(primary_key=True)
    group_id = _group()
    company_number = dy.String(description="the company owned")
    company_name = dy.String(nullable=True)
    owner_key = dy.String(description="company number, else a hash of the name (of a person with month of birth)")
    owner_number = dy.String(nullable=True, description="where registered at Companies House")
    owner_kind = dy.String(description="individual, corporate, legal-person or super-secure")
    owner_name = dy.String(nullable=True, description="null for people")
    owner_country = dy.String(nullable=True)
    role = dy.String(
        description="it controls by: decided, majority, appointment, influence, half (jointly), stated (in accounts); "
        "or it is: indirect (through another owner), minority, agrees or contradicts (stated in accounts, beside the "
        "register), split (set aside by a person), ceased"
    )
    source = dy.String(description="what says so: register, accounts or decided")
    share_min = dy.Float64(nullable=True, description="percent of the shares, lower end of the band")
    share_max = dy.Float64(nullable=True, description="percent of the shares, upper end of the band")
    votes_min = dy.Float64(nullable=True, description="percent of the votes, lower end of the band")
    votes_max = dy.Float64(nullable=True, description="percent of the votes, upper end of the band")
    natures = dy.String(nullable=True, description="natures of control as the register keys them, joined by commas")
    since = dy.Date(nullable=True, description="day notified; balance sheet's day for what accounts state")
    until = dy.Date(nullable=True, description="day it ceased")
    why = dy.String(nullable=True, description="the sentence of the accounts, or who decided it and why")
    document_id = dy.String(nullable=True, description="null for what a person decided")
    locator = dy.String()


class Provider(dy.Schema):
    """One owner text of the newest visible Ofsted publication, and the company it is taken for."""

    owner_key = dy.String(primary_key=True, description="normal form of the owner's name")
    group_id = _group()
    owner = dy.String(description="the commonest spelling in the publication")
    kind = dy.String(description="company, council, charity, individual or unknown")
    company_number = dy.String(nullable=True)
    link_decision = dy.String(description="automatic, confirmed, none, or review when undecided")
    link_reason = dy.String(nullable=True)
    homes = dy.Int64(min=0)
    settings = dy.Int64(min=0)
    places = dy.Int64(min=0)
    document_id = dy.String()
    locator = dy.String(description="first row of the publication with this owner")


class Setting(dy.Schema):
    """One registered setting of a group (a home, an agency, a school) in the newest visible Ofsted publication."""

    setting_id = dy.String(primary_key=True, description="URN- and Ofsted's unique reference number")
    group_id = _group()
    owner_key = dy.String(description="normal form of the owner's name")
    urn = dy.String()
    name = dy.String(nullable=True, description="null where Ofsted withholds it")
    provision_type = dy.String()
    is_home = dy.Bool(description="whether it is a children's home")
    status = dy.String(nullable=True, description="Active, Suspended and so on, as published")
    places = dy.Int64(nullable=True, min=0)
    local_authority = dy.String(nullable=True)
    local_authority_code = dy.String(nullable=True, description="ONS code")
    region = dy.String(nullable=True)
    overall = dy.String(nullable=True, description="latest overall judgement")
    inspected_on = dy.Date(nullable=True)
    as_at = dy.Date(description="day the publication describes")
    document_id = dy.String()
    locator = dy.String()


class AccountPeriod(dy.Schema):
    """One period for which a company or a group filed figures that can be used."""

    period_id = dy.String(primary_key=True)
    group_id = _group()
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
    group_id = _group()
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

    group_id = _group(primary_key=True)
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
    group_id = _group()
    company_number = dy.String(nullable=True)
    kind = dy.String(description="name in risk/parameters, such as charge_created or insolvency")
    dated_on = dy.Date()
    detail = dy.String()
    document_id = dy.String()
    locator = dy.String()


class Contribution(dy.Schema):
    """Points one rule adds to one group's likelihood or impact, with the reason in words."""

    contribution_id = dy.String(primary_key=True)
    group_id = _group()
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
    group_id = _group()
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


class Exposure(dy.Schema):
    """What a group runs in one local authority."""

    group_id = _group(primary_key=True)
    local_authority_code = dy.String(primary_key=True, description="ONS code, or the name where unknown")
    exposure_id = dy.String()
    local_authority = dy.String()
    region = dy.String(nullable=True)
    homes = dy.Int64(min=0)
    places = dy.Int64(min=0)
    authority_homes = dy.Int64(min=0)
    authority_places = dy.Int64(min=0)
    share_of_places = dy.Float64(nullable=True, description="percent; null where the authority has no places")
    document_id = dy.String()


class Market(dy.Schema):
    """One type of provision in one area: its size, its concentration, and what it was about a year before."""

    market_id = dy.String(primary_key=True, description="kind and code of the area, and the type, joined by '.'")
    area_kind = dy.String(
        description="england, region, authority, beside (an authority and those beside it) or within (and those near)"
    )
    area_code = dy.String(description="ONS code; of a region its name; of a neighbourhood its authority's")
    area_name = dy.String()
    market_type = dy.String(description="name in risk/parameters/market_types.yaml")
    as_at = dy.Date(description="day the list of registrations describes")
    basis = dy.String(description="what shares and concentration are of: places, or settings where none are published")
    caveat = dy.String(nullable=True, description="what to know about the type in this list")
    settings = dy.Int64(nullable=True, min=0, description="homes, agencies and so on of the type")
    places = dy.Int64(nullable=True, min=0, description="registered places; null where they are not published")
    holders = dy.Int64(nullable=True, min=0, description="groups, and owners without one, councils included")
    hhi = dy.Float64(nullable=True, min=0, max=10_000.01, description="Herfindahl-Hirschman index, 0 to 10,000")
    top1_share = dy.Float64(nullable=True, description="percent held by the largest")
    top3_share = dy.Float64(nullable=True, description="percent held by the three largest")
    top5_share = dy.Float64(nullable=True, description="percent held by the five largest")
    top10_share = dy.Float64(nullable=True, description="percent held by the ten largest")
    council_share = dy.Float64(nullable=True, description="percent held by councils")
    unattributed_share = dy.Float64(nullable=True, description="percent without an owner: in the total, nobody's share")
    reason = dy.String(nullable=True, description="why a figure is missing")
    compared_on = dy.Date(nullable=True, description="day of the list compared with")
    settings_before = dy.Int64(nullable=True, min=0)
    places_before = dy.Int64(nullable=True, min=0)
    hhi_before = dy.Float64(nullable=True)
    settings_change = dy.Int64(nullable=True)
    places_change = dy.Int64(nullable=True)
    hhi_change = dy.Float64(nullable=True)
    growth = dy.Float64(nullable=True, description="percent, of places or settings by the basis, put on twelve months")
    change_reason = dy.String(nullable=True, description="why there is no comparison")
    document_id = dy.String()


class MarketShare(dy.Schema):
    """What one group holds of one market."""

    market_id = dy.String(primary_key=True)
    group_id = _group(primary_key=True)
    place = dy.Int64(min=1, description="1 for the largest")
    settings = dy.Int64(min=0)
    places = dy.Int64(nullable=True, min=0)
    share = dy.Float64(nullable=True, description="percent of the places, or of the settings by the market's basis")
    settings_before = dy.Int64(nullable=True, min=0, description="of the owners that are in the group now")
    places_before = dy.Int64(nullable=True, min=0)
    share_before = dy.Float64(nullable=True)
    settings_change = dy.Int64(nullable=True)
    share_change = dy.Float64(nullable=True, description="percentage points")
    change_reason = dy.String(nullable=True, description="why there is no comparison")


class Displacement(dy.Schema):
    """What one group's stopping would mean for one kind of home within one distance. An estimate under assumptions.

    Low, central and high are percentiles of the trials; the parameters `replace` say which and what is assumed.
    """

    displacement_id = dy.String(primary_key=True)
    group_id = _group()
    kind = dy.String(description="kind of home that can stand in for another, such as ordinary or secure; or all")
    miles = dy.Float64(min=0, description="distance within which a place is looked for")
    homes = dy.Int64(min=0, description="homes of the group that would go")
    places_lost = dy.Int64(min=0, description="their registered places")
    places_left = dy.Float64(
        min=0, description="registered places of the same kind, at least good, of other groups, expected within reach"
    )
    children_low = dy.Float64(min=0, description="children who would be displaced")
    children_central = dy.Float64(min=0)
    children_high = dy.Float64(min=0)
    beds_low = dy.Float64(min=0, description="beds in such homes that could take a child, within reach")
    beds_central = dy.Float64(min=0)
    beds_high = dy.Float64(min=0)
    unplaced_low = dy.Float64(min=0, description="children for whom the best assignment has no bed within reach")
    unplaced_central = dy.Float64(min=0)
    unplaced_high = dy.Float64(min=0)


class DisplacementByAuthority(dy.Schema):
    """The same for the group's homes of one kind in one local authority."""

    displacement_id = dy.String(primary_key=True)
    group_id = _group()
    local_authority_code = dy.String(description="ONS code")
    kind = dy.String()
    miles = dy.Float64(min=0)
    homes = dy.Int64(min=0)
    places_lost = dy.Int64(min=0)
    share_of_authority = dy.Float64(nullable=True, description="percent of the authority's places of the kind")
    share_of_neighbourhood = dy.Float64(
        nullable=True, description="percent of the places of the kind in the authority and its neighbours"
    )
    places_left = dy.Float64(min=0)
    children_low = dy.Float64(min=0)
    children_central = dy.Float64(min=0)
    children_high = dy.Float64(min=0)
    beds_low = dy.Float64(min=0)
    beds_central = dy.Float64(min=0)
    beds_high = dy.Float64(min=0)
    unplaced_at_least_low = dy.Float64(
        min=0, description="children without a bed within reach even if those of this authority came first"
    )
    unplaced_at_least_central = dy.Float64(min=0)
    unplaced_at_least_high = dy.Float64(min=0)


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

    group_id = _group(primary_key=True)
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


class Scope(dy.Schema):
    """One configurable scope condition tested on one group. Indicates, never determines."""

    scope_id = dy.String(primary_key=True)
    group_id = _group()
    condition_set = dy.String()
    condition = dy.String(description="name of the condition in the set")
    kind = dy.String(nullable=True, description="number, size, concentration or share (section 30ZE(4))")
    measure = dy.String(nullable=True, description="what the hardest of its requirements measures, such as places")
    value = dy.Float64(
        nullable=True, description="of the hardest requirement: furthest below its threshold, or least above"
    )
    threshold = dy.Float64(nullable=True, description="as used, scaled to the market where the set says so")
    unit = dy.String()
    met = dy.Bool()
    margin = dy.Float64(nullable=True, description="value less threshold; negative where it is not met")
    margin_percent = dy.Float64(nullable=True, description="the margin in percent of the threshold")
    nearness = dy.Int64(nullable=True, min=1, description="place among those that do not meet it, the nearest first")
    requirements = dy.String(nullable=True, description="every requirement of the condition in words, joined by '; '")
    reason = dy.String(nullable=True, description="why it cannot be tested")
    verified = dy.Bool(description="whether the threshold is fixed in law or a cited source")


class Stress(dy.Schema):
    """One group in the year after its newest accounts, under one scenario. A projection, not a forecast."""

    stress_id = dy.String(primary_key=True)
    group_id = _group()
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

    group_id = _group(primary_key=True)
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


class RegisterEntry(dy.Schema):
    """One line of the risk register: a group, its likelihood, its impact, and why."""

    entry_id = dy.String(primary_key=True, description="R- and eight characters, the same in every run")
    group_id = _group()
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
    group_id = _group()
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

    group_id = _group(primary_key=True)
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
