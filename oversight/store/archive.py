"""The archive: raw bytes named by their SHA-256. Nothing is ever changed or deleted here."""

import os
import tempfile
from pathlib import Path

from oversight.errors import StoreError
from oversight.model.ids import document_id


class Archive:
    """A folder of documents, `ab/abcdef…`, one file for each distinct content.

    Args:
        root: the folder; made when the first document is put.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def _path(self, identifier: str) -> Path:
        if len(identifier) != 64 or not set(identifier) <= set("0123456789abcdef"):  # noqa: PLR2004 - SHA-256 in hex
            raise StoreError("not a document id", where=repr(identifier), next_step="Give 64 hexadecimal characters.")
        return self._root / identifier[:2] / identifier

    def put(self, content: bytes) -> str:
        """Keep bytes and return their id. Putting the same bytes again changes nothing.

        The file appears under its name complete or not at all: it is written aside, flushed to disk
        and renamed, so a crash or a full disk never leaves half a document.

        Raises:
            StoreError: if the folder cannot be written.
        """
        identifier = document_id(content)
        path = self._path(identifier)
        if path.exists():
            return identifier
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_atomically(path, content)
        except OSError as error:
            raise StoreError(
                f"the archive cannot be written: {error.strerror or error}",
                where=str(path.parent),
                next_step="Free space or mend permissions there, then run the same command again; nothing is lost.",
            ) from error
        return identifier

    def get(self, identifier: str) -> bytes:
        """The bytes of a document.

        Raises:
            StoreError: if there is none under that id, or its bytes no longer match their name.
        """
        path = self._path(identifier)
        try:
            content = path.read_bytes()
        except FileNotFoundError as error:
            raise StoreError(
                "the archive has no such document", where=str(path), next_step="Restore it from a backup or collect it."
            ) from error
        if document_id(content) != identifier:
            raise StoreError(
                "a document's bytes do not match its name",
                where=str(path),
                next_step="The disk or a person changed it: restore this file from a backup.",
            )
        return content

    def __contains__(self, identifier: str) -> bool:
        return self._path(identifier).exists()


def _write_atomically(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as part:
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
