"""Structured logs: one JSON object a line, or coloured text on a terminal."""

import logging
import sys
from typing import Literal

import structlog

Format = Literal["auto", "json", "console"]
Level = Literal["debug", "info", "warning", "error"]


class _StderrLogger(structlog.WriteLogger):
    """A logger that writes to standard error and has the name of a module."""

    def __init__(self, name: str) -> None:
        super().__init__(sys.stderr)
        self.name = name


def configure(format: Format, level: Level) -> None:
    """Send every log line, also those of libraries, through structlog to standard error.

    The format `auto` is `console` on a terminal and `json` elsewhere.
    """
    as_json = format == "json" or (format == "auto" and not sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    final: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if as_json
        # The default formatter of exceptions prints local variables, which may hold an API key.
        else [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    )
    # Playout's own lines do not pass through `logging`: that would cost more than serving a page.
    structlog.configure(
        processors=[*shared, *final],
        logger_factory=_StderrLogger,
        wrapper_class=structlog.make_filtering_bound_logger(level),
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
    root.setLevel(level.upper())
    for name in ("procrastinate", "alembic", "uvicorn.error", "httpx2", "httpcore2"):
        logging.getLogger(name).setLevel("WARNING")
    # It would log each attempt to connect. Whoever uses a pool logs that the database is away.
    logging.getLogger("psycopg.pool").setLevel("ERROR")
