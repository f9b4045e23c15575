import gzip
from datetime import date

import polars as pl
import pytest

from collectors.ofsted import READERS, bundled, identify
from collectors.reading import Origin
from collectors.source import load_sources
from oversight.errors import InputError, LayoutError
from tests.collectors.ofsted.altered import TABLE, changed, column
from tests.collectors.ofsted.files import (
    FIXTURES,
    HEADER,
    NAME,
    csv_bytes,
    frame,
    homes,
    kinds,
    ods_bytes,
    read_rows,
    xlsx_bytes,
)


@pytest.mark.parametrize(
    ("name", "source", "as_at", "table", "count"),
    [
        ("inspections_in_year_2017-18.csv", "ofsted.in_year", "2018-03-31", "inspection", 12),
        ("closed_providers.csv", "ofsted.closures", None, "movement", 12),
        ("leavers_joiners_2017.csv", "ofsted.movements", "2017-03-31", "movement", 11),
        ("leavers_joiners_2018.csv", "ofsted.movements", "2018-03-31", "movement", 11),
        ("leavers_joiners_2019.csv", "ofsted.movements", "2019-03-31", "movement", 11),
        ("leavers_joiners_2021.csv", "ofsted.movements", "2021-03-31", "movement", 11),
        ("leavers_joiners_2023.csv", "ofsted.movements", "2023-03-31", "movement", 11),
        ("provider_level_at_30_september_2014.csv", "ofsted.provider_level", "2014-09-30", "home", 12),
        ("provider_level_at_31_march_2015.csv", "ofsted.provider_level", "2015-03-31", "home", 11),
        ("provider_level_at_31_march_2017.csv", "ofsted.provider_level", "2017-03-31", "home", 12),
        ("provider_level_at_31_march_2018.csv", "ofsted.provider_level", "2018-03-31", "home", 12),
        ("provider_level_at_31_march_2019.csv", "ofsted.provider_level", "2019-03-31", "home", 13),
        ("provider_level_at_31_march_2020.csv", "ofsted.provider_level", "2020-03-31", "home", 13),
        ("provider_level_at_31_march_2022.csv", "ofsted.provider_level", "2022-03-31", "home", 13),
        ("provider_level_at_31_march_2023.csv", "ofsted.provider_level", "2023-03-31", "home", 13),
        ("provider_level_at_31_march_2025.csv", "ofsted.provider_level", "2025-03-31", "home", 14),
        ("providers_and_places_at_31_march_2018.csv", "ofsted.providers_and_places", "2018-03-31", "home", 12),
    ],
)
def test_the_first_rows_of_every_layout(name: str, source: str, as_at: str | None, table: str, count: int) -> None:
    content = (FIXTURES / name).read_bytes()
    publication = identify(content, name)
    assert publication.source == source
    assert publication.subject == publication.as_at.isoformat()
    assert as_at in {None, publication.subject}
    rows = read_rows(content, name)
    assert {key: len(read) for key, read in rows.tables.items() if read and key != "issue"} == {table: count}
    assert not [issue for issue in rows.tables["issue"] if issue["severity"] == "error"]
    read = frame(rows, table)
    if table == "home":
        assert read["local_authority_code"].null_count() == 0
        assert read["region"].null_count() == 0


def test_a_row_of_2025_in_every_column() -> None:
    rows = read_rows((FIXTURES / "provider_level_at_31_march_2025.csv").read_bytes(), "provider_level.csv")
    home = frame(rows, "home").filter(pl.col("urn") == "SC037454")
    if home.is_empty():
        home = frame(rows, "home").filter(pl.col("provision_type") == "Children's home").head(1)
    row = home.row(0, named=True)
    assert row["name"] is None
    assert row["as_at"] == date(2025, 3, 31)
    assert row["status"] == "Active"
    assert isinstance(row["registered_on"], date)
    assert isinstance(row["inspected_on"], date)
    assert row["places"] > 0
    assert row["owner"]
    assert row["short_breaks_only"] in {True, False, None}
    assert row["overall"] in {"Good", "Outstanding", "Requires improvement to be good", "Inadequate"}
    assert row["locator"].startswith("sheet 'provider_level' row ")


