"""Which alert emails are due and what they say."""

from datetime import UTC, date, datetime
from email import message_from_bytes
from email.policy import default
from textwrap import dedent

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.errors import SettingsError
from oversight.model.evidence import schema_of
from reports.alerts import AlertContext, Outgoing, address, delivery_rows, pending
from tests.reports.invented_view import LABEL, frame

MOMENT = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)
CONTEXT = AlertContext("official-sensitive", LABEL, "http://oversight.test:8000/", "monitor@mail.test", MOMENT)
ANN, BOB = "ann@dept.test", "bob@dept.test"


def alert(number: int, urgency: str = "digest", **changes: object) -> dict[str, object]:
    row: dict[str, object] = {
        "alert_id": f"alert-{number}",
        "group_id": f"group-{number % 2}",
        "entry_id": f"R-0000000{number % 2}",
        "group_name": f"Example Group {number % 2} Limited",
        "kind": "charge_created",
        "urgency": urgency,
        "dated_on": date(2026, 11, 10 + number),
        "title": "A charge was registered",
        "evidence_id": f"event-{number}",
    }
    return row | changes


def alerts(*rows: dict[str, object]) -> pl.DataFrame:
    return frame("alert", list(rows))


def due(
    rows: pl.DataFrame, *recipients: str, sent: list[Outgoing] | None = None, context: AlertContext = CONTEXT
) -> list[Outgoing]:
    delivered = [row for one in sent or [] for row in delivery_rows(one, "rule:test-v1", MOMENT)]
    return pending(rows, frame("delivery", delivered), recipients or (ANN,), "smtp", context)


def read(outgoing: Outgoing) -> tuple[str, str]:
    """Subject and body as a mail program shows them."""
    message = message_from_bytes(outgoing.message.as_bytes(), policy=default)
    assert message.get_content_type() == "text/plain"
    return str(message["Subject"]), str(message.get_content()).replace("\r\n", "\n")


def test_the_email_of_one_immediate_alert_to_the_letter() -> None:
    (one,) = due(alerts(alert(1, "immediate", title="An administrator was appointed")))
    expected = """\
        From: monitor@mail.test
        To: ann@dept.test
        Subject: OFFICIAL-SENSITIVE. EXAMPLE DATA: invented companies. Homes market
         oversight: Example Group 1 Limited
        Date: Sun, 22 Nov 2026 09:05:00 +0000
        Message-ID: <d2e43ae80695876d.alert@mail.test>
        Auto-Submitted: auto-generated
        Content-Type: text/plain; charset="utf-8"
        Content-Transfer-Encoding: 7bit
        MIME-Version: 1.0

        OFFICIAL-SENSITIVE. EXAMPLE DATA: invented companies

        Example Group 1 Limited
        - 11 November 2026: An administrator was appointed
          http://oversight.test:8000/groups/R-00000001
          oversight trace R-00000001

        An indicator for further enquiry, from public records. It is not a finding
        about any company. Do not forward it outside the department.

        OFFICIAL-SENSITIVE. EXAMPLE DATA: invented companies
        """
    assert one.message.as_bytes().decode() == dedent(expected).replace("\n", "\r\n")


def test_immediate_alerts_of_one_group_go_together_and_say_the_same_thing_once() -> None:
    rows = alerts(*(alert(day, "immediate", dated_on=date(2025, 11, 1), title="Insolvency event") for day in (1, 3)))
    rows = rows.with_columns(pl.lit("R-00000001").alias("entry_id"))
    (one,) = due(rows)
    assert one.alert_ids == ("alert-1", "alert-3")
    assert read(one)[1].count("Insolvency event") == 1


def test_immediate_alerts_go_by_group_and_the_others_in_one_digest_for_each_recipient() -> None:
    other = alert(3, "immediate", entry_id="R-00000003")
    rows = alerts(alert(4), other, alert(1, "immediate"), alert(2), alert(5))
    messages = due(rows, ANN, BOB)
    assert [(one.recipient, one.alert_ids) for one in messages] == [
        (to, ids) for to in (ANN, BOB) for ids in (("alert-1",), ("alert-3",), ("alert-2", "alert-4", "alert-5"))
    ]
    assert len({one.message["Message-ID"] for one in messages}) == len(messages)
    subject, body = read(messages[2])
    assert subject == "OFFICIAL-SENSITIVE. EXAMPLE DATA: invented companies. Homes market oversight: 2 groups"
    assert body.count("/groups/R-00000000") == 1
    assert body.index("12 November 2026") < body.index("14 November 2026") < body.index("15 November 2026")


