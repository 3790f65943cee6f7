"""Pages that play the film of one viewer, on servers that render enough, too little or nothing."""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from urllib.parse import urlsplit

import av
import httpx2 as httpx
import pytest
from playwright.sync_api import Page
from sqlalchemy import select
from starlette.testclient import TestClient

from playout.compose.rendering.pool import Renderers, SegmentJob
from playout.core.renders import jobs
from playout.core.renders.films import Films
from playout.core.renders.model import SegmentUse
from playout.core.renders.rendering import read_source
from playout.core.renders.segments import PersonalSegment
from playout.pages.playback.render_bound import UNMEASURED
from playout.runtime import Runtime
from playout.web import application
from tests.api.helpers.recipients import Recipients, with_share
from tests.api.helpers.renders import (
    SECRET,
    Renders,
    Viewer,
    files_of,
    renders_of,
    shared_segment,
)
from tests.helpers.axe import find_violations
from tests.helpers.live import until
from tests.helpers.tenants import found_tenant
from tests.pages.helpers.loopback import listening

pytestmark = pytest.mark.slow

NAME = f"{SECRET} <b>&"
WORDS = f"Hello \u2068{NAME}\u2069"
WHY = "Der Film läuft gerade ohne Ihren eigenen Teil"


@pytest.fixture(scope="module")
def renders(web: TestClient, runtime: Runtime, ladders: None) -> Renders:
    return renders_of(web, found_tenant(runtime))


@pytest.fixture(scope="module")
def recipients(renders: Renders) -> Recipients:
    return with_share(renders.templates)


@pytest.fixture(scope="module")
def busy(renders: Renders, runtime: Runtime) -> Iterator[str]:
    """A server whose queue is full: its only renderer works on something that nobody fetches."""
    settings = runtime.settings.model_copy(update={"render_concurrency": 1})
    server = replace(runtime, settings=settings, renderers=Renderers(lambda: runtime.tools, 1))
    viewers = [renders.create(name=f"Viewer {number}") for number in range(UNMEASURED + 2)]
    # Whoever reads a playlist at the other server has the first segment rendered ahead there.
    name = renders.create(name="Another").rendered("240p")[0]
    plain = shared_segment(viewers[0], "240p", int(re.findall("[0-9]+", name)[1]))
    never_ending = server.renderers.render(first_job(runtime, viewers[0]))
    next(never_ending)
    with listening(application(server)) as port:
        site = f"http://127.0.0.1:{port}"

        def ask(viewer: Viewer) -> tuple[str | None, bytes]:
            path = urlsplit(viewer.url(name)).path
            answer = httpx.get(f"{site}{path}", timeout=60)
            return answer.headers.get("Playout-Segment"), answer.content

        with ThreadPoolExecutor(len(viewers)) as threads:
            assert set(threads.map(ask, viewers)) == {("shared", plain)}
        yield site
    never_ending.close()
    server.renderers.close()


def first_job(runtime: Runtime, viewer: Viewer) -> SegmentJob:
    """The first thing to be rendered for a viewer."""
    film = Films(runtime).load(viewer.made["posterUrl"].split("/")[-2])
    assert film
    rendition, number = film.layout.renditions[0], min(film.touched)
    source = asyncio.run(read_source(runtime.storage, PersonalSegment(film, rendition, number, "")))
    place = film.layout.place(rendition, number)
    data, pictures = dict(film.data), rendition.pictures
    return SegmentJob(film.template, data, pictures, place, source.base_head, source.mezzanine)


def play_to_the_end(tab: Page) -> None:
    """Play every segment of the film on a page, four times as fast as it is."""
    tab.locator(".first-play").click()
    tab.evaluate("document.querySelector('video').playbackRate = 4")
    until(lambda: tab.evaluate("document.querySelector('video').ended"), 90, "the end")


class TestOverload:
    def test_the_film_plays_to_its_end_and_its_words_open_beside_it(
        self, busy: str, recipients: Recipients, tab: Page
    ) -> None:
        made = recipients.put_share(personalizationData={"name": NAME}, locale="de")
        share = urlsplit(made["publicUrl"]).path
        link = urlsplit(recipients.invite(name=NAME)["url"]).path
        asked: list[str] = []
        tab.on("request", lambda request: asked.append(request.url))
        for path in (share, link, f"/embed{share}"):
            answer = tab.goto(f"{busy}{path}")
            assert answer
            assert answer.status == 200, tab.content()
            assert answer.headers["cache-control"].startswith("private")
            why, words = tab.locator(".film-why"), tab.locator(".film-words li")
            assert words.all_text_contents() == [WORDS]
            assert words.first.evaluate("(li) => li.closest('[lang]').lang") == "en"
            play_to_the_end(tab)
            assert tab.evaluate("document.querySelector('video').currentSrc").startswith("blob:")
            assert words.first.is_visible()
            assert WHY in why.inner_text()
            assert find_violations(tab, "dark") == []
        assert any("/films/" in url for url in asked)
        assert [url for url in asked if "Zaphod" in url] == []

    def test_they_are_closed_where_the_film_shows_them(
        self, playout_port: int, recipients: Recipients, tab: Page
    ) -> None:
        link = recipients.invite(name="Ada")
        address = re.search(r'"(/films/[^"]*)"', recipients.page(link).text)
        assert address
        viewer = Viewer(recipients.web, {"playbackUrl": address[1]})
        for rendition in set(re.findall("[0-9]+p", viewer.get("master.m3u8").text)):
            viewer.play(rendition)  # stored: a machine with much to do need not render it now
        tab.goto(f"http://127.0.0.1:{playout_port}{urlsplit(link['url']).path}")
        play_to_the_end(tab)
        assert tab.locator(".film-why").inner_text() == ""
        assert not tab.locator(".film-words li").first.is_visible()


