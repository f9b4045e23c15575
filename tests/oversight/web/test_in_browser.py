"""The pages in a real browser: no accessibility violation, usable by keyboard, nothing asked of anybody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from oversight.pipeline.workspace import open_workspace
from oversight.web.app import create_app
from tests.oversight.web.addresses import ALL, ENTRIES
from tests.oversight.web.browser import STATES, browser, faults, opened_page, served
from tests.oversight.web.conftest import NOW, settings

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def site(home: Path) -> Iterator[str]:
    given = settings(
        home, web_hosts=["127.0.0.1"], web_local_name="An Approver (invented)", web_requests_per_minute=9000
    )
    with open_workspace(given, lambda: NOW) as opened, served(create_app(opened)) as base:
        yield base


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


def test_axe_finds_nothing_on_any_page(chromium: Browser, site: str) -> None:
    page = opened_page(chromium, STATES[0])
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    wrong: dict[str, list[str]] = {}
    for address in ALL:
        page.goto(f"{site}{address}")
        wrong |= faults(page, address)
    page.context.close()
    assert wrong == {}
    assert said == []
    assert [url for url in asked if not url.startswith(site)] == []


def test_every_task_by_keyboard_alone(chromium: Browser, site: str) -> None:
    page = opened_page(chromium, STATES[0])
    page.goto(f"{site}/register")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to main content")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main-content"
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("name", "text")
    page.keyboard.type("larkrise")
    page.keyboard.press("Enter")
    page.wait_for_url("**text=larkrise**")
    link = page.get_by_role("link", name="Larkrise Example Holdings Limited")
    tab_to(page, link.get_attribute("href") or "")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Larkrise Example Holdings Limited")
    seen = outlines(page, 30)
    assert all(seen), "an element has focus and does not show it"
    page.context.close()


def test_writing_and_approving_without_scripts(chromium: Browser, site: str) -> None:
    page = opened_page(chromium, STATES[1], scripts=False)
    page.goto(f"{site}/groups/{ENTRIES[1]}/written")
    page.get_by_label("Actions, with owner and due date").fill("Ask for accounts <b>early</b>")
    page.get_by_label("Residual impact").select_option("3")
    page.get_by_label("Why you write this").fill("An invented meeting")
    page.get_by_role("button", name="Keep").click()
    expect(page.locator(".govuk-notification-banner")).to_contain_text("2 kept")
    expect(page.locator("table")).to_contain_text("Ask for accounts <b>early</b>")
    page.get_by_label("Date raised").fill("some day")
    page.get_by_label("Why you write this").fill("An invented meeting")
    page.get_by_role("button", name="Keep").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("should be a day")
    page.goto(f"{site}/approvals")
    own = page.locator(".govuk-summary-card", has_text="Ask for accounts")
    expect(own).to_contain_text("a second person approves it")
    expect(own.get_by_role("button")).to_have_count(0)
    other = page.locator(".govuk-summary-card", has_text="A Risk Owner (invented)")
    other.get_by_label("Your reason").fill("Agreed in an invented meeting")
    other.get_by_role("button", name="Approve").click()
    expect(page.locator(".govuk-notification-banner")).to_contain_text("approved")
    page.context.close()


def test_a_group_is_corrected_without_scripts_and_every_state_is_accessible(chromium: Browser, site: str) -> None:
    page = opened_page(chromium, STATES[1], scripts=False)
    page.goto(f"{site}/groups/{ENTRIES[0]}")
    page.get_by_role("link", name="Correct the group").click()
    page.get_by_label("What you decide").select_option("join")
    page.get_by_label("Number of the company that is owned").fill("99000009")
    page.get_by_label("Its company number").fill("99000001")
    page.get_by_label("First day it counts for").fill("some day")
    page.get_by_label("Why", exact=True).fill("An invented letter of <b>June</b>")
    page.get_by_role("button", name="Keep").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Not a day")
    expect(page.get_by_label("Its company number")).to_have_value("99000001")
    page.get_by_label("First day it counts for").fill("2026-06-01")
    page.get_by_role("button", name="Keep").click()
    expect(page.locator(".govuk-notification-banner")).to_contain_text("awaits approval by a second person")
    history = page.locator("table", has_text="Everything decided")
    expect(history).to_contain_text("An invented letter of <b>June</b>")
    expect(history).to_contain_text("from 1 June 2026")
    kept = page.url
    page.context.close()
    page = opened_page(chromium, STATES[0])
    page.goto(kept)
    wrong = faults(page, "kept")
    page.goto(f"{site}/groups/{ENTRIES[0]}/structure")
    page.get_by_label("Number of the company that is owned").fill("1")
    page.get_by_label("Why", exact=True).fill("x")
    page.get_by_role("button", name="Keep").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    wrong |= faults(page, "refused")
    page.context.close()
    assert wrong == {}


def tab_to(page: Page, href: str) -> None:
    """Press the tab key until a link has focus."""
    for _ in range(100):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('href')") == href:
            return
    raise AssertionError(f"the keyboard does not reach {href}")


def outlines(page: Page, count: int) -> list[bool]:
    """Whether each of the next elements that take focus shows it."""
    shown = []
    for _ in range(count):
        page.keyboard.press("Tab")
        shown.append(
            bool(
                page.evaluate(
                    "(() => { const s = getComputedStyle(document.activeElement);"
                    " return s.outlineStyle !== 'none' || s.boxShadow !== 'none' })()"
                )
            )
        )
    return shown
