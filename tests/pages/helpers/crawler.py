"""A crawler that follows every address of a site, in pages, feeds and sitemaps."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from starlette.testclient import TestClient

from tests.pages.helpers.reader import Page

SITE = "http://testserver"
ADDRESSES = ("href", "src", "poster", "data-hls")
IN_TEXT = re.compile(r"http://testserver[^\s\"'<>\\]*")


@dataclass
class Crawl:
    """What a crawler found: the HTML of pages by their paths, other texts, and broken links."""

    pages: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)


def crawl(web: TestClient, *starts: str) -> Crawl:
    """Follow each address from these paths on, on this site alone, and each once."""
    found, waiting, seen = Crawl(), [(each, "") for each in starts], set(starts)
    while waiting:
        path, source = waiting.pop()
        answer = web.get(path, headers={"Accept": "text/html,*/*"}, follow_redirects=False)
        if answer.has_redirect_location:
            continue  # a button leads away
        if answer.status_code != 200:
            found.broken.append(f"{answer.status_code} {path} in {source}")
            continue
        kind = answer.headers["content-type"]
        if kind.startswith(("image/", "video/", "text/css", "text/javascript")):
            continue
        is_page = kind.startswith("text/html")
        (found.pages if is_page else found.texts)[path] = answer.text
        links = _in_page(answer.text) if is_page else _in_text(answer.text, kind)
        for link in links:
            local = link.removeprefix(SITE).partition("#")[0]
            if local.startswith("/") and local not in seen:
                seen.add(local)
                waiting.append((local, path))
    return found


def _in_page(html: str) -> Iterator[str]:
    page = Page(html)
    for tag, attributes in page.elements:
        for name in ADDRESSES:
            yield attributes.get(name) or ""
        for each in (attributes.get("srcset") or "").split(","):
            yield each.strip().partition(" ")[0]
        if tag == "meta":
            yield attributes.get("content") or ""
    for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html):
        yield from _in_json(json.loads(block))


def _in_text(text: str, kind: str) -> Iterator[str]:
    if "json" in kind:
        yield from _in_json(json.loads(text))
    elif "xml" in kind:
        yield from (unescape(each) for each in IN_TEXT.findall(unescape(text)))


def _in_json(value: object) -> Iterator[str]:
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _in_json(each)
    elif isinstance(value, str) and value.startswith(SITE) and "{" not in value:
        yield value
