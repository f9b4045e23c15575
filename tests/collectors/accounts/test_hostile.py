"""Inputs that fuzzing found, cut down to what mattered, and lies that zips tell. All invented."""

import io
import struct
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from collectors.accounts import parse, tags, unpack
from collectors.accounts.captions import plain_words
from collectors.accounts.reader import read
from collectors.accounts.zips import BadZipError, contents, entries, fingerprint
from tests.collectors.accounts.documents import NOW, ORIGIN, THEN, document, figure, issues, line, said

ACCOUNTS = document(figure("Equity", NOW, "5"), figure("Equity", THEN, "4"))


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    "broken", ["&#xD800;", "&#55296;", "&#xdfff;", "&#x0DBFF;", "&#0;", "&#x110000;", "&#xFFFE;", "&#x;", "&#;"]
)
def test_halves_of_characters_are_no_text_and_no_crash(broken: str) -> None:
    rows = read(
        document(figure("Equity", NOW, f"5{broken}"), said("UKCompaniesHouseRegisteredNumber", NOW, broken)), ORIGIN
    )
    assert "malformed_markup" in issues(rows)
    assert len(rows.tables["fact"]) >= 1


def test_halves_of_characters_as_bytes_are_no_crash() -> None:
    content = document(figure("Equity", NOW, "5"), said("UKCompaniesHouseRegisteredNumber", NOW, "0&nosuch;1"))
    assert read(content.replace(b"0&nosuch;1", b"\xed\xa0\x80&nosuch;"), ORIGIN).tables["fact"]


@pytest.mark.parametrize(
    "day", ["0001-01-01T00:00:00", "9999-12-31T00:00:00", "0001-01-01", "2025-02-30", "x" * 100_000]
)
def test_days_at_the_ends_of_time_are_no_crash(day: str) -> None:
    content = ACCOUNTS.replace(b"2025-03-31", day.encode())
    assert len(read(content, ORIGIN).tables["fact"]) == 2


def test_tags_beyond_all_measure_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tags, "MOST_FACTS", 3)
    rows = read(document(*(figure("Equity", NOW, str(each)) for each in range(9))), ORIGIN)
    assert len(rows.tables["fact"]) == 3
    assert "facts_cut" in issues(rows)


def test_tags_in_tags_that_hold_the_same_text_again_and_again_end() -> None:
    opened = '<ix:nonNumeric name="bus:EntityCurrentLegalOrRegisteredName" contextRef="now">' * 200
    content = document(figure("Equity", NOW, "5"), opened, "name " * 200_000, "</ix:nonNumeric>" * 200)
    started = time.process_time()
    assert "text_cut" in issues(read(content, ORIGIN))
    assert time.process_time() - started < 5


def test_continuations_in_circles_and_in_one_another_end() -> None:
    pieces = "".join(
        f'<ix:continuation id="k{each}" continuedAt="k{(each + 1) % 90}">{"a " * 50}' for each in range(90)
    )
    started = [said("EntityCurrentLegalOrRegisteredName", NOW, "begins", continuedAt="k0") for _ in range(200)]
    content = document(figure("Equity", NOW, "5"), *started, pieces, "</ix:continuation>" * 90)
    began = time.process_time()
    assert line(read(content, ORIGIN), "net_assets")["value"] == 5
    assert time.process_time() - began < 5


