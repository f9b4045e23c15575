from pathlib import Path

import pytest

from oversight.errors import StoreError
from oversight.store.archive import Archive


def test_what_is_put_comes_back(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    identifier = archive.put(b"\x00accounts")
    assert archive.get(identifier) == b"\x00accounts"
    assert identifier in archive


def test_putting_twice_keeps_one_file(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    assert archive.put(b"same") == archive.put(b"same")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_a_document_changed_on_disk_is_noticed(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    identifier = archive.put(b"as filed")
    (tmp_path / identifier[:2] / identifier).write_bytes(b"as wished")
    with pytest.raises(StoreError, match="do not match"):
        archive.get(identifier)


@pytest.mark.parametrize("identifier", ["../../etc/passwd", "", "A" * 64, "0" * 63])
def test_only_document_ids_reach_the_disk(tmp_path: Path, identifier: str) -> None:
    with pytest.raises(StoreError, match="not a document id"):
        Archive(tmp_path).get(identifier)


def test_an_absent_document_says_where(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such document"):
        Archive(tmp_path).get("0" * 64)


def test_a_full_disk_leaves_no_half_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", no_space)
    archive = Archive(tmp_path)
    with pytest.raises(StoreError, match="No space left"):
        archive.put(b"half")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
