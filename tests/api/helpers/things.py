"""An organization with one of everything that an address or a body can name."""

import secrets
from base64 import b64encode
from typing import Any
from uuid import UUID

from starlette.testclient import TestClient

from playout.core.accounts import service as accounts
from playout.core.media.model import Asset
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.processing import control
from playout.core.projects import service as projects
from playout.core.renders.model import BaseState, FilmBase
from playout.core.unit import Origin
from playout.core.videos import service as videos
from playout.core.videos import sources
from playout.core.videos.model import VideoFields
from playout.core.webhooks.model import Delivery, DeliveryState
from playout.kit.ids import uuid7
from tests.api.helpers.forms import template_form
from tests.api.helpers.uploads import picture
from tests.helpers.live import until
from tests.helpers.tenants import EXTERNAL, Tenant, bearer

INNER = "Of a project and nobody else's"
"""Stands in the name of all that belongs to a project."""
SHARE = "/api/Projects/{project_id}/public-video-shares"


class Things(dict[str, Any]):
    """Ids and names, each made when it is first asked for, all of one organization."""

    def __init__(
        self, web: TestClient, tenant: Tenant, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(workspace_id=tenant.project_id, channel="PROD")
        self.web, self.tenant = web, tenant
        self.headers = headers or bearer(make_key(tenant)[1])

    def __missing__(self, name: str) -> Any:
        if name.startswith("new_"):
            return f"x{secrets.token_hex(8)}"
        self[name] = made = getattr(self, f"_{name}")()
        return made

    def _ask(self, method: str, path: str, body: object) -> Any:
        sent = filled(body, self)
        answer = self.web.request(method, path.format_map(self), json=sent, headers=self.headers)
        assert answer.is_success, answer.text
        return answer.json()

    def _made(self, path: str, **body: object) -> int:
        return self._ask("POST", f"/api/v1/{path}/", body)["id"]

    def _video(self) -> dict[str, Any]:
        body = {"title": INNER, "workspace": "{workspace_id}", "external_url": EXTERNAL}
        return self._ask("POST", "/api/v1/videos/", body)

    def _video_id(self) -> int:
        video = self._video()
        self["video_uid"] = video["uid"]
        return video["id"]

    def _video_uid(self) -> str:
        return self["video_id"] and self["video_uid"]

    def _published(self) -> int:
        video = self._video()
        path = f"/api/v1/videos/{video['id']}/publish/"
        self["url"] = self._ask("POST", path, {"visibility": "org"})["custom_url"]
        self["session_id"] = video["session_id"]
        return video["id"]

    def _working(self) -> int:
        """A video of which something is being made, for as long as nobody stops it."""
        return self._processed(self._video()["id"])

    def _working_session(self) -> str:
        video = self._video()
        self._processed(video["id"])
        return video["session_id"]

    def _joined_session(self) -> str:
        return self._video()["session_id"]

    def _processed(self, video_id: int) -> int:
        with self.tenant.runtime.work.write(OPERATOR, Origin("tests")) as unit:
            video = videos.get_for_update(unit, video_id)
            asset = Asset(id=uuid7(), organization_id=video.organization_id, created_at=unit.now)
            sources.start_processing(unit, video, asset)
        return video_id

    def _cancelled(self) -> int:
        video_id = self._working()
        with self.tenant.runtime.work.write(OPERATOR, Origin("tests")) as unit:
            control.cancel(unit, video_id)
        return video_id

    def _publication_id(self) -> str:
        body = {"session_id": self._video()["session_id"]}
        return self._ask("POST", "/v1/publications/publish", body)["publication_id"]

    def _untried(self) -> int:
        """A video without an experiment."""
        return self._video()["id"]

    def _experiment_id(self) -> int:
        variants = [{"key": "a"}, {"key": "b", "title": INNER}]
        path = f"videos/{self['video_id']}/experiments"
        return self._made(path, name=INNER, goal="play", variants=variants)

    def _look(self) -> str:
        """The page of a video that keeps the look of a winner."""
        path = f"videos/{self['video_id']}/experiments"
        variants = [{"key": "a"}, {"key": "b", "title": INNER}]
        made = self._made(path, name=INNER, goal="play", page="links", variants=variants)
        self._ask("POST", f"/api/v1/{path}/{made}/decide/", {"winner": "b"})
        return "links"

    def _url(self) -> str:
        return self["published"] and self["url"]

    def _session_id(self) -> str:
        return self["published"] and self["session_id"]

    def _section_id(self) -> int:
        return self._made(f"videos/{self['video_id']}/sections", order=1, title=INNER, content={})

    def _with_poster(self) -> int:
        video_id = self._video()["id"]
        path = f"/api/v1/videos/{video_id}/poster/"
        answer = self.web.put(path, content=picture(), headers=self.headers)
        assert answer.is_success, answer.text
        return video_id

    def _caption_language(self) -> str:
        path = f"/api/v1/videos/{self['video_id']}/captions/en/"
        data = b"1\n0:0:1,000 --> 0:0:2,000\nHello\n"
        answer = self.web.put(path, content=data, headers=self.headers)
        assert answer.is_success, answer.text
        return "en"

    def _sectioned(self) -> int:
        """A video of which a section has a file, at an address that may not be reached."""
        video_id = self._video()["id"]
        file = "http://169.254.169.254/section.mp4"
        self._made(f"videos/{video_id}/sections", order=1, content={}, video_file=file)
        return video_id

    def _upload_id(self) -> str:
        said = f"video {b64encode(str(self['video_id']).encode()).decode()}"
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "8", "Upload-Metadata": said}
        answer = self.web.post("/uploads/", headers=self.headers | headers)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    def _templates(self) -> int:
        return self._made("templates", name="{new_name}")

    def _categories(self) -> int:
        return self._made("categories", name="{new_name}")

    def _subcategories(self) -> int:
        return self._made("subcategories", name="{new_name}", category="{categories}")

    def _tags(self) -> int:
        return self._made("tags", name="{new_name}")

    def _sub_account_id(self) -> int:
        return self._made("sub-accounts", name="{new_name}")

    def _key_id(self) -> int:
        return make_key(self.tenant)[0]

    def _organization_id(self) -> str:
        return str(self.tenant.organization.uid)

    def _project_id(self) -> str:
        """A project by itself, so that what is done to it is done to nothing else."""
        with self.tenant.runtime.work.write(OPERATOR, Origin("tests")) as unit:
            made = projects.create(unit, self.tenant.organization, self["new_name"])
        return str(made.uid)

    def _template_id(self) -> str:
        """A film template with a poster, of a project by itself."""
        with self.tenant.runtime.work.write(OPERATOR, Origin("tests")) as unit:
            project = projects.get(unit, UUID(self["project_id"]))
            fields: VideoFields = {"title": INNER, "project_id": project.id}
            video_uid = videos.create(unit, fields, external_url=EXTERNAL).uid
        media_type, form = template_form(videoId=str(video_uid))
        path = f"/api/Projects/{self['project_id']}/templates/upload"
        headers = {**self.headers, "Content-Type": media_type}
        answer = self.web.post(path, content=form, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()["id"]

    def _filmed(self) -> str:
        """A channel whose template has a base, which is none that could be played."""
        channel, template = self["held"], self["template_id"]
        with self.tenant.runtime.work.write(OPERATOR, Origin("tests")) as unit:
            organization, now = self.tenant.organization.id, unit.now
            asset = Asset(id=uuid7(), organization_id=organization, created_at=now)
            unit.session.add(asset)
            unit.session.flush()
            ready = {"state": BaseState.READY, "layout": {}, "created_at": now}
            unit.session.add(
                FilmBase(id=uuid7(), template_id=UUID(template), asset_id=asset.id, **ready)
            )
        return channel

    def _render_id(self) -> str:
        body = {"channel": "{filmed}", "personalizationData": {"name": INNER}}
        return self._ask("POST", "/api/Projects/{project_id}/renders", body)["id"]

    def _held(self) -> str:
        path = "/api/Projects/{project_id}/distribution-channels/DEV/publish"
        self._ask("POST", path, {"templateId": "{template_id}"})
        return "DEV"

    def _invited(self) -> str:
        """A channel with a template and a share."""
        channel = self["held"]
        self._ask("PUT", f"{SHARE}/{channel}", {"publicTitle": INNER})
        return channel

    def _import_id(self) -> str:
        rows = [{"personalizationData": {"name": INNER}}]
        return self._ask("POST", f"{SHARE}/{{invited}}/recipients", rows)["id"]

    def _recipient_id(self) -> str:
        path = f"{SHARE}/{{invited}}/recipients"
        return self["import_id"] and self._ask("GET", path, None)["items"][0]["id"]

    def _with_recipients(self) -> str:
        return self["import_id"] and self["invited"]

    def _share(self) -> str:
        self._ask("PUT", f"{SHARE}/PROD", {"publicTitle": INNER})
        return "PROD"

    def _shared(self) -> int:
        """The workspace that is the project of the share."""
        uid = self["project_id"] if self["share"] else ""
        found = self.web.get("/api/v1/workspaces/?page_size=200", headers=self.headers).json()
        return next(each["id"] for each in found["results"] if each["uid"] == uid)

    def _untried_share(self) -> str:
        """A share without an experiment."""
        self._ask("PUT", f"{SHARE}/DEV", {"publicTitle": INNER})
        return "DEV"

    def _share_experiment_id(self) -> int:
        variants = [{"key": "a"}, {"key": "b", "title": INNER}]
        path = f"workspaces/{self['shared']}/shares/{self['share']}/experiments"
        return self._made(path, name=INNER, goal="play", variants=variants)

    def _share_with_look(self) -> str:
        """A share that keeps the look of a winner."""
        path = f"workspaces/{self['shared']}/shares/{self['untried_share']}/experiments"
        variants = [{"key": "a"}, {"key": "b", "start_seconds": 1}]
        made = self._made(path, name=INNER, goal="play", variants=variants)
        self._ask("POST", f"/api/v1/{path}/{made}/decide/", {"winner": "b"})
        return "DEV"

    def _disabled(self) -> str:
        self._ask("PUT", f"{SHARE}/STAGING", {"publicTitle": INNER})
        self._ask("POST", f"{SHARE}/STAGING/disable", None)
        return "STAGING"

    def _credential_id(self) -> str:
        return self.credential()["id"]

    def credential(self, name: str = INNER) -> dict[str, str]:
        body = {"projectId": "{project_id}", "name": name}
        return self._ask("POST", "/api/credentials", body)

    def _branded(self) -> int:
        """A workspace by itself, whose brand has both pictures."""
        self._ask("POST", "/api/Projects", {"name": "{new_name}"})
        found = self.web.get("/api/v1/workspaces/?page_size=200", headers=self.headers).json()
        workspace = max(each["id"] for each in found["results"])
        for name in ("logo", "favicon"):
            path = f"/api/v1/workspaces/{workspace}/brand/{name}/"
            answer = self.web.put(path, content=picture(), headers=self.headers)
            assert answer.is_success, answer.text
        return workspace

    def _link_id(self) -> int:
        return self._made(f"videos/{self['video_id']}/links", name=INNER)

    def _webhook_id(self) -> int:
        """Nothing but a test is ever sent to it, and that is refused."""
        body = {"url": "http://127.0.0.1:1/", "event_types": ["webhook.disabled"]}
        return self._made("webhooks", **body, description=INNER)

    def _paused(self) -> int:
        webhook = self._webhook_id()
        self._ask("POST", f"/api/v1/webhooks/{webhook}/pause/", None)
        return webhook

    def _delivery_id(self) -> int:
        """A delivery that waits, so that it stays as it is."""
        webhook = self._paused()
        self._ask("POST", f"/api/v1/webhooks/{webhook}/test/", None)
        path = f"/api/v1/webhook-deliveries/?webhook={webhook}"
        found = until(lambda: self._ask("GET", path, None)["results"], 10, "a delivery")
        return found[0]["id"]

    def _failed(self) -> int:
        """A paused endpoint, a delivery to which has failed."""
        delivery = self._delivery_id()
        with self.tenant.runtime.database.write_session() as session:
            row = session.get(Delivery, delivery)
            row.state = DeliveryState.FAILED
            return row.endpoint_id

    def _production_id(self) -> str:
        return str(self["video_id"])

    def _distribution_id(self) -> str:
        return self._part("distributions")

    def _activation_id(self) -> str:
        return self._part("activations")

    def _part(self, noun: str) -> str:
        path = f"/productions/{{production_id}}/{noun}"
        return self._ask("POST", path, [{"name": INNER}])["data"][0]["id"]


class PublishedThings(Things):
    """The same, with every video published."""

    def _video(self) -> dict[str, Any]:
        video = super()._video()
        return self._ask("POST", f"/api/v1/videos/{video['id']}/publish/", {"visibility": "org"})


def filled(body: Any, things: Any) -> Any:
    """A body in which each text "{name}" is what goes by that name."""
    if isinstance(body, dict):
        return {name: filled(value, things) for name, value in body.items()}
    if isinstance(body, list):
        return [filled(value, things) for value in body]
    if isinstance(body, str) and body.startswith("{"):
        return things[body[1:-1]]
    return body


def make_key(tenant: Tenant, **wanted: Any) -> tuple[int, str]:
    """The id and the text of a new key, an administrator's unless something else is wanted."""
    with tenant.runtime.work.write(OPERATOR, Origin("tests")) as unit:
        signer, role = tenant.runtime.signer, Role.ORGANIZATION_ADMIN
        wanted = {"role": role} | wanted
        key, secret = accounts.create_key(unit, signer, tenant.organization, "Key", **wanted)
        return key.id, secret
