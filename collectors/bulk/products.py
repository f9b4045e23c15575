"""Which bulk products there are, and which file of each is the newest."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup

from collectors.fetch import Answer, HttpClient
from oversight.errors import InputError, RefusedError


@dataclass(frozen=True, slots=True)
class Product:
    """A bulk product.

    Attributes:
        name: as the command line has it.
        source: name of its YAML.
        page: where its files are listed.
        pattern: of a file's name; the group `day` holds its date.
        form: of that date, for `strptime`.
    """

    name: str
    source: str
    page: str
    pattern: str
    form: str = "%Y-%m-%d"


PRODUCTS: Mapping[str, Product] = {
    product.name: product
    for product in (
        Product(
            "company-data",
            "companies_house.company_data",
            "en_output.html",
            r"BasicCompanyDataAsOneFile-(?P<day>\d{4}-\d\d-\d\d)\.zip",
        ),
        Product(
            "accounts-daily",
            "companies_house.accounts_bulk",
            "en_accountsdata.html",
            r"Accounts_Bulk_Data-(?P<day>\d{4}-\d\d-\d\d)\.zip",
        ),
        Product(
            "accounts-monthly",
            "companies_house.accounts_bulk",
            "en_monthlyaccountsdata.html",
            r"Accounts_Monthly_Data-(?P<day>[A-Z][a-z]+\d{4})\.zip",
            "%B%Y",
        ),
        Product(
            "psc-snapshot",
            "companies_house.psc_snapshot",
            "en_pscdata.html",
            r"persons-with-significant-control-snapshot-(?P<day>\d{4}-\d\d-\d\d)\.zip",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A file that a product's page links to.

    Attributes:
        day: the day it describes; for a month, its last.
    """

    product: Product
    name: str
    url: str
    day: date


def product_named(name: str) -> Product:
    """A product by its name.

    Raises:
        InputError: naming those there are.
    """
    if name not in PRODUCTS:
        raise InputError(
            "there is no such bulk product", where=repr(name), next_step=f"Give one of {', '.join(sorted(PRODUCTS))}."
        )
    return PRODUCTS[name]


def listed_as(product: Product, name: str, url: str) -> Listed | None:
    """A file of the product, told by its name; None for any other."""
    match = re.fullmatch(product.pattern, name)
    if match is None:
        return None
    try:
        day = datetime.strptime(match["day"], product.form).date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        return None
    if product.form == "%B%Y":
        day = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return Listed(product, name, url, day)


def list_files(http: HttpClient, product: Product, base_url: str) -> list[Listed]:
    """The product's files that its page links to, the newest first. Links to other hosts are passed over.

    Raises:
        CollectError: if the page cannot be fetched.
        RefusedError: if it links to no file of the product.
    """
    page = f"{base_url.rstrip('/')}/{product.page}"
    answer: Answer = http.get(page, accept="text/html")
    found: dict[str, Listed] = {}
    for link in BeautifulSoup(answer.content, "lxml").find_all("a", href=True):
        url = urljoin(page, str(link["href"]))
        file = listed_as(product, urlsplit(url).path.rpartition("/")[2], url)
        if file and urlsplit(url).netloc == urlsplit(page).netloc:
            found[file.name] = file
    if not found:
        raise RefusedError(
            f"the page lists no file of {product.name}",
            where=page,
            next_step="Look at the page: if its files have other names now, download one and give it with --from.",
        )
    return sorted(found.values(), key=lambda file: (file.day, file.name), reverse=True)
