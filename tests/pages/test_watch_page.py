"""The page of a video, for people, share previews and search engines."""

import re
from dataclasses import replace

import pytest

from playout.pages import render
from tests.pages.helpers import examples
from tests.pages.helpers.reader import Page


class TestWatch:
    def test_it_plays_inline_with_controls_and_loads_only_metadata(self) -> None:
        page = Page(render.render_watch(examples.WATCH))
        (video,) = page.all("video")
        assert {"controls", "playsinline"} <= video.keys()
        assert video["preload"] == "metadata"
        assert video["poster"] == f"{examples.SITE}/poster.svg"
        assert (video["width"], video["height"]) == ("1920", "1080")
        assert page.all("source", src=f"{examples.SITE}/video.mp4", type="video/mp4")

    def test_the_video_can_be_downloaded(self) -> None:
        links = Page(render.render_watch(examples.WATCH)).all("a", href=examples.WATCH.video_url)
        assert any("download" in attrs for attrs in links)

    def test_it_has_open_graph_metadata(self) -> None:
        page = Page(render.render_watch(examples.WATCH))
        expected = {
            "og:type": "video.other",
            "og:title": "A winter crossing",
            "og:description": "Four days. One hut. Route: https://example.org/route?a=1&b=2.",
            "og:url": f"{examples.SITE}/v/crossing",
            "og:image": f"{examples.SITE}/poster.svg",
            "og:site_name": "Nordlys",
            "og:video": f"{examples.SITE}/video.mp4",
            "og:video:type": "video/mp4",
            "og:video:width": "1920",
            "og:video:height": "1080",
            "twitter:card": "summary_large_image",
        }
        assert {name: page.meta(name) for name in expected} == {
            name: [content] for name, content in expected.items()
        }
        assert page.all("link", rel="canonical", href=f"{examples.SITE}/v/crossing")
        assert len(page.meta("theme-color")) == 2

    def test_search_engines_read_a_video_object(self) -> None:
        assert Page(render.render_watch(examples.WATCH)).data() == {
            "@context": "https://schema.org",
            "@type": "VideoObject",
            "name": "A winter crossing",
            "description": examples.WATCH.description,
            "url": f"{examples.SITE}/v/crossing",
            "thumbnailUrl": f"{examples.SITE}/poster.svg",
            "uploadDate": "2026-03-05T09:30:00Z",
            "dateModified": "2026-03-05T09:30:00Z",
            "duration": "PT1M5S",
            "contentUrl": f"{examples.SITE}/video.mp4",
            "encodingFormat": "video/mp4",
            "inLanguage": "en-GB",
            "keywords": ["winter", "Norway"],
            "creditText": "Nordlys Film",
            "accessibilityFeature": ["captions"],
            "width": {"@type": "QuantitativeValue", "value": 1920, "unitCode": "E37"},
            "height": {"@type": "QuantitativeValue", "value": 1080, "unitCode": "E37"},
            "publisher": {"@type": "Organization", "name": "Nordlys", "url": f"{examples.SITE}/"},
            "potentialAction": {
                "@type": "SeekToAction",
                "target": f"{examples.SITE}/v/crossing?t={{seek_to_second_number}}",
                "startOffset-input": "required name=seek_to_second_number",
            },
        }

    @pytest.mark.parametrize("text", examples.HOSTILE)
    def test_the_data_block_contains_hostile_text_exactly_and_no_markup(self, text: str) -> None:
        html = render.render_watch(examples.hostile_watch(text))
        data = Page(html).data()
        assert data["name"] == text
        assert data["keywords"] == [text, "b"]
        (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
        assert not re.search("[<>&\u2028\u2029]", block)

    def test_unknown_values_are_left_out(self) -> None:
        view = replace(
            examples.WATCH,
            description=" \n ",
            tags=(),
            creator=None,
            duration_ms=None,
            width=None,
            height=None,
            poster_url=None,
            language=None,
            has_subtitles=None,
        )
        html = render.render_watch(view)
        page = Page(html)
        assert page.data().keys() == {
            *("@context", "@type", "name", "url", "uploadDate", "dateModified"),
            *("contentUrl", "encodingFormat", "publisher"),
        }
        assert page.meta("og:description") == ["A video from Nordlys."]
        assert page.meta("twitter:card") == ["summary"]
        assert not page.meta("og:image") + page.meta("og:image:width")
        assert not page.all("video")[0].keys() & {"poster", "width", "height"}
        assert "None" not in html

    def test_texts_have_their_language_and_direction(self) -> None:
        page = Page(render.render_watch(replace(examples.WATCH, language="ar")))
        assert page.all("h1", dir="auto", lang="ar")
        assert page.all("div", **{"class": "prose"}, lang="ar")
        assert len(page.all("p", dir="auto")) == 2