def test_the_locator_is_the_row_a_spreadsheet_shows() -> None:
    rows = [["Title as at 31 March 2024"], [], *TABLE]
    read = frame(read_rows(csv_bytes(rows), "x.csv"), "home")
    assert set(read["locator"]) == {f"sheet 'x' row {number}" for number in range(4, 4 + len(TABLE) - 1)}


def test_every_sheet_of_a_workbook_is_read_or_named_as_skipped() -> None:
    places = [
        ["URN", "Provision type", "Registration status", "Local authority", "Sector", "Places", "Organisation name"]
    ]
    places += [["SC900001", "Boarding School", "Active", "Kent", "Private", "50", "Latecomer Ltd"]]
    places += [[row[0], *row[1:3], row[6], row[7], row[8], row[9]] for row in TABLE[1:]]
    places[2][5] = "99"
    summary = [["Local authority name", "Ofsted region", "Inspection date", "Overall effectiveness"]]
    summary += [["Kent", "South East", "01/02/2024", "Good"]]
    sheets = {
        "Cover": [["Cover sheet"], ["Published on:", "2024-07-10"]],
        "LA_level_at_31_Mar_2024": summary,
        "Providers+places_at_31_Mar_2024": places,
        "Provider_level_at_31_Mar_2024": TABLE,
        "Regional chart": [["Region", "Homes"], ["London", "10"]],
    }
    for content in (ods_bytes(sheets), xlsx_bytes(sheets)):
        publication = identify(content, "workbook")
        assert (publication.source, publication.subject) == ("ofsted.workbook", "2024-03-31")
        assert publication.published_on == date(2024, 7, 10)
        rows = read_rows(content, "workbook")
        skipped = [issue["value"] for issue in rows.tables["issue"] if issue["kind"] == "sheet_skipped"]
        assert skipped == ["Cover", "LA_level_at_31_Mar_2024", "Regional chart"]
        read = frame(rows, "home")
        assert len(read) == len(TABLE)
        assert kinds(rows).count("differs_places") == 1
        kept = read.filter(pl.col("urn") == TABLE[1][0]).row(0, named=True)
        assert kept["places"] == int(TABLE[1][8])
        assert "Provider_level" in kept["locator"]


def test_leavers_and_joiners_of_one_year() -> None:
    header = [
        "URN",
        "Provision type",
        "Government Office Region",
        "Local authority",
        "Sector",
        "Places",
        "First effective date (that the provider became active)",
        "First effective date (that the provider became resigned)",
        "First effective date (that the provider closed)",
        "First effective date (that the provider became cancelled)",
        "Joiner status",
        "Leaver status",
        "Registration status (as at 31 March 2024)",
        "Registration status (as at 1 April 2023)",
        "Reason",
    ]
    shared = ["Children's home", "South East", "Kent", "Private", "4", "01/02/2020"]
    body = [
        ["SC000001", *shared, "05/06/2023", "04/06/2023", "", "", "Leaver", "Resigned", "Active", "Closed in year"],
        ["SC000002", *shared, "", "", "", "Joiner", "", "Active", "", "New"],
        ["SC000003", *shared, "", "", "09/03/2024", "Joiner", "Leaver", "Cancelled", "", ""],
        ["SC000004", *shared, "", "", "", "", "", "Active", "", ""],
    ]
    rows = read_rows(csv_bytes([header, *body]), "list.csv")
    read = frame(rows, "movement").select("urn", "kind", "left_on", "status", "reason", "local_authority_code")
    assert read.rows() == [
        ("SC000001", "leaver", date(2023, 6, 4), "Resigned", "Closed in year", "E10000016"),
        ("SC000002", "joiner", None, "Active", "New", "E10000016"),
        ("SC000003", "both", date(2024, 3, 9), "Cancelled", None, "E10000016"),
    ]
    assert kinds(rows) == ["no_movement"]
    assert identify(csv_bytes([header, *body]), "list.csv").subject == "2024-03-31"


