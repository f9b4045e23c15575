import gzip
import io
import random
import struct
import zipfile
import zlib

import pytest

from collectors import packed
from collectors.sheets import MAX_CELLS, ODS_TYPE, XLSX_TYPE, file_name, open_book, stem
from oversight.errors import HostileInputError, InputError, OversightError
from tests.collectors.ofsted.files import csv_bytes, ods_bytes, ods_of, xlsx_bytes

ROWS = [["URN", "Owner"], ["SC037454", "Señor Care\u2019s Ltd"], ["", ""], ["2611190", "=cmd()"]]
ONE = '<table:table-cell office:value-type="string" {}><text:p>a</text:p></table:table-cell>'
WIDE = "<table:table-row>" + ONE.format('table:number-columns-repeated="999999999"') + "</table:table-row>"
DEEP = '<table:table-row table:number-rows-repeated="999999999">' + ONE.format("") + "</table:table-row>"
FAR = '<table:table-cell table:number-columns-repeated="99999"/><table:table-cell office:value="1"/>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("packed_up", [False, True])
def test_csv_in_every_encoding_ofsted_uses(encoding: str, *, packed_up: bool) -> None:
    content = csv_bytes(ROWS, encoding)
    book = open_book(gzip.compress(content) if packed_up else content, "a/providers.csv.gz")
    sheet = book.sheet(book.names[0])
    assert sheet.name == "providers"
    assert sheet.rows == [tuple(row) for row in ROWS]
    assert sheet.locator(3) == "sheet 'providers' row 4"


def test_a_line_break_in_a_cell_does_not_shift_row_numbers() -> None:
    sheet = open_book(b'"Latest\nfull inspection",URN\nGood,SC037454\n', "x.csv").sheet("x")
    assert sheet.rows[1] == ("Good", "SC037454")


@pytest.mark.parametrize("make", [ods_bytes, xlsx_bytes])
def test_workbooks_keep_sheet_names_row_numbers_and_text(make: object) -> None:
    rows = [["", ""], ["", ""], *ROWS]
    book = open_book(make({"Cover": [["x"]], "Providers+places": rows}), "b.ods")  # type: ignore[operator]
    assert book.names == ("Cover", "Providers+places")
    assert book.media_type in {ODS_TYPE, XLSX_TYPE}
    sheet = book.sheet("Providers+places")
    assert sheet.rows[2:] == [tuple(row) for row in ROWS]


def test_repeated_cells_and_rows_of_an_ods_are_written_out() -> None:
    twice = ONE.format('table:number-columns-repeated="2"')
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    tables = (
        f'<table:table table:name="S"><table:table-row table:number-rows-repeated="3">{twice}</table:table-row>'
        f'<table:table-row table:number-rows-repeated="1048570">{empty}</table:table-row></table:table>'
    )
    assert open_book(ods_of(tables), "r.ods").sheet("S").rows == [("a", "a")] * 3


@pytest.mark.parametrize("row", [WIDE, DEEP, f"<table:table-row>{FAR}</table:table-row>" * 300])
def test_an_ods_that_spans_too_many_cells_is_refused_before_it_is_read(row: str) -> None:
    with pytest.raises(HostileInputError, match="spans"):
        open_book(ods_of(f'<table:table table:name="S">{row}</table:table>'), "wide.ods")


def test_an_xlsx_with_one_cell_in_the_last_corner_is_refused() -> None:
    content = changed(xlsx_bytes({"S": [["a"]]}), "xl/worksheets/sheet1.xml", b'<c r="A1"', b'<c r="XFD1048576"')
    with pytest.raises(HostileInputError, match=f"{MAX_CELLS:,}"):
        open_book(content, "corner.xlsx")


def test_an_xlsx_row_far_below_is_refused() -> None:
    content = changed(xlsx_bytes({"S": [["a"]]}), "xl/worksheets/sheet1.xml", b'<row r="1"', b'<row r="4000000000"')
    with pytest.raises(HostileInputError, match="spans"):
        open_book(content, "deep.xlsx")


def test_broken_xml_is_refused_before_a_reader_can_loop_on_it() -> None:
    content = changed(ods_bytes({"S": ROWS}), "content.xml", b"</text:p>", b"</text:q>")
    with pytest.raises(InputError, match="damaged"):
        open_book(content, "loop.ods")


def test_a_gzip_bomb_stops_early() -> None:
    bomb = gzip.compress(b"\0" * (packed.FREE_BYTES + 1))
    with pytest.raises(HostileInputError, match="unpack"):
        open_book(bomb, "bomb.csv.gz")


def test_gzip_in_gzip_is_refused() -> None:
    with pytest.raises(HostileInputError, match="inside a gzip"):
        open_book(gzip.compress(gzip.compress(b"URN\n")), "twice.csv.gz")


