"""Structured logs: one JSON object a line, or coloured text on a terminal."""

import logging
import sys

import structlog

from playout.settings import Settings


class _Lines(structlog.WriteLogger):
    """Standard error, under the name of a module."""

    def __init__(self, name: str) -> None:
        super().__init__(sys.stderr)
        self.name = name


def configure(settings: Settings) -> None:
    """Send everything, that of libraries too, through structlog to standard error."""
    as_json = settings.log_format == "json" or (
        settings.log_format == "auto" and not sys.stderr.isatty()
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    final: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if as_json
        # The pretty way to show an exception shows local variables, and so the caller's key.
        else [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    )
    # Our own lines go straight out: the way through `logging` costs more than to serve a page.
    structlog.configure(
        processors=[*shared, *final],
        logger_factory=_Lines,
        wrapper_class=structlog.make_filtering_bound_logger(settings.log_level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *final],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for name in ("procrastinate", "alembic", "uvicorn.error", "httpx2", "httpcore2"):
        logging.getLogger(name).setLevel("WARNING")
