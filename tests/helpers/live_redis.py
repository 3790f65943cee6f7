"""A real Redis in a process of its own, with nothing on disk."""

import contextlib
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field

import redis

from tests.helpers.live import free_port, until


@dataclass
class LiveRedis:
    """A Redis that may be taken away, brought back, and held still."""

    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        program = shutil.which("redis-server")
        assert program, "redis-server is not installed (Debian: apt-get install redis-server)"
        nothing_kept = ("--save", "", "--appendonly", "no", "--dir", "/")
        self.process = subprocess.Popen(
            [program, "--bind", "127.0.0.1", "--port", str(self.port), *nothing_kept],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        until(self._answers, 10, "an answer of Redis")

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.process = None

    @contextlib.contextmanager
    def held_still(self) -> Iterator[None]:
        """Redis takes connections, and says nothing: what a network that loses packets is like."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def cut_minutes_short(self, seconds: float) -> None:
        """Let every minute that is being counted end in that many seconds.

        Redis keeps a count for two minutes: the one in which it is taken, and the one in which it
        still weighs.
        """
        with redis.Redis(port=self.port) as client:
            for key in client.scan_iter("LIMITS:*"):
                client.pexpire(key, round((60 + seconds) * 1000))

    def _answers(self) -> bool:
        with redis.Redis(port=self.port) as client, contextlib.suppress(redis.RedisError):
            return bool(client.ping())
        return False


@contextlib.contextmanager
def serving_redis() -> Iterator[LiveRedis]:
    server = LiveRedis()
    server.start()
    try:
        yield server
    finally:
        if server.process is not None:
            server.kill()
