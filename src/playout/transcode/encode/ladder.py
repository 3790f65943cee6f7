"""The ladder: the renditions that a source is encoded into, computed from its probe alone."""

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from playout.transcode.ffmpeg import SEGMENT_SECONDS
from playout.transcode.inspect.probe import VideoStream

MAX_FPS = 60
MIN_FPS = 5
HIGH_FPS_SIDE = 720
"""Resolutions with at least this short side keep more than 30 frames per second. Smaller ones have
half of them, or the largest share, in fractions up to sixths, that makes no more than 30."""
SLOW_FPS, MOST_STEPS = 30, 6
BUFFER_SECONDS = 1.5
FITS_SCALE = 0.99
"""The least scale at which a picture counts as fitting: a pixel or two too many are fine."""
SMALLER_SCALE = 0.9
"""The largest scale at which a picture is made smaller for a rung. With a larger one, the rung
would be nearly the same as the top rung, which has the picture's own size."""


class Resolution(NamedTuple):
    """A standard frame that a picture is scaled into, lying or upright, and its quality."""

    name: str
    long_side: int
    short_side: int
    crf: int
    """The quality that x264 aims at, where `max_bitrate` allows it."""
    max_bitrate: int
    """Bits per second for up to 30 frames per second. Above, it is half as much again."""


RESOLUTIONS = (
    Resolution("240p", 426, 240, 24, 400_000),
    Resolution("360p", 640, 360, 24, 800_000),
    Resolution("480p", 854, 480, 23, 1_500_000),
    Resolution("720p", 1280, 720, 22, 3_200_000),
    Resolution("1080p", 1920, 1080, 22, 6_000_000),
    Resolution("1440p", 2560, 1440, 22, 10_000_000),
    Resolution("2160p", 3840, 2160, 22, 18_000_000),
)
FIRST_RUNG = "480p"
"""The rung that is encoded first if nothing can be copied: quickly done, and good enough."""
MAX_SIDE = RESOLUTIONS[-1].long_side

_FRAME_RATES = [
    *(Fraction(24000, 1001), Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(30)),
    *(Fraction(48), Fraction(50), Fraction(60000, 1001), Fraction(60)),
]


@dataclass(frozen=True, slots=True)
class Rung:
    """A rendition to be encoded in H.264. Its pixels are square, and it needs no rotation."""

    name: str
    width: int
    height: int
    fps: Fraction
    crf: int
    max_bitrate: int
    gop: int
    """Frames from one key frame to the next, which is one segment: the same time in every rung."""

    @property
    def pixels(self) -> int:
        """The number of pixels of one picture."""
        return self.width * self.height

    @property
    def buffer_bits(self) -> int:
        """The size of the decoder's buffer, for ffmpeg's `-bufsize`."""
        return round(self.max_bitrate * BUFFER_SECONDS)


def ladder_for(video: VideoStream) -> tuple[Rung, ...]:
    """Return the rungs of a source, smallest first: at least one, and none larger than it is."""
    rate = constant_frame_rate(video)
    sizes = resolutions_for(video.width, video.height)
    return tuple(_rung(resolution, size, rate) for resolution, size in sizes)


def resolutions_for(width: int, height: int) -> list[tuple[Resolution, tuple[int, int]]]:
    """Return the rungs' resolutions for a picture of that size, smallest first, and their sizes."""
    chosen = []
    for resolution in RESOLUTIONS:
        scale = _scale(resolution, width, height)
        fits = scale >= FITS_SCALE
        is_largest = fits or resolution is RESOLUTIONS[-1]
        if scale <= SMALLER_SCALE or is_largest:
            chosen.append((resolution, _scaled(width, height, 1.0 if fits else scale)))
        if is_largest:
            break
    return chosen


def fit_within(width: int, height: int, long_side: int) -> tuple[int, int]:
    """Return the size of a picture, scaled down to that long side if it is larger; both even."""
    return _scaled(width, height, min(long_side / max(width, height), 1.0))


def own_size(width: int, height: int) -> tuple[int, int]:
    """Return the size of a picture that is not scaled: both sides are even."""
    return _scaled(width, height, 1.0)


def nominal_height(width: int, height: int) -> int:
    """Return the height that people call a size by: 720 for every picture that fits into 720p."""
    fitting = (each for each in RESOLUTIONS if _scale(each, width, height) >= FITS_SCALE)
    return next(fitting, RESOLUTIONS[-1]).short_side


def first_rung(rungs: tuple[Rung, ...]) -> Rung:
    """Return the rung to begin with."""
    names = [resolution.name for resolution in RESOLUTIONS]
    small = [rung for rung in rungs if names.index(rung.name) <= names.index(FIRST_RUNG)]
    return small[-1] if small else rungs[0]


def constant_frame_rate(video: VideoStream) -> Fraction:
    """Return the frame rate to encode in: the source's own, or the standard rate next to it."""
    if video.fps is None:
        return Fraction(30)
    nearest = min(_FRAME_RATES, key=lambda rate: abs(float(rate) - (video.fps or 0)))
    if video.is_vfr and video.fps < _FRAME_RATES[0]:
        # Slide shows and screen recordings have few frames on average, but some come in bursts.
        return Fraction(30)
    if video.is_vfr or video.fps > MAX_FPS or abs(float(nearest) / video.fps - 1) < 0.01:
        return nearest
    return max(Fraction(video.fps).limit_denominator(1001), Fraction(MIN_FPS))


def _scale(resolution: Resolution, width: int, height: int) -> float:
    """Return the scale at which a picture fills the resolution's frame, lying or upright."""
    long_side, short_side = max(width, height), min(width, height)
    return min(resolution.long_side / long_side, resolution.short_side / short_side)


def _rung(resolution: Resolution, size: tuple[int, int], rate: Fraction) -> Rung:
    share = _slow_share(rate)
    # Both rates have a whole number of pictures in one step, so that segments last equally long.
    steps = max(round(rate * SEGMENT_SECONDS / share.denominator), 1)
    gop = steps * share.denominator
    if resolution.short_side < HIGH_FPS_SIDE:
        rate, gop = rate * share, steps * share.numerator
    bitrate = resolution.max_bitrate if rate <= 30 else resolution.max_bitrate * 3 // 2
    return Rung(resolution.name, *size, rate, resolution.crf, bitrate, gop)


def _slow_share(rate: Fraction) -> Fraction:
    """Return the share of all pictures that small rungs show: at most 30 a second."""
    if rate <= SLOW_FPS:
        return Fraction(1)
    if rate / 2 >= _FRAME_RATES[0]:
        return Fraction(1, 2)
    shares = (Fraction(kept, of) for of in range(2, MOST_STEPS + 1) for kept in range(1, of))
    return max(share for share in shares if rate * share <= SLOW_FPS)


def _scaled(width: int, height: int, scale: float) -> tuple[int, int]:
    if scale == 1.0:
        return _even_below(width), _even_below(height)
    return _nearest_even(width * scale), _nearest_even(height * scale)


def _even_below(side: int) -> int:
    return max(side - side % 2, 2)


def _nearest_even(side: float) -> int:
    return max(round(side / 2) * 2, 2)
