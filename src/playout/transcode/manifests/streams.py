"""The streams and captions that HLS playlists and DASH manifests list."""

from dataclasses import dataclass

from playout.transcode.names import MORE_AUDIO, AudioPurpose, TrackKind, VideoRange

QUERY_PLACEHOLDER = "\0"
"""The mark after each URL of a manifest, in place of a query. No other text contains it."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A rendition as manifests list it: one track in one file."""

    name: str
    """The name of its playlist, without the ending `.m3u8`."""
    version: str
    """The name of its folder. All versions of a video lie beside each other."""
    kind: TrackKind
    codecs: str
    """The codec as RFC 6381 spells it."""
    bandwidth: int
    """Bits per second of the segment with the highest bit rate."""
    average_bandwidth: int
    """Bits per second of all segments together."""
    file: str
    """The name of its file."""
    init_end: int
    """The end of the initialization segment, in bytes from the beginning of the file."""
    index_end: int
    """The end of the segment index, where the first segment begins."""
    timescale: int
    """Ticks per second."""
    start: int
    """The time at which the first segment is presented, in ticks."""
    seconds: float
    """The duration of all segments together."""
    init_start: int = 0
    """The beginning of the initialization segment, if the file contains more than this track."""
    is_aligned: bool = True
    """True if all rungs have the same segments."""
    key_bandwidth: int | None = None
    """Bits per second of the key frames alone. None for audio, and if they are not known."""
    width: int | None = None
    """Pixels as displayed. None for audio, like `height` and `fps`."""
    height: int | None = None
    fps: float | None = None
    channels: int | None = None
    """None for video."""
    language: str | None = None
    """Three letters (ISO 639-2)."""
    title: str | None = None
    """The name of audio, if its source gives it one."""
    purpose: AudioPurpose | None = None
    video_range: VideoRange | None = None
    """None for a standard dynamic range, and for audio."""

    @property
    def is_more_audio(self) -> bool:
        """Return whether this is audio beside the main track."""
        return self.name in MORE_AUDIO

    @property
    def end_seconds(self) -> float:
        """Return the end of the last segment, in seconds from the beginning of the video."""
        return self.start / self.timescale + self.seconds


@dataclass(frozen=True, slots=True)
class Captions:
    """Captions in one language, as manifests list them."""

    version: str
    """The name of their folder."""
    language: str
    """A BCP 47 tag."""
    label: str
    is_default: bool
    size: int
    """Bytes of their text."""


@dataclass(frozen=True, slots=True)
class Thumbnails:
    """The storyboard of a video: small pictures in the tiles of one large image."""

    version: str
    """The name of its folder."""
    file: str
    seconds: float
    """The part of the video that one tile stands for."""
    columns: int
    rows: int
    width: int
    """Pixels of one tile."""
    height: int


def fill_queries(manifest: str, query: str) -> str:
    """Return the manifest with `query` in each of its URLs; "" stands for no query."""
    return manifest.replace(QUERY_PLACEHOLDER, f"?{query}" if query else "")
