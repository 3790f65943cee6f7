"""The gallery: searches, facets, pages of creators and tags, and what members see in it."""

import secrets
from urllib.parse import quote

import pytest
from sqlalchemy import text

from playout.core.permissions import Role
from playout.pages.viewers import COOKIE
from tests.helpers.tenants import bearer
from tests.pages.helpers.reader import Page
from tests.pages.test_members_only import SEES, House, house  # noqa: F401  the fixture


def publish(web, tenant, video, **fields) -> str:
    """Publish a video through the Publications API, and return its slug."""
    body = {"session_id": video["session_id"], **fields}
    answer = web.post("/v1/publications/publish", json=body, headers=tenant.headers)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["publication"]["slug"])


def shown(page: str) -> set[str]:
    """The slugs of the videos on a page."""
    links = (attrs.get("href") or "" for attrs in Page(page).all("a"))
    return {link.removeprefix("/v/") for link in links if link.startswith("/v/")}


@pytest.fixture
def word() -> str:
    """A word that no other video has."""
    return f"w{secrets.token_hex(5)}"


class TestSearch:
    def test_words_are_found_without_accents_in_every_script(self, web, tenant, make_video, word):
        video = make_video(title=f"Zürich {word} 東京 مُقابلة", description="Über den Gotthard")
        slug = publish(web, tenant, video)
        for words in (
            "zurich",
            "ZÜRICH",
            "東京",
            "مقابلة",
            "gotthard uber",
            '"zurich ' + word + '"',
        ):
            assert shown(web.get("/", params={"q": f"{word} {words}"}).text) == {slug}
        for words in ("bern", "-zurich"):
            answer = web.get("/", params={"q": f"{word} {words}"})
            assert answer.status_code == 200
            assert shown(answer.text) == set()
            assert "Nothing found" in answer.text

    def test_facets_narrow_a_search_down(self, web, tenant, make_video, word):
        more = {"session_language": "fr", "tags": ["Winter"], "creator_handle": f"Ada {word}"}
        one = publish(web, tenant, make_video(title=word), **more)
        publish(web, tenant, make_video(title=word), session_language="de-CH", tags=["Summer"])
        found = web.get("/", params={"q": word}).text
        assert "Videos found: 2" in found
        for query in ("tag=winter", "language=fr", f"creator=ada-{word}"):
            assert f'href="/?q={word}&amp;{query}"' in found
            narrowed = web.get(f"/?q={word}&{query}").text
            assert shown(narrowed) == {one}
            assert f'href="/?q={word}"' in narrowed, "the facet can be removed"

    def test_a_change_is_found_at_once_and_what_is_taken_back_is_not(
        self, web, tenant, make_video, word
    ):
        video = make_video(title="Something else")
        slug = publish(web, tenant, video)
        path = f"/api/v1/videos/{video['id']}/"
        assert shown(web.get(f"/?q={word}").text) == set()
        web.patch(path, json={"title": word}, headers=tenant.headers)
        assert shown(web.get(f"/?q={word}").text) == {slug}
        web.patch(path, json={"visibility": "org"}, headers=tenant.headers)
        assert shown(web.get(f"/?q={word}").text) == set()
        web.patch(path, json={"visibility": "public"}, headers=tenant.headers)
        assert shown(web.get(f"/?q={word}").text) == {slug}
        web.delete(f"{path}publish/", headers=tenant.headers)
        assert shown(web.get(f"/?q={word}").text) == set()

    @pytest.mark.parametrize(
        "query", ["q=%00", "q=%ED%A0%80", f"q={'-' * 200}", "tag=%00", "q=%3Cscript%3E", "q=%20"]
    )
    def test_nothing_that_somebody_types_is_an_error(self, web, query):
        answer = web.get(f"/?{query}")
        assert answer.status_code == 200
        assert "<script>" not in answer.text


