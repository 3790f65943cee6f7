"""Every route answers with a slash at the end of its path and without one, and never redirects."""

import pytest
from starlette.testclient import TestClient

from playout.web import application
from tests.api.helpers.authorization_tables import RULES
from tests.helpers.tenants import bearer

PAGES = (
    *("/docs", "/docs/videos", "/sign-in", "/favicon.svg", "/healthz", "/v/nothing", "/s/nothing"),
    *("/openapi.json", "/v1/openapi.json", "/api/v1/openapi.json", "/api/openapi.json"),
)


@pytest.fixture(scope="module")
def direct(runtime):
    """A client that follows no redirect."""
    with TestClient(
        application(runtime), raise_server_exceptions=False, follow_redirects=False
    ) as client:
        yield client


def toggled(path: str) -> str:
    return path.rstrip("/") if path.endswith("/") else f"{path}/"


def without_ids(answer):
    """What an answer says, but for the id of the request."""
    text = answer.text.replace(answer.headers["x-request-id"], "")
    return answer.status_code, answer.headers.get("location"), text


class TestEitherSlash:
    @pytest.mark.parametrize("path", PAGES)
    def test_a_page_is_the_same_page(self, direct, path):
        one, other = direct.get(path), direct.get(toggled(path))
        assert without_ids(other) == without_ids(one)
        assert one.status_code == (404 if "nothing" in path else 200)

    @pytest.mark.parametrize(("method", "path"), RULES, ids=" ".join)
    def test_a_route_is_the_same_route(self, direct, tenant, method, path):
        path = path.replace("{", "").replace("}", "")
        headers = tenant.headers | {"Tus-Resumable": "1.0.0"}
        query = {"seconds": "0"}  # an event stream ends at once
        one, other = (
            direct.request(method, each, headers=headers, params=query)
            for each in (path, toggled(path))
        )
        assert other.status_code == one.status_code
        assert other.status_code not in {307, 308}
        if one.status_code == 404:
            assert "nothing at this address" not in other.text

    def test_a_body_arrives_whole_and_once(self, direct, tenant):
        key = tenant.headers | {"Idempotency-Key": "one"}
        first = direct.post("/api/v1/tags", json={"name": "red"}, headers=key)
        again = direct.post("/api/v1/tags/", json={"name": "red"}, headers=key)
        assert (first.status_code, again.status_code) == (201, 201)
        assert again.headers["idempotency-replayed"] == "true"
        assert direct.get("/api/v1/tags", headers=tenant.headers).json()["count"] == 1

    @pytest.mark.parametrize("path", ["/uploads", "/api/v1/uploads"])
    def test_an_upload_has_its_own_address(self, direct, tenant, path):
        headers = tenant.headers | {"Tus-Resumable": "1.0.0", "Upload-Length": "3"}
        created = direct.post(path, headers=headers)
        assert created.status_code == 201, created.text
        assert created.headers["tus-resumable"] == "1.0.0"
        location = created.headers["location"]
        assert location.startswith(f"{path}/")
        assert direct.head(location.rstrip("/"), headers=headers).status_code == 200
        assert direct.options(path).headers["tus-extension"]

    @pytest.mark.parametrize("path", ["/nothing", "/nothing/", "/v/", "/v1", "/v1//", "/api/v1//"])
    def test_nothing_stays_nothing(self, direct, tenant, path):
        for headers in ({}, tenant.headers):
            answer = direct.get(path, headers=headers)
            assert answer.status_code in {401, 404}, (path, answer.status_code)

    def test_a_wrong_method_is_refused_with_those_that_are_right(self, direct, tenant):
        answer = direct.put("/api/v1/tags", headers=tenant.headers)
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, POST"

    def test_a_wrong_key_opens_nothing(self, direct):
        assert direct.get("/api/v1/tags", headers=bearer("wrong")).status_code == 401
