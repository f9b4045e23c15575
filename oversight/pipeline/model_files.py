"""A fitted model in a folder: `model.json`, the challenger's trees in `challenger.npz`, and its card.

No pickle: nothing in the folder can run. The same training gives the same bytes.
"""

import io
import json
import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from oversight.errors import HostileInputError, InputError, StoreError
from risk.failure.card import card_markdown
from risk.failure.model import FailureModel

MODEL: Final = "model.json"
TREES: Final = "challenger.npz"
CARD: Final = "card.md"
FIGURES: Final = "figures.json"
_MOST_BYTES: Final = 512 * 1024 * 1024


def write_model(model: FailureModel, figures: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write a model and its card; each file is whole or not there.

    Args:
        model: as fitted.
        figures: what was measured, for the card and `figures.json`.
        folder: made where it is missing; an earlier model in it is replaced.

    Returns:
        The files written.

    Raises:
        StoreError: if the folder cannot be written.
    """
    raw, arrays = model.to_parts()
    packed = io.BytesIO()
    np.savez_compressed(packed, allow_pickle=False, **arrays)
    contents = {
        TREES: packed.getvalue(),
        MODEL: _json(raw),
        FIGURES: _json(figures),
        CARD: card_markdown(model, figures).encode(),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            _replace(folder / name, content)
    except OSError as error:
        raise StoreError(
            f"the model cannot be written: {error.strerror or error}",
            where=str(folder),
            next_step="Give a folder you may write to, with space.",
        ) from error
    return [folder / name for name in contents]


def read_model(path: Path) -> FailureModel:
    """The model in a folder (or beside its `model.json`).

    Raises:
        InputError: if it is not there, or not a model.
        HostileInputError: if its arrays unpack to more than a model can be.
    """
    folder = path.parent if path.name == MODEL else path
    try:
        raw = json.loads((folder / MODEL).read_text(encoding="utf-8"))
        packed = (folder / TREES).read_bytes() if (folder / TREES).exists() else None
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(
            f"there is no model that can be read: {error}",
            where=str(folder / MODEL),
            next_step="Give the folder that `oversight train --out` wrote.",
        ) from error
    try:
        return FailureModel.from_parts(raw, {} if packed is None else _arrays(packed))
    except (InputError, ValueError, zipfile.BadZipFile, OSError, EOFError, KeyError) as error:
        if isinstance(error, HostileInputError):
            raise
        what = error.message if isinstance(error, InputError) else f"not a model: {error!r}"
        raise InputError(what, where=str(folder), next_step="Train it again with `oversight train`.") from error


def _arrays(packed: bytes) -> dict[str, NDArray[Any]]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        if sum(member.file_size for member in archive.infolist()) > _MOST_BYTES:
            raise HostileInputError("the model's trees unpack to more than a model can be", where=TREES)
    with np.load(io.BytesIO(packed), allow_pickle=False) as held:
        return {name: held[name] for name in held.files}


def _json(raw: Mapping[str, Any]) -> bytes:
    return (json.dumps(raw, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _replace(path: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)
