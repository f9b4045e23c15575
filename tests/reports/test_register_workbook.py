"""The workbook's model: what each sheet shows of a run."""

from datetime import date

import polars as pl
import pytest

from oversight.errors import SettingsError
from reports.frames import RunView
from reports.sheet import LONGEST_TEXT, Cell, Column, Kind, Link, Sheet, Table, lines_of, link_cell, rows_of, sheet_of
from reports.symbols import TO_COMPLETE
from reports.workbook import build
from tests.reports.invented_view import LABEL, NAMES, OFSTED, REGISTER, UNUSED, frame, view

NAMED_SHEETS = [
    "Cover",
    "Contents",
    "Notes",
    "Highest ratings",
    "Register",
    "Movements",
    "Likelihood by impact",
    "Reasons",
    "Metrics",
    "Metric values",
    "Peers",
    "Stress",
    "Random shocks",
    "Shocks together",
    "Exposure",
    "Markets",
    "Market shares",
    "Hard to replace",
    "Replacing by authority",
    "Homes that may leave",
    "Quality by group",
    "Groups",
    "Group structure",
    "Providers",
    "Events",
    "Scope conditions",
    "Evidence",
    "Data quality",
    "Decisions",
    "Issues",
    "Model drift",
    "Parameters used",
]


def sheet(name: str, run: RunView | None = None) -> Sheet:
    return next(one for one in build(run or view()).sheets if one.name == name)


def column(one: Sheet, header: str) -> list[Cell]:
    place = [item.header for item in one.table.columns].index(header)
    return [row[place] for row in one.table.rows]


def test_the_sheets_stand_in_reading_order_and_the_contents_link_to_each() -> None:
    book = build(view())
    assert [one.name for one in book.sheets] == NAMED_SHEETS
    links = column(sheet("Contents"), "Sheet")
    assert links == [Link(name, f"#{name}") for name in NAMED_SHEETS[2:]]


def test_no_cell_of_any_table_is_empty_and_every_shorthand_is_explained() -> None:
    book = build(view())
    cells = [cell for one in book.sheets for row in one.table.rows for cell in row]
    assert all(cell not in {"", None} for cell in cells)
    used = {cell for cell in cells if isinstance(cell, str) and cell.startswith("[")}
    assert {"[x]", "[z]", "[u]", "[c]", "[to be completed]"} <= used
    assert used <= set(column(sheet("Notes"), "Term"))


def test_a_run_without_a_row_still_makes_every_sheet() -> None:
    book = build(view(tables={}))
    assert [one.name for one in book.sheets] == NAMED_SHEETS
    empty = next(one for one in book.sheets if one.name == "Events")
    assert empty.table.rows == (("None", *["[z]"] * 7),)
    assert empty.notes[-1] == "This run has no rows for this table."


def test_the_register_is_ordered_by_rating_and_says_why_a_figure_is_missing() -> None:
    register = sheet("Register")
    assert column(register, "Group") == list(NAMES)
    assert column(register, "Rating (1 to 25)") == [20.0, 12.0, 6.0]
    assert column(register, "Net debt to EBITDA (times)") == [6.4, "[z]", "[x]"]
    assert column(register, "Altman Z\u2033 (score)") == [0.91, "[u]", "[x]"]
    assert column(register, "Ultimate owner found") == ["[x]", "[c]", "[c]"]
    assert column(register, "Accounts made up to") == [date(2025, 12, 31), date(2025, 12, 31), "[x]"]
    assert column(register, "Scope conditions met") == ["Number, share", "Number, share", "None met"]
    assert column(register, "Risk owner") == ["[to be completed]"] * 3
    assert column(register, "Protective marking") == ["OFFICIAL-SENSITIVE"] * 3


def test_the_register_is_ordered_by_rating_whatever_the_order_of_the_frame() -> None:
    run = view()
    shuffled = {name: table.reverse() for name, table in run.tables.items()}
    assert build(view(tables=shuffled)) == build(run)


def test_every_entry_is_counted_once_in_the_likelihood_by_impact_table() -> None:
    grid = sheet("Likelihood by impact")
    assert [row[0] for row in grid.table.rows] == ["5, very high", "4, high", "3, medium", "2, low", "1, very low"]
    headings = [item.header for item in grid.table.columns]
    assert headings == [
        "Likelihood",
        "Impact 1",
        "Impact 2",
        "Impact 3, medium",
        "Impact 4, high",
        "Impact 5, very high",
    ]
    counts = [list(row[1:]) for row in grid.table.rows]
    assert counts == [[0, 0, 0, 0, 0], [0, 0, 0, 0, 1], [0, 0, 0, 1, 0], [0, 0, 1, 0, 0], [0, 0, 0, 0, 0]]


