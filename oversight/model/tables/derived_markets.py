"""Markets, places lost with a group, and conditions of scope, as one run measures them."""

import dataframely as dy

from oversight.model.tables.keys import group_id


class Exposure(dy.Schema):
    """What a group runs in one local authority."""

    group_id = group_id(primary_key=True)
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
    group_id = group_id(primary_key=True)
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
    group_id = group_id()
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
    group_id = group_id()
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


class Scope(dy.Schema):
    """One configurable scope condition tested on one group. Indicates, never determines."""

    scope_id = dy.String(primary_key=True)
    group_id = group_id()
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
