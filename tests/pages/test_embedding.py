"""The player in a frame of another site: who may show it, its messages, the element around it."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Frame, Page

from playout.pages.messages import LANGUAGES, messages, preferred_language
from playout.pages.static_files import BUILD_DIR, built_path
from playout.transcode.names import MP4, POSTER
from playout.web import application
from tests.pages.helpers.embedding import allow_sites
from tests.pages.helpers.host_site import HostSite, host_site
from tests.pages.helpers.loopback import listening
from tests.pages.helpers.player_site import make_media, until
from tests.pages.helpers.reader import Page as Html
from tests.pages.helpers.share_landing import Landing
from tests.pages.helpers.stored_video import store_files

REFUSED = "chrome-error://chromewebdata/"
NOT_HERE = "This video isn’t here"


@pytest.fixture(scope="module")
def host() -> Iterator[HostSite]:
    with host_site() as site:
        yield site


@pytest.fixture(scope="module")
def playout_port(runtime) -> Iterator[int]:
    with listening(application(runtime)) as port:
        yield port


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("clip")
    make_media(folder)
    return folder


@pytest.fixture
def slug(web, runtime, tenant, clip) -> str:
    """The slug of a public video that plays."""
    body = {"title": "Crossing", "workspace": tenant.project_id, "visibility": "public"}
    video = web.post("/api/v1/videos/", json=body, headers=tenant.headers).json()
    files = {MP4: clip / "clip.mp4", POSTER: clip / "poster.jpg"}
    store_files(runtime, UUID(video["uid"]), files, (640, 360))
    path = f"/api/v1/videos/{video['id']}/publish/"
    answer = web.post(path, json={"visibility": "public"}, headers=tenant.headers)
    return str(answer.json()["custom_url"]).rpartition("/")[2]


class TestSites:
    @pytest.mark.parametrize(
        ("sites", "shown_at", "plays"),
        [
            ([], "127.0.0.1", False),
            (["http://127.0.0.1:{port}"], "127.0.0.1", True),
            (["http://127.0.0.1:{port}"], "localhost", False),
            (["http://127.0.0.1:{other_port}", "http://127.0.0.1"], "127.0.0.1", False),
            (["http://*.localhost:{port}"], "blog.localhost", True),
            (["http://*.localhost:{port}"], "localhost", False),
            (["*"], "localhost", True),
        ],
    )
    def test_a_listed_site_shows_the_player_and_no_other_does(
        self, sites, shown_at, plays, web, tenant, slug, host, playout_port, tab
    ) -> None:
        ports = {"port": host.port, "other_port": playout_port}
        allow_sites(web, tenant, *(each.format(**ports) for each in sites))
        frame = framed(tab, host, playout_port, slug, shown_at)
        until(lambda: frame.url == REFUSED or frame.locator("video").count())
        assert (frame.url == REFUSED) is not plays
        if plays:
            frame.locator(".first-play").click()
            until(lambda: frame.evaluate("document.querySelector('video').currentTime") > 0.2)

    def test_pages_of_playout_itself_always_may(self, tenant, slug, playout_port, tab) -> None:
        origin = f"http://127.0.0.1:{playout_port}"
        html = f'<iframe src="/embed/v/{slug}"></iframe>'
        tab.route(f"{origin}/own", lambda route: route.fulfill(body=html, content_type="text/html"))
        tab.goto(f"{origin}/own")
        tab.frames[1].locator("video").wait_for()
        tab.unroute(f"{origin}/own")

    def test_a_share_is_shown_by_the_sites_of_its_project(self, web, tenant, make_video) -> None:
        make_video()
        share = Landing(web, tenant.headers).put()
        allow_sites(web, tenant, "https://bank.example")
        policy = web.get(f"/embed/s/{share['slug']}").headers["content-security-policy"]
        assert "frame-ancestors 'self' https://bank.example" in policy


class TestOptions:
    def test_the_query_sets_sound_controls_repetition_and_colour(
        self, web, tenant, slug, host, playout_port, tab
    ) -> None:
        allow_sites(web, tenant, host.origin())
        query = "?autoplay=1&loop=1&controls=0&color=2f6fed&start=3"
        frame = framed(tab, host, playout_port, slug + query, "127.0.0.1")
        frame.locator("media-controller").wait_for(state="attached")
        video = "document.querySelector('video')"
        until(lambda: frame.evaluate(f"{video}.currentTime > 3.1"))
        assert frame.evaluate(f"[{video}.muted, {video}.loop]") == [True, True]
        assert not frame.locator(".player-bars").first.is_visible()
        color = "getComputedStyle(document.querySelector('media-controller'))"
        shown = frame.evaluate(f"{color}.getPropertyValue('--accent')")
        red, green, blue = map(int, shown.strip().removeprefix("rgb(").rstrip(")").split())
        assert blue > green > red
        assert 0.2126 * red + 0.7152 * green + 0.0722 * blue >= 105


class TestElement:
    def test_it_plays_tells_its_state_and_obeys(
        self, web, tenant, slug, host, playout_port, tab
    ) -> None:
        allow_sites(web, tenant, host.origin())
        playout = f"http://127.0.0.1:{playout_port}"
        host.html = (
            f'<script type="module" src="{playout}/embed.js"></script>'
            f'<playout-video src="{playout}/v/{slug}" muted start="2" style="width: 400px"'
            "></playout-video><playout-video id=empty></playout-video>"
        )
        tab.goto(host.origin())
        element = tab.locator("playout-video").first
        tell = element.evaluate
        # What is asked before the player is loaded is done when it is.
        tell("(element) => customElements.whenDefined('playout-video').then(() => element.play())")
        until(lambda: tell("(element) => !element.paused && element.currentTime > 2.2"))
        assert tell("(element) => [element.muted, Math.round(element.duration)]") == [True, 12]
        shape = tell("(element) => [element.offsetWidth, element.offsetHeight]")
        assert shape == [400, 225]
        tell("(element) => { element.muted = false; element.pause(); element.currentTime = 9 }")
        until(lambda: tell("(element) => element.paused && element.currentTime === 9"))
        assert not tell("(element) => element.muted")
        heard = tell(
            "(element) => new Promise((resolve) => {"
            " element.addEventListener('seeked', ({ detail }) => resolve(detail), { once: true });"
            " element.currentTime = 4; })"
        )
        assert heard["currentTime"] == 4
        self.check_that_it_has_no_frame_without_an_address(tab, f"{playout}/v/{slug}")

    def check_that_it_has_no_frame_without_an_address(self, tab: Page, address: str) -> None:
        element = tab.locator("#empty")
        frames = "(element) => [...element.shadowRoot.querySelectorAll('iframe')].map(f => f.src)"
        assert element.evaluate(frames) == []
        element.evaluate("(element, src) => element.setAttribute('src', src)", address)
        assert element.evaluate(frames) == [address.replace("/v/", "/embed/v/")]
        element.evaluate("(element) => { element.setAttribute('loop', '') }")
        assert element.evaluate(frames) == [address.replace("/v/", "/embed/v/") + "?loop=1"]
        element.evaluate("(element) => element.setAttribute('src', 'javascript:alert(1)')")
        assert element.evaluate(frames) == []
        element.evaluate("(element) => element.removeAttribute('src')")
        assert element.evaluate(frames) == []

    def test_its_script_is_small(self) -> None:
        assert (BUILD_DIR / built_path("element.js").rpartition("/")[2]).stat().st_size < 2_048


class TestMessages:
    def test_only_the_page_around_the_frame_is_heard_and_in_words_that_it_knows(
        self, web, tenant, slug, host, playout_port, tab
    ) -> None:
        allow_sites(web, tenant, host.origin())
        frame = framed(tab, host, playout_port, slug, "127.0.0.1")
        frame.locator("media-controller").wait_for(state="attached")
        tab.evaluate(
            "() => { window.heard = []; addEventListener('message', (e) => heard.push(e.data)) }"
        )
        send = "(data) => document.querySelector('iframe').contentWindow.postMessage(data, '*')"
        for ignored in (
            "play",
            None,
            {"to": "others", "command": "state"},
            {"to": "playout", "command": "constructor"},
        ):
            tab.evaluate(send, ignored)
        # A window inside of the frame is not the page around it.
        frame.evaluate("() => window.postMessage({ to: 'playout', command: 'state' }, '*')")
        tab.wait_for_timeout(100)
        assert tab.evaluate("heard") == []
        tab.evaluate(send, {"to": "playout", "command": "seek", "value": "NaN"})
        tab.evaluate(send, {"to": "playout", "command": "state"})
        said = until(lambda: tab.evaluate("heard.find((each) => each.event === 'state')"))
        assert said["from"] == "playout"
        assert said["state"]["paused"]


class TestNotice:
    def test_it_says_in_the_language_of_the_browser_that_there_is_no_video(self, web) -> None:
        for language in LANGUAGES:
            answer = web.get("/embed/v/nothing", headers={"Accept-Language": f"xx, {language}-XX"})
            assert answer.status_code == 404
            assert messages(language).text(NOT_HERE) in answer.text
            assert Html(answer.text).all("html", lang=language)
        others = [messages(each).text(NOT_HERE) for each in LANGUAGES[1:]]
        assert NOT_HERE not in others

    @pytest.mark.parametrize(
        ("accepted", "language"),
        [
            ("", "en"),
            ("nl", "en"),
            ("de-AT,de;q=0.9,en;q=0.8", "de"),
            ("en;q=0.2, ja ; q=0.7, fr;q=0", "ja"),
            ("fr;q=2, es;level=1", "en"),
            ("ar;q=0.5,", "ar"),
        ],
    )
    def test_the_heaviest_language_that_there_is_counts(self, accepted, language) -> None:
        assert preferred_language(accepted) == language

    def test_a_share_that_was_taken_back_says_so_in_its_language(
        self, web, tenant, make_video
    ) -> None:
        make_video()
        landing = Landing(web, tenant.headers)
        share = landing.put(locale="ja")
        landing.act(share, "disable")
        answer = web.get(f"/embed/s/{share['slug']}")
        assert answer.status_code == 404
        assert messages("ja").text("This page is resting") in answer.text


def framed(tab: Page, host: HostSite, port: int, slug: str, shown_at: str) -> Frame:
    """Open a page of the host with the player in a frame; return the frame."""
    address = f"http://127.0.0.1:{port}/embed/v/{slug}"
    host.html = f'<iframe src="{address}" width="640" height="360" allow="autoplay"></iframe>'
    tab.goto(host.origin(shown_at))
    return tab.frames[1]
