"""The logo and the favicon of a brand, made from an image that was sent."""

from collections.abc import Callable
from pathlib import Path

from playout.core.brands.model import Picture
from playout.core.processing.resources import Resources
from playout.core.processing.scratch import job_folder
from playout.transcode.pictures.brand_pictures import make_favicon, make_logo
from playout.transcode.sandbox.tools import Tools

_MAKERS: dict[Picture, Callable[[Path, Path, Tools], bytes]] = {
    Picture.LOGO: make_logo,
    Picture.FAVICON: make_favicon,
}


def make(resources: Resources, picture: Picture, image: bytes) -> bytes:
    """Return a picture of a brand, as pages show it. Raise `Invalid`."""
    with job_folder(resources.job_folders) as folder:
        file = folder / "image"
        file.write_bytes(image)
        return _MAKERS[picture](file, folder, resources.tools)
