"""The authorities of England since 2014: names, codes, places, neighbours and boundaries. Pure."""

from oversight.geography.authorities import Authority, authorities, authority, by_code, carried, in_force, known
from oversight.geography.nearness import METRES_IN_A_MILE, miles_apart, neighbours
from oversight.geography.outlines import outlines

__all__ = [
    "METRES_IN_A_MILE",
    "Authority",
    "authorities",
    "authority",
    "by_code",
    "carried",
    "in_force",
    "known",
    "miles_apart",
    "neighbours",
    "outlines",
]
