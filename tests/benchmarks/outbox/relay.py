"""A mail server that misbehaves as relays do, and remembers what it took. What it does when is drawn from a seed."""

import asyncio
import random
import re
import socket
from collections import Counter
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session

HOST = "127.0.0.1"
NAME = re.compile(r"Example Group (\d{5}) Limited")
LATER, OUT_OF_ORDER, NEVER = "450 Greylisted, come back later", "451 Try again", "554 Not wanted here"
FAULTS = {
    "greylisted": 0.06,
    "4xx at DATA": 0.06,
    "5xx at DATA": 0.01,
    "dropped before DATA": 0.05,
    "dropped after DATA, not taken": 0.03,
    "dropped after DATA, taken": 0.03,
    "slow": 0.10,
}
"""What goes wrong in one conversation, and how often."""


@dataclass
class Relay:
    """A handler for aiosmtpd.

    Attributes:
        dice: what goes wrong when.
        sees_repeats: whether a message whose Message-ID it had is taken and thrown away, as some relays do.
        faulty: whether it misbehaves at all.
        delivered: of each recipient and group named, how many messages reached the mailbox.
        conversations: what happened, counted.
        faults: what goes wrong in the conversations under way.
        begun: conversations that came as far as the recipient.
    """

    dice: random.Random
    sees_repeats: bool
    faulty: bool = True
    delivered: Counter[tuple[str, int]] = field(default_factory=Counter)
    messages: Counter[str] = field(default_factory=Counter)
    conversations: Counter[str] = field(default_factory=Counter)
    faults: dict[int, str] = field(default_factory=dict)
    begun: int = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Draw what goes wrong in this conversation."""
        del options
        fault = self._fault()
        self.faults[id(session)] = fault
        self.begun += 1
        if fault == "greylisted":
            self.conversations[fault] += 1
            return LATER
        if fault == "dropped before DATA":
            self.conversations[fault] += 1
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take the message or not, and say so or not."""
        fault = self.faults.pop(id(session), "")
        self.conversations[fault or "as it should"] += 1
        if fault == "slow":
            await asyncio.sleep(self.dice.uniform(0.05, 0.4))
        if fault == "4xx at DATA":
            return OUT_OF_ORDER
        if fault == "5xx at DATA":
            return NEVER
        if fault != "dropped after DATA, not taken":
            self._take(envelope)
        if fault and fault.startswith("dropped after DATA"):
            server.transport.abort()
        return "250 Taken"

    def _fault(self) -> str:
        drawn = self.dice.random() if self.faulty else 1.0
        for fault, share in FAULTS.items():
            drawn -= share
            if drawn < 0:
                return fault
        return ""

    def _take(self, envelope: Envelope) -> None:
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        message = message_from_bytes(content, policy=default)
        if not isinstance(message, EmailMessage) or (body := message.get_body(("plain",))) is None:
            raise TypeError("not a letter of ours")
        (recipient,) = envelope.rcpt_tos
        self.messages[str(message["Message-ID"])] += 1
        if self.sees_repeats and self.messages[str(message["Message-ID"])] > 1:
            return
        for number in set(NAME.findall(str(body.get_content()))):
            self.delivered[recipient, int(number)] += 1


def serve(relay: Relay) -> Controller:
    """Start it on a free port of this machine, which is the controller's `port`."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    controller = Controller(relay, hostname=HOST, port=port)
    controller.start()
    return controller
