"""Programs that others wrote, and that read pages, feeds and sitemaps."""

import json
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import feedparser
from lxml import etree

from tests.clients.helpers.node import node, package

DRIVER = Path(__file__).with_suffix(".mjs")
VIDEO_SCHEMA = Path(__file__).parents[1] / "schemas" / "sitemap-video.xsd"
BOTH = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:import namespace="http://www.google.com/schemas/sitemap-video/1.1" schemaLocation="{video}"/>
<xs:import namespace="http://www.sitemaps.org/schemas/sitemap/0.9" schemaLocation="{core}"/>
</xs:schema>"""


def read_in_node(page: str, sitemap: str) -> dict[str, Any]:
    """What an oEmbed consumer and an unfurler read of a page, and a parser of a sitemap."""
    for each in ("@extractus/oembed-extractor", "sitemap", "unfurl.js"):
        package(each)
    said = json.dumps({"page": page, "sitemap": sitemap})
    done = subprocess.run(
        [node(), str(DRIVER)], input=said, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def read_feed(document: bytes) -> feedparser.FeedParserDict:
    """A feed as feedparser reads it; it must be well-formed."""
    feed = feedparser.parse(document)
    assert not feed.bozo, feed.bozo_exception
    return feed


def check_sitemap(document: bytes) -> None:
    """Check a sitemap against the schema of sitemaps.org, and that of its video extension."""
    sitemap_schema().assertValid(etree.fromstring(document))


@cache
def sitemap_schema() -> etree.XMLSchema:
    core = package("sitemap") / "schema" / "sitemap.xsd"
    return etree.XMLSchema(etree.fromstring(BOTH.format(video=VIDEO_SCHEMA, core=core)))
