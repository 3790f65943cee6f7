"""What to do with each stream, so that the result is an MP4 that any browser plays."""

from dataclasses import dataclass
from typing import Literal

from playout.core.media.probe import AudioStream, Probe, VideoStream

LONGEST_SIDE = 3840
MOST_FPS = 60.0
# What the MP4 writer takes over as it is. AVI and MPEG program streams lack the times that
# reordered frames need, so copying out of them gives pictures in the wrong order.
_COPYABLE_FROM = {"mp4", "matroska", "mpegts", "flv"}
_H264_PROFILES = {"Baseline", "Constrained Baseline", "Main", "High", "Progressive High"}
_AAC_PROFILES = {"LC", "HE-AAC", "HE-AACv2"}
_STANDARD_FPS = (24000 / 1001, 24.0, 25.0, 30000 / 1001, 30.0, 48.0, 50.0, 60000 / 1001, 60.0)

Act = Literal["copy", "encode"]


@dataclass(frozen=True)
class Plan:
    """`video` and `audio` say what happens to the chosen streams; the rest is left out."""

    video: Act
    audio: Act | None
    """None: there is no sound."""
    width: int
    """Pixels of the result as displayed; even when encoding."""
    height: int
    fps: float | None
    """The constant rate to encode at; None keeps the frames' own times."""
    filters: tuple[str, ...]
    """Applied in order when encoding. Rotation is not among them: ffmpeg turns by itself."""

    @property
    def copies(self) -> bool:
        """Whether any stream is taken over as it is."""
        return "copy" in (self.video, self.audio)


def plan(probe: Probe, *, encode_all: bool = False) -> Plan:
    """The plan for a probed file; with `encode_all` nothing is copied. Pure."""
    video = probe.video
    copies_video = not encode_all and _can_copy_video(probe)
    width, height = (video.width, video.height) if copies_video else fitted(video)
    return Plan(
        video="copy" if copies_video else "encode",
        audio=_audio_act(probe.audio, encode_all),
        width=width,
        height=height,
        fps=None if copies_video else _constant_fps(video),
        filters=() if copies_video else _filters(video, width, height),
    )


def fitted(video: VideoStream) -> tuple[int, int]:
    """Width and height, both even, no side above `LONGEST_SIDE`, the shape kept."""
    longest = max(video.width, video.height)
    scale = min(1.0, LONGEST_SIDE / longest)
    if scale == 1.0:
        return _even_below(video.width), _even_below(video.height)
    return _even_near(video.width * scale), _even_near(video.height * scale)


def _can_copy_video(probe: Probe) -> bool:
    video = probe.video
    return (
        video.codec == "h264"
        and probe.container in _COPYABLE_FROM
        and video.profile in _H264_PROFILES
        and video.pix_fmt in {"yuv420p", "yuvj420p"}
        and not (video.is_hdr or video.is_interlaced)
        and max(video.width, video.height) <= LONGEST_SIDE
    )


def _audio_act(audio: AudioStream | None, encode_all: bool) -> Act | None:
    if audio is None:
        return None
    copies = (
        audio.codec == "aac"
        and audio.profile in _AAC_PROFILES
        and audio.channels <= 2
        and audio.sample_rate <= 48000
    )
    return "copy" if copies and not encode_all else "encode"


def _constant_fps(video: VideoStream) -> float | None:
    too_fast = video.fps is not None and video.fps > MOST_FPS + 0.5
    if not (video.is_vfr or too_fast):
        return None
    wanted = min(video.fps or 30.0, MOST_FPS)
    if wanted < _STANDARD_FPS[0]:
        # Slide shows and screen recordings: few frames on average, but bursts among them.
        return 30.0
    return min(_STANDARD_FPS, key=lambda rate: abs(rate - wanted))


def _filters(video: VideoStream, width: int, height: int) -> tuple[str, ...]:
    filters = ["bwdif=mode=send_frame"] if video.is_interlaced else []
    if video.is_hdr:
        return (*filters, *_tone_mapped(width, height), "setsar=1")
    scale = f"scale={width}:{height}:flags=bicubic"
    if video.is_rgb:
        scale += ":out_color_matrix=bt709:out_range=tv"
    return (*filters, scale, "format=yuv420p", "setsar=1")


def _tone_mapped(width: int, height: int) -> tuple[str, ...]:
    """HDR to SDR in linear light; scaled first, because floats are slow. 100 nits are white."""
    return (
        # Half-tagged files are common; PQ and HLG always come with BT.2020.
        "setparams=color_primaries=bt2020:colorspace=bt2020nc",
        f"zscale=w={width}:h={height}:t=linear:npl=100",
        "format=gbrpf32le",
        "zscale=p=bt709",
        "tonemap=tonemap=hable:desat=0",
        "zscale=t=bt709:m=bt709:r=tv",
        "format=yuv420p",
    )


def _even_below(side: int) -> int:
    return max(side - side % 2, 2)


def _even_near(side: float) -> int:
    return max(round(side / 2) * 2, 2)
