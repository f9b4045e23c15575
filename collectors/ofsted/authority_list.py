"""Makes `data/local_authorities.csv` anew: `python -m collectors.ofsted.authority_list FOLDER`.

FOLDER holds five open files: ONS boundaries with the years of each code (`uk_boundaries_super_generalised.topojson`),
ONS codes with regions (`la_all_codes.csv`), the DfE's list of names (`dfe_la_code_list.xlsx`), and mySociety's
register and its other names (`uk_local_authorities_future.csv`, `lookup_name_to_registry.csv`).
`data/ATTRIBUTION.md` says where they come from.
"""

import csv
import io
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, Final

from collectors.ofsted.words import key
from collectors.sheets import open_book

COLUMNS: Final = ("name", "code", "region", "start", "end", "successors", "spellings")
_YEAR_STARTS: Final = (4, 1)
_OLD_LIST: Final = re.compile(r" \(pre lg\)$", re.IGNORECASE)
_WALES: Final = "W"

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


def build(folder: Path) -> str:
    """The lookup as CSV text: one row a code, sorted by code.

    Raises:
        KeyError: if the files do not fit together.
    """
    official = _official_names(folder)
    regions, successors = _regions(folder)
    dfe = _dfe_names(folder)
    rows = []
    for area in _areas(folder):
        code, plain = area["areacd"], area["areanm"]
        spellings = {plain, *official.get(code, ()), *OFSTED_SPELLINGS.get(code, ())}
        name = _dfe_name(spellings, dfe) or plain
        rows.append(
            {
                "name": name,
                "code": code,
                "region": "" if code.startswith(_WALES) else regions[code],
                "start": _first_day(area.get("start")),
                "end": _last_day(area.get("end")),
                "successors": "|".join(successors.get(code, ())) if area.get("end") else "",
                "spellings": "|".join(_distinct(spellings, name)),
            }
        )
    unused = sorted(set(dfe.values()) - {row["name"] for row in rows})
    if unused:
        raise KeyError(f"names in the DfE's list that fit no code: {unused}")
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted(rows, key=lambda row: row["code"]))
    return text.getvalue()


def _areas(folder: Path) -> list[dict[str, Any]]:
    boundaries = json.loads((folder / "uk_boundaries_super_generalised.topojson").read_text(encoding="utf-8"))
    areas = [area["properties"] for area in boundaries["objects"]["utla"]["geometries"]]
    return [area for area in areas if area["areacd"][0] in {"E", _WALES}]


def _official_names(folder: Path) -> dict[str, set[str]]:
    others: dict[str, set[str]] = defaultdict(set)
    for row in _table(folder / "lookup_name_to_registry.csv"):
        others[row["local-authority-code"]].add(row["la-name"])
    names: dict[str, set[str]] = defaultdict(set)
    for row in _table(folder / "uk_local_authorities_future.csv"):
        if row["powers"] not in {"unitary", "upper tier"}:
            continue
        spellings = {row["official-name"], row["nice-name"], *others[row["local-authority-code"]]}
        for code in (row["gss-code"], *RECODED.get(row["gss-code"], ())):
            names[code] |= spellings
    return names


def _regions(folder: Path) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Region of each upper-tier code, and for former codes those that took over, in order."""
    regions: dict[str, str] = {}
    after: dict[str, set[str]] = defaultdict(set)
    for row in _table(folder / "la_all_codes.csv"):
        regions[row["UTLACD"]] = regions[row["LADCD"]] = row["RGNNM"]
        if row["LADCD_ACTIVE"] != row["LADCD"]:
            after[row["LADCD"]].add(row["UTLACD"])
    former = {area["areacd"]: area["areanm"] for area in _areas(folder) if area.get("end")}
    for row in _table(folder / "uk_local_authorities_future.csv"):
        if row["gss-code"] in former:
            replaced = _replacements(folder, row["replaced-by"])
            after[row["gss-code"]] |= replaced
            regions.setdefault(row["gss-code"], row["region"] or next(regions[code] for code in sorted(replaced)))
    return regions, {code: tuple(sorted(codes)) for code, codes in after.items()}


def _replacements(folder: Path, keys: str) -> set[str]:
    wanted = set(filter(None, keys.split(",")))
    rows = _table(folder / "uk_local_authorities_future.csv")
    return {row["gss-code"] for row in rows if row["local-authority-code"] in wanted}


def _dfe_names(folder: Path) -> dict[str, str]:
    path = folder / "dfe_la_code_list.xlsx"
    book = open_book(path.read_bytes(), path.name)
    listed = [row[1] for row in book.sheet(book.names[0]).rows[1:] if row[3] != "NA"]
    # "Dorset (Pre LG)" is the DfE's mark for a council before its reorganisation, not part of its name.
    names = {_OLD_LIST.sub("", name) for name in listed}
    return {key(name): name for name in sorted(names)}


def _dfe_name(spellings: Iterable[str], dfe: Mapping[str, str]) -> str | None:
    found = sorted({dfe[key(spelling)] for spelling in spellings if key(spelling) in dfe})
    return found[0] if found else None


def _distinct(spellings: Iterable[str], name: str) -> list[str]:
    by_key = {key(spelling): spelling for spelling in sorted(spellings, reverse=True)}
    by_key.pop(key(name), None)
    return sorted(by_key.values())


def _first_day(year: int | None) -> str:
    return date(year, *_YEAR_STARTS).isoformat() if year else ""


def _last_day(year: int | None) -> str:
    return date(year + 1, 3, 31).isoformat() if year else ""


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def main() -> None:
    """Write the bundled file."""
    target = Path(str(resources.files("collectors.ofsted").joinpath("data", "local_authorities.csv")))
    target.write_text(build(Path(sys.argv[1])), encoding="utf-8")


if __name__ == "__main__":
    main()
