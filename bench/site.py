"""An installation to measure: a real `playout serve` on a folder of its own."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from types import MappingProxyType
from typing import Any

PATIENCE = 300.0


@dataclass(frozen=True)
class Server:
    """A process that answers on a port of 127.0.0.1; `up_after` seconds it took to do so."""

    pid: int
    port: int
    up_after: float

    def get(
        self, path: str, headers: Mapping[str, str] = MappingProxyType({})
    ) -> tuple[list[tuple[str, str]], bytes]:
        """Headers and body. Raises `RuntimeError` for anything but 200."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path, headers=dict(headers))
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {body[:500]!r}")
        return answer.getheaders(), body

    def ask(self, method: str, path: str, key: str, body: object = None) -> dict[str, Any]:
        """The JSON that an API answers. Raises `RuntimeError` for anything but 2xx."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
            content = None if body is None else json.dumps(body)
            connection.request(method, path, content, headers)
            answer = connection.getresponse()
            told = answer.read()
        finally:
            connection.close()
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {answer.status} {told[:500]!r}")
        result: dict[str, Any] = json.loads(told)
        return result


@contextmanager
def serving(data_dir: Path, port: int, **settings: str) -> Iterator[Server]:
    """`playout serve` as anybody runs it, worker and log included; the log goes to a file."""
    arguments = ["playout", "serve", "--data-dir", str(data_dir), "--port", str(port)]
    log = data_dir.with_suffix(".log")
    with answering(arguments, port, "/readyz", log, settings) as server:
        yield server


UNLIMITED = os.environ | {
    "PLAYOUT_RATE_LIMIT": "1000000000",
    "PLAYOUT_OUTBOUND_ALLOW": "127.0.0.0/8",
}
"""What is measured is how much can be asked, not how much one key may; receivers are at hand."""


@contextmanager
def answering(
    arguments: list[str],
    port: int,
    path: str,
    log: Path,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Server]:
    """A Python module run as a process, from its first 200 on `path` to the end of the block."""
    started = time.perf_counter()
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments], stderr=out, env={**UNLIMITED, **settings}
        )
    try:
        wait_for(process, port, path)
        yield Server(process.pid, port, time.perf_counter() - started)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def postmaster(data_dir: Path) -> int:
    """The process id of the embedded database."""
    return int((data_dir / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])


def found_organization(data_dir: Path, name: str) -> tuple[str, int]:
    """An organization; the key of its administrator and its first project."""
    command = ["playout", "organizations", "create", name, "--json"]
    out = subprocess.check_output(
        [sys.executable, "-m", *command, "--data-dir", str(data_dir)], text=True
    )
    made = json.loads(out.splitlines()[-1])
    return made["key"], made["project"]


def post(path: str, key: str, body: Any, method: str = "POST") -> bytes:
    """A request as the load generator sends it."""
    content = json.dumps(body).encode()
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def get(path: str, key: str | None = None) -> bytes:
    who = f"Authorization: Bearer {key}\r\n" if key else ""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{who}\r\n".encode()


def create_video(server: Server, key: str, project: int) -> int:
    """Enter a video; return its id."""
    made = server.ask("POST", "/api/v1/videos/", key, {"title": "Measured", "workspace": project})
    return int(made["id"])


def put(path: str, key: str, length: int) -> bytes:
    """What comes before the body of an upload."""
    return (
        f"PUT {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/octet-stream\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


def ranged(path: str, first: int, last: int) -> bytes:
    """A request for the bytes from the first to the last."""
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nRange: bytes={first}-{last}\r\n\r\n"
    return head.encode()


def wait_for(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    """Wait for a 200. Raises `RuntimeError` when the process ends, or takes too long."""
    deadline = time.perf_counter() + PATIENCE
    while process.poll() is None and time.perf_counter() < deadline:
        try:
            Server(process.pid, port, 0).get(path)
        except (OSError, RuntimeError):
            time.sleep(0.01)
        else:
            return
    raise RuntimeError(f"Process {process.pid} does not answer {path}; exit {process.returncode}.")
