"""Our counts beside the published ones: `python -m tests.benchmarks.market_reconciliation ../shared/data`.

Every published figure about owners, homes and places in `benchmarks/published_market_figures.csv` that the files of
that day can answer, with ours at each level the evidence at hand allows and the reason for the difference:

- *text*: owners as printed; *name*: one normal form an owner; *company*: linked to a company number by the tool's rule
  (companies of the evaluation list; a name without one counts as itself);
- *brand*: names that share their first telling word. The tool never groups so: an analyst would look through these,
  and an upper bound, since no register of control is at hand to put subsidiaries under their owner.

Nothing of the evaluation data is kept.
"""

import csv
import gzip
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Final

import polars as pl
import yaml

from collectors.ofsted import READERS, identify
from collectors.reading import Origin
from oversight.identity.classes import CLASSES, owner_class
from oversight.identity.groups import build
from oversight.identity.kinds import kind_of_owner
from oversight.identity.names import parse_name
from oversight.identity.similarity import rules
from oversight.identity.table import link_table
from oversight.model.tables.decided import OwnershipDecision
from oversight.model.tables.read import Company, Ownership
from tests.benchmarks.owner_matching import read_pairs

HOMES: Final = (
    "children's home",
    "secure children's home",
    "residential special school (registered as a children's home)",
    "multi-building children's home",
    "short break children's home",
)
LEVELS: Final = ("text", "name", "company", "brand")
_PUBLISHED: Final = "benchmarks/published_market_figures.csv"
_PAIRS: Final = "ofsted/ownership/ofsted_owner_to_company_number.csv"
_CLASSES: Final = "ofsted/ownership/owner_company_category.csv"
_OWNERSHIPS: Final = "ofsted/ownership/private_sector_ownerships_2018.csv.gz"
_PARENT: Final = "96000001"
_NUMBER: Final = 8
_GROUPED: Final = Path(__file__).with_name("published_groups.yaml")
_FILES: Final[Mapping[str, str]] = {
    "2017-03-31": "provider_level/provider_level_at_31_march_2017.csv.gz",
    "2018-03-31": "provider_level/providers_and_places_at_31_march_2018.csv.gz",
    "2022-03-31": "provider_level/provider_level_at_31_march_2022.csv.gz",
    "2023-03-31": "workbooks/childrens_social_care_in_england_2023_underlying_data.ods",
    "2025-03-31": "provider_level/provider_level_at_31_march_2025.csv.gz",
}
_PREMISES: Final = "workbooks/childrens_social_care_in_england_2025_underlying_data.ods"
_QUARTER: Final = 0.25
_INSPECTED: Final = "provider_level/provider_level_at_31_march_2018.csv.gz"

SUBSIDIARIES: Final = (
    "subsidiaries are printed under names of their own; the published count put them under their owner with Companies "
    "House data, which are not at hand"
)
INSPECTED_ONLY: Final = "the file lists inspected providers only, the published count all registered ones"
ANOTHER_CUT: Final = "the file holds later registrations or another cut of types"
SAME: Final = "the same"
PLAIN: Final = (SAME, INSPECTED_ONLY, ANOTHER_CUT)
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class Line:
    """One published figure with ours at each level; levels that make no difference have one value."""

    as_at: str
    measure: str
    published: float
    unit: str
    ours: tuple[float, ...]
    why: str


def main(folder: Path) -> None:
    """Print the table in Markdown, and the owners' counts behind it."""
    print("| as at | published figure | published | ours: text | name | company | brand | difference |")
    print("|---|---|---:|---:|---:|---:|---:|---|")
    for line in reconcile(folder):
        ours = [f"{value:,.4g}" if line.unit == "percent" else f"{value:,.0f}" for value in line.ours]
        cells = [*ours, *[""] * (len(LEVELS) - len(ours))]
        print(f"| {line.as_at} | {line.measure} | {line.published:,.4g} | {' | '.join(cells)} | {line.why} |")
    print()
    for day in _FILES:
        if day >= "2018":
            print_largest(folder, day)
    print()
    print_classes(folder)