def test_a_zip_member_that_lies_about_its_size_is_measured_as_it_comes() -> None:
    blown = b"<office>" + b" " * (packed.FREE_BYTES + 1)
    squeezed = zlib.compressobj(9, zlib.DEFLATED, -15)
    raw = squeezed.compress(blown) + squeezed.flush()
    content = _zip_of("content.xml", raw, claimed=10)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.getinfo("content.xml").file_size == 10
    with pytest.raises(HostileInputError, match="unpack"):
        open_book(content, "liar.ods")


@pytest.mark.parametrize(
    "prologue",
    [
        '<!DOCTYPE a [<!ENTITY x "boom"><!ENTITY y "&x;&x;&x;">]>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        "<!-- " + "x" * 70_000 + " --><!doctype a>",
    ],
)
def test_entities_in_a_workbook_are_refused(prologue: str) -> None:
    content = ods_of('<table:table table:name="S"/>', prologue=prologue)
    with pytest.raises(HostileInputError, match="entity"):
        open_book(content, "entity.ods")


def test_utf_16_cannot_hide_a_document_type() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("content.xml", '<!DOCTYPE a [<!ENTITY x "y">]><a/>'.encode("utf-16"))
    with pytest.raises(HostileInputError, match="UTF-8"):
        open_book(buffer.getvalue(), "hidden.ods")


def test_a_path_in_a_member_name_is_named_and_goes_nowhere() -> None:
    content = ods_of('<table:table table:name="S"/>', members={"../../evil.sh": "rm", "C:/x": "y"})
    assert [oddity for oddity in open_book(content, "p.ods").oddities if "evil.sh" in oddity]
    assert len(open_book(content, "p.ods").oddities) == 2


def test_too_many_members_are_refused() -> None:
    content = ods_of("", members={f"m{number}": "" for number in range(packed.MAX_MEMBERS)})
    with pytest.raises(HostileInputError, match="members"):
        open_book(content, "many.ods")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b" \r\n ", "empty"),
        (b"<!DOCTYPE html><html>Sorry</html>", "web page"),
        (b"%PDF-1.7 ...", "not a text file"),
        ("URN,Name\n".encode("utf-16"), "not a text file"),
        (b"URN,Name\nSC000001,\x81\x8d\n", "neither UTF-8"),
        (b'URN,Name\nSC1,"Open\nSC2,B\n', "split into cells"),
        (gzip.compress(b"URN,Name\n" * 100, mtime=0)[:-12], "damaged"),
        (b"\x1f\x8bnot really", "damaged"),
        (b"PK\x03\x04 but no zip", "damaged"),
        (struct.pack("<I", 0xE011CFD0) + b"\xa1\xb1\x1a\xe1" + b"\0" * 100, "not a text file"),
    ],
)
def test_files_that_are_no_spreadsheet_say_so(content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message) as raised:
        open_book(content, "folder/file.csv")
    assert "file.csv" in raised.value.where
    assert raised.value.next_step


def test_a_zip_of_something_else_says_so() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(InputError, match="no spreadsheet"):
        open_book(buffer.getvalue(), "x.zip")


@pytest.mark.parametrize("make", [ods_bytes, xlsx_bytes])
def test_damaged_workbooks_give_an_error_of_ours_or_are_read(make: object) -> None:
    whole = make({"S": ROWS})  # type: ignore[operator]
    dice = random.Random(7)  # noqa: S311 - damage, not secrecy
    outcomes: set[str] = set()
    for _ in range(120):
        damaged = bytearray(whole)
        for _ in range(dice.randint(1, 6)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        cut = bytes(damaged[: dice.randint(len(damaged) // 2, len(damaged))])
        try:
            book = open_book(cut, "d.ods")
            outcomes.add(f"{len([book.sheet(name) for name in book.names])} sheets")
        except OversightError as error:
            outcomes.add(type(error).__name__)
    assert {"InputError"} <= outcomes <= {"InputError", "HostileInputError", "0 sheets", "1 sheets"}


def test_names_of_files_and_urls() -> None:
    assert file_name("https://assets.example/x/providers%20at%202025.csv.gz?v=1") == "providers at 2025.csv.gz"
    assert file_name("C:\\data\\x.ods") == "x.ods"
    assert stem("x.CSV.gz") == "x"
    assert stem(".csv") == "csv"


def changed(content: bytes, member: str, old: bytes, new: bytes) -> bytes:
    """The same zip with one member's bytes replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as target:
        assert old in source.read(member)
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data.replace(old, new) if name == member else data)
    return buffer.getvalue()


def _zip_of(name: str, raw: bytes, claimed: int) -> bytes:
    """A zip with one deflated member and a false size in both its headers."""
    crc, encoded = 0, name.encode()
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, crc, len(raw), claimed, len(encoded), 0)
    central = struct.pack(
        "<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0, crc, len(raw), claimed, len(encoded), 0, 0, 0, 0, 0, 0
    )
    start = len(local) + len(encoded) + len(raw)
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1, 1, len(central) + len(encoded), start, 0)
    return local + encoded + raw + central + encoded + end
