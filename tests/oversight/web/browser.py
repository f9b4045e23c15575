"""A real browser and the pages served on this machine, for the tests that need both."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, Page, sync_playwright

from oversight.web.guard import Guard

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

STATES = ((1280, 900), (390, 844), (640, 450))
"""Width and height: a desk, a telephone, and the desk zoomed to 200%, which halves both."""
OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


@contextmanager
def browser() -> Iterator[Browser]:
    """A Chromium of this machine; the test skips where there is none."""
    path = next((found for found in map(shutil.which, NAMES) if found), None)
    if path is None:
        pytest.skip("no Chromium on this machine: install the package chromium to check the pages in a browser")
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"], timeout=120_000)
        yield opened
        opened.close()


def free_port() -> int:
    """A port of this machine that nothing listens at."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@contextmanager
def served(app: Guard, port: int | None = None) -> Iterator[str]:
    """The pages at an address of this machine."""
    port = port or free_port()
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", proxy_headers=False, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 120
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    assert server.started, "the server did not start in two minutes"
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(30)


def opened_page(chromium: Browser, state: tuple[int, int], *, scripts: bool = True) -> Page:
    """A page of its own, with nothing kept from others."""
    width, height = state
    context = chromium.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=scripts,
        reduced_motion="reduce",
    )  # fmt: skip
    context.set_default_timeout(120_000)
    return context.new_page()


def faults(page: Page, name: str) -> dict[str, list[str]]:
    """What axe finds on a page at every size, folded parts opened, and where it scrolls sideways."""
    wrong = {}
    page.wait_for_load_state("load")  # what a test waited for may stand there before the page has its styles
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    page.evaluate(AXE_FILE_PATH.read_text(encoding="utf-8"))
    for width, height in STATES:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        found = page.evaluate("options => axe.run(document, options)", OPTIONS)
        for each in found["violations"]:
            wrong[f"{name} at {width}: {each['id']}"] = [node["html"][:160] for node in each["nodes"][:3]]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wrong[f"{name} at {width}"] = ["scrolls sideways"]
    return wrong
