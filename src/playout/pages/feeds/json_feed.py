"""Feeds in JSON Feed 1.1."""

import json

from playout.pages.feeds.html import entry_html
from playout.pages.feeds.model import Entry, Feed
from playout.pages.feeds.xml import clean
from playout.pages.formats import iso_time, snippet

MEDIA_TYPE = "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(feed: Feed) -> bytes:
    """Return a page of a feed in JSON."""
    whole = {
        "version": VERSION,
        "title": clean(feed.title),
        "description": clean(feed.about),
        "home_page_url": feed.home_url,
        "feed_url": feed.page_url,
        "next_url": feed.next_url,
        "items": [_item(entry) for entry in feed.entries],
    }
    known = {name: value for name, value in whole.items() if value is not None}
    return json.dumps(known, ensure_ascii=False, separators=(",", ":")).encode()


def _item(entry: Entry) -> dict[str, object]:
    file = {
        "url": entry.video_url,
        "mime_type": entry.video_type,
        "size_in_bytes": entry.video_bytes,
        "duration_in_seconds": entry.seconds,
    }
    item = {
        "id": entry.id,
        "url": entry.url,
        "title": clean(entry.title),
        "summary": clean(snippet(entry.description)),
        "content_html": clean(entry_html(entry)),
        "image": entry.poster.url if entry.poster else None,
        "date_published": iso_time(entry.published_at),
        "date_modified": iso_time(entry.updated_at),
        "authors": [{"name": clean(entry.creator)}] if entry.creator else None,
        "tags": [clean(tag) for tag in entry.tags],
        "language": entry.language,
        "attachments": [{name: value for name, value in file.items() if value is not None}],
    }
    return {name: value for name, value in item.items() if value}
