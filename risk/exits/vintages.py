"""Where the models are kept: one JSON file for each day, named by it, and one of how they did."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from oversight.errors import InputError
from risk.exits.model import Model, Vintages

BUNDLED: Final = Path(__file__).parent / "models"
_LARGEST: Final = 1_000_000
_DATED: Final = "????-??-??.json"
_MEASURED: Final = "measured.json"


def load(folder: Path | None = None) -> Vintages:
    """The models of a folder; those that come with the product where none is given.

    Raises:
        InputError: if there is none, or one is not a model of this version.
    """
    place = folder or BUNDLED
    paths = sorted(place.glob(_DATED))
    if not paths:
        raise InputError(
            "there is no exit model", where=str(place), next_step="Make some with `oversight exits --train FOLDER`."
        )
    models = [Model.from_json(_text(path), str(path)) for path in paths]
    return Vintages(tuple(sorted(models, key=lambda model: model.outcomes_by)))


def load_measured(folder: Path | None = None) -> dict[str, Any]:
    """How the models of a folder did, as `risk.exits.backtest.measured` says it; of the bundled where none is given.

    Raises:
        InputError: if it cannot be read.
    """
    path = (folder or BUNDLED) / _MEASURED
    try:
        found = json.loads(_text(path))
    except ValueError as error:
        raise InputError(f"not JSON: {error}", where=str(path), next_step="Install the package again.") from error
    if not isinstance(found, dict):
        raise InputError("not a record of figures", where=str(path), next_step="Install the package again.")
    return found


def save_measured(found: Mapping[str, Any], folder: Path) -> Path:
    """Write how the models did beside them; the path."""
    path = folder / _MEASURED
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return path


def save(models: Vintages, folder: Path) -> list[Path]:
    """Write each model into a folder, which is made where there is none; the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for model in models.models:
        path = folder / f"{model.outcomes_by}.json"
        path.write_text(model.to_json(), encoding="utf-8")
        paths.append(path)
    return paths


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(f"longer than {_LARGEST:,} bytes", where=str(path), next_step="Give a model's own file.")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read: {error}", where=str(path), next_step="Check the file.") from error