def test_a_year_in_the_name_counts_only_if_the_movements_bear_it_out() -> None:
    content = (FIXTURES / "leavers_joiners_2021.csv").read_bytes()
    assert identify(content, "joiners_leavers_21.csv").as_at == date(2021, 3, 31)
    with pytest.raises(InputError, match="which day"):
        identify(content, "joiners_leavers_19.csv")


def test_closed_providers_are_leavers() -> None:
    rows = read_rows(b"urn,provider_status,close_date,,\nSC384924,Resigned,30/11/2020,,\n,,,,\n", "closed.csv")
    read = frame(rows, "movement").row(0, named=True)
    assert (read["kind"], read["left_on"], read["status"]) == ("leaver", date(2020, 11, 30), "Resigned")


def test_supported_accommodation_premises_are_counted_one_a_row() -> None:
    header = ["URN", "Provider name", "Provision type", "Service category (Note 4)", "Premises Local Authority"]
    body = [["2739460", "Skills Ltd", "Supported Accommodation", "Category 3", "Wolverhampton"]] * 2
    rows = read_rows(csv_bytes([header, *body]), "sa_premises_at_31_march_2025.csv")
    read = frame(rows, "premises")
    assert read.select("urn", "local_authority_code", "premises", "region").rows() == [
        ("2739460", "E08000031", 1, "West Midlands"),
        ("2739460", "E08000031", 1, "West Midlands"),
    ]


def test_in_year_inspections_are_known_by_title_or_by_repeated_providers() -> None:
    header = [*HEADER[:-4], "Event type", "Event number", "Publication date", *HEADER[-4:]]
    header[header.index("Latest full inspection date")] = "Inspection date"
    body = [[*row[:10], "Full inspection", str(10000 + n), "01/12/2023", *row[10:]] for n, row in enumerate(homes())]
    once, twice = csv_bytes([header, *body]), csv_bytes([header, *body, *body])
    assert identify(once, "Provider_level_in_year_2023-24.csv").source == "ofsted.in_year"
    assert identify(once, "x.csv", date(2024, 3, 31)).source == "ofsted.provider_level"
    assert identify(twice, "x.csv", date(2024, 3, 31)).source == "ofsted.in_year"
    read = frame(read_rows(once, "in_year_2023-24.csv"), "inspection")
    assert set(read["event_type"]) == {"Full inspection"}
    assert read["published_on"].null_count() == 0


def test_judgements_of_supported_accommodation_stand_as_overall() -> None:
    rows = [[*TABLE[0], "Supported Accommodation outcome"], *([*row, ""] for row in TABLE[1:])]
    rows[1][1], rows[1][11], rows[1][-1] = "Supported Accommodation", "", "Consistently strong service delivery"
    read = frame(read_rows(csv_bytes(rows), NAME), "home")
    assert read.filter(pl.col("urn") == rows[1][0])["overall"].item() == "Consistently strong service delivery"


def test_a_blank_flag_for_short_breaks_means_no_and_a_blank_answer_means_nothing() -> None:
    flagged = [
        [*row, "Short-break-only children's home" if row[0] == "URN" or row[0] == "2600001" else ""] for row in TABLE
    ]
    flagged[2][1] = "Boarding School"
    read = frame(read_rows(csv_bytes(flagged), NAME), "home").sort("locator")
    assert set(read["short_breaks_only"]) == {True, False, None}
    answered = [list(row) for row in flagged]
    answered[5][-1] = "Long term care only"
    read = frame(read_rows(csv_bytes(answered), NAME), "home")
    assert dict(read["short_breaks_only"].value_counts().rows()) == {True: 1, False: 1, None: len(read) - 2}


