"""Who does the work: processes on this machine, a Dask cluster, or any executor that is handed in."""

import gc
import multiprocessing
import os
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Protocol

import oversight.pipeline.accounts.block  # noqa: F401 - a worker loads it before it begins, not with its first block
from collectors.accounts.catalogue import catalogue
from oversight.errors import SettingsError, StoreError, UnreachableError


class Workers(Protocol):
    """An executor, how many tasks it can do at once, and how to have a new one where it broke."""

    width: int

    def executor(self) -> Executor:
        """The executor in use."""

    def renew(self) -> Executor:
        """A new one in place of one that broke.

        Raises:
            StoreError: if there is none to be had.
        """


class Given:
    """An executor that somebody else opened and closes: any of `concurrent.futures`, or one that behaves like it."""

    def __init__(self, executor: Executor, width: int) -> None:
        self.width = width
        self._executor = executor

    def executor(self) -> Executor:
        """The executor that was given."""
        return self._executor

    def renew(self) -> Executor:
        """There is no other.

        Raises:
            StoreError: always.
        """
        raise StoreError(
            "the workers stopped for good",
            next_step="Start them again and run the same command: it goes on where it was.",
        )


class _Processes:
    def __init__(self, width: int) -> None:
        self.width = width
        self._pool = self._start()

    def _start(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.width, mp_context=multiprocessing.get_context("spawn"), initializer=_begin)

    def executor(self) -> Executor:
        return self._pool

    def renew(self) -> Executor:
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = self._start()
        return self._pool


@contextmanager
def processes(width: int) -> Iterator[Workers]:
    """Processes on this machine. One that dies is replaced."""
    os.environ.setdefault(
        "POLARS_MAX_THREADS", "1"
    )  # read by the processes when they start: the work is shared already
    pool = _Processes(width)
    try:
        yield pool
    finally:
        pool.executor().shutdown(wait=False, cancel_futures=True)


@contextmanager
def cluster(address: str) -> Iterator[Workers]:
    """The workers of a Dask cluster, which must see the zips and the output under the same paths.

    Raises:
        SettingsError: if Dask is not installed.
        UnreachableError: if nothing answers at the address.
    """
    try:
        from distributed import Client  # noqa: PLC0415 - an extra, imported only where it is asked for
    except ImportError as error:
        raise SettingsError(
            "Dask is not installed", where="--dask", next_step="pip install 'childrens-homes-oversight[dask]'"
        ) from error
    try:
        client = Client(address, timeout=60, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise UnreachableError(
            f"no Dask scheduler answers: {error}", where=address, next_step="Check the address and that it runs."
        ) from error
    with client:
        threads = sum(client.nthreads().values())  # type: ignore[no-untyped-call]
        with client.get_executor() as executor:  # type: ignore[no-untyped-call]
            yield Given(executor, max(1, threads))


def _begin() -> None:
    """What a process does before its first block: set aside what it imported, so that no search for cycles sees it."""
    _leave_with_parent()
    catalogue()
    gc.collect()
    gc.freeze()


def _leave_with_parent() -> None:
    """End this process when the command that started it is killed, instead of waiting for work for ever."""
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
