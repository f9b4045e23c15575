"""The command line: one module a family of commands. Results go to stdout, progress and logs to stderr."""

__all__ = ["main"]


def main() -> None:
    """Run the command line; its modules are imported here, so that a worker that a command starts loads none."""
    from oversight.cli.app import main as run  # noqa: PLC0415

    run()
