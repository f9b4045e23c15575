from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from oversight.store.leases import give_back, holder_of, take
from oversight.store.ledger import Ledger

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LASTS = timedelta(minutes=2)


def test_one_holder_at_a_time(ledger_url: str) -> None:
    with Ledger(ledger_url) as ledger, Ledger(ledger_url) as other:
        assert take(ledger, "companies", "one", NOW, LASTS)
        assert not take(other, "companies", "two", NOW + timedelta(seconds=119), LASTS)
        assert take(other, "notices", "two", NOW, LASTS)
        assert holder_of(other, "companies", NOW) == "one"


def test_a_lease_can_be_renewed_given_back_and_runs_out(ledger_url: str) -> None:
    with Ledger(ledger_url) as ledger:
        assert take(ledger, "companies", "one", NOW, LASTS)
        assert take(ledger, "companies", "one", NOW + timedelta(minutes=1), LASTS)
        assert not take(ledger, "companies", "two", NOW + timedelta(minutes=2), LASTS)
        assert take(ledger, "companies", "two", NOW + timedelta(minutes=3), LASTS)
        assert not take(ledger, "companies", "one", NOW + timedelta(minutes=4), LASTS)
        give_back(ledger, "companies", "one", NOW + timedelta(minutes=4))
        assert holder_of(ledger, "companies", NOW + timedelta(minutes=4)) == "two"
        give_back(ledger, "companies", "two", NOW + timedelta(minutes=4))
        assert holder_of(ledger, "companies", NOW + timedelta(minutes=4)) is None


def test_of_many_who_try_at_once_one_gets_it(ledger_url: str) -> None:
    def attempt(number: int) -> bool:
        with Ledger(ledger_url) as ledger:
            return take(ledger, "companies", f"holder {number}", NOW, LASTS)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(16))) == 1
