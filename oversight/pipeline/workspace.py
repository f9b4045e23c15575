"""The stores and settings a stage works with, opened together."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from oversight.errors import StoreError
from oversight.model.times import Clock
from oversight.settings import Settings
from oversight.store.archive import Archive
from oversight.store.bulk import BulkTables
from oversight.store.ledger import Ledger
from oversight.store.runs import Runs

Tell = Callable[[str, int, int | None], None]
"""Called as work goes on: what is being done, how many are done, of how many (None: not known)."""


def tell_nobody(_what: str, _done: int, _total: int | None) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """One installation: its settings, clock and the three stores (the archive, the ledger, the runs)."""

    settings: Settings
    clock: Clock
    archive: Archive
    ledger: Ledger
    bulk: BulkTables
    runs: Runs


@contextmanager
def open_workspace(settings: Settings, clock: Clock) -> Iterator[Workspace]:
    """Open the stores of an installation, making its folder if there is none.

    Raises:
        StoreError: if the folder or the database cannot be used.
    """
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"the home folder cannot be made: {error.strerror or error}",
            where=str(settings.home),
            next_step="Set OVERSIGHT_HOME to a folder you may write to.",
        ) from error
    with Ledger(settings.ledger_url) as ledger:
        yield Workspace(
            settings=settings,
            clock=clock,
            archive=Archive(settings.home / "archive"),
            ledger=ledger,
            bulk=BulkTables(settings.home / "facts"),
            runs=Runs(settings.home / "runs"),
        )
