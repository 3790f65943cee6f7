"""Slugs, chosen or derived: unique among published videos, and old links keep working."""

import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.api.helpers.tools import publish
from tests.helpers.tenants import EXTERNAL


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


def revoke(web, tenant, session_id):
    path = f"/v1/publications/session/{session_id}"
    assert web.delete(path, headers=tenant.headers).status_code == 200


@pytest.fixture
def make_foreign(web, other_tenant):
    """Enters a video of another organization and returns its session."""

    def make() -> str:
        body = {"title": "Another", "workspace": other_tenant.project_id, "external_url": EXTERNAL}
        answer = web.post("/api/v1/videos/", json=body, headers=other_tenant.headers)
        return answer.json()["session_id"]

    return make


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
        publish(web, tenant.key, make_video()["session_id"], title=name)
        session_id = make_video()["session_id"]
        first = publish(web, tenant.key, session_id, title=name)
        revoke(web, tenant, session_id)
        again = publish(web, tenant.key, session_id, title=name)
        assert again["publication"]["slug"] == first["publication"]["slug"] == f"{name}-2"

    def test_that_of_a_draft_is_free_and_the_draft_gets_a_number(
        self, web, tenant, other_tenant, make_video, make_foreign, name
    ):
        session_id = make_video()["session_id"]
        publish(web, tenant.key, session_id, title=name)
        revoke(web, tenant, session_id)
        other = publish(web, other_tenant.key, make_foreign(), title=name)
        again = publish(web, tenant.key, session_id, title=name)
        assert other["publication"]["slug"] == name
        assert again["publication"]["slug"] == f"{name}-2"

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

    def test_one_of_a_video_that_others_may_not_know_of_gets_a_number(
        self, web, tenant, other_tenant, make_video, make_foreign, name
    ):
        video = make_video(visibility="private")
        path = f"/api/v1/videos/{video['id']}/publish/"
        shown = web.post(path, json={"title": name}, headers=tenant.headers).json()["custom_url"]
        taken = shown.rpartition("/")[2]
        foreign = make_foreign()
        for _ in range(2):
            answer = ask(web, other_tenant, foreign, slug=taken)
            assert answer.status_code == 200, answer.text
            assert answer.json()["publication"]["slug"] == f"{taken}-2"
        assert ask(web, tenant, make_video()["session_id"], slug=taken).status_code == 409

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

    def test_that_of_a_draft_comes_back_unless_another_video_took_it(
        self, web, tenant, other_tenant, make_video, make_foreign, name
    ):
        session_id = make_video()["session_id"]
        publish(web, tenant.key, session_id, slug=name)
        revoke(web, tenant, session_id)
        assert ask(web, tenant, session_id, slug=name).status_code == 200
        revoke(web, tenant, session_id)
        assert ask(web, other_tenant, make_foreign(), slug=name).status_code == 200
        assert ask(web, tenant, session_id, slug=name).status_code == 409

    def test_that_of_a_deleted_video_is_free(self, web, tenant, make_video, name):
        video = make_video()
        publish(web, tenant.key, video["session_id"], slug=name)
        path = f"/api/v1/videos/{video['id']}/"
        assert web.delete(path, headers=tenant.headers).status_code == 204
        assert ask(web, tenant, make_video()["session_id"], slug=name).status_code == 200

    def test_two_that_ask_at_the_same_time_do_not_both_get_it(self, web, tenant, make_video, name):
        session_id = make_video()["session_id"]
        publish(web, tenant.key, session_id, slug=name)
        revoke(web, tenant, session_id)
        sessions = [session_id, *(make_video()["session_id"] for _ in range(5))]
        with ThreadPoolExecutor(len(sessions)) as pool:
            answers = list(pool.map(lambda each: ask(web, tenant, each, slug=name), sessions))
        assert sorted(each.status_code for each in answers) == [200, *[409] * 5]

    def test_a_video_keeps_ten_former_ones_and_older_ones_are_free(
        self, web, tenant, other_tenant, make_video, make_foreign, name
    ):
        session_id = make_video()["session_id"]
        names = [f"{name}-v{number}" for number in range(12)]
        for each in names:
            publish(web, tenant.key, session_id, slug=each)
        oldest, kept, current = names[0], names[1:-1], names[-1]
        for each in kept:
            moved = web.get(f"/v/{each}", follow_redirects=False)
            assert moved.headers["location"] == f"/v/{current}"
        assert web.get(f"/v/{oldest}").status_code == 404
        foreign = make_foreign()
        assert ask(web, other_tenant, foreign, slug=kept[0]).status_code == 409
        assert ask(web, other_tenant, foreign, slug=oldest).status_code == 200

    def test_a_former_one_that_is_asked_for_again_is_the_current_one(
        self, web, tenant, make_video, name
    ):
        session_id = make_video()["session_id"]
        for number in range(11):
            publish(web, tenant.key, session_id, slug=f"{name}-v{number}")
        publish(web, tenant.key, session_id, slug=f"{name}-v0")
        publish(web, tenant.key, session_id, slug=f"{name}-new")
        moved = web.get(f"/v/{name}-v0", follow_redirects=False)
        assert moved.headers["location"] == f"/v/{name}-new"
        assert web.get(f"/v/{name}-v1").status_code == 404

    def test_former_ones_come_back_with_the_video(self, web, tenant, make_video, name):
        session_id = make_video()["session_id"]
        publish(web, tenant.key, session_id, slug=f"{name}-old")
        publish(web, tenant.key, session_id, slug=name)
        revoke(web, tenant, session_id)
        assert web.get(f"/v/{name}-old").status_code == 404
        publish(web, tenant.key, session_id, slug=name)
        moved = web.get(f"/v/{name}-old", follow_redirects=False)
        assert moved.headers["location"] == f"/v/{name}"
        assert ask(web, tenant, make_video()["session_id"], slug=f"{name}-old").status_code == 409

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
