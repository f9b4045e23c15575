"""Words compared by their letters and digits alone, and the bundled lists of words."""

import re
import unicodedata
from functools import cache
from importlib import resources
from typing import Any, Final

import yaml

_APOSTROPHES: Final = re.compile("['\u2018\u2019\u02bc`\u00b4]")
_LOOSE_S: Final = re.compile(r"(?<=[a-z]) s\b")
_OTHER: Final = re.compile(r"[^a-z0-9]+")


def key(text: str) -> str:
    """What is left of a text to compare: `Children\u2019s  Home` and `Children.s.home` both give `childrens home`."""
    plain = unicodedata.normalize("NFKD", text).lower().replace("&", " and ")
    return _LOOSE_S.sub("s", _OTHER.sub(" ", _APOSTROPHES.sub("", plain)).strip())


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
