"""Archives: what is inside is found, junk is left out, bombs and tricks are harmless and recorded."""

import gzip
import io
import time
import zipfile
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.accounts.reader import read
from collectors.accounts.tags import Problem
from collectors.accounts.unpack import Member, documents, kind_of
from tests.collectors.accounts.documents import NOW, ORIGIN, document, figure, issues

ACCOUNTS = document(figure("Equity", NOW, "5"))
OTHER = document(figure("Equity", NOW, "6"), entity="99999999")


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def found(content: bytes, name: str = "a.zip") -> tuple[list[str], list[str]]:
    """Names of the documents, and kinds of the problems."""
    items = list(documents(content, name))
    names = [item.name for item in items if isinstance(item, Member)]
    return names, [item.kind for item in items if isinstance(item, Problem)]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"%PDF-1.4", "pdf"),
        (zipped({}), "zip"),
        (gzip.compress(b"x", mtime=0), "gzip"),
        (ACCOUNTS, "tagged"),
        (ACCOUNTS.decode().encode("utf-16"), "tagged"),
        (b'<?xml version="1.0"?><x:xbrl xmlns:x="http://www.xbrl.org/2003/instance"/>', "tagged"),
        (b"<html><body>Accounts</body></html>", "other"),
    ],
)
def test_a_file_is_known_by_its_content(content: bytes, kind: str) -> None:
    assert kind_of(content) == kind


def test_gzip_zip_and_zip_in_zip_are_opened() -> None:
    inner = zipped({"Prod223_1_01234567_20250331.html": ACCOUNTS})
    names, problems = found(zipped({"one.html": ACCOUNTS, "two.zip": inner, "three.html.gz": gzip.compress(OTHER)}))
    assert names == ["a.zip!one.html", "a.zip!two.zip!Prod223_1_01234567_20250331.html", "a.zip!three.html"]
    assert problems == []


def test_the_junk_of_macos_is_left_out() -> None:
    names, problems = found(zipped({"a.html": ACCOUNTS, "__MACOSX/._a.html": b"junk", "._b.html": b"junk"}))
    assert (names, problems) == (["a.zip!a.html"], [])


def test_of_a_package_the_accounts_are_taken() -> None:
    package = zipped({"CIC-01234567/accounts/a.xhtml": ACCOUNTS, "CIC-01234567/cic34/report.xhtml": OTHER})
    names, problems = found(zipped({"Prod223_1_01234567_20250331_CIC.zip": package}))
    assert [name.rpartition("!")[2] for name in names] == ["CIC-01234567/accounts/a.xhtml"]
    assert problems == ["package_member_skipped"]


def test_of_an_exempt_subsidiarys_package_its_own_accounts_are_taken() -> None:
    package = zipped({"parent.xhtml": OTHER, "subsidiary.xhtml": ACCOUNTS})
    names, problems = found(zipped({"Prod223_1_01234567_20250331.zip": package}))
    assert [name.rpartition("!")[2] for name in names] == ["subsidiary.xhtml"]
    assert problems == ["package_member_skipped"]


def test_a_report_package_gives_its_report() -> None:
    package = {"META-INF/reportPackage.json": b"{}", "x/reports/a.xhtml": ACCOUNTS, "x/taxonomy/core.xml": b"<l/>"}
    assert found(zipped(package))[0] == ["a.zip!x/reports/a.xhtml"]


