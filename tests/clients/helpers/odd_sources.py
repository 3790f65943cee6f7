"""Sources that are unlike most: late, early, joined, damaged, changing, or told wrongly."""

from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.helpers.live_clips import ffmpeg

MEDIA = Path(__file__).parents[1] / "media"
"""Files whose headers no encoder would write."""
H264 = ("-c:v", "libx264", "-preset", "superfast", "-pix_fmt", "yuv420p", "-g", "50")
SMALL = "s=128x72:r=25"


def lavfi(*sources: str) -> list[str]:
    return [option for source in sources for option in ("-f", "lavfi", "-i", source)]


def made(*arguments: str | Path) -> Callable[[Path], None]:
    """How to make a file with these arguments of ffmpeg."""
    return lambda target: ffmpeg(*arguments, target)


def stored(target: Path) -> None:
    target.write_bytes((MEDIA / target.name).read_bytes())


def late_sound(seconds: float) -> Callable[[Path], None]:
    """How to make AAC that starts late, in a film that is a little longer."""

    def make(target: Path) -> None:
        sound = target.with_suffix(".m4a")
        ffmpeg(*lavfi("sine=d=1.5:r=48000,volume=4"), "-c:a", "aac", sound)
        picture = lavfi(f"testsrc2={SMALL}:d={seconds + 1.5}")
        late = ("-itsoffset", str(seconds), "-i", sound)
        ffmpeg(*picture, *late, "-map", "0", "-map", "1", *H264, "-c:a", "copy", target)

    return make


def joined(*parts: Callable[[Path], None]) -> Callable[[Path], None]:
    """How to make a file of several, one behind the other: their timestamps restart."""

    def make(target: Path) -> None:
        content = b""
        for number, part in enumerate(parts):
            each = target.with_stem(f"{target.stem}-{number}")
            part(each)
            content += each.read_bytes()
        target.write_bytes(content)

    return make


def damaged(within: int, count: int, make: Callable[[Path], None]) -> Callable[[Path], None]:
    """How to make a file of which some of the first `within` bytes are noise."""

    def spoil(target: Path) -> None:
        make(target)
        content = bytearray(target.read_bytes())
        for at in Random(5).sample(range(within), count):
            content[at] = 0xFF
        target.write_bytes(content)

    return spoil


def two_parts(first: str, second: str, *codecs: str) -> Callable[[Path], None]:
    """How to make a transport stream whose pictures change midway, while time goes on."""
    return joined(
        made(*lavfi(first), *codecs, "-f", "mpegts"),
        made(*lavfi(second), *codecs, "-output_ts_offset", "2", "-f", "mpegts"),
    )


def uneven(target: Path) -> None:
    """A screen recording: thirty pictures a second at first, then one a second."""
    chosen = "select='lt(t,2)+not(mod(n,30))'"
    ffmpeg(*lavfi("testsrc2=s=128x72:r=30:d=22"), "-vf", chosen, "-fps_mode", "vfr", *H264, target)


TONE = "sine=f=440:r=48000:d={}"
SQUARE = (
    "color=black:{size}:r=25:d={seconds},drawbox=w=40:h=40:x=(iw-40)/2:y=(ih-40)/2:c=white:t=fill"
)
PACKETS = made(
    *lavfi(f"testsrc2={SMALL}:d=2", TONE.format(2)), *H264, "-c:a", "aac", "-f", "mpegts"
)
DISC = made(
    *lavfi("testsrc2=s=352x288:r=25:d=2", TONE.format(2)), "-target", "pal-vcd", "-f", "vob"
)
PRORES = ("-c:v", "prores_ks", "-profile:v", "4444", "-pix_fmt", "yuva444p10le")

PATCH = "color=0x3C7840:s={}:r=25:d=1,format=gbrp"
"""A colour that another matrix shows as another one."""
KEYS = made(*lavfi(f"testsrc2={SMALL}:d=4"), *H264[:-2], "-g", "25", "-f", "mpegts")

SOUNDS_OF_TOPS = {
    "top-ac3.ts": "ac3",
    "top-mp3.mkv": "libmp3lame",
    "top-opus.mkv": "libopus",
    "top-pcm.mkv": "pcm_s16le",
}
"""Sounds beside a picture that is the top rendition as it is, in containers that are not MP4."""


