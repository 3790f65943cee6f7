"""A real PgBouncer in front of the embedded PostgreSQL."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.helpers.tcp_proxy import TcpProxy, tcp_proxy

CONFIG = """
[databases]
postgres = host=127.0.0.1 port={server_port} user={user} dbname=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
default_pool_size = 10
"""
PATIENCE = 10.0


@contextmanager
def postgres_proxy(url: str) -> Iterator[tuple[TcpProxy, str]]:
    """A proxy in front of the PostgreSQL at a URL, and its URL through the proxy."""
    options = conninfo_to_dict(url)
    port = options.get("port") or 5432
    with tcp_proxy(f"{options['host']}/.s.PGSQL.{port}") as proxy:
        yield proxy, f"postgresql://{options['user']}@127.0.0.1:{proxy.port}/postgres"


@contextmanager
def pgbouncer(url: str, mode: str, folder: Path) -> Iterator[str]:
    """The URL of the PostgreSQL at a URL through a PgBouncer in that mode."""
    program = shutil.which("pgbouncer")
    if program is None:
        pytest.skip("pgbouncer is not installed")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with postgres_proxy(url) as (proxy, _):
        user = conninfo_to_dict(url)["user"]
        config = folder / "pgbouncer.ini"
        config.write_text(CONFIG.format(server_port=proxy.port, user=user, port=port, mode=mode))
        # It refuses to run as root.
        as_user = ["-u", "nobody"] if os.geteuid() == 0 else []
        with (folder / "pgbouncer.log").open("wb") as log:
            process = subprocess.Popen([program, *as_user, config], stdout=log, stderr=log)
        try:
            pooled = f"postgresql://{user}@127.0.0.1:{port}/postgres"
            _wait_until_up(pooled)
            yield pooled
        finally:
            process.terminate()
            process.wait(10)


def _wait_until_up(url: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
