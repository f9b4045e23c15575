from datetime import date

import pytest

from collectors.ofsted.dates import cell_date, day_described, year_named
from collectors.ofsted.layout import letters, read_heading
from collectors.ofsted.values import CHECKS, BadValueError, is_placeholder, is_redacted
from collectors.ofsted.words import data, vocabulary
from oversight.model.spelling import key


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("27/03/2015", date(2015, 3, 27)),
        ("1/4/2024", date(2024, 4, 1)),
        ("27/03/2015 00:00", date(2015, 3, 27)),
        ("2023-07-06T00:00:00", date(2023, 7, 6)),
        ("2023-07-06 00:00:00", date(2023, 7, 6)),
        ("2023-07-06", date(2023, 7, 6)),
        ("31 March 2025", date(2025, 3, 31)),
        ("31-Mar-2025", date(2025, 3, 31)),
        ("45382", date(2024, 3, 31)),
        ("45382.0", date(2024, 3, 31)),
        ("03/27/2015", None),
        ("31/02/2020", None),
        ("2611190", None),
        ("12345", None),
        ("Good", None),
        ("", None),
    ],
)
def test_dates_in_cells(text: str, day: date | None) -> None:
    assert cell_date(text) == day


@pytest.mark.parametrize(
    ("texts", "day"),
    [
        (["Children's social care data in England 2023 - Provider level as at 31 March 2023"], date(2023, 3, 31)),
        (["Children's social care data in England 2022 - Provider level as at March 2022"], date(2022, 3, 31)),
        (["Provider information", "Provider_level_at_31_Mar_2025"], date(2025, 3, 31)),
        (["provider_level_at_30_september_2014"], date(2014, 9, 30)),
        (["providers_at_sept_14"], date(2014, 9, 30)),
        (["Provider_level_in_year_2024-25"], date(2025, 3, 31)),
        (["inspections-in-year-2017-18"], date(2018, 3, 31)),
        (["1 April 2022 to 31 March 2023"], date(2023, 3, 31)),
        (["providers-as-at-2018-03-31"], date(2018, 3, 31)),
        (["as at 29.02.2024"], date(2024, 2, 29)),
        (["Children's social care data in England 2023"], None),
        (["leavers_joiners_2017"], None),
        ([], None),
    ],
)
def test_the_day_a_text_says_it_describes(texts: list[str], day: date | None) -> None:
    assert day_described(texts) == day


def test_the_only_year_in_a_file_name() -> None:
    assert year_named("leavers_joiners_2017") == 2017
    assert year_named("joiners_leavers_17") == 2017
    assert year_named("from_2014_to_2023") is None
    assert year_named("providers") is None


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("URN", "urn"),
        ("\nLatest Full inspection event type", "event_type"),
        ("Latest full inspectio health services", ""),
        ("\n Latest full\r\ninspectio  date", "inspected_on"),
        ("Latest full inspection how well children and young people are helped and protected", "helped_and_protected"),
        ("Short-break-only children\u2019s home", "short_breaks_only"),
        ("Short\u2013break\u2013only children's home", "short_breaks_only"),
        ("MULTI BUILDING CHILDREN'S HOME", ""),
        ("Premises Local Authority", "local_authority"),
        ("Service category (Note 4)", "service_category"),
        ("Registration status (as at 31 March 2025)", "status"),
        ("Resigned/closed date", "closed_on"),
        ("Max/Estimated Places", "places"),
        ("GOR", "region"),
        ("Date", None),
        ("Web site", None),
        ("Full inspection", None),
    ],
)
def test_headings(heading: str, field: str | None) -> None:
    assert read_heading(0, heading).field == field


def test_a_day_in_a_heading_is_remembered() -> None:
    assert read_heading(0, "Registration status (as at 1 April 2022)").when == date(2022, 4, 1)
    assert read_heading(0, "Registration status at 31 March 2019").when == date(2019, 3, 31)
    assert read_heading(0, "Registration status (as at @enddate)").when == date.max
    assert read_heading(0, "Registration status").when is None


def test_no_heading_stands_for_two_fields() -> None:
    columns = data("columns.yaml")
    names = [key(name) for spec in columns["fields"].values() for name in spec["names"]]
    names += [key(name) for name in columns["ignored"]]
    assert len(names) == len(set(names))
    assert all(spec["check"] in CHECKS for spec in columns["fields"].values())


def test_tables_ask_for_known_fields_only() -> None:
    fields = data("columns.yaml")["fields"].keys()
    for kind, spec in data("tables.yaml").items():
        if kind not in {"summaries", "instead"}:
            assert set(spec["required"]) <= fields
            assert {field for asked in spec.get("since", {}).values() for field in asked} <= fields


@pytest.mark.parametrize(
    ("check", "text", "value"),
    [
        ("urn", "sc037454", "SC037454"),
        ("urn", "2611190.0", "2611190"),
        ("provision_type", "Children's Home", "Children's home"),
        ("provision_type", "Children\u2019s home", "Children's home"),
        (
            "provision_type",
            "Residential special school (>295 days/year)",
            "Residential special school (registered as a children's home)",
        ),
        ("sector", "Local Authority", "Local authority"),
        ("judgement", "Requires Improvement", "Requires improvement to be good"),
        ("judgement", "Adequate", "Adequate"),
        ("judgement", "Satisfactory", "Satisfactory"),
        ("places", "1,204", 1204),
        ("places", "4.0", 4),
        ("region", "Yorkshire and the Humber", "Yorkshire and The Humber"),
        ("region", "Wales", None),
        ("ofsted_region", "North East Yorkshire and the Humber", None),
        ("short_breaks", "Long term care only", False),
        ("short_breaks", "Short-break-only children's home", True),
        ("event_type", "Monitoring Inspection", "Monitoring inspection"),
    ],
)
def test_values(check: str, text: str, value: object) -> None:
    assert CHECKS[check](text) == value


@pytest.mark.parametrize(
    ("check", "text", "kept"),
    [
        ("urn", "SC12", None),
        ("urn", "Total", None),
        ("places", "110.8", None),
        ("places", "99999", None),
        ("places", "-4", None),
        ("date", "Good", None),
        ("date", "01/01/1066", None),
        ("region", "Mercia", None),
        ("judgement", "Splendid", None),
        ("provision_type", "Orbital home", "Orbital home"),
        ("local_authority", "Camelot", "Camelot"),
        ("text", "London", "London"),
        ("text", "31/03/2025", "31/03/2025"),
        ("leaver", "Joiner", None),
        ("short_breaks", "Perhaps", None),
    ],
)
def test_bad_values(check: str, text: str, kept: str | None) -> None:
    with pytest.raises(BadValueError) as raised:
        CHECKS[check](text)
    assert raised.value.kept == kept


def test_marks_for_no_value() -> None:
    assert is_placeholder("null")
    assert is_placeholder("[x]")
    assert not is_placeholder("x")
    assert is_redacted("Redacted")


def test_kept_spellings_are_their_own_spelling() -> None:
    for name in ("provision_type", "status", "sector", "judgement", "event_type", "region"):
        words = vocabulary(name)
        assert all(words[key(kept)] == kept for kept in words.values())


def test_column_letters() -> None:
    assert [letters(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
