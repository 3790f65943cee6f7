"""Whether Playout is well: the truth about each of its parts."""

import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import text
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from playout.core.runtime import Runtime
from playout.kit.jobs import STALLED_AFTER

LOW_DISK = 1024**3
WORKERS = text(
    "SELECT count(*) FROM procrastinate_workers"
    " WHERE last_heartbeat > now() - make_interval(secs => :seconds)"
)
NEEDED = ("database", "storage", "changes")
"""Parts without which no request can be answered; the others make it degraded, not unready."""

Part = dict[str, Any]


def routes(runtime: Runtime) -> Sequence[BaseRoute]:
    async def alive(request: Request) -> JSONResponse:  # noqa: ARG001
        return JSONResponse({"status": "ok"})

    async def ready(request: Request) -> JSONResponse:  # noqa: ARG001
        if runtime.draining.is_set():
            return JSONResponse({"status": "draining", "parts": {}}, 503)
        report = await run_in_threadpool(examine, runtime)
        return JSONResponse(report, 503 if report["status"] == "down" else 200)

    return [Route("/healthz", alive), Route("/readyz", ready)]


def examine(runtime: Runtime) -> Part:
    """`{"status": "ok"|"degraded"|"down", "parts": {name: {"ok": bool, …}}}`."""
    parts = {
        "database": _part(lambda: _database(runtime)),
        "storage": _part(lambda: _storage(runtime)),
        "disk": _part(lambda: _disk(runtime)),
        "changes": {"ok": runtime.changes.hearing},
        "worker": _part(lambda: _workers(runtime)),
        "limits": {"ok": runtime.rate_limit.redis != "away", "redis": runtime.rate_limit.redis},
        "media": {"ok": True, **runtime.tools.describe()},
    }
    down = [name for name, part in parts.items() if not part["ok"]]
    status = "ok" if not down else "down" if set(down) & set(NEEDED) else "degraded"
    return {"status": status, "parts": parts}


def _part(look: Callable[[], Part]) -> Part:
    started = time.perf_counter()
    try:
        part = look()
    except Exception as error:
        return {"ok": False, "error": str(error) or type(error).__name__}
    return {"ok": True, **part, "ms": round((time.perf_counter() - started) * 1000, 1)}


def _database(runtime: Runtime) -> Part:
    with runtime.database.reading() as session:
        return {"version": session.scalar(text("SHOW server_version"))}


def _storage(runtime: Runtime) -> Part:
    runtime.storage.check(f"health/{uuid4()}")
    return {}


def _disk(runtime: Runtime) -> Part:
    """Room for what comes in; a server that has little still shows what it has."""
    free = runtime.storage.free_bytes()
    return {} if free is None else {"free_bytes": free, "ok": free > LOW_DISK}


def _workers(runtime: Runtime) -> Part:
    with runtime.database.reading() as session:
        alive = session.scalar(WORKERS, {"seconds": STALLED_AFTER})
    return {"ok": bool(alive), "alive": alive}
