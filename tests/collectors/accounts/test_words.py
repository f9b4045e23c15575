"""What the words say: a warning is a warning, a boilerplate sentence is not."""

import pytest

from tests.collectors.accounts.documents import NOW, YEAR, context, figure, rows_of, said, statements

EQUITY = figure("Equity", NOW, "5")


def words(*paragraphs: str) -> dict[str, str]:
    return statements(rows_of(EQUITY, *(f"<p>{paragraph}</p>" for paragraph in paragraphs)))


WARNINGS = """
These conditions indicate that a material uncertainty exists that may cast significant doubt on the going concern basis.
If funding is not available, there is a material uncertainty over the ability to continue as a going concern.
The directors consider that these circumstances represent a material uncertainty related to going concern.
As stated in note 2, the need to refinance constitutes a material uncertainty. The going concern basis is used.
We draw attention to note 2. A breach gives rise to a material uncertainty about going concern.
"""


@pytest.mark.parametrize("paragraph", WARNINGS.strip().split("\n"))
def test_a_warning_is_read_with_its_sentence(paragraph: str) -> None:
    rows = rows_of(EQUITY, f"<p>{paragraph}</p>")
    said_of = next(each for each in rows.tables["statement"] if each["kind"] == "going_concern")
    assert said_of["value"] == "material_uncertainty"
    assert "material uncertainty" in str(said_of["quote"])
    assert str(said_of["locator"]).startswith("text line ")


def test_the_auditors_heading_is_a_warning() -> None:
    found = words(
        "Material uncertainty related to going concern",
        "We draw attention to note 2, which describes breaches of loan covenants. Our opinion is not modified.",
    )
    assert found["going_concern"] == "material_uncertainty"


BOILERPLATE = """
The financial statements have been prepared on a going concern basis.
We have not identified any material uncertainties that may cast significant doubt on going concern.
If we conclude that a material uncertainty exists, we are required to draw attention in our report. Going concern.
We conclude on the going concern basis and whether a material uncertainty exists that may cast significant doubt.
The directors are not aware of any material uncertainties that may cast significant doubt upon going concern.
There is no material uncertainty over going concern.
The directors have not disclosed any identified material uncertainties about going concern.
A material uncertainty over going concern was not identified.
The valuation of the property is subject to a material uncertainty.
"""


@pytest.mark.parametrize("paragraph", BOILERPLATE.strip().split("\n"))
def test_boilerplate_is_no_warning(paragraph: str) -> None:
    assert words(paragraph)["going_concern"] == "none_stated"


def test_silence_is_none_stated_with_less_confidence_and_no_quote() -> None:
    saying = rows_of(EQUITY).tables["statement"][0]
    assert (saying["kind"], saying["value"], saying["quote"]) == ("going_concern", "none_stated", None)


def test_another_basis_is_said() -> None:
    found = words("The accounts have been prepared on a basis other than going concern.")
    assert found["going_concern"] == "other_basis"


AUDITED = "Independent auditor's report. We have audited the financial statements."


@pytest.mark.parametrize(
    ("paragraphs", "opinion"),
    [
        (["In our opinion the accounts give a true and fair view of the state of affairs."], "clean"),
        (
            ["In our opinion, the financial statements:", "• give a true and fair view of the state of affairs;"],
            "clean",
        ),
        (
            ["Qualified opinion", "In our opinion, except for the effects of it, true and fair."],
            "qualified",
        ),
        (["Adverse opinion", "The financial statements do not give a true and fair view."], "adverse"),
        (["Disclaimer of opinion", "We do not express an opinion on the financial statements."], "disclaimer"),
        (["In our opinion they give a true and fair view.", "Emphasis of matter"], "emphasis_of_matter"),
        (["The auditor's report on the accounts was unqualified."], "clean"),
    ],
)
def test_the_audit_opinion(paragraphs: list[str], opinion: str) -> None:
    assert words(AUDITED, *paragraphs)["audit_opinion"] == opinion


def test_words_on_other_information_are_no_disclaimer() -> None:
    found = words(
        AUDITED,
        "In our opinion the financial statements give a true and fair view.",
        "Our opinion on the accounts does not cover the other information and we do not express any form of "
        "assurance conclusion thereon.",
    )
    assert found["audit_opinion"] == "clean"


def test_an_exemption_from_audit_is_unaudited() -> None:
    exempt = context(YEAR, "AuditExempt-NoAccountantsReport")
    rows = rows_of(EQUITY, hidden=said("AccountsStatusAuditedOrUnaudited", exempt, ""))
    assert statements(rows)["audit_opinion"] == "unaudited"
    found = words("For the year the company was entitled to exemption from audit. No auditor was appointed.")
    assert found["audit_opinion"] == "unaudited"


def test_auditor_type_parent_and_approval() -> None:
    rows = rows_of(
        EQUITY,
        said("NameEntityAuditors", YEAR, "Bell &amp; Bell LLP"),
        said("NameUltimateParentEntity", YEAR, "Top Holdings Limited"),
        said("DateAuthorisationFinancialStatementsForIssue", NOW, "6th May 2025"),
        hidden=said("AccountsTypeFullOrAbbreviated", context(YEAR, "FullAccounts"), ""),
    )
    found = statements(rows)
    assert found["auditor"] == "Bell & Bell LLP"
    assert found["ultimate_parent"] == "Top Holdings Limited"
    assert found["approved_on"] == "2025-05-06"
    assert found["accounts_type"] == "full"


def test_the_auditor_signs_in_words() -> None:
    found = words(AUDITED, "A Person (Senior Auditor) for and on behalf of Bell &amp; Sons LLP, Statutory Auditor")
    assert found["auditor"] == "Bell & Sons LLP"


def test_a_person_who_controls_the_company_is_not_collected() -> None:
    rows = rows_of(EQUITY, said("NameParentEntity", YEAR, "The company is controlled by Mr A Person, director"))
    assert "ultimate_parent" not in statements(rows)
    assert not any("Person" in str(each["value"]) for each in rows.tables["fact"])
