"""Emails handed to a real mail server on this machine, or to files."""

import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from oversight.errors import DeliveryError, SettingsError, StoreError
from reports.alerts import AlertContext, pending
from reports.email import FileSender, SmtpSender, check_recipient
from tests.reports.invented_view import frame

HOST = "127.0.0.1"
ALLOWED = ("dept.test",)
PASSWORD = "invented-for-this-test"  # noqa: S105 - signs in to a server that lives as long as a test
TAKEN = "250 Message accepted for delivery"
Serve = Callable[..., tuple["Postbox", int]]


def message(recipient: str = "ann@dept.test", name: str = "Ysgol Tŷ Enghraifft Limited") -> EmailMessage:
    rows = [
        {
            "alert_id": "alert-1",
            "group_id": "group-1",
            "entry_id": "R-00000001",
            "group_name": name,
            "kind": "charge_created",
            "urgency": "immediate",
            "dated_on": date(2026, 11, 11),
            "title": "A charge was registered",
            "evidence_id": "event-1",
        }
    ]
    context = AlertContext("official-sensitive", "", "", "monitor@mail.test", datetime(2026, 11, 22, tzinfo=UTC))
    (one,) = pending(frame("alert", rows), frame("delivery", []), [recipient], "smtp", context)
    return one.message


class Postbox:
    """A mail server's handler that keeps what it takes, or answers as told."""

    def __init__(self, *, recipient: str = "250 OK", data: str = TAKEN) -> None:
        self.taken: list[Envelope] = []
        self.recipient, self.data = recipient, data

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: object, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        assert server
        assert session
        assert options == []
        if self.recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, server: object, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert server
        assert session
        if self.data.startswith("250"):
            self.taken.append(envelope)
        return self.data

    async def handle_QUIT(self, server: object, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert server
        assert session
        assert envelope
        return "421 A server that says goodbye badly"


@pytest.fixture
def serve() -> Iterator[Serve]:
    running: list[Controller] = []

    def start(options: dict[str, Any] | None = None, **answers: str) -> tuple[Postbox, int]:
        postbox = Postbox(**answers)
        controller = Controller(postbox, hostname=HOST, port=free_port(), **options or {})
        controller.start()
        running.append(controller)
        return postbox, controller.port

    yield start
    for controller in running:
        controller.stop()


def envelope_bytes(envelope: Envelope) -> bytes:
    assert isinstance(envelope.content, bytes)
    return envelope.content


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def sender(port: int, **options: Any) -> SmtpSender:
    return SmtpSender(HOST, port, **{"allowed_domains": ALLOWED, **options})


@pytest.mark.integration
def test_a_mail_server_gets_the_message_whole_and_a_bad_goodbye_is_no_failure(serve: Serve) -> None:
    postbox, port = serve()
    sender(port).send(message())
    (envelope,) = postbox.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("monitor@mail.test", ["ann@dept.test"])
    received = message_from_bytes(envelope_bytes(envelope), policy=default)
    assert str(received["Subject"]).startswith("OFFICIAL-SENSITIVE. ")
    assert "Ysgol Tŷ Enghraifft Limited" in received.get_content()
    assert received["Message-ID"] == message()["Message-ID"]


@pytest.mark.integration
@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"recipient": "550 No such person"}, "550 No such person"),
        ({"recipient": "450 Greylisted, come back later"}, "450 Greylisted, come back later"),
        ({"data": "451 Try again"}, "451 Try again"),
        ({"data": "421 Closing"}, "421 Closing"),
    ],
)
def test_a_refusal_says_what_the_server_said_and_what_happens_next(
    serve: Serve, answers: dict[str, str], said: str
) -> None:
    postbox, port = serve(**answers)
    with pytest.raises(DeliveryError) as caught:
        sender(port).send(message())
    assert said in caught.value.message
    assert caught.value.where == f"{HOST}:{port}"
    assert "tried again" in caught.value.next_step
    assert postbox.taken == []


@pytest.mark.integration
def test_no_server_is_said_with_its_address() -> None:
    port = free_port()
    with pytest.raises(DeliveryError, match=rf"(?s)does not answer.*{HOST}:{port}.*smtp_host"):
        sender(port).send(message())


