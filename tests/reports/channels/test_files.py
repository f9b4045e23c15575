"""Letters as files, where no mail server is set."""

from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from oversight.errors import StoreError
from reports.channels.files import FileChannel
from tests.reports.channels.build import SENDER, Passed, letter


def test_a_letter_is_one_file_however_often_it_is_written(tmp_path: Path) -> None:
    drop, passed = FileChannel(tmp_path / "outbox", SENDER), Passed()
    assert drop.find(letter()) is False
    assert {drop.hand_over(letter(), passed).outcome for _ in range(2)} == {"accepted"}
    (path,) = (tmp_path / "outbox").iterdir()
    assert path.name == f"{letter().letter_id}.eml"
    assert message_from_bytes(path.read_bytes(), policy=default)["To"] == "ann@dept.test"
    assert drop.find(letter()) is True
    assert passed.times == 2


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file, not a folder")
    with pytest.raises(StoreError, match=r"(?s)cannot write .*outbox"):
        FileChannel(tmp_path / "outbox", SENDER).hand_over(letter(), Passed())
