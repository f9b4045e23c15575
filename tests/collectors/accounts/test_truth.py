"""The figures typed by eye are the measure of the readers, so they are measured first: every subtotal must add up."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from collectors.accounts.catalogue import catalogue
from tests.benchmarks.read_by_eye import listed, measure, typed

FIXTURES = Path(__file__).parents[2] / "fixtures" / "accounts"

SUMS = {
    "gross_profit": ("turnover", "cost_of_sales"),
    "operating_profit": (
        "gross_profit",
        "distribution_costs",
        "administrative_expenses",
        "other_operating_income",
        "exceptional_items",
    ),
    "profit_before_tax": ("operating_profit", "interest_receivable", "interest_payable"),
    "profit_after_tax": ("profit_before_tax", "tax"),
    "fixed_assets": ("goodwill", "intangible_assets", "tangible_assets", "investments"),
    "current_assets": ("stocks", "debtors", "cash"),
    "net_current_assets": ("current_assets", "creditors_within_one_year"),
    "total_assets_less_current_liabilities": ("fixed_assets", "net_current_assets"),
    "net_assets": ("total_assets_less_current_liabilities", "creditors_after_one_year", "provisions"),
    "shareholders_funds": (
        "share_capital",
        "share_premium",
        "revaluation_reserve",
        "capital_redemption_reserve",
        "profit_and_loss_reserve",
    ),
}

#: What is printed between the terms but is no line of account here, in pounds, read from the same pages.
BETWEEN = {
    # other reserves
    ("01369166", "2016-12-31", "shareholders_funds"): 1_000,
    ("01369166", "2015-12-31", "shareholders_funds"): 1_000,
    ("06034603", "2017-01-01", "shareholders_funds"): 547_000,
    ("06034603", "2015-12-27", "shareholders_funds"): 341_000,
    # research and development; write back or off of intercompany debtors
    ("01804186", "2016-03-31", "operating_profit"): -107_160_000 + 1_243_000,
    ("01804186", "2015-03-31", "operating_profit"): -30_585_000 - 793_000,
    # capitalised development costs, under fixed and again under current assets
    ("01804186", "2016-03-31", "fixed_assets"): 14_986_000,
    ("01804186", "2015-03-31", "fixed_assets"): 26_681_000,
    ("01804186", "2016-03-31", "current_assets"): 50_564_000,
    ("01804186", "2015-03-31", "current_assets"): 69_255_000,
    # the filing's own slip: 112,198 less 471,303 is 359,105, printed 330,262
    ("01804186", "2015-03-31", "net_current_assets"): 28_843_000,
    # net finance income
    ("02245999", "2016-01-31", "profit_before_tax"): 71_000,
    ("02245999", "2015-01-31", "profit_before_tax"): 90_000,
    # other financial assets
    ("02765595", "2015-12-31", "fixed_assets"): 3,
    ("02765595", "2014-12-31", "fixed_assets"): 3,
    # profit on disposal of an investment; income from shares in group undertakings
    ("06005142", "2016-01-31", "profit_before_tax"): 22_112_313,
    ("06005142", "2015-01-31", "profit_before_tax"): 205_316_191,
}


def scanned() -> dict[tuple[str, str], dict[str, int]]:
    """Value in pounds per line, for each company number and balance sheet date."""
    read: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    with (FIXTURES / "scanned_truth.csv").open(newline="") as handle:
        for row in csv.DictReader(handle):
            figures = read[row["company_number"], row["period_end"]]
            assert row["line"] not in figures, row
            assert int(row["value_gbp"]) % int(row["printed_scale"]) == 0
            figures[row["line"]] = int(row["value_gbp"])
    return dict(read)


@pytest.mark.parametrize("filing", sorted(scanned()))
def test_every_subtotal_typed_from_a_scan_adds_up(filing: tuple[str, str]) -> None:
    figures = scanned()[filing]
    checked = 0
    for total, terms in SUMS.items():
        if total not in figures or (terms[0] not in figures and total not in {"shareholders_funds", "fixed_assets"}):
            continue
        between = BETWEEN.get((*filing, total), 0)
        assert sum(figures.get(term, 0) for term in terms) + between == figures[total], (filing, total)
        checked += 1
    assert checked >= 1
    if "net_assets" in figures:
        assert figures["shareholders_funds"] == figures["net_assets"]


def test_the_lines_typed_are_lines_of_account() -> None:
    assert {line for figures in scanned().values() for line in figures} <= set(catalogue().lines)


def test_what_was_read_by_eye_is_in_the_words_of_the_catalogue_and_said_once() -> None:
    truths = list(typed())
    assert len({truth.document for truth in truths}) == 33
    assert {truth.line for truth in truths} <= set(catalogue().lines)
    assert len({(truth.document, truth.period_end, truth.line) for truth in truths}) == len(truths)


@pytest.mark.shared
def test_no_figure_read_by_eye_is_wrong_without_a_flag(shared_data: Path) -> None:
    verdicts = measure(shared_data / "accounts", [*typed(), *listed(shared_data / "accounts")])
    assert verdicts.total("wrong, unflagged") == 0, verdicts.told
    assert verdicts.total("wrong, flagged") <= 2, verdicts.told
    assert verdicts.total("right") >= 550, verdicts.told


@pytest.mark.shared
def test_the_same_pages_without_their_tags_are_read_as_well(shared_data: Path) -> None:
    verdicts = measure(shared_data / "accounts", [*typed(), *listed(shared_data / "accounts")], tagged=False)
    assert verdicts.total("wrong, unflagged") == 0, verdicts.told
    assert verdicts.total("wrong, flagged") <= 2, verdicts.told
    assert verdicts.total("right") >= 460, verdicts.told
