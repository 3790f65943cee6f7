"""The URLs of the pictures of a video."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from playout.core.media.model import Asset
from playout.core.videos.model import Video
from playout.transcode.encode.ladder import fit_within
from playout.transcode.names import POSTER, PREVIEW, STORYBOARD_CUES
from playout.transcode.pictures.first_poster import MAX_SIDE
from playout.transcode.pictures.posters import POSTER_SIDES, poster_name

THUMBNAIL_SIDE = 640

UrlBuilder = Callable[[UUID, str], str]
"""Returns the URL of a file of one video, from its version and its name."""


@dataclass(frozen=True, slots=True)
class PosterUrls:
    """The URLs of a poster in one size and two formats."""

    width: int
    """Pixels."""
    webp: str
    jpeg: str


@dataclass(frozen=True, slots=True)
class PictureUrls:
    """URLs of the pictures of a video; None for a picture that it does not have."""

    poster: str | None = None
    poster_size: tuple[int, int] | None = None
    """Width and height of the poster, in pixels."""
    thumbnail: str | None = None
    sizes: tuple[PosterUrls, ...] = ()
    """The poster in its sizes, smallest first."""
    preview: str | None = None
    storyboard: str | None = None


@dataclass(frozen=True, slots=True)
class _Poster:
    """A poster in several sizes: its folder, and the size of the largest."""

    version: UUID
    width: int
    height: int


def picture_urls(video: Video, asset: Asset | None, url_of: UrlBuilder) -> PictureUrls:
    """Return the URLs of the pictures of a video that plays the asset.

    The poster is the one that a user chose, or else the one that Playout made. Until either is
    there, it is the first poster of the asset, in one size.
    """
    version = asset.pictures_version if asset else None
    poster = _best_poster(video, asset)
    first = url_of(asset.version, POSTER) if asset and asset.version and asset.poster_size else None
    return PictureUrls(
        poster=url_of(poster.version, POSTER) if poster else first,
        poster_size=_poster_size(poster, asset),
        thumbnail=url_of(poster.version, poster_name(THUMBNAIL_SIDE)) if poster else first,
        sizes=_sizes(poster, url_of) if poster else (),
        preview=url_of(version, PREVIEW) if version and asset and asset.has_preview else None,
        storyboard=url_of(version, STORYBOARD_CUES)
        if version and asset and asset.storyboard
        else None,
    )


def _best_poster(video: Video, asset: Asset | None) -> _Poster | None:
    if video.poster_version and video.poster_width and video.poster_height:
        return _Poster(video.poster_version, video.poster_width, video.poster_height)
    if asset and asset.pictures_version and asset.width and asset.height:
        return _Poster(asset.pictures_version, *fit_within(asset.width, asset.height, MAX_SIDE))
    return None


def _poster_size(poster: _Poster | None, asset: Asset | None) -> tuple[int, int] | None:
    """Return the size of the largest poster, or that of the first one of the asset."""
    if poster:
        return poster.width, poster.height
    if asset and asset.poster_size and asset.width and asset.height:
        return fit_within(asset.width, asset.height, MAX_SIDE)
    return None


def _sizes(poster: _Poster, url_of: UrlBuilder) -> tuple[PosterUrls, ...]:
    long_side = max(poster.width, poster.height)
    return tuple(
        PosterUrls(
            width=poster.width * min(side, long_side) // long_side,
            webp=url_of(poster.version, poster_name(side, "webp")),
            jpeg=url_of(poster.version, poster_name(side)),
        )
        for side in reversed(POSTER_SIDES)
        # The largest size is always offered, a smaller one only if it is smaller than the poster.
        if side == MAX_SIDE or side < long_side
    )
