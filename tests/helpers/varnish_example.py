"""The Varnish of the documentation, as it stands there, in front of a server on loopback."""

import contextlib
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.helpers.live import until
from tests.helpers.live_nginx import PATH
from tests.helpers.nginx_example import DOCUMENT, listens

PROGRAM = shutil.which("varnishd", path=PATH)


@contextlib.contextmanager
def varnish_of_the_example(folder: Path, port: int, behind: int) -> Iterator[None]:
    """Run the example on this port, before a server on another port than it names."""
    (example,) = re.findall(r"```vcl\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    assert example.count('"8080"') == 1
    config = folder / "example.vcl"
    config.write_text(example.replace('"8080"', f'"{behind}"'))
    command = [PROGRAM, "-F", "-j", "none", "-n", folder / "work", "-f", config]
    with (folder / "varnish.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "-a", f"127.0.0.1:{port}", "-s", "malloc,64m"], stdout=log, stderr=log
        )
    try:
        until(lambda: listens(port), 60, "Varnish")
        yield
    finally:
        process.terminate()
        process.wait(30)
