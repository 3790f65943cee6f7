"""A real `playout serve` in a process of its own, as an operator runs it."""

import atexit
import contextlib
import functools
import itertools
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import psutil
import psycopg

from playout.core.accounts import service as accounts
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.projects import service as projects
from playout.core.unit import Origin
from playout.main import opened
from playout.runtime import Runtime
from playout.settings import Settings
from tests.helpers.forked import Forked

PLAYOUT = str(Path(sys.executable).with_name("playout"))
START_SECONDS = 180.0
STOP_SECONDS = 30.0
EXTERNAL = "https://cdn.example.com/final.mp4"
PLAIN = False
"""Nothing here speaks TLS, and reading all authorities takes as long as a start's many looks."""
STATE = str(Path(tempfile.gettempdir()) / f"playout-tests-{os.getuid()}")
"""Where commands keep what they remember: not in the developer's own home."""

# Below the ports that outgoing connections get: none of those may sit on ours between two starts.
_ports = itertools.cycle(random.sample(range(20_000, 32_000), 2_000))


def free_port() -> int:
    for port in _ports:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("the ports never end")


def clean_environment(**more: str) -> dict[str, str]:
    """Nothing of this process but the path; no setting of the developer's leaks in.

    No ladders: with one behind each upload, the encoder would have the machine for itself.
    """
    ours = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "XDG_STATE_HOME": STATE}
    return ours | {"PLAYOUT_LOG_FORMAT": "json", "PLAYOUT_LADDER_CONCURRENCY": "0"} | more


