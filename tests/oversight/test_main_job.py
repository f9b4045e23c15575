"""The main job on the example market, over real HTTP, against the known truth."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from oversight.cli.demonstration import LABEL, demo_settings, line_accuracy
from oversight.errors import InputError, ReproductionError
from oversight.example import accuracy, truth
from oversight.example.market import generate
from oversight.example.server import run as serve
from oversight.example.shapes import Market
from oversight.model.times import AsAt
from oversight.pipeline import brief, collect
from oversight.pipeline.evidence import evidence_file, evidence_picture, exhibits, show_exhibit
from oversight.pipeline.past import report, view_of
from oversight.pipeline.post import send
from oversight.pipeline.read import read_documents
from oversight.pipeline.run import run, run_like
from oversight.pipeline.select import select_evidence
from oversight.pipeline.status import status
from oversight.pipeline.trace import trace_item
from oversight.pipeline.workspace import Workspace, open_workspace
from oversight.store.runs import Manifest
from reports.briefing import briefing

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

UNTIL = date(2026, 9, 30)
NOW = datetime(2026, 10, 15, 9, 30, tzinfo=UTC)
FETCHED = (
    "fetch",
    "document",
    "link",
    "reading",
    "home",
    "company",
    "filing",
    "charge",
    "officer",
    "ownership",
    "issue",
)


@dataclass(frozen=True)
class Done:
    """The market, the installation that collected it, and its run."""

    market: Market
    workspace: Workspace
    manifest: Manifest
    tables: dict[str, pl.DataFrame]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    market = generate(until=UNTIL)
    home = tmp_path_factory.mktemp("main-job")
    with serve(market) as base, open_workspace(demo_settings(home, base), lambda: NOW) as workspace:
        collect.collect_govuk(workspace)
        read_documents(workspace)
        collect.collect_companies(workspace)
        read_documents(workspace)
        manifest = run(workspace)
        yield Done(market, workspace, manifest, workspace.runs.tables(manifest.run_id))


def test_every_line_of_every_tagged_filing_is_read_exactly(done: Done) -> None:
    lines = line_accuracy(done.workspace, done.market).filter(pl.col("medium") != "scan")
    found = accuracy.share(lines)
    assert found.wrong == 0, lines.filter(pl.col("wrong") > 0)
    assert found.right == found.of, lines.filter(pl.col("right") < pl.col("of"))
    assert found.of > 30_000


def test_every_company_followed_is_in_its_true_group(done: Done) -> None:
    found = accuracy.group_accuracy(truth.groups(done.market), done.tables["membership"])
    assert found.right == found.of
    assert found.of >= 70


def test_events_are_found_for_every_company_that_is_followed(done: Done) -> None:
    followed = done.tables["membership"]["company_number"].to_list()
    true = truth.events(done.market).filter(pl.col("company_number").is_in(followed))
    found = accuracy.event_accuracy(true, done.tables["event"])
    missed = found.filter(pl.col("right") < pl.col("of"))
    assert missed.is_empty(), missed


def test_going_concern_warnings_are_those_of_the_truth_and_no_boilerplate(done: Done) -> None:
    true = truth.events(done.market).filter(pl.col("kind") == "going_concern_uncertainty")
    found = done.tables["event"].filter(pl.col("kind") == "going_concern")
    assert set(found["company_number"]) <= set(true["company_number"])
    assert found.height <= true.height


def test_accounts_that_are_only_an_image_are_read_from_it(done: Done) -> None:
    filed = [accounts for company in done.market.companies for accounts in company.accounts]
    scans = {accounts.transaction_id for accounts in filed if accounts.medium == "scan"}
    held = done.tables["visible"].filter(pl.col("subject").is_in(sorted(scans)))
    assert held.height >= 1
    assert set(held["media_type"]) == {"application/pdf"}
    assert done.tables["issue"].filter(pl.col("kind") == "image_only_accounts").is_empty()
    share = accuracy.share(line_accuracy(done.workspace, done.market).filter(pl.col("medium") == "scan"))
    assert share.wrong == 0
    assert share.right >= 0.9 * share.of, share.words()


def test_everything_again_adds_nothing(done: Done) -> None:
    workspace = done.workspace
    before = {name: workspace.ledger.count(name) for name in FETCHED}
    collect.collect_govuk(workspace)
    collect.collect_companies(workspace)
    assert read_documents(workspace).documents == {}
    assert run(workspace).run_id == done.manifest.run_id
    assert {name: workspace.ledger.count(name) for name in FETCHED} == before


def test_a_run_is_reproduced_byte_for_byte(done: Done) -> None:
    result = run_like(done.workspace, done.manifest.run_id)
    assert result.differing == ()
    assert result.files == len(done.manifest.outputs)


def test_an_edited_run_is_found_out(done: Done) -> None:
    path = done.workspace.runs.folder(done.manifest.run_id) / "manifest.json"
    original = path.read_text(encoding="utf-8")
    path.write_text(original.replace(done.manifest.outputs["register.csv"], "0" * 64), encoding="utf-8")
    try:
        with pytest.raises(ReproductionError, match=r"register\.csv"):
            run_like(done.workspace, done.manifest.run_id)
    finally:
        path.write_text(original, encoding="utf-8")


FIGURES = (
    *("turnover", "operating_margin", "ebitda_margin", "net_debt", "net_debt_to_ebitda", "interest_cover"),
    *("current_ratio", "net_assets", "altman_z2", "homes", "places", "largest_share_of_places"),
    *("likelihood", "impact", "rating", "accounts_made_up_to", "scope_conditions_met"),
)


def test_every_figure_of_the_register_walks_home(done: Done) -> None:
    entries = done.tables["register_entry"].filter(pl.col("accounts_basis") == "consolidated")
    assert entries.height >= 5
    for row in entries.head(6).iter_rows(named=True):
        for figure in FIGURES:
            if row[figure] is None:
                continue
            tree = trace_item(done.workspace, f"{row['entry_id']}.{figure}")
            steps = list(tree.steps())
            assert tree.homes(), f"{row['entry_id']}.{figure} names no document"
            assert not [step for step in steps if step.kind == "unknown"], f"{row['entry_id']}.{figure}"


def test_every_figure_is_marked_in_the_documents_it_rests_on(done: Done) -> None:
    entries = done.tables["register_entry"].filter(pl.col("accounts_basis") == "consolidated")
    marked = 0
    for row in entries.head(3).iter_rows(named=True):
        for figure in ("turnover", "operating_margin", "net_debt", "current_ratio", "places"):
            if row[figure] is None:
                continue
            found = exhibits(done.workspace, f"{row['entry_id']}.{figure}")
            assert found.documents, found.label
            for exhibit in found.documents:
                shown = show_exhibit(done.workspace, exhibit)
                assert shown.missing == (), exhibit
                assert len(shown.highlights) >= len(exhibit.places) > 0
                assert exhibit.licence.startswith("Contains public sector information")
                assert exhibit.document_id
                assert exhibit.retrieved_at
                marked += len(shown.highlights)
    assert marked > 20


def test_the_evidence_of_a_figure_is_one_file_that_needs_nothing_else(done: Done) -> None:
    row = done.tables["register_entry"].filter(pl.col("operating_margin").is_not_null()).row(0, named=True)
    found = exhibits(done.workspace, f"{row['entry_id']}.operating_margin")
    page = evidence_file(done.workspace, found).decode()
    assert LABEL in page
    assert found.documents[0].document_id in page
    assert page.count("<iframe") == len(found.documents)
    assert "<script" not in page
    assert "default-src &#x27;none&#x27;" in page
    with pytest.raises(InputError, match="no scanned page"):
        evidence_picture(done.workspace, replace(found, documents=()))


def test_an_operating_margin_rests_on_facts_of_the_filing_that_give_it(done: Done) -> None:
    row = (
        done.tables["register_entry"]
        .filter(pl.col("accounts_basis") == "consolidated", pl.col("operating_margin").is_not_null())
        .row(0, named=True)
    )
    steps = list(trace_item(done.workspace, f"{row['entry_id']}.operating_margin").steps())
    facts = {step.label: float(step.value or "nan") for step in steps if step.kind == "fact"}
    lines = {step.label.split(" ")[0]: float(step.value or "nan") for step in steps if step.kind == "line"}
    assert facts, "the walk ends at tagged facts"
    assert lines["operating_profit"] / lines["turnover"] * 100 == pytest.approx(row["operating_margin"])


def test_an_earlier_day_is_judged_without_hindsight(done: Done) -> None:
    on = date(2024, 6, 30)
    evidence = select_evidence(done.workspace, AsAt(on=on, known_by=NOW))
    assert evidence.visible.filter(pl.col("published_on") > on).is_empty()
    assert evidence.filing.filter(pl.col("filed_on") > on).is_empty()
    assert evidence.insolvency.is_empty(), "both insolvencies came later"
    earlier = done.workspace.runs.tables(run(done.workspace, on=on).run_id)
    assert earlier["event"].filter(pl.col("dated_on") > on).is_empty()
    failed = done.tables["event"].filter(pl.col("kind") == "insolvency").select("group_id").unique()
    today = done.tables["register_entry"].join(failed, on="group_id", how="semi")
    both = today.join(earlier["register_entry"], on="group_id", suffix="_then")
    assert both.height == today.height > 0
    assert both.filter(pl.col("likelihood_points_then") >= pl.col("likelihood_points")).is_empty()


def test_hostile_names_stay_text_and_everything_says_it_is_invented(done: Done, tmp_path: Path) -> None:
    paths = {path.name: path for path in report(done.workspace, done.manifest.run_id, tmp_path)}
    assert set(paths) == {"register.csv", "register.ods", "register.xlsx"}
    frame = pl.read_csv(paths["register.csv"], infer_schema=False)
    assert set(frame["label"]) == {LABEL}
    assert not frame.filter(pl.any_horizontal(pl.all().str.contains(r"^[=+@\t\r]"))).height
    assert pl.read_ods(paths["register.ods"], sheet_id=1).height > 0


def test_a_briefing_of_the_run_walks_home_and_is_the_same_each_time(done: Done, tmp_path: Path) -> None:
    order = brief.Order(done.manifest.run_id, tmp_path, ("docx",))
    entries = done.tables["register_entry"].sort("rating", descending=True, nulls_last=True)
    hostile = entries.filter(pl.col("group_name").str.contains("(?i)script"))["entry_id"]
    wanted = [entries["entry_id"][0], hostile[0]]
    paths = brief.write_briefings(done.workspace, order, wanted)
    first = [path.read_bytes() for path in paths]
    assert [path.read_bytes() for path in brief.write_briefings(done.workspace, order, wanted)] == first
    view = view_of(done.workspace, done.manifest.run_id)
    draft = briefing(view, str(entries["group_id"][0]))
    found = brief.origins(view, draft.items())
    assert set(found) == set(draft.items())
    homeless = [item for item, places in found.items() if not places and ".peer." not in item]
    assert not homeless
    assert all(place.url for places in found.values() for place in places)


def test_the_next_run_tells_what_moved_and_is_reproduced(done: Done) -> None:
    earlier = run(done.workspace, on=date(2025, 6, 30))
    later = run(done.workspace, on=date(2026, 6, 30))
    assert later.compared_with == earlier.run_id
    moved = done.workspace.runs.tables(later.run_id)["change"]
    assert set(moved["change"]) >= {"moved"}
    assert run_like(done.workspace, later.run_id).differing == ()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class _Kept(Message):
    """Keeps what a mail server was given."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[object] = []

    def handle_message(self, message: object) -> None:
        self.messages.append(message)


