"""Puts Playout together: the only file that knows everything."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

import structlog
from starlette.types import ASGIApp

from playout import health
from playout.cli.bootstrap import Bootstrap
from playout.compose.rendering.pool import Renderers
from playout.core.accounts.credentials import Credentials
from playout.core.analytics.collecting import Collector, recipients_seen
from playout.core.analytics.visitors import Salts
from playout.core.distributions import jobs as distribution_jobs
from playout.core.film_templates import service as film_templates
from playout.core.ledger import restore
from playout.core.ledger.append import Ledger
from playout.core.playback.playback import Playback
from playout.core.processing import ingest
from playout.core.recipients import service as recipients
from playout.core.recipients.serving import note_events
from playout.core.renders import bases
from playout.core.renders import service as renders
from playout.core.unit import Work
from playout.core.uploads import jobs as upload_jobs
from playout.core.videos import sources
from playout.core.webhooks.jobs import FAN_OUT_NEW_EVENTS
from playout.kit.countries import Countries
from playout.kit.data_folder import open_data_folder
from playout.kit.database.embedded import EmbeddedPostgres
from playout.kit.database.open import open_database, prepare_schema
from playout.kit.encryption import SecretCipher
from playout.kit.errors import Invalid, StorageFull, Unavailable
from playout.kit.installation import check_secret
from playout.kit.invalidation import Invalidations
from playout.kit.malloc import importing, set_mmap_threshold
from playout.kit.notifications import Notifications
from playout.kit.outbound.client import OutboundClient
from playout.kit.rate_limit import RateLimit
from playout.kit.signing import Signer, load_or_create_secret
from playout.kit.sigterm import sigterm_held
from playout.kit.storage.store import Storage
from playout.kit.tracing import Tracing
from playout.runtime import Runtime
from playout.settings import SECRET_LENGTH, Settings
from playout.transcode.sandbox.tools import NO_SANDBOX, Tools
from playout.transcode.trial import find_tools
from playout.worker import Worker

log = structlog.get_logger(__name__)

MIGRATIONS = Path(__file__).parent / "migrations"


@contextmanager
def running(settings: Settings, *, inspecting: bool = False) -> Iterator[Runtime]:
    """Open the runtime of a process that stays.

    It receives invalidations, and its media tools and its storage have been tried. To inspect an
    installation changes nothing in it: the database is not migrated.
    """
    with ThreadPoolExecutor(1) as thread, ExitStack() as stack:
        # To try the tools takes as long as to start the database, so both run at once.
        tools = thread.submit(_tools, settings)
        runtime = stack.enter_context(opened(settings, tools.result, migrating=not inspecting))
        if not inspecting:
            _try_storage(runtime.storage)
            _log_tools(tools.result())
        runtime.invalidations.start()
        stack.callback(runtime.invalidations.stop)
        runtime.credentials.start()
        stack.callback(runtime.credentials.close)
        stack.callback(runtime.collector.stop)
        tools.result()
        yield runtime


@contextmanager
def opened(
    settings: Settings, tools: Callable[[], Tools] | None = None, *, migrating: bool = True
) -> Iterator[Runtime]:
    """Open the runtime of a command: the database is up and migrated, and no thread runs."""
    set_mmap_threshold()
    _subscribe()
    open_data_folder(settings.data_dir, share_with_group=settings.accel_redirect is not None)
    storage = Storage.open(
        settings.storage_url, settings.data_dir / "files", settings.storage_endpoint
    )
    with ExitStack() as stack:
        url = settings.database_url or _embedded(settings, stack)
        database = open_database(url, settings.database_pool, settings.database_direct_url)
        stack.callback(database.close)
        monitoring = open_database(url, 1, settings.database_direct_url)
        stack.callback(monitoring.close)
        prepare_schema(database, MIGRATIONS, migrating=migrating)
        restore.move_future_events_to_start(database)
        signer = Signer(_secret(settings))
        check_secret(database, signer)
        invalidations = Invalidations(url, settings.database_direct_url)
        tracing = Tracing.to_collector(settings.otlp_url)
        stack.callback(tracing.close)
        find_media_tools = tools or partial(_tools, settings)
        renderers = Renderers(find_media_tools, settings.render_concurrency)
        stack.callback(renderers.close)
        salts = Salts(database)
        yield Runtime(
            settings=settings,
            database=database,
            monitoring=monitoring,
            invalidations=invalidations,
            notifications=Notifications(invalidations),
            work=Work(database, invalidations, Ledger(FAN_OUT_NEW_EVENTS)),
            tracing=tracing,
            storage=storage,
            outbound=OutboundClient(settings.outbound_allow, tracing),
            signer=signer,
            cipher=SecretCipher(
                signer, [key.get_secret_value() for key in settings.encryption_keys]
            ),
            credentials=Credentials(database, invalidations, signer),
            playback=Playback(database, invalidations, signer, settings.base_url),
            find_tools=find_media_tools,
            renderers=renderers,
            countries=Countries(settings.country_database),
            salts=salts,
            collector=Collector(database, salts),
            rate_limit=RateLimit(settings.rate_limit, settings.redis_url),
        )


def _subscribe() -> None:
    """Let upper nouns of core learn what happens in lower ones, which do not know them.

    To call it again changes nothing.
    """
    sources.asset_waiting.subscribe(ingest.start_ingest)
    sources.asset_waiting.subscribe(upload_jobs.start_join)
    sources.processing_changed.subscribe(distribution_jobs.announce_later)
    sources.processing_changed.subscribe(bases.want_bases)
    film_templates.template_created.subscribe(bases.want_base)
    recipients.recipients_removed.subscribe(renders.forget_films)
    recipients_seen.subscribe(note_events)


def bootstrap() -> Bootstrap:
    """Return what the commands that work on an installation need."""
    return Bootstrap(
        settings=Settings,
        open_runtime=opened,
        start_runtime=running,
        inspect_runtime=partial(running, inspecting=True),
        application=_application,
        worker=Worker,
        examine=health.examine,
    )


def _application(runtime: Runtime) -> ASGIApp:
    # Half of all that is imported, which the other commands do not wait for.
    with importing():
        from playout.web import application  # noqa: PLC0415

    return application(runtime)


def _try_storage(storage: Storage) -> None:
    """Raise `Invalid` if the storage can never work. One that is away may come back."""
    try:
        storage.check(f"health/{uuid4()}")
    except (Unavailable, StorageFull) as error:
        log.warning("storage.failed", error=error.message)


def _log_tools(tools: Tools) -> None:
    """Log what the media tools cannot do. What was published still plays."""
    if tools.problem is not None:
        log.error("media.broken", error=tools.problem)
    if not tools.bubblewrap:
        log.warning("sandbox.missing", advice=NO_SANDBOX)


def _embedded(settings: Settings, stack: ExitStack) -> str:
    postgres = EmbeddedPostgres(settings.data_dir / "postgres")
    with sigterm_held():
        url = postgres.start()
        stack.callback(postgres.stop)
    postgres.watch()
    return url


def _tools(settings: Settings) -> Tools:
    return find_tools(str(settings.ffmpeg) if settings.ffmpeg else None)


def _secret(settings: Settings) -> str:
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    path = settings.data_dir / "secret.key"
    secret = load_or_create_secret(path)
    if len(secret) < SECRET_LENGTH:
        raise Invalid(
            f"The secret key in {path} is shorter than {SECRET_LENGTH} characters:"
            " restore the file, or set PLAYOUT_SECRET_KEY."
        )
    return secret
