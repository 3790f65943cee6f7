"""The demonstration clip is a real video, made anywhere."""

import time
from pathlib import Path
from xml.etree import ElementTree

import av
import pytest

from playout.transcode.encode.stream_copy import copies_audio, copies_video
from playout.transcode.inspect.probe import probe
from playout.transcode.lettering import lettered
from playout.transcode.sample_clip import make_demo_clip
from playout.transcode.sandbox.tools import Tools


@pytest.mark.slow
class TestMakeDemoClip:
    def test_is_eight_seconds_of_moving_titled_picture_with_sound(
        self, job: Path, each_sandbox: Tools
    ) -> None:
        started = time.monotonic()
        make_demo_clip(job / "demo.mp4", each_sandbox, title="Hello & <World> 'x'; %{pts}")
        took = time.monotonic() - started
        found = probe(job / "demo.mp4", each_sandbox)
        assert found.duration_ms == pytest.approx(8000, abs=50)
        assert (found.video.width, found.video.height, found.video.fps) == (1280, 720, 30)
        assert found.audio
        assert copies_video(found)
        assert copies_audio(found.audio)
        assert [path.name for path in job.iterdir()] == ["demo.mp4"]
        with av.open(str(job / "demo.mp4")) as container:
            assert container.metadata["title"] == "Hello & <World> 'x'; %{pts}"
        assert took < 20  # some three seconds on two idle cores


class TestLettered:
    def test_draws_a_stroke_for_each_letter_and_stays_within_bounds(self) -> None:
        drawing = ElementTree.fromstring(lettered("Play out", 900, 130))
        assert len(list(drawing.iter("{http://www.w3.org/2000/svg}path"))) == 7
        assert int(drawing.attrib["width"]) <= 900
        assert int(drawing.attrib["height"]) <= 130

    @pytest.mark.parametrize("text", ["", "<script>", "&", "日本"])
    def test_text_never_becomes_markup(self, text: str) -> None:
        drawing = ElementTree.fromstring(lettered(text, 900, 130))
        assert {child.tag.rpartition("}")[2] for child in drawing.iter()} <= {"svg", "g", "path"}
