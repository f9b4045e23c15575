"""What is new at Companies House while the schedule runs, followed to the page that an analyst opens by a letter."""

import email
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import httpx
import polars as pl
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from playwright.sync_api import Page, expect

from collectors.companies_house.followed import STREAMS, load_followed
from oversight.example.player import Player
from oversight.example.registrar.filings import filing_item
from oversight.example.shapes import Accounts, Case, Company, Filing, Market
from oversight.example.streams import Streams
from oversight.model.tables.told import ACCEPTED
from oversight.model.times import utc_now
from oversight.pipeline.workspace import Workspace, open_workspace
from oversight.settings import Settings
from tests.oversight.web.browser import browser

COMMAND = (sys.executable, "-c", "from oversight.cli import main; main()")
RULES = """
rules:
  - name: likelihood_rises
    description: A group whose likelihood rises is told of at once, at any hour, so that a test may run at any.
    kinds: [band_change]
    moved: {likelihood: {up_to: 2}}
    urgency: immediate
    quiet: ignore
    to: [analysts]
"""
_PATIENCE = 240.0


@dataclass(frozen=True)
class Register:
    """Companies House as the example server plays it, whose market can go on while it is served."""

    player: Player
    streams: Streams


@dataclass(frozen=True)
class News:
    """What happens to two groups, by their names, and the market as it is then.

    `filed` are accounts that doubt going concern, of a company of the group `doubted`; the company `failed` of the
    group `fallen` goes into administration.
    """

    market: Market
    filed: Filing
    doubted: str
    failed: str
    fallen: str

    def publish(self, register: Register) -> None:
        """Show what happened, and tell of it on the streams."""
        register.player.show(self.market)
        filing = filing_item(self.filed, "")
        register.streams.tell("insolvency-cases", self.failed)
        register.streams.tell("companies", self.failed)
        register.streams.tell("filings", self.filed.company_number, self.filed.transaction_id, data=filing)


@dataclass(frozen=True)
class Lived:
    """What was seen, and when what happened, by the ledger and the run.

    Attributes:
        pages: text of each group's page, by the group's name.
        evidence: what is marked in the filing behind the reason.
        letters: their words, by the group's name.
        moments: by name of step, in order: collected, judged, letter, page.
    """

    pages: dict[str, str]
    evidence: str
    letters: dict[str, str]
    moments: dict[str, datetime]

    def seconds(self) -> dict[str, float]:
        """Seconds of each step after the collection."""
        first = self.moments["collected"]
        return {name: (moment - first).total_seconds() for name, moment in self.moments.items()}


def doubtful(company: Company, today: date) -> tuple[Company, Filing] | None:
    """The company with the accounts of its next year, filed today, with doubts about going concern.

    None where it filed none yet or that year has not ended.
    """
    if not company.accounts or company.deadlines is None:
        return None
    last = company.accounts[-1]
    end = last.period_end + timedelta(days=365)
    if end > today - timedelta(days=7) or last.medium != "ixbrl":
        return None
    accounts = _next_year(last, end, today)
    filing = next(each for each in company.filings if each.transaction_id == last.transaction_id)
    filed = replace(
        filing,
        transaction_id=accounts.transaction_id,
        document_id=accounts.document_id,
        on=today,
        values=(("made_up_date", end.isoformat()),),
        action_on=end,
    )
    grown = replace(company, accounts=(*company.accounts, accounts), filings=(filed, *company.filings))
    return grown, filed


def _next_year(last: Accounts, end: date, today: date) -> Accounts:
    """Another year like the last, whose auditors doubt that the company goes on."""
    return replace(
        last,
        transaction_id=f"{last.transaction_id[:-3]}new",
        document_id=f"{last.document_id[:-3]}new",
        period_start=last.period_end + timedelta(days=1),
        period_end=end,
        comparative_start=last.period_start,
        comparative_end=last.period_end,
        filed_on=today,
        due_on=end + timedelta(days=270),
        going_concern="material_uncertainty",
        restated=False,
        company_before=last.company,
        group_before=last.group,
    )


def failed(company: Company, on: date) -> Company:
    """The company in administration since a day."""
    case = Case(
        number="1", kind="administration", dates=(("administration-started-on", on),),
        practitioner="Example Practitioner", appointed_on=on,
    )  # fmt: skip
    return replace(company, cases=(case,), status="administration")


def with_companies(market: Market, changed: Sequence[Company], today: date) -> Market:
    """The market with some companies as they are now."""
    now = {each.number: each for each in changed}
    companies = tuple(now.get(each.number, each) for each in market.companies)
    return replace(market, companies=companies, until=today)


