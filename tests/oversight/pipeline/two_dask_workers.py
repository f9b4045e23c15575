"""A Dask cluster of two workers, one of which is killed once some blocks are read. Run by a test, ends with its stdin.

python two_dask_workers.py FILE_FOR_THE_ADDRESS FOLDER_OF_TABLES
"""

import os
import signal
import sys
import threading
import time
from pathlib import Path

from distributed import LocalCluster


def main(address: Path, out: Path) -> None:
    two = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "silence_logs": 50}
    with LocalCluster(**two) as cluster:  # type: ignore[no-untyped-call]

        def kill() -> None:
            while len(list((out / "documents").glob("*.parquet"))) < 3:
                time.sleep(0.01)
            os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)
            (out / "killed").touch()

        threading.Thread(target=kill, daemon=True).start()
        part = address.with_suffix(".part")
        part.write_text(cluster.scheduler_address)
        part.rename(address)
        sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
