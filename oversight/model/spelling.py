"""Words compared by their letters and digits alone."""

import re
import unicodedata
from typing import Final

_APOSTROPHES: Final = re.compile("['\u2018\u2019\u02bc`\u00b4]")
_LOOSE_S: Final = re.compile(r"(?<=[a-z]) s\b")
_OTHER: Final = re.compile(r"[^a-z0-9]+")


def key(text: str) -> str:
    """What is left of a text to compare: `Children\u2019s  Home` and `Children.s.home` both give `childrens home`."""
    plain = unicodedata.normalize("NFKD", text).lower().replace("&", " and ")
    return _LOOSE_S.sub("s", _OTHER.sub(" ", _APOSTROPHES.sub("", plain)).strip())
