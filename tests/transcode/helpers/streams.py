"""Streams and captions that tests list in manifests; no file is behind them."""

from dataclasses import replace

from playout.transcode.manifests.streams import Captions, Stream
from playout.transcode.names import TrackKind

RUNG = Stream(
    name="480p",
    version="first",
    kind=TrackKind.VIDEO,
    file="480p.mp4",
    codecs="avc1.64001e",
    bandwidth=1_500_000,
    average_bandwidth=1_000_000,
    init_end=700,
    index_end=800,
    timescale=12_800,
    start=0,
    seconds=5.0,
    width=854,
    height=480,
    fps=30000 / 1001,
)
LARGER_RUNG = replace(
    RUNG,
    name="720p",
    file="720p.mp4",
    version="second",
    bandwidth=3_000_000,
    average_bandwidth=2_000_000,
    width=1280,
    height=720,
)
COPY = replace(RUNG, name="copy", file="copy.mp4", bandwidth=5_000_000, fps=None, is_aligned=False)
AUDIO = replace(
    RUNG,
    name="audio",
    file="audio.mp4",
    kind=TrackKind.AUDIO,
    codecs="mp4a.40.2",
    bandwidth=140_000,
    average_bandwidth=128_000,
    width=None,
    height=None,
    fps=None,
    channels=2,
    language="deu",
)
GERMAN = Captions(version="third", language="de", label="Deutsch", is_default=True, size=1_000)
ENGLISH = Captions(version="fourth", language="en", label="Deutsch", is_default=False, size=1_000)
