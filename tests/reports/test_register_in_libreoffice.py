"""The register opened by LibreOffice, as a reader would."""

import csv
import shutil
import subprocess
from pathlib import Path

import pytest

from reports import render
from reports.workbook import build
from tests.reports.invented_view import LABEL, NAMES, view


@pytest.fixture(scope="module")
def office() -> str:
    found = shutil.which("soffice")
    if not found:
        pytest.skip("LibreOffice (soffice) is not on this machine")
    return found


def convert(office: str, path: Path, to: str, home: Path) -> None:
    profile = f"-env:UserInstallation={(home / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", to, "--outdir", str(home / path.suffix[1:]), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=100)


def read(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8").splitlines()))


@pytest.mark.integration
@pytest.mark.parametrize("name", ["register.ods", "register.xlsx"])
def test_libreoffice_shows_every_sheet_as_written(office: str, tmp_path: Path, name: str) -> None:
    path = render(view("=1+1", *NAMES[1:]), tmp_path)[name]
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"
    convert(office, path, every_sheet, tmp_path)
    shown = {one.stem.partition("-")[2]: one for one in (tmp_path / path.suffix[1:]).glob("*.csv")}
    assert set(shown) == {sheet.name for sheet in build(view(*NAMES)).sheets}
    rows = read(shown["Highest ratings"])
    assert rows[0][0] == "The first 3 of 3 entries on the register"
    assert rows[1][0] == f"OFFICIAL-SENSITIVE. {LABEL}. DRAFT, NOT PUBLISHED"
    assert rows[4][1:5] == ["=1+1", "20", "High", "Very high"]
    assert rows[4][-1] == "31 December 2025"
    metrics = read(shown["Metrics"])
    figures = dict(zip(metrics[4], metrics[5], strict=True))
    assert figures["Net assets (£)"] == "-£4,250,000"
    assert figures["EBITDA margin (%)"] == "17.2%"
    assert figures["Accounts made up to"] == "31 December 2025"
