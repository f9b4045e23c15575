"""What `captions.yaml` says: which heading opens which statement, and which caption is which line of account."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

import yaml

from collectors.accounts.catalogue import Line, catalogue
from collectors.accounts.texts import straight

Kind = Literal["profit_and_loss", "balance_sheet", "cash_flow", "notes", "other"]
_KINDS: tuple[Kind, ...] = ("other", "profit_and_loss", "balance_sheet", "cash_flow", "notes")
ANYWHERE = "none"
_NOT_WORDS = re.compile(r"[^a-z0-9&]+")
_NUMBERING = re.compile(r"^(?:note )?\d{1,2}(?: \d{1,2})? (?=[a-z])")
_LONGEST = 500
"""Characters; no caption is half as long, and hostile ones of megabytes take a hundred times their size to match."""
_TRAILING = re.compile(r"(?: (?:continued|cont d|contd|cont|note|notes|see|restated|as restated|\d{1,2}|£|000))+$")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a statement: what opens it, and the line that a row of figures without a caption is there."""

    name: str
    captions: re.Pattern[str]
    total: str | None


@dataclass(frozen=True, slots=True)
class Caption:
    """Captions of a line; empty `within` for any section."""

    line: Line
    captions: re.Pattern[str]
    unless: re.Pattern[str] | None
    within: frozenset[str]


@dataclass(frozen=True, slots=True)
class Captions:
    """All of `captions.yaml`, ready to be asked."""

    headings: Mapping[Kind, re.Pattern[str]]
    sections: Mapping[str, tuple[Section, ...]]
    lines: Mapping[str, tuple[Caption, ...]]

    def heading(self, text: str) -> Kind | None:
        """The statement that a normalised heading opens."""
        return next((kind for kind in _KINDS if self.headings[kind].fullmatch(text)), None)

    def section(self, kind: Kind, caption: str) -> Section | None:
        """The section that a normalised caption opens."""
        return next((each for each in self.sections.get(kind, ()) if each.captions.fullmatch(caption)), None)

    def line(self, kind: Kind, section: str, caption: str) -> Line | None:
        """The line of a normalised caption in a section."""
        for each in self.lines.get(kind, ()):
            if (
                (not each.within or section in each.within)
                and each.captions.fullmatch(caption)
                and not (each.unless and each.unless.fullmatch(caption))
            ):
                return each.line
        return None

    def named(self, kind: Kind, name: str) -> Line:
        """The line of that name.

        Raises:
            KeyError: if no caption of the statement gives that line.
        """
        for each in self.lines[kind]:
            if each.line.name == name:
                return each.line
        raise KeyError(name)


def plain_words(text: str) -> str:
    """A caption or heading in the form that the patterns are written in; of anything longer its beginning."""
    return _plain_words(text[:_LONGEST])


@lru_cache(maxsize=20_000)
def _plain_words(text: str) -> str:
    lowered = straight(text).lower().replace("'", "").replace("- ", " ")
    words = _NOT_WORDS.sub(" ", lowered).strip()
    return _TRAILING.sub("", _NUMBERING.sub("", words))


@cache
def captions() -> Captions:
    """The captions; read once.

    Raises:
        KeyError: if `captions.yaml` names a line that `lines.yaml` does not have.
    """
    content = yaml.safe_load(files("collectors.accounts").joinpath("captions.yaml").read_text(encoding="utf-8"))
    words = {**content["words"], "whose": content["whose"]}

    def pattern(texts: list[str]) -> re.Pattern[str]:
        joined = "|".join(f"(?:{text})" for text in texts)
        return re.compile(re.sub(r"<(\w+)>", lambda match: words[match[1]], joined))

    lines = catalogue().lines
    return Captions(
        headings={kind: pattern(content["statements"][kind]) for kind in _KINDS},
        sections={
            kind: tuple(Section(each["name"], pattern(each["captions"]), each.get("total")) for each in listed)
            for kind, listed in content["sections"].items()
        },
        lines={
            kind: tuple(
                Caption(
                    lines[each["line"]],
                    pattern(each["captions"]),
                    pattern(each["unless"]) if "unless" in each else None,
                    frozenset(each.get("in", ())),
                )
                for each in listed
            )
            for kind, listed in content["lines"].items()
        },
    )
