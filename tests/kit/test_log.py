"""The log contains no secrets."""

import subprocess
import sys

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


class TestExceptions:
    @pytest.mark.parametrize("form", ["console", "json"])
    def test_they_are_logged_without_local_variables(self, form):
        done = subprocess.run(
            [sys.executable, "-c", FAIL, form], capture_output=True, text=True, check=True
        )
        assert "It fails here." in done.stderr
        assert "sssss" not in done.stderr