def test_contexts_never_closed_do_not_pile_up() -> None:
    opened = "".join(
        f'<xbrli:context id="c{each}"><xbrli:entity><xbrli:segment><xbrldi:explicitMember dimension="a:b">c:d{each}'
        "</xbrldi:explicitMember></xbrli:segment></xbrli:entity>"
        for each in range(200)
    )
    used = (figure("Equity", f"c{each}", "5") for each in range(200))
    rows = read(document(figure("Equity", NOW, "5"), *used, hidden=opened), ORIGIN)
    assert "malformed_markup" in issues(rows)
    assert all(str(fact["dimensions"]).count("=") <= 1 for fact in rows.tables["fact"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"iso4217:GBP", b"y" * 1_000_000),
        (b"http://xbrl.frc.org.uk/fr/2023-01-01/core", b"y" * 1_000_000),
        (
            b"</xbrli:identifier>",
            b'</xbrli:identifier><xbrli:segment><xbrldi:typedMember dimension="a:b"><x>'
            + b"y" * 1_000_000
            + b"</x></xbrldi:typedMember></xbrli:segment>",
        ),
    ],
    ids=["unit", "namespace", "member"],
)
def test_what_all_figures_share_is_not_repeated_at_any_length(old: bytes, new: bytes) -> None:
    rows = read(document(*(figure("Equity", NOW, str(each)) for each in range(50))).replace(old, new), ORIGIN)
    assert len(rows.tables["fact"]) == 50
    assert max(len(str(value)) for fact in rows.tables["fact"] for value in fact.values()) <= 2_100


def test_hidden_parts_in_one_another_are_looked_at_once() -> None:
    hidden = "<ix:hidden>" * 200 + "<b/>" * 30_000 + "</ix:hidden>" * 200
    began = time.process_time()
    read(document(hidden, figure("Equity", NOW, "5")), ORIGIN)
    assert time.process_time() - began < 5


def test_more_elements_than_accounts_have_are_not_made_a_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "MOST_TREE_BYTES", 1_000_000)
    monkeypatch.setattr(parse, "_NEVER_TOO_MANY", 1_000)
    assert issues(read(document(figure("Equity", NOW, "5"), "<b/>" * 10_000), ORIGIN)) == ["hostile_input"]
    assert issues(read(document(figure("Equity", NOW, "5"), "<b/>" * 100), ORIGIN)) == []


def test_what_a_file_is_is_told_at_once_however_long_it_is() -> None:
    began = time.process_time()
    assert unpack.kind_of(b"<" * 50_000_000) == "other"
    assert time.process_time() - began < 2


@pytest.mark.parametrize("name", [" ", "/", "a\x00b", "x" * 60_000, "\u202egpj.exe", "a!b.zip!c"])
def test_members_may_have_any_name(name: str) -> None:
    rows = read(zipped((name, ACCOUNTS), ("b.html", ACCOUNTS)), ORIGIN)
    assert len(rows.tables["fact"]) == 2


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_members_packed_in_ways_that_unpack_without_limit_are_refused(method: int) -> None:
    rows = read(zipped(("a.html", bytes(20_000_000)), method=method), ORIGIN)
    assert issues(rows) == ["member_unreadable"]


def overlapping(content: bytes, times: int) -> bytes:
    """A zip whose directory names one member many times."""
    packed = zipped(("a.html", content))
    start = packed.index(b"PK\x01\x02")
    directory, end = packed[start:-22], bytearray(packed[-22:])
    struct.pack_into("<HHI", end, 8, times, times, len(directory) * times)
    return packed[:start] + directory * times + bytes(end)


def test_members_that_overlap_are_a_bomb() -> None:
    assert issues(read(overlapping(bytes(1_000_000), 1000), ORIGIN)) == ["zip_bomb"]


def test_a_filing_may_not_unpack_to_more_than_any_filing_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "MOST_UNPACKED_BYTES", 100_000)
    inner = zipped(*((f"{each}.html", ACCOUNTS) for each in range(40)))
    rows = read(zipped(*((f"{each}.zip", inner) for each in range(5))), ORIGIN)
    assert "zip_bomb" in issues(rows)
    assert rows.tables["fact"]


def damaged(content: bytes, mark: bytes, offset: int, value: int) -> bytes:
    place = content.index(mark) + offset
    return content[:place] + struct.pack("<I", value) + content[place + 4 :]


