"""A client that calls an ASGI application in this process: no socket, no thread."""

import asyncio
from typing import Any

import httpx
from starlette.applications import Starlette

BASE = "http://testserver"


class Client:
    """Asks an application, one request at a time, and follows no redirect."""

    def __init__(self, application: Starlette) -> None:
        self._transport = httpx.ASGITransport(application)

    def get(self, address: str, **asked: Any) -> httpx.Response:
        """The answer to a GET. Arguments are those of httpx."""

        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._transport, base_url=BASE) as client:
                return await client.get(address, **asked)

        return asyncio.run(ask())
