"""A local server that plays the sources: Companies House, its Document API and GOV.UK. All of it says: invented."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from oversight.errors import OversightError
from oversight.example.bulk import DOWNLOADS, Downloads
from oversight.example.faults import Faults
from oversight.example.line import LineProtocol
from oversight.example.player import (
    ASSETS,
    DOCUMENTS,
    GOV_UK,
    MOST_ITEMS,
    REGISTER,
    SIGNED,
    WINDOW_SECONDS,
    Clock,
    Player,
)
from oversight.example.shapes import Market
from oversight.example.sites import Sites
from oversight.example.streams import STREAM, Streams

RATE_LIMIT = 100_000


def app(
    market: Market,
    *,
    rate_limit: int = RATE_LIMIT,
    window: int = WINDOW_SECONDS,
    page: int = MOST_ITEMS,
    clock: Clock = time.time,
    streams: Streams | None = None,
    player: Player | None = None,
) -> Starlette:
    """The server as an ASGI application.

    Args:
        market: what it plays.
        rate_limit: requests in a window before it refuses.
        window: seconds of a window.
        page: items on a page at most, whatever is asked for.
        clock: seconds since 1970, for rate limits and signed addresses.
        streams: what it tells on its streams; the market's last days where not given.
        player: answers for the market, where the caller goes on to change what it shows.
    """
    player = player or Player(market, rate_limit, clock, window, page)
    streams = streams or Streams(market)
    one = f"{REGISTER}/company/{{number}}"
    return Starlette(
        routes=[
            Route("/", player.ready),
            Route("/robots.txt", player.robots),
            Route(f"{GOV_UK}/robots.txt", player.robots),
            *(Route(f"{one}{path}", player.register(answer)) for path, answer in player.of_company().items()),
            Route(f"{REGISTER}/search/companies", player.find),
            Route(f"{REGISTER}/officers/{{officer}}/appointments", player.appointments),
            Route(f"{DOCUMENTS}/document/{{document}}", player.metadata),
            Route(f"{DOCUMENTS}/document/{{document}}/content", player.content),
            Route(f"{SIGNED}/{{document}}", player.signed),
            Route(f"{STREAM}/{{stream}}", streams.endpoint),
            Route(f"{DOWNLOADS}/{{name}}", Downloads(market, player.library).endpoint),
            *Sites(market).routes(),
            Route(f"{GOV_UK}/api/content/{{path:path}}", player.content_item),
            Route(f"{ASSETS}/{{path:path}}", player.asset),
            Route(f"{GOV_UK}/{{path:path}}", player.page),
        ],
    )


@contextmanager
def run(
    market: Market,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    rate_limit: int = RATE_LIMIT,
    window: int = WINDOW_SECONDS,
    page: int = MOST_ITEMS,
    streams: Streams | None = None,
    faults: Faults | None = None,
    player: Player | None = None,
) -> Iterator[str]:
    """Serve a market from a thread of this process; gives the base address and stops at the end.

    Args:
        market: what to play.
        host: address to listen on.
        port: port to listen on; 0 lets the system choose one.
        rate_limit: requests in a window before it refuses.
        window: seconds of a window.
        page: items on a page at most, whatever is asked for.
        streams: what to tell on the streams; the market's last days where not given.
        faults: what goes wrong on purpose.
        player: answers for the market, where the caller goes on to change what it shows.

    Raises:
        OversightError: if the port is taken or the server does not start.
    """
    # The protocol is named because asyncio switches off Nagle's delay (40 ms an answer) only for sockets that name it.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as failure:
        listening.close()
        raise OversightError(
            f"the example server cannot listen: {failure.strerror}",
            where=f"{host}:{port}",
            next_step="Choose another port, or 0 for any that is free.",
        ) from failure
    played: ASGIApp = app(market, rate_limit=rate_limit, window=window, page=page, streams=streams, player=player)
    level = "warning"
    if faults is not None:
        played, level = faults.around(played), "critical"  # what it would complain of is on purpose
    config = uvicorn.Config(played, log_level=level, access_log=False, timeout_graceful_shutdown=1, http=LineProtocol)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="example-server", daemon=True)
    thread.start()
    try:
        while not server.started:
            if not thread.is_alive():
                raise OversightError("the example server did not start", where=f"{host}:{port}")
            time.sleep(0.005)
        yield f"http://{host}:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listening.close()
