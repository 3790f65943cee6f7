"""Playlists, manifests and captions, made from rows on request and kept in memory."""

import re
from math import ceil
from uuid import UUID

from sqlalchemy.orm import Session

from playout.core.media import queries
from playout.core.media.renditions import offered, up_to_height
from playout.core.media.streams import captions_of, fragments_of, stream_of
from playout.core.videos import queries as videos
from playout.core.videos.chapters import chapters_of
from playout.kit.cache import Cache
from playout.kit.database.engine import Database
from playout.kit.invalidation import Invalidations
from playout.transcode.manifests.dash import dash_manifest
from playout.transcode.manifests.hls import (
    KEY_FRAMES,
    captions_playlist,
    key_frames_playlist,
    master_playlist,
    media_playlist,
)
from playout.transcode.manifests.streams import Stream, Thumbnails
from playout.transcode.names import CAPTIONS, CHAPTERS, STORYBOARD_CUES, STORYBOARD_IMAGE
from playout.transcode.pictures.storyboard import COLUMNS, Storyboard, storyboard_webvtt
from playout.transcode.webvtt import chapters_webvtt

HLS_NAME, DASH_NAME = "master", "manifest"
CACHE_SIZE = 2_000
MEDIA_TYPES = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".mpd": "application/dash+xml",
    ".vtt": "text/vtt; charset=utf-8",
}
_MAX_HEIGHT = r"(?:-([0-9]{3,4})p)?"
_RENDITION_LISTS = (
    re.compile(rf"{HLS_NAME}{_MAX_HEIGHT}\.m3u8"),
    re.compile(rf"{DASH_NAME}{_MAX_HEIGHT}\.mpd"),
)
_SEGMENT_LIST = re.compile(r"([a-z0-9-]{1,32})\.m3u8")


def hls_name(max_height: int | None = None) -> str:
    """Return the file name of the HLS playlist of renditions up to that height, or of all."""
    return f"{HLS_NAME}-{max_height}p.m3u8" if max_height else f"{HLS_NAME}.m3u8"


def dash_name(max_height: int | None = None) -> str:
    """Return the file name of the DASH manifest of renditions up to that height, or of all."""
    return f"{DASH_NAME}-{max_height}p.mpd" if max_height else f"{DASH_NAME}.mpd"


def manifest_type(name: str) -> str | None:
    """Return the media type of a file that is made from rows; None for any other file."""
    return MEDIA_TYPES.get(f".{name.rpartition('.')[2]}")


class Manifests:
    """The texts of all files that are made from rows: playlists, manifests, captions, storyboards.

    A `QUERY_PLACEHOLDER` follows each URL in a text, so that the cached text suits every grant. The
    commit that enters a new rendition drops the texts of its video.
    """

    def __init__(self, database: Database, invalidations: Invalidations) -> None:
        self._database = database
        self._cache: Cache[str] = Cache(invalidations, CACHE_SIZE)

    def cached(self, uid: UUID, version: UUID, name: str) -> str | None:
        """Return the text if it is in memory, without asking the database."""
        return self._cache.get(_cache_key(uid, version, name))

    def load(self, uid: UUID, version: UUID, name: str) -> str | None:
        """Return the text, or None if there is no such file.

        `uid` is the video's, and `version` the last part of the folder of the file `name`.
        """
        generation = self._cache.generation
        with self._database.read_session() as session:
            text = _text(session, uid, version, name)
        if text is not None:
            self._cache.put(_cache_key(uid, version, name), text, generation, f"video:{uid}")
        return text


def _text(session: Session, uid: UUID, version: UUID, name: str) -> str | None:
    folder = f"media/{uid}/{version}"
    for pattern in _RENDITION_LISTS:
        if match := pattern.fullmatch(name):
            streams = _streams(session, folder, int(match[1]) if match[1] else None)
            return _rendition_list(session, uid, name, streams) if streams else None
    if name.startswith(f"{CAPTIONS}."):
        return _captions(session, uid, version, name)
    if name == CHAPTERS:
        return _chapters(session, uid, version)
    if name == STORYBOARD_CUES:
        return _storyboard(session, uid, version)
    if match := _SEGMENT_LIST.fullmatch(name):
        return _segments(session, folder, match[1])
    return None


def _rendition_list(session: Session, uid: UUID, name: str, streams: list[Stream]) -> str:
    captions = [captions_of(each) for each in videos.captions(session, uid)]
    if name.endswith(".m3u8"):
        return master_playlist(streams, captions)
    return dash_manifest(streams, captions, _thumbnails(session, uid))


def _segments(session: Session, folder: str, name: str) -> str | None:
    """Return the playlist of a rendition, or that of its key frames."""
    rendition_name = name.removesuffix(KEY_FRAMES)
    rendition = queries.rendition_with_segments(session, folder, rendition_name)
    if rendition is None:
        return None
    fragments = fragments_of(rendition)
    if name == rendition_name:
        return media_playlist(rendition.file_name, fragments)
    return key_frames_playlist(rendition.file_name, fragments) if fragments.key_sizes else None


def _streams(session: Session, folder: str, max_height: int | None) -> list[Stream]:
    renditions = offered(queries.package_renditions(session, folder))
    return [stream_of(each) for each in up_to_height(renditions, max_height)]


def _thumbnails(session: Session, uid: UUID) -> Thumbnails | None:
    asset = videos.playing_asset(session, uid)
    if asset is None or asset.storyboard is None:
        return None
    storyboard = Storyboard(**asset.storyboard)
    rows = ceil(storyboard.count / COLUMNS)
    size = storyboard.width, storyboard.height
    version = str(asset.pictures_version)
    return Thumbnails(version, STORYBOARD_IMAGE, storyboard.seconds, COLUMNS, rows, *size)


def _captions(session: Session, uid: UUID, version: UUID, name: str) -> str | None:
    if name == f"{CAPTIONS}.vtt":
        return videos.caption_text(session, uid, version)
    if name != f"{CAPTIONS}.m3u8":
        return None
    duration_ms = videos.captioned_duration_ms(session, uid, version)
    return None if duration_ms is None else captions_playlist(duration_ms)


def _storyboard(session: Session, uid: UUID, version: UUID) -> str | None:
    asset = videos.asset_with_pictures(session, uid, version)
    if asset is None or asset.storyboard is None:
        return None
    return storyboard_webvtt(Storyboard(**asset.storyboard), asset.duration_ms or 0)


def _chapters(session: Session, uid: UUID, version: UUID) -> str | None:
    found = videos.playing_version(session, uid, version)
    if found is None:
        return None
    video, asset = found
    chapters = [(each["start"], each["title"]) for each in chapters_of(video, asset)]
    return chapters_webvtt(chapters, (asset.duration_ms or 0) / 1000) if chapters else None


def _cache_key(uid: UUID, version: UUID, name: str) -> str:
    return f"stream:{uid}/{version}/{name}"
