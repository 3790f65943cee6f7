"""Puts Playout together: the only file that knows everything."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from starlette.types import ASGIApp

from playout import health
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
from playout.kit.changes import Changes
from playout.kit.db import Database
from playout.kit.installation import check_secret
from playout.kit.limits import RateLimit
from playout.kit.memory import give_back_large_blocks
from playout.kit.metrics import Metrics
from playout.kit.migrate import migrate
from playout.kit.outbound import Outbound
from playout.kit.postgres import EmbeddedPostgres
from playout.kit.settings import Settings
from playout.kit.signing import Signer, load_secret
from playout.kit.storage import Storage
from playout.kit.tracing import Tracing
from playout.kit.vault import Vault
from playout.kit.wakes import Wakes
from playout.worker import Worker

MIGRATIONS = Path(__file__).parent / "migrations"


@contextmanager
def running(settings: Settings) -> Iterator[Runtime]:
    """Everything that a process needs, ready: database up and migrated, storage open."""
    give_back_large_blocks()
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


def main() -> None:
    """The command `playout`."""
    cli(obj=Parts(Settings, running, _application, Worker, health.examine))


def _application(runtime: Runtime) -> ASGIApp:
    # Half of all that is imported, which the other commands do not wait for.
    from playout.web import application  # noqa: PLC0415

    return application(runtime)


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


if __name__ == "__main__":
    main()