class TestPages:
    def test_tags_that_differ_by_a_sign_have_pages_of_their_own(
        self, web, tenant, make_video, word
    ):
        names = {f"{word} C": "c", f"{word} C++": "c-plus-plus", f"{word} C#": "c-sharp"}
        slugs = {name: publish(web, tenant, make_video(title=name), tags=[name]) for name in names}
        for name, ending in names.items():
            answer = web.get(f"/tags/{word}-{ending}")
            assert shown(answer.text) == {slugs[name]}
            assert name in Page(answer.text).texts["h1"]
            link = f"/tags/{word}-{ending}"
            assert Page(web.get(f"/v/{slugs[name]}").text).all("a", href=link)

    def test_a_creator_has_a_page_in_every_script(self, web, tenant, make_video, word):
        slug = publish(web, tenant, make_video(), creator_handle=f"Åsa 東京 {word}")
        path = f"/creators/{quote(f'åsa-東京-{word}')}"
        assert Page(web.get(f"/v/{slug}").text).all("a", href=path)
        answer = web.get(path)
        assert shown(answer.text) == {slug}
        canonical = f"http://testserver{path}"
        assert Page(answer.text).all("link", rel="canonical", href=canonical)

    def test_pages_follow_each_other_without_a_gap(self, web, tenant, make_video, word):
        expected = {
            publish(web, tenant, make_video(title=f"{word} {n}"), tags=[word], creator_handle=word)
            for n in range(30)
        }
        for path in (f"/tags/{word}", f"/creators/{word}", f"/?q={word}"):
            first = web.get(path).text
            (older,) = Page(first).all("a", rel="next")
            second = web.get(older["href"]).text
            assert (len(shown(first)), len(shown(second))) == (24, 6)
            assert shown(first) | shown(second) == expected

    def test_what_nobody_has_is_not_found_and_what_goes_is_gone(
        self, web, tenant, make_video, word
    ):
        assert web.get(f"/tags/{word}").status_code == 404
        video = make_video()
        publish(web, tenant, video, tags=[word])
        assert web.get(f"/tags/{word}").status_code == 200
        web.delete(f"/api/v1/videos/{video['id']}/publish/", headers=tenant.headers)
        assert web.get(f"/tags/{word}").status_code == 404

    def test_a_watch_page_shows_related_videos_until_they_are_taken_back(
        self, web, tenant, make_video, word
    ):
        one = publish(web, tenant, make_video(), creator_handle=word)
        other = make_video()
        slug = publish(web, tenant, other, creator_handle=word)
        assert slug in shown(web.get(f"/v/{one}").text)
        web.delete(f"/api/v1/videos/{other['id']}/publish/", headers=tenant.headers)
        assert slug not in shown(web.get(f"/v/{one}").text)


class TestMembers:
    @pytest.mark.parametrize("who", ["viewer", "other project", "owner", "administrator"])
    def test_a_member_finds_what_that_member_may_watch(self, web, house: House, who):  # noqa: F811
        cookie = {"Cookie": f"{COOKIE}={house.sessions[who]}"}
        found = shown(web.get("/", headers=cookie).text) & set(house.slugs["owner"].values())
        own = house.slugs["owner"]
        assert found == {own[visibility] for visibility in own if who in SEES[visibility]}
        searched = web.get("/?q=for", headers=cookie)
        assert found <= shown(searched.text)
        assert searched.headers["cache-control"] == "private, no-store"
        assert shown(web.get("/").text) & set(own.values()) <= {own["public"]}

    def test_a_member_sees_who_is_signed_in_and_a_way_out(self, web, house: House):  # noqa: F811
        cookie = {"Cookie": f"{COOKIE}={house.sessions['viewer']}"}
        own = house.slugs["owner"]
        for path in ("/", f"/v/{own['public']}", f"/v/{own['org']}"):
            web.get(path)  # it is in memory, or not there for the public
            page = web.get(path, headers=cookie)
            assert "Ada Lind" in page.text
            assert Page(page.text).all("form", action="/sign-out")
            assert page.headers["cache-control"] == "private, no-store"
            assert "Ada Lind" not in web.get(path).text


def test_entries_are_those_of_the_published_videos(web, tenant, make_video, runtime):
    """The table says of each video what a fresh one would say, after every change above."""
    draft = make_video()
    publish(web, tenant, make_video(), tags=["#Winter", "", "C#"])
    web.get(f"/api/v1/videos/{draft['id']}/", headers=bearer(tenant.keys[Role.VIEWER]))
    columns = "publication_id, is_public, creator_slug, tag_slugs, facets, search::text"
    with runtime.database.write_session() as session:
        kept = session.execute(text(f"SELECT {columns} FROM gallery_entries ORDER BY 1")).all()
        session.execute(text("DELETE FROM gallery_entries"))
        fill = "SELECT write_gallery_entries(array_agg(video_id)) FROM publications"
        session.execute(text(fill))
        anew = session.execute(text(f"SELECT {columns} FROM gallery_entries ORDER BY 1")).all()
    assert kept == anew
    assert any(row.tag_slugs == ["winter", "c-sharp"] for row in kept)