def playout(
    *arguments: str | Path, folder: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command of `playout` to its end, in this folder or in that of the tests."""
    words = [PLAYOUT, *map(str, arguments)]
    with tempfile.TemporaryFile("w+") as stdout, tempfile.TemporaryFile("w+") as stderr:
        process = Forked(words, clean_environment(**environment), stdout, stderr, folder)
        try:
            status = process.wait(120)
        except BaseException:
            process.kill()
            process.wait()
            raise
        for each in (stdout, stderr):
            each.seek(0)
        return subprocess.CompletedProcess(words, status, stdout.read(), stderr.read())


def until(true: Callable[[], Any], seconds: float, what: str) -> Any:
    """The first true answer, asked for many times a second."""
    deadline = time.monotonic() + seconds
    while True:
        answer = true()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.05)


@dataclass(frozen=True)
class Founded:
    """A new organization: its slug, the key of its administrator, its first project."""

    organization: str
    key: str
    project: int


@dataclass
class Live:
    """A data folder and the server on it, which may be killed and started again."""

    data_dir: Path
    port: int = field(default_factory=free_port)
    wrapped_in: Sequence[str] = ()
    """A command that runs the server, where it needs surroundings of its own."""
    options: Sequence[str] = ()
    """Of `playout serve`."""
    ready_at: str = "/readyz"
    settings: dict[str, str] = field(default_factory=dict)
    """Variables that start with `PLAYOUT_`."""
    process: subprocess.Popen[bytes] | Forked | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.data_dir.with_name(f"{self.data_dir.name}-{self.port}.log")

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> float:
        """Start the server; return after how many seconds it was ready."""
        began = time.monotonic()
        command = [PLAYOUT, "serve", "--data-dir", str(self.data_dir), "--port", str(self.port)]
        words = [*self.wrapped_in, *command, *self.options]
        environment = clean_environment(**self.settings)
        with self.log.open("ab") as log:
            if self.wrapped_in:
                self.process = subprocess.Popen(
                    words, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
                )
            else:
                self.process = Forked(words, environment, log, log)
        until(self._ready, START_SECONDS, "readiness")
        return time.monotonic() - began

    def stop(self) -> float:
        """Ask the server to end, as an init system does; return how many seconds it took."""
        assert self.process is not None
        began = time.monotonic()
        self.process.terminate()
        try:
            status = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"SIGTERM did not end it\n{self.said()}") from None
        self.process = None
        assert status == 0, f"exit status {status}\n{self.said()}"
        return time.monotonic() - began

    def stop_all(self) -> int:
        """Ask the server and all that it has started to end, as systemd does, but for the database,
        which may be elsewhere; return the exit status."""
        assert self.process is not None
        server = psutil.Process(self.pid)
        for each in (server, *server.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                each.terminate()
        status = self.process.wait(STOP_SECONDS)
        self.process = None
        return status

    def kill(self) -> None:
        """Kill the server, without any warning."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.process = None

    def kill_postmaster(self) -> None:
        """Kill the embedded database, without any warning."""
        pid = int((self.data_dir / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(pid, signal.SIGKILL)

    def postgres_processes(self) -> list[psutil.Process]:
        return [each for each in _processes("postgres") if _cwd(each) == self.data_dir / "postgres"]

    def ffmpeg_processes(self) -> list[psutil.Process]:
        """Those that work in the scratch folders of this data folder, and their wrappers."""
        scratch = str(self.data_dir / "work")
        found = []
        for process in psutil.process_iter(["cmdline"]):
            line = " ".join(process.info["cmdline"] or ())
            if scratch in line and "ffmpeg" in line:
                found.append(process)
        return found

    def said(self, most: int = 4_000) -> str:
        """The end of the server's log."""
        return self.log.read_text(errors="replace")[-most:] if self.log.exists() else ""

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command on the data folder, from a process of its own."""
        return playout(*arguments, "--data-dir", self.data_dir)

    def told(self, *arguments: str | Path) -> dict[str, Any]:
        """What a command says with `--json`; it has to succeed."""
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def found(self, name: str) -> Founded:
        """Found an organization, as the command does; to start one takes a second or two."""
        with (
            opened(Settings(data_dir=self.data_dir)) as runtime,
            runtime.work.write(OPERATOR, Origin("tests")) as unit,
        ):
            organization = accounts.create_organization(unit, name)
            project = projects.create(unit, organization, "Videos")
            _, key = accounts.create_key(
                unit, runtime.signer, organization, "First key", role=Role.ORGANIZATION_ADMIN
            )
            unit.session.flush()
            return Founded(organization.slug, key, project.id)

    def client(self, key: str | None = None) -> httpx2.Client:
        """An HTTP client with that key, or one of the public."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return httpx2.Client(base_url=self.url, headers=headers, timeout=30, verify=PLAIN)

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows straight from the embedded database."""
        socket_folder = self.data_dir / "postgres"
        with psycopg.connect(
            host=str(socket_folder), user="postgres", dbname="postgres"
        ) as connection:
            return connection.execute(query, values).fetchall()  # type: ignore[arg-type]

    def _ready(self) -> bool:
        assert self.process is not None
        status = self.process.poll()
        assert status is None, f"it ended by itself with status {status}\n{self.said()}"
        try:
            answer = httpx2.get(f"{self.url}{self.ready_at}", timeout=5, verify=PLAIN)
            return answer.status_code == 200
        except httpx2.HTTPError:
            return False


@functools.cache
def prepared() -> Path:
    """A data folder with a database without rows, which each server gets a copy of: to create one
    and to migrate it takes as long as the rest of a start."""
    folder = Path(tempfile.mkdtemp(prefix="playout-prepared-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with opened(Settings(data_dir=folder / "data")) as runtime:
        spare_the_disk(runtime)
    return folder / "data"


def spare_the_disk(runtime: Runtime) -> None:
    """Let the database wait for no disk: processes are killed in tests, and no power fails."""
    with psycopg.connect(runtime.database.url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("ALTER SYSTEM SET full_page_writes = off")
        connection.execute("SELECT pg_reload_conf()")


@contextlib.contextmanager
def serving(folder: Path, **options: Any) -> Iterator[Live]:
    """A server on a new data folder; it has to end cleanly, and its database with it."""
    live = Live(folder / "data", **options)
    if not live.data_dir.exists():
        subprocess.run(["cp", "-a", prepared(), live.data_dir], check=True)
    try:
        live.start()
        yield live
    except BaseException:
        _clear_away(live)
        raise
    if live.process is not None:
        live.stop()
    left = live.postgres_processes()
    _clear_away(live)
    assert left == [], "the embedded database outlived its last server"


def create_video(client: httpx2.Client, project: int, **fields: Any) -> dict[str, Any]:
    """Enter a video through the Videos API and return its JSON."""
    body = {"title": "A video", "workspace": project} | fields
    answer = client.post("/api/v1/videos/", json=body)
    assert answer.status_code == 201, answer.text
    video: dict[str, Any] = answer.json()
    return video


def upload(client: httpx2.Client, video_id: int, file: Path) -> httpx2.Response:
    """Send a source through the Videos API."""
    return client.put(
        f"/api/v1/videos/{video_id}/source/",
        content=file.read_bytes(),
        headers={"Content-Type": "application/octet-stream"},
    )


def retrieve(client: httpx2.Client, video_id: int) -> dict[str, Any]:
    answer = client.get(f"/api/v1/videos/{video_id}/")
    assert answer.status_code == 200, answer.text
    video: dict[str, Any] = answer.json()
    return video


def settled(client: httpx2.Client, video_id: int, seconds: float = 60) -> dict[str, Any]:
    """The video, once it is completed or failed."""

    def look() -> dict[str, Any] | None:
        video = retrieve(client, video_id)
        return video if video["status"] in {"completed", "failed"} else None

    video: dict[str, Any] = until(look, seconds, f"video {video_id} completed or failed")
    return video


def publish(client: httpx2.Client, session_id: str, **fields: Any) -> dict[str, Any]:
    """Publish through the Publications API and return the publication's JSON."""
    answer = client.post("/v1/publications/publish", json={"session_id": session_id} | fields)
    assert answer.status_code == 200, answer.text
    publication: dict[str, Any] = answer.json()["publication"]
    return publication


def _clear_away(live: Live) -> None:
    if live.process is not None:
        live.kill()
    for process in live.postgres_processes():
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


def _processes(name: str) -> Iterator[psutil.Process]:
    return (each for each in psutil.process_iter(["name"]) if each.info["name"] == name)


def _cwd(process: psutil.Process) -> Path | None:
    try:
        return Path(process.cwd())
    except psutil.Error:
        return None
