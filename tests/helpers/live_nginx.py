"""A real nginx in a process of its own, in front of a server on loopback."""

import contextlib
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.helpers.live import free_port, until

PATH = "/usr/sbin:/usr/bin:/usr/local/bin"
CONFIG = """
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
daemon off;
user root;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_max_body_size 0;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location {location} {{
      proxy_pass http://127.0.0.1:{behind}{passed_to};
      {directives}
    }}
  }}
}}
"""


@contextlib.contextmanager
def serving_nginx(
    folder: Path,
    behind: int,
    directives: str = "",
    *,
    port: int | None = None,
    location: str = "/",
    passed_to: str = "",
) -> Iterator[int]:
    """Run an nginx that passes the requests below a location on to a port; return its own port.

    Without directives it speaks HTTP/1.0 to that port, and reads a whole body before it passes it
    on. `passed_to` replaces the location in paths.
    """
    program = shutil.which("nginx", path=PATH)
    assert program, "nginx is not installed (Debian: apt-get install nginx-light)"
    port = port or free_port()
    config = folder / "nginx.conf"
    config.write_text(
        CONFIG.format(
            folder=folder,
            port=port,
            behind=behind,
            directives=directives,
            location=location,
            passed_to=passed_to,
        )
    )
    process = subprocess.Popen([program, "-p", folder, "-c", config], stderr=subprocess.DEVNULL)
    try:
        until(lambda: _listens(port), 10, "nginx")
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False
