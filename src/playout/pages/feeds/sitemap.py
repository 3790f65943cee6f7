"""Sitemaps with the video extension, and the index that lists them (sitemaps.org, Google)."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from playout.pages.feeds.model import Entry
from playout.pages.feeds.xml import SITEMAP, VIDEO, add, document
from playout.pages.formats import iso_time

MEDIA_TYPE = "application/xml"
LONGEST_SECONDS = 28_800
TITLE_LENGTH, DESCRIPTION_LENGTH, UPLOADER_LENGTH, MOST_TAGS = 100, 2048, 255, 32
_S, _V = f"{{{SITEMAP}}}", f"{{{VIDEO}}}"


def sitemap_index(urls: Iterable[str]) -> bytes:
    """Return the list of sitemaps."""
    root = Element(f"{_S}sitemapindex")
    for url in urls:
        add(add(root, f"{_S}sitemap"), f"{_S}loc", url)
    return document(root, SITEMAP)


def sitemap(pages: Iterable[str], entries: Iterable[Entry]) -> bytes:
    """Return a sitemap of pages and of watch pages."""
    root = Element(f"{_S}urlset")
    for page in pages:
        add(add(root, f"{_S}url"), f"{_S}loc", page)
    for entry in entries:
        url = add(root, f"{_S}url")
        add(url, f"{_S}loc", entry.url)
        add(url, f"{_S}lastmod", iso_time(entry.updated_at))
        # Search engines refuse a video without a picture, and find it on its page all the same.
        if entry.poster:
            _add_video(url, entry, entry.poster.url)
    return document(root, SITEMAP)


def _add_video(url: Element, entry: Entry, poster_url: str) -> None:
    """Add the elements of a video in the order that the schema requires."""
    video = add(url, f"{_V}video")
    add(video, f"{_V}thumbnail_loc", poster_url)
    add(video, f"{_V}title", entry.title[:TITLE_LENGTH])
    about = entry.description.strip() or entry.title
    add(video, f"{_V}description", about[:DESCRIPTION_LENGTH])
    add(video, f"{_V}content_loc", entry.video_url)
    if entry.player_url:
        add(video, f"{_V}player_loc", entry.player_url)
    if entry.seconds and entry.seconds <= LONGEST_SECONDS:
        add(video, f"{_V}duration", str(entry.seconds))
    add(video, f"{_V}publication_date", iso_time(entry.published_at))
    for tag in entry.tags[:MOST_TAGS]:
        add(video, f"{_V}tag", tag)
    if entry.creator:
        add(video, f"{_V}uploader", entry.creator[:UPLOADER_LENGTH])
