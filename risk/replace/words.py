"""The assumptions in words, to stand beside every figure that rests on them."""

from typing import Final

from risk.replace.assumptions import Assumptions, Triangle

_DISTANCE: Final = {
    "between_postcodes": "where homes stand in their authority is not published, so a distance is that between "
    "postcodes of the authorities, by chance",
    "between_centres": "homes are taken to stand at the mean postcode of their authority",
}


def assumptions_in_words(assumed: Assumptions) -> str:
    """Two sentences."""
    return (
        f"Estimates, not counts: {_share(assumed.occupancy)} of places have a child and {_share(assumed.usable)} of "
        f"the empty ones could take another, in {assumed.trials.number:,} trials of which the range leaves out the "
        f"lowest {assumed.trials.low:g}% and the highest {100 - assumed.trials.high:g}%. A bed counts in a home of the "
        f"same kind that is judged {' or '.join(assumed.quality)} and is not the group's own; "
        f"{_DISTANCE[assumed.distance]}."
    )


def _share(triangle: Triangle) -> str:
    return f"{triangle.low:.0%} to {triangle.high:.0%} (most likely {triangle.likely:.0%})"
