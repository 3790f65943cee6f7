"""What a running Playout has at hand, passed to requests, jobs and commands."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from playout.core.accounts.credentials import Credentials
from playout.core.media.tools import Tools
from playout.core.unit import Work
from playout.core.videos.playback import Playback
from playout.kit.changes import Changes
from playout.kit.db import Database
from playout.kit.limits import RateLimit
from playout.kit.metrics import Metrics
from playout.kit.outbound import Outbound
from playout.kit.settings import Settings
from playout.kit.signing import Signer
from playout.kit.storage import Storage
from playout.kit.tracing import Tracing
from playout.kit.vault import Vault
from playout.kit.wakes import Wakes


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

    @cached_property
    def tools(self) -> Tools:
        """ffmpeg and the best sandbox; found, and tried, when first asked for."""
        return self.find_tools()

    @property
    def job_folders(self) -> Path:
        """Where jobs have their scratch folders; on the same disk as the local storage."""
        return self.settings.data_dir / "work"
