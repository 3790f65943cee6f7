"""Slugs, chosen or derived: they never move to another video, and old links keep working."""

import secrets

import pytest

from tests.api.helpers.tools import publish


@pytest.fixture
def name() -> str:
    """Return a title that equals its slug, which no video has yet."""
    return f"name-{secrets.token_hex(6)}"


def ask(web, tenant, session_id, **fields):
    return web.post(
        "/v1/publications/publish",
        json={"session_id": session_id} | fields,
        headers=tenant.headers,
    )


class TestDerivedSlug:
    def test_it_comes_from_the_title_and_is_numbered_when_taken(
        self, web, tenant, make_video, name
    ):
        slugs = [
            publish(web, tenant.key, make_video()["session_id"], title=name)["publication"]["slug"]
            for _ in range(3)
        ]
        assert slugs == [name, f"{name}-2", f"{name}-3"]

    def test_it_steps_over_a_number_that_somebody_asked_for(self, web, tenant, make_video, name):
        publish(web, tenant.key, make_video()["session_id"], slug=f"{name}-2")
        slugs = [
            publish(web, tenant.key, make_video()["session_id"], title=name)["publication"]["slug"]
            for _ in range(2)
        ]
        assert slugs == [name, f"{name}-3"]

    def test_a_new_title_leaves_the_slug_as_it_is(self, web, tenant, make_video, name):
        session_id = make_video()["session_id"]
        publish(web, tenant.key, session_id, title=name)
        again = publish(web, tenant.key, session_id, title="Quite another")
        assert again["publication"]["slug"] == name

    def test_after_revoking_it_is_the_same_slug_again(self, web, tenant, make_video, name):
        session_id = make_video()["session_id"]
        publish(web, tenant.key, session_id, title=name)
        web.delete(f"/v1/publications/session/{session_id}", headers=tenant.headers)
        other = publish(web, tenant.key, make_video()["session_id"], title=name)
        again = publish(web, tenant.key, session_id, title=name)
        assert other["publication"]["slug"] == f"{name}-2"
        assert again["publication"]["slug"] == name

    @pytest.mark.parametrize("title", ["🎬🎬", "…", "漫画", "مرحبا بالعالم", "ÄÖÜ ß", "x" * 255])
    def test_any_title_makes_a_slug_that_opens_the_page(self, web, tenant, make_video, title):
        publication = publish(web, tenant.key, make_video()["session_id"], title=title)[
            "publication"
        ]
        assert publication["slug"].isascii()
        assert len(publication["slug"]) <= 100
        assert web.get(f"/v/{publication['slug']}").status_code == 200


class TestAskedSlug:
    def test_it_is_given_when_free(self, web, tenant, make_video, name):
        body = publish(web, tenant.key, make_video()["session_id"], slug=name.upper())
        assert body["publication"]["slug"] == name

    def test_one_that_is_taken_is_409_and_nothing_is_published(self, web, tenant, make_video, name):
        publish(web, tenant.key, make_video()["session_id"], slug=name)
        session_id = make_video()["session_id"]
        answer = ask(web, tenant, session_id, slug=name)
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
        path = f"/v1/publications/session/{session_id}"
        assert web.patch(path, json={}, headers=tenant.headers).status_code == 404

    def test_editing_to_one_that_is_taken_changes_nothing(self, web, tenant, make_video, name):
        publish(web, tenant.key, make_video()["session_id"], slug=name)
        session_id = make_video()["session_id"]
        before = publish(web, tenant.key, session_id, title="Before")["publication"]
        answer = web.patch(
            f"/v1/publications/session/{session_id}",
            json={"slug": name, "title": "After"},
            headers=tenant.headers,
        )
        assert answer.status_code == 409
        assert publish(web, tenant.key, session_id)["publication"] == before

    def test_a_slug_of_a_revoked_video_stays_its_own(self, web, tenant, make_video, name):
        session_id = make_video()["session_id"]
        publish(web, tenant.key, session_id, slug=name)
        web.delete(f"/v1/publications/session/{session_id}", headers=tenant.headers)
        assert ask(web, tenant, make_video()["session_id"], slug=name).status_code == 409
        assert ask(web, tenant, session_id, slug=name).status_code == 200

    def test_the_former_slug_leads_to_the_new_one(self, web, tenant, make_video, name):
        session_id = make_video()["session_id"]
        publish(web, tenant.key, session_id, slug=name)
        assert web.get(f"/v/{name}").status_code == 200
        publish(web, tenant.key, session_id, slug=f"{name}-new")
        moved = web.get(f"/v/{name}", follow_redirects=False)
        assert moved.is_redirect
        assert moved.headers["location"] == f"/v/{name}-new"
        assert web.get(f"/v/{name}").status_code == 200

    @pytest.mark.parametrize(
        "slug", ["", "-", "a--b", "-a", "a-", "a_b", "a/b", "../a", "é", "a b", "x" * 101, 5]
    )
    def test_one_that_is_no_slug_is_400(self, web, tenant, make_video, slug):
        answer = ask(web, tenant, make_video()["session_id"], slug=slug)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
        assert "slug" in answer.json()["message"]