def unassessed(*numbers: int) -> RunView:
    """The view with the likelihoods of some groups not assessed."""
    run = view()
    entry = run.tables["register_entry"]
    gone = pl.col("group_name").is_in([NAMES[number] for number in numbers])
    none = pl.lit(None, dtype=pl.Int64)
    changed = entry.with_columns(
        pl.when(gone).then(none).otherwise("likelihood").alias("likelihood"),
        pl.when(gone).then(none).otherwise("rating").alias("rating"),
        pl.when(gone).then(pl.lit("Not assessed")).otherwise("likelihood_name").alias("likelihood_name"),
    )
    return view(tables={**run.tables, "register_entry": changed})


def test_entries_that_are_not_assessed_come_last_by_impact() -> None:
    run = unassessed(0, 1)
    register = sheet("Register", run)
    assert column(register, "Group") == [NAMES[2], NAMES[0], NAMES[1]]
    assert column(register, "Rating (1 to 25)") == [6.0, "[n]", "[n]"]
    assert column(register, "Likelihood (1 to 5)") == [2.0, "[n]", "[n]"]
    assert column(register, "Likelihood")[1:] == ["Not assessed"] * 2
    highest = sheet("Highest ratings", run)
    assert column(highest, "Group") == [NAMES[2], NAMES[0], NAMES[1]]
    assert highest.notes[-1].startswith("Not assessed for want of evidence: 2 entries")
    assert not any("Not assessed" in note for note in sheet("Highest ratings").notes)


def test_entries_that_are_not_assessed_are_counted_apart_in_the_likelihood_by_impact_table() -> None:
    rows = sheet("Likelihood by impact", unassessed(0, 1)).table.rows
    assert [row[0] for row in rows] == ["5, very high", "4, high", "3, medium", "2, low", "1, very low", "Not assessed"]
    assert list(rows[-1][1:]) == [0, 0, 0, 1, 1]
    assert sum(cell for row in rows for cell in row[1:] if isinstance(cell, float)) == len(NAMES)


def test_net_debt_that_is_missing_says_why() -> None:
    run = view()
    why = pl.when(pl.col("code") == "cash_days").then(pl.lit("net_debt_total")).otherwise("code").alias("code")
    entry = run.tables["register_entry"].with_columns(net_debt=pl.lit(None, dtype=pl.Float64))
    indicator = run.tables["indicator"].with_columns(
        why, pl.when(pl.col("code") == "cash_days").then(pl.lit("not_reliable")).otherwise("status").alias("status")
    )
    register = sheet("Register", view(tables={**run.tables, "register_entry": entry, "indicator": indicator}))
    assert column(register, "Net debt, total (£)") == ["[u]"] * 3


def test_metrics_have_units_in_their_headings_and_percentages_are_fractions() -> None:
    metrics = sheet("Metrics")
    assert column(metrics, "Operating margin (%)") == [0.083, 0.093, "[x]"]
    assert column(metrics, "Net assets (£)") == [-4_250_000.0, -4_249_999.0, "[x]"]
    assert column(metrics, "Cash days") == [21.0, 22.0, "[x]"]


def test_reasons_are_named_by_the_parameters_and_say_where_input_is_missing() -> None:
    reasons = sheet("Reasons")
    assert column(reasons, "Rule")[:2] == ["High debt against earnings", "Accounts late"]
    assert column(reasons, "Axis")[:3] == ["Likelihood", "Likelihood", "Impact"]
    assert column(reasons, "Input")[-3:] == ["Input missing", "Input missing", "Input found"]


def test_only_documents_that_figures_rest_on_are_evidence() -> None:
    evidence = sheet("Evidence")
    assert column(evidence, "Document (SHA-256)") == [REGISTER, OFSTED]
    assert UNUSED not in column(evidence, "Document (SHA-256)")
    address = "https://example.test/ofsted.ods"
    assert column(evidence, "Web address or file name") == ["charges 99000001.json", Link(address, address)]
    assert evidence.notes[0] == "2 documents are named by a figure, of 3 the run could see."


