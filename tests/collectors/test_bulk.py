"""Bulk files: found, downloaded in pieces, checked, and read without holding them."""

import io
import json
import random
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest

from collectors.bulk.contents import corporate_owner, filed_accounts, lines
from collectors.bulk.download import download, fingerprint
from collectors.bulk.products import PRODUCTS, list_files, listed_as, product_named
from collectors.bulk.readers import READERS
from collectors.fetch import HttpClient
from collectors.reading import Origin
from oversight.errors import HostileInputError, InputError, RefusedError, UnreachableError
from oversight.model.ids import document_id
from tests.collectors.companies_house.test_readers import checked, issues
from tests.collectors.web import FakeTime, Web, reply

BASE = "https://download.example"
URL = f"{BASE}/file.zip"
DATA = Path(__file__).parents[1] / "fixtures" / "accounts" / "Accounts_Bulk_Data-2025-05-03.zip"


def zipped(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in members.items():
            opened.writestr(name, content)
    return target.getvalue()


DICE = random.Random(1)  # noqa: S311 - bytes that do not compress
WHOLE = zipped({"a.txt": DICE.randbytes(300_000)})


class Server:
    """Serves a file from any byte on, and breaks off after so many bytes as often as told."""

    def __init__(self, content: bytes, breaks: list[int], etag: str = '"v1"') -> None:
        self.content, self.breaks, self.etag = content, breaks, etag
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        wanted = request.headers.get("range", "")
        self.asked.append(wanted)
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        if wanted and request.headers.get("if-range") != self.etag:
            start = 0
        body = self.content[start:]
        headers = {"etag": self.etag, "content-length": str(len(body)), "content-type": "application/zip"}
        if start:
            headers["content-range"] = f"bytes {start}-{len(self.content) - 1}/{len(self.content)}"
        most = self.breaks.pop(0) if self.breaks else None
        return httpx.Response(206 if start else 200, headers=headers, content=self._pieces(body, most))

    @staticmethod
    def _pieces(body: bytes, most: int | None) -> Iterator[bytes]:
        for place in range(0, len(body) if most is None else most, 10_000):
            yield body[place : place + 10_000]
        if most is not None:
            raise httpx.ReadError("reset")


def test_a_file_comes_whole_however_often_it_breaks_off(
    http: HttpClient, web: Web, tmp_path: Path, fake_time: FakeTime
) -> None:
    server = Server(WHOLE, [50_000, 0, 100_000])
    web.serve(URL, server)
    told: list[int] = []
    path = download(http, URL, tmp_path / "f.zip", sleep=fake_time.sleep, told=lambda done, _total: told.append(done))
    assert path.read_bytes() == WHOLE
    assert server.asked == ["", "bytes=50000-", "bytes=50000-", "bytes=150000-"]
    assert fingerprint(path) == document_id(WHOLE)
    assert told[-1] == len(WHOLE)
    assert [left.name for left in tmp_path.iterdir()] == ["f.zip"]


def test_a_file_is_taken_up_by_the_next_process(
    http: HttpClient, web: Web, tmp_path: Path, fake_time: FakeTime
) -> None:
    def killed(done: int, _total: int | None) -> None:
        if done > 120_000:
            raise KeyboardInterrupt

    server = Server(WHOLE, [])
    web.serve(URL, server)
    with pytest.raises(KeyboardInterrupt):
        download(http, URL, tmp_path / "f.zip", sleep=fake_time.sleep, told=killed)
    assert download(http, URL, tmp_path / "f.zip", sleep=fake_time.sleep).read_bytes() == WHOLE
    assert server.asked[1] == "bytes=130000-"


def test_another_version_is_fetched_from_its_start(
    http: HttpClient, web: Web, tmp_path: Path, fake_time: FakeTime
) -> None:
    other = zipped({"b.txt": DICE.randbytes(250_000)})
    first, second = Server(WHOLE, [50_000]), Server(other, [], etag='"v2"')
    web.serve(URL, first, second)
    assert download(http, URL, tmp_path / "f.zip", sleep=fake_time.sleep).read_bytes() == other


def test_a_busy_server_is_asked_again_and_a_dead_one_given_up(
    http: HttpClient, web: Web, tmp_path: Path, fake_time: FakeTime
) -> None:
    web.serve(URL, lambda _: reply(status=503), Server(WHOLE, []))
    assert download(http, URL, tmp_path / "f.zip", sleep=fake_time.sleep).read_bytes() == WHOLE
    web.serve(URL, Server(WHOLE, [0] * 99))
    with pytest.raises(UnreachableError):
        download(http, URL, tmp_path / "g.zip", sleep=fake_time.sleep)


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: reply(b"<html>Sorry</html>", headers={"content-type": "text/html"}),
        lambda _: reply(status=404),
        lambda _: reply(b"PK\x03\x04 cut", headers={"content-type": "application/zip"}),
    ],
    ids=["a web page", "not found", "no zip"],
)
def test_what_is_no_whole_zip_file_is_refused_and_leaves_nothing(
    http: HttpClient, web: Web, tmp_path: Path, fake_time: FakeTime, answer: Callable[[httpx.Request], httpx.Response]
) -> None:
    web.serve(URL, answer)
    with pytest.raises(RefusedError):
        download(http, URL, tmp_path / "f.zip", sleep=fake_time.sleep)
    assert not (tmp_path / "f.zip").exists()
    assert not (tmp_path / "f.zip.part").exists()


