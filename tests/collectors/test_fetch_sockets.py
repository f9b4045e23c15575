"""The fetcher against a real server that misbehaves as servers do."""

import contextlib
import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from collectors.books import Lease
from collectors.budget import Limit
from collectors.fetch import HttpClient
from collectors.pacing import Pace, Retries
from collectors.recorder import Recorder
from oversight.errors import UnreachableError
from oversight.model.times import utc_now
from oversight.store.archive import Archive
from oversight.store.ledger import Ledger

pytestmark = pytest.mark.integration


class _Moody(BaseHTTPRequestHandler):
    """Gives each path two bad answers, then the good one: its own name."""

    protocol_version = "HTTP/1.1"
    seen: dict[str, int]
    lock = threading.Lock()

    def do_GET(self) -> None:
        with self.lock:
            count = self.seen[self.path] = self.seen.get(self.path, 0) + 1
        body = self.path.encode()
        if count <= 2:
            dice = random.Random(f"{self.path}{count}")  # noqa: S311
            dice.choice([self._reset, self._break_off, self._busy, self._later])(body)
            return
        self._send(200, body, {"ETag": f'"{self.path}"'})

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)

    def _reset(self, _body: bytes) -> None:
        self.close_connection = True

    def _break_off(self, body: bytes) -> None:
        self._send(200, body, {"Content-Length": str(len(body) + 50)})
        self.close_connection = True

    def _busy(self, _body: bytes) -> None:
        self._send(503, b"busy")

    def _later(self, _body: bytes) -> None:
        self._send(429, b"", {"Retry-After": "0"})

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def moody() -> Iterator[str]:
    handler = type("Handler", (_Moody,), {"seen": {}})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def client(host: str = "") -> HttpClient:
    pace = Pace({host: "local"}, {"local": Limit(10_000, 1.0)}, clock=utc_now, sleep=time.sleep)
    return HttpClient(pace=pace, retries=Retries(dice=random.Random(1)), sleep=lambda _: None, timeout=5)  # noqa: S311


def test_nothing_is_lost_and_nothing_is_halved(moody: str, tmp_path: Path) -> None:
    paths = [f"/thing/{place}" for place in range(40)]
    archive = Archive(tmp_path / "archive")
    with client(moody.removeprefix("http://")) as http, Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as ledger:
        recorder = Recorder(http, archive, ledger, utc_now)
        with ThreadPoolExecutor(8) as pool:
            held = list(pool.map(lambda path: recorder.fetch("example.thing", path, moody + path), paths))
        assert [recorder.content(fetched) for fetched in held] == [path.encode() for path in paths]
        fetch = ledger.frame("fetch")
        assert fetch.height == 40
        assert fetch["status"].unique().to_list() == ["ok"]


def test_nobody_listens() -> None:
    with client() as http, pytest.raises(UnreachableError, match="Connect"):
        http.get("http://127.0.0.1:9/")


def test_many_threads_stay_within_the_budget(moody: str) -> None:
    moments: list[float] = []
    lock = threading.Lock()

    class Watched(Pace):
        def start(self, host: str) -> Lease:
            lease = super().start(host)
            with lock:
                moments.append(utc_now().timestamp())
            return lease

    host = moody.removeprefix("http://")
    pace = Watched({host: "b"}, {"b": Limit(20, 0.5)}, clock=utc_now, sleep=time.sleep)
    with HttpClient(pace=pace, sleep=lambda _: None, timeout=5) as http, ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda place: http.get(f"{moody}/x/{place}"), range(30)))
    assert len(moments) == 90
    ordered = sorted(moments)
    assert all(later - earlier >= 0.49 for earlier, later in zip(ordered, ordered[20:], strict=False))
    assert ordered[-1] - ordered[0] < 5
