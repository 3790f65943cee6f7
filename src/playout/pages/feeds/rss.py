"""Feeds in RSS 2.0, with Media RSS."""

from datetime import UTC
from email.utils import format_datetime
from xml.etree.ElementTree import Element

from playout.pages.feeds.html import entry_html
from playout.pages.feeds.media_rss import add_media
from playout.pages.feeds.model import Entry, Feed
from playout.pages.feeds.xml import ATOM, DC, add, document

MEDIA_TYPE = "application/rss+xml"


def rss(feed: Feed) -> bytes:
    """Return a page of a feed in RSS."""
    root = Element("rss", {"version": "2.0"})
    channel = add(root, "channel")
    add(channel, "title", feed.title)
    add(channel, "link", feed.home_url)
    add(channel, "description", feed.about)
    for relation, url in feed.links.items():
        link = {"rel": relation, "type": MEDIA_TYPE, "href": url}
        add(channel, f"{{{ATOM}}}link", attributes=link)
    for entry in feed.entries:
        _add_item(channel, entry)
    return document(root)


def _add_item(channel: Element, entry: Entry) -> None:
    item = add(channel, "item")
    add(item, "title", entry.title)
    add(item, "link", entry.url)
    add(item, "guid", entry.id, {"isPermaLink": "false"})
    add(item, "pubDate", format_datetime(entry.published_at.astimezone(UTC), usegmt=True))
    add(item, "description", entry_html(entry))
    if entry.creator:
        add(item, f"{{{DC}}}creator", entry.creator)
    for tag in entry.tags:
        add(item, "category", tag)
    file = {"url": entry.video_url, "type": entry.video_type, "length": entry.video_bytes or 0}
    add(item, "enclosure", attributes=file)
    add_media(item, entry)
