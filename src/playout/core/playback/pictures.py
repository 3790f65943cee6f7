"""Addresses of the pictures of a video."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from playout.core.media.model import Asset
from playout.core.videos.model import Video
from playout.transcode.encode.ladder import fit_within
from playout.transcode.names import POSTER, PREVIEW, STORYBOARD_CUES
from playout.transcode.pictures.first_poster import MAX_SIDE
from playout.transcode.pictures.posters import POSTER_SIDES, poster_name

THUMBNAIL = 640


@dataclass(frozen=True, slots=True)
class Size:
    """A poster in one size, in two formats; `width` in pixels."""

    width: int
    webp: str
    jpeg: str


@dataclass(frozen=True, slots=True)
class Looks:
    """Absolute addresses of what there is; `sizes` of the poster, smallest first."""

    poster: str | None = None
    thumbnail: str | None = None
    sizes: tuple[Size, ...] = ()
    preview: str | None = None
    storyboard: str | None = None


def looks(video: Video, asset: Asset | None, at: Callable[[UUID, str], str]) -> Looks:
    """The pictures of a video that plays that asset; `at` makes addresses, as `places` does.

    Until there are better ones, the first poster of the asset is all.
    """
    version = asset.pictures_version if asset else None
    chosen = _chosen(video, asset)
    first = at(asset.version, POSTER) if asset and asset.version and asset.poster_size else None
    return Looks(
        poster=at(chosen[0], POSTER) if chosen else first,
        thumbnail=at(chosen[0], poster_name(THUMBNAIL)) if chosen else first,
        sizes=_sizes(*chosen, at) if chosen else (),
        preview=at(version, PREVIEW) if version and asset and asset.has_preview else None,
        storyboard=at(version, STORYBOARD_CUES) if version and asset and asset.storyboard else None,
    )


def _chosen(video: Video, asset: Asset | None) -> tuple[UUID, int, int] | None:
    """The folder of the poster in its sizes, and how large the largest is."""
    if video.poster_version and video.poster_width and video.poster_height:
        return video.poster_version, video.poster_width, video.poster_height
    if asset and asset.pictures_version and asset.width and asset.height:
        return asset.pictures_version, *fit_within(asset.width, asset.height, MAX_SIDE)
    return None


def _sizes(
    version: UUID, width: int, height: int, at: Callable[[UUID, str], str]
) -> tuple[Size, ...]:
    longest = max(width, height)
    return tuple(
        Size(
            width * min(side, longest) // longest,
            at(version, poster_name(side, "webp")),
            at(version, poster_name(side)),
        )
        for side in reversed(POSTER_SIDES)
        # The largest is there in any case; a smaller one only if it is smaller.
        if side == MAX_SIDE or side < longest
    )
