"""Many at once: one video has one publication, one title many slugs, and the ledger one story."""

import secrets
from concurrent.futures import ThreadPoolExecutor

from tests.api.helpers.tools import bearer, ledger, publish

THREADS = 20


def at_once(work, items):
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(work, items))


class TestOneSession:
    def test_twenty_publish_and_edit_it_and_one_publication_comes_of_it(
        self, web, runtime, tenant, make_video
    ):
        video = make_video()

        def write(number: int):
            verb = "edit" if number % 3 == 2 else "publish"
            return web.post(
                f"/v1/publications/{verb}",
                json={"session_id": video["session_id"], "title": f"Title {number}"},
                headers=bearer(tenant.key),
            )

        answers = at_once(write, range(THREADS * 2))
        assert {answer.status_code for answer in answers} <= {200, 404}
        done = [answer.json() for answer in answers if answer.status_code == 200]
        assert sum(body.get("created", False) for body in done) == 1
        assert len({body["publication_id"] for body in done}) == 1
        assert len({body["publication"]["slug"] for body in done}) == 1
        assert tells_a_story(runtime, video) == len(done) + 1

    def test_revoking_among_them_leaves_it_either_out_or_not(
        self, web, runtime, tenant, make_video
    ):
        video = make_video()

        def write(number: int):
            path = f"/v1/publications/session/{video['session_id']}"
            if number % 2:
                return web.delete(path, headers=tenant.headers)
            return web.post(path, json={"title": f"T {number}"}, headers=tenant.headers)

        answers = at_once(write, range(THREADS * 2))
        assert {answer.status_code for answer in answers} <= {200, 404}
        last = [row.event for row in ledger(runtime, subject_id=video["uid"])][-1]
        detail = web.get(f"/api/v1/videos/{video['id']}/", headers=tenant.headers).json()
        assert detail["is_draft"] is (last == "video.unpublished")
        assert bool(detail["custom_url"]) is not detail["is_draft"]


class TestOneTitle:
    def test_twenty_videos_of_one_title_get_twenty_numbered_slugs(self, web, tenant, make_video):
        title = f"same-{secrets.token_hex(6)}"
        sessions = [make_video()["session_id"] for _ in range(THREADS)]
        bodies = at_once(lambda each: publish(web, tenant.key, each, title=title), sessions)
        slugs = {body["publication"]["slug"] for body in bodies}
        assert slugs == {title, *(f"{title}-{number}" for number in range(2, THREADS + 1))}

    def test_twenty_who_ask_for_one_slug_get_it_once(self, web, tenant, make_video):
        slug = f"asked-{secrets.token_hex(6)}"
        sessions = [make_video()["session_id"] for _ in range(THREADS)]

        def ask(session_id: str) -> int:
            body = {"session_id": session_id, "slug": slug}
            answer = web.post("/v1/publications/publish", json=body, headers=tenant.headers)
            return answer.status_code

        assert sorted(at_once(ask, sessions)) == [200] + [409] * (THREADS - 1)


def tells_a_story(runtime, video) -> int:
    """How many rows there are; each row's before is what the rows before it left."""
    rows = ledger(runtime, subject_id=video["uid"])
    # A video and its publication each have a title; the story here is the publication's.
    known = {}
    for row in rows[1:]:
        for name, (before, after) in row.changes.items():
            assert known.get(name) == before, (row.event, name)
            known[name] = after
    return len(rows)
