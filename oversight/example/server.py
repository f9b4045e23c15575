"""A local server that plays the sources: Companies House, its Document API and GOV.UK. All of it says: invented."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from oversight.errors import OversightError
from oversight.example.player import ASSETS, DOCUMENTS, GOV_UK, REGISTER, SIGNED, Clock, Player
from oversight.example.shapes import Market

RATE_LIMIT = 100_000


def app(market: Market, *, rate_limit: int = RATE_LIMIT, clock: Clock = time.time) -> Starlette:
    """The server as an ASGI application.

    Args:
        market: what it plays.
        rate_limit: requests in five minutes before it refuses.
        clock: seconds since 1970, for rate limits and signed addresses.
    """
    player = Player(market, rate_limit, clock)
    one = f"{REGISTER}/company/{{number}}"
    return Starlette(
        routes=[
            Route("/", player.ready),
            Route("/robots.txt", player.robots),
            Route(f"{GOV_UK}/robots.txt", player.robots),
            *(Route(f"{one}{path}", player.register(answer)) for path, answer in player.of_company().items()),
            Route(f"{REGISTER}/search/companies", player.find),
            Route(f"{DOCUMENTS}/document/{{document}}", player.metadata),
            Route(f"{DOCUMENTS}/document/{{document}}/content", player.content),
            Route(f"{SIGNED}/{{document}}", player.signed),
            Route(f"{GOV_UK}/api/content/{{path:path}}", player.content_item),
            Route(f"{ASSETS}/{{path:path}}", player.asset),
            Route(f"{GOV_UK}/{{path:path}}", player.page),
        ],
    )


@contextmanager
def run(market: Market, host: str = "127.0.0.1", port: int = 0, *, rate_limit: int = RATE_LIMIT) -> Iterator[str]:
    """Serve a market from a thread of this process; gives the base address and stops at the end.

    Args:
        market: what to play.
        host: address to listen on.
        port: port to listen on; 0 lets the system choose one.
        rate_limit: requests in five minutes before it refuses.

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
    config = uvicorn.Config(app(market, rate_limit=rate_limit), log_level="warning", access_log=False)
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