def top(sound: str) -> Callable[[Path], None]:
    picture = lavfi("testsrc2=s=640x360:r=25:d=4", TONE.format(4))
    return made(*picture, *H264[:-2], "-g", "25", "-crf", "32", "-c:a", sound)


MAKERS: dict[str, Callable[[Path], None]] = {
    **{name: top(sound) for name, sound in SOUNDS_OF_TOPS.items()},
    "late.mkv": late_sound(0.8),
    "later.mkv": late_sound(5),
    "short-sound.mp4": made(*lavfi(f"testsrc2={SMALL}:d=9", TONE.format(2)), *H264, "-c:a", "aac"),
    "short-picture.mp4": made(
        *lavfi(f"testsrc2={SMALL}:d=2", TONE.format(7)), *H264, "-c:a", "aac"
    ),
    "late-picture.mkv": made(
        *("-itsoffset", "1.2", *lavfi(f"testsrc2={SMALL}:d=2"), *lavfi(TONE.format(3.2))),
        *(*H264, "-c:a", "aac"),
    ),
    **dict.fromkeys(("hole.mp4", "lie.mkv", "lie-short.mp4", "crop.mkv", "pq.mkv"), stored),
    **dict.fromkeys(("empty-audio.mkv", "empty-audio.mp4"), stored),
    "damaged.ts": damaged(8192, 500, KEYS),
    "joined.ts": joined(PACKETS, PACKETS),
    "joined.vob": joined(DISC, DISC),
    "raw.dv": made(
        *lavfi("testsrc2=s=720x576:r=25:d=1", TONE.format(1)),
        *("-c:v", "dvvideo", "-pix_fmt", "yuv420p", "-ac", "2", "-f", "dv"),
    ),
    "changing.ts": two_parts(
        SQUARE.format(size="s=160x90", seconds=2), SQUARE.format(size="s=90x160", seconds=2), *H264
    ),
    "mixed.ts": two_parts(
        "testsrc2=s=320x180:r=25:d=2",
        "testsrc2=s=320x180:r=50:d=2,tinterlace=interleave_top",
        *("-c:v", "mpeg2video", "-q:v", "2", "-flags", "+ildct+ilme"),
    ),
    "alpha.mov": made(
        *lavfi("color=white:s=128x72:r=25:d=1,format=yuva444p10le,colorchannelmixer=aa=0.5"),
        *PRORES,
    ),
    "alpha.webm": made(
        *lavfi("color=white:s=128x72:r=25:d=1,format=yuva420p,colorchannelmixer=aa=0.5"),
        *("-c:v", "libvpx-vp9", "-pix_fmt", "yuva420p", "-cpu-used", "8"),
    ),
    "two-mono.mov": made(
        *lavfi(f"testsrc2={SMALL}:d=2", "sine=f=400:r=48000:d=2", "sine=f=900:r=48000:d=2"),
        *("-map", "0", "-map", "1", "-map", "2", *H264, "-c:a", "pcm_s16le"),
    ),
    "mono.mkv": made(*lavfi(f"testsrc2={SMALL}:d=2", TONE.format(2)), *H264, "-c:a", "libmp3lame"),
    "recording.mkv": uneven,
    "fragmented.mp4": made(
        *lavfi("testsrc2=s=128x72:r=30:d=4"), *H264, "-movflags", "frag_keyframe+empty_moov"
    ),
    "37.mkv": made(*lavfi("testsrc2=s=1280x720:r=373/10:d=2.7"), "-c:v", "mpeg4"),
    "sd.mp4": made(*lavfi(PATCH.format("640x360")), *H264),
    "hd.mp4": made(
        *lavfi(f"{PATCH.format('1280x720')},scale=out_color_matrix=bt709,format=yuv420p"), *H264
    ),
    "rgb.mov": made(*lavfi(PATCH.format("640x360")), "-c:v", "qtrle"),
    "jpeg.avi": made(
        *lavfi(PATCH.format("640x360")), "-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", "2"
    ),
}
