"""What Ofsted's publications and pages say of settings and their providers."""

import dataframely as dy

from oversight.model.tables.keys import document_id, locator_in


class Home(dy.Schema):
    """One registered provider (a home, an agency, a school) in one Ofsted publication."""

    document_id = document_id()
    urn = dy.String(primary_key=True, description="unique reference number, text")
    locator = locator_in()
    as_at = dy.Date(description="day the publication describes")
    name = dy.String(nullable=True, description="null where Ofsted prints REDACTED")
    provision_type = dy.String(description="normalised type, such as Children's home")
    status = dy.String(nullable=True, description="Active, Suspended and so on, as published")
    registered_on = dy.Date(nullable=True)
    owner = dy.String(nullable=True, description="organisation which owns the provider, as typed by Ofsted")
    sector = dy.String(nullable=True, description="Private, Voluntary, Local authority, Health authority, ...")
    places = dy.Int64(nullable=True, min=0, description="registered places; null where none is published")
    local_authority = dy.String(nullable=True, description="name in the DfE list, or as published if unknown")
    local_authority_code = dy.String(nullable=True, description="ONS nine-character code")
    region = dy.String(nullable=True, description="one of the nine English regions")
    constituency = dy.String(nullable=True, description="parliamentary constituency, as published")
    short_breaks_only = dy.Bool(nullable=True)
    overall = dy.String(nullable=True, description="latest overall judgement, normalised")
    helped_and_protected = dy.String(nullable=True)
    leaders_and_managers = dy.String(nullable=True)
    inspected_on = dy.Date(nullable=True, description="date of that latest full inspection")


class Inspection(dy.Schema):
    """One inspection event in an Ofsted in-year publication."""

    document_id = document_id()
    locator = locator_in(primary_key=True)
    urn = dy.String()
    event_number = dy.String(nullable=True)
    event_type = dy.String(nullable=True)
    inspected_on = dy.Date(nullable=True)
    published_on = dy.Date(nullable=True)
    provision_type = dy.String(nullable=True)
    overall = dy.String(nullable=True)
    helped_and_protected = dy.String(nullable=True)
    leaders_and_managers = dy.String(nullable=True)


class Movement(dy.Schema):
    """A provider that joined or left the register, as Ofsted lists it."""

    document_id = document_id()
    locator = locator_in(primary_key=True)
    urn = dy.String()
    kind = dy.String(description="joiner, leaver or both")
    provision_type = dy.String(nullable=True)
    sector = dy.String(nullable=True)
    places = dy.Int64(nullable=True, min=0)
    local_authority = dy.String(nullable=True)
    local_authority_code = dy.String(nullable=True)
    region = dy.String(nullable=True)
    constituency = dy.String(nullable=True, description="parliamentary constituency, as published")
    registered_on = dy.Date(nullable=True)
    left_on = dy.Date(nullable=True, description="resigned, closed or cancelled, the earliest given")
    status = dy.String(nullable=True, description="registration status at the end of the period")
    reason = dy.String(nullable=True)


class Premises(dy.Schema):
    """Supported accommodation premises, counted by provider and authority."""

    document_id = document_id()
    locator = locator_in(primary_key=True)
    urn = dy.String()
    as_at = dy.Date()
    local_authority = dy.String(nullable=True)
    local_authority_code = dy.String(nullable=True)
    region = dy.String(nullable=True)
    premises = dy.Int64(nullable=True, min=0)


class ProviderPage(dy.Schema):
    """What a provider's page on Ofsted's reports site says of its registration."""

    document_id = document_id()
    urn = dy.String(primary_key=True)
    locator = locator_in()
    name = dy.String(nullable=True)
    provision_type = dy.String(nullable=True, description="as the page words it")
    status = dy.String(nullable=True, description="registration status, as the page words it")
    registered_on = dy.Date(nullable=True)
    closed_on = dy.Date(nullable=True)


class ProviderReport(dy.Schema):
    """One inspection or visit listed on a provider's page, with the link to its report."""

    document_id = document_id()
    locator = locator_in(primary_key=True)
    urn = dy.String()
    event_type = dy.String(nullable=True, description="such as Full inspection, as the page words it")
    inspected_on = dy.Date(nullable=True)
    published_on = dy.Date(nullable=True)
    overall = dy.String(nullable=True, description="overall judgement, normalised; null where none is given")
    report_url = dy.String(nullable=True)
