"""The JSON of the addresses of a video: its files and its public page."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from playout.api.types import UriOut
from playout.core.media.model import Asset
from playout.core.playback.playback import Playback
from playout.core.unit import ReadUnit
from playout.core.videos.model import Video


class FilesOut(TypedDict):
    """Fields of a video that are addresses. Those of Playout's own files carry a grant."""

    video: Annotated[str, Field(description='Address that plays it; "" while nothing plays')]
    hls_url: Annotated[UriOut | None, Field(description="Adaptive stream as HLS")]
    dash_url: Annotated[UriOut | None, Field(description="Adaptive stream as DASH")]
    cover_image: UriOut | None
    thumbnail: Annotated[UriOut | None, Field(description="Thumbnail image, also used as logo")]
    preview_url: Annotated[UriOut | None, Field(description="Three seconds of it as a moving WebP")]
    storyboard_url: Annotated[
        UriOut | None, Field(description="WebVTT that lists small pictures of it")
    ]
    chapters_url: Annotated[UriOut | None, Field(description="WebVTT that lists its chapters")]
    custom_url: Annotated[str, Field(description='Public page; "" while it is not published')]


def files_out(
    unit: ReadUnit, video: Video, asset: Asset | None, slug: str | None, playback: Playback
) -> FilesOut:
    """Return the JSON of the addresses of a video, for the caller.

    `asset` is what plays now, and `slug` that of the publication, if there is one.
    """
    addresses = playback.urls(video, asset, unit.now, viewer=unit.principal)
    return {
        "video": addresses.video,
        "hls_url": addresses.hls,
        "dash_url": addresses.dash,
        "cover_image": video.cover_image or addresses.poster,
        "thumbnail": video.thumbnail or addresses.pictures.thumbnail,
        "preview_url": addresses.pictures.preview,
        "storyboard_url": addresses.pictures.storyboard,
        "chapters_url": addresses.chapters,
        "custom_url": f"{playback.base_url}/v/{slug}" if slug else "",
    }
