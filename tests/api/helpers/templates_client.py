"""A client of the routes of film templates."""

import json
from dataclasses import dataclass
from typing import Any

import httpx2 as httpx
from starlette.testclient import TestClient

from tests.api.helpers.uploads import picture
from tests.helpers.tenants import Tenant, bearer

MANIFEST: dict[str, Any] = {
    "version": 1,
    "fields": {
        "name": {"type": "text", "required": True, "maxLength": 40},
        "portrait": {"type": "image", "default": "face.png"},
    },
    "elements": [
        {
            **{"id": "greeting", "type": "text", "text": "Hello {{name}}", "start": 0, "end": 3},
            **{"x": 0.1, "y": 0.1, "width": 0.8, "height": 0.4, "size": 0.1},
        },
        {
            **{"id": "face", "type": "image", "asset": "{{portrait}}", "start": 0, "end": 3},
            **{"x": 0.1, "y": 0.6, "width": 0.2, "height": 0.3},
        },
    ],
}
FACE = ("assetFiles[]", ("face.png", picture(), "image/png"))


@dataclass(frozen=True)
class Templates:
    """The templates of the first project of a tenant."""

    web: TestClient
    tenant: Tenant
    project_id: str
    video_id: str

    @property
    def path(self) -> str:
        return f"/api/Projects/{self.project_id}/templates"

    @property
    def channels(self) -> str:
        return f"/api/Projects/{self.project_id}/distribution-channels"

    def upload(
        self,
        manifest: Any = MANIFEST,
        files: Any = (FACE,),
        key: str | None = None,
        headers: dict[str, str] | None = None,
        **fields: str | None,
    ) -> httpx.Response:
        """Upload a template. A field that is None is left out."""
        texts = {
            **{"kind": "Raster", "manifestJson": json.dumps(manifest), "videoId": self.video_id},
            **fields,
        }
        data = {name: value for name, value in texts.items() if value is not None}
        sent = bearer(key or self.tenant.key) | (headers or {})
        return self.web.post(
            f"{self.path}/upload", data=data, files=[*files, _NO_FILE], headers=sent
        )

    def create(self, **fields: Any) -> dict[str, Any]:
        answer = self.upload(**fields)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def get(self, path: str = "") -> Any:
        answer = self.web.get(f"{self.path}{path}", headers=self.tenant.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def states(self) -> dict[int, str]:
        return {each["version"]: each["state"] for each in self.get()}

    def publish(self, channel: str, template: dict[str, Any]) -> httpx.Response:
        body = {"templateId": template["id"]}
        return self.post(f"{self.channels}/{channel}/publish", body)

    def held(self) -> dict[str, str | None]:
        answer = self.web.get(self.channels, headers=self.tenant.headers)
        return {each["channel"]: each["activeTemplateId"] for each in answer.json()}

    def post(self, path: str, body: Any = None) -> httpx.Response:
        return self.web.post(path, json=body, headers=self.tenant.headers)


_NO_FILE = ("unused", ("unused.txt", b"", "text/plain"))
"""It makes every request a form with files, as the API wants it."""


def templates_of(web: TestClient, tenant: Tenant, video: dict[str, Any]) -> Templates:
    (project,) = web.get("/api/Projects", headers=tenant.headers).json()
    return Templates(web, tenant, project["id"], video["uid"])
