"""Who would be difficult to replace, and what it costs to know: `python -m tests.benchmarks.replace FOLDER`.

FOLDER is the folder of evaluation data. Works on the registrations of 31 March 2025 by the owner's text, since nothing
links them there. Prints the national ranking, the assignment in three regions, how far the answer hangs on each
assumption, how much a plain sum of children and beds would miss, how well distances between redacted homes are told
(against postcode sectors), and seconds and memory, also for a market of several copies.
"""

import argparse
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from oversight.geography import by_code, in_force
from oversight.geography.making.centres import read_sectors
from oversight.model.evidence import Evidence
from oversight.model.times import AsAt
from risk import groups
from risk.groups import COUNCIL, Market
from risk.parameters import load
from risk.replace import ALL_KINDS, Assumptions, Replacement, assumptions, measure, stock_of
from risk.replace.assign import _flow
from risk.replace.assumptions import Triangle
from risk.replace.ranking import ranking
from risk.replace.reach import chances
from tests.collectors.ofsted.files import frame, read_rows

ON = date(2025, 3, 31)
FILE = "ofsted/provider_level/provider_level_at_31_march_2025.csv.gz"
REGIONS = ("North West", "West Midlands", "South West")
METRES = 1609.344
SECONDS: dict[str, float] = {}


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Keep the seconds of the processor that a stage takes."""
    start = time.process_time()
    yield
    SECONDS[what] = time.process_time() - start


def market_of(folder: Path, copies: int = 1) -> Market:
    """The market by owner text; with copies, the same homes again under other owners."""
    path = folder / FILE
    home = frame(read_rows(path.read_bytes(), path.name), "home")
    many = [
        home.with_columns(
            pl.col("urn") + f"-{copy}" if copy else pl.col("urn"),
            pl.col("owner") + f" {'again ' * copy}" if copy else pl.col("owner"),
        )
        for copy in range(copies)
    ]
    empty = Evidence.empty(AsAt(ON, datetime(2025, 12, 31, tzinfo=UTC)))
    return groups.form(replace(empty, home=pl.concat(many)), load().at(ON))


def answer(market: Market, assumed: Assumptions) -> Replacement:
    """The displacement of every group that is no council."""
    wanted = market.tops.filter(pl.col("kind") != COUNCIL)["group_id"]
    return measure(stock_of(market.home, assumed), assumed, wanted, ON)


def top(found: Replacement, market: Market, count: int = 10, kind: str = ALL_KINDS) -> list[str]:
    """The ranking as rows of Markdown."""
    ranked = ranking(found.displacement, market.tops, kind).head(count)
    lines = ["| | owner | homes | places | within 20 miles | 40 | 60 |", "|---|---|---|---|---|---|---|"]
    for row in ranked.iter_rows(named=True):
        spans = [
            f"{row[f'within_{miles}']:.0f} ({row[f'within_{miles}_low']:.0f} to {row[f'within_{miles}_high']:.0f})"
            for miles in (20, 40, 60)
        ]
        cells = [row["rank"], row["name"], row["homes"], row["places_lost"], *spans]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return lines


def regions(found: Replacement, market: Market, name: str) -> list[str]:
    """One group's assignment within 20 miles by authority in three regions."""
    group = market.tops.filter(pl.col("name") == name)["group_id"][0]
    rows = found.by_authority.filter(pl.col("group_id") == group, pl.col("miles") == pl.col("miles").min()).sort(
        "places_lost", descending=True
    )
    lines = [
        "| region | authority | places lost | share (%) | with neighbours (%) | children | beds | without, at least |"
    ]
    lines.append("|---|---|---|---|---|---|---|---|")
    for region in REGIONS:
        here = [row for row in rows.iter_rows(named=True) if by_code(row["local_authority_code"]).region == region]
        for row in here[:4]:
            spans = [f"{row[f'{n}_central']:.0f} ({row[f'{n}_low']:.0f} to {row[f'{n}_high']:.0f})" for n in
                     ("children", "beds", "unplaced_at_least")]  # fmt: skip
            shares = [f"{row['share_of_authority']:.0f}", f"{row['share_of_neighbourhood']:.1f}"]
            name = by_code(row["local_authority_code"]).name
            lines.append(f"| {' | '.join([region, name, str(row['places_lost']), *shares, *spans])} |")
    return lines


def sensitivity(market: Market, assumed: Assumptions) -> list[str]:
    """How the answer moves with each assumption: one changed at a time."""
    point = {
        f"occupancy at {value:.0%}": replace(assumed, occupancy=Triangle(low=value, likely=value, high=value))
        for value in (0.70, 0.83, 0.95)
    } | {
        f"usable at {value:.0%}": replace(assumed, usable=Triangle(low=value, likely=value, high=value))
        for value in (0.1, 0.5, 1.0)
    }
    changed = {
        "as assumed": assumed,
        **point,
        "all homes at the mean postcode": replace(assumed, distance="between_centres"),
        "homes that require improvement count too": replace(
            assumed, quality=[*assumed.quality, "requires improvement to be good"]
        ),
        "another seed": replace(assumed, trials=assumed.trials.model_copy(update={"seed": 7})),
    }
    base = leaders(answer(market, assumed))
    lines = [
        "| assumption | owners with a child without a place within 20 miles | children, all owners | same first 20 |"
    ]
    lines.append("|---|---|---|---|")
    for name, each in changed.items():
        found = answer(market, each)
        first = found.displacement.filter(pl.col("kind") == ALL_KINDS, pl.col("miles") == pl.col("miles").min())
        without = first["unplaced_central"]
        kept = len(set(leaders(found)) & set(base))
        lines.append(f"| {name} | {(without > 0).sum():,} | {without.sum():,.0f} | {kept} |")
    return lines


