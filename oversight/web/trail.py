"""Every answer to somebody signed in is written down before a byte of it leaves; a change also before it is made."""

from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oversight.errors import StoreError
from oversight.store.audit import Entry
from oversight.web.access import Person
from oversight.web.visit import Site

_LONGEST_PATH: Final = 500
_READING: Final = frozenset({"GET", "HEAD"})
_FORBIDDEN: Final = 403
_UNWRITTEN: Final = "The audit log cannot be written, so nothing is shown. Tell who runs the monitor.\n"


class Trail:
    """Writes to the audit log who asked for what, and the answer's status.

    Args:
        app: the application, behind the door.
        site: its audit log and its clock.
    """

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app = app
        self.site = site
        self._log = site.audit
        self._clock = site.workspace.clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Style sheets, scripts and what a machine says to a machine are not written down."""
        person = scope.get("state", {}).get("person")
        if scope["type"] != "http" or not isinstance(person, Person):
            await self._app(scope, receive, send)
            return
        try:
            if scope["method"] not in _READING:
                await run_in_threadpool(self._write, scope, person, None)
        except StoreError:
            await PlainTextResponse(_UNWRITTEN, 503)(scope, receive, send)
            return
        await self._app(scope, receive, self._noting(scope, receive, send, person))

    def _noting(self, scope: Scope, receive: Receive, send: Send, person: Person) -> Send:
        """Sends an answer once it is written down; where it cannot be, another answer in its place."""
        withheld = False

        async def sending(message: Message) -> None:
            nonlocal withheld
            if message["type"] == "http.response.start":
                try:
                    await run_in_threadpool(self._write, scope, person, int(message["status"]))
                except StoreError:
                    withheld = True
                    await PlainTextResponse(_UNWRITTEN, 503)(scope, receive, send)
            if not withheld:
                await send(message)

        return sending

    def denied(self, request: Request, person: Person) -> None:
        """Write down that a person's role did not suffice.

        Raises:
            StoreError: if it cannot be written.
        """
        self._write(request.scope, person, _FORBIDDEN)

    def _write(self, scope: Scope, person: Person, outcome: int | None) -> None:
        self._log.append(
            Entry(
                at=self._clock(),
                person=person.name,
                role=person.role.name.lower(),
                method=str(scope["method"]),
                path=str(scope["path"])[:_LONGEST_PATH],
                run_id=scope.get("state", {}).get("run_id"),
                outcome=outcome,
            )
        )
