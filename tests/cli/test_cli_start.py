"""`playout serve` says where it runs and what to do next; `--demo` publishes one sample."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2
import psycopg
import pytest

import playout
from tests.helpers.live import PLAIN, STOP_SECONDS, clean_environment, until

pytestmark = pytest.mark.slow

SOURCE = str(Path(playout.__file__).parents[1])


@contextmanager
def started(folder: Path, last_words: str, *options: str) -> Iterator[str]:
    """What a server prints on standard error up to these words. It has to end cleanly."""
    output = folder / "output"
    command = [sys.executable, "-m", "playout", "serve", "--port", "0", *options]
    with output.open("wb") as file:
        process = subprocess.Popen(
            [*command, "--data-dir", str(folder / "data")],
            env=clean_environment(PYTHONPATH=SOURCE),
            stdout=file,
            stderr=file,
        )
    try:
        until(lambda: last_words in output.read_text(), 90, last_words)
        until(lambda: is_ready(output.read_text()), 30, "readiness")
        yield output.read_text()
    finally:
        process.terminate()
        assert process.wait(STOP_SECONDS) == 0, output.read_text()


def is_ready(text: str) -> bool:
    """Whether all parts work, the worker included: then the server can be stopped at once."""
    found = re.search(r"http://127.0.0.1:\d+", text)
    assert found
    with suppress(httpx2.HTTPError):
        report = httpx2.get(f"{found[0]}/readyz", verify=PLAIN).json()
        return bool(report["parts"]["worker"]["ok"])
    return False


def test_a_start_without_organizations_says_what_to_do(tmp_path):
    with started(tmp_path, "playout organizations create NAME") as text:
        assert "There is no organization yet." in text
        assert "Playout runs at http://127.0.0.1:" in text
        assert "http://127.0.0.1:0" not in text
        assert f"--data-dir {tmp_path / 'data'}" in text


def test_the_landing_page_of_the_sample_names_its_video(tmp_path):
    socket_folder = str(tmp_path / "data" / "postgres")
    with (
        started(tmp_path, "Playout is running.", "--demo"),
        psycopg.connect(host=socket_folder, user="postgres", dbname="postgres") as connection,
    ):
        shares = connection.execute("SELECT video_uid FROM shares").fetchall()
        assert shares == connection.execute("SELECT uid FROM videos").fetchall()
        assert len(shares) == 1