def leaders(found: Replacement, count: int = 20) -> list[str]:
    """group_id of the first of the ranking."""
    nameless = found.displacement.select("group_id", pl.col("group_id").alias("name")).unique()
    return ranking(found.displacement, nameless).head(count)["group_id"].to_list()


def missed_by_a_sum(found: Replacement) -> list[str]:
    """Children whom `children less beds within reach of the group` would call placed."""
    lines = []
    for (miles,), rows in (
        found.displacement.filter(pl.col("kind") != ALL_KINDS).sort("miles").group_by("miles", maintain_order=True)
    ):
        plain = (rows["children_central"] - rows["beds_central"]).clip(0).sum()
        lines.append(
            f"within {miles:g} miles: {rows['unplaced_central'].sum():,.0f} children without a place by assignment, "
            f"{plain:,.0f} by a sum over each group"
        )
    return lines


def told_distances(folder: Path, miles: float) -> str:
    """Chance of being within reach, by rule, against all pairs of postcode sectors."""
    sectors = read_sectors(folder / "geography")
    codes = [one.code for one in in_force(date(2025, 11, 30))]
    mine = [sectors.upper_tier == code for code in codes]
    true = np.zeros((len(codes), len(codes)))
    for one in range(len(codes)):
        for other in range(one, len(codes)):
            here, there = sectors.places[mine[one]], sectors.places[mine[other]]
            if np.hypot(*(here.mean(axis=0) - there.mean(axis=0))) > 3 * miles * METRES + 80_000:
                continue
            apart = np.hypot(here[:, None, 0] - there[None, :, 0], here[:, None, 1] - there[None, :, 1])
            weight = sectors.postcodes[mine[one]][:, None] * sectors.postcodes[mine[other]][None]
            true[one, other] = true[other, one] = weight[apart <= miles * METRES].sum() / weight.sum()
    spread, centres = chances(codes, miles, "between_postcodes"), chances(codes, miles, "between_centres")
    some = (true > 0.001) | (spread > 0.001)
    errors = [np.abs(rule - true) for rule in (spread, centres)]
    said = [f"{error[some].mean():.3f} on average, {error.max():.2f} at most" for error in errors]
    return f"within {miles:g} miles, {some.sum():,} pairs: spread off by {said[0]}; centres off by {said[1]}"


def flows_a_second() -> tuple[float, int]:
    """Seconds of the processor for 200 exact flows of a large group's size: what a trial costs without the shortcut."""
    rng = np.random.default_rng(1)
    children, beds = rng.integers(0, 9, 50), rng.integers(0, 20, 140)
    reachable = np.minimum(rng.integers(0, 20, (50, 140)) * (rng.random((50, 140)) < 0.15), beds[None])
    start = time.process_time()
    for _ in range(200):
        _flow(children, beds, reachable)
    return time.process_time() - start, 200


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--copies", type=int, default=2, help="size of the larger market")
    given = parser.parse_args()
    assumed = assumptions(load().at(ON))
    with timed("reading and grouping"):
        market = market_of(given.folder)
    with timed("assignment"):
        found = answer(market, assumed)
    groups_measured = found.displacement["group_id"].n_unique()
    print(f"## {groups_measured:,} owners that are no council, {len(market.home.filter('is_home')):,} homes, {ON}\n")
    print("\n".join(top(found, market)), "\n")
    print("Ordinary homes only:\n")
    print("\n".join(top(found, market, kind="ordinary")), "\n")
    name = ranking(found.displacement, market.tops, "ordinary")["name"][0]
    print(f"## If {name} stopped: three regions, within 20 miles\n")
    print("\n".join(regions(found, market, str(name))), "\n")
    print("## By assignment and by sum\n")
    print("\n".join(missed_by_a_sum(found)), "\n")
    print("## Assumptions\n")
    print("\n".join(sensitivity(market, assumed)), "\n")
    print("## Distances\n")
    print("\n".join(told_distances(given.folder, miles) for miles in assumed.miles), "\n")
    _times(given.folder, given.copies, assumed)


def _times(folder: Path, copies: int, assumed: Assumptions) -> None:
    larger: Any = market_of(folder, copies)
    with timed("larger"):
        answer(larger, assumed)
    exact, number = flows_a_second()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print("## Processor seconds and memory\n")
    print(f"reading and grouping: {SECONDS['reading and grouping']:.1f} s; assignment: {SECONDS['assignment']:.1f} s")
    print(
        f"{copies} times the market: {SECONDS['larger']:.1f} s, "
        f"{SECONDS['larger'] / SECONDS['assignment']:.1f} times that"
    )
    print(f"{number} exact flows of a large group's size: {exact:.2f} s; peak memory {peak:,.0f} MB")


if __name__ == "__main__":
    main()
