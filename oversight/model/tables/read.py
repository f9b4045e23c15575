"""What documents say. No row here is ever updated; each carries the `document_id` it was read from.

`locator` is the place in the document: `sheet 'Name' row 17` for a spreadsheet or CSV (the first row is 1),
a JSON pointer (RFC 6901) for JSON, `context/concept/occurrence` for a tagged fact, page and box for a PDF.
"""

from collections.abc import Mapping

import dataframely as dy

from oversight.model.tables.keys import document_id, locator_in
from oversight.model.tables.read_ofsted import Home, Inspection, Movement, Premises, ProviderPage, ProviderReport


class Company(dy.Schema):
    """A company's profile at Companies House."""

    document_id = document_id()
    company_number = dy.String(primary_key=True)
    locator = locator_in()
    name = dy.String()
    status = dy.String(nullable=True)
    company_type = dy.String(nullable=True)
    jurisdiction = dy.String(nullable=True)
    incorporated_on = dy.Date(nullable=True)
    dissolved_on = dy.Date(nullable=True)
    sic_codes = dy.String(nullable=True, description="joined by commas")
    previous_names = dy.String(nullable=True, description="joined by ' | '")
    accounts_next_due = dy.Date(nullable=True)
    accounts_next_made_up_to = dy.Date(nullable=True)
    accounts_overdue = dy.Bool(nullable=True)
    accounts_last_made_up_to = dy.Date(nullable=True)
    accounts_last_type = dy.String(nullable=True)
    confirmation_next_due = dy.Date(nullable=True)
    confirmation_overdue = dy.Bool(nullable=True)
    has_charges = dy.Bool(nullable=True)
    has_insolvency_history = dy.Bool(nullable=True)


class Filing(dy.Schema):
    """One transaction in a company's filing history."""

    document_id = document_id()
    transaction_id = dy.String(primary_key=True)
    locator = locator_in()
    company_number = dy.String()
    filed_on = dy.Date(description="date of the transaction in the history")
    category = dy.String(nullable=True)
    form = dy.String(nullable=True, description="form type, such as AA, AA01, MR01, AUD")
    description = dy.String(nullable=True, description="the register's description key")
    text = dy.String(nullable=True, description="the description in English, names of persons left out")
    made_up_to = dy.Date(nullable=True, description="period end, for accounts")
    action_on = dy.Date(nullable=True, description="date of the action, where the register gives one")
    pages = dy.Int64(nullable=True, min=0)
    document_url = dy.String(nullable=True, description="document metadata address")
    paper_filed = dy.Bool(nullable=True)


class Charge(dy.Schema):
    """One charge registered against a company."""

    document_id = document_id()
    locator = locator_in(primary_key=True)
    company_number = dy.String()
    charge_id = dy.String(description="charge code, else charge number, else the link's id")
    status = dy.String(nullable=True)
    classification = dy.String(nullable=True)
    created_on = dy.Date(nullable=True)
    delivered_on = dy.Date(nullable=True, description="day it was delivered for registration, hence public")
    satisfied_on = dy.Date(nullable=True)
    persons_entitled = dy.String(nullable=True, description="joined by ' | '")
    particulars = dy.String(nullable=True)
    fixed_charge = dy.Bool(nullable=True)
    floating_charge = dy.Bool(nullable=True)
    floating_charge_covers_all = dy.Bool(nullable=True)
    negative_pledge = dy.Bool(nullable=True)


class Officer(dy.Schema):
    """An appointment. Only what churn needs: no name, address or birth date of a person is kept."""

    document_id = document_id()
    locator = locator_in(primary_key=True)
    company_number = dy.String()
    officer_id = dy.String(description="the register's id of the officer, hashed")
    role = dy.String(nullable=True)
    corporate = dy.Bool(description="true for a company acting as officer")
    appointed_on = dy.Date(nullable=True)
    resigned_on = dy.Date(nullable=True)


