"""What letters say, and what they never say."""

from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.errors import SettingsError
from reports.alerts.letters import Composed, compose
from reports.alerts.links import verify
from reports.channels.addresses import address
from reports.channels.letter import Letter, mime
from tests.reports.alerts.build import ANN, BOB, KEY, NOW, due, dues, style


def letter(*rows: dict[str, object], **changes: object) -> Letter:
    (one,) = compose(dues(*rows), style(**changes))
    return one.letter


def read(one: Letter) -> EmailMessage:
    """As a mail program reads it."""
    found = message_from_bytes(mime(one, "monitor@mail.test").as_bytes(), policy=default)
    assert isinstance(found, EmailMessage)
    return found


def part(one: Letter, kind: str) -> str:
    body = read(one).get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_an_immediate_letter_to_the_letter() -> None:
    one = letter(due(1), link_base="")
    expected = """\
        OFFICIAL-SENSITIVE. EXAMPLE DATA: invented companies

        There is something to look at today.

        Example Group 1 Limited
          oversight alert list R-00000001

        An indicator for further enquiry, from public records. It is not a finding about any company.
        Do not forward it outside the department.

        OFFICIAL-SENSITIVE. EXAMPLE DATA: invented companies
        """
    assert one.text == dedent(expected)
    message = read(one)
    assert message["Subject"] == (
        "OFFICIAL-SENSITIVE. EXAMPLE DATA: invented companies. Homes market oversight: Example Group 1 Limited"
    )
    assert message["Message-ID"] == f"<{one.letter_id}.alert@mail.test>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"] == "Mon, 23 Nov 2026 09:05:00 +0000"


def test_neither_text_nor_html_says_what_happened() -> None:
    one = letter(due(1, urgency="digest"), due(2, urgency="digest"))
    for text in (one.subject, one.text, one.html):
        for word in ("happened", "insolvency", "rule", "score", "band", "likelihood", "impact"):
            assert word not in text.lower()


def test_links_stand_in_both_parts_and_answer_for_one_group_and_letter() -> None:
    one = letter(due(1, urgency="digest"), due(2, urgency="digest"), key=KEY)
    parser = Links()
    parser.feed(part(one, "html"))
    text = part(one, "plain")
    assert all(link in text for link in parser.links)
    assert parser.links[0] == "http://oversight.test:8000/groups/R-00000001"
    tokens = [link.rpartition("/")[2] for link in parser.links if "/alerts/" in link]
    claims = [verify(token, KEY, NOW) for token in tokens]
    assert [(claim.letter_id, claim.entry_id) for claim in claims] == [
        (one.letter_id, "R-00000001"),
        (one.letter_id, "R-00000002"),
    ]
    assert claims[0].expires == NOW + timedelta(days=14)


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]


def test_immediate_letters_are_by_group_and_the_digest_is_one_a_person() -> None:
    rows = [due(number, person, "digest") for number in (3, 4, 5) for person in (ANN, BOB)]
    rows += [due(number, person) for number in (1, 2) for person in (ANN, BOB)]
    rows += [due(1, ANN, alert_due_id="more", alert_id="alert-9")]
    found = compose(dues(*rows), style())
    assert [(one.letter.recipient, one.letter.kind, len(one.due_ids)) for one in found] == [
        (ANN, "immediate", 2),
        (ANN, "immediate", 1),
        (ANN, "digest", 3),
        (BOB, "immediate", 1),
        (BOB, "immediate", 1),
        (BOB, "digest", 3),
    ]
    assert found[0].letter.text.count("Example Group 1 Limited") == 1
    assert found[2].letter.subject.endswith("Homes market oversight: digest")


def test_an_escalation_and_the_end_of_a_snooze_say_so() -> None:
    found = compose(dues(due(1), due(1, turn="escalation 1"), due(1, turn="snooze x")), style())
    texts = [one.letter.text for one in found]
    assert "look at today" in texts[0]
    assert "Nobody has acknowledged this yet" in texts[1]
    assert "put off until now" in texts[2]


