"""What people (or a named rule) decided: append-only rows with author, time and reason.

The newest row for a subject stands; an earlier one is history. Nothing here is ever deleted.
"""

from collections.abc import Mapping

import dataframely as dy


def _author() -> dy.String:
    return dy.String(description="who decided: a person's name, or rule:<name>-v<version>")


def _decided_at() -> dy.Datetime:
    return dy.Datetime(time_unit="us", time_zone="UTC", description="when it was decided")


class Link(dy.Schema):
    """An owner's name, as Ofsted types it, is (or is not) a company; withdrawn, it waits for a person again."""

    link_id = dy.String(primary_key=True, description="hash of owner_key, company, decision, author and time")
    owner_key = dy.String(description="normal form of the owner's name")
    owner = dy.String(description="the owner's name as it stood when decided")
    company_number = dy.String(nullable=True, description="null where the owner is not a company")
    kind = dy.String(description="company, council, charity, individual or unknown")
    decision = dy.String(description="automatic, confirmed, rejected, none or withdrawn")
    score = dy.Float64(nullable=True, min=0, max=100)
    author = _author()
    decided_at = _decided_at()
    reason = dy.String()


class OwnershipDecision(dy.Schema):
    """A company is (or is not) under a parent, as a person decided. The newest row stands, unless withdrawn."""

    ownership_decision_id = dy.String(primary_key=True, description="hash of company, owner, decision, author and time")
    company_number = dy.String(description="the company owned")
    owner_key = dy.String(
        description="company number of the parent, else the hash of its name; 'any' in a split from every owner"
    )
    owner_company_number = dy.String(nullable=True, description="where registered at Companies House")
    owner_name = dy.String(nullable=True, description="only for companies and other legal persons")
    owner_country = dy.String(nullable=True, description="country of the owner's register, as the author wrote it")
    decision = dy.String(description="join, split or withdrawn")
    from_on = dy.Date(nullable=True, description="first day it counts for; null for always")
    to_on = dy.Date(nullable=True, description="first day it no longer counts for; null for ever")
    author = _author()
    decided_at = _decided_at()
    reason = dy.String()


class Override(dy.Schema):
    """An analyst's figure in place of a read one; the read one is kept."""

    override_id = dy.String(primary_key=True)
    subject = dy.String(description="id of the row overridden")
    field = dy.String()
    old_value = dy.String(nullable=True)
    new_value = dy.String(nullable=True)
    author = _author()
    decided_at = _decided_at()
    reason = dy.String()


class HandRead(dy.Schema):
    """A figure that an analyst read in a filed document, where the reader found none or another."""

    hand_read_id = dy.String(primary_key=True, description="hash of line_id, value, author and time")
    line_id = dy.String(description="id of the line of account, as the reader would give it")
    document_id = dy.String()
    company_number = dy.String(nullable=True)
    period_start = dy.Date(nullable=True)
    period_end = dy.Date()
    consolidated = dy.Bool()
    comparative = dy.Bool(description="whether it is printed as the earlier year of that document")
    line = dy.String()
    value = dy.Float64(nullable=True, description="pounds or a count, signed as lines are; null withdraws it")
    unit = dy.String()
    locator = dy.String(description="where it stands, such as page 12")
    author = _author()
    decided_at = _decided_at()
    reason = dy.String()


class Determination(dy.Schema):
    """A determination by the Secretary of State (section 30ZE), recorded by a person.

    A row with `revoked_on` says everything again and takes the earlier row of the same subject and notice back.
    """

    determination_id = dy.String(primary_key=True)
    subject = dy.String(
        description="company number of the provider or of a company of the group, else the owner's name"
    )
    determined_on = dy.Date()
    notice_reference = dy.String()
    condition = dy.String(description="the condition met, as the notice names it")
    named_individual_recorded = dy.Bool(description="whether the notice names one")
    named_individual = dy.String(
        nullable=True, description="name in the notice (section 30ZE(6)); stays in the ledger, never in a run or report"
    )
    revoked_on = dy.Date(nullable=True, description="day from which it no longer stands; null while it stands")
    author = _author()
    decided_at = _decided_at()
    reason = dy.String()


class Delivery(dy.Schema):
    """An alert that was handed to a channel for one recipient."""

    delivery_id = dy.String(primary_key=True, description="hash of alert, recipient and channel")
    alert_id = dy.String()
    recipient = dy.String()
    channel = dy.String(description="smtp, notify or file")
    message_id = dy.String()
    author = _author()
    decided_at = _decided_at()
    reason = dy.String()


class AlertAnswer(dy.Schema):
    """What a person said to an alert. The newest row of an alert stands."""

    alert_answer_id = dy.String(primary_key=True, description="hash of alert, decision, until, author and time")
    alert_id = dy.String()
    decision = dy.String(description="acknowledged, snoozed or reopened")
    until = dy.Date(nullable=True, description="first day on which a snoozed alert is raised again; else null")
    by = dy.String(description="command, link or page")
    author = _author()
    decided_at = _decided_at()
    reason = dy.String()


class NoticeMatch(dy.Schema):
    """A notice in The Gazette is (or may be) about a company that is followed."""

    notice_match_id = dy.String(primary_key=True, description="hash of notice, company and how they were matched")
    notice_id = dy.String()
    company_number = dy.String()
    matched_by = dy.String(description="number, or name: the normal forms of both names are the same")
    decision = dy.String(description="automatic for a number; candidate for a name, which two companies may have had")
    author = _author()
    decided_at = _decided_at()
    reason = dy.String()


class RegisterField(dy.Schema):
    """What a person wrote in a manual column of the register; the newest row of an entry and field stands."""

    register_field_id = dy.String(primary_key=True, description="hash of entry, field, value, author and time")
    entry_id = dy.String(description="register entry, the same in every run")
    field = dy.String(description="manual column of the register, such as owner or actions")
    value = dy.String(nullable=True, description="null where what stood there was taken away")
    author = _author()
    decided_at = _decided_at()
    reason = dy.String()


class Note(dy.Schema):
    """A remark on a subject."""

    note_id = dy.String(primary_key=True)
    subject = dy.String()
    text = dy.String()
    author = _author()
    decided_at = _decided_at()
    reason = dy.String()


class Approval(dy.Schema):
    """A second person's word on what somebody decided; the newest row of a decision stands.

    It changes no figure; a run cannot be published without it.
    """

    approval_id = dy.String(primary_key=True, description="hash of what is decided, verdict, author and time")
    decided_table = dy.String(description="table of the decision, such as override")
    decided_id = dy.String(description="its primary key")
    verdict = dy.String(description="approved or rejected")
    author = _author()
    decided_at = _decided_at()
    reason = dy.String()


class Publication(dy.Schema):
    """A person's word that a run may leave the building, every decision in it approved by a second person."""

    publication_id = dy.String(primary_key=True, description="hash of the run")
    run_id = dy.String()
    author = _author()
    decided_at = _decided_at()
    reason = dy.String()


TABLES: Mapping[str, type[dy.Schema]] = {
    "link": Link,
    "ownership_decision": OwnershipDecision,
    "override": Override,
    "hand_read": HandRead,
    "determination": Determination,
    "delivery": Delivery,
    "alert_answer": AlertAnswer,
    "notice_match": NoticeMatch,
    "register_field": RegisterField,
    "note": Note,
    "approval": Approval,
    "publication": Publication,
}
