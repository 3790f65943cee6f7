"""The elements of Media RSS, which RSS and Atom feeds share."""

from xml.etree.ElementTree import Element

from playout.pages.feeds.model import Entry
from playout.pages.feeds.xml import MEDIA, add

_M = f"{{{MEDIA}}}"


def add_media(parent: Element, entry: Entry) -> None:
    """Add the video of an entry: its file, its player, its pictures, captions and texts."""
    width, height = entry.size or (None, None)
    content = {
        "url": entry.video_url,
        "type": entry.video_type,
        "medium": "video",
        "isDefault": "true",
        "expression": "full",
        "duration": entry.seconds,
        "fileSize": entry.video_bytes,
        "width": width,
        "height": height,
        "lang": entry.language,
    }
    group = add(parent, f"{_M}group")
    add(group, f"{_M}content", attributes=content)
    add(group, f"{_M}title", entry.title, {"type": "plain"})
    if entry.description.strip():
        add(group, f"{_M}description", entry.description, {"type": "plain"})
    if entry.poster:
        wide, high = entry.poster.size or (None, None)
        poster = {"url": entry.poster.url, "width": wide, "height": high}
        add(group, f"{_M}thumbnail", attributes=poster)
    if entry.player_url:
        player = {"url": entry.player_url, "width": width, "height": height}
        add(group, f"{_M}player", attributes=player)
    if entry.creator:
        add(group, f"{_M}credit", entry.creator, {"role": "author", "scheme": "urn:ebu"})
    if entry.tags:
        # The elements of the list are separated by commas.
        add(group, f"{_M}keywords", ", ".join(tag.replace(",", " ") for tag in entry.tags))
    for track in entry.captions:
        caption = {"type": "text/vtt", "lang": track.language, "href": track.url}
        add(group, f"{_M}subTitle", attributes=caption)
