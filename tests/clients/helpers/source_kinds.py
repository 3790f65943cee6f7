"""Sources of every kind that teams bring, and what a viewer has to see of each."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.live_clips import AAC, H264, OPUS, VP9, ffmpeg, turn

HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=1", "-tag:v", "hvc1")
CLAP = 1.0
"""Seconds after which it flashes and beeps, in what has sound."""
FLASH = f"drawbox=c=white:t=fill:enable='between(t,{CLAP - 0.001},{CLAP + 0.4})'"
BEEP = (
    f"aevalsrc='0.5*sin(2*PI*440*t)*between(t,{CLAP},{CLAP + 0.4})':s=48000:d={{sounding}},"
    "apad=whole_dur={seconds}"
)
"""Silence that is padded costs nothing: an expression for each sample of a long one does."""


def clip(
    *codecs: str, size: str = "640x360", rate: int = 25, seconds: float = 2.4, sound: bool = True
) -> Callable[[Path], Path]:
    """How to make one that flashes and beeps at the same time."""

    def make(target: Path) -> Path:
        picture = f"testsrc2=s={size}:r={rate}:d={seconds},{FLASH}"
        inputs = ["-f", "lavfi", "-i", picture]
        if sound:
            beep = BEEP.format(sounding=min(seconds, CLAP + 1), seconds=seconds)
            inputs += ["-f", "lavfi", "-i", beep]
        ffmpeg(*inputs, *(codecs or (*H264, *AAC)), target)
        return target

    return make


def turned(target: Path) -> Path:
    return turn(clip()(target.with_stem("level")), target, 90)


def uneven(target: Path) -> Path:
    """Two of five frames are left out, none of them the first that is white."""
    return clip("-vf", "select='not(between(mod(n,5),1,2))'", "-fps_mode", "vfr", *H264, *AAC)(
        target
    )


@dataclass(frozen=True)
class Kind:
    """A kind of source: its name, how to make one, and what it looks like."""

    name: str
    make: Callable[[Path], Path]
    shape: tuple[int, int] = (16, 9)
    seconds: float = 2.4
    rate: float = 25
    """Frames a second of its largest rendition."""
    top: str = "360p"
    claps: bool = True


KINDS = [
    Kind("h264.mp4", clip()),
    Kind("hevc.mov", clip(*HEVC, *AAC)),
    Kind("vp9.webm", clip(*VP9, *OPUS)),
    Kind("4k.mp4", clip(size="3840x2160", seconds=1.2), seconds=1.2, top="2160p"),
    Kind("turned.mp4", turned, shape=(9, 16)),
    Kind("sixty.mp4", clip(size="1280x720", rate=60, seconds=2), seconds=2, rate=60, top="720p"),
    Kind("uneven.mkv", uneven, rate=25),
    Kind("silent.mp4", clip(sound=False), claps=False),
    Kind("surround.mp4", clip(*H264, *AAC, "-ac", "6")),
    Kind("second.mp4", clip(seconds=1), seconds=1, claps=False),
    Kind(
        "long.mp4",
        clip(*H264, "-g", "10", *AAC, size="160x90", rate=5, seconds=1200),
        seconds=1200,
        rate=5,
        top="240p",
    ),
]
