import zipfile
from pathlib import Path

import polars as pl
import pytest

from oversight.errors import InputError
from oversight.pipeline.link_lists import company_list, link_lists

HEADINGS = (
    "CompanyName, CompanyNumber,CompanyStatus,IncorporationDate,PreviousName_1.CONDATE, PreviousName_1.CompanyName"
)
BASIC = f"""{HEADINGS}
EXAMPLE HEATHER CARE LIMITED,99000001,Active,01/02/2003,,
EXAMPLE NEW HORIZONS LIMITED,9000002,Active,11/12/2013,01/01/2020,EXAMPLE BRAMBLE HOMES LIMITED
"""


@pytest.fixture
def owners(tmp_path: Path) -> Path:
    path = tmp_path / "owners.csv"
    path.write_text(
        "owner\nExample Heather Care Ltd\nExample Bramble Homes Ltd\nExample Borough Council\nNobody At All Ltd\n",
        encoding="utf-8",
    )
    return path


def test_basic_company_data_as_published_is_read_with_its_former_names(tmp_path: Path, owners: Path) -> None:
    packed = tmp_path / "BasicCompanyData.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("BasicCompanyData.csv", BASIC)
    table = link_lists(owners, packed, tmp_path / "out.csv")
    assert table.select("company_number", "decision").rows()[:2] == [
        ("99000001", "automatic"),
        ("09000002", "automatic"),
    ]
    assert table["kind"].to_list()[2] == "council"
    assert table["decision"].to_list()[2:] == ["none", "none"]
    written = pl.read_csv(tmp_path / "out.csv", infer_schema=False)
    assert written.columns[:7] == "owner company_number company_name score decision kind reasons".split()  # noqa: SIM905


def test_a_plain_list_of_companies_will_do(tmp_path: Path, owners: Path) -> None:
    path = tmp_path / "companies.csv"
    path.write_text("company_number,company_name\n1,EXAMPLE HEATHER CARE LIMITED\n", encoding="utf-8")
    assert link_lists(owners, path, tmp_path / "out.csv")["company_number"].to_list()[0] == "00000001"


def test_a_missing_column_is_named(tmp_path: Path, owners: Path) -> None:
    path = tmp_path / "companies.csv"
    path.write_text("number,name\n1,X\n", encoding="utf-8")
    with pytest.raises(InputError, match="company_name"):
        company_list(path)
    with pytest.raises(InputError, match="owner"):
        link_lists(path, path, tmp_path / "out.csv")
    with pytest.raises(InputError, match="cannot be read"):
        link_lists(tmp_path / "nothing.csv", owners, tmp_path / "out.csv")


@pytest.mark.shared
def test_former_names_of_real_basic_company_data_find_their_companies(tmp_path: Path, shared_data: Path) -> None:
    owners = tmp_path / "owners.csv"
    owners.write_text("owner\nMaz A & T Services Ltd\n", encoding="utf-8")
    companies = shared_data / "companies_house" / "bulk_csv" / "BasicCompanyData_sample_ch_part2_2.zip"
    row = link_lists(owners, companies, tmp_path / "out.csv").row(0, named=True)
    assert (row["company_number"], row["decision"]) == ("10694769", "automatic")
    assert "previous name MAZ A&T SERVICES LIMITED" in row["reasons"]
