"""The picture's way from what was decoded to what is encoded, as ffmpeg's filters."""

from collections.abc import Sequence
from fractions import Fraction

from playout.transcode.encode.ladder import Rung
from playout.transcode.inspect.probe import VideoStream

LOUDNESS = "loudness.txt"
EVEN_SOUND = "aresample=async=1:first_pts=0"
"""Gaps and drift in the sound's times become silence and stretching, not lost sync."""


def framed(video: VideoStream, rate: Fraction, frame: tuple[int, int]) -> list[str]:
    """The picture even in time and colours, as large as the frame lets it be, on black."""
    scale = min(frame[0] / video.width, frame[1] / video.height)
    width, height = (max(round(side * scale / 2) * 2, 2) for side in (video.width, video.height))
    steps = ["bwdif=mode=send_frame"] if video.is_interlaced else []
    steps += [f"fps={rate}:start_time=0"]
    steps += _tone_mapped(width, height) if video.is_hdr else [_scale(video, width, height)]
    pad = f"pad={frame[0]}:{frame[1]}:(ow-iw)/2:(oh-ih)/2"
    return [*steps, "format=yuv420p", "setsar=1", pad]


def picture_graph(video: VideoStream, rungs: Sequence[Rung]) -> str:
    """One decoded picture, made even in time and colours once, then scaled for each of `rungs`.

    The results are labelled `v0`, `v1` and so on. Rotation is not among it: ffmpeg turns by itself.
    """
    largest = max(rungs, key=lambda rung: rung.width)
    fastest = max(rung.fps for rung in rungs)
    before = ["bwdif=mode=send_frame"] if video.is_interlaced else []
    # A picture that starts late stands from the beginning: all renditions start at nought.
    before += [f"fps={fastest}:start_time=0"]
    if video.is_hdr:
        before += _tone_mapped(largest.width, largest.height)
    ends = "".join(f"[s{number}]" for number in range(len(rungs)))
    parts = [f"[0:{video.index}]{','.join(before)},split={len(rungs)}{ends}"]
    for number, rung in enumerate(rungs):
        scaled = [] if rung.fps == fastest else [f"fps={rung.fps}"]
        scaled += [_scale(video, rung.width, rung.height), "format=yuv420p", "setsar=1"]
        parts.append(f"[s{number}]{','.join(scaled)}[v{number}]")
    return ";".join(parts)


def sound_graph(index: int, *, encodes: bool, measures: bool) -> str:
    """The sound, labelled `a` if it is to be encoded, and measured as EBU R 128 says, or both.

    What was measured so far is written into the file `LOUDNESS`, ten times a second.
    """
    meter = f"ebur128=metadata=1,ametadata=mode=print:key=lavfi.r128.I:file={LOUDNESS},anullsink"
    if not encodes:
        return f"[0:{index}]{meter}"
    even = f"[0:{index}]{EVEN_SOUND}"
    return f"{even},asplit=2[a][m];[m]{meter}" if measures else f"{even}[a]"


def few_pictures(video: VideoStream, rate: str | int | None, size: tuple[int, int]) -> str:
    """The picture so many times a second and of that size, in colours that every screen knows.

    Without a rate it is every picture that is decoded.
    """
    steps = ["bwdif=mode=send_frame"] if video.is_interlaced else []
    steps += [f"fps={rate}:start_time=0:round=up"] if rate else []
    steps += _tone_mapped(*size) if video.is_hdr else [_scale(video, *size)]
    return f"[0:{video.index}]{','.join([*steps, 'format=yuv420p', 'setsar=1'])}"


def _scale(video: VideoStream, width: int, height: int) -> str:
    scale = f"scale={width}:{height}:flags=bicubic"
    return f"{scale}:out_color_matrix=bt709:out_range=tv" if video.is_rgb else scale


def _tone_mapped(width: int, height: int) -> list[str]:
    """HDR to SDR in linear light; scaled first, because floats are slow. 100 nits are white."""
    return [
        # Half-tagged files are common; PQ and HLG always come with BT.2020.
        "setparams=color_primaries=bt2020:colorspace=bt2020nc",
        f"zscale=w={width}:h={height}:t=linear:npl=100",
        "format=gbrpf32le",
        "zscale=p=bt709",
        "tonemap=tonemap=hable:desat=0",
        "zscale=t=bt709:m=bt709:r=tv",
        "format=yuv420p",
    ]