def test_a_document_named_through_lineage_only_is_evidence_too() -> None:
    run = view()
    step = frame("lineage", [{"item_id": "a", "input_id": UNUSED, "role": "turnover"}])
    evidence = sheet("Evidence", view(tables={**run.tables, "lineage": step}))
    assert UNUSED in column(evidence, "Document (SHA-256)")


def test_parameters_are_those_in_force_and_say_whether_they_are_verified() -> None:
    used = sheet("Parameters used")
    assert column(used, "Value") == [
        "7.5",
        "from 0, name Very low; from 8, name Low; from 16, name Medium; from 24, name High; from 32, name Very high",
        "Over: 3.5; Points: 20",
    ]
    assert column(used, "Standing") == ["Checked at the source", *["Not verified against the source"] * 2]
    assert column(used, "Web address")[1] == "[z]"


def test_groups_that_are_not_on_the_register_come_last_without_an_id() -> None:
    run = view()
    fewer = run.tables["register_entry"].filter(pl.col("group_name") != NAMES[0])
    groups = sheet("Groups", view(tables={**run.tables, "register_entry": fewer}))
    assert column(groups, "Group") == [NAMES[1], NAMES[2], NAMES[0]]
    assert column(groups, "ID")[-1] == "[z]"


def test_the_top_of_a_group_has_no_parent_and_the_company_below_it_has() -> None:
    structure = sheet("Group structure")
    assert column(structure, "Parent")[:2] == ["[z]", NAMES[0]]
    assert column(structure, "Share held, at least (%)")[:2] == ["[z]", 0.75]


def test_the_cover_says_what_the_reader_must_know() -> None:
    cover = {str(item): str(detail) for item, detail in sheet("Cover").table.rows}
    assert cover["Protective marking"] == "OFFICIAL-SENSITIVE"
    assert cover["Kind of data"] == LABEL
    assert cover["Caution"].startswith("An indicator")
    assert "a person decides" in cover["Caution"]
    assert cover["As-at date"].startswith("22 November 2026")
    assert cover["Run ID"] == "20261122T090500-1a2b3c4d"
    assert cover["Parameters fingerprint"] == "5f1c0e9a77d04b6e"
    assert cover["Analyst"] == "An Analyst (invented)"
    assert cover["Approver"] == "[to be completed]"
    assert cover["Licence"] == "Contains public sector information licensed under the Open Government Licence v3.0."
    assert "Source: Ofsted" in cover


def test_a_run_without_a_marking_is_not_rendered() -> None:
    with pytest.raises(SettingsError, match="marking is empty"):
        build(view(marking=" "))


def test_only_web_addresses_become_links() -> None:
    hostile = ("javascript:alert(1)", "file:///etc/passwd", "http://a b", "\\\\server\\share", "internal:'Register'!A1")
    assert [link_cell(text) for text in hostile] == list(hostile)
    assert link_cell("HTTPS://example.test/?a=1&b=2") == Link(
        "HTTPS://example.test/?a=1&b=2", "HTTPS://example.test/?a=1&b=2"
    )


def test_numbers_that_are_none_and_blank_text_get_a_shorthand() -> None:
    values = pl.DataFrame(
        {"n": [float("nan"), float("inf"), 1.25], "t": ["\x07 ", None, "a\nb"], "s": ["not_filed", None, None]}
    )
    columns = (Column("n", "N", Kind.DECIMAL, decimals=1, status="s", missing="[z]"), Column("t", "T", missing="None"))
    assert rows_of(values, columns) == (("[x]", "None"), ("[z]", "None"), (1.3, "a b"))


def test_text_is_cut_and_rows_beyond_the_limit_are_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.sheet.MOST_ROWS", 2)
    long = pl.DataFrame({"t": ["x" * 50_000, "b", "c"]})
    one = sheet_of("A sheet", "Title", "About", long, (Column("t", "T"),))
    assert len(one.table.rows) == 2
    assert len(str(one.table.rows[0][0])) == LONGEST_TEXT
    assert str(one.table.rows[0][0]).endswith(" [cut]")
    assert one.notes == ("Shows the first 2 of 3 rows. All are in the run folder's Parquet tables.",)


