"""Work for test jobs. Here because a job's process imports what it does."""

import os
import subprocess
import sys
import time

from oversight.errors import RefusedError
from oversight.pipeline.workspace import Workspace


def note(workspace: Workspace) -> str:
    """Leaves a file for each time it is done."""
    with (workspace.settings.home / "done.txt").open("a", encoding="utf-8") as file:
        file.write(f"{os.getpid()}\n")
    return "noted"


def refuse(_: Workspace) -> str:
    """Fails as a source that answers with an error does."""
    raise RefusedError("the server answers HTTP 500", where="https://example.org", next_step="Try later.")


def break_down(_: Workspace) -> str:
    """A defect."""
    raise ZeroDivisionError


def vanish(_: Workspace) -> str:
    """Ends without a word."""
    os._exit(3)


def hang(workspace: Workspace) -> str:
    """Never ends, with a process of its own, and hears no request to stop."""
    command = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
    below = subprocess.Popen([sys.executable, "-c", command])
    (workspace.settings.home / "hanging.txt").write_text(f"{os.getpid()} {below.pid}", encoding="utf-8")
    time.sleep(600)
    return "never"
