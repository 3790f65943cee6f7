"""The nginx of the documentation, as it stands there, in front of a server on loopback."""

import contextlib
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.helpers.live import free_port, until
from tests.helpers.live_nginx import PATH

DOCUMENT = Path(__file__).parents[2] / "docs" / "caches.md"
AROUND = """
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
daemon off;
user root;
events {{ worker_connections 512; }}
http {{
  access_log off;
  keepalive_requests 1000000;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  {example}
}}
"""


@contextlib.contextmanager
def nginx_of_the_example(folder: Path, behind: int) -> Iterator[int]:
    """Run the example with other ports and folders than it names; yield its port."""
    program = shutil.which("nginx", path=PATH)
    assert program, "nginx is not installed (Debian: apt-get install nginx-light)"
    port, example = free_port(), _example()
    for named, ours in (
        ("/var/cache/nginx/playout", f"{folder}/cache"),
        ("127.0.0.1:8080", f"127.0.0.1:{behind}"),
        ("listen 80;", f"listen 127.0.0.1:{port};"),
    ):
        assert example.count(named) == 1, named
        example = example.replace(named, ours)
    config = folder / "nginx.conf"
    config.write_text(AROUND.format(folder=folder, example=example))
    process = subprocess.Popen([program, "-p", folder, "-c", config], stderr=subprocess.DEVNULL)
    try:
        until(lambda: listens(port), 10, "nginx")
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _example() -> str:
    (found,) = re.findall(r"```nginx\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    return str(found)


def listens(port: int) -> bool:
    """Return whether something accepts connections on a port of loopback."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False
