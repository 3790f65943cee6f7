"""What a running Playout has at hand, passed to requests, jobs and commands."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from playout.core.accounts.credentials import Credentials
from playout.core.playback.grants import Playback
from playout.core.unit import Work
from playout.kit.db import Database
from playout.kit.encryption import Vault
from playout.kit.invalidation import Changes
from playout.kit.metrics import Metrics
from playout.kit.notifications import Wakes
from playout.kit.outbound.client import Outbound
from playout.kit.rate_limit import RateLimit
from playout.kit.signing import Signer
from playout.kit.storage.store import Storage
from playout.kit.tracing import Tracing
from playout.settings import Settings
from playout.transcode.sandbox.tools import Tools


@dataclass(frozen=True)
class Runtime:
    """Built in `main`, once in a process."""

    settings: Settings
    database: Database
    changes: Changes
    wakes: Wakes
    work: Work
    storage: Storage
    outbound: Outbound
    signer: Signer
    vault: Vault
    credentials: Credentials
    playback: Playback
    find_tools: Callable[[], Tools]
    rate_limit: RateLimit
    metrics: Metrics
    tracing: Tracing
    stopping: threading.Event = field(default_factory=threading.Event)
    """Set when the process is asked to end: long work gives back what it holds."""
    draining: threading.Event = field(default_factory=threading.Event)
    """Set when the server is asked to end, before `stopping`: it still serves requests, but event
    streams end, so that their clients connect to another process."""

    @cached_property
    def tools(self) -> Tools:
        """ffmpeg and the best sandbox; found, and tried, when first asked for."""
        return self.find_tools()

    @property
    def job_folders(self) -> Path:
        """Where jobs have their scratch folders; on the same disk as the local storage."""
        return self.settings.data_dir / "work"
