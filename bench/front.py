"""nginx on loopback: as it serves files by itself, and in front of Playout."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.site import free_port, wait_for

CONFIG = """
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
daemon off;
user root;
events {{ worker_connections 256; }}
http {{
  access_log off;
  sendfile on;
  keepalive_requests 1000000;
  default_type video/mp4;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  upstream playout {{ server 127.0.0.1:{behind}; keepalive 16; }}
  server {{
    listen 127.0.0.1:{alone};
    location / {{ root {files}; }}
  }}
  server {{
    listen 127.0.0.1:{front};
    location / {{
      proxy_pass http://playout;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
    }}
    location /playout-files/ {{ internal; alias {files}/; }}
  }}
}}
"""


def has_nginx() -> bool:
    return shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin") is not None


@contextmanager
def nginx(files: Path, behind: int, folder: Path) -> Iterator[tuple[int, int]]:
    """Two ports: of an nginx that serves the files, and of one before the Playout on `behind`."""
    alone, front = free_port(), free_port()
    folder.mkdir()
    config = folder / "nginx.conf"
    config.write_text(
        CONFIG.format(folder=folder, files=files, behind=behind, alone=alone, front=front)
    )
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin")
    process = subprocess.Popen([program, "-p", folder, "-c", config])
    try:
        wait_for(process, front, "/healthz")
        yield alone, front
    finally:
        process.terminate()
        process.wait(30)
