"""Logs: one line an event to stderr, readable in a terminal, JSON elsewhere. stdout is for results."""

import logging
import sys

import structlog


def set_up_logs(*, verbose: bool) -> None:
    """Send logs to stderr; `verbose` lets the routine lines through as well."""
    readable = sys.stderr.isatty()
    as_json = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([structlog.dev.ConsoleRenderer()] if readable else as_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO if verbose else logging.WARNING),
        logger_factory=_to_stderr,
        cache_logger_on_first_use=False,
    )


def _to_stderr(*_: object) -> structlog.PrintLogger:
    """A logger on the stderr of the moment: one that was open when logging was set up may be closed since."""
    return structlog.PrintLogger(sys.stderr)
