"""Every page shown and every change goes into the audit log, or is not shown and not made."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from oversight.pipeline.workspace import open_workspace
from oversight.store.audit import AuditLog
from oversight.web.app import create_app
from tests.oversight.web.conftest import NEWEST, NOW, PROXY, settings


@pytest.fixture
def log(home: Path, tmp_path: Path) -> Iterator[tuple[AuditLog, TestClient, Path]]:
    """A log of its own, and the pages that write to it."""
    path = tmp_path / "audit.sqlite"
    roles = {f"{role} example": role for role in ("viewer", "admin")}
    given = settings(
        home, web_sign_in="proxy", web_trusted_proxies=[PROXY], web_roles=roles, audit_url=f"sqlite:///{path}"
    )
    with open_workspace(given, lambda: NOW) as opened:
        client = TestClient(create_app(opened), client=(PROXY, 50_000), headers={"X-Forwarded-User": "viewer example"})
        with AuditLog(given.audit_url) as log:
            yield log, client, path


def test_a_page_is_written_down_with_who_when_and_which_run(log: tuple[AuditLog, TestClient, Path]) -> None:
    audit, client, _ = log
    assert client.get("/register?text=secret").status_code == 200
    assert client.get("/nothing-here").status_code == 404
    assert client.get("/static/pages.css").status_code == 200
    rows = audit.rows()
    assert rows["path"].to_list() == ["/register", "/nothing-here"]
    assert rows["run_id"].to_list() == [NEWEST, None]
    assert rows["outcome"].to_list() == [200, 404]
    assert rows["person"].unique().to_list() == ["viewer example"]
    assert rows["role"].unique().to_list() == ["viewer"]
    assert rows["at"].unique().to_list() == [NOW]
    assert not rows.select(pl.any_horizontal(pl.col(pl.String).str.contains("secret")).any()).item()
    assert audit.verify().broken is None


def test_a_change_is_written_down_before_it_is_made_and_after(log: tuple[AuditLog, TestClient, Path]) -> None:
    audit, client, _ = log
    client.post("/nothing-here", data={"note": "secret"})
    rows = audit.rows()
    assert rows["method"].to_list() == ["POST", "POST"]
    assert rows["outcome"].to_list() == [None, 404]


def test_strangers_leave_no_row(log: tuple[AuditLog, TestClient, Path]) -> None:
    audit, client, _ = log
    assert client.get("/register", headers={"X-Forwarded-User": "somebody else"}).status_code == 401
    assert audit.rows().is_empty()


@pytest.mark.parametrize(("method", "path"), [("GET", "/register"), ("POST", "/nothing-here")])
def test_what_cannot_be_written_down_is_not_shown(
    log: tuple[AuditLog, TestClient, Path], method: str, path: str
) -> None:
    _, client, file = log
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.execute(sa.text("drop table audit"))
    engine.dispose()
    answer = client.request(method, path, headers={"content-length": "0"})
    assert answer.status_code == 503
    assert "audit log cannot be written" in answer.text
    assert "Larkrise" not in answer.text


def test_who_runs_the_monitor_sees_who_was_shown_what(log: tuple[AuditLog, TestClient, Path]) -> None:
    _, client, _ = log
    assert client.get("/register").status_code == 200
    assert client.get("/audit").status_code == 403
    admin = {"X-Forwarded-User": "admin example"}
    shown = client.get("/audit", headers=admin)
    assert shown.status_code == 200
    assert shown.text.index("GET /audit") < shown.text.index("GET /register")  # the newest first, refusals too
    assert "403" in shown.text
    assert "0 rows" in client.get("/audit?on=2020-01-01", headers=admin).text
    assert "Who was shown what" in client.get("/data", headers=admin).text
    assert "Who was shown what" not in client.get("/data").text
