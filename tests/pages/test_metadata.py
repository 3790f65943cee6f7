"""What pages tell machines about their video: preview cards and structured data."""

from dataclasses import replace

import pytest

from playout.pages import render
from playout.pages.landing.views import ShareView
from playout.pages.messages import messages
from playout.pages.views import CaptionTrack, Chapter
from tests.pages.helpers import examples
from tests.pages.helpers.embedding import allow_sites
from tests.pages.helpers.reader import Page

SECURE = "https://videos.example"
PLAYER = f"{SECURE}/embed/v/crossing"
WATCH = replace(
    examples.WATCH,
    base_url=SECURE,
    url=f"{SECURE}/v/crossing",
    poster_url="/media/1/2/poster.jpg",
    poster_size=(1280, 720),
    video_url="/media/1/2/video.mp4",
    player_url=PLAYER,
)
SHARE = ShareView(
    brand=examples.brand("Bank"),
    messages=messages("en"),
    base_url=SECURE,
    url=f"{SECURE}/s/abc",
    title="Your offer",
    subtitle="For you",
    language="en",
    cta_label=None,
    cta_url=None,
    width=1080,
    height=1920,
    poster_url="/media/1/2/poster.jpg?grant=1",
    poster_size=(720, 1280),
    video_url="/media/1/2/video.mp4?grant=1",
    video_type="video/mp4",
    player_url=f"{SECURE}/embed/s/abc",
)


def watch(**fields: object) -> Page:
    return Page(render.render_watch(replace(WATCH, **fields)))


class TestPreviewCard:
    def test_a_video_unfurls_as_file_and_as_player_each_with_type_and_size(self) -> None:
        page = watch()
        assert page.meta("og:video") == [f"{SECURE}/media/1/2/video.mp4", PLAYER]
        assert page.meta("og:video:secure_url") == page.meta("og:video")
        assert page.meta("og:video:type") == ["video/mp4", "text/html"]
        assert page.meta("og:video:width") == ["1920", "1920"]
        assert page.meta("og:video:height") == ["1080", "1080"]
        assert page.meta("video:duration") == ["65"]

    def test_its_picture_has_a_size_and_a_secure_address(self) -> None:
        page = watch()
        assert page.meta("og:image") == [f"{SECURE}/media/1/2/poster.jpg"]
        assert page.meta("og:image:secure_url") == page.meta("og:image")
        assert page.meta("og:image:width") == ["1280"]
        assert page.meta("og:image:height") == ["720"]

    def test_it_is_a_player_card_with_a_player_of_a_known_size(self) -> None:
        page = watch()
        assert page.meta("twitter:card") == ["player"]
        assert page.meta("twitter:player") == [PLAYER]
        assert page.meta("twitter:player:width") == ["1920"]
        assert page.meta("twitter:player:height") == ["1080"]
        assert page.meta("twitter:image") == page.meta("og:image")

    @pytest.mark.parametrize("player_url", [None, "http://videos.example/embed/v/crossing"])
    def test_without_a_secure_player_it_is_a_picture(self, player_url: str | None) -> None:
        page = watch(player_url=player_url)
        assert page.meta("twitter:card") == ["summary_large_image"]
        assert not page.meta("twitter:player")
        assert None not in page.meta("og:video")

    def test_a_video_that_no_site_may_show_in_a_frame_has_no_oembed(self) -> None:
        assert not watch(player_url=None).all("link", type="application/json+oembed")
        assert "embedUrl" not in watch(player_url=None).data()

    def test_a_share_unfurls_as_a_player_and_names_no_file_that_ends(self) -> None:
        page = Page(render.render_share(SHARE))
        assert page.meta("og:video") == [f"{SECURE}/embed/s/abc"]
        assert page.meta("og:video:type") == ["text/html"]
        assert page.meta("twitter:card") == ["player"]
        assert page.meta("twitter:player:height") == ["1920"]
        assert page.meta("og:image:height") == ["1280"]
        assert page.all("link", rel="canonical", href=f"{SECURE}/s/abc")
        (link,) = page.all("link", type="application/json+oembed")
        assert link["href"] == (
            f"{SECURE}/oembed?url=https%3A%2F%2Fvideos.example%2Fs%2Fabc&format=json"
        )


class TestVideoObject:
    def test_it_names_player_file_and_picture(self) -> None:
        data = watch().data()
        assert data["embedUrl"] == PLAYER
        assert data["contentUrl"] == f"{SECURE}/media/1/2/video.mp4"
        assert data["thumbnail"]["width"]["value"] == 1280

    def test_chapters_are_clips_that_follow_each_other(self) -> None:
        chapters = (Chapter(start=0, title="Up"), Chapter(start=40, title="Down"))
        data = watch(chapters=chapters).data()
        assert data["hasPart"] == [
            {
                "@type": "Clip",
                "name": "Up",
                "startOffset": 0,
                "endOffset": 40,
                "url": f"{SECURE}/v/crossing?t=0",
            },
            {
                "@type": "Clip",
                "name": "Down",
                "startOffset": 40,
                "endOffset": 65,
                "url": f"{SECURE}/v/crossing?t=40",
            },
        ]
        assert "potentialAction" not in data

    def test_captions_are_named_with_their_language(self) -> None:
        track = CaptionTrack(url="/media/1/3/c.vtt", language="nb", label="Norsk", default=False)
        (caption,) = watch(captions=(track,)).data()["caption"]
        assert caption["inLanguage"] == "nb"
        assert caption["contentUrl"] == f"{SECURE}/media/1/3/c.vtt"

    def test_views_are_counted_as_watch_actions_only_if_somebody_counts_them(self) -> None:
        statistic = watch(views=0).data()["interactionStatistic"]
        assert statistic["userInteractionCount"] == 0
        assert statistic["interactionType"] == {"@type": "WatchAction"}
        assert "interactionStatistic" not in watch().data()


def published(web, tenant, video, visibility: str) -> str:
    """Publish a video, and return the address of its page."""
    path = f"/api/v1/videos/{video['id']}/publish/"
    return web.post(path, json={"visibility": visibility}, headers=tenant.headers).json()[
        "custom_url"
    ]


def test_a_page_for_a_member_alone_offers_no_player(make_video, web, tenant) -> None:
    url = published(web, tenant, make_video(), "org")
    page = Page(web.get(url, headers=tenant.headers).text)
    assert page.meta("robots") == ["noindex"]
    assert not page.all("link", type="application/json+oembed")
    assert page.meta("twitter:card") == ["summary"]


def test_a_public_page_names_its_player_if_a_site_may_show_it(make_video, web, tenant) -> None:
    url = published(web, tenant, make_video(), "public")
    assert "embedUrl" not in Page(web.get(url).text).data()
    allow_sites(web, tenant, "https://blog.example")
    assert Page(web.get(url).text).data()["embedUrl"] == url.replace("/v/", "/embed/v/")
