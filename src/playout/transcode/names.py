"""Names of the files and the tracks that are made from a video."""

from enum import StrEnum


class TrackKind(StrEnum):
    """The kind of media that a track holds."""

    VIDEO = "video"
    AUDIO = "audio"


class AudioPurpose(StrEnum):
    """The purpose of audio that is more than the same in another language."""

    COMMENTARY = "commentary"
    DESCRIPTIONS = "descriptions"
    """The main audio with a voice that describes the picture."""


class VideoRange(StrEnum):
    """The range of brightness of a video track, as HLS names it."""

    PQ = "PQ"
    HLG = "HLG"


MP4 = "video.mp4"
"""The progressive MP4: for downloads, and for players that support no adaptive stream."""
POSTER = "poster.jpg"
"""The poster in its largest size, and the first poster before there are several sizes."""
STORYBOARD_IMAGE = "storyboard.jpg"
CHAPTERS = "chapters.vtt"
"""The file that says where each chapter begins and ends."""
STORYBOARD_CUES = "storyboard.vtt"
"""The file that says which part of the storyboard belongs to which time."""
PREVIEW = "preview.webp"
CAPTIONS = "captions"
"""Captions: `captions.vtt` is their text, and `captions.m3u8` is their playlist."""

VIDEO_COPY = "copy"
"""The track that is copied from the source's video stream. It is no rung of the ladder."""
AUDIO = "audio"
"""The audio track that every player supports."""
AUDIO_COPY = "audio-copy"
"""The track that is copied from the source's audio stream, where some players do not support it."""
MORE_AUDIO = tuple(f"audio-{number}" for number in range(2, 9))
"""The audio tracks beside the main one: in other languages, or with a commentary."""
