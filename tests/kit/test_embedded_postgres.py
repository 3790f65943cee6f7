"""The embedded PostgreSQL: several processes share it, and it is restarted when it dies."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from playout.kit.embedded_postgres import EmbeddedPostgres

PATIENCE = 30.0
ANOTHER = """
import sys
from pathlib import Path
import psycopg
from playout.kit.embedded_postgres import EmbeddedPostgres

pytestmark = pytest.mark.slow
postgres = EmbeddedPostgres(Path(sys.argv[1]))
with psycopg.connect(postgres.start()) as connection:
    print(connection.execute("SELECT count(*) FROM kept").fetchone()[0], flush=True)
if sys.argv[2] == "stay":
    sys.stdin.read()
postgres.stop()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("embedded") / "postgres"


@pytest.fixture
def postgres(folder: Path) -> Iterator[EmbeddedPostgres]:
    """A running server with a table `kept`."""
    postgres = EmbeddedPostgres(folder)
    with psycopg.connect(postgres.start()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (id int)")
    yield postgres
    postgres.stop()


def another(folder: Path, how: str = "leave") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", ANOTHER, str(folder), how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            return connection.execute("SELECT count(*) FROM kept").fetchone() is not None
    except psycopg.OperationalError:
        return False


def postmaster(folder: Path) -> int:
    return int((folder / "postmaster.pid").read_text().splitlines()[0])


def until(condition) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


class TestSharing:
    def test_it_listens_to_no_network(self, postgres):
        with psycopg.connect(postgres.start()) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)

    def test_a_second_process_attaches_and_leaves_it_running(self, postgres, folder):
        pid = postmaster(folder)
        with another(folder) as process:
            assert process.communicate(timeout=PATIENCE)[0] == "0\n"
        assert process.returncode == 0
        assert postmaster(folder) == pid
        assert answers(postgres.start())

    def test_it_keeps_running_for_a_second_process_when_the_first_leaves(self, folder):
        first = EmbeddedPostgres(folder)
        url = first.start()
        with another(folder, "stay") as process:
            assert process.stdout.readline() == "0\n"
            first.stop()
            assert answers(url)
            process.communicate("", timeout=PATIENCE)
        assert not (folder / "postmaster.pid").exists()

    def test_a_process_that_was_killed_does_not_keep_it_running(self, folder):
        with another(folder, "stay") as process:
            assert process.stdout.readline() == "0\n"
            process.kill()
        first = EmbeddedPostgres(folder)
        first.start()
        first.stop()
        assert not (folder / "postmaster.pid").exists()


class TestRestart:
    def test_a_killed_postmaster_is_restarted_with_its_data(self, postgres, folder):
        url = postgres.start()
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE after_the_fall (id int)")
        postgres.watch()
        pid = postmaster(folder)
        os.kill(pid, signal.SIGKILL)
        until(lambda: answers(url))
        assert postmaster(folder) != pid
        with psycopg.connect(url) as connection:
            connection.execute("DROP TABLE after_the_fall")

    def test_a_running_server_is_not_restarted(self, postgres, folder):
        pid = postmaster(folder)
        assert postgres.restart_if_dead() is False
        assert postmaster(folder) == pid


class TestLeftovers:
    @pytest.mark.parametrize("pid", ["mine", "99999999", "1", "", "junk"])
    def test_it_starts_in_spite_of_a_stale_pid_file(self, folder, pid):
        # After a reboot the pid may belong to any other program, such as this one.
        first = EmbeddedPostgres(folder)
        first.start()
        first.stop()
        number = str(os.getpid()) if pid == "mine" else pid
        lines = [number, str(folder), "1", "5432", str(folder), "", "1 1", "ready"]
        (folder / "postmaster.pid").write_text("\n".join(lines) + "\n")
        again = EmbeddedPostgres(folder)
        assert answers(again.start())
        again.stop()

    def test_an_unfinished_folder_is_initialized_again(self, tmp_path):
        folder = tmp_path / "postgres"
        for name in ("postgres", "postgres.new"):
            (tmp_path / name / "base").mkdir(parents=True)
            (tmp_path / name / "pg_hba.conf").write_text("half")
        postgres = EmbeddedPostgres(folder)
        with psycopg.connect(postgres.start()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        postgres.stop()
        assert not (tmp_path / "postgres.new").exists()
