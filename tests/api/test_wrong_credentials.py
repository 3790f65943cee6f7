"""Wrong credentials are limited by the address that they come from; right ones never are."""

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from playout.web import application
from tests.helpers.tenants import bearer

ONE_OF_EACH_API = (
    "/v1/video/list_completed_video_sessions",
    "/api/v1/workspaces/",
    "/api/Projects",
    "/productions",
)
WRONG = bearer("app.v1.wrong")
FAILURES_A_MINUTE = 20
ONE_OF_EACH_PAGE = ("/v/never-was", "/sign-in")
METRICS = bearer("the token of the metrics")


@pytest.fixture
def client(runtime) -> Iterator[TestClient]:
    """A client of a server that has counted no wrong credential yet, behind a trusted proxy."""
    settings = runtime.settings.model_copy(
        update={
            "trusted_proxies": (ip_network("10.0.0.0/8"),),
            "rate_limit": FAILURES_A_MINUTE,
            "metrics_token": SecretStr(METRICS["Authorization"].removeprefix("Bearer ")),
        }
    )
    app = application(replace(runtime, settings=settings))
    with TestClient(app, client=("10.0.0.1", 4711)) as client:
        client.headers["X-Forwarded-For"] = "198.51.100.7"
        yield client


def exhaust(client: TestClient) -> None:
    for number in range(FAILURES_A_MINUTE):
        path = ONE_OF_EACH_API[number % len(ONE_OF_EACH_API)]
        answer = client.get(path, headers=WRONG)
        assert answer.status_code == 401
        assert "WWW-Authenticate" in answer.headers


class TestWrongCredentials:
    def test_too_many_get_429_with_retry_after_at_every_api(self, client):
        exhaust(client)
        for path in ONE_OF_EACH_API:
            answer = client.get(path, headers=WRONG)
            assert answer.status_code == 429
            assert 0 < int(answer.headers["Retry-After"]) <= 60

    def test_a_right_credential_from_the_same_address_is_answered(self, client, tenant):
        exhaust(client)
        for path in ONE_OF_EACH_API:
            assert client.get(path, headers=tenant.headers).status_code == 200

    def test_wrong_ones_from_another_address_are_counted_apart(self, client):
        exhaust(client)
        other = WRONG | {"X-Forwarded-For": "203.0.113.9, 198.51.100.8"}
        assert client.get("/productions", headers=other).status_code == 401

    def test_a_request_without_a_credential_is_not_counted(self, client):
        for _ in range(FAILURES_A_MINUTE):
            assert client.get("/productions").status_code == 401
        assert client.get("/productions", headers=WRONG).status_code == 401


class TestPages:
    """Where a page asks who is there, wrong credentials count as those at an API."""

    def test_too_many_get_429_with_retry_after_at_pages_and_metrics(self, client):
        exhaust(client)
        for path in (*ONE_OF_EACH_PAGE, "/metrics"):
            answer = client.get(path, headers=WRONG)
            assert answer.status_code == 429
            assert 0 < int(answer.headers["Retry-After"]) <= 60

    @pytest.mark.parametrize("path", [*ONE_OF_EACH_PAGE, "/metrics"])
    def test_those_at_a_page_count_at_the_apis(self, client, path):
        for _ in range(FAILURES_A_MINUTE):
            assert client.get(path, headers=WRONG).status_code != 429
        assert client.get("/productions", headers=WRONG).status_code == 429

    def test_right_ones_and_none_are_answered_meanwhile(self, client, tenant):
        exhaust(client)
        for headers in (tenant.headers, {}):
            assert client.get("/v/never-was", headers=headers).status_code == 404
            assert client.get("/sign-in", headers=headers).status_code == 200
        assert client.get("/metrics", headers=METRICS).status_code == 200
        assert client.get("/metrics").status_code == 401

    def test_a_page_that_is_the_same_for_all_asks_for_nobody(self, client):
        for _ in range(FAILURES_A_MINUTE + 1):
            assert client.get("/", headers=WRONG).status_code == 200
        assert client.get("/productions", headers=WRONG).status_code == 401


class TestInTheAddress:
    def test_a_credential_counts_where_clients_verify_it_and_nowhere_else(self, web, tenant):
        asked = f"/users/verify_token?authToken={tenant.key}"
        for base in ("", "/v1", "/v2"):
            assert web.get(f"{base}{asked}").status_code == 200, base
        for base in ("/api/v1", "/api", "/productions/1", "/api/v1/videos/1"):
            assert web.get(f"{base}{asked}").status_code in {401, 404}, base
