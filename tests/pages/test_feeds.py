"""Feeds, sitemaps, oEmbed and texts for crawlers: each answers, and shows public videos alone."""

from xml.etree import ElementTree

import pytest

from tests.pages.helpers.embedding import allow_sites

HOSTILE = "]]>\x0b\u202e</script><script>alert(1)</script>&"
XML = ("/feed.rss", "/feed.atom", "/sitemap.xml", "/sitemap/videos.xml")


def publish(web, tenant, video, visibility: str = "public") -> str:
    """Publish a video, and return the address of its page."""
    path = f"/api/v1/videos/{video['id']}/publish/"
    answer = web.post(path, json={"visibility": visibility}, headers=tenant.headers)
    return str(answer.json()["custom_url"])


@pytest.mark.parametrize("path", XML)
def test_xml_is_well_formed_whatever_people_wrote(path, web, tenant, make_video) -> None:
    publish(web, tenant, make_video(title=HOSTILE, description=HOSTILE))
    answer = web.get(path)
    assert answer.status_code == 200
    ElementTree.fromstring(answer.content)
    assert web.get(path, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_feeds_show_a_public_video_until_it_is_unpublished_and_never_a_private_one(
    web, tenant, make_video
) -> None:
    shown = make_video(title="Shown to all")
    publish(web, tenant, shown)
    publish(web, tenant, make_video(title="Kept inside"), "org")
    for path in ("/feed.rss", "/feed.atom", "/feed.json"):
        assert "Shown to all" in web.get(path).text
        assert "Kept inside" not in web.get(path).text
    web.delete(f"/api/v1/videos/{shown['id']}/publish/", headers=tenant.headers)
    for path in ("/feed.rss", "/feed.atom", "/feed.json", "/sitemap/videos.xml"):
        assert "Shown to all" not in web.get(path).text


class TestOembed:
    def test_a_player_fits_into_the_box(self, web, tenant, make_video) -> None:
        url = publish(web, tenant, make_video())
        assert web.get("/oembed", params={"url": url}).status_code == 404
        allow_sites(web, tenant, "*")
        answer = web.get("/oembed", params={"url": url, "maxwidth": 320, "maxheight": 90}).json()
        assert (answer["type"], answer["version"]) == ("video", "1.0")
        assert (answer["width"], answer["height"]) == (160, 90)
        assert url.replace("/v/", "/embed/v/") in answer["html"]

    def test_errors_are_those_of_the_specification(self, web, tenant, make_video) -> None:
        allow_sites(web, tenant, "*")
        url = publish(web, tenant, make_video())
        inside = publish(web, tenant, make_video(), "org")
        assert web.get("/oembed", params={"url": url, "format": "yaml"}).status_code == 501
        for unknown in (inside, "https://elsewhere.example/v/a", ""):
            assert web.get("/oembed", params={"url": unknown}).status_code == 404
        assert web.get("/oembed", params={"url": url, "maxwidth": "-1"}).status_code == 400

    def test_xml_has_the_same_fields(self, web, tenant, make_video) -> None:
        allow_sites(web, tenant, "*")
        query = {"url": publish(web, tenant, make_video(title=HOSTILE)), "format": "xml"}
        root = ElementTree.fromstring(web.get("/oembed", params=query).content)
        as_json = web.get("/oembed", params={**query, "format": "json"}).json()
        assert {each.tag for each in root} == as_json.keys()


@pytest.mark.parametrize("path", ["/robots.txt", "/llms.txt"])
def test_crawlers_find_the_sitemap(path, web) -> None:
    assert "http://testserver/sitemap.xml" in web.get(path).text
