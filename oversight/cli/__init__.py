"""The command line: one module a family of commands. Results go to stdout, progress and logs to stderr."""

import gc

gc.disable()  # loading makes much and drops little: looking for what was dropped takes a fifth of it

from oversight.cli.app import main  # noqa: E402

gc.freeze()
gc.enable()

__all__ = ["main"]
