"""Commands in the sandbox: their reach, their limits and their end."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from playout.kit.errors import StorageFull, Unavailable
from playout.transcode.errors import MediaRejected, WorkCancelled
from playout.transcode.sandbox.run import CompletedCommand, run
from playout.transcode.sandbox.tools import Tools

pytestmark = pytest.mark.slow

StartServer = Callable[[Tools, Path], subprocess.Popen[bytes]]
SERVER = """
import json, sys
from pathlib import Path
from playout.transcode.sandbox.run import Confinement, run
fields = json.loads(sys.argv[1])
fields["bubblewrap"] = fields["bubblewrap"] and Path(fields["bubblewrap"])
print("ready", flush=True)
run(["/bin/sleep", "302.5"], Confinement(**fields), folder=Path(sys.argv[2]))
"""


def shell(
    script: str, tools: Tools, folder: Path, wall_seconds: float = 20, **options: object
) -> CompletedCommand:
    command, confinement = ["/bin/sh", "-c", script], tools.confinement(wall_seconds)
    return run(command, confinement, folder=folder, **options)  # type: ignore[arg-type]


def processes_with(mark: str) -> list[int]:
    """Return the processes whose command line holds `mark`; that of a zombie is empty."""
    pids = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if mark in line and int(entry.name) != os.getpid():
            pids.append(int(entry.name))
    return pids


def end_soon(mark: str, seconds: float = 3) -> bool:
    """Wait for all processes whose command line holds `mark` to end; return whether they did."""
    deadline = time.monotonic() + seconds
    while processes_with(mark):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture
def bubblewrap(tools: Tools) -> Tools:
    if tools.bubblewrap is None:
        pytest.skip("without bubblewrap the reach of a command is that of the server's user")
    return tools


@pytest.fixture
def start_server() -> Iterator[StartServer]:
    """Return a function that starts a process which is about to run one long command."""
    started: list[subprocess.Popen[bytes]] = []

    def start(tools: Tools, folder: Path) -> subprocess.Popen[bytes]:
        confinement = tools.confinement(60)
        bubblewrap = str(confinement.bubblewrap) if confinement.bubblewrap else None
        fields = json.dumps({**vars(confinement), "bubblewrap": bubblewrap})
        command = [sys.executable, "-c", SERVER, fields, str(folder)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


class TestRunCommand:
    def test_return_code_and_output_are_returned(self, job: Path, each_sandbox: Tools) -> None:
        completed = shell("echo out; echo err >&2; exit 3", each_sandbox, job)
        assert completed == CompletedCommand(3, "out\n", "err\n")

    def test_only_the_end_of_standard_error_is_kept(self, job: Path, each_sandbox: Tools) -> None:
        script = "i=0; while [ $i -lt 2000 ]; do echo line $i >&2; i=$((i+1)); done"
        completed = shell(script, each_sandbox, job)
        assert len(completed.stderr) == 8 * 1024
        assert completed.stderr.endswith("line 1999\n")

    def test_each_line_of_output_is_passed_on_as_it_comes(
        self, job: Path, each_sandbox: Tools
    ) -> None:
        seen: list[tuple[str, float]] = []

        def note(line: str) -> None:
            seen.append((line, time.monotonic()))

        shell("echo a; sleep 0.5; echo b", each_sandbox, job, on_line=note)
        assert [line for line, _ in seen] == ["a", "b"]
        assert seen[1][1] - seen[0][1] > 0.3

    def test_missing_program_is_unavailable_and_no_fault_of_the_file(
        self, job: Path, each_sandbox: Tools
    ) -> None:
        with pytest.raises(Unavailable):
            run(["/nowhere/ffmpeg"], each_sandbox.confinement(5), folder=job)

    def test_command_gets_no_input_and_no_environment_of_the_server(
        self, job: Path, each_sandbox: Tools, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PLAYOUT_SECRET", "hidden")
        completed = shell("env; cat; echo end", each_sandbox, job)
        assert "hidden" not in completed.stdout
        assert completed.stdout.endswith("end\n")

    def test_command_gets_no_open_file_of_the_server(self, job: Path, each_sandbox: Tools) -> None:
        with Path("/dev/null").open() as file:
            os.set_inheritable(file.fileno(), True)
            completed = shell(
                f"( : <&{file.fileno()} ) 2>/dev/null && echo open", each_sandbox, job
            )
        assert completed.stdout == ""


class TestLimitCommand:
    def test_file_cannot_grow_beyond_the_limit(self, job: Path, each_sandbox: Tools) -> None:
        small = replace(each_sandbox, limits=replace(each_sandbox.limits, output_bytes=100_000))
        completed = shell("head -c 200000 /dev/zero > big", small, job)
        assert completed.returncode != 0
        assert "File too large" in completed.stderr
        assert (job / "big").stat().st_size == 100_000

    def test_memory_is_bounded(self, job: Path, each_sandbox: Tools) -> None:
        small = replace(each_sandbox, limits=replace(each_sandbox.limits, memory_bytes=300_000_000))
        completed = shell("head -c 400000000 /dev/zero | tail -n 1 > /dev/null", small, job)
        assert "memory exhausted" in completed.stderr or "allocate" in completed.stderr

    def test_niceness_of_the_command_is_that_of_the_limits(
        self, job: Path, each_sandbox: Tools
    ) -> None:
        nice = replace(each_sandbox, limits=replace(each_sandbox.limits, niceness=3))
        values = [int(shell("nice", tools, job).stdout) for tools in (each_sandbox, nice)]
        assert values[1] - values[0] == 3

    def test_niceness_of_the_session_is_that_of_the_limits(
        self, job: Path, each_sandbox: Tools
    ) -> None:
        if not Path("/proc/self/autogroup").exists():
            pytest.skip("this kernel does not compare sessions")
        nice = replace(each_sandbox, limits=replace(each_sandbox.limits, niceness=7))
        seen: list[str] = []

        def read_niceness(_: str) -> None:
            pid = min(processes_with("303.25"))
            seen.append(Path(f"/proc/{pid}/autogroup").read_text())

        shell("echo x; sleep 303.25 & sleep 0.5", nice, job, on_line=read_niceness)
        assert [line.split()[-1] for line in seen] == ["7"]

    def test_no_core_can_be_dumped(self, job: Path, each_sandbox: Tools) -> None:
        assert shell("ulimit -c", each_sandbox, job).stdout == "0\n"

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
    def test_full_disk_is_an_error_of_the_storage(self, job: Path, each_sandbox: Tools) -> None:
        mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(job)]
        if subprocess.run(mount, check=False, capture_output=True).returncode:
            pytest.skip("this machine does not allow mounts")
        try:
            with pytest.raises(StorageFull):
                shell("head -c 200000 /dev/zero > big", each_sandbox, job)
        finally:
            subprocess.run(["umount", str(job)], check=True)


class TestConfineCommand:
    def test_command_writes_into_its_folder(self, job: Path, each_sandbox: Tools) -> None:
        shell("echo text > here", each_sandbox, job)
        assert (job / "here").read_text() == "text\n"

    def test_under_bubblewrap_command_sees_only_its_own_files(
        self, job: Path, bubblewrap: Tools
    ) -> None:
        secret = job.parent / "secret"
        secret.write_text("secret")
        completed = shell(f"cat {secret}; cat /etc/passwd; cat /proc/1/environ", bubblewrap, job)
        assert completed.stdout == ""

    def test_under_bubblewrap_command_can_read_but_not_write_its_source(
        self, job: Path, bubblewrap: Tools
    ) -> None:
        source = job.parent / "source"
        source.write_text("content")
        completed = shell(f"cat {source}; echo x > {source}", bubblewrap, job, readable=[source])
        assert completed.stdout == "content"
        assert "Read-only" in completed.stderr
        assert source.read_text() == "content"

    def test_under_bubblewrap_command_writes_nowhere_else(
        self, job: Path, bubblewrap: Tools
    ) -> None:
        completed = shell("touch /usr/x; touch /lib/x; touch ../x", bubblewrap, job)
        assert completed.stderr.count("Read-only") == 2
        assert sorted(path.name for path in job.parent.iterdir()) == ["job"]

    def test_under_bubblewrap_command_has_no_network(self, job: Path, bubblewrap: Tools) -> None:
        code = "import socket; print([name for _, name in socket.if_nameindex()])"
        base = Path(sys.base_prefix)
        python = [str(Path(sys.executable).resolve()), "-I", "-S", "-c", code]
        completed = run(python, bubblewrap.confinement(10), folder=job, readable=[base])
        assert completed.stdout == "['lo']\n"


class TestEndCommand:
    """The shell waits for a child of its own, so a test fails if only the shell is killed."""

    def test_command_beyond_its_time_is_rejected_and_its_whole_group_killed(
        self, job: Path, each_sandbox: Tools
    ) -> None:
        started = time.monotonic()
        with pytest.raises(MediaRejected, match="takes too long"):
            shell("sleep 301.25 & wait", each_sandbox, job, wall_seconds=0.5)
        assert time.monotonic() - started < 3
        assert end_soon("301.25")

    def test_cancelled_command_stops_at_once(self, job: Path, each_sandbox: Tools) -> None:
        started = time.monotonic()
        with pytest.raises(WorkCancelled):
            shell(
                "sleep 301.5 & wait",
                each_sandbox,
                job,
                cancelled=lambda: time.monotonic() - started > 0.3,
            )
        assert time.monotonic() - started < 2
        assert end_soon("301.5")

    def test_command_that_another_process_ends_is_cancelled_and_has_not_failed(
        self, job: Path, each_sandbox: Tools
    ) -> None:
        def end_all(_: str) -> None:
            for pid in processes_with("301.6"):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGTERM)

        with pytest.raises(WorkCancelled):
            shell("echo x; sleep 301.6", each_sandbox, job, on_line=end_all)
        assert end_soon("301.6")

    def test_error_in_on_line_ends_the_command(self, job: Path, each_sandbox: Tools) -> None:
        def fail(line: str) -> None:
            raise ZeroDivisionError(line)

        with pytest.raises(ZeroDivisionError):
            shell("echo x; sleep 301.75", each_sandbox, job, on_line=fail)
        assert end_soon("301.75")

    def test_child_that_outlives_its_parent_is_ended_too(
        self, job: Path, each_sandbox: Tools
    ) -> None:
        completed = shell("sleep 302.25 >/dev/null 2>&1 & exit 0", each_sandbox, job)
        assert completed.returncode == 0
        assert end_soon("302.25")

    def test_no_command_of_a_killed_server_keeps_running(
        self, job: Path, each_sandbox: Tools, start_server: StartServer
    ) -> None:
        server = start_server(each_sandbox, job)
        deadline = time.monotonic() + 10
        while not [pid for pid in processes_with("sleep 302.5") if pid != server.pid]:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        time.sleep(0.2)
        server.kill()
        assert end_soon("sleep 302.5")

    @pytest.mark.slow
    def test_no_starting_command_of_a_killed_server_keeps_running(
        self, job: Path, bubblewrap: Tools, start_server: StartServer
    ) -> None:
        for milliseconds in range(0, 120, 3):
            server = start_server(bubblewrap, job)
            time.sleep(milliseconds / 1000)
            server.kill()
            server.wait()
        assert end_soon("sleep 302.5")