def reconcile(folder: Path) -> list[Line]:
    """Every published figure that the files can answer, in the order it was published."""
    with (folder / _PUBLISHED).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = []
    for row in rows:
        for start, measure in MEASURES:
            if row["measure"].startswith(start) and row["as_at"] in _FILES:
                ours, why = measure(folder, row["as_at"], row["measure"])
                exact = len(ours) == 1 and abs(ours[0] - float(row["value"])) < _HALF
                told = (SAME if why in PLAIN else f"{SAME}: {why}") if exact else why
                found.append(Line(row["as_at"], row["measure"], float(row["value"]), row["unit"], ours, told))
                break
    return found


@cache
def providers(folder: Path, day: str, file: str | None = None) -> pl.DataFrame:
    """Registered providers of a day, with owner keys at every level.

    Columns: urn, kind (lower case), home (bool), sector, region, places, overall, inspected_on, short_breaks_only and
    the `LEVELS`.
    """
    path = folder / "ofsted" / (file or _FILES[day])
    content = path.read_bytes()
    publication = identify(content, path.name)
    origin = Origin("0" * 64, publication.source, publication.subject, path.name)
    rows = pl.DataFrame(READERS[publication.source].read(content, origin).tables["home"], infer_schema_length=None)
    kind = pl.col("provision_type").str.to_lowercase().str.replace_all("\u2019", "'", literal=True)
    status = pl.col("status").str.to_lowercase()
    columns = ["urn", "sector", "region", "places", "owner", "overall", "inspected_on", "short_breaks_only"]
    present = [pl.col(name) if name in rows.columns else pl.lit(None, dtype=pl.String).alias(name) for name in columns]
    frame = (
        rows.filter(status.is_null() | status.is_in(["active", "suspended"]))
        .select(*present, kind.alias("kind"), kind.is_in(HOMES).alias("home"))
        .with_columns(pl.col("owner").cast(pl.String))
    )
    if file is not None and day == "2018-03-31":
        frame = frame.drop("owner").join(_owners_of_2018(folder), on="urn", how="left")
    return frame.join(_levels(folder, frame["owner"].drop_nulls().unique().sort().to_list()), on="owner", how="left")


def _owners_of_2018(folder: Path) -> pl.DataFrame:
    with gzip.open(folder / _OWNERSHIPS, "rt", encoding="utf-8-sig") as file:
        rows = [(row["URN"], row["Owner"]) for row in csv.DictReader(file)]
    return pl.DataFrame(rows, schema=["urn", "owner"], orient="row").unique("urn", keep="first", maintain_order=True)


def _levels(folder: Path, owners: list[str]) -> pl.DataFrame:
    """Owner keys by level, for owner texts."""
    pairs = {pair.number: pair.company for pair in read_pairs(folder / _PAIRS) if pair.number}
    companies = pl.DataFrame({"company_number": list(pairs), "company_name": list(pairs.values())})
    linked = link_table(owners, companies)
    number = dict(linked.filter(pl.col("decision") == "automatic").select("owner", "company_number").iter_rows())
    names = [parse_name(owner).form for owner in owners]
    return pl.DataFrame(
        {
            "owner": owners,
            "text": owners,
            "name": names,
            "company": [number.get(owner) or name for owner, name in zip(owners, names, strict=True)],
            "brand": [_brand(name) for name in names],
        },
        schema=dict.fromkeys(("owner", *LEVELS), pl.String),
    )


def _brand(form: str) -> str:
    """The first telling word of a name: no common word of the trade and no initial."""
    words = form.split()
    telling = (word for word in words if word not in rules().common and len(word) > 2)
    return next(telling, form)


def largest(frame: pl.DataFrame, level: str, most: int) -> pl.DataFrame:
    """The largest owners by homes: key, homes, places."""
    return (
        frame.drop_nulls(level)
        .group_by(level)
        .agg(pl.len().alias("homes"), pl.col("places").sum())
        .sort("homes", "places", level, descending=[True, True, False])
        .head(most)
    )


def _private_homes(folder: Path, day: str) -> pl.DataFrame:
    return providers(folder, day).filter("home", pl.col("sector") == "Private")


