"""The health of Playout: `/healthz`, `/readyz` and the report that `playout doctor` prints."""

from collections.abc import Mapping, Sequence
from uuid import uuid4

from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from playout.core.accounts import identities
from playout.core.principal import WORKER
from playout.kit import health
from playout.kit.health import Check, Facts, HealthChecks, HealthReport
from playout.kit.jobs import STALLED_AFTER
from playout.kit.openid.provider import Provider
from playout.runtime import Runtime

LOW_DISK_BYTES = 1024**3
COUNT_WORKERS = text(
    "SELECT count(*) FROM procrastinate_workers"
    " WHERE last_heartbeat > now() - make_interval(secs => :seconds)"
)
REQUIRED = ("database", "storage", "changes")
"""The parts without which nothing can be read. If another part fails, videos still play, and a
balancer must not take every server away."""


def routes(runtime: Runtime) -> Sequence[BaseRoute]:
    """Return `/healthz`, which answers while the process runs, and `/readyz` with the report."""
    checks = HealthChecks(_parts(runtime))

    async def alive(request: Request) -> JSONResponse:  # noqa: ARG001
        return JSONResponse({"status": "ok"})

    async def ready(request: Request) -> JSONResponse:  # noqa: ARG001
        if runtime.draining.is_set() and not runtime.replaced.is_set():
            return JSONResponse({"status": "draining", "parts": {}}, 503)
        report = _report(runtime, await checks.facts_async())
        return JSONResponse(report, 503 if report["status"] == "down" else 200)

    return [Route("/healthz", alive), Route("/readyz", ready)]


def examine(runtime: Runtime) -> HealthReport:
    """Check all parts of the installation, and return the report."""
    return _report(runtime, HealthChecks({**_parts(runtime), **_sign_in(runtime)}).facts())


def _parts(runtime: Runtime) -> Mapping[str, Check]:
    return {
        "database": lambda: _database(runtime),
        "storage": lambda: _storage(runtime),
        "storage_write": lambda: _storage_write(runtime),
        "disk": lambda: _disk(runtime),
        "worker": lambda: _workers(runtime),
    }


def _sign_in(runtime: Runtime) -> Mapping[str, Check]:
    """Return the check of the provider of OpenID Connect. No probe of a balancer asks somebody
    else."""
    provider = runtime.provider
    return {} if provider is None else {"sign_in": lambda: _provider(runtime, provider)}


def _provider(runtime: Runtime, provider: Provider) -> Facts:
    with runtime.work.read(WORKER) as unit:
        rules = identities.Rules.of(runtime.settings)
        organization = identities.provided_organization(unit, rules)
    provider.check()
    return {"issuer": runtime.settings.oidc_issuer, "organization": organization.slug}


def _report(runtime: Runtime, checked: Mapping[str, Facts]) -> HealthReport:
    redis = runtime.rate_limit.redis
    known: dict[str, Facts] = {
        "changes": _changes(runtime),
        "limits": {"ok": redis != "away", "redis": redis},
        "media": {"ok": runtime.tools.problem is None, **runtime.tools.describe()},
    }
    return health.report({**checked, **known}, REQUIRED)


def _changes(runtime: Runtime) -> Facts:
    problem = runtime.invalidations.problem
    return {"ok": True} if problem is None else {"ok": False, "error": problem}


def _database(runtime: Runtime) -> Facts:
    with runtime.database.read_session() as session:
        return {"version": session.scalar(text("SHOW server_version"))}


def _storage(runtime: Runtime) -> Facts:
    runtime.storage.check_read("health")
    return {}


def _storage_write(runtime: Runtime) -> Facts:
    runtime.storage.check(f"health/{uuid4()}")
    return {}


def _disk(runtime: Runtime) -> Facts:
    """Check the free space. With a full disk sources are refused, but videos still play."""
    free = runtime.storage.free_bytes()
    return {} if free is None else {"free_bytes": free, "ok": free > LOW_DISK_BYTES}


def _workers(runtime: Runtime) -> Facts:
    with runtime.database.read_session() as session:
        alive = session.scalar(COUNT_WORKERS, {"seconds": STALLED_AFTER}) or 0
    interrupted = ", ".join(sorted(runtime.interrupted_queues))
    facts: Facts = {"interrupted": interrupted} if interrupted else {}
    return {"ok": alive > 0 and not interrupted, "alive": alive, **facts}
