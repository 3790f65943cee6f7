"""The HTML of an entry of a feed."""

from markupsafe import Markup

from playout.pages.feeds.model import Entry
from playout.pages.formats import rich_text


def entry_html(entry: Entry) -> str:
    """Return the poster of a video, which leads to its page, and its description."""
    shown = _image(entry) if entry.poster else Markup("{}").format(entry.title)
    link = Markup('<p><a href="{}">{}</a></p>').format(entry.url, shown)
    return f"{link}\n{rich_text(entry.description)}".rstrip()


def _image(entry: Entry) -> Markup:
    if entry.poster is None:
        return Markup()
    width, height = entry.poster.size or (None, None)
    size = Markup(' width="{}" height="{}"').format(width, height) if width else Markup()
    return Markup('<img src="{}" alt="{}"{}>').format(entry.poster.url, entry.title, size)
