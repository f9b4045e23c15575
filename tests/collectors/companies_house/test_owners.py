import pytest

from collectors.companies_house.owners import Register, individual_key, share_band, uk_company_number
from oversight.identity.keys import corporate_key


@pytest.mark.parametrize(
    ("number", "country", "place", "authority", "expected"),
    [
        ("1234567", "England", "Companies House", "Companies Act 2006", "01234567"),
        ("01234567", "United Kingdom", None, None, "01234567"),
        ("sc 123456", "Scotland", None, None, "SC123456"),
        ("Oc301234", "England And Wales", None, None, "OC301234"),
        ("NI12345", "Northern Ireland", None, None, "NI012345"),
        ("Company No. 1234567", "Uk", None, None, "01234567"),
        ("Registered number: 04053514", None, "Register Of Companies, England & Wales", None, "04053514"),
        ("12345678", None, None, "Companies Act 2006", "12345678"),
        ("12345678", "Great Britain", "Jersey Road, London", None, "12345678"),
        ("1234567", "New South Wales, Australia", None, None, None),
        ("1234567", "Gibraltar", "Companies House Gibraltar", None, None),
        ("123456", "Ireland", "Companies Registration Office, Dublin", "Companies Act 2014", None),
        ("123456", "Jersey", None, "Companies (Jersey) Law", None),
        ("B123456", "Luxembourg", None, None, None),
        ("1234567", None, None, None, None),
        ("N/A", "England", None, None, None),
        ("12", "England", None, None, None),
        ("1234567890", "England", None, None, None),
        (None, "England", None, None, None),
    ],
)
def test_a_number_counts_only_in_the_uk_register(
    number: str | None, country: str | None, place: str | None, authority: str | None, expected: str | None
) -> None:
    assert uk_company_number(Register(number, country, place, authority)) == expected


def test_one_person_has_one_key_however_the_name_is_typed() -> None:
    key = individual_key("Anna", "O'Neill", None, 3, 1970, "01234567")
    assert key == individual_key("ANNA ", "O’NEILL", None, 3, 1970, "07654321")  # noqa: RUF001
    assert key == individual_key("Anna Maria", "O'Neill", "Ms Anna Maria O'Neill", 3, 1970, "01234567")
    assert key == individual_key(None, None, "Ms Anna O-Neill", 3, 1970, "01234567") or "neill" not in key
    assert individual_key(None, None, "Ms Anna Smith", 3, 1970, "1") == individual_key(
        "Anna", "Smith", "", 3, 1970, "2"
    )


def test_two_persons_have_two_keys() -> None:
    base = individual_key("Anna", "Smith", None, 3, 1970, "01234567")
    assert base != individual_key("Anna", "Smith", None, 4, 1970, "01234567")
    assert base != individual_key("Anna", "Smith", None, 3, 1971, "01234567")
    assert base != individual_key("Anne", "Smith", None, 3, 1970, "01234567")
    undated = individual_key("Anna", "Smith", None, None, None, "01234567")
    assert undated != individual_key("Anna", "Smith", None, None, None, "07654321")


def test_a_key_tells_no_name() -> None:
    assert individual_key("Anna", "Smith", None, 3, 1970, "1").isalnum()
    assert len(individual_key(None, None, None, None, None, "1")) == 16


def test_a_foreign_company_has_one_key_however_its_name_is_spaced() -> None:
    assert corporate_key("Top  Holdings S.à r.l.") == corporate_key("TOP HOLDINGS S.À R.L.")
    assert corporate_key("Top Holdings") != corporate_key("Top Holding")


@pytest.mark.parametrize(
    ("natures", "band"),
    [
        (["ownership-of-shares-25-to-50-percent"], (25, 50)),
        (["ownership-of-shares-50-to-75-percent-as-firm"], (50, 75)),
        (["voting-rights-25-to-50-percent", "ownership-of-shares-75-to-100-percent"], (75, 100)),
        (["ownership-of-shares-25-to-50-percent-as-trust", "ownership-of-shares-50-to-75-percent"], (50, 75)),
        (["voting-rights-50-to-75-percent-limited-liability-partnership"], (50, 75)),
        (["right-to-share-surplus-assets-75-to-100-percent-limited-liability-partnership"], (75, 100)),
        (["part-right-to-share-surplus-assets-25-to-50-percent"], (25, 50)),
        (["ownership-of-shares-more-than-25-percent-registered-overseas-entity"], (25, 100)),
        (["significant-influence-or-control"], (None, None)),
        (["ownership-of-shares-75-to-900-percent"], (None, None)),
        ([], (None, None)),
    ],
)
def test_share_bands(natures: list[str], band: tuple[float | None, float | None]) -> None:
    assert share_band(natures) == band
