"""What keeps a command from its work is one sentence that says what to do, and exit status 1."""

import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from structlog.testing import capture_logs

from playout.__main__ import main
from playout.main import running
from playout.runtime import Runtime
from playout.settings import Settings
from tests.helpers.storage_suites import moto

pytestmark = pytest.mark.slow

COMMANDS = {
    "serve": ("serve",),
    "worker": ("worker",),
    "doctor": ("doctor",),
    "keys list": ("keys", "list"),
    "organizations create": ("organizations", "create", "Acme"),
    "webhooks list": ("webhooks", "list"),
}
LOG_LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ")
SECRET = "hunter2-hunter"


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit status and what it printed."""

    status: int
    stdout: str
    stderr: str


Run = Callable[..., Ended]


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    runtime: Runtime,
) -> Run:
    """Runs a command in this process, on the database of the tests and a new data folder."""

    # The log of this process is that of the tests.
    monkeypatch.setattr("playout.kit.log.configure", lambda *_: None)

    def run(*arguments: str, **environment: str) -> Ended:
        settings = {
            "PLAYOUT_PORT": "0",
            "PLAYOUT_DATA_DIR": str(tmp_path),
            "PLAYOUT_DATABASE_URL": runtime.database.url,
        }
        for name, value in (settings | environment).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("sys.argv", ["playout", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capfd.readouterr()
        return Ended(int(ended.value.code or 0), without_log(printed.out), printed.err)

    return run


def without_log(text: str) -> str:
    """The text without what the worker of the tests logs meanwhile."""
    return "".join(line for line in text.splitlines(True) if not LOG_LINE.match(line))


@contextmanager
def new_database(runtime: Runtime, revision: str | None = None) -> Iterator[str]:
    """The URL of a database without tables or, with a revision, with one of Alembic alone."""
    name = "errors_of_commands"
    url = runtime.database.url.replace("/postgres?", f"/{name}?")
    with psycopg.connect(runtime.database.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            if revision:
                with psycopg.connect(url) as inside:
                    inside.execute("CREATE TABLE alembic_version (version_num text)")
                    inside.execute("INSERT INTO alembic_version VALUES (%s)", [revision])
            yield url
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def is_one_sentence(ended: Ended) -> bool:
    """One line, without a traceback, and nothing that looks like a result."""
    return (
        ended.status == 1
        and ended.stdout == ""
        and ended.stderr.startswith("Error: ")
        and ended.stderr.count("\n") == 1
        and "Traceback" not in ended.stderr
    )


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
class TestEveryCommand:
    @pytest.mark.parametrize(
        ("variable", "value", "expected"),
        [
            ("PLAYOUT_DATA_DIR", "/proc/playout", "data folder /proc/playout cannot be created"),
            ("PLAYOUT_DATA_DIR", "/dev/null/data", "--data-dir or PLAYOUT_DATA_DIR"),
            (
                "PLAYOUT_PORT",
                "eighty",
                "PLAYOUT_PORT is not valid: input should be a valid integer",
            ),
            ("PLAYOUT_PORT", "70000", "PLAYOUT_PORT is not valid"),
            ("PLAYOUT_RATE_LIMIT", "0", "PLAYOUT_RATE_LIMIT is not valid"),
            ("PLAYOUT_OUTBOUND_ALLOW", "10.0.0.0/99", "PLAYOUT_OUTBOUND_ALLOW is not valid"),
            (
                "PLAYOUT_DATABASE_URL",
                f"mysql://u:{SECRET}@h/d",
                "PLAYOUT_DATABASE_URL is not valid",
            ),
            ("PLAYOUT_DATABASE_URL", f"postgresql://h:{SECRET}/d", "percent-encoded"),
            ("PLAYOUT_STORAGE_URL", "ftp://files", "PLAYOUT_STORAGE_URL names no object store"),
            ("PLAYOUT_STORAGE_URL", "files", "PLAYOUT_STORAGE_URL names no object store"),
            ("PLAYOUT_STORAGE_URL", "az://files", "Account must be specified"),
            ("PLAYOUT_SECRET_KEY", SECRET, "it needs 32 characters or more"),
            ("PLAYOUT_METRICS_TOKEN", SECRET, "PLAYOUT_METRICS_TOKEN is not valid"),
        ],
    )
    def test_refuses_a_setting_in_one_sentence(self, run, command, variable, value, expected):
        ended = run(*command, **{variable: value})
        assert is_one_sentence(ended), ended
        assert expected in ended.stderr
        assert "hunter2" not in ended.stderr

    def test_says_why_the_database_cannot_be_reached(self, run, command):
        url = f"postgresql://u:{SECRET}@127.0.0.1:{closed_port()}/playout"
        ended = run(*command, PLAYOUT_DATABASE_URL=url)
        assert is_one_sentence(ended), ended
        assert "Connection refused" in ended.stderr
        assert "check PLAYOUT_DATABASE_URL" in ended.stderr
        assert "hunter2" not in ended.stderr

    def test_names_a_database_that_does_not_exist(self, run, command, runtime):
        ended = run(
            *command, PLAYOUT_DATABASE_URL=runtime.database.url.replace("/postgres?", "/none?")
        )
        assert is_one_sentence(ended), ended
        assert 'database "none" does not exist' in ended.stderr

    def test_refuses_a_schema_of_a_newer_version(self, run, command, runtime):
        with new_database(runtime, "9999") as url:
            ended = run(*command, PLAYOUT_DATABASE_URL=url)
        assert is_one_sentence(ended), ended
        assert "at revision 9999" in ended.stderr
        assert "Upgrade Playout" in ended.stderr

    def test_with_json_the_error_is_an_object(self, run, command):
        if command[0] in {"serve", "worker"}:
            pytest.skip("these have no --json")
        ended = run(*command, "--json", PLAYOUT_DATA_DIR="/proc/playout")
        assert ended.status == 1
        assert ended.stdout == ""
        error = json.loads(ended.stderr)["error"]
        assert error["code"] == "invalid"
        assert "data folder" in error["message"]


@pytest.mark.parametrize("command", ["worker", "keys list"])
def test_a_secret_key_in_the_data_folder_that_is_too_short(run, command, tmp_path):
    (tmp_path / "secret.key").write_text("")
    ended = run(*COMMANDS[command])
    assert is_one_sentence(ended), ended
    assert "secret.key is shorter than 32 characters" in ended.stderr


class TestServe:
    def test_a_port_that_is_taken(self, run):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            ended = run("serve", "--port", str(port))
        assert is_one_sentence(ended), ended
        assert f"Port {port} of 127.0.0.1 is taken" in ended.stderr
        assert "Playout runs" not in ended.stderr

    @pytest.mark.parametrize("host", ["192.0.2.1", "a" * 70])
    def test_an_address_that_is_not_of_this_machine(self, run, host):
        ended = run("serve", "--host", host, "--port", "0")
        assert is_one_sentence(ended), ended
        assert "choose an address of this machine with --host" in ended.stderr

    @pytest.mark.parametrize("port", ["70000", "-1", "eighty"])
    def test_a_port_out_of_range_is_an_error_of_usage(self, run, port):
        ended = run("serve", "--port", port)
        assert ended.status == 2
        assert "--port" in ended.stderr
        assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("command", ["serve", "worker"])
class TestBucket:
    def test_one_that_does_not_exist(self, run, command, monkeypatch, runtime):
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        with moto() as ((host, port), _):
            ended = run(
                *COMMANDS[command],
                PLAYOUT_STORAGE_URL="s3://nowhere",
                PLAYOUT_STORAGE_ENDPOINT=f"http://{host}:{port}",
                PLAYOUT_SECRET_KEY=(runtime.settings.data_dir / "secret.key").read_text(),
            )
        assert is_one_sentence(ended), ended
        assert "bucket of PLAYOUT_STORAGE_URL does not exist" in ended.stderr


class TestDoctor:
    def test_never_migrates(self, run, runtime):
        with new_database(runtime) as url:
            ended = run("doctor", PLAYOUT_DATABASE_URL=url)
            with psycopg.connect(url) as connection:
                tables = connection.execute("SELECT count(*) FROM pg_stat_user_tables").fetchone()
        assert is_one_sentence(ended), ended
        assert "The schema of the database is empty" in ended.stderr
        assert tables == (0,)

    def test_names_an_older_schema(self, run, runtime):
        with new_database(runtime, "0001") as url:
            ended = run("doctor", PLAYOUT_DATABASE_URL=url)
        assert is_one_sentence(ended), ended
        assert "is at revision 0001" in ended.stderr


class TestSandbox:
    """A machine without bubblewrap: PATH has no folder with it."""

    @pytest.fixture
    def secret_key(self, runtime: Runtime) -> str:
        return (runtime.settings.data_dir / "secret.key").read_text()

    def test_doctor_says_how_to_get_one(self, monkeypatch, capfd, tmp_path, runtime, secret_key):
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setenv("PLAYOUT_DATABASE_URL", runtime.database.url)
        monkeypatch.setenv("PLAYOUT_SECRET_KEY", secret_key)
        monkeypatch.setattr("sys.argv", ["playout", "doctor", "--data-dir", str(tmp_path)])
        with pytest.raises(SystemExit):
            main()
        assert "apt install bubblewrap" in capfd.readouterr().out

    def test_a_start_logs_one_warning(self, monkeypatch, tmp_path, runtime, secret_key):
        monkeypatch.setenv("PATH", str(tmp_path))
        settings = Settings(
            data_dir=tmp_path, database_url=runtime.database.url, secret_key=secret_key
        )
        with capture_logs() as logged, running(settings):
            pass
        warnings = [entry for entry in logged if entry["event"] == "sandbox.missing"]
        assert len(warnings) == 1
        assert "apt install bubblewrap" in warnings[0]["advice"]


class TestPublish:
    def test_an_address_that_is_none(self, run, tmp_path):
        (tmp_path / "a.mp4").touch()
        ended = run("publish", str(tmp_path / "a.mp4"), "--key", "k", "--url", "http://[::1")
        assert is_one_sentence(ended), ended
        assert "http://[::1" in ended.stderr
