"""Files that appear whole or not at all, and zip packages that have the same bytes each time."""

import os
import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Final

from oversight.errors import StoreError

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3


def packed(members: Iterable[tuple[str, bytes]], *, stored: frozenset[str] = frozenset()) -> bytes:
    """Members as one zip file, in the order given.

    Args:
        members: path in the package and content.
        stored: paths kept without compression, as ODF asks of `mimetype`.
    """
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for path, content in members:
            info = zipfile.ZipInfo(path, _EPOCH)
            info.create_system = _UNIX
            info.external_attr = 0o644 << 16
            info.compress_type = zipfile.ZIP_STORED if path in stored else zipfile.ZIP_DEFLATED
            package.writestr(info, content)
    return buffer.getvalue()


def unpacked(content: bytes) -> list[tuple[str, bytes]]:
    """The members of a package we made, in order."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        return [(info.filename, package.read(info)) for info in package.infolist()]


def write_whole(path: Path, content: bytes) -> Path:
    """Write a file so that it is there whole or not at all.

    Raises:
        StoreError: naming the path, where it cannot be written.
    """
    partial = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise StoreError(
            f"cannot write {path.name}: {error.strerror or error}",
            where=str(path.parent),
            next_step="Free some space or choose a folder you may write to, then run it again.",
        ) from error
    return path
