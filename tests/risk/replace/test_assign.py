"""The assignment of children to beds, against other ways to the same number."""

from itertools import combinations

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.replace.assign import Whole, unplaced


def one_trial(children: list[int], beds: list[int], reachable: list[list[int]]) -> int:
    return int(unplaced(np.array([children]).T, np.array([beds]).T, np.array(reachable)[:, :, None])[0])


def test_two_children_cannot_take_one_bed() -> None:
    assert one_trial([1, 1], [1], [[1], [1]]) == 1


def test_it_is_no_sum_the_only_reachable_bed_goes_to_the_child_who_has_no_other() -> None:
    """Two children, two beds; one child can take either bed, the other only the first."""
    assert one_trial([1, 1], [1, 1], [[1, 1], [1, 0]]) == 0
    assert one_trial([1, 1], [2, 0], [[2, 0], [0, 0]]) == 1


def test_a_choice_in_turn_would_go_wrong_where_the_best_does_not() -> None:
    """Scarcity ranks the first authority behind the second, and yet every child has a bed."""
    children, beds = [2, 2, 2], [2, 2, 2]
    reachable = [[2, 2, 0], [0, 2, 2], [2, 0, 2]]
    assert one_trial(children, beds, reachable) == 0


def test_nobody_to_place_and_nowhere_to_go() -> None:
    assert one_trial([0], [3], [[3]]) == 0
    assert one_trial([3], [0], [[0]]) == 3
    assert list(unplaced(np.array([[2, 5]]), np.zeros((0, 2), int), np.zeros((1, 0, 2), int))) == [2, 5]


def cases() -> st.SearchStrategy[tuple[list[int], list[int], list[list[int]]]]:
    def fill(size: tuple[int, int]) -> st.SearchStrategy[tuple[list[int], list[int], list[list[int]]]]:
        origins, places = size
        whole = st.integers(0, 6)
        return st.tuples(
            st.lists(whole, min_size=origins, max_size=origins),
            st.lists(whole, min_size=places, max_size=places),
            st.lists(st.lists(whole, min_size=places, max_size=places), min_size=origins, max_size=origins),
        )

    return st.tuples(st.integers(1, 4), st.integers(1, 5)).flatmap(fill)


def capped(beds: list[int], reachable: list[list[int]]) -> Whole:
    return np.asarray(np.minimum(np.array(reachable), np.array(beds)[None]))


@settings(max_examples=150, deadline=None)
@given(cases())
def test_it_is_the_largest_flow(case: tuple[list[int], list[int], list[list[int]]]) -> None:
    children, beds, raw = case
    reachable = capped(beds, raw)
    graph: nx.DiGraph[object] = nx.DiGraph()
    graph.add_nodes_from(["source", "sink"])
    for origin, number in enumerate(children):
        graph.add_edge("source", ("from", origin), capacity=number)
        for place, most in enumerate(reachable[origin]):
            graph.add_edge(("from", origin), ("to", place), capacity=int(most))
    for place, number in enumerate(beds):
        graph.add_edge(("to", place), "sink", capacity=number)
    placed = nx.maximum_flow_value(graph, "source", "sink")
    assert one_trial(children, beds, reachable.tolist()) == sum(children) - placed


@settings(max_examples=80, deadline=None)
@given(cases())
def test_it_is_the_worst_shortage_of_any_set_of_authorities(case: tuple[list[int], list[int], list[list[int]]]) -> None:
    """Koenig and Hall: those without a bed are the largest excess of a set's children over what it can reach."""
    children, beds, raw = case
    reachable = capped(beds, raw)
    worst = 0
    for size in range(1, len(children) + 1):
        for some in combinations(range(len(children)), size):
            carried = np.minimum(reachable[list(some)].sum(axis=0), beds).sum()
            worst = max(worst, int(sum(children[each] for each in some) - carried))
    assert one_trial(children, beds, reachable.tolist()) == worst


def test_many_trials_are_each_their_own() -> None:
    rng = np.random.default_rng(5)
    children, beds = rng.integers(0, 9, (6, 30)), rng.integers(0, 9, (8, 30))
    reachable = np.minimum(rng.integers(0, 9, (6, 8, 30)), beds[None])
    together = unplaced(children, beds, reachable)
    alone = [int(unplaced(children[:, [t]], beds[:, [t]], reachable[:, :, [t]])[0]) for t in range(30)]
    assert together.tolist() == alone
