"""Published videos as the entries of feeds and sitemaps."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from playout.core.media import queries as media
from playout.core.media.captions import Caption
from playout.core.projects.embedding import embeddable
from playout.core.publications import gallery, queries
from playout.core.publications.gallery import EVERYTHING, Selection
from playout.core.publications.queries import PublishedVideo
from playout.kit.clock import utcnow
from playout.kit.errors import NotFound
from playout.pages.feed import (
    PAGE_SIZE,
    cursor_after,
    parse_cursor,
    splash_image,
    watch_url,
)
from playout.pages.feeds.model import Entry, Feed
from playout.pages.formats import absolute
from playout.pages.gallery import name_of, path_of
from playout.pages.metadata.cards import Picture, player_url
from playout.pages.views import CaptionTrack
from playout.runtime import Runtime
from playout.transcode.names import CAPTIONS

SITEMAP_SIZE = 1_000
"""Pages that one sitemap lists. Search engines read 50,000, and 50 MB."""


def read_feed(runtime: Runtime, selection: Selection, name: str, cursor: str) -> Feed:
    """Return a page of a feed: of all videos, of a creator or of a tag.

    `name` is the last part of its address. Raise `NotFound` for an invalid cursor, and for a
    creator or a tag without public videos.
    """
    before = parse_cursor(cursor) if cursor else None
    with runtime.database.read_session() as session:
        matches = gallery.search(session, selection, PAGE_SIZE + 1, before)
        chosen = matches.found[:PAGE_SIZE]
        if not chosen and not cursor and selection != EVERYTHING:
            raise NotFound("There is no such feed.")
        page = gallery.videos(session, chosen)
        made = entries(runtime, page, _captions(session, page), _embeddable(session, page))
    of = "" if selection == EVERYTHING else name_of(chosen, selection)
    site, home = runtime.settings.site_name, runtime.settings.base_url + path_of(selection)
    url = f"{home.rstrip('/')}/{name}"
    more = len(matches.found) > PAGE_SIZE
    return Feed(
        site_name=site,
        title=f"{of} – {site}" if of else site,
        about=f"Videos from {site}: {of}." if of else f"Videos from {site}.",
        home_url=home,
        url=url,
        page_url=f"{url}?before={cursor}" if cursor else url,
        next_url=f"{url}?before={cursor_after(chosen[-1].place)}" if more else None,
        entries=made,
    )


def read_sitemap_urls(runtime: Runtime) -> list[str]:
    """Return the addresses of the sitemaps."""
    with runtime.database.read_session() as session:
        places = queries.public_places(session, SITEMAP_SIZE)
    url = f"{runtime.settings.base_url}/sitemap/videos.xml"
    return [url, *(f"{url}?after={cursor_after(place)}" for place in places)]


def read_sitemap(runtime: Runtime, cursor: str) -> tuple[list[str], tuple[Entry, ...]]:
    """Return the pages without a video and the videos of a sitemap, oldest first.

    `cursor` names the last video of the sitemap before. Raise `NotFound` as `read_feed`.
    """
    after = parse_cursor(cursor) if cursor else None
    with runtime.database.read_session() as session:
        found = queries.oldest_public(session, SITEMAP_SIZE, after)
        shown_elsewhere = _embeddable(session, found)
    pages = [] if cursor else [f"{runtime.settings.base_url}/"]
    return pages, entries(runtime, found, {}, shown_elsewhere)


def entries(
    runtime: Runtime,
    found: Sequence[PublishedVideo],
    captions: dict[int, list[Caption]],
    embeddable: Collection[int],
) -> tuple[Entry, ...]:
    """Return public videos as entries, with captions by the ids of the videos.

    `embeddable` are the projects whose videos other sites may show.
    """
    made = ((each, _entry(runtime, each, captions.get(each.video.id, ()))) for each in found)
    return tuple(
        entry if each.video.project_id in embeddable else replace(entry, player_url=None)
        for each, entry in made
    )


def _entry(runtime: Runtime, each: PublishedVideo, captions: Collection[Caption]) -> Entry:
    publication, asset, base = each.publication, each.asset, runtime.settings.base_url
    shown, now = publication.public_fields(each.video), utcnow()
    url = watch_url(runtime, publication)
    urls = runtime.playback.urls(each.video, asset, now)
    splash = splash_image(runtime, publication)
    poster, size = splash or urls.poster, None if splash else urls.pictures.poster_size
    url_of = runtime.playback.url_builder(each.video, now)
    tracks = (
        CaptionTrack(
            url=absolute(url_of(track.version, f"{CAPTIONS}.vtt"), base),
            language=track.language,
            label=track.label,
            default=track.is_default,
        )
        for track in captions
    )
    return Entry(
        id=f"urn:uuid:{each.video.uid}",
        url=url,
        title=shown["title"],
        description=shown["description"] or "",
        published_at=publication.created_at,
        updated_at=max(publication.created_at, publication.updated_at, each.video.updated_at),
        video_url=absolute(urls.video, base),
        video_type="video/mp4",
        player_url=player_url(url),
        creator=publication.creator_handle,
        tags=tuple(shown["tags"] or ()),
        language=shown["session_language"],
        duration_ms=asset.duration_ms if asset else None,
        size=(asset.width, asset.height) if asset and asset.width and asset.height else None,
        video_bytes=asset.mp4_size if asset else None,
        poster=Picture(url=absolute(poster, base), size=size) if poster else None,
        captions=tuple(tracks),
    )


def _embeddable(session: Session, page: Sequence[PublishedVideo]) -> set[int]:
    return embeddable(session, {each.video.project_id for each in page})


def _captions(session: Session, page: Sequence[PublishedVideo]) -> dict[int, list[Caption]]:
    captioned = [each.video.id for each in page if each.video.caption_languages]
    return media.captions_of(session, captioned)
