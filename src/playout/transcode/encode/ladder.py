"""Which renditions a source is made into: a pure function of what was found in it."""

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from playout.transcode.inspect.probe import VideoStream

SEGMENT_SECONDS = 2
AUDIO_BITS = 128_000
MOST_FPS = 60
LEAST_FPS = 5
SHARP_SIDE = 720
"""From this short side on, more than 30 frames a second are kept; below they are halved."""
BUFFER_SECONDS = 1.5
FITS = 0.99
"""A pixel or two too many do not make a step too small."""
NEARLY = 0.9
"""A step that is this near to the source's size is left out: the source's own size does for it."""


class Step(NamedTuple):
    """A row of the table: a frame that the picture is fitted into, lying or upright."""

    name: str
    long: int
    short: int
    crf: int
    """Quality that x264 aims at, where `most_bits` allows."""
    most_bits: int
    """Bits a second at the most, up to 30 frames a second; half as much again above."""


STEPS = (
    Step("240p", 426, 240, 24, 400_000),
    Step("360p", 640, 360, 24, 800_000),
    Step("480p", 854, 480, 23, 1_500_000),
    Step("720p", 1280, 720, 22, 3_200_000),
    Step("1080p", 1920, 1080, 22, 6_000_000),
    Step("1440p", 2560, 1440, 22, 10_000_000),
    Step("2160p", 3840, 2160, 22, 18_000_000),
)
FIRST = "480p"
"""What is made first where nothing can be copied: soon there, and good enough to begin with."""
LONGEST_SIDE = STEPS[-1].long

_RATES = [
    *(Fraction(24000, 1001), Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(30)),
    *(Fraction(48), Fraction(50), Fraction(60000, 1001), Fraction(60)),
]


@dataclass(frozen=True, slots=True)
class Rung:
    """A rendition to be encoded in H.264. Pixels are square, and as displayed."""

    name: str
    width: int
    height: int
    fps: Fraction
    crf: int
    most_bits: int

    @property
    def gop(self) -> int:
        """Frames from one key frame to the next, which is one segment."""
        return max(round(self.fps * SEGMENT_SECONDS), 1)

    @property
    def buffer_bits(self) -> int:
        return round(self.most_bits * BUFFER_SECONDS)


def ladder(video: VideoStream) -> tuple[Rung, ...]:
    """The renditions of a source, smallest first: never larger than it is, and at least one."""
    sizes = fitted(video.width, video.height)
    rate = constant_rate(video)
    return tuple(_rung(step, size, rate) for step, size in sizes)


def fitted(width: int, height: int) -> list[tuple[Step, tuple[int, int]]]:
    """The steps that a picture of that size is made into, and their sizes; smallest first."""
    chosen = []
    for step in STEPS:
        scale = _scale(step, width, height)
        fits = scale >= FITS
        whole = fits or step is STEPS[-1]
        if scale <= NEARLY or whole:
            chosen.append((step, _size(width, height, 1.0 if fits else scale)))
        if whole:
            break
    return chosen


def fit(width: int, height: int, side: int) -> tuple[int, int]:
    """The size of a picture whose long side is to have at most so many pixels; both are even."""
    return _size(width, height, min(side / max(width, height), 1.0))


def grade(width: int, height: int) -> int:
    """The quality by which people call a picture of that size: 720 for all that fits into 720p."""
    fitting = (step for step in STEPS if _scale(step, width, height) >= FITS)
    return next(fitting, STEPS[-1]).short


def first_of(rungs: tuple[Rung, ...]) -> Rung:
    """The one to begin with."""
    names = [step.name for step in STEPS]
    small = [rung for rung in rungs if names.index(rung.name) <= names.index(FIRST)]
    return small[-1] if small else rungs[0]


def constant_rate(video: VideoStream) -> Fraction:
    """Frames a second of what is encoded: the source's own, or the standard rate next to it."""
    if video.fps is None:
        return Fraction(30)
    near = min(_RATES, key=lambda rate: abs(float(rate) - (video.fps or 0)))
    if video.is_vfr and video.fps < _RATES[0]:
        # Slide shows and screen recordings: few frames on average, but bursts among them.
        return Fraction(30)
    if video.is_vfr or video.fps > MOST_FPS or abs(float(near) / video.fps - 1) < 0.01:
        return near
    return max(Fraction(video.fps).limit_denominator(1001), Fraction(LEAST_FPS))


def _scale(step: Step, width: int, height: int) -> float:
    """By how much a picture is scaled to fill the step's frame, lying or upright."""
    return min(step.long / max(width, height), step.short / min(width, height))


def _rung(step: Step, size: tuple[int, int], rate: Fraction) -> Rung:
    if rate > 30 and step.short < SHARP_SIDE:
        rate /= 2
    bits = step.most_bits if rate <= 30 else step.most_bits * 3 // 2
    return Rung(step.name, *size, rate, step.crf, bits)


def _size(width: int, height: int, scale: float) -> tuple[int, int]:
    if scale == 1.0:
        return _even_below(width), _even_below(height)
    return _even_near(width * scale), _even_near(height * scale)


def _even_below(side: int) -> int:
    return max(side - side % 2, 2)


def _even_near(side: float) -> int:
    return max(round(side / 2) * 2, 2)
