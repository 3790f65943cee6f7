"""The log contains no secrets, and loses no line."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

FAIL = """
import sys
import structlog
from playout.kit import log

def fail(secret):
    raise RuntimeError("It fails here.")

log.configure(sys.argv[1], "info")
try:
    fail("app.v1." + "s" * 30)
except RuntimeError:
    structlog.get_logger("tests").exception("tests.failed")
"""

REQUESTS = """
import sys, time
import structlog
from playout.kit import log

log.configure("json", "info")
requests, others = structlog.get_logger(log.REQUESTS), structlog.get_logger("tests")
for number in range(int(sys.argv[1])):
    requests.info("request", number=number, path="/" + "ü" * 40)
    if number == 7:
        others.warning("tests.other")
print("logged", flush=True)
time.sleep(float(sys.argv[2]))
"""


ANSWERED = """
import sys
from playout.kit import log

log.configure("json", "info")
log.requests.as_json = sys.argv[1] == "by hand"
log.requests.answered("GET", '/v/"\\u2028\\n<ü', 200, "a", seconds=0.01234, request_id="1")
"""


def lines_of(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


class TestRequests:
    def test_all_are_logged_in_their_order_when_the_process_ends(self):
        done = subprocess.run(
            [sys.executable, "-c", REQUESTS, "20000", "0"],
            capture_output=True,
            text=True,
            check=True,
        )
        lines = lines_of(done.stderr)
        assert lines.pop(8)["event"] == "tests.other"
        assert [line["number"] for line in lines] == list(range(20_000))

    def test_each_is_logged_within_a_second_and_so_survives_a_kill(self):
        process = subprocess.Popen(
            [sys.executable, "-c", REQUESTS, "100", "60"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout.readline() == "logged\n"
        time.sleep(1)
        process.send_signal(signal.SIGKILL)
        assert len(lines_of(process.communicate()[1])) == 101

    def test_processes_that_share_a_pipe_do_not_mix_up_their_lines(self):
        reader, writer = os.pipe()
        command = [sys.executable, "-c", REQUESTS, "3000", "0"]
        processes = [
            subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=writer) for _ in range(3)
        ]
        os.close(writer)
        with os.fdopen(reader) as text:
            assert len(lines_of(text.read())) == 3 * 3_001
        assert [each.wait() for each in processes] == [0, 0, 0]

    def test_are_the_lines_that_structlog_would_write(self):
        by_hand, by_structlog = (
            subprocess.check_output(
                [sys.executable, "-c", ANSWERED, how], text=True, stderr=subprocess.STDOUT
            )
            for how in ("by hand", "by structlog")
        )
        (ours,), (theirs,) = lines_of(by_hand), lines_of(by_structlog)
        assert len(ours.pop("timestamp")) == len(theirs.pop("timestamp"))
        assert ours == theirs
        assert ours["ms"] == 12.3


class TestExceptions:
    @pytest.mark.parametrize("form", ["console", "json"])
    def test_they_are_logged_without_local_variables(self, form):
        done = subprocess.run(
            [sys.executable, "-c", FAIL, form], capture_output=True, text=True, check=True
        )
        assert "It fails here." in done.stderr
        assert "sssss" not in done.stderr
