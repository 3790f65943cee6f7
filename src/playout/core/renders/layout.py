"""The layout of a base: which bytes of which file are which segment."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Any

from pydantic import TypeAdapter

from playout.core.media.renditions import average_bandwidth, peak_bandwidth
from playout.kit.errors import Invalid
from playout.transcode.encode.tracks import Track
from playout.transcode.inspect.fragments import Fragments
from playout.transcode.manifests.streams import Stream
from playout.transcode.names import AUDIO, TrackKind
from playout.transcode.personal.base import Base, frames_of_segments
from playout.transcode.personal.cuts import Cut, segments_in
from playout.transcode.personal.pictures import Pictures, Place


@dataclass(frozen=True, slots=True)
class AudioLayout:
    """The sound of a base, in the file `audio.mp4`."""

    fragments: Fragments
    channels: int
    language: str | None

    def segments(self) -> list[tuple[Fraction, Fraction]]:
        """Return the seconds at which each segment begins and ends."""
        ticks = accumulate(self.fragments.ticks, initial=self.fragments.start)
        return list(pairwise(Fraction(each, self.fragments.timescale) for each in ticks))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The numbers of the segments that a film leaves out, because its viewer sees no such scene."""

    pictures: frozenset[int]
    sound: frozenset[int]
    ranges: tuple[tuple[Fraction, Fraction], ...]
    """The seconds in which such segments of pictures begin and end."""

    @property
    def followed_by(self) -> frozenset[int]:
        """The numbers of the segments of pictures that follow such a scene."""
        return frozenset(each + 1 for each in self.pictures) - self.pictures

    def holds(self, second: float) -> bool:
        """Return whether the viewer does not see that second of the base."""
        return any(start <= second < end for start, end in self.ranges)


@dataclass(frozen=True, slots=True)
class RenditionLayout:
    """The pictures of a base in one resolution, in the file `{name}.mp4`."""

    name: str
    pictures: Pictures
    fragments: Fragments
    mezzanine: Fragments | None
    """The layout of `{name}-mezzanine.mp4`, which has the touched segments alone."""

    @property
    def file(self) -> str:
        return f"{self.name}.mp4"

    @property
    def mezzanine_file(self) -> str:
        return f"{self.name}-mezzanine.mp4"


@dataclass(frozen=True, slots=True)
class BaseLayout:
    """The files of a base, segment by segment."""

    cuts: tuple[tuple[str, str, bool], ...]
    """Beginning and end of each segment, as fractions of a second, and whether it is touched."""
    renditions: tuple[RenditionLayout, ...]
    audio: AudioLayout | None

    def segments(self) -> list[Cut]:
        """Return the segments, in order."""
        return [Cut(Fraction(start), Fraction(end), touched) for start, end, touched in self.cuts]

    def left_out(self, scenes: Sequence[tuple[float, float]]) -> LeftOut:
        """Return the segments of scenes that a film leaves out.

        `scenes` are the seconds in which they begin and end. Raise `Invalid` if nothing is left.
        """
        segments = [(cut.start, cut.end) for cut in self.segments()]
        pictures = segments_in(segments, scenes)
        if len(pictures) == len(segments):
            raise Invalid("These data leave out every scene of the film.")
        ranges = tuple(segments[each] for each in sorted(pictures))
        sound = segments_in(self.audio.segments(), ranges) if self.audio else ()
        return LeftOut(frozenset(pictures), frozenset(sound), ranges)

    def rendition(self, name: str) -> RenditionLayout | None:
        """Return the rendition of that name."""
        return next((each for each in self.renditions if each.name == name), None)

    def place(self, rendition: RenditionLayout, number: int) -> Place:
        """Return the place of a segment in a rendition."""
        frames = frames_of_segments(rendition.fragments, rendition.pictures.fps)
        return Place(number, *frames[number])

    def mezzanine_range(self, rendition: RenditionLayout, number: int) -> tuple[int, int]:
        """Return where a touched segment begins and ends in the mezzanine, in bytes."""
        assert rendition.mezzanine is not None  # noqa: S101  for the type checker
        index = sum(touched for _, _, touched in self.cuts[:number])
        start = rendition.mezzanine.index_end + sum(rendition.mezzanine.sizes[:index])
        return start, start + rendition.mezzanine.sizes[index]


_LAYOUTS = TypeAdapter(BaseLayout)


def layout_of(base: Base) -> BaseLayout:
    """Return the layout of a base that was encoded."""
    return BaseLayout(
        cuts=tuple((str(cut.start), str(cut.end), cut.is_touched) for cut in base.cuts),
        renditions=tuple(
            RenditionLayout(
                each.track.name, each.pictures, each.track.fragments, each.mezzanine_fragments
            )
            for each in base.renditions
        ),
        audio=_audio(base.audio) if base.audio else None,
    )


def layout_as_json(layout: BaseLayout) -> dict[str, Any]:
    """Return a layout for the row of a base."""
    dumped: dict[str, Any] = _LAYOUTS.dump_python(layout, mode="json")
    return dumped


def layout_from_json(kept: dict[str, Any]) -> BaseLayout:
    """Return the layout that a row keeps."""
    return _LAYOUTS.validate_python(kept)


def streams_of(layout: BaseLayout, version: str) -> list[Stream]:
    """Return the renditions as a manifest lists them, in the folder `version`."""
    streams = [_video_stream(each, version) for each in layout.renditions]
    return [*streams, _audio_stream(layout.audio, version)] if layout.audio else streams


def _video_stream(rendition: RenditionLayout, version: str) -> Stream:
    pictures, fragments = rendition.pictures, rendition.fragments
    return Stream(
        name=rendition.name,
        version=version,
        kind=TrackKind.VIDEO,
        codecs=fragments.codecs,
        # Rendered segments have another size for each viewer, up to what their encoder may use.
        bandwidth=max(peak_bandwidth(fragments), pictures.max_bitrate),
        average_bandwidth=average_bandwidth(fragments),
        file=rendition.file,
        width=pictures.width,
        height=pictures.height,
        fps=float(pictures.fps),
        **_places(fragments),
    )


def _audio_stream(audio: AudioLayout, version: str) -> Stream:
    return Stream(
        name=AUDIO,
        version=version,
        kind=TrackKind.AUDIO,
        codecs=audio.fragments.codecs,
        bandwidth=peak_bandwidth(audio.fragments),
        average_bandwidth=average_bandwidth(audio.fragments),
        file=f"{AUDIO}.mp4",
        channels=audio.channels,
        language=audio.language,
        **_places(audio.fragments),
    )


def _places(fragments: Fragments) -> dict[str, Any]:
    return {
        "init_end": fragments.init_end,
        "index_end": fragments.index_end,
        "timescale": fragments.timescale,
        "start": fragments.start,
        "seconds": fragments.seconds,
    }


def _audio(track: Track) -> AudioLayout:
    return AudioLayout(track.fragments, track.channels or 2, track.language)
