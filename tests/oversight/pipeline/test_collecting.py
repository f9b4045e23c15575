"""What collecting promises, on a small scale; `python -m tests.benchmarks.collection` shows it on a large one."""

from pathlib import Path

import pytest

from collectors.pacing import COMPANIES_HOUSE_LIMIT
from oversight.errors import UnreachableError
from oversight.example.faults import KINDS
from oversight.example.server import run as serve
from oversight.example.shapes import Market
from tests.benchmarks.collection.killed import kill_sweeps
from tests.benchmarks.collection.limit import first_sweep
from tests.benchmarks.collection.lost import compare
from tests.benchmarks.collection.quiet import second_sweep
from tests.benchmarks.collection.sample import sample
from tests.benchmarks.collection.sweeps import contents, differences, part_of_market, sweep


@pytest.fixture(scope="module")
def market() -> Market:
    """One company and a charity."""
    return part_of_market("G00-13", "G00-23")


@pytest.mark.integration
def test_nothing_is_lost_in_a_sweep_through_faults(market: Market, tmp_path: Path) -> None:
    result = compare(market, tmp_path, seed=1)
    assert result.differences == []
    assert result.failures == {}
    assert len(result.done) >= len(KINDS) // 2
    assert result.rows > 500


@pytest.mark.integration
@pytest.mark.parametrize("connections", [1, 16])
def test_killed_anywhere_nothing_is_lost_and_nothing_recorded_is_asked_again(
    market: Market, tmp_path: Path, connections: int
) -> None:
    result = kill_sweeps(market, tmp_path, sweeps=3, connections=connections, seed=5)
    assert result.kills >= 1
    assert result.differences == {}
    assert result.recorded_again == []
    assert max(result.repeated) <= connections


def test_a_sweep_goes_on_at_the_limit_and_meets_no_refusal(tmp_path: Path) -> None:
    """The first window ends early (its first fifth is free); each later one lets 600 through."""
    result = first_sweep(tmp_path, 150)
    assert result.requests == 900
    assert result.refused == 0
    assert result.seconds == pytest.approx(1.5 * 300, rel=0.02)


def test_slow_answers_are_hidden_only_by_asking_for_several_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "many").mkdir()
    one = first_sweep(tmp_path / "one", 20, connections=1)
    many = first_sweep(tmp_path / "many", 20, connections=16)
    assert one.seconds == pytest.approx(20 * 6 * 2)
    assert many.seconds < one.seconds / 5


@pytest.mark.integration
def test_two_processes_with_one_key_meet_no_refusal(market: Market, tmp_path: Path) -> None:
    result = sample(market, tmp_path, 24.0)
    assert result.refused == 0
    late = max(0.0, result.seconds - 8) / COMPANIES_HOUSE_LIMIT.spacing  # beyond the free fifth, by the clock
    assert 30 <= result.asked <= 120 + 2 * 12 + late


@pytest.mark.integration
def test_a_second_sweep_costs_what_changed(tmp_path: Path) -> None:
    result = second_sweep(tmp_path, 20, share=0.05)
    assert result.changed == result.found == 1
    assert result.first > 100
    assert sum(result.second.values()) <= 8


@pytest.mark.integration
def test_a_ledger_that_lacks_a_company_is_told_from_one_that_does_not(market: Market, tmp_path: Path) -> None:
    with serve(market) as base:
        sweep(tmp_path / "whole", base)
        whole = contents(tmp_path / "whole", base)
        assert differences(whole, whole) == []
    with serve(part_of_market("G00-23"), port=int(base.rpartition(":")[2])) as base:
        sweep(tmp_path / "less", base)
        assert differences(whole, contents(tmp_path / "less", base))


@pytest.mark.integration
def test_a_lost_network_says_what_to_check(market: Market, tmp_path: Path) -> None:
    with serve(market) as base:
        pass
    with pytest.raises(UnreachableError, match="Check the network and the setting OVERSIGHT_"):
        sweep(tmp_path, base)
