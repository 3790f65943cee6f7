"""Structured logs: one JSON object a line, or coloured text on a terminal."""

import atexit
import logging
import sys
import threading
import time
from collections import deque
from datetime import UTC, datetime
from functools import partial
from json.encoder import encode_basestring_ascii as quoted
from typing import Any, Literal

import structlog

Format = Literal["auto", "json", "console"]
Level = Literal["debug", "info", "warning", "error"]

REQUESTS = "playout.request"
"""The logger of the lines of requests, which are written together."""
WRITE_EVERY = 0.25
"""Seconds that the line of a request waits for others, at the most."""
MAX_WAITING = 10_000
"""Lines that may wait. Beyond them a request waits until they are written."""
PIECE_BYTES = 4096
"""Bytes written at once: processes that share a pipe do not mix up so few of them (PIPE_BUF)."""


class _Lines:
    """Lines that wait to be written to standard error, in their order.

    To write each at once would cost a small request more than its answer does.
    """

    def __init__(self) -> None:
        self._waiting: deque[str] = deque()
        self._has_some = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def append(self, line: str) -> None:
        """Write a line within `WRITE_EVERY` seconds.

        If the process is killed, no older line is lost.
        """
        self._waiting.append(line)
        if not self._has_some.is_set():
            self._has_some.set()
            self._start()
        elif len(self._waiting) > MAX_WAITING:
            self.flush()

    def write(self, line: str) -> None:
        """Write a line now, and before it those that wait."""
        with self._lock:
            self._flush()
            _write(line)

    def flush(self) -> None:
        """Write the lines that wait."""
        with self._lock:
            self._flush()

    def _flush(self) -> None:
        self._has_some.clear()  # first: a line that comes meanwhile sets it again
        piece: list[str] = []
        size = 0
        # No list that is swapped for another: a line could be appended to the old one too late.
        while self._waiting:
            line = self._waiting.popleft()
            length = len(line.encode())
            if piece and size + length > PIECE_BYTES:
                _write("".join(piece))
                piece, size = [], 0
            piece.append(line)
            size += length
        if piece:
            _write("".join(piece))

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="log", daemon=True)
            self._thread.start()
            atexit.register(self.flush)

    def _run(self) -> None:
        while True:
            self._has_some.wait()
            time.sleep(WRITE_EVERY)
            self.flush()


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


_lines = _Lines()


class _StderrLogger:
    """A logger that writes to standard error and has the name of a module."""

    def __init__(self, name: str, *, joins_requests: bool) -> None:
        self.name = name
        self._write = _lines.append if joins_requests and name == REQUESTS else _lines.write

    def msg(self, message: str) -> None:
        self._write(f"{message}\n")

    log = debug = info = warning = error = critical = exception = msg


class _StderrHandler(logging.StreamHandler[Any]):
    """Writes the lines of libraries, after those that wait."""

    def emit(self, record: logging.LogRecord) -> None:
        _lines.flush()
        super().emit(record)


class _Requests:
    """The lines of requests, as structlog would write them."""

    def __init__(self) -> None:
        self._log = structlog.get_logger(REQUESTS)
        self.as_json = False
        """True if the lines are JSON, and are not filtered."""

    def answered(
        self, method: str, path: str, status: int, client: str, *, seconds: float, request_id: str
    ) -> None:
        """Log a request that took so many seconds to answer."""
        ms = round(seconds * 1000, 1)
        if not self.as_json:
            self._log.info(
                "request",
                method=method,
                path=path,
                status=status,
                client=client,
                ms=ms,
                request_id=request_id,
            )
            return
        # By structlog the line would take as long as everything else about a page from memory.
        now = datetime.now(UTC).isoformat()[: -len("+00:00")]
        _lines.append(
            f'{{"method": {quoted(method)}, "path": {quoted(path)}, "status": {status}, '
            f'"client": {quoted(client)}, "ms": {ms}, "event": "request", '
            f'"request_id": {quoted(request_id)}, "level": "info", "logger": "{REQUESTS}", '
            f'"timestamp": "{now}Z"}}\n'
        )


requests = _Requests()


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
        logger_factory=partial(_StderrLogger, joins_requests=as_json),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    requests.as_json = as_json and level in {"debug", "info"}
    handler = _StderrHandler(sys.stderr)
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
