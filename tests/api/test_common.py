"""Idempotency keys and rate limits, which all APIs share."""

import dataclasses
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.testclient import TestClient

from playout.kit.rate_limit import RateLimit
from playout.web import application
from tests.helpers.tenants import EXTERNAL, bearer, found_tenant


@pytest.fixture
def enter(web, tenant):
    """Create a video with an Idempotency-Key."""

    def send(key: str, title: str = "Once"):
        body = {"title": title, "workspace": tenant.project_id, "external_url": EXTERNAL}
        headers = tenant.headers | {"Idempotency-Key": key}
        return web.post("/api/v1/videos/", json=body, headers=headers)

    return send


def count(web, tenant) -> int:
    return web.get("/api/v1/videos/", headers=tenant.headers).json()["count"]


class TestIdempotency:
    def test_the_same_request_again_gives_the_first_answer(self, web, tenant, enter):
        first, second = enter("a"), enter("a")
        assert second.content == first.content
        assert second.status_code == first.status_code == 201
        assert second.headers["etag"] == first.headers["etag"]
        assert "idempotency-replayed" not in first.headers
        assert second.headers["idempotency-replayed"] == "true"
        assert count(web, tenant) == 1

    def test_another_request_under_the_same_key_is_refused(self, web, tenant, enter):
        enter("a")
        assert enter("a", title="Another").status_code == 422
        assert count(web, tenant) == 1

    def test_a_key_is_its_callers_own(self, web, tenant, other_tenant, enter):
        enter("a")
        body = {"title": "Once", "workspace": other_tenant.project_id}
        headers = other_tenant.headers | {"Idempotency-Key": "a"}
        answer = web.post("/api/v1/videos/", json=body, headers=headers)
        assert answer.status_code == 201
        assert "idempotency-replayed" not in answer.headers

    def test_a_refused_request_may_be_mended_under_its_key(self, web, tenant):
        headers = tenant.headers | {"Idempotency-Key": "mended"}
        assert web.post("/api/v1/videos/", json={}, headers=headers).status_code == 400
        body = {"title": "Now whole", "workspace": tenant.project_id}
        assert web.post("/api/v1/videos/", json=body, headers=headers).status_code == 201

    def test_fifty_at_once_create_one_thing(self, web, tenant, enter):
        start = threading.Barrier(10)

        def send(_: int):
            start.wait()
            return [enter("at-once") for _ in range(5)]

        with ThreadPoolExecutor(10) as pool:
            answers = [answer for part in pool.map(send, range(10)) for answer in part]
        assert {answer.status_code for answer in answers} <= {201, 409}
        assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
        assert count(web, tenant) == 1


class TestRateLimit:
    @pytest.fixture
    def few(self, runtime):
        """The application with a limit that a test can reach."""

        limited = dataclasses.replace(runtime, rate_limit=RateLimit(20, None))
        with TestClient(application(limited)) as client:
            yield client

    def test_the_request_beyond_the_limit_is_refused_with_retry_after(self, few, tenant):
        answers = [few.get("/api/v1/videos/", headers=tenant.headers) for _ in range(21)]
        assert [answer.status_code for answer in answers] == [200] * 20 + [429]
        assert answers[-1].headers["content-type"] == "application/problem+json"
        assert 0 < int(answers[-1].headers["retry-after"]) <= 60
        assert answers[0].headers["x-ratelimit-remaining"] == "19"
        assert answers[0].headers["ratelimit-policy"] == '"default";q=20;w=60'

    def test_the_count_is_the_keys_own_over_all_apis(self, few, runtime, tenant):
        for _ in range(20):
            few.get("/v1/video/list_completed_video_sessions", headers=tenant.headers)
        assert few.get("/api/v1/videos/", headers=tenant.headers).status_code == 429
        other = bearer(found_tenant(runtime).key)
        assert few.get("/api/v1/videos/", headers=other).status_code == 200
