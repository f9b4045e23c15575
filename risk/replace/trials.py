"""The trials: how many children there would be to place, and how many beds to place them in.

A trial draws one occupancy and one usable share for the country, then children and usable empty beds for each group,
authority and kind: binomial, since each place has a child or not. Each draw has a stream of its own, seeded by what
it is of, so that a group's figures do not hang on who else is in the market or in which order.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from risk.replace.assumptions import Assumptions
from risk.replace.stock import Stock

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Trials:
    """Draws by row of the stock's cells.

    Attributes:
        children: children living there, shape (cells, trials).
        beds: empty places of good homes that could take a child, shape (cells, trials).
        seed: of all draws.
    """

    children: Whole
    beds: Whole
    seed: int

    @property
    def number(self) -> int:
        """How many trials."""
        return int(self.children.shape[1])


def draw(stock: Stock, assumed: Assumptions) -> Trials:
    """Draw children and usable beds for every cell of the stock."""
    number, seed = assumed.trials.number, assumed.trials.seed
    occupancy = assumed.occupancy.at(_ranks(number, seed, "occupancy"))
    usable = (1 - occupancy) * assumed.usable.at(_ranks(number, seed, "usable"))
    children = np.zeros((len(stock.cells), number), dtype=np.int64)
    beds = np.zeros_like(children)
    for row, (group, code, kind, places, good) in enumerate(_rows(stock.cells)):
        stream = generator(seed, group, code, kind)
        children[row] = stream.binomial(places, occupancy)
        beds[row] = stream.binomial(good, usable)
    return Trials(children, beds, seed)


def generator(seed: int, *parts: str) -> np.random.Generator:
    """A stream of random numbers that hangs on the seed and some texts only."""
    digest = hashlib.sha256("\x1f".join((str(seed), *parts)).encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))


def _ranks(number: int, seed: int, name: str) -> NDArray[np.float64]:
    """One rank from each of `number` equal slices of 0 to 1, in random order: few trials cover the whole range."""
    return (generator(seed, name).permutation(number) + 0.5) / number


def _rows(cells: pl.DataFrame) -> list[tuple[str, str, str, int, int]]:
    return cells.select("group_id", "local_authority_code", "kind", "places", "good_places").rows()
