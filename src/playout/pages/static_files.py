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
CODINGS = {"br": ".br", "gzip": ".gz"}
"""What the build has compressed already, smallest first, and how its files end."""
VARIES = {"Vary": "Accept-Encoding"}


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
    return f"/static/build/{_entry(name)}"


def built_styles(name: str) -> str:
    """The sources for `style-src` of the `<style>` elements that an entry point's script makes.

    Raises `Unavailable` when nothing is built.
    """
    return _entry(f"{name}.styles")


async def static(request: Request) -> Response:
    """`/static/{fingerprint}/{name}`"""
    return _file(find_static(request.path_params["fingerprint"], request.path_params["name"]))


async def built(request: Request) -> Response:
    """`/static/build/{name}`"""
    name = request.path_params["name"]
    if name not in _built():
        raise NotFound("There is no such file.")
    accepted = {each.strip() for each in request.headers.get("accept-encoding", "").split(",")}
    coding = next((each for each in _built()[name] if each in accepted), None)
    if coding is None:
        return _file(BUILD_DIR / name, VARIES)
    # Its type is that of what is inside: mimetypes knows both endings for codings.
    return _file(BUILD_DIR / f"{name}{CODINGS[coding]}", {**VARIES, "Content-Encoding": coding})


async def favicon(request: Request) -> Response:  # noqa: ARG001
    """The mark, for whoever asks for it by its usual names."""
    headers = {"Cache-Control": "public, max-age=86400"}
    return FileResponse(STATIC_DIR / "favicon.svg", headers=headers, media_type="image/svg+xml")


def _file(path: Path | None, more: Mapping[str, str] | None = None) -> Response:
    if path is None:
        raise NotFound("There is no such file.")
    headers = {"Cache-Control": FOR_EVER, "X-Content-Type-Options": "nosniff", **(more or {})}
    return FileResponse(path, headers=headers)


@cache
def _fingerprints() -> Mapping[str, str]:
    return {
        file.name: sha256(file.read_bytes()).hexdigest()[:12]
        for file in STATIC_DIR.iterdir()
        if file.is_file()
    }


def _entry(name: str) -> str:
    try:
        return _manifest()[name]
    except (FileNotFoundError, KeyError) as error:
        raise Unavailable("The scripts of this page are not built: run make build.") from error


@cache
def _manifest() -> Mapping[str, str]:
    manifest: dict[str, str] = json.loads((BUILD_DIR / "manifest.json").read_bytes())
    return manifest


@cache
def _built() -> Mapping[str, list[str]]:
    """What may be asked for, and the codings that it lies there in."""
    there = {file.name for file in BUILD_DIR.glob("*")}
    # The manifest's name stays the same while it changes, so it is nobody's to keep.
    names = {name for name in there - {"manifest.json"} if not name.endswith((".br", ".gz"))}
    return {
        name: [coding for coding, suffix in CODINGS.items() if name + suffix in there]
        for name in names
    }
