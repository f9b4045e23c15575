"""Codes, years, names, regions, numbers and populations of upper-tier and unitary authorities."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from oversight.geography.making.centres import successors
from oversight.geography.making.files import LOWER_TIER, OTHER_NAMES, REGISTER, Row, areas, dfe_list, table
from oversight.model.spelling import key

_YEAR_STARTS: Final = (4, 1)
_OLD_LIST: Final = re.compile(r" \(pre lg\)$", re.IGNORECASE)
_WALES: Final = "W"
_POPULATION_AT: Final = date(2020, 6, 30)

# Spellings of Ofsted's own that no list of names has, as met in its publications since 2014.
OFSTED_SPELLINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "E06000008": ("Blackburn",),
    "E06000022": ("Bath & NE Somerset",),
    "E06000023": ("Bristol City",),
    "E06000015": ("Derby, City of",),
    "E06000016": ("Leicester City",),
    "E06000018": ("Nottingham City",),
    "E06000021": ("Stoke on Trent",),
    "E06000033": ("Southend on Sea",),
    "E06000035": ("Medway Towns",),
    "E06000010": ("Hull",),
    "E06000055": ("Bedford Borough",),
    "E06000037": ("West Berkshire (Newbury)",),
    "E08000021": ("Newcastle",),
}

# Authorities whose code changed with a boundary after mySociety's register was made, name unchanged.
RECODED: Final[Mapping[str, tuple[str, ...]]] = {"E08000016": ("E08000038",), "E08000019": ("E08000039",)}


def area_rows(folder: Path) -> list[Row]:
    """One row a code, in order of code.

    Raises:
        KeyError: if the files do not fit together.
    """
    official = _official_names(folder)
    after = successors(folder)
    regions = _regions(folder, after)
    numbers = dfe_list(folder)
    listed = {key(_OLD_LIST.sub("", name)): _OLD_LIST.sub("", name) for _, name in numbers}
    rows = []
    for area in (each["properties"] for each in areas(folder)):
        code, plain = area["areacd"], area["areanm"]
        spellings = {plain, *official.get(code, ()), *OFSTED_SPELLINGS.get(code, ())}
        name = _dfe_name(spellings, listed) or plain
        rows.append(
            {
                "name": name,
                "code": code,
                "number": _number(name, former=bool(area.get("end")), listed=numbers),
                "region": "" if code.startswith(_WALES) else regions[code],
                "start": _first_day(area.get("start")),
                "end": _last_day(area.get("end")),
                "successors": "|".join(after.get(code, ())),
                "former_codes": "|".join(_former_codes(folder).get(code, ())),
                "spellings": "|".join(_distinct(spellings, name)),
            }
        )
    unused = sorted(set(listed.values()) - {row["name"] for row in rows})
    if unused:
        raise KeyError(f"names in the DfE's list that fit no code: {unused}")
    _add_population(folder, rows)
    return rows


def _official_names(folder: Path) -> dict[str, set[str]]:
    others: dict[str, set[str]] = defaultdict(set)
    for row in table(folder / OTHER_NAMES):
        others[row["local-authority-code"]].add(row["la-name"])
    names: dict[str, set[str]] = defaultdict(set)
    for row in _upper_tier(folder):
        spellings = {row["official-name"], row["nice-name"], *others[row["local-authority-code"]]}
        for code in (row["gss-code"], *RECODED.get(row["gss-code"], ())):
            names[code] |= spellings
    return names


def _upper_tier(folder: Path) -> list[dict[str, str]]:
    return [row for row in table(folder / REGISTER) if row["powers"] in {"unitary", "upper tier"}]


def _former_codes(folder: Path) -> dict[str, tuple[str, ...]]:
    """Codes an authority had before 2014 under the same name."""
    return {row["gss-code"]: tuple(filter(None, row["former-gss-codes"].split(","))) for row in _upper_tier(folder)}


def _regions(folder: Path, after: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Region of each English code; of a former one, that of the authorities that took over."""
    regions = {row["UTLACD"]: row["RGNNM"] for row in table(folder / LOWER_TIER)}
    return {code: regions[codes[0]] for code, codes in after.items()} | regions


def _dfe_name(spellings: Iterable[str], listed: Mapping[str, str]) -> str | None:
    found = sorted({listed[key(spelling)] for spelling in spellings if key(spelling) in listed})
    return found[0] if found else None


def _number(name: str, *, former: bool, listed: Iterable[tuple[int, str]]) -> str:
    """The DfE's number: `Dorset (Pre LG)` is the county before its reorganisation, `Dorset` the council since."""
    found = {
        bool(_OLD_LIST.search(text)): number for number, text in listed if key(_OLD_LIST.sub("", text)) == key(name)
    }
    number = found.get(former, found.get(not former))
    return str(number) if number else ""


def _add_population(folder: Path, rows: list[Row]) -> None:
    """Mid-2020 estimates; a code that was gone by then has the sum of its successors where it alone became them."""
    before = {code: row["gss-code"] for row in _upper_tier(folder) for code in RECODED.get(row["gss-code"], ())}
    published = {row["gss-code"]: row["pop-2020"] for row in _upper_tier(folder)}
    predecessors: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        for successor in filter(None, row["successors"].split("|")):
            predecessors[successor].append(row["code"])
    for row in rows:
        value = published[before.get(row["code"]) or row["code"]]
        gone = bool(row["end"]) and date.fromisoformat(row["end"]) < _POPULATION_AT
        if gone or not value:
            after = [one for one in row["successors"].split("|") if predecessors.get(one) == [row["code"]]]
            whole = bool(after) and len(after) == len(row["successors"].split("|"))
            value = str(sum(float(published[one]) for one in after)) if whole else ""
        row["population"] = str(round(float(value))) if value else ""


def _distinct(spellings: Iterable[str], name: str) -> list[str]:
    by_key = {key(spelling): spelling for spelling in sorted(spellings, reverse=True)}
    by_key.pop(key(name), None)
    return sorted(by_key.values())


def _first_day(year: int | None) -> str:
    return date(year, *_YEAR_STARTS).isoformat() if year else ""


def _last_day(year: int | None) -> str:
    return date(year + 1, 3, 31).isoformat() if year else ""
