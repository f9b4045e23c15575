"""Letters handed to a real mail server on this machine, which misbehaves in every way a server can."""

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from oversight.errors import SettingsError
from reports.channels.addresses import check_recipient
from reports.channels.smtp import SmtpChannel
from tests.reports.channels.build import ALLOWED, HOST, SENDER, Passed, letter

PASSWORD = "invented-for-this-test"  # noqa: S105 - signs in to a server that lives as long as a test
TAKEN = "250 Message accepted for delivery"
Serve = Callable[..., tuple["Postbox", int]]


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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def channel(port: int, **options: Any) -> SmtpChannel:
    return SmtpChannel(HOST, port, SENDER, **{"allowed_domains": ALLOWED, **options})


@pytest.mark.integration
def test_a_mail_server_gets_the_letter_whole_and_a_bad_goodbye_is_no_failure(serve: Serve) -> None:
    postbox, port = serve()
    passed = Passed()
    handed = channel(port).hand_over(letter(), passed)
    assert (handed.outcome, passed.times) == ("accepted", 1)
    assert "250 Message accepted" in handed.detail
    (envelope,) = postbox.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER, ["ann@dept.test"])
    assert isinstance(envelope.content, bytes)
    received = message_from_bytes(envelope.content, policy=default)
    assert isinstance(received, EmailMessage)
    assert received["Message-ID"] == letter().message_id
    plain, html = (str(part.get_content()).replace("\r\n", "\n") for part in received.iter_parts())
    assert plain == letter().text, "lines that begin with a dot arrive as they are"
    assert "Tŷ" in html


@pytest.mark.integration
@pytest.mark.parametrize(
    ("answers", "outcome", "passed"),
    [
        ({"recipient": "550 No such person"}, "refused", 0),
        ({"recipient": "450 Greylisted, come back later"}, "put off", 0),
        ({"data": "451 Try again"}, "put off", 1),
        ({"data": "421 Closing"}, "put off", 1),
        ({"data": "554 Not wanted"}, "refused", 1),
    ],
)
def test_every_refusal_is_a_certainty_and_says_what_the_server_said(
    serve: Serve, answers: dict[str, str], outcome: str, passed: int
) -> None:
    postbox, port = serve(**answers)
    seen = Passed()
    handed = channel(port).hand_over(letter(), seen)
    assert (handed.outcome, seen.times) == (outcome, passed)
    assert next(iter(answers.values())) in handed.detail
    assert f"{HOST}:{port}" in handed.detail
    assert postbox.taken == []


@pytest.mark.integration
def test_whoever_may_not_pass_the_point_of_no_return_hands_nothing_over(serve: Serve) -> None:
    postbox, port = serve()
    with pytest.raises(KeyError):
        channel(port).hand_over(letter(), Passed(KeyError("another process is at it")))
    assert postbox.taken == []


class Script(threading.Thread):
    """A server of one conversation that breaks off, or falls silent, at a certain point."""

    def __init__(self, leaves_at: str, *, silent: bool = False) -> None:
        super().__init__(daemon=True)
        self.leaves_at, self.silent = leaves_at, silent
        self.listener = socket.create_server((HOST, 0))
        self.port = int(self.listener.getsockname()[1])
        self.done = threading.Event()

    def run(self) -> None:
        connection, _ = self.listener.accept()
        with connection, connection.makefile("rb") as lines:
            connection.sendall(b"220 test\r\n")
            for line in lines:
                word = line.split()[0].upper().decode() if line.split() else ""
                if word == self.leaves_at:
                    break
                if word == "DATA":
                    connection.sendall(b"354 go on\r\n")
                    while lines.readline() != b".\r\n":
                        pass
                    break  # the whole letter is here, and nobody will ever know what became of it
                connection.sendall(b"250 OK\r\n")
            if self.silent:
                self.done.wait(30)
        self.listener.close()


@pytest.mark.integration
@pytest.mark.parametrize("silent", [False, True])
@pytest.mark.parametrize(
    ("leaves_at", "outcome", "passed"),
    [
        ("EHLO", "put off", 0),
        ("MAIL", "put off", 0),
        ("RCPT", "put off", 0),
        ("DATA", "put off", 0),
        ("", "unknown", 1),
    ],
)
def test_until_the_final_dot_a_broken_line_is_safe_and_after_it_the_outcome_is_unknown(
    leaves_at: str,
    outcome: str,
    passed: int,
    silent: bool,  # noqa: FBT001
) -> None:
    server = Script(leaves_at, silent=silent)
    server.start()
    seen = Passed()
    handed = channel(server.port, command_seconds=0.5, answer_seconds=0.5).hand_over(letter(), seen)
    server.done.set()
    assert (handed.outcome, seen.times) == (outcome, passed)


@pytest.mark.integration
def test_no_server_is_said_with_its_address() -> None:
    port = free_port()
    handed = channel(port).hand_over(letter(), Passed())
    assert handed.outcome == "put off"
    assert f"{HOST}:{port}: does not answer" in handed.detail


@pytest.mark.integration
def test_a_server_without_encryption_is_not_used_where_encryption_is_asked(serve: Serve) -> None:
    postbox, port = serve()
    handed = channel(port, starttls=True).hand_over(letter(), Passed())
    assert (handed.outcome, "smtp_starttls" in handed.detail) == ("put off", True)
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
    options = {"starttls": True, "username": "monitor", "context": trusted}
    assert channel(port, password=PASSWORD, **options).hand_over(letter(), Passed()).outcome == "accepted"
    wrong = channel(port, password=PASSWORD[::-1], **options).hand_over(letter(), Passed())
    assert wrong.outcome == "put off", "what is wrong is a setting, not the letter"
    assert "smtp_username" in wrong.detail
    assert PASSWORD[::-1] not in wrong.detail
    assert len(postbox.taken) == 1


@pytest.mark.integration
def test_a_server_whose_certificate_is_not_trusted_gets_nothing(serve: Serve, certificate: tuple[Path, Path]) -> None:
    postbox, port = serve(encrypted(certificate))
    handed = channel(port, starttls=True, username="monitor", password=PASSWORD).hand_over(letter(), Passed())
    assert (handed.outcome, "certificate" in handed.detail) == ("put off", True)
    assert postbox.taken == []


def test_a_password_never_travels_unencrypted_nor_shows_in_the_object() -> None:
    one = channel(1, username="monitor", password=PASSWORD)
    with pytest.raises(SettingsError, match=r"(?s)unencrypted.*smtp_starttls"):
        one.hand_over(letter(), Passed())
    assert PASSWORD not in repr(one)


@pytest.mark.parametrize(
    ("recipient", "domains"),
    [("ann@dept.test", ()), ("ann@other.test", ALLOWED), ("ann@sub.dept.test", ALLOWED), ("ann@notdept.test", ALLOWED)],
)
def test_a_recipient_outside_the_allowed_domains_is_refused(recipient: str, domains: tuple[str, ...]) -> None:
    with pytest.raises(SettingsError, match=rf"(?s){recipient}.*allowed_domains"):
        channel(1, allowed_domains=domains).hand_over(letter(recipient), Passed())


def test_an_allowed_domain_may_be_written_in_capitals_or_with_its_at_sign() -> None:
    check_recipient("ann@dept.test", ["@DEPT.test "])
