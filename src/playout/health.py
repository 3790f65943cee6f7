"""The health of Playout: `/healthz`, `/readyz` and the report that `playout doctor` prints."""

from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy import text
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from playout.kit import health
from playout.kit.health import Facts, HealthReport
from playout.kit.jobs import STALLED_AFTER
from playout.runtime import Runtime

LOW_DISK_BYTES = 1024**3
COUNT_WORKERS = text(
    "SELECT count(*) FROM procrastinate_workers"
    " WHERE last_heartbeat > now() - make_interval(secs => :seconds)"
)
REQUIRED = ("database", "storage", "changes")
"""The parts without which no request can be answered."""


def routes(runtime: Runtime) -> Sequence[BaseRoute]:
    """Return `/healthz`, which answers while the process runs, and `/readyz` with the report."""

    async def alive(request: Request) -> JSONResponse:  # noqa: ARG001
        return JSONResponse({"status": "ok"})

    async def ready(request: Request) -> JSONResponse:  # noqa: ARG001
        if runtime.draining.is_set():
            return JSONResponse({"status": "draining", "parts": {}}, 503)
        report = await run_in_threadpool(examine, runtime)
        return JSONResponse(report, 503 if report["status"] == "down" else 200)

    return [Route("/healthz", alive), Route("/readyz", ready)]


def examine(runtime: Runtime) -> HealthReport:
    """Check all parts of the installation, and return the report."""
    checks = {
        "database": lambda: _database(runtime),
        "storage": lambda: _storage(runtime),
        "disk": lambda: _disk(runtime),
        "worker": lambda: _workers(runtime),
    }
    redis = runtime.rate_limit.redis
    known: dict[str, Facts] = {
        "changes": {"ok": runtime.invalidations.connected},
        "limits": {"ok": redis != "away", "redis": redis},
        "media": {**runtime.tools.describe()},
    }
    return health.examine(checks, known, REQUIRED)


def _database(runtime: Runtime) -> Facts:
    with runtime.database.read_session() as session:
        return {"version": session.scalar(text("SHOW server_version"))}


def _storage(runtime: Runtime) -> Facts:
    runtime.storage.check(f"health/{uuid4()}")
    return {}


def _disk(runtime: Runtime) -> Facts:
    """A full disk is not `down`: sources are refused then, but videos still play."""
    free = runtime.storage.free_bytes()
    return {} if free is None else {"free_bytes": free, "ok": free > LOW_DISK_BYTES}


def _workers(runtime: Runtime) -> Facts:
    with runtime.database.read_session() as session:
        alive = session.scalar(COUNT_WORKERS, {"seconds": STALLED_AFTER}) or 0
    return {"ok": alive > 0, "alive": alive}