def test_the_government_office_region_comes_before_ofsteds_own() -> None:
    rows = [[*row, "North East, Yorkshire and the Humber"] for row in TABLE]
    rows[0][-1] = "Ofsted region"
    rows[1][column(rows, "Government Office Region")] = ""
    rows[1][column(rows, "Local authority")] = "Leeds"
    read = frame(read_rows(csv_bytes(rows), NAME), "home")
    assert read.filter(pl.col("urn") == rows[1][0])["region"].item() == "Yorkshire and The Humber"
    assert "North East, Yorkshire and the Humber" not in set(read["region"])


@pytest.mark.parametrize(
    ("heading", "text", "kind", "field", "kept"),
    [
        ("Registration date", "31/13/2016", "bad_value", "registered_on", None),
        ("Places", "about four", "bad_value", "places", None),
        ("Sector", "Mutual", "unknown_sector", "sector", None),
        ("Local authority", "Camelot", "unknown_local_authority", "local_authority", "Camelot"),
        ("Provision type", "Orbital home", "unknown_provision_type", "provision_type", "Orbital home"),
        ("Organisation which owns the provider", "=cmd()|x", "active_text", "owner", "=cmd()|x"),
        ("Name", "<script>alert(1)</script>", "active_text", "name", "<script>alert(1)</script>"),
        ("Government Office Region", "London", "region_differs", "region", "London"),
    ],
)
def test_one_odd_value_is_reported_and_the_row_kept(
    heading: str, text: str, kind: str, field: str, kept: str | None
) -> None:
    rows = read_rows(csv_bytes(changed(heading, {3: text})), NAME)
    read = frame(rows, "home")
    assert len(read) == len(TABLE) - 1
    assert kinds(rows) == [kind]
    issue = rows.tables["issue"][0]
    assert str(issue["locator"]).startswith("sheet 'provider_level_at_31_march_2024' row 4")
    assert issue["value"] == text
    assert read.filter(pl.col("urn") == TABLE[3][0])[field].item() == kept


def test_the_same_bad_text_in_three_cells_of_a_row_is_three_issues() -> None:
    rows = [list(row) for row in TABLE]
    rows[3][11:14] = ["Pending"] * 3
    read = read_rows(csv_bytes(rows), NAME)
    assert kinds(read) == ["unknown_judgement"] * 3
    assert len(frame(read, "issue")) == 3
    assert len(frame(read, "home")) == len(TABLE) - 1


def test_headings_as_r_writes_them_and_an_index_column() -> None:
    header = ["", *(heading.replace(" ", ".").replace("-", ".").replace("'", ".") for heading in HEADER)]
    header[header.index("Name")] = "Short.break.only.children.s.home"
    rows = [header, *([str(number), *row] for number, row in enumerate(TABLE[1:], 1))]
    for row in rows[1:]:
        row[5] = "NA"
    read = read_rows(csv_bytes(rows), NAME)
    assert kinds(read) == ["unknown_column", "no_value_mark"]
    assert len(frame(read, "home")) == len(TABLE) - 1


def test_an_unknown_authority_has_no_code() -> None:
    read = frame(read_rows(csv_bytes(changed("Local authority", {3: "Camelot"})), NAME), "home")
    assert read.filter(pl.col("local_authority") == "Camelot")["local_authority_code"].to_list() == [None]


def test_an_owner_is_trimmed_and_no_more() -> None:
    read = frame(
        read_rows(csv_bytes(changed("Organisation which owns the provider", {1: "  A  b LTD "})), NAME), "home"
    )
    assert "A  b LTD" in set(read["owner"])


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (["Source: Ofsted"] + [""] * (len(HEADER) - 1), "invalid_urn"),
        (["", "Total", *[""] * (len(HEADER) - 2)], "row_without_urn"),
        (TABLE[1], "duplicate_urn"),
        (["SC999999", *TABLE[1][1:-1]], "row_width"),
        (["SC999999", *TABLE[1][1:], ""], "row_width"),
        (["SC999999", "Children's home", "", *TABLE[1][2:-1]], "row_does_not_fit"),
        (["SC999999", "", *TABLE[1][2:]], "row_without_provision_type"),
    ],
)
def test_rows_that_are_not_sure_are_refused_with_a_reason(row: list[str], kind: str) -> None:
    whole = read_rows(csv_bytes(TABLE), NAME)
    rows = read_rows(csv_bytes([*TABLE, list(row)]), NAME)
    assert frame(rows, "home").drop("document_id").equals(frame(whole, "home").drop("document_id"))
    assert kinds(rows) == [kind]
    assert rows.tables["issue"][0]["severity"] == "error"
    assert str(rows.tables["issue"][0]["message"]).startswith("row refused")


