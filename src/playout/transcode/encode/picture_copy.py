"""The options that copy a video stream, so that it covers the time of the whole video."""

from playout.transcode.ffmpeg import video_from_zero
from playout.transcode.inspect.colours import Colours
from playout.transcode.inspect.probe import Probe
from playout.transcode.inspect.timeline import IN_STEP

_TAG_FILTERS = {
    "h264": (
        "h264_metadata=colour_primaries={}:transfer_characteristics={}:matrix_coefficients={}"
        ":video_full_range_flag={}"
    ),
    "hevc": (
        "hevc_metadata=colour_primaries={}:transfer_characteristics={}:matrix_coefficients={}"
        ":video_full_range_flag={}"
    ),
    "av1": (
        "av1_metadata=color_primaries={}:transfer_characteristics={}:matrix_coefficients={}"
        ":color_range={}"
    ),
}
_EARLY = r"noise=drop=lt(pts\,startpts)"
"""Drops pictures that are shown before the first key frame: they cannot be decoded. It copies each
packet in memory, so it is left out where there are none."""
_ROUNDING = 0.001


def copied_video_options(probe: Probe) -> list[str]:
    """Return the options that copy the video stream of input 0.

    If the first picture would be late, it is shown from the beginning; the last one is held until
    the sound ends. If the stream does not state its colours, the copy states them.
    """
    video = probe.video
    filters = [] if video.has_own_tags else [_tag_filter(video.codec, video.colours)]
    if video.has_dolby_vision:
        # Without its metadata every player shows the base layer, which is plain PQ or HLG.
        filters.append("dovi_rpu=strip=1")
    if not video.has_closed_groups:
        filters.append(_EARLY)
    filters += [*_held(probe), video_from_zero()]
    # Apple's players want the codec's parameters in the header of the file: `hvc1` says that they
    # are there.
    tag = ["-tag:v", "hvc1"] if video.codec == "hevc" else []
    # ffmpeg calls the boxes of spherical and stereoscopic pictures unofficial.
    options = ["-c:v", "copy", "-bsf:v", ",".join(filters), *tag, "-strict", "unofficial"]
    return ["-map", f"0:{video.index}", *options]


def _held(probe: Probe) -> list[str]:
    missing = probe.seconds - probe.video.ends_at
    if missing <= IN_STEP:
        return []
    last = probe.video.last_decoding - probe.begins_at - _ROUNDING
    until_end = f"{probe.seconds:.6f}/TB-PTS"
    return [rf"setts=pts=PTS:dts=DTS:duration=if(gte(DTS*TB\,{last:.6f})\,{until_end}\,DURATION)"]


def _tag_filter(codec: str, colours: Colours) -> str:
    in_range = int(colours.is_full_range)
    colour_range = ("tv", "pc")[in_range] if codec == "av1" else in_range
    tags = colours.primaries, colours.transfer, colours.matrix, colour_range
    return _TAG_FILTERS[codec].format(*tags)