def test_a_corrupt_member_and_a_placeholder_do_not_stop_the_rest() -> None:
    content = bytearray(zipped({"bad.html": b"A" * 500, "empty.html": b"", "good.html": ACCOUNTS}, zipfile.ZIP_STORED))
    content[content.index(b"AAAA") + 10] ^= 0xFF
    names, problems = found(bytes(content))
    assert names == ["a.zip!good.html"]
    assert problems == ["member_unreadable", "member_empty"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..\\..\\x.html", "C:\\x.html"])
def test_a_path_trick_is_read_and_recorded(name: str) -> None:
    names, problems = found(zipped({name: ACCOUNTS}))
    assert len(names) == 1
    assert problems == ["path_outside_archive"]


@pytest.mark.parametrize("pack", [lambda data: zipped({"a.html": data}), gzip.compress], ids=["zip", "gzip"])
def test_a_bomb_is_not_unpacked(pack: Callable[[bytes], bytes]) -> None:
    bomb = pack(bytes(40_000_000))
    assert found(bomb) == ([], ["zip_bomb"])


def test_archives_in_archives_end() -> None:
    content = ACCOUNTS
    for _ in range(9):
        content = zipped({"a.zip": content})
    assert found(content) == ([], ["archive_too_deep"])


@pytest.mark.parametrize("cut", [10, 60, 200])
@pytest.mark.parametrize("pack", [lambda data: zipped({"a.html": data}), gzip.compress], ids=["zip", "gzip"])
def test_a_truncated_archive_is_an_error_issue(pack: Callable[[bytes], bytes], cut: int) -> None:
    content = pack(ACCOUNTS)[:cut]
    rows = read(content, ORIGIN)
    assert issues(rows) == ["archive_unreadable"]
    assert rows.tables["issue"][0]["severity"] == "error"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "empty_document"),
        (zipped({}), "empty_document"),
        (b"%PDF-1.4", "accounts_unreadable"),
        (b"<html><body>Accounts</body></html>", "untagged_accounts"),
        (b"\x00\x01/inlineXBRL\x02", "accounts_unreadable"),
    ],
)
def test_what_holds_no_figures_is_one_error_issue(content: bytes, kind: str) -> None:
    rows = read(content, ORIGIN)
    assert issues(rows) == [kind]
    assert rows.tables["issue"][0]["severity"] == "error"
    assert rows.count() == 0


BILLION = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE html [<!ENTITY e0 "ha">{BILLION}]>',
        '<!DOCTYPE html [<!ENTITY e11 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE html [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x.dtd"> %p;]>',
    ],
    ids=["bomb", "external", "parameter"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_entities_are_refused(doctype: str, encoding: str) -> None:
    text = document(f"<p>{'&e11;' if 'e11' in doctype else ''}</p>", figure("Equity", NOW, "5"), declaration=doctype)
    content = f'<?xml version="1.0" encoding="{encoding}"?>{text.decode()}'.encode(encoding)
    started = time.perf_counter()
    rows = read(content, ORIGIN)
    assert set(issues(rows)) <= {"hostile_input", "untagged_accounts"}
    assert rows.count() == 0
    assert time.perf_counter() - started < 2


def test_an_external_dtd_is_not_fetched() -> None:
    doctype = '<!DOCTYPE html SYSTEM "http://127.0.0.1:1/never.dtd">'
    assert issues(read(document(figure("Equity", NOW, "5"), declaration=doctype), ORIGIN)) == []


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 50_000,
        "<" * 200_000,
        "<a " * 200_000,
        "<!--" * 50_000,
        "<header>" * 50_000,
        "going concern " + "material uncertainty, any " * 20_000,
        "<td>Consolidated balance sheet</td>" * 20_000,
        "x" * 11_000_000,
        "<p " + " ".join(f'a{n}="x"' for n in range(50_000)) + "/>",
    ],
    ids=["deep", "angles", "open tags", "comments", "headers", "words", "cells", "long text", "attributes"],
)
def test_absurd_markup_neither_crashes_nor_hangs(body: str) -> None:
    content = document(figure("Equity", NOW, "5"), "<p>going concern, auditor</p>", body)
    started = time.perf_counter()
    rows = read(content, ORIGIN)
    assert rows.tables["fact"]
    assert time.perf_counter() - started < 5


@settings(max_examples=150, deadline=None)
@given(place=st.integers(0, len(ACCOUNTS)), length=st.integers(0, 80), instead=st.binary(max_size=40))
def test_damage_anywhere_never_raises(place: int, length: int, instead: bytes) -> None:
    rows = read(ACCOUNTS[:place] + instead + ACCOUNTS[place + length :], ORIGIN)
    assert rows.tables.get("fact") or rows.tables.get("issue")
