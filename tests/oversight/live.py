"""Something new at Companies House, followed to the page that an analyst opens from her email."""

import email
import re
import shutil
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from playwright.sync_api import expect

from oversight.cli.demonstration import demo_settings
from oversight.example.server import run as serve
from oversight.example.shapes import Case, Market
from oversight.pipeline import collect
from oversight.pipeline.post import send
from oversight.pipeline.read import read_documents
from oversight.pipeline.run import run
from oversight.pipeline.workspace import open_workspace
from oversight.web.app import create_app
from tests.oversight.web.browser import browser, served


@dataclass(frozen=True)
class Lived:
    """What was seen: the group's page as text, and the letter."""

    page: str
    letter: str


def follow(market: Market, home: Path, number: str, name: str, since: datetime) -> Lived:
    """Let a company go into administration, collect, run, send, and open the letter's link in a browser.

    Args:
        market: as it was collected.
        home: an installation that collected it and made a run; written to.
        number: company that goes into administration.
        name: its group's name, as its page is headed.
        since: when it was collected.
    """
    later = since + timedelta(days=10)
    with serve(_in_administration(market, number, later.date() - timedelta(days=2))) as base:
        settings = demo_settings(home, base).model_copy(update={"web_hosts": ["127.0.0.1"]})
        with open_workspace(settings, lambda: later) as workspace, served(create_app(workspace)) as pages:
            collect.collect_companies(workspace)
            read_documents(workspace)
            made = run(workspace)
            linked = replace(workspace, settings=settings.model_copy(update={"link_base": pages}))
            send(linked, hours=False)
            letter, link = _letter(home, name)
            with browser() as opened:
                page = opened.new_page()
                page.goto(link, timeout=120_000)
                expect(page.locator("h1")).to_have_text(name, timeout=120_000)
                expect(page.locator(".about-run")).to_contain_text(made.run_id)
                return Lived(page.locator("main").inner_text(), letter)


def _in_administration(market: Market, number: str, on: date) -> Market:
    case = Case(
        number="1", kind="administration", dates=(("administration-started-on", on),),
        practitioner="Example Practitioner", appointed_on=on,
    )  # fmt: skip
    companies = tuple(
        replace(company, cases=(case,), status="administration") if company.number == number else company
        for company in market.companies
    )
    return replace(market, companies=companies)


def _letter(home: Path, name: str) -> tuple[str, str]:
    """The newest letter that names the group, and the link it gives."""
    for path in sorted((home / "outbox").rglob("*.eml"), key=lambda each: each.stat().st_mtime, reverse=True):
        message = email.message_from_bytes(path.read_bytes(), policy=default)
        assert isinstance(message, EmailMessage)
        body = message.get_body(("plain",))
        text = "" if body is None else str(body.get_content())
        found = re.search(rf"{re.escape(name)}.*?(http://127\S*/groups/\S+)", text, re.DOTALL)
        if found:
            return text, found.group(1)
    raise AssertionError(f"no letter names {name}")


def copied(home: Path, to: Path) -> Path:
    """A home folder of its own, so that what happens in it happens nowhere else."""
    return Path(shutil.copytree(home, to))
