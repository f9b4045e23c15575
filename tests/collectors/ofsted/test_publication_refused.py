"""What a publication whose layout is not sure gets: refused whole, naming column and sheet."""

import pytest

from collectors.ofsted import identify
from oversight.errors import LayoutError
from tests.collectors.ofsted.altered import TABLE, changed, column
from tests.collectors.ofsted.files import (
    NAME,
    csv_bytes,
    ods_bytes,
    read_rows,
)


def raises(rows: list[list[str]], *names: str, name: str = NAME) -> None:
    """The file is refused, by `identify` or by its reader, with an error that names the column and the sheet."""
    with pytest.raises(LayoutError) as raised:
        read_rows(csv_bytes(rows), name)
    text = str(raised.value)
    assert "provider_level_at_31_march_2024" in text
    assert "Nothing was read" in text
    for expected in names:
        assert expected in text


@pytest.mark.parametrize(
    "heading",
    [
        "Provision type",
        "Registration status",
        "Registration date",
        "Local authority",
        "Sector",
        "Places",
        "Government Office Region",
        "Organisation which owns the provider",
        "Latest full inspection date",
        "Overall experiences and progress of children and young people",
    ],
)
@pytest.mark.parametrize("new", ["Quite another thing", None])
def test_a_required_column_renamed_or_gone(heading: str, new: str | None) -> None:
    rows = [list(row) for row in TABLE]
    place = column(rows, heading)
    for row in rows:
        if new is None:
            del row[place]
    if new is not None:
        rows[0][place] = new
        raises(rows, new)
    else:
        raises(rows, "missing")


def test_no_urn_column() -> None:
    rows = [list(row) for row in TABLE]
    rows[0][0] = "Reference"
    raises(rows, "'URN'", "'Reference'")


def test_two_columns_for_one_field() -> None:
    rows = [[*row, row[8]] for row in TABLE]
    rows[0][-1] = "Number of places"
    raises(rows, "'Places'", "'Number of places'", "columns I")


@pytest.mark.parametrize("by", [1, -1])
def test_values_shifted_under_their_headings(by: int) -> None:
    rows = [list(TABLE[0]), *(row[by:] + row[:by] for row in TABLE[1:])]
    raises(rows, "column ")


@pytest.mark.parametrize(
    "heading", ["Registration date", "Sector", "Places", "Provision type", "Local authority", "Name"]
)
def test_one_column_with_the_values_of_another(heading: str) -> None:
    other = {"Places": "Sector", "Name": "Registration date", "Local authority": "Places"}.get(heading, "Places")
    source = column(TABLE, other)
    raises(changed(heading, {n: TABLE[n][source] for n in range(1, len(TABLE))}), f"'{heading}'")


def test_dates_in_the_american_order() -> None:
    swapped = {n: "/".join((d[3:5], d[:2], d[6:])) for n, d in enumerate(row[10] for row in TABLE) if n}
    raises(changed("Latest full inspection date", swapped), "'Latest full inspection date'", "no date")


def test_most_rows_cut_short() -> None:
    raises([TABLE[0], *(row[:-2] for row in TABLE[1:])], "rows of sheet")


def test_hardly_any_urn() -> None:
    raises([*TABLE, *(["", *row[1:]] for row in TABLE[1:] * 5)], "'URN'", "have nothing in")


def test_a_list_that_names_providers_again_and_again() -> None:
    raises([*TABLE, *TABLE[1:]], "'URN'", "names each once")


def test_a_renamed_column_of_a_workbook_names_the_sheet() -> None:
    rows = [list(row) for row in TABLE]
    rows[0][0] = "Reference"
    with pytest.raises(LayoutError, match="'URN' missing from sheet 'Provider_level_at_31_Mar_2024'"):
        identify(ods_bytes({"Cover": [["x"]], "Provider_level_at_31_Mar_2024": rows}), "w.ods")


def test_a_named_sheet_without_a_header() -> None:
    with pytest.raises(LayoutError, match="Provider_level_at_31_Mar_2024"):
        identify(ods_bytes({"Provider_level_at_31_Mar_2024": [["nothing"]]}), "w.ods")


def test_a_file_of_something_else() -> None:
    content = b"Company.name,Indiv,Invest,Sector\n4 KEYS CARE LTD,1,0,Individual owned\n"
    with pytest.raises(LayoutError, match="Ofsted list of providers") as raised:
        identify(content, "owner_company_category.csv")
    assert raised.value.where == "owner_company_category.csv"
