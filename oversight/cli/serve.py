"""`oversight serve`: the pages."""

import ipaddress
import threading
from typing import Annotated

import typer
import uvicorn

from oversight.cli.console import errors, workspace
from oversight.errors import SettingsError
from oversight.web.access import LOCAL
from oversight.web.app import create_app

_LOOPBACK = "127.0.0.1"


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command(epilog="Example: oversight serve --port 8000")(serve)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen at; without sign-in only loopback.")] = _LOOPBACK,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8000,
) -> None:
    """Show the pages until stopped: for one person on this computer, or behind the department's sign-in."""
    with workspace() as opened:
        settings = opened.settings
        if settings.web_sign_in == LOCAL and not _is_loopback(host):
            raise SettingsError(
                "without sign-in the pages are for this computer only",
                where=f"--host {host}",
                next_step="Leave --host out, or set OVERSIGHT_WEB_SIGN_IN to proxy or oidc and its settings.",
            )
        stopped = threading.Event()
        app = create_app(opened, ready=True, until=stopped)
        errors.print(f"http://{host}:{port}/ (stop with Ctrl-C)", markup=False)
        # the peer's address is what sign-in trusts, so no header may change it
        try:
            uvicorn.run(app, host=host, port=port, proxy_headers=False, server_header=False, log_level="warning")
        finally:
            stopped.set()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