def _share_of_largest(most: int, *, of_all: bool = False, private: bool = True) -> "Measure":
    def measure(folder: Path, day: str, _: str) -> tuple[tuple[float, ...], str]:
        homes = providers(folder, day).filter("home")
        owned = homes.filter(pl.col("sector") == "Private") if private else homes
        whole = (homes if of_all else owned).height
        counts = [float(largest(owned, level, most)["homes"].sum()) for level in LEVELS]
        return tuple(100 * count / whole for count in counts), SUBSIDIARIES

    return measure


def _homes_of_largest(most: int) -> "Measure":
    def measure(folder: Path, day: str, _: str) -> tuple[tuple[float, ...], str]:
        owned = _private_homes(folder, day)
        return tuple(float(largest(owned, level, most)["homes"].sum()) for level in LEVELS), SUBSIDIARIES

    return measure


def _of_single_owners(kind: str, *, share: bool, region: str | None = None) -> "Measure":
    def measure(folder: Path, day: str, _: str) -> tuple[tuple[float, ...], str]:
        everything = providers(folder, day)
        settings = everything.filter(pl.col("home") if kind == "home" else pl.col("kind") == kind)
        owned = settings.filter(pl.col("sector") == "Private")
        placed = settings.filter(pl.col("region") == region) if region else owned
        counts = [_alone(owned, placed, level) for level in LEVELS]
        why = "owners with one setting under a name of their own belong to groups in the published count"
        return tuple(100 * count / placed.height if share else float(count) for count in counts), why

    return measure


def _alone(owned: pl.DataFrame, placed: pl.DataFrame, level: str) -> int:
    """Settings of private owners that have one only, among some settings."""
    single = owned.group_by(level).len().filter(pl.col("len") == 1)
    private = placed.filter(pl.col("sector") == "Private")
    return private.join(single, on=level, how="semi").height


def _count(sector: str | None, *, main_type: bool = False, places: bool = False) -> "Measure":
    def measure(folder: Path, day: str, _: str) -> tuple[tuple[float, ...], str]:
        main = (pl.col("kind") == HOMES[0]) & ~pl.col("short_breaks_only").fill_null(value=False)
        frame = providers(folder, day).filter(main if main_type else pl.col("home"))
        chosen = frame if sector is None else frame.filter(pl.col("sector") == sector)
        return (float(chosen["places"].sum() if places else chosen.height),), _why_count(day)

    return measure


def _why_count(day: str) -> str:
    return INSPECTED_ONLY if day == "2017-03-31" else ANOTHER_CUT


def _inspected(sector: str | None, group: str | None = None, *, poor: bool) -> "Measure":
    """Homes whose last inspection was on or after 1 April 2016, and those judged below good."""

    def measure(folder: Path, day: str, _: str) -> tuple[tuple[float, ...], str]:
        kinds = ["children's home", "residential special school (registered as a children's home)"]
        frame = providers(folder, day, _INSPECTED).filter(
            pl.col("kind").is_in(kinds), pl.col("inspected_on") >= date(2016, 4, 1)
        )
        chosen = frame if sector is None else frame.filter(pl.col("sector") == sector)
        if poor:
            chosen = chosen.filter(pl.col("overall").str.to_lowercase().str.contains("inadequate|requires improvement"))
        if group is None:
            return (float(chosen.height),), SAME
        names = next(each["names"] for each in yaml.safe_load(_GROUPED.read_text("utf-8")) if each["group"] == group)
        together = joined(chosen, [name.lower() for name in names])
        own = chosen.filter(pl.col("owner").str.to_lowercase().str.contains(rf"\b{group.lower()}\b")).height
        told = f"{together['company'].n_unique()} companies joined; {own} by the group's own name alone"
        return (float(together.height),), told

    return measure


