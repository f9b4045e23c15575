"""Who a reader is, tokens of forms, what is kept, and the run that readers see while the next one opens."""

import gc
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from oversight.errors import InputError, SettingsError, StoreError
from oversight.pipeline.approve import Verdict, approve, decisions
from oversight.pipeline.workspace import Workspace, open_workspace
from oversight.pipeline.written import standing_of, write_fields
from oversight.web.access import Person, Role, SignIn
from oversight.web.app import create_app
from oversight.web.kept import Kept
from oversight.web.shelf import Shelf
from oversight.web.tokens import Tokens
from tests.oversight.web.conftest import NOW, PROXY, entry_id, settings, write_run
from tests.reports.invented_view import view


def asked(peer: str, **headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "client": (peer, 1), "headers": raw, "method": "GET", "path": "/"})


def test_the_proxy_names_the_person_and_only_the_proxy(tmp_path: Path) -> None:
    given = settings(
        tmp_path, web_sign_in="proxy", web_trusted_proxies=["10.0.0.0/24"], web_user_header="X-User",
        web_roles_header="X-Roles",
    )  # fmt: skip
    sign_in = SignIn(given)
    assert sign_in.person(asked("10.0.0.7", x_user="a b", x_roles="guest, Analyst,viewer")) == Person(
        "a b", Role.ANALYST
    )
    assert sign_in.person(asked("10.0.0.7", x_user="a b", x_roles="")) is None
    assert sign_in.person(asked("10.0.0.7", x_roles="admin")) is None
    assert sign_in.person(asked("10.0.1.7", x_user="a b", x_roles="admin")) is None
    assert sign_in.person(asked("127.0.0.1", x_user="a b", x_roles="admin")) is None
    twice = asked("10.0.0.7", x_user="a b", x_roles="admin")
    twice.scope["headers"].append((b"x-user", b"another"))
    assert sign_in.person(twice) is None
    assert sign_in.person(asked("10.0.0.7", x_user="a\tb", x_roles="admin")) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"web_trusted_proxies": []},
        {"web_trusted_proxies": ["next door"]},
        {"web_trusted_proxies": [PROXY], "web_roles": {"a": "king"}},
    ],
)
def test_settings_nobody_could_sign_in_with_are_refused(tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(SettingsError):
        SignIn(settings(tmp_path, web_sign_in="proxy", **wrong))


def test_a_token_is_one_persons_for_twelve_hours(tmp_path: Path) -> None:
    now = [NOW]
    tokens = Tokens(tmp_path, lambda: now[0])
    token = tokens.make("one")
    assert Tokens(tmp_path, lambda: now[0]).good("one", token)  # another process, the same key
    assert not tokens.good("two", token)
    assert not tokens.good("one", token[:-1] + "é")
    now[0] = NOW + timedelta(hours=11)
    assert tokens.good("one", token)
    now[0] = NOW + timedelta(hours=14)
    assert not tokens.good("one", token)
    key = tmp_path / "web.key"
    assert key.stat().st_mode & 0o077 == 0
    key.write_bytes(b"short")
    with pytest.raises(StoreError, match="damaged"):
        Tokens(tmp_path, lambda: NOW)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Workspace]:
    moment = [NOW]

    def clock() -> object:
        moment[0] += timedelta(seconds=1)
        return moment[0]

    with open_workspace(settings(tmp_path), clock) as workspace:  # type: ignore[arg-type]
        yield workspace


