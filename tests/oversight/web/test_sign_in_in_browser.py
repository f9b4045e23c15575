"""Signing in and out in a real browser, which keeps our cookies and obeys our policy; axe on what strangers see."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.oversight.web.browser import STATES, browser, faults, opened_page
from tests.oversight.web.test_sign_in import ROLE_OF, Place, place

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture
def here(home: Path, tmp_path: Path) -> Iterator[Place]:
    with place(home, tmp_path, ROLE_OF) as made:
        yield made


def test_in_and_out_without_scripts(chromium: Browser, here: Place) -> None:
    page = opened_page(chromium, STATES[0], scripts=False)
    page.goto(f"{here.base}/register?text=larkrise")
    expect(page).to_have_url(f"{here.base}/register?text=larkrise")
    expect(page.locator("footer")).to_contain_text("Signed in as ann@dept.test, analyst.")
    kept = {each["name"]: each for each in page.context.cookies()}
    assert set(kept) == {"__Host-oversight"}
    assert kept["__Host-oversight"]["httpOnly"]
    assert kept["__Host-oversight"]["secure"]
    assert kept["__Host-oversight"]["sameSite"] == "Lax"
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("You are signed out")
    assert page.context.cookies() == []
    page.context.close()


def test_axe_finds_nothing_on_what_strangers_see(chromium: Browser, here: Place) -> None:
    page = opened_page(chromium, STATES[0])
    page.goto(f"{here.base}/register")
    wrong = faults(page, "signed in")
    page.goto(f"{here.base}/signed-out")
    wrong |= faults(page, "signed out")
    page.goto(f"{here.base}/sign-in/done")
    expect(page.locator("h1")).to_have_text("You are not signed in")
    wrong |= faults(page, "refused")
    page.context.clear_cookies()
    here.provider.named = {"email": "ann@dept.test"}
    page.goto(f"{here.base}/register")
    expect(page.locator("h1")).to_have_text("You have no role here")
    wrong |= faults(page, "no role")
    here.provider.down = True
    here.provider.configuration = {}
    here.moment[0] = here.moment[0].replace(hour=12)
    page.goto(f"{here.base}/register")
    expect(page.locator("h1")).to_have_text("You cannot sign in at the moment")
    wrong |= faults(page, "provider down")
    page.context.close()
    assert wrong == {}