def test_the_same_dues_make_the_same_letter_whenever_it_is_composed() -> None:
    def ids(found: list[Composed]) -> list[str]:
        return [one.letter.message_id for one in found]

    rows = [due(1), due(2, urgency="digest"), due(3, urgency="digest")]
    later = style(moment=NOW + timedelta(days=9), marking="OFFICIAL")
    assert ids(compose(dues(*rows), style())) == ids(compose(dues(*reversed(rows)), later))
    one = letter(due(1))
    assert mime(one, "monitor@mail.test").as_bytes() == mime(one, "monitor@mail.test").as_bytes()


def test_a_publication_that_is_not_used_has_no_group_page() -> None:
    one = letter(due(1, urgency="digest", entry_id="", subject="ofsted.in_year of 2026-06-30"), key=KEY)
    assert "ofsted.in_year of 2026-06-30\n  This publication is not used yet" in one.text
    assert "http://oversight.test:8000/data" in one.text
    assert "/groups/" not in one.html


@pytest.mark.parametrize("base", ["", "ftp://files.test", "javascript:alert(1)"])
def test_without_a_web_address_there_is_the_command_only(base: str) -> None:
    one = letter(due(1), link_base=base, key=KEY)
    assert "<a " not in one.html
    assert "oversight alert list R-00000001" in one.text


def test_an_entry_id_that_is_a_command_is_reduced_to_letters() -> None:
    assert "oversight alert list R-1rm-rfx\n" in letter(due(1, entry_id="R-1; rm -rf /\n$(x)"), link_base="").text


HOSTILE = "=?utf-8?q?=0D=0ABcc:_x@evil.test?=\r\nBcc: x@evil.test\n<a href='https://evil.test'>\u202eLtd</h2><script>"


def test_hostile_names_make_no_header_no_markup_and_no_link() -> None:
    one = letter(due(1, subject=HOSTILE))
    message = read(one)
    assert message.keys() == [
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
    ]  # fmt: skip
    assert "\n" not in str(message["Subject"])
    assert str(message["Subject"]).startswith("OFFICIAL-SENSITIVE")
    parser = Links()
    parser.feed(part(one, "html"))
    assert parser.links == ["http://oversight.test:8000/groups/R-00000001"]
    assert "script" not in parser.tags
    assert "https://evil.test" not in one.text


@given(st.text(min_size=1))
def test_any_name_makes_one_well_formed_message(name: str) -> None:
    one = letter(due(1, subject=name))
    message = read(one)
    assert not message.defects
    assert message["Bcc"] is None
    assert str(message["Subject"]).startswith("OFFICIAL-SENSITIVE. ")
    assert [each.get_content_type() for each in message.iter_parts()] == ["text/plain", "text/html"]
    parser, plain = Links(), Links()
    parser.feed(part(one, "html"))
    plain.feed(part(letter(due(1)), "html"))
    assert parser.tags == plain.tags
    lines = mime(one, "monitor@mail.test").as_bytes().split(b"\r\n")
    assert all(len(line) <= 998 for line in lines)


def test_the_marking_is_above_and_below_in_both_parts_and_never_missing() -> None:
    one = letter(due(1), label="")
    assert one.text.startswith("OFFICIAL-SENSITIVE\n")
    assert one.text.endswith("OFFICIAL-SENSITIVE\n")
    assert one.html.count(">OFFICIAL-SENSITIVE</p>") == 2
    with pytest.raises(SettingsError, match="marking is empty"):
        letter(due(1), marking=" ")


@pytest.mark.parametrize(
    "text",
    ["", "ann", "@dept.test", "ann@", "ann@dept.test, bob@dept.test", "Ann <ann@dept.test>", "ann@dept.test\nBcc: x",
     "ann smith@dept.test", "a@b@c d", "\u0430nn@dept.test", "x" * 250 + "@a.uk"],
)  # fmt: skip
def test_what_is_no_plain_address_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match=r"(?s)not an email address.*setting recipients.*Next: "):
        address(text, "recipients")