class TestElsewhere:
    def test_a_worker_renders_for_a_server_that_renders_nothing(
        self, renders: Renders, runtime: Runtime
    ) -> None:
        settings = runtime.settings.model_copy(update={"render_concurrency": 0})
        renderers = Renderers(lambda: runtime.tools, 0)
        server = replace(runtime, settings=settings, renderers=renderers)
        mine = renders.create(name="Elsewhere")
        with TestClient(application(server)) as web:
            played = Viewer(web, mine.made).play("240p")
        assert played == mine.play("240p")
        assert len(files_of(runtime, mine)) == 2


class TestShare:
    def test_it_plays_the_film_with_its_own_data(self, renders, runtime):
        tenant, web = renders.templates.tenant, renders.web
        path = f"/api/Projects/{renders.templates.project_id}/public-video-shares/DEV"

        def share_of():
            (share,) = web.get(path.removesuffix("/DEV"), headers=tenant.headers).json()
            return share

        def put(data, **more):
            body = {"publicTitle": "For you", "personalizationData": data} | more
            share = web.put(path, json=body, headers=tenant.headers).json()
            found = re.search(r'"(/films/[^"]*)"', web.get(share["publicUrl"]).text)
            return found and Viewer(web, {"playbackUrl": found[1]})

        ada = put({"name": "Ada"})
        ada_film = renders.create(name="Ada").play("240p")
        assert ada.play("240p") == ada_film
        bea = put({"name": "Bea"})
        assert bea.play("240p") == renders.create(name="Bea").play("240p")
        closed = put({"name": "Ada"}, password="quiet harbour")
        assert closed is None, "the form shows no address"
        assert web.get(bea.made["playbackUrl"]).status_code == 404
        page = web.post(
            f"/s/{share_of()['slug']}",
            data={"password": "quiet harbour"},
            headers={"Origin": "http://testserver"},
        )
        opened = Viewer(web, {"playbackUrl": re.search(r'"(/films/[^"]*)"', page.text)[1]})
        assert opened.play("240p") == ada_film
        put({"name": "Ada"}, password="another")
        assert opened.get("master.m3u8").status_code == 404
        put({"name": "Ada"}, password=None)
        assert put({}) is None
        assert bea.get("master.m3u8").status_code == 404
        jobs.remove_expired.function(runtime)
        with runtime.database.read_session() as session:
            slug = bea.made["playbackUrl"].split("/")[-3]
            assert session.scalars(select(SegmentUse).where(SegmentUse.film == slug)).all() == []


class TestRecipients:
    def test_each_plays_the_film_with_the_own_data(self, renders, runtime):
        recipients = with_share(renders.templates)
        ada, bea = (recipients.invite(name=name) for name in ("Ada", "Bea"))
        viewers = []
        for each in (ada, bea):
            found = re.search(r'"(/films/[^"]*)"', recipients.page(each).text)
            viewers.append(Viewer(renders.web, {**each, "playbackUrl": found[1]}))
        assert viewers[0].play("240p") == renders.create(name="Ada").play("240p")
        assert viewers[1].play("240p") == renders.create(name="Bea").play("240p")
        names = viewers[1].rendered("240p")
        previews = [renders.web.get(each["previewUrl"]) for each in (ada, bea)]
        assert previews[0].headers["content-type"] == "image/gif"
        assert previews[0].content != previews[1].content
        assert len(previews[0].content) < 500_000
        with av.open(BytesIO(previews[0].content)) as opened:
            frames = list(opened.decode(video=0))
            assert (frames[0].width, len(frames)) == (320, 6)
        first, second = (renders.web.get(each["posterUrl"]).content for each in (ada, bea))
        assert first != second
        files = files_of(runtime, viewers[1])
        assert all(file.exists() for file in files)
        renders.web.post(f"{recipients.share}/rotate-slug", headers=recipients.tenant.headers)
        assert viewers[1].get("master.m3u8").status_code == 404
        assert renders.web.get(bea["posterUrl"]).status_code == 404
        moved = recipients.list()[-1]
        assert renders.web.get(moved["posterUrl"]).content == second
        recipients.revoke(ada)
        assert recipients.delete(f"/{bea['id']}").status_code == 204
        for viewer in viewers:
            assert viewer.get("master.m3u8").status_code == 404
            assert viewer.get(names[0]).status_code == 404
            for name in ("posterUrl", "previewUrl"):
                assert renders.web.get(viewer.made[name]).status_code == 404
