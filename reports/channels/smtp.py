"""Letters handed to a mail server (RFC 5321), one conversation a letter.

The body is sent first and the final dot alone: until the dot the server must not take the letter, so every failure
before it is safe to try again. After the dot only the server's answer tells, and without one the outcome is unknown.
"""

import re
import smtplib
import ssl
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from email.policy import SMTP as WIRE
from typing import Final

from oversight.errors import SettingsError
from reports.channels import ACCEPTED, PUT_OFF, REFUSED, UNKNOWN, Handed, PointOfNoReturn
from reports.channels.addresses import address, check_recipient
from reports.channels.letter import Letter, mime
from reports.style import clean

_DOT: Final = b".\r\n"
_LONGEST_REPLY: Final = 300
_GO_ON: Final = 354
_OK: Final = range(200, 300)
_LATER: Final = range(400, 500)
_NEVER: Final = range(500, 600)


class _Answered(Exception):  # noqa: N818 - a reply that ends the conversation, not an error of ours
    """A reply after which the letter is not handed over."""

    def __init__(self, handed: Handed) -> None:
        super().__init__(handed.detail)
        self.handed = handed


@dataclass(frozen=True, slots=True)
class SmtpChannel:
    """A mail server.

    Attributes:
        sender: address in From and of the envelope.
        starttls: encrypt before anything is said; the server's certificate is checked.
        username: signs in where not empty; only over an encrypted connection.
        allowed_domains: domains a recipient may have.
        command_seconds: patience with connection and commands.
        answer_seconds: patience with the answer to the final dot.
        context: certificates to trust; the system's by default.
    """

    host: str
    port: int
    sender: str
    starttls: bool = False
    username: str = ""
    password: str = field(default="", repr=False)
    allowed_domains: Collection[str] = ()
    command_seconds: float = 30.0
    answer_seconds: float = 300.0
    context: ssl.SSLContext | None = field(default=None, repr=False)
    name: str = "smtp"
    asked: bool = False

    def hand_over(self, letter: Letter, point_of_no_return: PointOfNoReturn) -> Handed:
        """Hand the letter over.

        Raises:
            SettingsError: where the recipient's domain is not allowed, an address is none, or a password would travel
                in clear.
        """
        check_recipient(letter.recipient, self.allowed_domains)
        content = mime(letter, self.sender).as_bytes(policy=WIRE)
        if self.username and not self.starttls:
            raise SettingsError(
                "a mail password would be sent unencrypted",
                where="setting smtp_starttls (OVERSIGHT_SMTP_STARTTLS)",
                next_step="Switch smtp_starttls on, or empty smtp_username.",
            )
        server: smtplib.SMTP | None = None
        try:
            server = self._connected()
            self._sent_but_for_the_dot(server, letter, content)
            point_of_no_return()
            return self._ended(server)
        except _Answered as answered:
            return answered.handed
        except smtplib.SMTPException as error:
            return Handed(PUT_OFF, self._said(error))
        except OSError as error:
            return Handed(PUT_OFF, self._unreachable(error))
        finally:
            if server is not None:
                server.close()

    def find(self, letter: Letter) -> None:
        """A mail server cannot be asked."""

    def _connected(self) -> smtplib.SMTP:
        name = address(self.sender, "mail_from").rpartition("@")[2]
        server = smtplib.SMTP(self.host, self.port, local_hostname=name, timeout=self.command_seconds)
        try:
            if self.starttls:
                server.starttls(context=self.context or ssl.create_default_context())
            server.ehlo_or_helo_if_needed()
            if self.username:
                server.login(self.username, self.password)
        except (smtplib.SMTPException, OSError):
            server.close()
            raise
        return server

    def _sent_but_for_the_dot(self, server: smtplib.SMTP, letter: Letter, content: bytes) -> None:
        self._must(server.mail(self.sender), _OK)
        self._must(server.rcpt(letter.recipient), _OK)
        self._must(server.docmd("DATA"), range(_GO_ON, _GO_ON + 1))
        server.send(re.sub(rb"(?m)^\.", b"..", content if content.endswith(b"\r\n") else content + b"\r\n"))

    def _ended(self, server: smtplib.SMTP) -> Handed:
        """The final dot and what comes of it."""
        try:
            if server.sock is not None:
                server.sock.settimeout(self.answer_seconds)
            server.send(_DOT)
            code, text = server.getreply()
        except (smtplib.SMTPException, OSError) as error:
            return Handed(UNKNOWN, f"{self._place}: no answer after the whole letter was sent ({_line(str(error))})")
        with suppress(smtplib.SMTPException, OSError):
            server.quit()  # the answer stands: how the goodbye goes changes nothing
        said = self._reply(code, text)
        if code in _OK:
            return Handed(ACCEPTED, said)
        if code in _LATER:
            return Handed(PUT_OFF, said)
        return Handed(REFUSED, said) if code in _NEVER else Handed(UNKNOWN, said)

    def _must(self, reply: tuple[int, bytes], expected: range) -> None:
        code, text = reply
        if code in expected:
            return
        raise _Answered(Handed(REFUSED if code in _NEVER else PUT_OFF, self._reply(code, text)))

    def _reply(self, code: int, text: bytes) -> str:
        return f"{self._place}: {code} {_line(text.decode(errors='replace'))}"

    def _said(self, error: smtplib.SMTPException) -> str:
        """Trouble that is the server's or the settings', not this letter's."""
        if isinstance(error, smtplib.SMTPAuthenticationError):
            return f"{self._place}: the user name or password is not accepted (smtp_username, smtp_password)"
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return f"{self._place}: cannot do what is asked: {_line(str(error))} (smtp_starttls)"
        if isinstance(error, smtplib.SMTPServerDisconnected):
            return f"{self._place}: broke off the conversation before it had the letter"
        if isinstance(error, smtplib.SMTPResponseException):
            said = error.smtp_error
            return self._reply(error.smtp_code, said if isinstance(said, bytes) else str(said).encode())
        return f"{self._place}: {_line(str(error))}"

    def _unreachable(self, error: OSError) -> str:
        if isinstance(error, ssl.SSLError):
            return f"{self._place}: no safe connection: {_line(str(error.reason))}. Check its certificate."
        return f"{self._place}: does not answer: {_line(str(error))} (smtp_host, smtp_port)"

    @property
    def _place(self) -> str:
        return f"{self.host}:{self.port}"


def _line(text: str) -> str:
    return clean(text)[:_LONGEST_REPLY]
