"""A register goes out, people write in it, it comes back: in both formats, with real files."""

import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from oversight.errors import HostileInputError, InputError
from oversight.pipeline import collect
from oversight.pipeline.read import read_documents
from oversight.pipeline.register_import import read_register, record_changes
from oversight.pipeline.run import run, run_like
from oversight.pipeline.workspace import Workspace, open_workspace
from oversight.settings import Settings
from reports.sheets.risks import MANUAL

LIST = Path(__file__).parents[2] / "fixtures" / "ofsted" / "provider_level_at_31_march_2025.csv"
START = datetime(2025, 9, 1, 9, tzinfo=UTC)


class Clock:
    """Goes on a minute each time it is looked at."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with a few real registrations read and one run made."""
    home = tmp_path_factory.mktemp("home")
    with open_workspace(settings(home), lambda: START) as opened:
        collect.collect_files(opened, [LIST], published=date(2025, 7, 10))
        read_documents(opened)
        run(opened)
    return home


def settings(home: Path) -> Settings:
    return Settings(home=home, ledger_url=f"sqlite:///{home / 'ledger.sqlite'}", workers=1, marking="OFFICIAL")


@pytest.fixture
def workspace(installed: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of it, so that each test writes in its own."""
    home = tmp_path / "home"
    shutil.copytree(installed, home)
    with open_workspace(settings(home), Clock()) as opened:
        yield opened


def exported(workspace: Workspace, name: str = "register.xlsx") -> Path:
    return workspace.runs.folder(workspace.runs.newest()) / name


def edited(workspace: Workspace, to: Path, **written: object) -> str:
    """The newest register saved by a spreadsheet program with some cells of its first entry written; its ID."""
    book = openpyxl.load_workbook(exported(workspace))
    sheet = book["Register"]
    top = next(row[0].row for row in sheet.iter_rows() if row[0].value == "ID")
    headers = {cell.value: cell.column for cell in sheet[top]}
    for name, value in written.items():
        sheet.cell(top + 1, headers[MANUAL[name]]).value = value
    book.save(to)
    return str(sheet.cell(top + 1, 1).value)


def standing(workspace: Workspace) -> dict[str, str | None]:
    frame = workspace.ledger.frame("register_field").sort("decided_at").unique("field", keep="last")
    return dict(frame.select("field", "value").iter_rows())


@pytest.mark.parametrize("name", ["register.ods", "register.xlsx"])
def test_a_register_nobody_wrote_in_has_no_differences(workspace: Workspace, name: str) -> None:
    assert read_register(workspace, exported(workspace, name)).changes.is_empty()


def test_what_people_wrote_survives_the_next_export(workspace: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "edited.xlsx"
    entry = edited(workspace, file, owner="Head of oversight", residual_impact=3, reviewed_on=date(2025, 9, 1))
    reading = read_register(workspace, file)
    assert reading.changes.select("entry_id", "field", "stood", "now").rows() == [
        (entry, "owner", None, "Head of oversight"),
        (entry, "residual_impact", None, "3"),
        (entry, "reviewed_on", None, "2025-09-01"),
    ]
    assert record_changes(workspace, reading, author="A tester", reason="September meeting") == 3
    assert read_register(workspace, file).changes.is_empty(), "kept already"
    manifest = run(workspace)
    for name in ("register.ods", "register.xlsx"):
        assert read_register(workspace, exported(workspace, name)).changes.is_empty()
    sheet = openpyxl.load_workbook(exported(workspace))["Register"]
    assert any(cell.value == "Head of oversight" for row in sheet.iter_rows() for cell in row)
    assert run_like(workspace, manifest.run_id).differing == ()


def test_a_cell_that_is_emptied_takes_away_what_stood(workspace: Workspace, tmp_path: Path) -> None:
    edited(workspace, tmp_path / "one.xlsx", owner="Somebody")
    record_changes(workspace, read_register(workspace, tmp_path / "one.xlsx"), author="A tester", reason="first")
    run(workspace)
    edited(workspace, tmp_path / "two.xlsx", owner=None)
    reading = read_register(workspace, tmp_path / "two.xlsx")
    assert reading.changes.select("stood", "now", "changed_since_by").rows() == [("Somebody", None, None)]
    record_changes(workspace, reading, author="A tester", reason="left")
    assert standing(workspace) == {"owner": None}


def test_an_untouched_cell_never_takes_away_what_somebody_wrote_since(workspace: Workspace, tmp_path: Path) -> None:
    edited(workspace, tmp_path / "mine.xlsx", actions="Ask for accounts")
    edited(workspace, tmp_path / "theirs.xlsx", owner="Somebody else", actions="Visit")
    theirs = read_register(workspace, tmp_path / "theirs.xlsx")
    record_changes(workspace, theirs, author="Another tester", reason="theirs")
    mine = read_register(workspace, tmp_path / "mine.xlsx")
    assert mine.changes.select("field", "stood", "now", "changed_since_by").rows() == [
        ("actions", "Visit", "Ask for accounts", "Another tester")
    ]


def test_a_formula_typed_by_a_person_comes_back_as_text_only(workspace: Workspace, tmp_path: Path) -> None:
    edited(workspace, tmp_path / "f.xlsx", owner='\'=HYPERLINK("http://example.org")')
    reading = read_register(workspace, tmp_path / "f.xlsx")
    record_changes(workspace, reading, author="A tester", reason="for the test")
    run(workspace)
    cells = [c for row in openpyxl.load_workbook(exported(workspace))["Register"].iter_rows() for c in row]
    assert all(cell.data_type != "f" for cell in cells)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"residual_likelihood": 7}, "should be 1 to 5"),
        ({"review_due_on": "soon"}, "should be a day"),
        ({"actions": "x" * 5_000}, "longer than"),
    ],
)
def test_what_a_column_cannot_hold_is_named_with_its_place(
    workspace: Workspace, tmp_path: Path, written: dict[str, object], said: str
) -> None:
    edited(workspace, tmp_path / "wrong.xlsx", **written)
    with pytest.raises(InputError, match=said) as caught:
        read_register(workspace, tmp_path / "wrong.xlsx")
    assert "row" in str(caught.value)


def test_another_workbook_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.save(tmp_path / "other.xlsx")
    with pytest.raises(InputError, match="no sheet"):
        read_register(workspace, tmp_path / "other.xlsx")
    with pytest.raises(InputError, match="cannot be read"):
        read_register(workspace, tmp_path / "nothing.xlsx")


def test_an_entry_given_twice_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(exported(workspace))
    sheet = book["Register"]
    top = next(row[0].row for row in sheet.iter_rows() if row[0].value == "ID")
    sheet.cell(top + 2, 1).value = sheet.cell(top + 1, 1).value
    book.save(tmp_path / "twice.xlsx")
    with pytest.raises(InputError, match="twice"):
        read_register(workspace, tmp_path / "twice.xlsx")


def test_an_entity_in_the_workbook_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "b">]>'
    buffer = BytesIO()
    with zipfile.ZipFile(exported(workspace)) as good, zipfile.ZipFile(buffer, "w") as bad:
        for info in good.infolist():
            content = good.read(info)
            head, mark, rest = content.partition(b"?>")
            bad.writestr(info.filename, head + mark + bomb + rest if info.filename.endswith("sheet1.xml") else content)
    (tmp_path / "bomb.xlsx").write_bytes(buffer.getvalue())
    with pytest.raises(HostileInputError):
        read_register(workspace, tmp_path / "bomb.xlsx")


def test_unsigned_writing_is_not_kept(workspace: Workspace, tmp_path: Path) -> None:
    edited(workspace, tmp_path / "u.xlsx", owner="Somebody")
    with pytest.raises(InputError, match="author and a reason"):
        record_changes(workspace, read_register(workspace, tmp_path / "u.xlsx"), author="", reason="x")
    assert isinstance(workspace.ledger.frame("register_field"), pl.DataFrame)
    assert workspace.ledger.frame("register_field").is_empty()
