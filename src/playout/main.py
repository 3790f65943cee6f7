"""Puts Playout together: the only file that knows everything."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from playout import health, scrape
from playout.api import app as apis
from playout.api.errors import STATUS
from playout.api.productions import about as productions_about
from playout.api.productions import errors as productions_errors
from playout.api.productions import routes as productions
from playout.api.publications import about as publications_about
from playout.api.publications import errors as publications_errors
from playout.api.publications import routes as publications
from playout.api.shares import about as shares_about
from playout.api.shares import errors as shares_errors
from playout.api.shares import routes as shares
from playout.api.shares.paths import AnyCase
from playout.api.videos import about as videos_about
from playout.api.videos import errors as videos_errors
from playout.api.videos import routes as videos
from playout.api.videos.tus import Tus
from playout.cli.app import Parts, cli
from playout.core import upkeep as _upkeep  # noqa: F401  so that its jobs are known
from playout.core.accounts.credentials import Credentials
from playout.core.distributions import jobs as _more_jobs  # noqa: F401  so that they are known
from playout.core.ledger import restored
from playout.core.media.tools import find_tools
from playout.core.runtime import Runtime
from playout.core.unit import Work
from playout.core.uploads import jobs as _upload_jobs  # noqa: F401  so that its jobs are known
from playout.core.videos import jobs as _jobs  # noqa: F401  so that its jobs are known
from playout.core.videos.playback import Playback
from playout.core.webhooks import jobs as _webhook_jobs  # noqa: F401  so that its jobs are known
from playout.kit.asgi import RequestLog
from playout.kit.changes import Changes
from playout.kit.db import Database
from playout.kit.errors import NotFound, PlayoutError, Unavailable
from playout.kit.installation import check_secret
from playout.kit.limits import RateLimit
from playout.kit.metrics import Metrics
from playout.kit.migrate import migrate
from playout.kit.observed import ObservedRequests
from playout.kit.outbound import Outbound
from playout.kit.postgres import EmbeddedPostgres
from playout.kit.settings import Settings
from playout.kit.signing import Signer, load_secret
from playout.kit.storage import Storage
from playout.kit.tracing import Tracing
from playout.kit.vault import Vault
from playout.kit.wakes import Wakes
from playout.pages.routes import Pages
from playout.worker import Worker

MIGRATIONS = Path(__file__).parent / "migrations"


@contextmanager
def running(settings: Settings) -> Iterator[Runtime]:
    """Everything that a process needs, ready: database up and migrated, storage open."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        # The trial of the media tools takes as long as the start of the database: both at once.
        aside = stack.enter_context(ThreadPoolExecutor(1))
        tools = aside.submit(find_tools, str(settings.ffmpeg) if settings.ffmpeg else None)
        url = settings.database_url or _embedded(settings, stack)
        database = Database(url, settings.database_pool)
        stack.callback(database.close)
        migrate(database, MIGRATIONS)
        restored.settle(database)
        signer = Signer(_secret(settings))
        check_secret(database, signer)
        changes = Changes(url)
        changes.start()
        stack.callback(changes.stop)
        metrics, tracing = Metrics(), Tracing.to(settings.otlp_url)
        stack.callback(tracing.close)
        credentials = Credentials(database, changes, signer)
        credentials.start()
        stack.callback(credentials.close)
        yield Runtime(
            settings=settings,
            database=database,
            changes=changes,
            wakes=Wakes(changes),
            work=Work(database, changes, metrics),
            metrics=metrics,
            tracing=tracing,
            storage=Storage.open(
                settings.storage_url, settings.data_dir / "files", settings.storage_endpoint
            ),
            outbound=Outbound(settings.outbound_allow),
            signer=signer,
            vault=Vault(signer, [key.get_secret_value() for key in settings.encryption_keys]),
            credentials=credentials,
            playback=Playback(database, changes, signer, settings.base_url),
            tools=tools.result(),
            rate_limit=RateLimit(settings.rate_limit, settings.redis_url),
        )


def application(runtime: Runtime) -> Starlette:
    """The web application: the APIs, the public pages and health."""
    pages = Pages(runtime)
    app = Starlette(
        routes=[
            *_apis(runtime),
            *health.routes(runtime),
            *scrape.routes(runtime),
            *pages.routes(),
        ],
        middleware=[
            Middleware(RequestLog),
            Middleware(ObservedRequests, metrics=runtime.metrics, tracing=runtime.tracing),
        ],
    )
    _install_notices(app, pages)
    return app


def main() -> None:
    """The command `playout`."""
    cli(obj=Parts(Settings, running, application, Worker, health.examine))


def _embedded(settings: Settings, stack: ExitStack) -> str:
    postgres = EmbeddedPostgres(settings.data_dir / "postgres")
    url = postgres.start()
    stack.callback(postgres.stop)
    postgres.watch()
    return url


def _secret(settings: Settings) -> str:
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    return load_secret(settings.data_dir / "secret.key")


def _apis(runtime: Runtime) -> Sequence[BaseRoute]:
    videos_api = Tus(
        apis.build(runtime, "videos", videos_about.ABOUT, videos.ROUTERS, videos_errors.spell),
        runtime.settings.max_upload_bytes,
    )
    return [
        *(Route(path, videos_api) for path in videos.UPLOADS),
        Mount(
            "/v1",
            apis.build(
                runtime,
                "publications",
                publications_about.ABOUT,
                [publications.router],
                publications_errors.spell,
            ),
        ),
        Mount("/api/v1", videos_api),
        Mount(
            "/api",
            AnyCase(
                apis.build(
                    runtime,
                    "shares",
                    shares_about.ABOUT,
                    shares.ROUTERS,
                    shares_errors.spell,
                ),
                shares.ROUTERS,
            ),
        ),
        *_productions(runtime),
    ]


def _productions(runtime: Runtime) -> Iterator[BaseRoute]:
    """At the root, where the pages are too: only the API's own paths go to it, whole."""
    app = apis.build(
        runtime,
        "productions",
        productions_about.ABOUT,
        productions.ROUTERS,
        productions_errors.spell,
    )
    return (Route(path, app) for path in productions.PATHS)


def _install_notices(app: Starlette, pages: Pages) -> None:
    """Outside the APIs, what goes wrong is told by a page."""

    def told(request: Request, error: Exception) -> Response:
        if isinstance(error, PlayoutError):
            return pages.notice(error, STATUS.get(error.code, 400))
        if isinstance(error, HTTPException):
            missing = NotFound("There is nothing at this address.")
            return pages.notice(missing, error.status_code)
        fault = pages.notice(Unavailable("Something went wrong inside Playout."), 500)
        # This answer is given outside `RequestLog`, which puts the id on all others.
        fault.headers["X-Request-Id"] = request.state.request_id
        return fault

    for kind in (PlayoutError, HTTPException, Exception):
        app.add_exception_handler(kind, told)


if __name__ == "__main__":
    main()
