"""`playout serve` says where it runs and what to do next; `--demo` publishes one sample."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import psycopg
import pytest
from structlog.testing import capture_logs

import playout as package
from playout.cli.listening import bind, warn_without_public_url
from playout.settings import Settings
from tests.helpers.live import PLAIN, STOP_SECONDS, clean_environment, playout, until

pytestmark = pytest.mark.slow

SOURCE = str(Path(package.__file__).parents[1])


@contextmanager
def started(folder: Path, last_words: str, *options: str) -> Iterator[str]:
    """What a server prints on standard error up to these words. It has to end cleanly."""
    output = folder / "output"
    process = start(folder, *options)
    try:
        until(lambda: last_words in output.read_text(), 90, last_words)
        until(lambda: is_ready(output.read_text()), 30, "readiness")
        yield output.read_text()
    finally:
        process.terminate()
        assert process.wait(STOP_SECONDS) == 0, output.read_text()


def start(folder: Path, *options: str) -> subprocess.Popen[bytes]:
    """Start a server whose output goes to a file of the folder."""
    command = [sys.executable, "-m", "playout", "serve", "--port", "0", *options]
    with (folder / "output").open("wb") as file:
        return subprocess.Popen(
            [*command, "--data-dir", str(folder / "data")],
            env=clean_environment(PYTHONPATH=SOURCE),
            stdout=file,
            stderr=file,
        )


def is_ready(text: str) -> bool:
    """Whether all parts work, the worker included: then the server can be stopped at once."""
    found = re.search(r"http://(127.0.0.1|\[::1\]):\d+", text)
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
        _found_organization(re.search(r"http\S+/first-start\?code=\S+", text)[0])


def _found_organization(link: str) -> None:
    """Become the administrator by the printed link, by two clicks at once: one of them does it."""
    url, code = link.split("?code=")
    site = url.removesuffix("/first-start")
    form = {
        "code": code,
        "organization": "Môn & Co",
        "full_name": "Ada",
        "email": "ada@example.com",
        "password": "seven quiet harbours",
    }
    with httpx2.Client(verify=PLAIN, headers={"Origin": site}) as browser:

        def send(**changes: str) -> httpx2.Response:
            return httpx2.post(url, data=form | changes, headers=browser.headers, verify=PLAIN)

        assert 'value="' + code in browser.get(link).text
        for wrong in (
            {"email": "ada"},
            {"organization": " "},
            {"full_name": "a\0b"},
            {"password": "x"},
        ):
            answer = send(**wrong)
            assert (answer.status_code, "alert" in answer.text) == (400, True)
        assert send(code="x").status_code == browser.get(f"{url}?code=x").status_code == 404
        with ThreadPoolExecutor(2) as clicks:
            answers = sorted(clicks.map(lambda _: send(), range(2)), key=lambda a: a.status_code)
        assert [each.status_code for each in answers] == [303, 404]
        assert browser.get(link).status_code == 404
        browser.cookies.update(answers[0].cookies)
        assert "Signed in as <bdi>Ada</bdi>" in browser.get(f"{site}/sign-in").text
        assert "Your videos will be here" in browser.get(f"{site}/console/videos").text
        browser.cookies.clear()
        again = {"email": form["email"], "password": form["password"]}
        assert browser.post(f"{site}/sign-in", data=again).status_code == 303


def test_the_sample_is_published_once_and_named_at_the_address_of_each_start(tmp_path):
    socket_folder = str(tmp_path / "data" / "postgres")
    with started(tmp_path, "Playout is running.", "--demo") as first:
        pass
    with (
        started(tmp_path, "Playout is running.", "--demo", "--host", "::1") as second,
        psycopg.connect(host=socket_folder, user="postgres", dbname="postgres") as connection,
    ):
        shares = connection.execute("SELECT video_uid FROM shares").fetchall()
        assert shares == connection.execute("SELECT uid FROM videos").fetchall()
        assert len(shares) == 1
        links = sample_links(second)
        assert [paths(each) for each in (links, sample_links(first))] == [paths(links)] * 2
        base = "http://[::1]:"
        assert len(links) == 3
        for link in links:
            assert link.startswith(base)
            assert httpx2.get(link, verify=PLAIN).status_code == 200


def sample_links(text: str) -> list[str]:
    return re.findall(r"http://\S+/(?:[vs]|media)/\S+", text)


def paths(links: list[str]) -> list[str]:
    return [urlsplit(link).path for link in links]


@pytest.mark.parametrize("after", [0.0, 0.3, 0.6, 1.0, 1.5, 2.0, 3.0])
def test_sigterm_ends_a_start_cleanly_whenever_it_comes(tmp_path, after):
    process = start(tmp_path)
    until(lambda: handles_sigterm(process.pid), 30, "the first moment of Playout")
    time.sleep(after)
    process.terminate()
    assert process.wait(STOP_SECONDS) == 0
    assert "Traceback" not in (tmp_path / "output").read_text()
    assert not (tmp_path / "data" / "postgres" / "postmaster.pid").exists()


def handles_sigterm(pid: int) -> bool:
    caught = re.search(r"SigCgt:\s*(\w+)", Path(f"/proc/{pid}/status").read_text())
    return bool(caught and int(caught[1], 16) >> (signal.SIGTERM - 1) & 1)


class TestWarning:
    @pytest.mark.parametrize(
        ("host", "public_url", "warns"),
        [
            ("0.0.0.0", None, True),
            ("::", None, True),
            ("0.0.0.0", "https://videos.example.com", False),
            ("127.0.0.1", None, False),
            ("127.0.0.2", None, False),
            ("::1", None, False),
            ("localhost", None, False),
        ],
    )
    def test_a_start_that_others_reach_but_links_do_not_name(self, host, public_url, warns):
        settings = Settings(host=host, public_url=public_url)
        with bind(host, 0) as bound, capture_logs() as logged:
            warn_without_public_url(bound, settings)
        assert [each["event"] for each in logged] == ["public_url.missing"] * warns
        assert all("PLAYOUT_PUBLIC_URL" in each["advice"] for each in logged)


def test_a_wrong_public_url_is_refused_in_a_sentence(tmp_path):
    wrong = {"PLAYOUT_PUBLIC_URL": "example.com/v"}
    done = playout("serve", "--data-dir", tmp_path / "data", **wrong)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: PLAYOUT_PUBLIC_URL is not valid: it needs http:// or")
