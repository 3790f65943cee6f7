"""Sources of random combinations: container, codecs, rate, size, lengths, tracks and colours."""

import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from random import Random

from tests.helpers.live_clips import ffmpeg

CONTAINERS = {
    "mp4": (("libx264", "libx265", "mpeg4"), ("aac", "libmp3lame", "ac3", None)),
    "mkv": (
        ("libx264", "libx265", "libvpx-vp9", "mpeg4", "ffv1"),
        ("aac", "libopus", "flac", None),
    ),
    "webm": (("libvpx", "libvpx-vp9"), ("libopus", "libvorbis", None)),
    "ts": (("libx264", "mpeg2video"), ("aac", "mp2", "ac3", None)),
    "mpg": (("mpeg2video", "mpeg1video"), ("mp2", None)),
    "avi": (("mpeg4", "mjpeg", "libx264"), ("libmp3lame", "pcm_s16le", None)),
    "mov": (
        ("libx264", "mpeg4", "mjpeg", "prores_ks", "qtrle"),
        ("aac", "pcm_s16le", None),
    ),
    "flv": (("libx264", "flv"), ("aac", "libmp3lame", None)),
    "wmv": (("wmv2", "msmpeg4"), ("wmav2", None)),
    "ogv": (("libtheora",), ("libvorbis", "flac", None)),
    "mxf": (("mpeg2video", "dnxhd"), ("pcm_s16le", None)),
    "3gp": (("libx264", "mpeg4"), ("aac", "libopencore_amrnb", None)),
}
RATES = ("5", "10", "15", "24000/1001", "24", "25", "30000/1001", "30", "50", "60")
ODD_RATES = ("37.3", "100/3", "12.5", "90", "1")
STANDARD_RATES = ("24000/1001", "24", "25", "30000/1001", "30", "50", "60")
STANDARD_ONLY = {"mpeg2video", "mpeg1video", "mpeg4", "dnxhd"}
SIZES = ("128x72", "96x96", "72x128", "160x120", "426x240", "640x360", "854x480")
LARGE_SIZES = ("1280x720", "720x1280")
COLOURS = ("bt709", "smpte170m", "bt470bg", None)
RGB = {"mjpeg", "qtrle"}
"""Codecs whose colours are those of RGB, whatever the size."""
WITHOUT_COLOURS = {"mjpeg", "qtrle", "libvpx"}
KEEPS_OFFSETS = {"mp4", "mkv", "webm", "ts", "mov", "flv", "3gp"}
"""Containers in which sound may begin later than the picture."""
JOINABLE = {"ts", "mpg"}
"""Containers whose files make a longer one end to end."""
ROTATING = {"mp4", "mov", "3gp"}
SLOW = {"libvpx", "libvpx-vp9", "dnxhd"}
FORMATS = {"ffv1": (), "mjpeg": (), "qtrle": ("-pix_fmt", "rgb24")}
FORMATS |= {"prores_ks": ("-pix_fmt", "yuv422p10le"), "dnxhd": ("-pix_fmt", "yuv422p")}
OPTIONS = {
    "libx264": ("-preset", "ultrafast"),
    "libx265": ("-preset", "ultrafast", "-x265-params", "log-level=1"),
    "libvpx": ("-deadline", "realtime", "-cpu-used", "8", "-b:v", "1M"),
    "libvpx-vp9": ("-deadline", "realtime", "-cpu-used", "8"),
    "dnxhd": ("-profile:v", "dnxhr_sq"),
}


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
    is_variable: bool = False
    """True if every third second has only each fourth of its pictures."""
    is_fragmented: bool = False
    b_frames: int = 0
    parts: int = 1
    """How often the same file comes end to end, its times restarting."""

    @property
    def expected_seconds(self) -> float:
        """The end of picture or sound, whichever is later."""
        rate = Fraction(self.rate)
        ends = [float(math.ceil(Fraction(str(self.seconds)) * rate) / rate)]
        if self.audio:
            ends.append(self.sound_late + self.sound_seconds)
        return max(ends) * self.parts

    @property
    def picture(self) -> str:
        """What is to be seen, for ffmpeg's `lavfi`."""
        return f"testsrc2=s={self.size}:r={self.rate}:d={self.seconds}"

    @property
    def matrix(self) -> str:
        """The matrix of its colours, as it states it."""
        return self.colour or self.usual_matrix

    @property
    def usual_matrix(self) -> str:
        """The matrix of colours that state none."""
        return "bt709" if self.size in LARGE_SIZES and self.video not in RGB else "bt470bg"

    def make(self, target: Path) -> None:
        if not self.rotation:
            ffmpeg(*self._line(), target)
            target.write_bytes(target.read_bytes() * self.parts)
            return
        plain = target.with_stem(f"{target.stem}-plain")
        ffmpeg(*self._line(), plain)
        ffmpeg("-display_rotation:v:0", str(self.rotation), "-i", plain, "-c", "copy", target)

    def _line(self) -> list[str]:
        tags = f",setparams=colorspace={self.colour}:range=tv" if self.colour else ""
        line = ["-f", "lavfi", "-i", self.picture + tags]
        if self.audio:
            line += ["-itsoffset", str(self.sound_late), "-f", "lavfi", "-i"]
            line += [f"sine=r={self.hertz}:d={self.sound_seconds}"]
        if self.is_variable:
            line += ["-vf", "select='mod(floor(t),3)+not(mod(n,4))'", "-fps_mode", "vfr"]
        line += ["-c:v", self.video, "-g", str(self.group), "-strict", "-2"]
        line += FORMATS.get(self.video, ("-pix_fmt", "yuv420p"))
        line += OPTIONS.get(self.video, ())
        line += ["-bf", str(self.b_frames)] if self.video == "libx264" else []
        if self.audio:
            line += ["-c:a", self.audio, "-ac", str(self.channels)]
        if self.is_fragmented:
            line += ["-movflags", "frag_keyframe+delay_moov"]
        return line


