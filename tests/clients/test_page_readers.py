"""What others read of pages, feeds and sitemaps: programs that know nothing of Playout."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import extruct
import httpx2
import pytest

from playout.main import opened
from playout.settings import Settings
from playout.transcode.names import MP4, POSTER
from tests.clients.helpers.page_readers import check_sitemap, read_feed, read_in_node
from tests.helpers.live import Live, create_video, serving
from tests.pages.helpers.stored_video import store_files

pytestmark = pytest.mark.slow
OTHERS = 30
SITEMAP = "/sitemap/videos.xml"


@dataclass(frozen=True)
class Site:
    """A server with videos on the pages of its gallery; `page` is that of the newest."""

    live: Live
    client: httpx2.Client
    page: str

    def get(self, path: str) -> bytes:
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.content


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("readers")
    with serving(folder) as live:
        acme = live.found("Acme")
        with live.client(acme.key) as client:
            sites = {"sites": ["*"]}
            client.put(f"/api/v1/workspaces/{acme.project}/embedding/", json=sites)
            for number in range(OTHERS):
                title, address = f"Video {number}", "https://cdn.example.com/final.mp4"
                video = create_video(client, acme.project, title=title, external_url=address)
                publish(client, video)
            page = publish(client, stored(live, client, acme.project, folder))
        with live.client() as public:
            yield Site(live, public, page)


def stored(live: Live, client: httpx2.Client, project: int, folder: Path) -> dict[str, object]:
    """A video with a file, a poster, chapters and captions."""
    chapters = [{"start": 0, "title": "Up"}, {"start": 40, "title": "Down"}]
    fields = {"title": "Crossing", "description": "Four days & one hut.", "chapters": chapters}
    video = create_video(client, project, language="de", **fields)
    (folder / "file").write_bytes(b"0123456789")
    with opened(Settings(data_dir=live.data_dir)) as runtime:
        files = dict.fromkeys((MP4, POSTER), folder / "file")
        store_files(runtime, UUID(str(video["uid"])), files, (1920, 1080))
    captions = b"WEBVTT\n\n00:00.000 --> 00:01.000\nHallo.\n"
    client.put(f"/api/v1/videos/{video['id']}/captions/de/", content=captions)
    return video


def publish(client: httpx2.Client, video: dict[str, object]) -> str:
    """Publish a video to everybody, under the handle `ada`; return the address of its page."""
    path = f"/api/v1/videos/{video['id']}/publish/"
    answer = client.post(path, json={"visibility": "public"})
    assert answer.status_code == 200, answer.text
    fields = {"session_id": video["session_id"], "creator_handle": "ada", "tags": ["alps", "hut"]}
    answer = client.post("/v1/publications/publish", json=fields)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["publication"]["page_url"])


class TestFeedparser:
    @pytest.mark.parametrize("path", ["/feed.rss", "/feed.atom"])
    def test_it_finds_each_video_with_its_file_picture_and_captions(self, site, path) -> None:
        feed = read_feed(site.get(path))
        newest = feed.entries[0]
        assert (newest.title, newest.link) == ("Crossing", site.page)
        assert newest.published_parsed
        assert "Four days &amp; one hut." in str(newest)
        assert newest.enclosures[0].type == "video/mp4"
        assert newest.media_thumbnail[0]["url"].endswith("/poster.jpg")
        assert newest.media_content[0]["width"] == "1920"
        assert {each.term for each in newest.tags} >= {"alps", "hut"}
        assert newest.author == "ada"

    @pytest.mark.parametrize("path", ["/feed.rss", "/feed.atom"])
    def test_pages_lead_to_every_video_once(self, site, path) -> None:
        links, address = [], path
        while address:
            feed = read_feed(site.get(address))
            links += [each.link for each in feed.entries]
            following = [each.href for each in feed.feed.links if each.rel == "next"]
            address = following[0].removeprefix(site.live.url) if following else None
        assert len(links) == len(set(links)) == OTHERS + 1


class TestExtruct:
    def test_it_finds_what_search_engines_need(self, site) -> None:
        found = extruct.extract(
            site.get(site.page.removeprefix(site.live.url)).decode(),
            syntaxes=["json-ld", "opengraph"],
            errors="strict",
        )
        (video,) = found["json-ld"]
        needed = {"name", "thumbnailUrl", "uploadDate", "contentUrl", "embedUrl", "description"}
        assert needed <= video.keys()
        assert (video["@type"], video["inLanguage"]) == ("VideoObject", "de")
        assert [each["name"] for each in video["hasPart"]] == ["Up", "Down"]
        assert video["caption"][0]["inLanguage"] == "de"
        (graph,) = found["opengraph"]
        tags = dict(graph["properties"])
        assert tags["og:type"] == "video.other"
        assert tags["og:video:width"] == "1920"


class TestSitemap:
    def test_it_follows_the_schemas(self, site) -> None:
        document = site.get(SITEMAP)
        check_sitemap(document)
        assert b"<video:video>" in document


class TestNode:
    def test_sitemap_oembed_and_previews_are_read(self, site) -> None:
        read = read_in_node(site.page, f"{site.live.url}{SITEMAP}")
        (video,) = next(each for each in read["items"] if each["url"] == site.page)["video"]
        assert video["title"] == "Crossing"
        assert video["player_loc"] == site.page.replace("/v/", "/embed/v/")
        oembed = read["oembed"]
        assert (oembed["type"], oembed["width"], oembed["height"]) == ("video", 320, 180)
        assert site.page.replace("/v/", "/embed/v/") in oembed["html"]
        unfurled = read["unfurled"]
        graph = unfurled["open_graph"]
        assert graph["title"] == unfurled["oEmbed"]["title"] == "Crossing"
        assert [each["type"] for each in graph["videos"]] == ["video/mp4", "text/html"]
        assert graph["images"][0]["url"].endswith("/poster.jpg")