class Ownership(dy.Schema):
    """A person with significant control, or a statement that there is none."""

    document_id = document_id()
    locator = locator_in(primary_key=True)
    company_number = dy.String(description="the company controlled")
    owner_kind = dy.String(description="individual, corporate, legal-person, super-secure or statement")
    owner_key = dy.String(description="company number, else a hash of the person's name and month of birth")
    owner_name = dy.String(nullable=True, description="only for companies and other legal persons")
    owner_company_number = dy.String(nullable=True, description="where registered at Companies House")
    owner_country = dy.String(nullable=True, description="country of the owner's register")
    natures = dy.String(nullable=True, description="natures of control, joined by commas")
    share_min = dy.Float64(nullable=True, min=0, max=100, description="percent, lower end of the band")
    share_max = dy.Float64(nullable=True, min=0, max=100, description="percent, upper end of the band")
    notified_on = dy.Date(nullable=True)
    ceased_on = dy.Date(nullable=True)


class Insolvency(dy.Schema):
    """One dated event in an insolvency case."""

    document_id = document_id()
    locator = locator_in(primary_key=True)
    company_number = dy.String()
    case_number = dy.String(nullable=True)
    case_type = dy.String()
    event = dy.String(nullable=True, description="such as administration-started-on")
    dated_on = dy.Date(nullable=True)


class Office(dy.Schema):
    """Where a company's registered office is. Street and house are left out."""

    document_id = document_id()
    company_number = dy.String(primary_key=True)
    locator = locator_in()
    locality = dy.String(nullable=True)
    region = dy.String(nullable=True)
    postcode = dy.String(nullable=True)
    country = dy.String(nullable=True)
    in_dispute = dy.Bool(nullable=True, description="whether somebody disputes that the company may use it")
    undeliverable = dy.Bool(nullable=True, description="whether post comes back")


class Exemption(dy.Schema):
    """A time for which a company need not say who controls it, such as while its shares are traded."""

    document_id = document_id()
    locator = locator_in(primary_key=True)
    company_number = dy.String()
    kind = dy.String(description="the register's key, such as psc-exempt-as-trading-on-uk-regulated-market")
    exempt_from = dy.Date(nullable=True)
    exempt_to = dy.Date(nullable=True)


class Appointment(dy.Schema):
    """An appointment of an officer in any company, found from the officer. No name or address is kept."""

    document_id = document_id()
    locator = locator_in(primary_key=True)
    officer_id = dy.String(description="the register's id of the officer, hashed; as in `officer`")
    company_number = dy.String()
    company_status = dy.String(nullable=True)
    role = dy.String(nullable=True)
    corporate = dy.Bool(nullable=True, description="true for a company acting as officer")
    appointed_on = dy.Date(nullable=True)
    resigned_on = dy.Date(nullable=True)


class Practitioner(dy.Schema):
    """That a practitioner acts in an insolvency case: role and dates, no name."""

    document_id = document_id()
    locator = locator_in(primary_key=True)
    company_number = dy.String()
    case_number = dy.String(nullable=True)
    role = dy.String(nullable=True, description="such as interim-liquidator or practitioner")
    appointed_on = dy.Date(nullable=True)
    ceased_on = dy.Date(nullable=True)


class Candidate(dy.Schema):
    """A company that a search for an owner's name gave."""

    document_id = document_id()
    locator = locator_in(primary_key=True)
    company_number = dy.String()
    name = dy.String()
    status = dy.String(nullable=True)
    incorporated_on = dy.Date(nullable=True)
    previous_names = dy.String(nullable=True, description="joined by ' | '")


class Notice(dy.Schema):
    """A corporate insolvency notice in The Gazette. Names of persons in its text are not kept."""

    document_id = document_id()
    locator = locator_in(primary_key=True)
    notice_id = dy.String(description="The Gazette's own id, such as L-60768-1986497")
    notice_code = dy.String(description="four figures; 24xx is corporate insolvency")
    kind = dy.String(nullable=True, description="what the code means, such as Petitions to Wind Up (Companies)")
    company_name = dy.String(description="title of the notice")
    company_number = dy.String(nullable=True, description="where the text shown in the feed gives it")
    published_on = dy.Date()
    url = dy.String(nullable=True)


