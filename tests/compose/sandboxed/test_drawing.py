"""Drawing in the sandbox: what it returns, and what it never tells."""

from pathlib import Path

import pytest
import skia

from playout.compose.sandboxed.drawing import SandboxedDrawing
from playout.kit.errors import Unavailable
from playout.transcode.sandbox.tools import Tools
from tests.api.helpers.templates_client import MANIFEST
from tests.api.helpers.uploads import picture
from tests.compose.manifest.manifests import manifest_json

pytestmark = pytest.mark.slow
SECRET = "Ada Secret"


@pytest.fixture
def drawing(runtime, tmp_path: Path) -> SandboxedDrawing:
    tools: Tools = runtime.tools
    return SandboxedDrawing(tmp_path, tools)


class TestDraw:
    def test_several_moments_are_a_contact_sheet(self, drawing):
        one, three = (
            drawing.draw(manifest_json(), {"name": SECRET}, {}, [(t, None) for t in moments])
            for moments in ([1.5], [1.5, 2.0, 2.5])
        )
        assert one.startswith(b"\x89PNG")
        assert three.startswith(b"\x89PNG")
        assert int.from_bytes(three[16:20]) > int.from_bytes(one[16:20])

    def test_scenes_that_a_viewer_does_not_see_are_pale_on_a_sheet(self, drawing):
        scene = {"id": "offer", "start": 4, "end": 6, "when": '{{plan}} == "gold"'}
        moments = [(4.5, None), (7.0, None)]
        sheets = [
            drawing.draw(manifest_json(scenes=[scene]), {"name": "Ada", "plan": plan}, {}, moments)
            for plan in ("gold", "silver")
        ]
        gold, silver = (skia.Image.MakeFromEncoded(sheet).toarray() for sheet in sheets)
        inside, after = (slice(20, 280), slice(20, 490)), (slice(20, 280), slice(520, 980))
        assert silver[inside].mean() > gold[inside].mean() + 50
        assert (silver[after] == gold[after]).all()

    @pytest.mark.parametrize("name", ["name", "W" * 40])
    def test_a_layer_of_any_size_is_drawn(self, drawing, name):
        face = drawing.folder / "face.png"
        face.write_bytes(picture())
        drawn = drawing.draw(MANIFEST, {"name": name}, {"face.png": face}, [(0, None)])
        assert drawn.startswith(b"\x89PNG")

    def test_a_failure_tells_where_it_was_and_no_data(self, drawing):
        with pytest.raises(Unavailable) as failed:
            drawing.draw(manifest_json(), {"name": [SECRET]}, {}, [(1.5, None)])
        told = "".join(failed.value.__notes__)
        assert "Invalid" in told
        assert "data.py" in told
        assert SECRET not in told

    def test_files_outside_of_its_folder_are_not_there(self, drawing, tmp_path_factory):
        if drawing.tools.bubblewrap is None:
            pytest.skip("There is no bubblewrap.")
        elsewhere = tmp_path_factory.mktemp("elsewhere") / "own.ttf"
        elsewhere.write_bytes(b"font")
        with pytest.raises(Unavailable) as failed:
            drawing.font_families({"own.ttf": elsewhere})
        assert "FileNotFoundError" in "".join(failed.value.__notes__)
