"""Every page: it answers, is valid HTML, is marked, runs nothing inline, asks nobody else, escapes what it shows."""

import re
from pathlib import Path
from typing import Any, cast

import pytest
from lxml import html
from starlette.testclient import TestClient
from tinyhtml5.parser import HTMLParser

from oversight.web.routes import RULES
from tests.oversight.web.addresses import ALL, ENTRIES, NO_PAGES, PAGES
from tests.oversight.web.conftest import EARLIER, NEWEST


def found(tree: html.HtmlElement, path: str) -> list[Any]:
    """Elements or texts at a path."""
    return cast("list[Any]", tree.xpath(path))


def test_every_page_of_the_table_is_walked() -> None:
    assert {rule.path for rule in RULES if rule.method == "GET"} == set(PAGES) | NO_PAGES


@pytest.mark.parametrize("address", [*ALL, "/nothing-here", "/groups/R-none"])
def test_a_page_is_whole(local: TestClient, address: str) -> None:
    answer = local.get(address)
    assert answer.status_code == (404 if address in {"/nothing-here", "/groups/R-none"} else 200), answer.text[:2000]
    parser = HTMLParser()
    parser.parse(answer.text)
    assert parser.errors == []
    tree = html.fromstring(answer.text)
    assert len(found(tree, "//h1")) == 1
    assert answer.text.count("OFFICIAL-SENSITIVE") >= 2
    assert "People decide" in answer.text
    assert found(tree, "//script[not(@src)]") == []
    assert found(tree, "//style | //*[@style] | //@onclick | //@onload") == []
    loaded = found(tree, "//script/@src | //link/@href | //img/@src")
    assert loaded
    assert all(each.startswith("/") for each in loaded)
    assert found(tree, "//img[not(@alt)]") == []
    ids = found(tree, "//@id")
    assert len(ids) == len(set(ids))
    assert all(f'id="{each}"' in answer.text for each in found(tree, "//label/@for"))
    assert "<script>alert" not in answer.text


def test_links_of_a_page_lead_to_pages(local: TestClient) -> None:
    dead = set()
    known = {re.sub(r"\{[^}]*\}", "[^/]+", rule.path) for rule in RULES if rule.method == "GET"}
    for address in ALL:
        tree = html.fromstring(local.get(address).text)
        for href in found(tree, "//a/@href"):
            if href.startswith("/") and not any(re.fullmatch(each, href.partition("?")[0]) for each in known):
                dead.add(href)
            if href.startswith("#"):
                assert found(tree, f"//*[@id='{href[1:]}']"), href
    assert dead == set()


def test_the_run_in_the_address_is_the_one_shown(local: TestClient) -> None:
    assert f"Newest run, {NEWEST}" in local.get("/register").text
    chosen = local.get(f"/register?run={EARLIER}").text
    assert f"You chose run {EARLIER}" in chosen
    assert "Tern Example" not in chosen
    assert f"?run={EARLIER}" in chosen  # links stay with it
    assert local.get("/register?run=20200101-0000000000").status_code == 404
    assert local.get("/register?run=../../etc/passwd").status_code == 404


def test_filters_order_and_search_stand_in_the_address(local: TestClient) -> None:
    def names(address: str) -> list[str]:
        return [each.strip() for each in found(html.fromstring(local.get(address).text), "//tbody//th//a/text()")]

    assert len(names("/register")) == 3
    assert names("/register?text=larkrise") == ["Larkrise Example Holdings Limited"]
    assert names("/register?text=99000003") == ["Tern Example Homes Limited"]
    assert names("/register?sort=homes") == list(reversed(names("/register?sort=homes&order=descending")))
    assert names("/register?sort=drop+table&page=-4&likelihood=x") == names("/register")
    assert "No group on the register fits" in local.get("/register?text=nobody").text
    assert len(names("/register?authority=Bolton")) == 3


def test_pictures_are_saved_with_their_data(local: TestClient) -> None:
    png = local.get("/market/pictures/concentration.png")
    assert png.content.startswith(b"\x89PNG")
    assert png.headers["content-disposition"] == f'attachment; filename="concentration_{NEWEST}.png"'
    data = local.get(f"/groups/{ENTRIES[0]}/pictures/map.csv")
    assert data.headers["content-disposition"] == f'attachment; filename="map_{ENTRIES[0]}_{NEWEST}.csv"'
    assert "OFFICIAL-SENSITIVE" in data.text
    for address in ("/market/pictures/concentration.exe", f"/groups/{ENTRIES[0]}/pictures/nothing.svg"):
        assert local.get(address).status_code == 404


@pytest.mark.parametrize("form", ["ods", "xlsx", "csv"])
def test_the_register_is_saved_as_the_run_sealed_it(local: TestClient, home: Path, form: str) -> None:
    answer = local.get(f"/downloads/register.{form}")
    assert answer.status_code == 200
    assert answer.content == (home / "runs" / NEWEST / f"register.{form}").read_bytes()
    assert answer.headers["content-disposition"] == f'attachment; filename="register_{NEWEST}.{form}"'
    assert local.get(f"/downloads/register.{form}?run={EARLIER}").content != answer.content
    assert local.get("/downloads/register.exe").status_code == 404


def test_pictures_are_drawn_and_can_run_nothing(local: TestClient) -> None:
    answer = local.get("/market/pictures/concentration.svg")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
