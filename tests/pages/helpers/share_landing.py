"""The shares of a tenant's project, and the videos that their landing pages play."""

from dataclasses import dataclass
from html import unescape

from starlette.testclient import TestClient

from tests.pages.helpers.reader import Page

OFFER = {
    "publicTitle": "Your offer",
    "publicSubtitle": "Prepared for you",
    "locale": "es-CL",
    "ctaLabel": "Apply now",
    "ctaUrl": "https://bank.example.com/apply?a=1&b=2",
}


@dataclass(frozen=True)
class Landing:
    """The landing pages of the tenant's first project."""

    web: TestClient
    headers: dict[str, str]

    def put(self, channel: str = "DEV", **fields: object) -> dict[str, str]:
        """Create or change a share."""
        (project,) = self.web.get("/api/Projects", headers=self.headers).json()
        path = f"/api/Projects/{project['id']}/public-video-shares/{channel}"
        answer = self.web.put(path, json=OFFER | fields, headers=self.headers)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def act(self, share: dict[str, str], verb: str) -> None:
        """Disable, restore or rotate a share."""
        path = f"/public-video-shares/{share['channel']}/{verb}"
        self.post(f"/api/Projects/{share['projectId']}{path}")

    def archive(self, share: dict[str, str]) -> None:
        self.post(f"/api/Projects/{share['projectId']}/archive")

    def post(self, path: str, body: object = None) -> dict[str, str]:
        answer = self.web.post(path, json=body, headers=self.headers)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def source(self, share: dict[str, str]) -> str:
        """Return the address of the video that the page plays."""
        answer = self.web.get(f"/s/{share['slug']}")
        assert answer.status_code == 200, answer.text
        found = Page(answer.text).film()
        return unescape(found["src"] or "")
