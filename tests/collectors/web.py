"""A web of canned answers and a clock that only moves when somebody sleeps."""

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import httpx

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
Handler = Callable[[httpx.Request], httpx.Response]


def reply(body: bytes = b"", status: int = 200, headers: Mapping[str, str] | None = None) -> httpx.Response:
    """An answer whose body is streamed as a socket's would be."""
    return httpx.Response(status, headers=dict(headers or {}), content=iter([body]))


class FakeTime:
    """A clock and a sleep. Sleeping moves the clock, nothing else does."""

    def __init__(self, start: datetime = START) -> None:
        self.now = start
        self.slept: list[float] = []
        self._lock = threading.Lock()

    def clock(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept.append(seconds)
            self.now += timedelta(seconds=seconds)

    def later(self, **parts: float) -> None:
        self.now += timedelta(**parts)


class Web:
    """Answers by address, in order where there are several (the last for ever); any other address fails the test."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self._pages: dict[str, list[Handler]] = {}

    def serve(self, url: str, *answers: bytes | Handler, headers: Mapping[str, str] | None = None) -> None:
        self._pages[url] = [self._handler(answer, headers) for answer in answers]

    @staticmethod
    def _handler(answer: bytes | Handler, headers: Mapping[str, str] | None) -> Handler:
        if isinstance(answer, bytes):
            return lambda _request: reply(answer, headers=headers)
        return answer

    def asked(self, part: str = "") -> list[str]:
        return [str(request.url) for request in self.requests if part in str(request.url)]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        url = str(request.url)
        assert url in self._pages, f"nobody serves {url}"
        answers = self._pages[url]
        return (answers.pop(0) if len(answers) > 1 else answers[0])(request)
