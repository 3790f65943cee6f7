"""A share with a template, and recipients of it."""

import csv
import io
import json
from dataclasses import dataclass
from typing import Any

import httpx2 as httpx
from starlette.testclient import TestClient

from tests.api.helpers.templates_client import Templates, templates_of
from tests.helpers.tenants import Tenant

FIELDS: dict[str, Any] = {
    "name": {"type": "text", "required": True, "maxLength": 40},
    "saved": {"type": "number"},
    "member": {"type": "boolean", "default": False},
}
PLACE = {"x": 0.1, "y": 0.1, "width": 0.8, "height": 0.4, "size": 0.1}
MANIFEST: dict[str, Any] = {
    "version": 1,
    "fields": FIELDS,
    "elements": [
        {"id": "a", "type": "text", "text": "Hello {{name}}", "start": 1, "end": 2, **PLACE}
    ],
}


@dataclass(frozen=True)
class Recipients:
    """The recipients of the share DEV of a project."""

    web: TestClient
    tenant: Tenant
    project_id: str

    @property
    def share(self) -> str:
        return f"/api/Projects/{self.project_id}/public-video-shares/DEV"

    @property
    def path(self) -> str:
        return f"{self.share}/recipients"

    def put_share(self, **fields: Any) -> dict[str, Any]:
        body = {"publicTitle": "For you", **fields}
        answer = self.web.put(self.share, json=body, headers=self.tenant.headers)
        assert answer.is_success, answer.text
        return answer.json()

    def post(
        self, content: Any, kind: str = "text/csv", query: str = "", **headers: str
    ) -> httpx.Response:
        """Send a file; headers have `_` for `-` in their names."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {**self.tenant.headers, "Content-Type": kind, **sent}
        return self.web.post(f"{self.path}{query}", content=content, headers=sent)

    def import_rows(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        answer = self.post(json.dumps(rows).encode(), "application/json")
        assert answer.status_code == 201, answer.text
        return answer.json()

    def invite(self, **data: Any) -> dict[str, Any]:
        """Import one recipient, and return it."""
        made = self.import_rows([{"reference": "one", "personalizationData": data}])
        assert made["accepted"] == 1, made
        return self.list()[-1]

    def list(self, query: str = "?limit=500") -> list[dict[str, Any]]:
        return self.get(query)["items"]

    def get(self, path: str = "") -> Any:
        answer = self.web.get(f"{self.path}{path}", headers=self.tenant.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def revoke(self, recipient: dict[str, Any]) -> dict[str, Any]:
        path = f"{self.path}/{recipient['id']}/revoke"
        answer = self.web.post(path, headers=self.tenant.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def delete(self, path: str = "") -> httpx.Response:
        return self.web.delete(f"{self.path}{path}", headers=self.tenant.headers)

    def page(self, recipient: dict[str, Any]) -> httpx.Response:
        return self.web.get(recipient["url"].removeprefix("http://testserver"))


def recipients_of(
    web: TestClient, tenant: Tenant, video: dict[str, Any], manifest: Any = MANIFEST
) -> Recipients:
    """Create a template of a video, publish it to DEV, and create the share."""
    templates = templates_of(web, tenant, video)
    made = templates.create(manifest=manifest, files=())
    assert templates.publish("DEV", made).status_code == 200
    return with_share(templates)


def with_share(templates: Templates) -> Recipients:
    recipients = Recipients(templates.web, templates.tenant, templates.project_id)
    recipients.put_share()
    return recipients


def csv_of(names: list[str], *rows: list[str]) -> bytes:
    """A CSV file."""
    file = io.StringIO()
    csv.writer(file).writerows([names, *rows])
    return file.getvalue().encode()
