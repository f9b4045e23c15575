"""An installation with two invented runs, and readers of its pages."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from oversight.model.ids import row_id
from oversight.pipeline.workspace import Workspace, open_workspace
from oversight.pipeline.written import write_fields
from oversight.settings import Settings
from oversight.store.runs import Manifest
from oversight.web.app import create_app
from reports import render
from reports.alerts.decide import due_row
from reports.alerts.links import Claim, sign
from reports.frames import RunView
from tests.reports.invented_view import view

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
EARLIER, NEWEST = "20261121-0000000001", "20261122-0000000002"
PROXY = "10.0.0.5"
KEY = "a key for these tests only"
LETTER = "0123456789abcdef"
HOSTILE = "<script>alert('Example')</script> & Sons Limited"
Reader = Callable[[str], TestClient]


def settings(home: Path, **changes: object) -> Settings:
    given = {"home": home, "marking": "OFFICIAL-SENSITIVE", "label": "EXAMPLE DATA", "web_hosts": ["testserver"],
             "alert_key": KEY}  # fmt: skip
    return Settings.model_validate(given | changes)


def write_run(workspace: Workspace, run_id: str, run: RunView) -> None:
    """Put an invented run where real ones lie."""
    manifest = Manifest(
        run_id=run_id, on=run.as_at.on, known_by=run.as_at.known_by, code_version=run.code_version,
        parameters_fingerprint=run.parameters_fingerprint, evidence_fingerprint="0" * 16, label=run.label,
        marking=run.marking, roles=run.roles,
    )  # fmt: skip

    def files(folder: Path) -> None:
        render(run, folder)

    workspace.runs.write(manifest, run.tables, files)


def entry_id(number: int) -> str:
    """The register entry of an invented group."""
    return f"R-{row_id('entry', number)[:8]}"


def alert_rows() -> dict[str, list[dict[str, object]]]:
    """Two alerts about invented groups, told to one person in one letter."""
    day = NOW - timedelta(days=1)
    names = ("Larkrise Example Holdings Limited", HOSTILE)
    raised = [
        {"alert_id": f"alert-{number}", "run_id": NEWEST, "entry_id": entry_id(number), "subject": name,
         "kind": "insolvency", "dated_on": day.date(), "title": f"Insolvency event: {name}", "raised_at": day}
        for number, name in enumerate(names)
    ]  # fmt: skip
    dues = [
        due_row(str(row["alert_id"]), "ann@dept.test", "first", "everything_else", "digest", day, day) for row in raised
    ]
    parts = [{"alert_due_id": row["alert_due_id"], "letter_id": LETTER} for row in dues]
    return {"alert_raised": raised, "alert_due": dues, "letter_part": parts}


def link(number: int) -> str:
    """The token of a letter's link about an invented group."""
    return sign(Claim(LETTER, entry_id(number), NOW + timedelta(days=14)), KEY)


def home_row(urn: str, run: RunView) -> dict[str, object]:
    """An invented home of the first invented group."""
    return {
        "document_id": run.table("provider")["document_id"][0], "urn": urn, "locator": "row 5", "as_at": run.as_at.on,
        "name": "An example home", "provision_type": "Children's home", "status": "Active", "places": 4,
        "owner": run.table("provider")["owner"][0], "local_authority": "Bolton", "local_authority_code": "E08000001",
    }  # fmt: skip


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with two runs; tests that only read share it."""
    folder = tmp_path_factory.mktemp("pages")
    now = view("Larkrise Example Holdings Limited", HOSTILE, "Tern Example Homes Limited")
    before = view("Larkrise Example Holdings Limited", HOSTILE)
    day = timedelta(days=1)
    with open_workspace(settings(folder), lambda: NOW) as opened:
        write_run(opened, NEWEST, now)
        opened.ledger.add("home", [home_row("EX00001", now), home_row("EX00002", now) | {"name": HOSTILE}])
        opened.ledger.add_all(alert_rows())
        write_fields(
            opened, entry_id(0), {"owner": "A Risk Owner (invented)"}, author="Somebody (invented)", reason="x"
        )
        earlier = replace(before.as_at, on=before.as_at.on - day, known_by=before.as_at.known_by - day)
        write_run(opened, EARLIER, replace(before, as_at=earlier))
    return folder


@pytest.fixture
def local(home: Path) -> Iterator[TestClient]:
    """The one user of this computer."""
    with open_workspace(settings(home, web_local_name="An Analyst (invented)"), lambda: NOW) as opened:
        yield TestClient(create_app(opened), client=("127.0.0.1", 50_000))


@pytest.fixture
def reader(home: Path) -> Iterator[Reader]:
    """Readers behind the department's proxy, by role."""
    roles = {f"{role} example": role for role in ("viewer", "analyst", "approver", "admin")}
    given = settings(home, web_sign_in="proxy", web_trusted_proxies=[PROXY], web_roles=roles)
    with open_workspace(given, lambda: NOW) as opened:
        app = create_app(opened)
        yield lambda role: TestClient(app, client=(PROXY, 50_000), headers={"X-Forwarded-User": f"{role} example"})