def test_memory_does_not_grow_with_the_file(http: HttpClient, web: Web, tmp_path: Path, fake_time: FakeTime) -> None:
    line = b'{"company_number":"01234567","data":{"kind":"x","text":"' + b"y" * 400 + b'"}}\n'
    content = zipped({"big.txt": line * 100_000})
    path = tmp_path / "f.zip"
    tracemalloc.start()
    try:
        web.serve(URL, Server(content, []))
        download(http, URL, path, sleep=fake_time.sleep)
        tracemalloc.reset_peak()
        assert sum(1 for _ in lines(path)) == 100_000
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5_000_000 + len(content)


def test_the_newest_file_is_found_and_links_elsewhere_are_not_followed(http: HttpClient, web: Web) -> None:
    page = f"{BASE}/en_pscdata.html"
    name = "persons-with-significant-control-snapshot-{}.zip"
    links = [name.format("2026-10-30"), name.format("2026-10-31"), f"https://evil.example/{name.format('2026-12-31')}"]
    links += [name.format("2026-13-01"), "psc-snapshot-2026-10-31_1of31.zip", "../other.zip"]
    web.serve(page, "".join(f"<a href='{link}'>x</a>" for link in links).encode())
    found = list_files(http, PRODUCTS["psc-snapshot"], BASE + "/")
    assert [(file.day, file.url) for file in found] == [
        (date(2026, 10, 31), f"{BASE}/{links[1]}"),
        (date(2026, 10, 30), f"{BASE}/{links[0]}"),
    ]
    web.serve(page, b"<p>moved</p>")
    with pytest.raises(RefusedError, match="lists no file"):
        list_files(http, PRODUCTS["psc-snapshot"], BASE)


def test_a_month_is_dated_on_its_last_day() -> None:
    file = listed_as(PRODUCTS["accounts-monthly"], "Accounts_Monthly_Data-February2024.zip", "x")
    assert file is not None
    assert file.day == date(2024, 2, 29)
    with pytest.raises(InputError, match="accounts-daily"):
        product_named("accounts")


def test_accounts_in_a_real_daily_file() -> None:
    with zipfile.ZipFile(DATA) as opened:
        names = [name for name in opened.namelist() if name.endswith(".html") and "__MACOSX" not in name]
    numbers = frozenset(name.rpartition("/")[2].split("_")[2] for name in names)
    found = list(filed_accounts(DATA, numbers))
    assert {accounts.company_number for accounts, _ in found} == numbers
    assert all(b"xbrl" in content.lower() and accounts.period_end.year >= 2023 for accounts, content in found)
    assert list(filed_accounts(DATA, frozenset({"00000000"}))) == []


def test_a_bomb_and_a_line_without_end_are_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    bomb.write_bytes(zipped({"a.txt": b"\0" * 400_000_000}))
    with pytest.raises(HostileInputError, match="unpacks to"):
        next(lines(bomb))
    long = tmp_path / "long.zip"
    long.write_bytes(zipped({"a.txt": b"x" * 5_000_000}))
    with pytest.raises(HostileInputError, match="never ends"):
        next(lines(long))


def test_damage_is_told_with_its_place(tmp_path: Path) -> None:
    content = bytearray(WHOLE)
    content[200:210] = b"0123456789"
    path = tmp_path / "f.zip"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"a\.txt"):
        list(lines(path))


OWNED = {
    "company_number": "01234567",
    "data": {
        "kind": "corporate-entity-person-with-significant-control",
        "name": "Holding Limited",
        "natures_of_control": ["ownership-of-shares-75-to-100-percent"],
        "notified_on": "2020-01-01",
        "identification": {"registration_number": "7654321", "country_registered": "England"},
    },
}


def test_a_line_of_the_psc_snapshot_names_its_owner() -> None:
    line = json.dumps(OWNED).encode()
    assert corporate_owner(line) == "07654321"
    for other in (b"", b"{", b'{"data":{"registration_number":1}}', b'{"registration_number":"1","data":[]}'):
        assert corporate_owner(other) is None
    abroad = json.loads(line)
    abroad["data"]["identification"]["country_registered"] = "Jersey"
    assert corporate_owner(json.dumps(abroad).encode()) is None


def origin(source: str, subject: str) -> Origin:
    return Origin("0" * 64, f"companies_house.{source}", subject, "https://x")


def test_lines_of_the_psc_snapshot_are_read_as_the_registers_answers() -> None:
    reader = READERS["companies_house.psc_snapshot"]
    content = json.dumps(OWNED).encode() + b'\n{"company_number":null}\n'
    rows = reader.read(content, origin("psc_snapshot", "07654321"))
    (row,) = checked(rows)["ownership"].to_dicts()
    assert (row["company_number"], row["owner_key"], row["share_min"]) == ("01234567", "07654321", 75.0)
    assert issues(rows) == [("missing_field", "line 2")]
    with pytest.raises(InputError):
        reader.read(b"{", origin("psc_snapshot", "07654321"))


@pytest.mark.shared
def test_lines_of_basic_company_data_are_candidates(shared_data: Path) -> None:
    path = shared_data / "companies_house" / "bulk_csv" / "BasicCompanyData_sample_ch_part2_2.zip"
    content = b"".join(line for _, _, line in lines(path))
    rows = READERS["companies_house.company_data"].read(content, origin("company_data", "x"))
    found = checked(rows)["candidate"]
    assert found.height == len(content.splitlines()) - 1
    first = found.row(0, named=True)
    assert (first["company_number"], first["name"]) == ("02943302", '"309" WEST END LANE MANAGEMENT LIMITED')
    assert first["incorporated_on"] == date(1994, 6, 28)
    assert issues(rows) == []
    with pytest.raises(InputError, match="not BasicCompanyData"):
        READERS["companies_house.company_data"].read(b"a,b\n1,2\n", origin("company_data", "x"))
