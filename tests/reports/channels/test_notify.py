"""Letters handed to a server that speaks GOV.UK Notify's protocol, by Notify's own client."""

import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from oversight.errors import SettingsError
from reports.channels.notify import NotifyChannel, plain_markdown
from tests.reports.channels.build import ALLOWED, HOST, Passed, letter

SERVICE, SECRET = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
API_KEY = f"tests-{SERVICE}-{SECRET}"
TEMPLATE = "00000000-0000-4000-8000-000000000003"


@dataclass
class Fake:
    """A server that answers as told and keeps what it was given."""

    port: int = 0
    status: int = 201
    drops: str = ""
    taken: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


def answers(fake: Fake) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            assert self.path == "/v2/notifications/email"
            assert self.headers["Authorization"].startswith("Bearer ")
            if fake.drops == "before":
                self.connection.close()
                return
            if fake.status == 201:
                fake.taken.append(body)
            if fake.drops == "after":
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self._say(fake.status, {"id": "n-1"} if fake.status == 201 else _error(fake.status))

        def do_GET(self) -> None:
            reference = parse_qs(urlsplit(self.path).query)["reference"][0]
            fake.asked.append(reference)
            found = [body for body in fake.taken if body["reference"] == reference]
            status = 200 if fake.status < 500 else fake.status
            self._say(status, {"notifications": found, "links": {}} if status == 200 else _error(status))

        def _say(self, status: int, body: object) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _error(status: int) -> dict[str, Any]:
    return {"status_code": status, "errors": [{"error": "TestError", "message": f"said with {status}"}]}


@pytest.fixture
def fake() -> Iterator[Fake]:
    made = Fake()
    server = ThreadingHTTPServer((HOST, 0), answers(made))
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def channel(fake: Fake, **options: Any) -> NotifyChannel:
    usual = {"allowed_domains": ALLOWED, "seconds": 10.0}
    return NotifyChannel(API_KEY, TEMPLATE, f"http://{HOST}:{fake.port}", **{**usual, **options})


@pytest.mark.integration
def test_notify_gets_subject_body_and_the_letters_id_as_reference(fake: Fake) -> None:
    passed = Passed()
    handed = channel(fake).hand_over(letter(), passed)
    assert (handed.outcome, passed.times) == ("accepted", 1)
    (body,) = fake.taken
    assert body["email_address"] == "ann@dept.test"
    assert body["template_id"] == TEMPLATE
    assert body["reference"] == letter().letter_id
    assert body["personalisation"]["subject"] == letter().subject
    assert "Ysgol Tŷ Enghraifft Limited" in body["personalisation"]["body"]
    assert channel(fake).find(letter()) is True


@pytest.mark.integration
@pytest.mark.parametrize(
    ("status", "outcome"),
    [(400, "refused"), (401, "put off"), (403, "put off"), (429, "put off"), (500, "unknown"), (503, "unknown")],
)
def test_each_answer_has_its_meaning(fake: Fake, status: int, outcome: str) -> None:
    fake.status = status
    handed = channel(fake).hand_over(letter(), Passed())
    assert handed.outcome == outcome
    assert f"{status} " in handed.detail
    assert f"said with {status}" in handed.detail
    assert SECRET not in handed.detail


@pytest.mark.integration
@pytest.mark.parametrize(("drops", "found"), [("before", False), ("after", True)])
def test_a_lost_answer_is_in_doubt_until_notify_is_asked(fake: Fake, drops: str, found: bool) -> None:  # noqa: FBT001
    fake.drops = drops
    assert channel(fake).hand_over(letter(), Passed()).outcome == "unknown"
    assert channel(fake).find(letter()) is found
    assert fake.asked == [letter().letter_id]


@pytest.mark.integration
def test_a_notify_that_does_not_answer_says_nothing_of_the_letter(fake: Fake) -> None:
    fake.status = 500
    assert channel(fake).find(letter()) is None


@pytest.mark.integration
def test_a_notify_that_cannot_be_reached_surely_has_nothing() -> None:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    handed = channel(Fake(port)).hand_over(letter(), Passed())
    assert (handed.outcome, "notify_url" in handed.detail) == ("put off", True)


def test_the_key_never_shows_and_a_wrong_one_is_said_before_anything_is_sent() -> None:
    assert SECRET not in repr(channel(Fake()))
    passed = Passed()
    with pytest.raises(SettingsError, match="notify_api_key"):
        NotifyChannel("nonsense", TEMPLATE, "http://127.0.0.1:9", ALLOWED).hand_over(letter(), passed)
    with pytest.raises(SettingsError, match="allowed_domains"):
        channel(Fake()).hand_over(letter("ann@other.test"), passed)
    assert passed.times == 0


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        ("# EXAMPLE LIMITED", "EXAMPLE LIMITED"),
        ("#EXAMPLE", "EXAMPLE"),
        ("* EXAMPLE", "EXAMPLE"),
        ("1. EXAMPLE", "EXAMPLE"),
        ("^ EXAMPLE", "EXAMPLE"),
        ("---", ""),
        ("^# 1. > EXAMPLE", "EXAMPLE"),
        ("-EXAMPLE", "-EXAMPLE"),
        ("3D EXAMPLE", "3D EXAMPLE"),
        ("EXAMPLE [here](x)", "EXAMPLE (here)(x)"),
        ("EXAMPLE ((body)) LTD", "EXAMPLE ( (body) ) LTD"),
        ("EXAMPLE 2. LIMITED - UK", "EXAMPLE 2. LIMITED - UK"),
    ],
)
def test_names_are_no_layout_and_no_placeholder(line: str, plain: str) -> None:
    assert plain_markdown(line) == plain
