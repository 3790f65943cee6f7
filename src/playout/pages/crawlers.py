"""Texts for crawlers: `robots.txt`, and `llms.txt` for language models."""

from playout.settings import Settings

CLOSED = (
    "/api",
    "/api/",
    "/v1/",
    "/sign-in",
    "/sign-out",
    "/first-start",
    "/join",
    "/l/",
    "/oembed",
)
"""Beginnings of paths that have nothing for search engines. Landing pages say so themselves: a
search engine that may not read them cannot know that it may not list them."""


def robots_txt(settings: Settings) -> str:
    """Return the rules for crawlers, and the address of the sitemap."""
    prefix = settings.address.prefix
    closed = "\n".join(f"Disallow: {prefix}{path}" for path in CLOSED)
    return f"User-agent: *\n{closed}\n\nSitemap: {settings.base_url}/sitemap.xml\n"


def llms_txt(settings: Settings) -> str:
    """Return a description of the site in Markdown (llmstxt.org)."""
    site, base = _plain(settings.site_name), settings.base_url
    return f"""# {site}

> Videos published by {site}. Each has a page with its title, description, tags and length.

Pages contain their facts as structured data (schema.org VideoObject, in JSON-LD). Captions are
WebVTT files. Feeds lead to older videos by their `next` link.

## Videos

- [Gallery]({base}/): the newest videos, for people
- [JSON Feed]({base}/feed.json): the newest videos with descriptions, tags, files and captions
- [Atom]({base}/feed.atom): the same in Atom
- [RSS]({base}/feed.rss): the same in RSS, with Media RSS
- [Sitemap]({base}/sitemap.xml): all videos

## Players

- [oEmbed]({base}/oembed?url={base}/v/SLUG&format=json): the player of a page for other sites
"""


def _plain(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.split())