def test_what_is_written_is_kept_and_approved_by_another(opened: Workspace) -> None:
    entry = entry_id(0)
    assert write_fields(opened, entry, {"owner": " A  Name ", "residual_impact": "3"}, author="One", reason="why") == 2
    assert write_fields(opened, entry, {"owner": "A Name", "residual_impact": ""}, author="Two", reason="why") == 1
    assert standing_of(opened, entry)["owner"]["value"] == "A Name"
    assert standing_of(opened, entry)["residual_impact"]["value"] is None
    for wrong in ({"residual_impact": "6"}, {"raised_on": "soon"}, {"rating": "25"}):
        with pytest.raises(InputError):
            write_fields(opened, entry, wrong, author="One", reason="why")
    waiting = decisions(opened)
    assert waiting["verdict"].to_list() == ["waiting"] * 3
    first = waiting.filter(waiting["what"].str.contains("A Name")).row(0, named=True)
    given = Verdict(first["decided_table"], first["decided_id"], "approved")
    with pytest.raises(InputError, match="themselves"):
        approve(opened, given, author="  one ", reason="mine")
    with pytest.raises(InputError, match="author and a reason"):
        approve(opened, given, author="Two", reason=" ")
    with pytest.raises(InputError, match="nobody decided"):
        approve(opened, replace(given, decided_id="0"), author="Two", reason="why")
    with pytest.raises(InputError, match="approved or rejected"):
        approve(opened, replace(given, verdict="perhaps"), author="Two", reason="why")
    approve(opened, given, author="Two", reason="seen")
    approve(opened, replace(given, verdict="rejected"), author="Three", reason="seen again")
    told = decisions(opened).row(-1, named=True)  # what no longer waits stands last
    assert (told["verdict"], told["approver"]) == ("rejected", "Three")


def test_an_answer_is_made_anew_when_people_decide(opened: Workspace) -> None:
    made = []
    kept = Kept(opened)

    def make() -> int:
        made.append(1)
        return len(made)

    assert [kept.get("x", make, ("register_field",)) for _ in range(3)] == [1, 1, 1]
    write_fields(opened, "R-1", {"owner": "Somebody"}, author="One", reason="why")
    assert kept.get("x", make, ("register_field",)) == 2


def test_readers_keep_the_run_before_until_the_next_is_open(opened: Workspace) -> None:
    first = view()
    write_run(opened, "20261122-0000000001", first)
    shelf = Shelf(opened)
    assert shelf.take(None).run_id == "20261122-0000000001"
    seen = []
    shelf.on_open = lambda run: seen.append(run.run_id)
    later = replace(first, as_at=replace(first.as_at, known_by=first.as_at.known_by + timedelta(hours=1)))
    write_run(opened, "20261122-0000000002", later)
    assert shelf.take(None).run_id == "20261122-0000000001"
    until = time.monotonic() + 60
    while shelf.take(None).run_id != "20261122-0000000002" and time.monotonic() < until:
        time.sleep(0.01)
    assert shelf.take(None).run_id == "20261122-0000000002"
    assert seen == ["20261122-0000000002"]
    assert shelf.take("20261122-0000000001").run_id == "20261122-0000000001"


def test_a_new_run_is_opened_before_anybody_asks(opened: Workspace) -> None:
    first = view()
    write_run(opened, "20261122-0000000001", first)
    shelf, stop, seen = Shelf(opened), threading.Event(), threading.Event()
    shelf.take(None)
    shelf.on_open = lambda _: seen.set()
    watching = threading.Thread(target=shelf.keep_up, args=(stop,))
    watching.start()
    later = replace(first, as_at=replace(first.as_at, known_by=first.as_at.known_by + timedelta(hours=1)))
    write_run(opened, "20261122-0000000002", later)
    assert seen.wait(60)
    stop.set()
    watching.join(60)
    until = time.monotonic() + 60
    while shelf.take(None).run_id != "20261122-0000000002" and time.monotonic() < until:
        time.sleep(0.01)
    assert shelf.take(None).run_id == "20261122-0000000002"


def test_pages_are_ready_before_the_first_reader(home: Path) -> None:
    with open_workspace(settings(home), lambda: NOW) as workspace:
        gc.unfreeze()
        app = create_app(workspace, ready=True)
        assert gc.get_freeze_count() > 0, "the search for dropped cycles would go through the run, and readers wait"
        assert TestClient(app, client=("127.0.0.1", 1)).get(f"/groups/{entry_id(0)}").status_code == 200
