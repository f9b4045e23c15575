"""The TCP connection under the example server, for faults that no well-behaved server could commit."""

import asyncio
import socket
import struct
from typing import Any

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

LINE = "oversight.line"
"""Key of the connection among the extensions of a request's scope."""
_LINGER_NOT = struct.pack("ii", 1, 0)


class Line:
    """Writes raw bytes to whoever asks, and ends the connection."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def write(self, content: bytes) -> None:
        """Send bytes as they are."""
        self._transport.write(content)

    def end(self, *, reset: bool) -> None:
        """Close the connection once all is sent, or reset it at once."""
        if not reset:
            self._transport.close()
            return
        wire = self._transport.get_extra_info("socket")
        if wire is not None:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        self._transport.abort()


class LineProtocol(H11Protocol):
    """uvicorn's HTTP/1.1, with the connection handed to the application."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        inner = self.app

        async def with_line(scope: Scope, receive: Receive, send: Send) -> None:
            extensions = {**scope.get("extensions", {}), LINE: Line(self.transport)}
            await inner({**scope, "extensions": extensions}, receive, send)

        self.app = with_line
