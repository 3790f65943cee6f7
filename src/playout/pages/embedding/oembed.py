"""oEmbed: how other sites show the player of a watch page or landing page (oembed.com)."""

import json
import re
from dataclasses import dataclass, replace
from hashlib import sha256
from urllib.parse import parse_qs
from xml.etree.ElementTree import Element

from markupsafe import Markup
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from playout.core.playback.audience import may_watch
from playout.core.playback.pictures import PictureUrls
from playout.core.projects.embedding import embeddable
from playout.core.publications import queries as publications
from playout.core.publications.model import SLUG_PATTERN
from playout.core.shares.serving import landing
from playout.kit.clock import utcnow
from playout.kit.errors import Invalid, NotFound
from playout.kit.http.kept_answer import KeptAnswer
from playout.kit.http.public_address import split_url
from playout.pages.feed import splash_image, watch_url
from playout.pages.feeds.xml import add, clean, document
from playout.pages.formats import absolute
from playout.pages.metadata.cards import DEFAULT_SIZE, player_url
from playout.pages.responses import Responses
from playout.runtime import Runtime

CACHE_SECONDS = 3600
"""Seconds for which a site may keep an answer: the pictures of a share end after a day."""
FORMATS = ("json", "xml")
PAGE = re.compile(r"/(v|s)/([^/?#]+)/?")
START = re.compile(r"\d{1,6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Embeddable:
    """The video of a page. `posters` are its address and size, the largest first."""

    title: str
    author: str | None
    provider: str
    provider_url: str | None
    player_url: str
    size: tuple[int, int]
    posters: tuple[tuple[str, tuple[int, int]], ...]


class Oembed:
    """The endpoint `/oembed`."""

    def __init__(self, runtime: Runtime, responses: Responses) -> None:
        self._runtime = runtime
        self._responses = responses

    async def answer(self, request: Request) -> Response:
        """Answer with the embedding of the page `url`: 404 if there is none, 501 for a format."""
        query = request.query_params
        form = query.get("format", "json")
        media_type = "text/xml" if form == "xml" else "application/json"
        headers = self._responses.document_headers(media_type)
        if form not in FORMATS:
            text = b"The format is json or xml."
            return Response(text, 501, {**headers, "Content-Type": "text/plain; charset=utf-8"})
        box = _bound(query.get("maxwidth")), _bound(query.get("maxheight"))
        shown = await self._runtime.read_for_page(_read, self._runtime, query.get("url", ""))
        body = (_xml if form == "xml" else _json)(_fields(shown, box))
        kept = KeptAnswer(body, headers, f'"{sha256(body).hexdigest()[:24]}"')
        return kept.response(request.scope["headers"])


def _bound(text: str | None) -> int | None:
    """Return a number of pixels, None for none. Raise `Invalid` if it is not one."""
    if text is None or text == "":
        return None
    if not re.fullmatch("[0-9]{1,6}", text) or int(text) == 0:
        raise Invalid("maxwidth and maxheight are numbers of pixels, 1 or more.")
    return int(text)


def _read(runtime: Runtime, url: str) -> Embeddable:
    """Return the video of a page of this site, or raise `NotFound` for any other address."""
    parts = split_url(url)
    bare = parts._replace(query="", fragment="").geturl()
    match = PAGE.fullmatch(runtime.settings.address.local_part(bare) or "")
    if match is None:
        raise NotFound("There is no such video.")
    with runtime.database.read_session() as session:
        found = (_watch if match[1] == "v" else _share)(runtime, session, match[2])
    start = parse_qs(parts.query).get("t", [""])[0]
    if not START.fullmatch(start):
        return found
    return replace(found, player_url=f"{found.player_url}?start={start}")


def _watch(runtime: Runtime, session: Session, slug: str) -> Embeddable:
    found = publications.by_slug(session, slug) if re.fullmatch(SLUG_PATTERN, slug) else None
    if found is None or not may_watch(None, found.video):
        raise NotFound("There is no such video.")
    if not embeddable(session, [found.video.project_id]):
        raise NotFound("There is no such video.")
    publication, asset = found.publication, found.asset
    pictures = runtime.playback.urls(found.video, asset, utcnow()).pictures
    has_own = splash_image(runtime, publication) is not None
    return Embeddable(
        title=publication.public_fields(found.video)["title"],
        author=publication.creator_handle,
        provider=runtime.settings.site_name,
        provider_url=f"{runtime.settings.base_url}/",
        player_url=player_url(watch_url(runtime, publication)),
        size=_size(asset.width, asset.height) if asset else DEFAULT_SIZE,
        # A picture of the publication's own has no known size, which oEmbed requires.
        posters=() if has_own else _posters(pictures, runtime.settings.base_url),
    )


def _share(runtime: Runtime, session: Session, slug: str) -> Embeddable:
    found = landing(session, slug, utcnow())
    share, asset = found.share, found.asset
    if not share.project.embed_sites or share.password_hash is not None:
        raise NotFound("There is no such video.")
    pictures = runtime.playback.urls(found.video, asset, utcnow(), via=share.slug).pictures
    return Embeddable(
        title=share.public_title,
        author=None,
        provider=share.project.name,
        provider_url=None,
        player_url=player_url(f"{runtime.settings.base_url}/s/{share.slug}"),
        size=_size(asset.width, asset.height) if asset else DEFAULT_SIZE,
        posters=_posters(pictures, runtime.settings.base_url),
    )


def _size(width: int | None, height: int | None) -> tuple[int, int]:
    return (width, height) if width and height else DEFAULT_SIZE


def _posters(pictures: PictureUrls, base: str) -> tuple[tuple[str, tuple[int, int]], ...]:
    if pictures.poster is None or pictures.poster_size is None:
        return ()
    width, height = pictures.poster_size
    smaller = (
        (absolute(each.jpeg, base), (each.width, max(1, round(height * each.width / width))))
        for each in reversed(pictures.sizes)
        if each.width < width
    )
    return ((absolute(pictures.poster, base), pictures.poster_size), *smaller)


def _fields(shown: Embeddable, box: tuple[int | None, int | None]) -> dict[str, str | int]:
    """Return the answer, with a player and a picture that fit into the box."""
    width, height = _fitted(shown.size, box)
    fitting = (each for each in shown.posters if _fits(each[1], box))
    poster, (wide, high) = next(fitting, (None, (None, None)))
    known = {
        "version": "1.0",
        "type": "video",
        "title": clean(shown.title),
        "author_name": clean(shown.author) if shown.author else None,
        "provider_name": clean(shown.provider),
        "provider_url": shown.provider_url,
        "cache_age": CACHE_SECONDS,
        "thumbnail_url": poster,
        "thumbnail_width": wide,
        "thumbnail_height": high,
        "html": _iframe(shown, width, height),
        "width": width,
        "height": height,
    }
    return {name: value for name, value in known.items() if value is not None}


def _iframe(shown: Embeddable, width: int, height: int) -> str:
    return Markup(
        '<iframe src="{}" width="{}" height="{}" title="{}" frameborder="0" loading="lazy"'
        ' allow="autoplay; fullscreen; picture-in-picture; encrypted-media"'
        ' referrerpolicy="strict-origin-when-cross-origin" allowfullscreen></iframe>'
    ).format(shown.player_url, width, height, clean(shown.title))


def _fitted(size: tuple[int, int], box: tuple[int | None, int | None]) -> tuple[int, int]:
    """Return a size of the same shape that fits into the box; each side is at least one pixel."""
    scales = [most / side for side, most in zip(size, box, strict=True) if most is not None]
    scale = min([1.0, *scales])
    return max(1, int(size[0] * scale)), max(1, int(size[1] * scale))


def _fits(size: tuple[int, int], box: tuple[int | None, int | None]) -> bool:
    return all(most is None or side <= most for side, most in zip(size, box, strict=True))


def _json(fields: dict[str, str | int]) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode()


def _xml(fields: dict[str, str | int]) -> bytes:
    root = Element("oembed")
    for name, value in fields.items():
        add(root, name, str(value))
    return document(root)
