"""Every way to take back an address: a stage, and the acts on it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID

from starlette.testclient import TestClient

from playout.core.accounts import service as accounts
from playout.core.accounts.model import Key
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.projects import service as projects
from playout.core.unit import Origin
from playout.core.videos import queries, sources
from playout.core.videos.model import Video
from playout.runtime import Runtime
from tests.helpers.tenants import Tenant, bearer
from tests.pages.helpers.reader import Page
from tests.pages.helpers.share_landing import Landing
from tests.pages.helpers.stored_video import store


@dataclass(frozen=True)
class Stage:
    """A tenant with a stored video, and the ways in which its address is given out."""

    web: TestClient
    runtime: Runtime
    tenant: Tenant
    folder: Path
    landing: Landing

    def enter(self, key: str = "", **fields: object) -> dict[str, Any]:
        body = {"title": "Stored", "workspace": self.tenant.project_id} | fields
        headers = bearer(key) if key else self.tenant.headers
        video = self.web.post("/api/v1/videos/", json=body, headers=headers).json()
        store(self.runtime, UUID(video["uid"]), self.folder / "file")
        return video

    def publish(self, video: dict[str, Any]) -> None:
        self.call("post", video, "publish/")

    def call(self, method: str, video: dict[str, Any], part: str = "", **options: object):
        path = f"/api/v1/videos/{video['id']}/{part}"
        answer = self.web.request(method, path, headers=self.tenant.headers, **options)
        assert answer.is_success, answer.text
        return answer

    def address(self, video: dict[str, Any], key: str = "") -> str:
        """The address that the Videos API gives to a key."""
        headers = bearer(key) if key else self.tenant.headers
        answer = self.web.get(f"/api/v1/videos/{video['id']}/", headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()["video"]

    def key(self, role: Role, **more: object) -> tuple[int, str]:
        with self.runtime.work.write(OPERATOR, Origin("tests")) as unit:
            key, secret = accounts.create_key(
                unit, self.runtime.signer, self.tenant.organization, "Key", role=role, **more
            )
        return key.id, secret

    def member(self, role: Role) -> tuple[str, int, str]:
        """A new member's address, and the id and the text of the token."""
        email = f"{secrets.token_hex(8)}@example.com"
        organization = self.tenant.organization
        with self.runtime.work.write(OPERATOR, Origin("tests")) as unit:
            user = accounts.add_member(unit, organization, email, "Ada Lind", role)
            key, secret = accounts.create_key(
                unit, self.runtime.signer, organization, "Token", user=user
            )
        return email, key.id, secret

    def act(self, act: Callable[..., object], *arguments: object) -> None:
        """Carry out a use case as the operator."""
        with self.runtime.work.write(OPERATOR, Origin("tests")) as unit:
            act(unit, *arguments)

    def other_project(self) -> int:
        with self.runtime.work.write(OPERATOR, Origin("tests")) as unit:
            return projects.create(unit, self.tenant.organization, "Elsewhere").id


Case = tuple[str, Callable[[], object]]
"""An address that opens a file, and the act that takes it back."""


def unpublished(stage: Stage) -> Case:
    video = stage.enter(visibility="public")
    stage.publish(video)
    return stage.address(video), lambda: stage.call("delete", video, "publish/")


def visibility_narrowed(stage: Stage) -> Case:
    video = stage.enter(visibility="public")
    stage.publish(video)
    change = {"visibility": "private"}
    return stage.address(video), lambda: stage.call("patch", video, json=change)


def visibility_narrowed_below_a_key(stage: Stage) -> Case:
    video, (_, viewer) = stage.enter(visibility="org"), stage.key(Role.VIEWER)
    stage.publish(video)
    change = {"visibility": "private"}
    return stage.address(video, viewer), lambda: stage.call("patch", video, json=change)


def draft_published_as_private(stage: Stage) -> Case:
    video, (_, developer) = stage.enter(visibility="private"), stage.key(Role.DEVELOPER)
    return stage.address(video, developer), lambda: stage.publish(video)


def deleted(stage: Stage) -> Case:
    video = stage.enter()
    return stage.address(video), lambda: stage.call("delete", video)


def key_revoked(stage: Stage) -> Case:
    key_id, key = stage.key(Role.DEVELOPER)
    address = stage.address(stage.enter(), key)
    return address, lambda: stage.act(accounts.revoke_key, key_id)


def key_role_lowered(stage: Stage) -> Case:
    key_id, key = stage.key(Role.DEVELOPER)
    return stage.address(stage.enter(), key), lambda: stage.act(change_key, key_id, Role.VIEWER)


def key_confined(stage: Stage) -> Case:
    key_id, key = stage.key(Role.DEVELOPER)
    other = stage.other_project()
    return stage.address(stage.enter(), key), lambda: stage.act(
        change_key, key_id, Role.DEVELOPER, [other]
    )


def change_key(unit, key_id: int, role: Role, project_ids: list[int] | None = None) -> None:
    """Change what a key may do. No API offers that today."""
    key = unit.session.get_one(Key, key_id)
    key.role, key.project_ids = role, project_ids
    unit.record("key.updated", key)


