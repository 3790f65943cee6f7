"""The film as a strip of small pictures, taken from its storyboard."""

from dataclasses import dataclass

from playout.console.visit import Visit
from playout.core.publications.details import VideoDetails
from playout.kit.clock import utcnow
from playout.transcode.names import STORYBOARD_IMAGE
from playout.transcode.pictures.storyboard import COLUMNS

MOST = 12
"""Pictures in a strip."""


@dataclass(frozen=True, slots=True)
class FilmStrip:
    """An image with all tiles, and the parts of it that are shown, as `x y width height`."""

    url: str
    width: int
    """Pixels of the whole image."""
    height: int
    views: list[str]


def film_strip(visit: Visit, found: VideoDetails) -> FilmStrip | None:
    """Return the strip of a video; None while it has no storyboard."""
    video, asset = found.video, found.asset
    if asset is None or asset.pictures_version is None or not asset.storyboard:
        return None
    url_of = visit.runtime.playback.url_builder(video, utcnow(), viewer=visit.principal)
    board = asset.storyboard
    count, width, height = board["count"], board["width"], board["height"]
    shown = sorted({round(each * (count - 1) / (MOST - 1)) for each in range(MOST)})
    return FilmStrip(
        url_of(asset.pictures_version, STORYBOARD_IMAGE),
        width * COLUMNS,
        height * -(-count // COLUMNS),
        [f"{each % COLUMNS * width} {each // COLUMNS * height} {width} {height}" for each in shown],
    )
