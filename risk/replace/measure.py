"""What each group's stopping would mean: rows of `displacement` and `displacement_by_authority`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from oversight.geography import neighbours
from risk.findings import empty
from risk.replace.assign import Whole, unplaced
from risk.replace.assumptions import Assumptions
from risk.replace.reach import chances
from risk.replace.stock import Stock
from risk.replace.trials import Trials, draw, generator

ALL_KINDS: Final = "all"
_NEGLIGIBLE: Final = 0.001


@dataclass(frozen=True, slots=True)
class Replacement:
    """Rows of the two tables; both are empty where the publication gives no judgements."""

    displacement: pl.DataFrame
    by_authority: pl.DataFrame


def measure(stock: Stock, assumed: Assumptions, groups: Iterable[str], on: date) -> Replacement:
    """What would be lost, what would be left, and who could not be placed, for each group alone.

    Args:
        stock: every home there is, whoever runs it.
        assumed: the assumptions.
        groups: group_id of the groups to measure.
        on: the day, for which authorities are neighbours.
    """
    wanted = set(groups)
    if not stock.judged or stock.cells.is_empty():
        return Replacement(empty("displacement"), empty("displacement_by_authority"))
    trials = draw(stock, assumed)
    ground = Ground(tuple(stock.cells["local_authority_code"].unique().sort()), assumed, trials.number, on)
    totals: list[dict[str, Any]] = []
    local: list[dict[str, Any]] = []
    together: dict[tuple[str, float], list[Loss]] = {}
    for kind in _kinds(stock.cells, ground, trials):
        for group, rows in kind.groups():
            if group not in wanted:
                continue
            for miles, lost in losses(kind, rows, assumed.miles):
                together.setdefault((group, miles), []).append(lost)
                totals.append(_total(group, kind.name, miles, [lost], assumed))
                local += _local(group, lost, miles, assumed)
    totals += [_total(group, ALL_KINDS, miles, found, assumed) for (group, miles), found in together.items()]
    return Replacement(_frame("displacement", totals), _frame("displacement_by_authority", local))


class Ground:
    """What lies where: authorities by place in a list, and the chance of being within reach."""

    def __init__(self, codes: tuple[str, ...], assumed: Assumptions, trials: int, on: date) -> None:
        self.codes = codes
        self.place = {code: place for place, code in enumerate(codes)}
        self.reach = {miles: chances(codes, miles, assumed.distance) for miles in assumed.miles}
        seed = assumed.trials.seed
        self._from = np.array([generator(seed, "from", code).random(trials) for code in codes])
        self._to = np.array([generator(seed, "to", code).random(trials) for code in codes])
        self._on = on

    def rounding(self, origins: NDArray[np.intp], places: NDArray[np.intp]) -> NDArray[np.float64]:
        """Numbers from 0 to 1 that say which way a part of a bed is rounded, shape (origins, places, trials)."""
        turned = self._from[origins][:, None] + self._to[places][None]
        return np.asarray(turned - (turned >= 1.0))

    def beside(self, place: int) -> list[int]:
        """Places of an authority and its neighbours."""
        code = self.codes[place]
        return [place, *(self.place[other] for other in neighbours(code, self._on) if other in self.place)]


@dataclass(frozen=True)
class Kind:
    """All homes of one kind.

    Attributes:
        name: of the kind.
        ground: where authorities lie.
        group: group_id by row.
        place: authority by row, as its place in the ground.
        homes, places, good: counts by row.
        children, beds: draws by row, shape (rows, trials).
    """

    name: str
    ground: Ground
    group: NDArray[np.str_]
    place: NDArray[np.intp]
    homes: Whole
    places: Whole
    good: Whole
    children: Whole
    beds: Whole

    @cached_property
    def all_places(self) -> Whole:
        """Registered places by authority."""
        return self._by_authority(self.places)

    @cached_property
    def all_good(self) -> Whole:
        """Registered places of good homes by authority."""
        return self._by_authority(self.good)

    @cached_property
    def all_beds(self) -> Whole:
        """Usable empty beds by authority, shape (authorities, trials)."""
        return self._by_authority(self.beds)

    def groups(self) -> Iterator[tuple[str, NDArray[np.intp]]]:
        """Each known group with its rows, one an authority."""
        for group in np.unique(self.group):
            if group:
                yield str(group), np.flatnonzero(self.group == group)

    def _by_authority(self, counts: Whole) -> Whole:
        total = np.zeros((len(self.ground.codes), *counts.shape[1:]), dtype=np.int64)
        np.add.at(total, self.place, counts)
        return total


@dataclass(frozen=True, slots=True)
class Loss:
    """One group's homes of one kind, gone, and what is left within a distance.

    Attributes:
        kind: the kind.
        rows: of the kind, one an authority.
        left: places of others' good homes within reach, by authority.
        beds: usable beds within reach, by authority and trial.
        children: displaced, by authority and trial.
        left_together, beds_together: the same for the group as a whole, each place counted once.
        unplaced: children without a bed in the best assignment, by trial.
    """

    kind: Kind
    rows: NDArray[np.intp]
    left: NDArray[np.float64]
    beds: Whole
    children: Whole
    left_together: float
    beds_together: Whole
    unplaced: Whole

    @property
    def homes(self) -> int:
        """Homes that would go."""
        return int(self.kind.homes[self.rows].sum())

    @property
    def places(self) -> int:
        """Their registered places."""
        return int(self.kind.places[self.rows].sum())

    @property
    def without(self) -> Whole:
        """Children of each authority without a bed within reach even if they came first, by trial."""
        return np.asarray(np.maximum(self.children - self.beds, 0))


def losses(kind: Kind, rows: NDArray[np.intp], distances: Sequence[float]) -> Iterator[tuple[float, Loss]]:
    """What the loss of some rows of a kind means within each distance."""
    origins, ground = kind.place[rows], kind.ground
    children = kind.children[rows]
    good, free = kind.all_good.copy(), kind.all_beds.copy()
    good[origins] -= kind.good[rows]
    free[origins] -= kind.beds[rows]
    for miles in distances:
        chance = ground.reach[miles][origins]
        best = chance.max(axis=0)
        near = np.flatnonzero(best > _NEGLIGIBLE)
        reachable = _reachable(chance[:, near], free[near], ground.rounding(origins, near))
        yield (
            miles,
            Loss(
                kind=kind,
                rows=rows,
                left=chance @ good,
                beds=reachable.sum(axis=1),
                children=children,
                left_together=float(best @ good),
                beds_together=np.minimum(free[near], reachable.sum(axis=0)).sum(axis=0),
                unplaced=unplaced(children, free[near], reachable),
            ),
        )


def _reachable(chance: NDArray[np.float64], beds: Whole, rounding: NDArray[np.float64]) -> Whole:
    """Beds of each place within reach of each origin: the chance times the beds, rounded up or down at random."""
    whole = np.floor(chance[:, :, None] * beds[None] + rounding).astype(np.int64)
    return np.asarray(np.minimum(whole, beds[None]))


def _kinds(cells: pl.DataFrame, ground: Ground, trials: Trials) -> Iterator[Kind]:
    numbered = cells.with_row_index("row")
    for (name,), part in numbered.group_by("kind", maintain_order=True):
        rows = part["row"].to_numpy()
        yield Kind(
            name=str(name),
            ground=ground,
            group=part["group_id"].to_numpy().astype(str),
            place=np.array([ground.place[code] for code in part["local_authority_code"]], dtype=np.intp),
            homes=part["homes"].to_numpy(),
            places=part["places"].to_numpy(),
            good=part["good_places"].to_numpy(),
            children=trials.children[rows],
            beds=trials.beds[rows],
        )


def _total(group: str, kind: str, miles: float, lost_kinds: Sequence[Loss], assumed: Assumptions) -> dict[str, Any]:
    return {
        "displacement_id": f"{group}.{kind}.{miles:g}",
        "group_id": group,
        "kind": kind,
        "miles": miles,
        "homes": sum(lost.homes for lost in lost_kinds),
        "places_lost": sum(lost.places for lost in lost_kinds),
        "places_left": sum(lost.left_together for lost in lost_kinds),
        **_range("children", sum(lost.children.sum(axis=0) for lost in lost_kinds), assumed),
        **_range("beds", sum(lost.beds_together for lost in lost_kinds), assumed),
        **_range("unplaced", sum(lost.unplaced for lost in lost_kinds), assumed),
    }


def _local(group: str, lost: Loss, miles: float, assumed: Assumptions) -> Iterator[dict[str, Any]]:
    kind, ground, without = lost.kind, lost.kind.ground, lost.without
    for each, row in enumerate(lost.rows):
        place, places = int(kind.place[row]), int(kind.places[row])
        code = ground.codes[place]
        yield {
            "displacement_id": f"{group}.{code}.{kind.name}.{miles:g}",
            "group_id": group,
            "local_authority_code": code,
            "kind": kind.name,
            "miles": miles,
            "homes": int(kind.homes[row]),
            "places_lost": places,
            "share_of_authority": _percent(places, int(kind.all_places[place])),
            "share_of_neighbourhood": _percent(places, int(kind.all_places[ground.beside(place)].sum())),
            "places_left": float(lost.left[each]),
            **_range("children", lost.children[each], assumed),
            **_range("beds", lost.beds[each], assumed),
            **_range("unplaced_at_least", without[each], assumed),
        }


def _range(name: str, draws: Any, assumed: Assumptions) -> dict[str, float]:
    """Low percentile, median and high percentile of the trials, each the figure of one trial and so whole."""
    ordered = np.sort(draws)
    parts = {"low": assumed.trials.low, "central": 50.0, "high": assumed.trials.high}
    last = len(ordered) - 1
    return {f"{name}_{part}": float(ordered[round(percent / 100 * last)]) for part, percent in parts.items()}


def _percent(part: int, whole: int) -> float | None:
    return part / whole * 100 if whole else None


def _frame(name: str, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    nothing = empty(name)
    if not rows:
        return nothing
    return pl.DataFrame(rows, schema=nothing.schema).sort("displacement_id")
