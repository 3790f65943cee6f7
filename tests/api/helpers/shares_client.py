"""A client of the Shares API."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx2 as httpx
from starlette.testclient import TestClient

from playout.core.permissions import Role
from tests.helpers.tenants import Tenant, bearer

NOBODY = "00000000-0000-7000-8000-000000000000"
TITLE = "Your personalized credit card offer"
OFFER = {
    "publicTitle": TITLE,
    "publicSubtitle": "See the offer prepared just for you",
    "locale": "es-CL",
    "ctaLabel": "Apply now",
    "ctaUrl": "https://bank.example.com/apply",
}


@dataclass(frozen=True)
class Shares:
    """The Shares API for one project of a tenant."""

    web: TestClient
    tenant: Tenant
    project_id: str

    def request(
        self, method: str, path: str, body: Any = None, key: str | None = None, **headers: str
    ) -> httpx.Response:
        """Send a request with the given key, or with that of the administrator."""
        sent = None if body is None else json.dumps(body)
        if sent is not None:
            headers["Content-Type"] = "application/json"
        headers = bearer(key or self.tenant.key) | headers
        return self.web.request(method, f"/api{path}", content=sent, headers=headers)

    def key_of(self, role: Role) -> str:
        return self.tenant.keys[role]

    @property
    def path(self) -> str:
        return f"/Projects/{self.project_id}/public-video-shares"

    def put(self, channel: str = "PROD", **fields: Any) -> httpx.Response:
        return self.request("PUT", f"{self.path}/{channel}", OFFER | fields)

    def create(self, channel: str = "PROD", **fields: Any) -> dict[str, Any]:
        answer = self.put(channel, **fields)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def post_action(
        self, action: str, channel: str = "PROD", key: str | None = None
    ) -> httpx.Response:
        return self.request("POST", f"{self.path}/{channel}/{action}", key=key)

    def audit(self, channel: str = "PROD") -> list[dict[str, Any]]:
        answer = self.request("GET", f"{self.path}/{channel}/audit")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def create_credential(self, **fields: Any) -> dict[str, Any]:
        body = {"projectId": self.project_id} | fields
        answer = self.request("POST", "/credentials", body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def page(self, share: dict[str, Any]) -> httpx.Response:
        return self.web.get(f"/s/{share['slug']}")


def shares_of(web: TestClient, tenant: Tenant) -> Shares:
    """Return the client for the first project of a tenant."""
    (project,) = web.get("/api/Projects", headers=tenant.headers).json()
    assert UUID(project["id"])
    return Shares(web, tenant, project["id"])


def problem(answer: httpx.Response) -> dict[str, Any]:
    """Return the problem details of an answer without the id of the request."""
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["traceId"] == answer.headers["x-request-id"]
    assert body["status"] == answer.status_code
    return {name: value for name, value in body.items() if name != "traceId"}
