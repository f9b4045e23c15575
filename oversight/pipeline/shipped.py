"""The fitted models that ship with the package."""

from functools import cache
from importlib.resources import files

from oversight.errors import InputError
from risk.exits import vintages
from risk.failure.starter import Starter
from risk.models import Models


@cache
def shipped_models() -> Models:
    """The models, read once.

    Raises:
        InputError: if a file of the package is missing or damaged.
    """
    place = files("risk.failure") / "starter.json"
    try:
        text = place.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"a model of the package cannot be read: {error}", where=str(place), next_step="Install the package again."
        ) from error
    return Models(failure=Starter.from_json(text), exits=vintages.load())
