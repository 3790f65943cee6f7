"""A probe of an ordinary source; tests change one fact at a time."""

from dataclasses import replace

from playout.transcode.inspect.probe import AudioStream, Probe, VideoStream

VIDEO = VideoStream(
    index=0,
    codec="h264",
    profile="High",
    pix_fmt="yuv420p",
    width=1920,
    height=1080,
    rotation=0,
    fps=25.0,
    is_vfr=False,
    is_interlaced=False,
    is_rgb=False,
    ends_at=2.0,
)
AUDIO = AudioStream(index=1, codec="aac", profile="LC", channels=2, sample_rate=48000)
PROBE = Probe(
    container="mp4",
    duration_ms=2000,
    video=VIDEO,
    audio=AUDIO,
    language=None,
    is_truncated=False,
)


def with_video(**changes: object) -> Probe:
    return replace(PROBE, video=replace(VIDEO, **changes))  # type: ignore[arg-type]


def with_audio(**changes: object) -> AudioStream:
    return replace(AUDIO, **changes)  # type: ignore[arg-type]
