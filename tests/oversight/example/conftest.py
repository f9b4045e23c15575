"""One market for all tests: making it takes a tenth of a second, but they are many."""

from collections.abc import Callable

import polars as pl
import pytest

from oversight.example import truth
from oversight.example.market import generate
from oversight.example.shapes import Accounts, Company, Market


@pytest.fixture(scope="session")
def market() -> Market:
    return generate()


@pytest.fixture(scope="session")
def true_lines(market: Market) -> pl.DataFrame:
    return truth.lines(market)


@pytest.fixture(scope="session")
def company_of(market: Market) -> Callable[[str], Company]:
    by_number = {company.number: company for company in market.companies}
    return by_number.__getitem__


@pytest.fixture(scope="session")
def every_set(market: Market) -> list[Accounts]:
    return [each for company in market.companies for each in company.accounts]
