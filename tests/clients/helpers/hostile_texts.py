"""Texts of a public list that try to run a script, packed into the fields of the four APIs."""

import json
from collections.abc import Iterator, Sequence
from itertools import cycle

import httpx2

from tests.clients.helpers.node import package
from tests.helpers.live import EXTERNAL, Founded, create_video

LISTED = "big-list-of-naughty-strings"


def hostile_texts() -> list[str]:
    """The texts of the list that contain markup or name a script."""
    listed = json.loads((package(LISTED) / "blns.json").read_text())
    return [each.strip() for each in listed if "<" in each or "javascript" in each.lower()]


def packed(texts: Sequence[str], most: int) -> Iterator[str]:
    """As many texts as fit into each field of so many characters; a longer one is cut off."""
    line = ""
    for text in texts:
        if line and len(line) + len(text) >= most:
            yield line
            line = ""
        line = f"{line} {text}".strip()[:most]
    yield line


def publish_everywhere(client: httpx2.Client, project: int, texts: Sequence[str]) -> list[str]:
    """Publish videos with each text in a title, in a description and in a handle of a creator.

    Tags, chapters and captions have as many as there are videos. Return the slugs of the pages.
    """
    descriptions, handles = (cycle(packed(texts, most)) for most in (9_000, 400))
    tags = [text[:100] for text in texts]
    chapters = cycle(packed(texts, 250))
    slugs = []
    for number, title in enumerate(packed(texts, 250)):
        fields = {
            "title": title,
            "description": next(descriptions),
            "chapters": [{"start": start, "title": next(chapters)} for start in range(3)],
        }
        video = create_video(client, project, external_url=EXTERNAL, **fields)
        name = {"label": tags[number % len(tags)][:50]}
        captions = b"WEBVTT\n\n00:00.000 --> 00:01.000\n<img src=x onerror=alert(1)>\n"
        client.put(f"/api/v1/videos/{video['id']}/captions/en/", content=captions, params=name)
        shown = {
            "session_id": video["session_id"],
            "creator_handle": next(handles),
            "language_string": next(handles),
            "tags": tags[number * 4 : number * 4 + 4] or tags[:4],
        }
        if number % 2:
            shown |= {"title": title, "description": next(descriptions)}
        answer = client.post("/v1/publications/publish", json=shown)
        assert answer.status_code == 200, answer.text
        slugs.append(answer.json()["publication"]["slug"])
    return slugs


def landing_pages(client: httpx2.Client, acme: Founded, texts: Sequence[str]) -> Iterator[str]:
    """Give a share and its brand one row of texts after the other; yield the slug each time.

    Each text is in a title and a subtitle; shorter fields have as many as there are titles.
    """
    (project,) = client.get("/api/Projects").json()
    subtitles, labels = (cycle(packed(texts, most)) for most in (280, 80))
    names, footers, consents = (cycle(packed(texts, most)) for most in (80, 200, 500))
    for title in packed(texts, 160):
        share = {
            "publicTitle": title,
            "publicSubtitle": next(subtitles),
            "ctaLabel": next(labels),
            "ctaUrl": "https://bank.example.com/",
        }
        path = f"/api/Projects/{project['id']}/public-video-shares/DEV"
        answer = client.put(path, json=share)
        assert answer.status_code in {200, 201}, answer.text
        brand = {"name": next(names), "footer": next(footers), "consent": next(consents)}
        changed = client.patch(f"/api/v1/workspaces/{acme.project}/brand/", json=brand)
        assert changed.status_code == 200, changed.text
        yield answer.json()["slug"]