def test_what_was_delivered_is_not_sent_again_to_the_same_person_on_the_same_channel() -> None:
    rows = alerts(alert(1, "immediate"), alert(2), alert(3))
    first = due(rows, ANN)
    assert due(rows, ANN, sent=first) == []
    assert [one.alert_ids for one in due(rows, ANN, BOB, sent=first)] == [("alert-1",), ("alert-2", "alert-3")]
    later = alerts(*rows.to_dicts(), alert(4))
    assert [one.alert_ids for one in due(later, ANN, sent=first)] == [("alert-4",)]
    delivered = frame("delivery", [row for one in first for row in delivery_rows(one, "rule:test-v1", MOMENT)])
    assert len(pending(rows, delivered, [ANN], "file", CONTEXT)) == 2


def test_the_same_message_made_later_has_the_same_id() -> None:
    rows = alerts(alert(1, "immediate"), alert(2))
    later = AlertContext("official", "", "", CONTEXT.sender, datetime(2026, 12, 1, tzinfo=UTC))
    ids = [one.message["Message-ID"] for one in due(rows)]
    assert ids == [one.message["Message-ID"] for one in due(rows.reverse(), context=later)]


def test_a_person_named_twice_gets_one_message() -> None:
    assert [one.recipient for one in due(alerts(alert(1)), ANN, " Ann@Dept.test ")] == [ANN]


def test_delivery_rows_fit_the_ledger() -> None:
    (one,) = due(alerts(alert(1), alert(2)))
    rows = frame("delivery", delivery_rows(one, "rule:test-v1", MOMENT))
    assert rows.get_column("alert_id").to_list() == ["alert-1", "alert-2"]
    assert rows.get_column("delivery_id").n_unique() == 2
    assert set(rows.get_column("message_id")) == {str(one.message["Message-ID"])}


def test_no_alerts_make_no_message() -> None:
    assert due(schema_of("alert").create_empty()) == []


def test_without_a_web_address_the_message_has_the_trace_command_only() -> None:
    for base in ("", "ftp://files.test", "javascript:alert(1)"):
        context = AlertContext("official", "", base, CONTEXT.sender, MOMENT)
        _, body = read(due(alerts(alert(1)), context=context)[0])
        assert "/groups/" not in body
        assert "oversight trace R-00000001" in body


def test_hostile_names_make_no_header_no_markup_and_no_link() -> None:
    name = "=?utf-8?q?=0D=0ABcc:_x@evil.test?=\r\nBcc: x@evil.test\n<a href='https://evil.test'>\u202eLtd"
    (one,) = due(alerts(alert(1, "immediate", group_name=name, title="See https://evil.test\r\n.\r\nQUIT")))
    message = message_from_bytes(one.message.as_bytes(), policy=default)
    assert message.keys() == [
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type",
        "Content-Transfer-Encoding", "MIME-Version",
    ]  # fmt: skip
    subject, body = read(one)
    assert "\n" not in subject
    assert subject.startswith("OFFICIAL-SENSITIVE")
    assert "= ?utf-8?q? =0D=0ABcc:_x@evil.test? = Bcc: x@evil.test" in body
    assert "https://evil.test" not in body
    assert "\n.\n" not in body


def test_an_entry_id_that_is_a_command_is_reduced_to_letters() -> None:
    (one,) = due(alerts(alert(1, entry_id="R-1; rm -rf /\n$(x)")))
    assert "oversight trace R-1rm-rfx\n" in read(one)[1]


@given(st.text(min_size=1), st.text(min_size=1))
def test_any_name_and_title_make_one_well_formed_message(name: str, title: str) -> None:
    (one,) = due(alerts(alert(1, group_name=name, title=title)))
    message = message_from_bytes(one.message.as_bytes(), policy=default)
    assert not message.defects
    assert str(message["Subject"]).startswith("OFFICIAL-SENSITIVE. ")
    assert message["Bcc"] is None
    assert len(message.get_content().split("\r\n")) == 12
    assert all(len(line) <= 998 for line in one.message.as_bytes().split(b"\r\n"))


@pytest.mark.parametrize(
    "text",
    ["", "ann", "@dept.test", "ann@", "ann@dept.test, bob@dept.test", "Ann <ann@dept.test>", "ann@dept.test\nBcc: x",
     "ann smith@dept.test", "a@b@c d", "\u0430nn@dept.test", "x" * 250 + "@a.uk"],
)  # fmt: skip
def test_what_is_no_plain_address_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match=r"(?s)not an email address.*setting recipients.*Next: "):
        address(text, "recipients")


def test_a_message_is_never_unmarked() -> None:
    context = AlertContext(" ", "", "", CONTEXT.sender, MOMENT)
    with pytest.raises(SettingsError, match="marking is empty"):
        due(alerts(alert(1)), context=context)
