"""Sources of random combinations, and one oracle that says what is wrong with their renditions."""

from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from random import Random

import httpx2

from tests.clients.helpers.source_streams import Rendition, renditions
from tests.helpers.live_clips import ffmpeg

CONTAINERS = {
    "mp4": (("libx264", "libx265", "mpeg4"), ("aac", "libmp3lame", None)),
    "mkv": (
        ("libx264", "libx265", "libvpx-vp9", "mpeg4", "ffv1"),
        ("aac", "libopus", "flac", None),
    ),
    "ts": (("libx264", "mpeg2video"), ("aac", "mp2", None)),
    "avi": (("mpeg4", "mjpeg"), ("libmp3lame", "pcm_s16le", None)),
    "mov": (("libx264", "mpeg4", "mjpeg"), ("aac", "pcm_s16le", None)),
}
RATES = ("5", "10", "15", "24000/1001", "24", "25", "30000/1001", "30", "50", "60")
MPEG2_RATES = ("24000/1001", "24", "25", "30000/1001", "30", "50", "60")
SIZES = ("128x72", "96x96", "72x128", "160x120", "426x240", "640x360", "854x480")
COLOURS = ("bt709", "smpte170m", "bt470bg", None)


@dataclass(frozen=True)
class AnySource:
    """A source as chance made it."""

    container: str
    video: str
    audio: str | None
    rate: str
    size: str
    group: int
    seconds: float
    sound_seconds: float
    sound_late: float
    channels: int
    hertz: int
    rotation: int
    colour: str | None

    @property
    def expected_seconds(self) -> float:
        """The end of picture or sound, whichever is later."""
        ends = [self.seconds]
        if self.audio:
            ends.append(self.sound_late + self.sound_seconds)
        return max(ends)

    def make(self, target: Path) -> None:
        picture = f"testsrc2=s={self.size}:r={self.rate}:d={self.seconds}"
        tags = f",setparams=colorspace={self.colour}:range=tv" if self.colour else ""
        line = ["-f", "lavfi", "-i", picture + tags]
        if self.audio:
            line += ["-itsoffset", str(self.sound_late), "-f", "lavfi", "-i"]
            line += [f"sine=r={self.hertz}:d={self.sound_seconds}"]
        line += ["-c:v", self.video, "-g", str(self.group), "-strict", "-2"]
        line += [] if self.video in {"mjpeg", "ffv1"} else ["-pix_fmt", "yuv420p"]
        line += ["-preset", "ultrafast"] if self.video in {"libx264", "libx265"} else []
        line += ["-x265-params", "log-level=1"] if self.video == "libx265" else []
        line += ["-deadline", "realtime", "-cpu-used", "8"] if "vp9" in self.video else []
        if self.audio:
            line += ["-c:a", self.audio, "-ac", str(self.channels)]
        if not self.rotation:
            ffmpeg(*line, target)
            return
        plain = target.with_stem(f"{target.stem}-plain")
        ffmpeg(*line, plain)
        ffmpeg("-display_rotation:v:0", str(self.rotation), "-i", plain, "-c", "copy", target)


def random_source(chance: Random) -> AnySource:
    container = chance.choice(list(CONTAINERS))
    videos, sounds = CONTAINERS[container]
    video = chance.choice(videos)
    seconds = round(chance.uniform(0.5, 9), 2)
    return AnySource(
        container,
        video,
        chance.choice(sounds),
        chance.choice(MPEG2_RATES if video in {"mpeg2video", "mpeg4"} else RATES),
        chance.choice(SIZES),
        chance.choice([12, 25, 50, 60, 90, 250]),
        seconds,
        round(max(seconds + chance.choice([0, 0, 0, -2, 1.5, 0.03]), 0.3), 2),
        chance.choice([0, 0, 0, 0.3, 1.1]),
        chance.choice([1, 2]),
        chance.choice([44100, 48000]),
        chance.choice([0, 0, 0, 90]) if container in {"mp4", "mov"} else 0,
        chance.choice(COLOURS) if video != "mjpeg" else None,
    )


def faults_of(client: httpx2.Client, source: AnySource, master_url: str) -> list[str]:
    """Return what is wrong with what is served of a source."""
    found = renditions(client, master_url)
    pictures = [each for each in found if not each.is_sound]
    lengths = [sum(each.lengths) for each in found]
    faults = [fault for each in found for fault in _faults_of_one(each)]
    if max(lengths) - min(lengths) > 0.1:
        faults.append(f"lengths differ: {lengths}")
    if abs(max(lengths) - source.expected_seconds) > 0.35:
        faults.append(f"lasts {max(lengths)}, not {source.expected_seconds}")
    if bool(source.audio) != any(each.is_sound for each in found):
        faults.append("sound is missing or made up")
    for each in pictures[1:]:
        pairs = zip_longest(each.starts, pictures[0].starts, fillvalue=-1.0)
        if any(abs(a - b) > 0.01 for a, b in pairs):
            faults.append(f"{each.name} is not aligned: {each.starts} {pictures[0].starts}")
    return faults


def _faults_of_one(rendition: Rendition) -> list[str]:
    faults = []
    if len(rendition.lengths) > 1 and rendition.lengths[-1] < 0.5:
        faults.append(f"{rendition.name}: the last segment lasts {rendition.lengths[-1]}")
    if b"elst" in rendition.content[: rendition.head] or rendition.first_shown():
        faults.append(f"{rendition.name} does not begin at 0")
    if not rendition.segments_begin_with_key_frames():
        faults.append(f"{rendition.name}: a segment begins without a key frame")
    with rendition.open() as container:
        if not rendition.is_sound:
            context = next(container.decode(video=0))
            tags = context.color_primaries, context.color_trc, context.colorspace
            if 2 in map(int, tags):
                faults.append(f"{rendition.name} does not tell its colours")
    return faults
