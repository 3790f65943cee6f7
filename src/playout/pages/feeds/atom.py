"""Feeds in Atom (RFC 4287), with pages (RFC 5005) and Media RSS."""

from xml.etree.ElementTree import Element

from playout.pages.feeds.html import entry_html
from playout.pages.feeds.media_rss import add_media
from playout.pages.feeds.model import Entry, Feed
from playout.pages.feeds.xml import ATOM, add, document
from playout.pages.formats import iso_time, snippet

MEDIA_TYPE = "application/atom+xml"
XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_A = f"{{{ATOM}}}"
_NEVER = "1970-01-01T00:00:00Z"
"""The time of the last change of a feed that has no entry."""


def atom(feed: Feed) -> bytes:
    """Return a page of a feed in Atom."""
    root = Element(f"{_A}feed")
    add(root, f"{_A}id", feed.url)
    add(root, f"{_A}title", feed.title)
    add(root, f"{_A}subtitle", feed.about)
    last = max((each.updated_at for each in feed.entries), default=None)
    add(root, f"{_A}updated", iso_time(last) if last else _NEVER)
    add(add(root, f"{_A}author"), f"{_A}name", feed.site_name)
    home = {"rel": "alternate", "type": "text/html", "href": feed.home_url}
    add(root, f"{_A}link", attributes=home)
    for relation, url in feed.links.items():
        add(root, f"{_A}link", attributes={"rel": relation, "type": MEDIA_TYPE, "href": url})
    for entry in feed.entries:
        _add_entry(root, entry)
    return document(root)


def _add_entry(root: Element, entry: Entry) -> None:
    item = add(root, f"{_A}entry", attributes={XML_LANGUAGE: entry.language})
    add(item, f"{_A}id", entry.id)
    add(item, f"{_A}title", entry.title, {"type": "text"})
    add(item, f"{_A}published", iso_time(entry.published_at))
    add(item, f"{_A}updated", iso_time(entry.updated_at))
    page = {"rel": "alternate", "type": "text/html", "href": entry.url}
    add(item, f"{_A}link", attributes=page)
    file = {"rel": "enclosure", "type": entry.video_type, "href": entry.video_url}
    add(item, f"{_A}link", attributes={**file, "length": entry.video_bytes})
    if entry.creator:
        add(add(item, f"{_A}author"), f"{_A}name", entry.creator)
    for tag in entry.tags:
        add(item, f"{_A}category", attributes={"term": tag})
    summary = snippet(entry.description)
    if summary:
        add(item, f"{_A}summary", summary, {"type": "text"})
    add(item, f"{_A}content", entry_html(entry), {"type": "html"})
    add_media(item, entry)