def random_source(chance: Random) -> AnySource:
    container = chance.choice(list(CONTAINERS))
    videos, sounds = CONTAINERS[container]
    video, audio = chance.choice(videos), chance.choice(sounds)
    is_standard = video in STANDARD_ONLY or container == "mxf"
    rates = STANDARD_RATES if is_standard else (*RATES, chance.choice(ODD_RATES))
    is_large = chance.random() < 0.1 and video not in SLOW
    seconds = round(chance.uniform(0.5, 4 if is_large else 9), 2)
    can_vary = container in {"mkv", "mp4", "webm"} and video.startswith("lib") and seconds > 1
    late = chance.choice([0, 0, 0, 0.3, 1.1])
    # ffmpeg's MXF ends where the shorter one of picture and sound does, and has short groups.
    longer = chance.choice([0] if container == "mxf" else [0, 0, 0, -2, 1.5, 0.03])
    can_be_joined = container in JOINABLE and seconds > 1.5 and not (late or longer)
    return AnySource(
        container=container,
        video=video,
        audio=audio,
        rate=chance.choice(rates),
        size=chance.choice(LARGE_SIZES if is_large else SIZES[4:] if video == "dnxhd" else SIZES),
        group=chance.choice([12, 25, 50, 60, 90, *([] if container == "mxf" else [250])]),
        seconds=seconds,
        sound_seconds=round(max(seconds + longer, 0.3), 2),
        sound_late=late if container in KEEPS_OFFSETS else 0,
        channels=_channels(chance, audio),
        hertz=_hertz(chance, container, audio),
        rotation=chance.choice([0, 0, 0, 90, 180, 270]) if container in ROTATING else 0,
        colour=None if video in WITHOUT_COLOURS else chance.choice(COLOURS),
        is_variable=can_vary and chance.random() < 0.15,
        is_fragmented=container in {"mp4", "mov"} and chance.random() < 0.2,
        b_frames=chance.choice([0, 2, 3]),
        parts=chance.choice([1, 2, 3]) if can_be_joined else 1,
    )


def _channels(chance: Random, audio: str | None) -> int:
    if audio == "libopencore_amrnb":
        return 1
    return chance.choice([1, 2, 2, 6] if audio in {"aac", "ac3", "flac", "libopus"} else [1, 2])


def _hertz(chance: Random, container: str, audio: str | None) -> int:
    if audio == "libopencore_amrnb":
        return 8000
    if container == "mxf" or audio == "libopus":
        return 48000
    low = [8000, 22050, 96000] if audio in {"flac", "pcm_s16le"} else []
    return chance.choice([44100, 48000, 44100, 48000, *low])
