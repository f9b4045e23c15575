"""Letters as files in a folder, where no mail server is set."""

from dataclasses import dataclass
from email.policy import SMTP as WIRE
from pathlib import Path

from reports.channels import ACCEPTED, Handed, PointOfNoReturn
from reports.channels.letter import Letter, mime
from reports.files import write_whole


@dataclass(frozen=True, slots=True)
class FileChannel:
    """Writes each letter as an `.eml` file named by its id, whole or not at all. Nothing leaves the machine.

    Attributes:
        folder: made where there is none.
        sender: address in From.
    """

    folder: Path
    sender: str
    name: str = "file"
    asked: bool = True

    def hand_over(self, letter: Letter, point_of_no_return: PointOfNoReturn) -> Handed:
        """Write the letter. Writing it again puts the same in its place.

        Raises:
            SettingsError: where an address is none.
            StoreError: where the folder cannot be written.
        """
        content = mime(letter, self.sender).as_bytes(policy=WIRE)
        point_of_no_return()
        return Handed(ACCEPTED, str(write_whole(self._path(letter), content)))

    def find(self, letter: Letter) -> bool:
        """Whether its file is there."""
        return self._path(letter).exists()

    def _path(self, letter: Letter) -> Path:
        return self.folder / f"{letter.letter_id}.eml"
