"""A form that uploads a film template."""

import json

import httpx2 as httpx

from tests.api.helpers.uploads import picture

MANIFEST = {
    "version": 1,
    "fields": {"name": {"type": "text", "required": True, "maxLength": 40}},
    "elements": [
        {
            **{"id": "greeting", "type": "text", "text": "Hello {{name}}", "start": 0, "end": 3},
            **{"x": 0.1, "y": 0.1, "width": 0.8, "height": 0.4, "size": 0.1},
        }
    ],
}


def template_form(**texts: str) -> tuple[str, bytes]:
    """Return the media type and the body of a form with a poster.

    Without a `videoId`, it has a file as its film, which is none.
    """
    files = {"posterFile": ("poster.png", picture(), "image/png")}
    if "videoId" not in texts:
        files["videoFile"] = ("film.mp4", b"No film.", "video/mp4")
    data = {"kind": "Raster", "manifestJson": json.dumps(MANIFEST), **texts}
    request = httpx.Request("POST", "http://testserver/", data=data, files=files)
    return request.headers["content-type"], request.read()