def test_alerts_reach_a_real_mail_server_once(done: Done) -> None:
    handler = _Kept()
    port = _free_port()
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    try:
        settings = done.workspace.settings.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": port})
        workspace = replace(done.workspace, settings=settings)
        first = send(workspace, hours=False)
        again = send(workspace, hours=False)
    finally:
        server.stop()
    assert (first.failed, again.failed) == ([], [])
    assert first.sent == len(handler.messages) > 0
    assert again.sent == 0
    text = "\n".join(str(message) for message in handler.messages)
    assert "OFFICIAL" in text
    for word in ("likelihood", "band", "score", "points"):
        assert word not in text.lower()


def test_a_mail_server_that_is_down_loses_nothing(done: Done, tmp_path: Path) -> None:
    settings = done.workspace.settings.model_copy(
        update={"smtp_host": "127.0.0.1", "smtp_port": 9, "recipients": ["second@oversight.example"]}
    )
    down = replace(done.workspace, settings=settings)
    failed = send(down, hours=False)
    assert (failed.sent, len(failed.failed) > 0) == (0, True)
    assert "127.0.0.1:9" in failed.failed[0]
    to_files = settings.model_copy(update={"smtp_host": "", "home": tmp_path})
    assert send(replace(done.workspace, settings=to_files), hours=False).sent == len(failed.failed)


def test_status_is_healthy_after_all_that(done: Done) -> None:
    state = status(done.workspace)
    assert state.healthy
    assert state.unread == 0
    assert {source.source for source in state.sources} >= {"companies_house.profile", "ofsted.provider_level"}
