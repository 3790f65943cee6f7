"""`playout template preview`: a contact sheet of a manifest, without a server."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.api.helpers.forms import MANIFEST
from tests.api.helpers.uploads import clip
from tests.helpers.live import playout

pytestmark = pytest.mark.slow


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return playout("template", "preview", "manifest.json", *options, folder=folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    scene = {"id": "offer", "start": 0.2, "end": 0.6, "when": '{{name}} == "Bea"'}
    wide = MANIFEST | {"scenes": [scene], "elements": [MANIFEST["elements"][0] | {"x": 0.5}]}
    (tmp_path / "manifest.json").write_text(json.dumps(wide))
    (tmp_path / "ada.json").write_text('{"name": "Ada"}')
    (tmp_path / "film.mp4").write_bytes(clip())
    return tmp_path


class TestPreview:
    def test_it_writes_a_sheet_and_says_what_may_not_look_as_meant(self, folder: Path):
        ended = run(folder, "--data", "ada.json", "--film", "film.mp4", "--json")
        assert ended.returncode == 0, ended.stderr
        result = json.loads(ended.stdout)
        assert len(result["seconds"]) == 4
        assert 0.4 in result["seconds"]
        assert [each["element"] for each in result["warnings"]] == ["greeting"]
        assert (folder / "preview.png").read_bytes().startswith(b"\x89PNG")

    def test_what_is_wrong_is_a_sentence(self, folder: Path):
        ended = run(folder)
        assert ended.returncode == 1
        assert "name: The field is required." in ended.stderr

    def test_what_an_upload_refuses_is_refused(self, folder: Path):
        (folder / "broken.ttf").write_bytes(b"\0\1\0\0no font")
        ended = run(folder, "--data", "ada.json", "--asset", "broken.ttf")
        assert ended.returncode == 1
        assert "broken.ttf: It is not a font that can be used." in ended.stderr
        assert not (folder / "preview.png").exists()
