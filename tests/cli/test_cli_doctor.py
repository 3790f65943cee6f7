"""`playout doctor` reports the state of each part."""

import json

import pytest

from tests.helpers.live import Founded, Live

pytestmark = pytest.mark.slow


class TestDoctor:
    def test_beside_a_running_server_all_parts_are_ok(self, live: Live) -> None:
        report = live.told("doctor")
        assert report["status"] == "ok"
        assert {name for name, part in report["parts"].items() if part["ok"]} == {
            "database",
            "storage",
            "storage_write",
            "changes",
            "disk",
            "worker",
            "limits",
            "media",
        }

    def test_the_table_names_each_part_and_the_sandbox(self, live: Live) -> None:
        done = live.run("doctor")
        assert done.returncode == 0, done.stderr
        for word in ("database", "storage", "worker", "media", "sandbox", "ok"):
            assert word in done.stdout
        assert "failed" not in done.stdout

    def test_shows_no_secret(self, live: Live, acme: Founded) -> None:
        done = live.run("doctor", "--json")
        secret = (live.data_dir / "secret.key").read_text().strip()
        assert json.loads(done.stdout)
        assert secret not in done.stdout + done.stderr