@pytest.mark.integration
def test_a_server_without_encryption_is_not_used_where_encryption_is_asked(serve: Serve) -> None:
    postbox, port = serve()
    with pytest.raises(DeliveryError, match=r"(?s)cannot do what is asked.*smtp_starttls"):
        sender(port, starttls=True).send(message())
    assert postbox.taken == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("openssl is not on this machine, so no test certificate can be made")
    folder = tmp_path_factory.mktemp("certificate")
    paths = folder / "certificate.pem", folder / "key.pem"
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", f"subjectAltName=IP:{HOST}", "-out", str(paths[0]), "-keyout", str(paths[1])]
    subprocess.run(command, check=True, capture_output=True)
    return paths


def encrypted(certificate: tuple[Path, Path]) -> dict[str, Any]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    return {
        "tls_context": context,
        "require_starttls": True,
        "auth_required": True,
        "authenticator": authenticate,
        "auth_exclude_mechanism": ["LOGIN"],
    }


def authenticate(server: object, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    assert server
    assert session
    assert envelope
    assert mechanism
    sound = isinstance(data, LoginPassword) and data.login == b"monitor" and data.password == PASSWORD.encode()
    return AuthResult(success=sound, handled=False)


@pytest.mark.integration
def test_an_encrypted_signed_in_conversation(serve: Serve, certificate: tuple[Path, Path]) -> None:
    postbox, port = serve(encrypted(certificate))
    trusted = ssl.create_default_context(cafile=str(certificate[0]))
    sender(port, starttls=True, username="monitor", password=PASSWORD, context=trusted).send(message())
    assert len(postbox.taken) == 1
    with pytest.raises(DeliveryError, match=r"(?s)user name or password.*smtp_username"):
        sender(port, starttls=True, username="monitor", password=PASSWORD[::-1], context=trusted).send(message())
    assert len(postbox.taken) == 1


@pytest.mark.integration
def test_a_server_whose_certificate_is_not_trusted_gets_nothing(serve: Serve, certificate: tuple[Path, Path]) -> None:
    postbox, port = serve(encrypted(certificate))
    with pytest.raises(DeliveryError, match=r"(?s)no safe connection.*certificate"):
        sender(port, starttls=True, username="monitor", password=PASSWORD).send(message())
    assert postbox.taken == []


def test_a_password_never_travels_unencrypted_nor_shows_in_the_object() -> None:
    one = sender(1, username="monitor", password=PASSWORD)
    with pytest.raises(SettingsError, match=r"(?s)unencrypted.*smtp_starttls"):
        one.send(message())
    assert PASSWORD not in repr(one)


@pytest.mark.parametrize(
    ("recipient", "domains"),
    [("ann@dept.test", ()), ("ann@other.test", ALLOWED), ("ann@sub.dept.test", ALLOWED), ("ann@notdept.test", ALLOWED)],
)
def test_a_recipient_outside_the_allowed_domains_is_refused(recipient: str, domains: tuple[str, ...]) -> None:
    with pytest.raises(SettingsError, match=rf"(?s){recipient}.*allowed_domains"):
        check_recipient(recipient, domains)
    with pytest.raises(SettingsError, match="allowed_domains"):
        sender(1, allowed_domains=domains).send(message(recipient))


def test_an_allowed_domain_may_be_written_in_capitals_or_with_its_at_sign() -> None:
    check_recipient("ann@dept.test", ["@DEPT.test "])


def test_the_file_drop_writes_a_message_once_under_its_id(tmp_path: Path) -> None:
    drop = FileSender(tmp_path / "outbox")
    drop.send(message())
    drop.send(message())
    (path,) = (tmp_path / "outbox").iterdir()
    assert path.suffix == ".eml"
    assert message_from_bytes(path.read_bytes(), policy=default)["To"] == "ann@dept.test"


def test_the_file_drop_keeps_to_allowed_domains_where_it_has_them(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="allowed_domains"):
        FileSender(tmp_path, ALLOWED).send(message("ann@other.test"))
    assert list(tmp_path.iterdir()) == []


def test_the_file_drop_names_a_folder_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file, not a folder")
    with pytest.raises(StoreError, match=r"(?s)cannot write .*outbox"):
        FileSender(tmp_path / "outbox").send(message())
