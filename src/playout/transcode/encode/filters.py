"""ffmpeg's filters between decoded and encoded pictures and audio."""

from collections.abc import Sequence
from fractions import Fraction

from playout.transcode.encode.ladder import Rung
from playout.transcode.inspect.probe import VideoStream

LOUDNESS_FILE = "loudness.txt"
SYNCED_AUDIO = "aresample=async=1:first_pts=0"
"""Fills gaps with silence and stretches away drift, so that audio and video stay in sync."""


def fit_into_frame(video: VideoStream, rate: Fraction, frame: tuple[int, int]) -> list[str]:
    """Return filters that scale the picture into the frame, with black bars where it is smaller.

    Its frame rate becomes constant, and its colours those of standard dynamic range.
    """
    scale = min(frame[0] / video.width, frame[1] / video.height)
    width, height = (max(round(side * scale / 2) * 2, 2) for side in (video.width, video.height))
    filters = ["bwdif=mode=send_frame"] if video.is_interlaced else []
    filters += [f"fps={rate}:start_time=0"]
    filters += _tone_map(width, height) if video.is_hdr else [_scale(video, width, height)]
    pad = f"pad={frame[0]}:{frame[1]}:(ow-iw)/2:(oh-ih)/2"
    return [*filters, "format=yuv420p", "setsar=1", pad]


def rungs_graph(video: VideoStream, rungs: Sequence[Rung]) -> str:
    """Return the graph that decodes the picture once and scales it for each of the rungs.

    Its outputs are labelled `v0`, `v1` and so on. Rotation needs no filter: ffmpeg rotates by
    itself.
    """
    largest = max(rungs, key=lambda rung: rung.width)
    fastest = max(rung.fps for rung in rungs)
    shared = ["bwdif=mode=send_frame"] if video.is_interlaced else []
    # If the picture starts late, its first frame fills the gap: all renditions start at 0.
    shared += [f"fps={fastest}:start_time=0"]
    if video.is_hdr:
        shared += _tone_map(largest.width, largest.height)
    labels = "".join(f"[s{number}]" for number in range(len(rungs)))
    chains = [f"[0:{video.index}]{','.join(shared)},split={len(rungs)}{labels}"]
    for number, rung in enumerate(rungs):
        filters = [] if rung.fps == fastest else [f"fps={rung.fps}"]
        filters += [_scale(video, rung.width, rung.height), "format=yuv420p", "setsar=1"]
        chains.append(f"[s{number}]{','.join(filters)}[v{number}]")
    return ";".join(chains)


def audio_graph(index: int, *, encode: bool, measure_loudness: bool) -> str:
    """Return the graph of the audio stream, to be encoded (output `a`), measured, or both.

    Ten times a second the loudness so far, as EBU R 128 defines it, is written to `LOUDNESS_FILE`.
    """
    meter = (
        f"ebur128=metadata=1,ametadata=mode=print:key=lavfi.r128.I:file={LOUDNESS_FILE},anullsink"
    )
    if not encode:
        return f"[0:{index}]{meter}"
    synced = f"[0:{index}]{SYNCED_AUDIO}"
    return f"{synced},asplit=2[a][m];[m]{meter}" if measure_loudness else f"{synced}[a]"


def stills_chain(video: VideoStream, rate: str | int | None, size: tuple[int, int]) -> str:
    """Return the filters that make pictures of that size, in standard dynamic range.

    `rate` is how many pictures per second there are; None keeps each one that is decoded.
    """
    filters = ["bwdif=mode=send_frame"] if video.is_interlaced else []
    filters += [f"fps={rate}:start_time=0:round=up"] if rate else []
    filters += _tone_map(*size) if video.is_hdr else [_scale(video, *size)]
    return f"[0:{video.index}]{','.join([*filters, 'format=yuv420p', 'setsar=1'])}"


def _scale(video: VideoStream, width: int, height: int) -> str:
    scale = f"scale={width}:{height}:flags=bicubic"
    return f"{scale}:out_color_matrix=bt709:out_range=tv" if video.is_rgb else scale


def _tone_map(width: int, height: int) -> list[str]:
    """Return filters from HDR to SDR in linear light, where 100 nits are white.

    They scale first, because computing with floats is slow.
    """
    return [
        # Files with half of the tags are common. PQ and HLG always come with BT.2020.
        "setparams=color_primaries=bt2020:colorspace=bt2020nc",
        f"zscale=w={width}:h={height}:t=linear:npl=100",
        "format=gbrpf32le",
        "zscale=p=bt709",
        "tonemap=tonemap=hable:desat=0",
        "zscale=t=bt709:m=bt709:r=tv",
        "format=yuv420p",
    ]
