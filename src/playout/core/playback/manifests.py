"""Playlists, manifests and captions: out of rows when asked for, and kept in memory."""

import re
from uuid import UUID

from sqlalchemy.orm import Session

from playout.core.media import queries
from playout.core.media.model import CAPTIONS
from playout.core.media.renditions import listed, up_to
from playout.core.playback.pictures import STORYBOARD
from playout.core.videos import queries as videos
from playout.kit.cache import Cache
from playout.kit.db import Database
from playout.kit.invalidation import Invalidations
from playout.transcode.manifests.dash import manifest
from playout.transcode.manifests.hls import (
    QUERY,
    captions_playlist,
    master_playlist,
    media_playlist,
)
from playout.transcode.pictures.storyboard import Storyboard, storyboard_cues

MASTER, MANIFEST = "master", "manifest"
REMEMBERED = 2_000
TYPES = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".mpd": "application/dash+xml",
    ".vtt": "text/vtt; charset=utf-8",
}
_LISTS = re.compile(rf"({MASTER}|{MANIFEST})(?:-([0-9]{{3,4}})p)?\.(m3u8|mpd)")
_MAKERS = {(MASTER, "m3u8"): master_playlist, (MANIFEST, "mpd"): manifest}
_OWN = re.compile(r"([a-z0-9-]{1,32})\.m3u8")


def master_name(most: int | None = None) -> str:
    """The file name of the HLS master playlist, of qualities up to `most` or of all."""
    return f"{MASTER}-{most}p.m3u8" if most else f"{MASTER}.m3u8"


def manifest_name(most: int | None = None) -> str:
    """The file name of the DASH manifest, of qualities up to `most` or of all."""
    return f"{MANIFEST}-{most}p.mpd" if most else f"{MANIFEST}.mpd"


def media_type(name: str) -> str | None:
    """The media type of what is made of rows; None for any other file."""
    return TYPES.get(f".{name.rpartition('.')[2]}")


def with_query(text: str, query: str) -> str:
    """A playlist or manifest whose every address carries that query ("" for none)."""
    return text.replace(QUERY, f"?{query}" if query else "")


class Streams:
    """Makes playlists and manifests, with `QUERY` where an address may be given a query.

    A new rendition drops what is kept of its video, with the commit that enters it.
    """

    def __init__(self, database: Database, invalidations: Invalidations) -> None:
        self._database = database
        self._kept: Cache[str] = Cache(invalidations, REMEMBERED)

    def recall(self, uid: UUID, version: UUID, name: str) -> str | None:
        """What is in memory; no database."""
        return self._kept.get(_key(uid, version, name))

    def look_up(self, uid: UUID, version: UUID, name: str) -> str | None:
        """The text of that name; None when there is none such."""
        generation = self._kept.generation
        text = self._made(uid, version, name)
        if text is not None:
            self._kept.put(_key(uid, version, name), text, generation, f"video:{uid}")
        return text

    def _made(self, uid: UUID, version: UUID, name: str) -> str | None:
        lists, own = _LISTS.fullmatch(name), _OWN.fullmatch(name)
        folder = f"media/{uid}/{version}"
        with self._database.reading() as session:
            if lists:
                most = int(lists[2]) if lists[2] else None
                chosen = up_to(listed(queries.package(session, folder)), most)
                maker = _MAKERS.get((lists[1], lists[3]))
                return maker(chosen, videos.captions(session, uid)) if maker and chosen else None
            if name.startswith(f"{CAPTIONS}."):
                return _captions(session, uid, version, name)
            if name == STORYBOARD:
                return _storyboard(session, uid, version)
            rendition = queries.segments(session, folder, own[1]) if own else None
            return media_playlist(rendition) if rendition else None


def _captions(session: Session, uid: UUID, version: UUID, name: str) -> str | None:
    if name == f"{CAPTIONS}.vtt":
        return videos.caption_text(session, uid, version)
    duration_ms = videos.captioned_duration_ms(session, uid, version)
    is_list = name == f"{CAPTIONS}.m3u8" and duration_ms is not None
    return captions_playlist(duration_ms or 0) if is_list else None


def _storyboard(session: Session, uid: UUID, version: UUID) -> str | None:
    asset = videos.asset_with_pictures(session, uid, version)
    if asset is None or asset.storyboard is None:
        return None
    return storyboard_cues(Storyboard(**asset.storyboard), asset.duration_ms or 0)


def _key(uid: UUID, version: UUID, name: str) -> str:
    return f"stream:{uid}/{version}/{name}"
