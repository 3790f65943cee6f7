"""Media tools that do not work are named at the start, and not by uploads that wait."""

import json
from pathlib import Path

import pytest

import playout
from tests.helpers.live import Live, serving
from tests.helpers.other_pyav import other_pyav

pytestmark = pytest.mark.slow


@pytest.fixture
def broken(tmp_path: Path):
    path = f"{other_pyav(tmp_path)}:{Path(playout.__file__).parents[1]}"
    with serving(tmp_path, wrapped_in=("env", f"PYTHONPATH={path}")) as live:
        yield live


class TestBrokenPyav:
    def test_the_log_and_the_report_say_what_is_wrong(self, broken: Live) -> None:
        lines = [json.loads(line) for line in broken.log.read_text().splitlines() if "{" in line]
        (line,) = [line for line in lines if line["event"] == "media.broken"]
        assert line["level"] == "error"
        with broken.client() as client:
            report = client.get("/readyz").json()
        assert report["status"] == "degraded"
        for sentence in (line["error"], report["parts"]["media"]["error"]):
            assert sentence.startswith("PyAV ")
            assert "metadata_errors" in sentence
            assert len(sentence.splitlines()) == 1
        assert report["parts"]["media"]["ok"] is False
