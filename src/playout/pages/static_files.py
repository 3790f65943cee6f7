"""The files that pages refer to, each under an address that changes with its content."""

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from playout.kit.errors import NotFound, Unavailable

STATIC_DIR = Path(__file__).parent / "static"
BUILD_DIR = STATIC_DIR / "build"
FOR_EVER = "public, max-age=31536000, immutable"


def static_path(name: str) -> str:
    """The address of a static file. It changes with the file, so it may be cached for ever.

    Raises KeyError when there is no such file.
    """
    return f"/static/{_fingerprints()[name]}/{name}"


def find_static(fingerprint: str, name: str) -> Path | None:
    """The file behind `/static/{fingerprint}/{name}`; None when unknown or of another build.

    Never the file for a stale fingerprint: during an upgrade a cache would keep it for ever.
    """
    return STATIC_DIR / name if _fingerprints().get(name) == fingerprint else None


def built_path(name: str) -> str:
    """The address of what `web/` is built into: `<entry point>.js` or `.css`.

    The build puts a hash in each name, since what it makes refers to one another by name. Raises
    `Unavailable` when nothing is built.
    """
    try:
        return f"/static/build/{_manifest()[name]}"
    except FileNotFoundError as error:
        raise Unavailable("The scripts of this page are not built: run make build.") from error


async def static(request: Request) -> Response:
    """`/static/{fingerprint}/{name}`"""
    return _file(find_static(request.path_params["fingerprint"], request.path_params["name"]))


async def built(request: Request) -> Response:
    """`/static/build/{name}`"""
    name = request.path_params["name"]
    return _file(BUILD_DIR / name if name in _built() else None)


async def favicon(request: Request) -> Response:  # noqa: ARG001
    """The mark, for whoever asks for it by its usual names."""
    headers = {"Cache-Control": "public, max-age=86400"}
    return FileResponse(STATIC_DIR / "favicon.svg", headers=headers, media_type="image/svg+xml")


def _file(path: Path | None) -> Response:
    if path is None:
        raise NotFound("There is no such file.")
    headers = {"Cache-Control": FOR_EVER, "X-Content-Type-Options": "nosniff"}
    return FileResponse(path, headers=headers)


@cache
def _fingerprints() -> Mapping[str, str]:
    return {
        file.name: sha256(file.read_bytes()).hexdigest()[:12]
        for file in STATIC_DIR.iterdir()
        if file.is_file()
    }


@cache
def _manifest() -> Mapping[str, str]:
    manifest: dict[str, str] = json.loads((BUILD_DIR / "manifest.json").read_bytes())
    return manifest


@cache
def _built() -> frozenset[str]:
    # The manifest's name stays the same while it changes, so it is nobody's to keep.
    return frozenset(file.name for file in BUILD_DIR.glob("*")) - {"manifest.json"}