def sub_account_key_revoked(stage: Stage) -> Case:
    key = stage.tenant.sub_account_key()
    address = stage.address(stage.enter(key), key)
    key_id = stage.runtime.credentials.resolve(key).key_id
    return address, lambda: stage.act(accounts.revoke_key, key_id)


def member_removed(stage: Stage) -> Case:
    email, _, token = stage.member(Role.DEVELOPER)
    address = stage.address(stage.enter(), token)
    return address, lambda: stage.act(accounts.remove_member, stage.tenant.organization, email)


def member_role_lowered(stage: Stage) -> Case:
    email, _, token = stage.member(Role.DEVELOPER)
    address, organization = stage.address(stage.enter(), token), stage.tenant.organization
    return address, lambda: stage.act(
        accounts.add_member, organization, email, "Ada Lind", Role.VIEWER
    )


def member_token_revoked(stage: Stage) -> Case:
    _, token_id, token = stage.member(Role.DEVELOPER)
    address = stage.address(stage.enter(), token)
    return address, lambda: stage.act(accounts.revoke_key, token_id)


def token_of_a_watch_page_revoked(stage: Stage) -> Case:
    _, token_id, token = stage.member(Role.VIEWER)
    video = stage.enter(visibility="org")
    stage.publish(video)
    page = stage.call("get", video).json()["custom_url"]
    answer = stage.web.get(page, headers={"Authorization": f"Bearer {token}"})
    found = Page(answer.text).film()
    return unescape(found["src"]), lambda: stage.act(accounts.revoke_key, token_id)


def moved_to_another_project(stage: Stage) -> Case:
    _, key = stage.key(Role.DEVELOPER, project_ids=[stage.tenant.project_id])
    video, other = stage.enter(), stage.other_project()
    change = {"workspace": other}
    return stage.address(video, key), lambda: stage.call("patch", video, json=change)


def share_disabled(stage: Stage) -> Case:
    stage.enter()
    share = stage.landing.put()
    return stage.landing.source(share), lambda: stage.landing.act(share, "disable")


def share_rotated(stage: Stage) -> Case:
    stage.enter()
    share = stage.landing.put()
    return stage.landing.source(share), lambda: stage.landing.act(share, "rotate-slug")


def project_archived(stage: Stage) -> Case:
    stage.enter()
    share = stage.landing.put()
    return stage.landing.source(share), lambda: stage.landing.archive(share)


def credential_of_a_share_revoked(stage: Stage) -> Case:
    stage.enter()
    project = {"projectId": stage.landing.put()["projectId"]}
    credential = stage.landing.post("/api/credentials", project)["id"]
    address = stage.landing.source(stage.landing.put(apiCredentialId=credential))
    return address, lambda: stage.landing.post(f"/api/credentials/{credential}/revoke")


def share_pinned_to_another_video(stage: Stage) -> Case:
    first, second = stage.enter(), stage.enter()
    share = stage.landing.put(videoId=first["uid"])
    change = {"videoId": second["uid"]}
    return stage.landing.source(share), lambda: stage.landing.put(**change)


def share_plays_a_newer_video(stage: Stage) -> Case:
    stage.enter()
    return stage.landing.source(stage.landing.put()), stage.enter


def source_replaced_at_once(stage: Stage) -> Case:
    video = stage.enter(visibility="public")
    stage.publish(video)

    def replace() -> None:
        with stage.runtime.work.write(OPERATOR, Origin("tests")) as unit:
            found = queries.for_update(unit, int(video["id"]))
            assert isinstance(found, Video)
            sources.replaced.replace_source(unit, found, at_once=True)
        store(stage.runtime, UUID(video["uid"]), stage.folder / "file")

    return stage.address(video), replace


def guest_link(stage: Stage, **fields: object) -> tuple[str, dict[str, Any], str]:
    """The address that a new guest link gives, its video, and the path of the link."""
    video = stage.enter()
    stage.publish(video)
    made = stage.call("post", video, "links/", json={"name": "Guest"} | fields).json()
    if "password" in fields:
        sent, headers = {"password": fields["password"]}, {"Origin": "http://testserver"}
        page = stage.web.post(made["url"], data=sent, headers=headers)
    else:
        page = stage.web.get(made["url"])
    found = Page(page.text).film()
    return unescape(found["src"]), video, f"links/{made['id']}/"


def guest_link_revoked(stage: Stage) -> Case:
    address, video, path = guest_link(stage)
    return address, lambda: stage.call("delete", video, path)


def password_of_a_guest_link_changed(stage: Stage) -> Case:
    address, video, path = guest_link(stage, password="one")
    return address, lambda: stage.call("patch", video, path, json={"password": "two"})


WAYS = [
    unpublished,
    visibility_narrowed,
    visibility_narrowed_below_a_key,
    draft_published_as_private,
    deleted,
    key_revoked,
    key_role_lowered,
    key_confined,
    sub_account_key_revoked,
    member_removed,
    member_role_lowered,
    member_token_revoked,
    token_of_a_watch_page_revoked,
    moved_to_another_project,
    share_disabled,
    share_rotated,
    project_archived,
    credential_of_a_share_revoked,
    share_pinned_to_another_video,
    share_plays_a_newer_video,
    source_replaced_at_once,
    guest_link_revoked,
    password_of_a_guest_link_changed,
]