def test_a_cell_beyond_the_last_heading_refuses_the_row() -> None:
    rows = [[*row, ""] for row in TABLE]
    rows[4] = [*rows[4][:9], "Fish", *rows[4][9:-1]]
    read = read_rows(csv_bytes(rows), NAME)
    assert kinds(read) == ["row_width"]
    assert len(frame(read, "home")) == len(TABLE) - 2


def test_an_unknown_column_is_named_and_does_no_harm() -> None:
    rows = [[*row, "Heading nobody knows" if number == 0 else "x"] for number, row in enumerate(TABLE)]
    read = read_rows(csv_bytes(rows), NAME)
    assert kinds(read) == ["unknown_column"]
    assert read.tables["issue"][0]["value"] == "Heading nobody knows"
    assert len(frame(read, "home")) == len(TABLE) - 1


def test_owners_by_urn_are_no_publication() -> None:
    header = "URN,Provision type,Registration Status,Sector,Owner,Source\n"
    content = header.encode() + b"1027158,Children's home,Active,Private,Unique Ltd,research\n"
    with pytest.raises(LayoutError, match="'Local authority'"):
        identify(content, "ownerships.csv")


def test_the_day_must_be_known() -> None:
    with pytest.raises(InputError, match="which day") as raised:
        identify(csv_bytes(TABLE), "providers.csv")
    assert "--as-at" in raised.value.next_step
    assert identify(csv_bytes(TABLE), "providers.csv", date(2024, 3, 31)).subject == "2024-03-31"


def test_the_day_stands_in_the_title_before_the_file_name() -> None:
    rows = [["Provider level as at 31 March 2024", *[""] * 13], *TABLE]
    assert identify(csv_bytes(rows), "saved_on_1_august_2025.csv").as_at == date(2024, 3, 31)


def test_another_day_than_the_file_says_is_reported() -> None:
    content = csv_bytes(TABLE)
    origin = Origin("0" * 64, "ofsted.provider_level", "2023-03-31", NAME)
    rows = READERS["ofsted.provider_level"].read(content, origin)
    assert kinds(rows) == ["as_at_differs"]
    assert set(frame(rows, "home")["as_at"]) == {date(2023, 3, 31)}


def test_gzip_reads_to_the_same_rows() -> None:
    plain, packed = csv_bytes(TABLE), gzip.compress(csv_bytes(TABLE))
    same = [frame(read_rows(content, NAME), "home").drop("document_id") for content in (plain, packed)]
    assert same[0].equals(same[1])
    assert identify(packed, NAME + ".gz").media_type == "application/gzip"


def test_every_reader_has_a_source_and_every_source_a_reader() -> None:
    unread = {"ofsted.robots", "ofsted.ownership"}  # rules for us; files whose layout is not known
    named = {name for name in load_sources() if name.startswith("ofsted.")} - unread
    assert named == set(READERS)
    for source in (load_sources()[name] for name in named):
        assert "Open Government Licence v3.0" in source.licence


def test_the_bundled_publication() -> None:
    content, name, published_on = bundled()
    publication = identify(content, name)
    assert (publication.source, publication.subject) == ("ofsted.provider_level", "2025-03-31")
    assert published_on == date(2025, 8, 5)
    read = frame(read_rows(content, name), "home")
    assert len(read) == 5600
    children = read.filter(pl.col("provision_type") == "Children's home")
    assert (len(children), children["places"].sum()) == (3946, 14275)