@pytest.mark.parametrize(
    ("mark", "offset", "value"),
    [
        (b"PK\x01\x02", 16, 1),  # checksum
        (b"PK\x01\x02", 20, 5),  # packed size
        (b"PK\x01\x02", 20, 0xFFFFFFF0),
        (b"PK\x01\x02", 42, 7),  # where the member stands
        (b"PK\x01\x02", 42, 0xFFFFFFFF),  # the same, in a field that is not there
        (b"PK\x01\x02", 8, 0x00080001),  # encrypted
    ],
)
def test_a_directory_that_lies_gives_an_issue(mark: bytes, offset: int, value: int) -> None:
    rows = read(damaged(zipped(("a.html", ACCOUNTS)), mark, offset, value), ORIGIN)
    assert issues(rows) == ["member_unreadable"]


@pytest.mark.parametrize(("offset", "value"), [(12, 0x7FFFFFFF), (16, 0x7FFFFFFF), (12, 10), (0, 0)])
def test_a_directory_that_is_not_there_gives_an_issue(offset: int, value: int) -> None:
    rows = read(damaged(zipped(("a.html", ACCOUNTS)), b"PK\x05\x06", offset, value), ORIGIN)
    assert issues(rows) == ["archive_unreadable"]


def test_the_size_a_directory_gives_is_not_trusted() -> None:
    rows = read(damaged(zipped(("a.html", ACCOUNTS)), b"PK\x01\x02", 24, 3), ORIGIN)
    assert len(rows.tables["fact"]) == 2


def test_large_zips_with_wide_fields_and_bytes_in_front_are_read(tmp_path: Path) -> None:
    path = tmp_path / "large.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            with archive.open(zipfile.ZipInfo(f"{number}.html"), "w", force_zip64=True) as stream:
                stream.write(ACCOUNTS)
    whole = b"in front" + wide(path.read_bytes())
    stream = io.BytesIO(whole)
    found = list(entries(stream))
    assert [entry.name for entry in found] == ["0.html", "1.html", "2.html"]
    assert all(b"".join(contents(stream, entry)) == ACCOUNTS for entry in found)
    assert fingerprint(stream) == fingerprint(io.BytesIO(whole))


def wide(content: bytes) -> bytes:
    """The zip with an end record of the kind that files of more than 65,535 members have."""
    end = content.index(b"PK\x05\x06")
    count, size, start = struct.unpack_from("<HII", content, end + 10)
    record = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, size, start)
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, end, 1)
    last = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return content[:end] + record + locator + last


@pytest.mark.parametrize("cut", [1, 30, 60, 200])
def test_a_zip_cut_short_has_no_directory(cut: int) -> None:
    with pytest.raises(BadZipError):
        list(entries(io.BytesIO(zipped(("a.html", ACCOUNTS))[:-cut])))


def test_a_giant_scheme_that_every_figure_shares_is_looked_at_once() -> None:
    content = document(*(figure("Equity", NOW, str(each)) for each in range(2_000)))
    began = time.process_time()
    rows = read(content.replace(b' scheme="', b' scheme="' + b"y" * 4_000_000), ORIGIN)
    assert len(rows.tables["fact"]) == 2_000
    assert time.process_time() - began < 5


def test_a_caption_of_megabytes_takes_no_more_than_its_beginning() -> None:
    caption = "0." * 500_000
    tracemalloc.start()
    try:
        words = plain_words(caption)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert words == plain_words("0." * 250)
    assert most < 1_000_000


@pytest.mark.parametrize("broken", ["&nbsp;", "&nosuch;"])
def test_an_entity_that_nobody_declared_beside_a_figure_is_no_crash(broken: str) -> None:
    beside = f"<p>{broken}{figure('Equity', NOW, '5')}{broken}</p>"
    rows = read(document(beside, figure("Equity", THEN, "4")), ORIGIN)
    assert "malformed_markup" in issues(rows)
    assert line(rows, "net_assets")["value"] == 5
