"""What a confined command can do, and that none outlives its reason."""

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
from playout.transcode.sandbox.run import Finished, run
from playout.transcode.sandbox.tools import Tools

Servers = Callable[[Tools, Path], subprocess.Popen[bytes]]
SERVER = """
import json, sys
from pathlib import Path
from playout.transcode.sandbox.run import Confinement, run
bounds = json.loads(sys.argv[1])
bounds["bubblewrap"] = bounds["bubblewrap"] and Path(bounds["bubblewrap"])
print("starts", flush=True)
run(["/bin/sleep", "302.5"], Confinement(**bounds), folder=Path(sys.argv[2]))
"""


def shell(
    script: str, tools: Tools, folder: Path, wall_seconds: float = 20, **options: object
) -> Finished:
    bounds = tools.confinement(wall_seconds)
    return run(["/bin/sh", "-c", script], bounds, folder=folder, **options)  # type: ignore[arg-type]


def sleepers(mark: str) -> list[int]:
    """The processes whose command line holds `mark`; a zombie's is empty."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if mark in line and int(entry.name) != os.getpid():
            found.append(int(entry.name))
    return found


def none_left(mark: str, seconds: float = 3) -> bool:
    deadline = time.monotonic() + seconds
    while sleepers(mark):
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
def servers() -> Iterator[Servers]:
    """Starts processes that run one long command, and answers when they are about to."""
    started: list[subprocess.Popen[bytes]] = []

    def start(tools: Tools, folder: Path) -> subprocess.Popen[bytes]:
        bounds = tools.confinement(60)
        wrapper = str(bounds.bubblewrap) if bounds.bubblewrap else None
        facts = json.dumps({**vars(bounds), "bubblewrap": wrapper})
        line = [sys.executable, "-c", SERVER, facts, str(folder)]
        process = subprocess.Popen(line, stdout=subprocess.PIPE)
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == b"starts\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


class TestRun:
    def test_returns_how_the_command_ended_and_what_it_said(
        self, job: Path, each_sandbox: Tools
    ) -> None:
        done = shell("echo out; echo err >&2; exit 3", each_sandbox, job)
        assert done == Finished(3, "out\n", "err\n")

    def test_keeps_only_the_end_of_what_goes_wrong(self, job: Path, each_sandbox: Tools) -> None:
        script = "i=0; while [ $i -lt 2000 ]; do echo line $i >&2; i=$((i+1)); done"
        done = shell(script, each_sandbox, job)
        assert len(done.stderr) == 8 * 1024
        assert done.stderr.endswith("line 1999\n")

    def test_hands_over_the_lines_as_they_come(self, job: Path, each_sandbox: Tools) -> None:
        seen: list[tuple[str, float]] = []

        def note(line: str) -> None:
            seen.append((line, time.monotonic()))

        shell("echo a; sleep 0.5; echo b", each_sandbox, job, on_line=note)
        assert [line for line, _ in seen] == ["a", "b"]
        assert seen[1][1] - seen[0][1] > 0.3

    def test_a_program_that_is_not_there_is_not_the_files_fault(
        self, job: Path, each_sandbox: Tools
    ) -> None:
        with pytest.raises(Unavailable):
            run(["/nowhere/ffmpeg"], each_sandbox.confinement(5), folder=job)

    def test_gets_no_input_and_none_of_the_servers_environment(
        self, job: Path, each_sandbox: Tools, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PLAYOUT_SECRET", "hidden")
        done = shell("env; cat; echo end", each_sandbox, job)
        assert "hidden" not in done.stdout
        assert done.stdout.endswith("end\n")

    def test_gets_no_open_file_of_the_server(self, job: Path, each_sandbox: Tools) -> None:
        with Path("/dev/null").open() as file:
            os.set_inheritable(file.fileno(), True)
            done = shell(f"( : <&{file.fileno()} ) 2>/dev/null && echo open", each_sandbox, job)
        assert done.stdout == ""


class TestLimits:
    def test_a_file_cannot_grow_beyond_the_limit(self, job: Path, each_sandbox: Tools) -> None:
        small = replace(each_sandbox, limits=replace(each_sandbox.limits, output_bytes=100_000))
        done = shell("head -c 200000 /dev/zero > big", small, job)
        assert done.returncode != 0
        assert "File too large" in done.stderr
        assert (job / "big").stat().st_size == 100_000

    def test_memory_is_bounded(self, job: Path, each_sandbox: Tools) -> None:
        small = replace(each_sandbox, limits=replace(each_sandbox.limits, memory_bytes=300_000_000))
        done = shell("head -c 400000000 /dev/zero | tail -n 1 > /dev/null", small, job)
        assert "memory exhausted" in done.stderr or "allocate" in done.stderr

    def test_stands_back_as_far_as_it_is_told(self, job: Path, each_sandbox: Tools) -> None:
        back = replace(each_sandbox, limits=replace(each_sandbox.limits, niceness=3))
        far = [int(shell("nice", tools, job).stdout) for tools in (each_sandbox, back)]
        assert far[1] - far[0] == 3

    def test_its_whole_session_stands_back(self, job: Path, each_sandbox: Tools) -> None:
        if not Path("/proc/self/autogroup").exists():
            pytest.skip("this kernel does not weigh sessions")
        back = replace(each_sandbox, limits=replace(each_sandbox.limits, niceness=7))
        seen: list[str] = []

        def look(_: str) -> None:
            here = min(sleepers("303.25"))
            seen.append(Path(f"/proc/{here}/autogroup").read_text())

        shell("echo x; sleep 303.25 & sleep 0.5", back, job, on_line=look)
        assert [line.split()[-1] for line in seen] == ["7"]

    def test_no_core_is_dumped(self, job: Path, each_sandbox: Tools) -> None:
        assert shell("ulimit -c", each_sandbox, job).stdout == "0\n"

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
    def test_a_full_disk_is_told_as_such(self, job: Path, each_sandbox: Tools) -> None:
        mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(job)]
        if subprocess.run(mount, check=False, capture_output=True).returncode:
            pytest.skip("this machine does not allow mounts")
        try:
            with pytest.raises(StorageFull):
                shell("head -c 200000 /dev/zero > big", each_sandbox, job)
        finally:
            subprocess.run(["umount", str(job)], check=True)


class TestReach:
    def test_writes_in_its_folder(self, job: Path, each_sandbox: Tools) -> None:
        shell("echo made > here", each_sandbox, job)
        assert (job / "here").read_text() == "made\n"

    def test_under_bubblewrap_sees_no_file_but_its_own(self, job: Path, bubblewrap: Tools) -> None:
        secret = job.parent / "secret"
        secret.write_text("secret")
        done = shell(f"cat {secret}; cat /etc/passwd; cat /proc/1/environ", bubblewrap, job)
        assert done.stdout == ""

    def test_under_bubblewrap_reads_but_does_not_write_its_source(
        self, job: Path, bubblewrap: Tools
    ) -> None:
        source = job.parent / "source"
        source.write_text("given")
        done = shell(f"cat {source}; echo x > {source}", bubblewrap, job, readable=[source])
        assert done.stdout == "given"
        assert "Read-only" in done.stderr
        assert source.read_text() == "given"

    def test_under_bubblewrap_writes_nowhere_else(self, job: Path, bubblewrap: Tools) -> None:
        done = shell("touch /usr/x; touch /lib/x; touch ../x", bubblewrap, job)
        assert done.stderr.count("Read-only") == 2
        assert sorted(path.name for path in job.parent.iterdir()) == ["job"]

    def test_under_bubblewrap_has_no_network(self, job: Path, bubblewrap: Tools) -> None:
        code = "import socket; print([name for _, name in socket.if_nameindex()])"
        base = Path(sys.base_prefix)
        python = [str(Path(sys.executable).resolve()), "-I", "-S", "-c", code]
        done = run(python, bubblewrap.confinement(10), folder=job, readable=[base])
        assert done.stdout == "['lo']\n"


class TestEnd:
    """The shell waits for a child of its own, so that killing the shell alone would show."""

    def test_after_its_time_the_whole_group_is_gone(self, job: Path, each_sandbox: Tools) -> None:
        started = time.monotonic()
        with pytest.raises(MediaRejected, match="takes too long"):
            shell("sleep 301.25 & wait", each_sandbox, job, wall_seconds=0.5)
        assert time.monotonic() - started < 3
        assert none_left("301.25")

    def test_cancelled_work_stops_at_once(self, job: Path, each_sandbox: Tools) -> None:
        started = time.monotonic()
        with pytest.raises(WorkCancelled):
            shell(
                "sleep 301.5 & wait",
                each_sandbox,
                job,
                cancelled=lambda: time.monotonic() - started > 0.3,
            )
        assert time.monotonic() - started < 2
        assert none_left("301.5")

    def test_a_command_that_others_end_is_cancelled_and_has_not_failed(
        self, job: Path, each_sandbox: Tools
    ) -> None:
        def end_all(_: str) -> None:
            for pid in sleepers("301.6"):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGTERM)

        with pytest.raises(WorkCancelled):
            shell("echo x; sleep 301.6", each_sandbox, job, on_line=end_all)
        assert none_left("301.6")

    def test_an_error_in_the_listener_ends_the_command(
        self, job: Path, each_sandbox: Tools
    ) -> None:
        def fail(line: str) -> None:
            raise ZeroDivisionError(line)

        with pytest.raises(ZeroDivisionError):
            shell("echo x; sleep 301.75", each_sandbox, job, on_line=fail)
        assert none_left("301.75")

    def test_a_child_that_its_parent_left_behind_is_ended_too(
        self, job: Path, each_sandbox: Tools
    ) -> None:
        done = shell("sleep 302.25 >/dev/null 2>&1 & exit 0", each_sandbox, job)
        assert done.returncode == 0
        assert none_left("302.25")

    def test_a_killed_server_leaves_no_command_running(
        self, job: Path, each_sandbox: Tools, servers: Servers
    ) -> None:
        server = servers(each_sandbox, job)
        deadline = time.monotonic() + 10
        while not [pid for pid in sleepers("sleep 302.5") if pid != server.pid]:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        time.sleep(0.2)
        server.kill()
        assert none_left("sleep 302.5")

    @pytest.mark.slow
    def test_nor_one_that_was_still_starting(
        self, job: Path, bubblewrap: Tools, servers: Servers
    ) -> None:
        for milliseconds in range(0, 120, 3):
            server = servers(bubblewrap, job)
            time.sleep(milliseconds / 1000)
            server.kill()
            server.wait()
        assert none_left("sleep 302.5")
