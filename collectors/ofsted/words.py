"""The bundled lists of words, looked up by their letters and digits alone."""

from functools import cache
from importlib import resources
from typing import Any

import yaml

from oversight.model.spelling import key


@cache
def data(name: str) -> Any:
    """A bundled YAML file of `collectors/ofsted/data`, read once."""
    return yaml.safe_load(resources.files("collectors.ofsted").joinpath("data", name).read_text(encoding="utf-8"))


@cache
def vocabulary(name: str) -> dict[str, str]:
    """The spelling kept for each known spelling of one list of `vocabulary.yaml`, by `key`."""
    words: dict[str, list[str]] = data("vocabulary.yaml")[name]
    return {key(spelling): kept for kept, others in words.items() for spelling in (kept, *others)}


@cache
def word_set(name: str) -> frozenset[str]:
    """The words of one plain list of `vocabulary.yaml`, by `key`; symbols, which have no letters, as they are."""
    return frozenset(key(word) or word for word in data("vocabulary.yaml")[name])