def joined(homes: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """Homes of the owners an analyst would join, put together by the tool's own decisions and groups.

    Owners that the rule does not link to a company of the list are given invented numbers, as a person would link
    them by hand; each company is joined to one invented parent.
    """
    keys = homes["company"].drop_nulls().unique().sort().to_list()
    numbers = {key: key if len(key) == _NUMBER and key[-1].isdigit() and " " not in key else f"97{at:06d}"
               for at, key in enumerate(keys)}  # fmt: skip
    wanted = homes.filter(pl.col("owner").str.to_lowercase().str.contains("|".join(names)))["company"].unique().sort()
    rows = [
        {
            "ownership_decision_id": f"{at}", "company_number": numbers[key], "owner_key": _PARENT,
            "owner_company_number": _PARENT, "owner_name": None, "owner_country": None, "decision": "join",
            "from_on": None, "to_on": None, "author": "An analyst", "reason": "the published count puts them together",
            "decided_at": datetime(2018, 7, 26, tzinfo=UTC),
        }
        for at, key in enumerate(wanted)
    ]  # fmt: skip
    decided = OwnershipDecision.validate(pl.DataFrame(rows, schema=OwnershipDecision.create_empty().schema), cast=True)
    built = build(
        Ownership.create_empty(), Company.create_empty(), on=date(2018, 3, 31), roots=numbers.values(), decision=decided
    )
    group = built.tops.filter(pl.col("top_key") == _PARENT).join(built.membership, on="group_id")["company_number"]
    members = {key for key, number in numbers.items() if number in set(group)}
    return homes.filter(pl.col("company").is_in(sorted(members)))


def _spanning(folder: Path, day: str, _: str) -> tuple[tuple[float, ...], str]:
    """Owners active in homes, fostering and supported accommodation."""
    frame = providers(folder, day).with_columns(
        pl.when("home")
        .then(pl.lit("home"))
        .when(pl.col("kind").is_in(["independent fostering agency", "supported accommodation"]))
        .then(pl.col("kind"))
        .alias("market")
    )
    counts = [
        float(
            frame.drop_nulls(["market", level])
            .group_by(level)
            .agg(pl.col("market").n_unique())
            .filter(pl.col("market") == 3)
            .height
        )
        for level in LEVELS
    ]
    return tuple(counts), SUBSIDIARIES


def _in_a_chain(folder: Path, day: str, _: str) -> tuple[tuple[float, ...], str]:
    """Private fostering agencies whose owner has more than one."""
    owned = providers(folder, day).filter(pl.col("kind") == _FOSTERING, pl.col("sector") == "Private")
    return tuple(float(owned.height - _alone(owned, owned, level)) for level in LEVELS), SUBSIDIARIES


def _owners_of_a_quarter_of_premises(folder: Path, day: str, _: str) -> tuple[tuple[float, ...], str]:
    """How many of the largest owners hold a quarter of supported accommodation premises."""
    path = folder / "ofsted" / _PREMISES
    publication = identify(content := path.read_bytes(), path.name)
    origin = Origin("0" * 64, publication.source, publication.subject, path.name)
    rows = READERS[publication.source].read(content, origin).tables["premises"]
    held = pl.DataFrame(rows, infer_schema_length=None).group_by("urn").agg(pl.col("premises").sum())
    owned = providers(folder, day).join(held, on="urn")
    counts = []
    for level in LEVELS:
        sizes = owned.group_by(level).agg(pl.col("premises").sum())["premises"].sort(descending=True)
        share = sizes.cum_sum() / sizes.sum()
        counts.append(float((share < _QUARTER).sum() + 1))
    return tuple(counts), SUBSIDIARIES


def _region_of_largest(region: str, most: int) -> "Measure":
    def measure(folder: Path, day: str, _: str) -> tuple[tuple[float, ...], str]:
        homes = providers(folder, day).filter("home")
        here = homes.filter(pl.col("region") == region)
        shares = []
        for level in LEVELS:
            top = largest(homes.filter(pl.col("sector") != "Local authority"), level, most)
            shares.append(100 * here.join(top, on=level, how="semi").height / here.height)
        return tuple(shares), SUBSIDIARIES

    return measure


Measure = Callable[[Path, str, str], tuple[tuple[float, ...], str]]
_FOSTERING: Final = "independent fostering agency"
MEASURES: Final[tuple[tuple[str, Measure], ...]] = (
    ("share of private homes owned by the 10 largest", _share_of_largest(10)),
    ("homes owned by the 21 largest", _homes_of_largest(21)),
    ("21 largest companies, share of private", _share_of_largest(21)),
    ("21 largest companies, share of all", _share_of_largest(21, of_all=True)),
    ("homes owned by the 22 largest", _homes_of_largest(22)),
    ("22 largest companies, share of private", _share_of_largest(22)),
    ("22 largest companies, share of all", _share_of_largest(22, of_all=True)),
    ("private homes owned by a single provider", _of_single_owners("home", share=False)),
    ("single providers, share of private homes", _of_single_owners("home", share=True)),
    ("private IFAs that are single providers", _of_single_owners(_FOSTERING, share=False)),
    ("private IFAs in an ownership chain", _in_a_chain),
    ("owners holding 25% of supported", _owners_of_a_quarter_of_premises),
    ("share of all children's homes owned by the 20 largest", _share_of_largest(20, of_all=True)),
    ("share of all homes owned by Amalfi", _share_of_largest(2, of_all=True)),
    ("West Midlands: share", _region_of_largest("West Midlands", 20)),
    ("London: share of homes of private single", _of_single_owners("home", share=True, region="London")),
    ("owners active in homes, fostering", _spanning),
    ("children's homes (main type)", _count(None, main_type=True)),
    ("places in children's homes", _count(None, main_type=True, places=True)),
    ("children's homes of all types", _count(None)),
    ("children's homes run by local authorities", _count("Local authority")),
    ("Cambian homes rated", _inspected("Private", "Cambian", poor=True)),
    ("Cambian homes inspected", _inspected("Private", "Cambian", poor=False)),
    ("Keys homes rated", _inspected("Private", "Keys", poor=True)),
    ("Keys homes inspected", _inspected("Private", "Keys", poor=False)),
    ("private homes rated", _inspected("Private", poor=True)),
    ("private homes inspected", _inspected("Private", poor=False)),
    ("voluntary homes rated", _inspected("Voluntary", poor=True)),
    ("voluntary homes inspected", _inspected("Voluntary", poor=False)),
    ("local authority homes rated", _inspected("Local authority", poor=True)),
    ("local authority homes inspected", _inspected("Local authority", poor=False)),
)


def print_classes(folder: Path) -> None:
    """What names alone say of the class of owner, beside the class that researchers gave with a commercial database."""
    with (folder / _CLASSES).open(encoding="utf-8-sig", newline="") as file:
        rows = [(row["Sector"], row["Company.name"]) for row in csv.DictReader(file)]
    with gzip.open(folder / _OWNERSHIPS, "rt", encoding="utf-8-sig") as file:
        owners = [row["Owner"] for row in csv.DictReader(file)]
    people = [owner for owner in owners if "individual" in owner.lower()]
    found = sum(kind_of_owner(owner, "Private") == "individual" for owner in people)
    print(f"Class of owner by name alone, without a register of control ({len(rows)} companies):")
    for sector in sorted({sector for sector, _ in rows}):
        names = [name for given, name in rows if given == sector]
        classes = [_class_by_name(name) for name in names]
        told = ", ".join(f"{classes.count(each)} {each}" for each in CLASSES if each in classes)
        print(f"  {sector}: {len(names)}, of which by name {told}")
    print(f"  2018 list: {found} of {len(people)} homes 'owned by an individual' are recognised as a person's")


def _class_by_name(name: str) -> str:
    """Of a company that stands alone: an investor by its own name, a council by its kind, else not to be told."""
    kind = kind_of_owner(name)
    own = owner_class("company", [(name, {})])
    return own if own == "investment" else owner_class(kind if kind in {"council", "charity"} else "company", [])


def print_largest(folder: Path, day: str) -> None:
    """The ten largest private owners of a day at two levels, and how many owners were linked by rule."""
    owned = _private_homes(folder, day)
    texts = owned["owner"].n_unique()
    linked = owned.filter(pl.col("company").str.contains(r"^(?:\d{8}|[A-Z]{2}\d{6})$"))
    print(
        f"{day}: {owned.height:,} private homes, {texts:,} owner texts, {owned['name'].n_unique():,} names, "
        f"{owned['company'].n_unique():,} by company ({linked.height:,} homes linked to a number of the list), "
        f"{owned['brand'].n_unique():,} by first telling word"
    )
    for level in ("company", "brand"):
        told = ", ".join(
            f"{_shown(owned, level, key)} {homes}" for key, homes, _ in largest(owned, level, 10).iter_rows()
        )
        print(f"  ten largest by {level}: {told}")


def _shown(frame: pl.DataFrame, level: str, key: str) -> str:
    return str(frame.filter(pl.col(level) == key)["owner"].mode().sort()[0])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