class _Kept(Message):
    """Keeps what a mail server was given."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_message(self, message: object) -> None:
        parsed = email.message_from_string(str(message), policy=default)
        assert isinstance(parsed, EmailMessage)
        body = parsed.get_body(("plain",))
        self.texts.append("" if body is None else str(body.get_content()))


@contextmanager
def _mail() -> Iterator[tuple[_Kept, int]]:
    kept, port = _Kept(), _free_port()
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield kept, port
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def _running(words: tuple[str, ...], environment: dict[str, str], log: Path) -> Iterator[None]:
    """A command that goes on until it is asked to stop, and then leaves with 0."""
    with (
        log.open("w") as said,
        subprocess.Popen((*COMMAND, *words), env=environment, stdout=said, stderr=said) as child,
    ):
        try:
            yield
        except BaseException:
            print(log.read_text())
            raise
        finally:
            child.send_signal(signal.SIGTERM)
            try:
                code = child.wait(60)
            except subprocess.TimeoutExpired:
                child.kill()
                raise
        assert code in {0, -signal.SIGTERM}, log.read_text()


def _until(what: str, true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not true():
        assert time.monotonic() < deadline, f"waited {_PATIENCE:.0f} s for {what}"
        time.sleep(0.2)


def follow(register: Register, news: News, environment: dict[str, str]) -> Lived:
    """Run the schedule and the pages, let something happen, wait for the letters and open their links in a browser.

    Args:
        register: what the schedule collects from.
        news: what happens.
        environment: of an installation that collected the market and made a run; written to.
    """
    home = Path(environment["OVERSIGHT_HOME"])
    rules = home / "rules.yaml"
    rules.write_text(RULES, encoding="utf-8")
    with _mail() as (kept, mail), open_workspace(Settings(home=home), utc_now) as workspace, browser() as opened:
        port = _free_port()
        base = f"http://127.0.0.1:{port}"
        lived = environment | {
            "OVERSIGHT_ALERTS": "true",
            "OVERSIGHT_RECIPIENTS": '["analyst@oversight.example"]',
            "OVERSIGHT_ALLOWED_DOMAINS": '["oversight.example"]',
            "OVERSIGHT_ALERT_RULES": str(rules),
            "OVERSIGHT_SMTP_HOST": "127.0.0.1",
            "OVERSIGHT_SMTP_PORT": str(mail),
            "OVERSIGHT_LINK_BASE": base,
            "OVERSIGHT_STREAM_STAY_SECONDS": "1",
            "OVERSIGHT_NEWS_SECONDS": "1",
        }
        with (
            _running(("schedule",), lived, home / "schedule.log"),
            _running(("serve", "--port", str(port)), lived, home / "serve.log"),
        ):
            _until("the streams", lambda: load_followed(workspace.ledger).positions.keys() >= set(STREAMS))
            _until("the pages", lambda: _answers(base))
            known = workspace.runs.ids()
            news.publish(register)
            page = opened.new_page()
            letters = {news.doubted: _opened(page, kept, news.doubted)}
            made = [one for one in workspace.runs.ids() if one not in known]
            _until("the pages of the new run", lambda: _shows(page, made))
            seen_at, text = utc_now(), page.locator("main").inner_text()
            evidence = _behind(page, news.filed.on)
            letters[news.fallen] = _opened(page, kept, news.fallen)
            pages = {news.doubted: text, news.fallen: page.locator("main").inner_text()}
        moments = _moments(workspace, news.filed, made[0]) | {"page": seen_at}
        return Lived(pages, evidence, letters, moments)


def _opened(page: Page, kept: _Kept, name: str) -> str:
    """Wait for the letter that names a group and open its link; gives the letter's words."""
    _until(f"a letter that names {name}", lambda: any(name in text for text in kept.texts))
    letter = next(text for text in kept.texts if name in text)
    found = re.search(rf"{re.escape(name)}.*?(http://127\S*/groups/\S+)", letter, re.DOTALL)
    assert found, letter
    page.goto(found.group(1), timeout=120_000)
    expect(page.locator("h1")).to_have_text(name, timeout=120_000)
    return letter


def _shows(page: Page, runs: Sequence[str]) -> bool:
    """Whether a page is of one of these runs; it is asked for again where it is not yet."""
    if any(one in page.locator(".about-run").inner_text() for one in runs):
        return True
    page.reload(timeout=120_000)
    return False


def _behind(page: Page, on: date) -> str:
    """What is marked in the accounts filed on a day, by the link of the reason on a group's page."""
    page.locator("#why ~ .scroll").get_by_role("link", name="Going-concern wording").click(timeout=120_000)
    shown = page.locator("strong", has_text=f"Accounts as filed, {on.day} {on:%B %Y}")
    expect(shown).to_be_visible(timeout=120_000)  # of several documents the one that says it is shown first
    marks = page.frame_locator("iframe[name=filed]").locator("mark")
    marks.first.wait_for(state="visible", timeout=120_000)
    return " ".join(marks.all_inner_texts())


def _answers(address: str) -> bool:
    try:
        return httpx.get(address).is_success
    except httpx.TransportError:
        return False


def _moments(workspace: Workspace, filed: Filing, run_id: str) -> dict[str, datetime]:
    """When the accounts came, were judged, and when the first letter was taken: as the ledger and the run have it."""
    ledger = workspace.ledger
    fetched = ledger.frame("fetch").filter(
        pl.col("source") == "companies_house.accounts", pl.col("subject") == filed.transaction_id
    )
    sent = ledger.frame("letter_event").filter(pl.col("event") == ACCEPTED)
    judged = workspace.runs.folder(run_id) / "manifest.json"
    return {
        "collected": fetched["retrieved_at"].item(),
        "judged": datetime.fromtimestamp(judged.stat().st_mtime, tz=UTC),
        "letter": sent["at"].min(),
    }
