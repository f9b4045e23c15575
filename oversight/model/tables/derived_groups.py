"""Groups of owners as one run sees them: members, owners, and the homes they are registered for."""

import dataframely as dy

from oversight.model.tables.keys import group_id


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

    group_id = group_id(primary_key=True)
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
    group_id = group_id()
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
    group_id = group_id()
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
    group_id = group_id()
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
