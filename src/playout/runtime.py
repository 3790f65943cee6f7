"""The runtime: what requests, jobs and commands work with."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import ParamSpec, TypeVar

from playout.compose.rendering.pool import Renderers
from playout.core.accounts import identities
from playout.core.accounts.credentials import Credentials
from playout.core.analytics.collecting import Collector
from playout.core.analytics.visitors import Salts
from playout.core.playback.playback import Playback
from playout.core.unit import Work
from playout.kit.bulkhead import Bulkhead
from playout.kit.countries import Countries
from playout.kit.database.engine import Database
from playout.kit.encryption import SecretCipher
from playout.kit.invalidation import Invalidations
from playout.kit.notifications import Notifications
from playout.kit.openid.provider import Provider
from playout.kit.outbound.client import OutboundClient
from playout.kit.rate_limit import RateLimit
from playout.kit.shared_metrics import SharedMetrics
from playout.kit.signing import Signer
from playout.kit.storage.store import Storage
from playout.kit.tracing import Tracing
from playout.settings import Settings
from playout.transcode.sandbox.tools import Tools

STORAGE_THREADS = 16
DRAWING_THREADS = 2
PAGE_THREADS = 16
PAGE_SECONDS = 5.0
"""Seconds that a page waits for the database."""
AWAY_SECONDS = 0.8
"""Seconds that a page waits for the database while that sends no invalidations, either."""

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Runtime:
    """The parts of a process, built once in `main`.

    Jobs and use cases of core name the few of these that they need in a `Resources` of their own.
    """

    settings: Settings
    database: Database
    monitoring: Database
    """The same database, with a connection for metrics alone: they neither wait for requests nor
    keep them waiting."""
    invalidations: Invalidations
    notifications: Notifications
    work: Work
    storage: Storage
    outbound: OutboundClient
    signer: Signer
    cipher: SecretCipher
    credentials: Credentials
    playback: Playback
    find_tools: Callable[[], Tools]
    renderers: Renderers
    """The processes that draw and encode films for single viewers."""
    rate_limit: RateLimit
    tracing: Tracing
    countries: Countries
    salts: Salts
    collector: Collector
    storage_calls: Bulkhead = field(default_factory=lambda: Bulkhead("storage", STORAGE_THREADS))
    """Threads of the requests that wait for the storage."""
    drawings: Bulkhead = field(default_factory=lambda: Bulkhead("drawing", DRAWING_THREADS))
    """Threads of the requests that wait for a picture: each keeps a core busy for a second."""
    page_reads: Bulkhead = field(default_factory=lambda: Bulkhead("database", PAGE_THREADS))
    """Threads of the pages that wait for the database."""
    interrupted_queues: set[str] = field(default_factory=set)
    """Queues whose jobs this process cannot start at the moment."""
    stopping: threading.Event = field(default_factory=threading.Event)
    """Set when the process is asked to end: long work then gives back what it holds."""
    draining: threading.Event = field(default_factory=threading.Event)
    """Set when the server is asked to end, before `stopping`: it still serves requests, but event
    streams end, so that their clients connect to another process."""
    replaced: threading.Event = field(default_factory=threading.Event)
    """Set when the server is asked to end because another process has taken its place: `/readyz`
    is not a 503 then, since the same port still serves."""
    shared_metrics: SharedMetrics | None = None
    """The metrics of all processes that share the port; None if there is only this one."""

    @cached_property
    def tools(self) -> Tools:
        """ffmpeg and the best sandbox. They are found, and tried, at the first use."""
        return self.find_tools()

    @cached_property
    def provider(self) -> Provider | None:
        """The provider of OpenID Connect by which members sign in; None if there is none."""
        registration = identities.registration(self.settings)
        if registration is None:
            return None
        # The operator chose it, so that it may be where callers of Playout reach nothing.
        allowed = (*self.settings.outbound_allow, *self.settings.oidc_allow)
        return Provider(registration, OutboundClient(allowed, self.tracing))

    async def read_for_page(
        self,
        function: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """Call a function that reads the database for a page, and return its result.

        Raise `Unavailable` if it takes too long: soon, while the database is known to be away.
        """
        seconds = PAGE_SECONDS if self.invalidations.connected else AWAY_SECONDS
        return await self.page_reads.run_within(seconds, function, *args, **kwargs)

    @property
    def base_url(self) -> str:
        """The beginning of the addresses in answers, without a slash at its end."""
        return self.playback.base_url

    def at(self, base_url: str) -> "Runtime":
        """Return the same runtime, with addresses that begin with `base_url`."""
        if base_url == self.base_url:
            return self
        playback = self.playback.at(base_url)
        return replace(self, playback=playback, find_tools=lambda: self.tools)

    @property
    def job_folders(self) -> Path:
        """The folder of the scratch folders of jobs, on the same disk as local storage."""
        return self.settings.data_dir / "work"
