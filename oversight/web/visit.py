"""One request as a page sees it: who asks, of which run, and what the form says; and the page it gives back."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from oversight.pipeline.past import all_published
from oversight.pipeline.workspace import Workspace
from oversight.store.audit import AuditLog
from oversight.web.access import Person, SignIn
from oversight.web.kept import Kept
from oversight.web.oidc import Oidc
from oversight.web.rendering import Rendering
from oversight.web.shelf import OpenRun, Shelf
from oversight.web.tokens import Tokens
from reports.frames import Publication

_MOST_BYTES: Final = 64 * 1024 * 1024


class Rendered:
    """What was rendered of runs, by run and address. A run never changes, so neither does this."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: OrderedDict[tuple[str, str], tuple[str, int]] = OrderedDict()
        self._size = 0

    def get(self, key: tuple[str, str], make: Callable[[], str]) -> str:
        """The text under a key, made where it is not held; the longest unused goes when 64 MB are held."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key][0]
        text = make()
        size = len(text.encode())
        with self._lock:
            if key not in self._held:
                self._held[key] = (text, size)
                self._size += size
            while self._size > _MOST_BYTES and self._held:
                _, (_, gone) = self._held.popitem(last=False)
                self._size -= gone
        return text


@dataclass(frozen=True, slots=True)
class Site:
    """What all requests share."""

    workspace: Workspace
    shelf: Shelf
    rendering: Rendering
    rendered: Rendered
    documents: Rendered  # apart, so that a few long documents never push out the pages
    kept: Kept
    sign_in: SignIn
    tokens: Tokens
    audit: AuditLog
    oidc: Oidc | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """The inside of a page.

    Attributes:
        title: names the page in the browser's title and its heading.
        content: everything below the navigation, marked up.
        run: the run it shows; None for a page that shows none.
        status: of the answer.
    """

    title: str
    content: Markup
    run: OpenRun | None = None
    status: int = 200


@dataclass(slots=True)
class Visit:
    """One request.

    Attributes:
        site: what all requests share.
        request: as Starlette gives it.
        person: who asks.
        form: what a posted form says; its token has been checked.
    """

    site: Site
    request: Request
    person: Person
    form: Mapping[str, str] = field(default_factory=dict)
    _run: OpenRun | None = None

    @property
    def run(self) -> OpenRun:
        """The run that the address names with `?run=`, else the newest.

        Raises:
            InputError: if there is no such run.
        """
        if self._run is None:
            self._run = self.site.shelf.take(self.query("run") or None)
            self.request.state.run_id = self._run.run_id  # for the audit log
        return self._run

    def publication(self, run_id: str) -> Publication | None:
        """Who published a run, and when; None for a draft."""
        workspace = self.site.workspace
        return self.site.kept.get("published", lambda: all_published(workspace), ("publication",)).get(run_id)

    def query(self, name: str) -> str:
        """A value of the address's query; empty where it has none."""
        return self.request.query_params.get(name, "").strip()

    def part(self, name: str) -> str:
        """A value of the address's path."""
        return str(self.request.path_params[name])

    def page(
        self, title: str, template: str, *, run: OpenRun | None = None, status: int = 200, **values: object
    ) -> Page:
        """A page whose content is made now from a template."""
        token = self.site.tokens.make(self.person.name)
        content = self._render(template, title, {**values, "token": token, "person": self.person})
        return Page(title, Markup(content), run, status)  # noqa: S704 - autoescaped by the template

    def page_of_run(
        self, template: str, make: Callable[[OpenRun], tuple[str, Mapping[str, object]]], *, also: str = ""
    ) -> Page:
        """A page that only renders a run: made once for each run and address, the same for every reader.

        Args:
            template: its template.
            make: gives the title and the template's values.
            also: what else it depends on, such as the runs it is compared with.
        """
        run = self.run
        query = sorted((name, value) for name, value in self.request.query_params.items() if name != "run")
        address = f"{self.request.url.path}?{urlencode(query)}&{'run' if self.query('run') else ''}&{also}"

        def render() -> str:
            title, values = make(run)
            return f"{title}\n{self._render(template, title, values)}"

        title, _, content = self.site.rendered.get((run.run_id, address), render).partition("\n")
        return Page(title, Markup(content), run)  # noqa: S704 - autoescaped by the template

    def href(self, path: str, **query: str) -> str:
        """An address of this site that stays with the run the reader chose."""
        kept = {"run": self.query("run"), **query}
        asked = urlencode({name: value for name, value in kept.items() if value})
        return f"{path}?{asked}" if asked else path

    def evidence(self, item: str) -> str:
        """The address of the page that shows what a figure or judgement rests on."""
        return self.href(f"/evidence/{quote(item, safe='')}")

    def redirect(self, path: str, **query: str) -> Response:
        """Send the reader to another page, after a form."""
        return RedirectResponse(self.href(path, **query), status_code=303)

    def _render(self, template: str, title: str, values: Mapping[str, object]) -> str:
        return self.site.rendering.content(template, {**values, "title": title, "href": self.href})
