"""The static files of pages. The address of each changes with its content."""

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from playout.kit.errors import NotFound, Unavailable
from playout.kit.http.kept_answer import KeptAnswer
from playout.kit.http.ranges import precondition_status

STATIC_DIR = Path(__file__).parent / "static"
BUILD_DIR = STATIC_DIR / "build"
IMMUTABLE = "public, max-age=31536000, immutable"
CODINGS = {"br": ".br", "gzip": ".gz"}
"""The codings in which the build compressed files, smallest first, and their suffixes."""
VARIES = {"Vary": "Accept-Encoding"}


def static_path(name: str) -> str:
    """Return the address of a static file. It changes with the file: caches may keep it for ever.

    Raises `KeyError` if the file does not exist.
    """
    return f"/static/{_fingerprints()[name]}/{name}"


def find_static(fingerprint: str, name: str) -> Path | None:
    """Return the file at `/static/{fingerprint}/{name}`; None if that is not its fingerprint.

    During an upgrade, a cache would otherwise keep the wrong file for ever.
    """
    return STATIC_DIR / name if _fingerprints().get(name) == fingerprint else None


def built_path(name: str) -> str:
    """Return the address of a file that `web/` is built into: `<entry point>.js` or `.css`.

    The build puts a hash in each name, because its files refer to each other by name. Raises
    `Unavailable` if nothing is built.
    """
    return f"/static/build/{_entry(name)}"


def built_styles(name: str) -> str:
    """Return the `style-src` sources of the `<style>` elements that an entry point's script adds.

    Raises `Unavailable` if nothing is built.
    """
    return _entry(f"{name}.styles")


async def static(request: Request) -> Response:
    """Serve `/static/{fingerprint}/{name}`."""
    fingerprint, name = request.path_params["fingerprint"], request.path_params["name"]
    if find_static(fingerprint, name) is None:
        raise NotFound("There is no such file.")
    return _kept(name, IMMUTABLE).response(request.scope["headers"])


async def built(request: Request) -> Response:
    """Serve `/static/build/{name}`, compressed if the client accepts that."""
    name = request.path_params["name"]
    if name not in _built():
        raise NotFound("There is no such file.")
    accepted = {each.strip() for each in request.headers.get("accept-encoding", "").split(",")}
    coding = next((each for each in _built()[name] if each in accepted), None)
    if coding is None:
        return _file(request, BUILD_DIR / name, name, VARIES)
    # `mimetypes` knows both suffixes as codings, and finds the type of the content.
    stored = f"{name}{CODINGS[coding]}"
    return _file(request, BUILD_DIR / stored, stored, {**VARIES, "Content-Encoding": coding})


async def element(request: Request) -> Response:
    """Serve the script that other sites load to embed videos. Its address stays the same."""
    name = _entry("element.js")
    headers = {
        "Cache-Control": "public, max-age=3600",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return _file(request, BUILD_DIR / name, name, headers)


async def favicon(request: Request) -> Response:
    """Serve the icon of the site at the addresses that browsers try."""
    return _kept("favicon.svg", "public, max-age=86400").response(request.scope["headers"])


class WholeFileResponse(FileResponse):
    """A file without ranges: static files are small, and a server may ignore `Range`."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [each for each in scope["headers"] if each[0] != b"range"]
        await super().__call__({**scope, "headers": headers}, receive, send)


@cache
def _kept(name: str, cache_control: str) -> KeptAnswer:
    """Return one of the few small files, as it is sent."""
    headers = {
        "Content-Type": f"{guess_type(name)[0]}; charset=utf-8",
        "Cache-Control": cache_control,
        "X-Content-Type-Options": "nosniff",
        "Accept-Ranges": "none",
    }
    etag = f'"{_fingerprints()[name]}-{name}"'
    return KeptAnswer((STATIC_DIR / name).read_bytes(), headers, etag)


def _file(
    request: Request, path: Path, version: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a file. `version` changes with its content and its coding: it is the ETag."""
    common = {
        "Cache-Control": IMMUTABLE,
        "X-Content-Type-Options": "nosniff",
        "Accept-Ranges": "none",
        "ETag": f'"{version}"',
        **(headers or {}),
    }
    status = precondition_status(request.headers, common["ETag"])
    if status is not None:
        return Response(status_code=status, headers=common)
    return WholeFileResponse(path, headers=common)


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
    """Return the files that may be requested, and the codings in which each exists."""
    files = {file.name for file in BUILD_DIR.glob("*")}
    # The manifest is not served: it changes under the same name, and caches would keep it.
    names = {name for name in files - {"manifest.json"} if not name.endswith((".br", ".gz"))}
    return {
        name: [coding for coding, suffix in CODINGS.items() if name + suffix in files]
        for name in names
    }