class Fact(dy.Schema):
    """One tagged value in a set of accounts, exact as filed."""

    fact_id = dy.String(primary_key=True, description="hash of document, concept, context and occurrence")
    document_id = dy.String()
    company_number = dy.String(nullable=True)
    concept = dy.String(description="local name")
    namespace = dy.String(description="namespace of the concept")
    context = dy.String()
    occurrence = dy.Int64(min=0, description="counts repeats of the same concept and context in a document")
    period_start = dy.Date(nullable=True, description="null for an instant")
    period_end = dy.Date(nullable=True)
    dimensions = dy.String(description="'Axis=Member' by local name, sorted, joined by ';'; empty for none")
    value = dy.String(nullable=True, description="exact decimal after sign and scale, or text; null for nil")
    number = dy.Float64(nullable=True, description="the same as a number")
    unit = dy.String(nullable=True, description="GBP, shares, pure and so on; null for text")
    decimals = dy.String(nullable=True)
    locator = locator_in()
    method = dy.String(description="tagged")
    confidence = dy.Float64(min=0, max=1)


class Line(dy.Schema):
    """One line of account for one period of one company or group, as one document states it."""

    line_id = dy.String(primary_key=True, description="hash of document, line, period and consolidated")
    document_id = dy.String()
    company_number = dy.String(nullable=True)
    period_start = dy.Date(nullable=True, description="start of the period the statement covers")
    period_end = dy.Date()
    consolidated = dy.Bool(description="true for the group, false for the company alone")
    comparative = dy.Bool(description="true for the earlier period printed beside the current one")
    line = dy.String(description="snake_case name of the line")
    value = dy.Float64(description="pounds, or a count; costs and creditors negative as printed")
    unit = dy.String()
    concept = dy.String(description="concept it rests on, or the formula for a derived line")
    fact_id = dy.String(nullable=True, description="the fact it rests on; null for a derived line")
    inputs = dy.String(nullable=True, description="line ids it is derived from, joined by commas")
    locator = locator_in()
    method = dy.String(description="tagged, printed (also a text layer), image (of a scan), derived, or conflict")
    confidence = dy.Float64(min=0, max=1)


class Statement(dy.Schema):
    """What the words of a set of accounts say: going concern, audit opinion, type of accounts, auditor."""

    document_id = document_id()
    kind = dy.String(primary_key=True, description="going_concern, audit_opinion, auditor, accounts_type, ...")
    company_number = dy.String(nullable=True)
    period_end = dy.Date(nullable=True)
    value = dy.String(description="the class, such as material_uncertainty, or the name")
    quote = dy.String(nullable=True, description="the sentence, as printed")
    locator = locator_in()
    confidence = dy.Float64(min=0, max=1)


class Issue(dy.Schema):
    """Something about a document that a person may need to know. Problems are rows, not log lines."""

    issue_id = dy.String(primary_key=True, description="hash of document, locator, kind and value")
    document_id = dy.String(nullable=True)
    locator = locator_in()
    kind = dy.String(description="snake_case, such as unknown_local_authority")
    value = dy.String(nullable=True)
    message = dy.String()
    severity = dy.String(description="information, warning or error")


class Reading(dy.Schema):
    """That a document was read, by which reader in which version, so that it is not read twice."""

    document_id = document_id()
    reader = dy.String(primary_key=True)
    version = dy.Int64(min=0, description="the reader's version; a higher one reads the document again")
    rows = dy.Int64(min=0, description="rows read, all tables together")
    placed = dy.Int64(min=0, description="for accounts: facts that reached a line")


TABLES: Mapping[str, type[dy.Schema]] = {
    "home": Home,
    "inspection": Inspection,
    "movement": Movement,
    "premises": Premises,
    "company": Company,
    "filing": Filing,
    "charge": Charge,
    "officer": Officer,
    "ownership": Ownership,
    "insolvency": Insolvency,
    "office": Office,
    "exemption": Exemption,
    "appointment": Appointment,
    "practitioner": Practitioner,
    "candidate": Candidate,
    "provider_page": ProviderPage,
    "provider_report": ProviderReport,
    "notice": Notice,
    "fact": Fact,
    "line": Line,
    "statement": Statement,
    "issue": Issue,
    "reading": Reading,
}
