"""The Shares API, as its callers use it."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx2 as httpx
from starlette.testclient import TestClient
from tenants import Tenant, bearer

from playout.core.permissions import Role

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
    """A tenant's own project at the Shares API."""

    web: TestClient
    tenant: Tenant
    project_id: str

    def ask(
        self, method: str, path: str, body: Any = None, key: str | None = None, **headers: str
    ) -> httpx.Response:
        """One request, as the administrator unless another key is given."""
        sent = None if body is None else json.dumps(body)
        if sent is not None:
            headers["Content-Type"] = "application/json"
        headers = bearer(key or self.tenant.key) | headers
        return self.web.request(method, f"/api{path}", content=sent, headers=headers)

    def of(self, role: Role) -> str:
        return self.tenant.keys[role]

    @property
    def path(self) -> str:
        return f"/Projects/{self.project_id}/public-video-shares"

    def put(self, channel: str = "PROD", **fields: Any) -> httpx.Response:
        return self.ask("PUT", f"{self.path}/{channel}", OFFER | fields)

    def made(self, channel: str = "PROD", **fields: Any) -> dict[str, Any]:
        answer = self.put(channel, **fields)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def act(self, verb: str, channel: str = "PROD", key: str | None = None) -> httpx.Response:
        return self.ask("POST", f"{self.path}/{channel}/{verb}", key=key)

    def audit(self, channel: str = "PROD") -> list[dict[str, Any]]:
        answer = self.ask("GET", f"{self.path}/{channel}/audit")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def credential(self, **fields: Any) -> dict[str, Any]:
        body = {"projectId": self.project_id} | fields
        answer = self.ask("POST", "/credentials", body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def page(self, share: dict[str, Any]) -> httpx.Response:
        return self.web.get(f"/s/{share['slug']}")


def shares_of(web: TestClient, tenant: Tenant) -> Shares:
    """The tenant's first project at the Shares API."""
    (project,) = web.get("/api/Projects", headers=tenant.headers).json()
    assert UUID(project["id"])
    return Shares(web, tenant, project["id"])


def problem(answer: httpx.Response) -> dict[str, Any]:
    """A problem without what differs from request to request."""
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["traceId"] == answer.headers["x-request-id"]
    assert body["status"] == answer.status_code
    return {name: value for name, value in body.items() if name != "traceId"}