def test_a_row_is_as_tall_as_its_longest_text() -> None:
    columns = (Column("a", "A", width=10), Column("b", "B", width=20))
    rows: tuple[tuple[tuple[Cell, ...], int], ...] = (
        (("short", "short"), 1),
        (("eleven words", 1.0), 2),
        (("eleven letter words", 1.0), 3 + 1),  # a line to spare from three lines on
        (("x" * 35, date(2026, 1, 1)), 4 + 1),
        (("x" * 4_000, ""), 25),
        (("short", "short"), 1),
    )
    assert lines_of(Table("t", columns, tuple(cells for cells, _ in rows))) == [lines for _, lines in rows]


def test_markets_show_wide_areas_by_every_type_and_narrow_ones_for_all_homes() -> None:
    shown = sheet("Markets")
    pairs = list(zip(column(shown, "Area"), column(shown, "Type of provision"), strict=True))
    assert pairs == [
        ("England", "All homes"), ("England", "Short break home"), ("North West", "Fostering agency"),
        ("Bolton", "All homes"),
    ]  # fmt: skip
    assert column(shown, "Settings") == [120, "[x]", 120, 120]
    assert column(shown, "Places") == [480, "[x]", "[x]", 480]
    assert column(shown, "Largest holder (%)") == [0.3, "[x]", 0.3, 0.3]
    missing = "The list does not tell short-break homes apart; shares are of settings; the earlier list does not have"
    told = column(shown, "What to know")
    assert told[1] == f"{missing} this type"
    assert [told[0], *told[2:]] == ["None", "Shares are of settings", "None"]


def test_market_shares_name_the_largest_holders_and_say_why_there_is_no_comparison() -> None:
    shown = sheet("Market shares")
    assert column(shown, "Group") == [*NAMES, *NAMES, *NAMES]
    assert column(shown, "Area") == ["England"] * 3 + ["North West"] * 3 + ["Bolton"] * 3
    assert column(shown, "Settings about a year before")[:3] == [39, 30, "[x]"]
    assert column(shown, "Why there is no comparison")[:3] == [
        "None", "None", "no owner of it is named in the earlier list",
    ]  # fmt: skip


def test_scope_conditions_show_who_meets_them_and_who_comes_nearest() -> None:
    tables = view().tables
    far = tables["scope"].with_columns(
        pl.when(~pl.col("met")).then(pl.lit(11)).otherwise("nearness").cast(pl.Int64).alias("nearness")
    )
    assert column(sheet("Scope conditions"), "Group") == [*NAMES]
    beyond = view(tables={**tables, "scope": far})
    assert column(sheet("Scope conditions", beyond), "Group") == [*NAMES[:2]]
    assert column(sheet("Scope conditions"), "Everything the condition asks")[0] == "40 homes against 25"


def test_movements_are_told_against_the_run_of_an_earlier_day() -> None:
    moved = sheet("Movements", view(compared_with="20260930-0123456789"))
    assert moved.notes[0] == "Compared with run 20260930-0123456789, as at 30 September 2026."
    assert column(moved, "Group")[0] == NAMES[0]
    assert column(moved, "What") == ["Likelihood", "The entry", "The entry"]
    assert column(moved, "Change") == ["Moved", "New", "Gone"]
    assert column(moved, "Before") == ["3", "[z]", "[z]"]
    assert sheet("Movements").notes[0] == "There was no run of an earlier day to compare with."


ORANGE_BOOK = (
    "ID", "Group", "Cause", "Event", "Consequence", "Category of risk", "Main reasons", "Accounts made up to",
    "Likelihood (1 to 5)", "Impact (1 to 5)", "Controls and mitigations", "Residual likelihood (1 to 5)",
    "Residual impact (1 to 5)", "Target rating", "Appetite statement", "Risk owner", "Actions, with owner and due date",
    "Trend", "Escalation stage decided", "Date raised", "Last reviewed", "Next review", "Status", "Analyst", "Approver",
    "Model version", "Protective marking",
)  # fmt: skip


def test_the_register_has_every_field_of_an_orange_book_register() -> None:
    headers = [item.header for item in sheet("Register").table.columns]
    assert set(ORANGE_BOOK) <= set(headers)
    assert {"Provider\u2019s response", "Proposed stage (1 to 4)"} <= set(headers)
    tests_and_limbs = [header for header in headers if header.endswith("(a person\u2019s judgement)")]
    assert len(tests_and_limbs) == 4
    for header in tests_and_limbs:
        assert set(column(sheet("Register"), header)) == {TO_COMPLETE}
