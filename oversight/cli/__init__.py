"""The command line: one module a family of commands. Results go to stdout, progress and logs to stderr."""

from oversight.cli.app import main

__all__ = ["main"]
