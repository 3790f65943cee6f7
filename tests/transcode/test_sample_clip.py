"""The sample clip is a real video that ffmpeg makes anywhere."""

import time
from pathlib import Path
from xml.etree import ElementTree

import av
import pytest

from playout.transcode.encode.stream_copy import can_copy_audio, can_copy_video
from playout.transcode.inspect.probe import probe
from playout.transcode.lettering import svg_of_text
from playout.transcode.sample_clip import make_sample_clip
from playout.transcode.sandbox.tools import Tools

pytestmark = pytest.mark.slow


@pytest.mark.slow
class TestMakeSampleClip:
    def test_clip_has_eight_seconds_of_video_and_audio_and_a_title(
        self, job: Path, each_sandbox: Tools
    ) -> None:
        started = time.monotonic()
        make_sample_clip(job / "sample.mp4", each_sandbox, title="Hello & <World> 'x'; %{pts}")
        took = time.monotonic() - started
        found = probe(job / "sample.mp4", each_sandbox)
        assert found.duration_ms == pytest.approx(8000, abs=50)
        assert (found.video.width, found.video.height, found.video.fps) == (1280, 720, 30)
        assert found.audio
        assert can_copy_video(found)
        assert can_copy_audio(found.audio)
        assert [path.name for path in job.iterdir()] == ["sample.mp4"]
        with av.open(str(job / "sample.mp4")) as container:
            assert container.metadata["title"] == "Hello & <World> 'x'; %{pts}"
        assert took < 20  # some three seconds on two idle cores


class TestSvgOfText:
    def test_each_letter_is_drawn_and_the_image_is_not_too_large(self) -> None:
        drawing = ElementTree.fromstring(svg_of_text("Play out", 900, 130))
        assert len(list(drawing.iter("{http://www.w3.org/2000/svg}path"))) == 7
        assert int(drawing.attrib["width"]) <= 900
        assert int(drawing.attrib["height"]) <= 130

    @pytest.mark.parametrize("text", ["", "<script>", "&", "日本"])
    def test_text_never_becomes_markup(self, text: str) -> None:
        drawing = ElementTree.fromstring(svg_of_text(text, 900, 130))
        assert {child.tag.rpartition("}")[2] for child in drawing.iter()} <= {"svg", "g", "path"}
