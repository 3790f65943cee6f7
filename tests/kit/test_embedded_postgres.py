"""The embedded PostgreSQL: several processes share it, and it is restarted when it dies."""

import os
import pwd
import signal
import stat
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from playout.kit.database.embedded import EmbeddedPostgres
from playout.kit.errors import Invalid, Unavailable

pytestmark = pytest.mark.slow

PATIENCE = 30.0
ANOTHER = """
import sys
from pathlib import Path
import psycopg
from playout.kit.database.embedded import EmbeddedPostgres

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


ADD_USER = """
import sys
import time
from playout.kit.database import embedded

def slow(name):
    print("begins", flush=True)
    time.sleep(0.3)
    print("ends", flush=True)

embedded.ensure_user_exists = slow
embedded.USERS_LOCK = sys.argv[1]
embedded.postgres_server.ensure_user_exists("nobody-has-this-name")
"""


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


AS_USER = """
import sys
from pathlib import Path
from playout.kit.database.embedded import EmbeddedPostgres

postgres = EmbeddedPostgres(Path(sys.argv[1]))
print(postgres.start(), flush=True)
postgres.stop()
"""
OTHER_USERS = ("nobody", "www-data")


def started_and_stopped(folder: Path) -> str:
    postgres = EmbeddedPostgres(folder)
    url = postgres.start()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    postgres.stop()
    return url


def python_of_others(user: str) -> str | None:
    """A Python that this user may run, with the packages of this one."""
    program = "import playout.kit.database.embedded"
    for python in (sys.executable, "/usr/bin/python3"):
        try:
            subprocess.run([python, "-c", program], user=user, env=packages(), check=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return python
    return None


def packages() -> dict[str, str]:
    source = Path(sys.modules["playout"].__file__).parents[1]
    return {"PYTHONPATH": f"{source}:{sysconfig.get_path('purelib')}", "PATH": os.environ["PATH"]}


class TestPlaces:
    def test_the_socket_is_in_the_data_folder(self, tmp_path):
        folder = tmp_path / "postgres"
        assert started_and_stopped(folder).endswith(f"?host={folder}")

    @pytest.mark.parametrize("name", ["with space", "x" * 150, "ünïcode"])
    def test_a_path_that_cannot_have_a_socket(self, tmp_path, name):
        began = time.monotonic()
        url = started_and_stopped(tmp_path / name / "postgres")
        assert time.monotonic() - began < PATIENCE
        assert url.startswith(f"postgresql://postgres:@/postgres?host={tempfile.gettempdir()}/")
        assert not Path(url.partition("host=")[2]).exists()

    def test_only_its_user_may_connect(self, tmp_path):
        folder = tmp_path / "with space" / "postgres"
        postgres = EmbeddedPostgres(folder)
        private = Path(postgres.start().partition("host=")[2])
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
        assert stat.S_IMODE((private / ".s.PGSQL.5432").stat().st_mode) == 0o700
        postgres.stop()

    def test_a_folder_of_another_user_is_not_used(self, tmp_path, monkeypatch):
        folder = tmp_path / "with space" / "postgres"
        with tempfile.TemporaryDirectory() as short:
            monkeypatch.setattr(tempfile, "tempdir", short)
            url = started_and_stopped(folder)
            Path(url.partition("host=")[2]).symlink_to(tmp_path)
            with pytest.raises(Invalid, match="belongs to another user"):
                started_and_stopped(folder)

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can run commands as another user")
    def test_every_user_of_a_machine_can_have_one(self, tmp_path_factory):
        for user in OTHER_USERS:
            python = python_of_others(user)
            if python is None:
                pytest.skip("other users cannot run this Python")
            account = pwd.getpwnam(user)
            with tempfile.TemporaryDirectory() as home:
                os.chown(home, account.pw_uid, account.pw_gid)
                done = subprocess.run(
                    [python, "-c", AS_USER, f"{home}/postgres"],
                    user=user,
                    group=account.pw_gid,
                    extra_groups=[],
                    env=packages(),
                    cwd=home,
                    capture_output=True,
                    text=True,
                    timeout=PATIENCE,
                    check=False,
                )
            assert done.returncode == 0, done.stderr
            assert f"host={home}/postgres" in done.stdout


class TestReason:
    def test_a_server_that_cannot_start_says_why_at_once(self, tmp_path):
        folder = tmp_path / "postgres"
        started_and_stopped(folder)
        with (folder / "postgresql.conf").open("a") as configuration:
            configuration.write("no_such_parameter = 1\n")
        began = time.monotonic()
        with pytest.raises(Unavailable, match=r"configuration file .* contains errors"):
            EmbeddedPostgres(folder).start()
        assert time.monotonic() - began < 4  # two, on a machine with nothing else to do

    def test_a_folder_that_cannot_be_initialized_says_why(self, tmp_path):
        (tmp_path / "postgres.new").write_text("in the way")
        with pytest.raises(Unavailable, match="does not start"):
            EmbeddedPostgres(tmp_path / "postgres").start()


def test_two_processes_do_not_add_the_user_at_once(tmp_path: Path) -> None:
    said, command = tmp_path / "said", [sys.executable, "-c", ADD_USER, str(tmp_path / "lock")]
    with said.open("a") as output:
        adding = [subprocess.Popen(command, stdout=output) for _ in range(3)]
        assert [each.wait(PATIENCE) for each in adding] == [0, 0, 0]
    assert said.read_text().split() == ["begins", "ends"] * 3
