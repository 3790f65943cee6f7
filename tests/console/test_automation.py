"""The room of automation: keys, webhooks with their deliveries, and events."""

import re
from html import unescape

import pytest
from starlette.routing import Route

from playout.core.permissions import ORDER, Role
from tests.helpers.live import until
from tests.helpers.tenants import bearer
from tests.helpers.webhook_receiver import Receiver, answer, receiving

ORIGIN = {"Origin": "http://testserver"}
ROLES = tuple(role for role in Role if role is not Role.OWNER)
VIEWER, MANAGER, ADMIN = Role.VIEWER, Role.PROJECT_MANAGER, Role.ORGANIZATION_ADMIN
LEAST_TO_SEE = {
    f"/console/audience{path}{below}": least
    for path, least in {
        "": VIEWER,
        "/projects/{project}": VIEWER,
        "/projects/{project}/shares/{channel}": VIEWER,
        "/videos/{video}": VIEWER,
        "/videos/{video}/links/{link}": MANAGER,
    }.items()
    for below in ("", "/now", "/export")
} | {
    "/console/automation": VIEWER,
    "/console/automation/events": VIEWER,
    "/console/automation/events/after/{position}": VIEWER,
    "/console/automation/keys": ADMIN,
    "/console/automation/webhooks": ADMIN,
    "/console/automation/webhooks/{webhook}": ADMIN,
    "/console/automation/deliveries/{delivery}": ADMIN,
}
"""Every page of the two rooms, and the least role that sees it."""
FORMS = {
    "/console/automation/keys",
    "/console/automation/keys/{key}/revoke",
    "/console/automation/webhooks",
    "/console/automation/webhooks/{webhook}",
    "/console/automation/webhooks/{webhook}/secret",
    "/console/automation/webhooks/{webhook}/rotate",
    "/console/automation/webhooks/{webhook}/resend",
    "/console/automation/webhooks/{webhook}/delete",
    "/console/automation/webhooks/{webhook}/{verb}",
    "/console/automation/deliveries/{delivery}/resend",
}
"""Every form of the two rooms. All are for administrators."""


@pytest.fixture
def look(web, tenant):
    """Opens a page as a member with a role."""

    def look(path: str, role: Role = Role.ORGANIZATION_ADMIN, status: int = 200) -> str:
        answer = web.get(f"/console/automation{path}", headers=bearer(tenant.keys[role]))
        assert answer.status_code == status, answer.text
        assert status != 200 or answer.headers["cache-control"] == "private, no-store"
        return answer.text

    return look


@pytest.fixture
def send(web, tenant):
    """Sends a form; returns the answer."""

    def send(path: str, by: Role = Role.ORGANIZATION_ADMIN, **fields: str):
        headers = bearer(tenant.keys[by]) | ORIGIN
        path = f"/console/automation{path}"
        return web.post(path, data=fields, headers=headers, follow_redirects=False)

    return send


@pytest.fixture
def receiver():
    with receiving({"/": answer(500, b"<b>out of order</b>")}) as receiver:
        yield receiver


class TestKeys:
    def test_are_shown_once_work_and_stop(self, web, look, send, tenant):
        made = send("/keys", name="<Studio>", role="Developer", project=str(tenant.project_id))
        assert made.status_code == 200
        secret = re.search(r'value="(app\.v1[^"]+)"', made.text)[1]
        assert "&lt;Studio&gt;" in made.text
        assert web.get("/api/v1/videos/", headers=bearer(secret)).status_code == 200
        later = look("/keys")
        assert secret not in later
        assert f"…{secret[-4:]}" in later
        (key,) = re.findall(r"/automation/keys/(\d+)/revoke[^>]*>\s*<button[^>]*Studio", later)
        assert send(f"/keys/{key}/revoke").status_code == 303
        assert web.get("/api/v1/videos/", headers=bearer(secret)).status_code == 401
        assert "Show revoked keys" in look("/keys")

    @pytest.mark.parametrize(
        "wrong", [{"name": " "}, {"role": "Owner"}, {"role": ""}, {"project": "999999999"}]
    )
    def test_wrong_fields_are_told(self, send, wrong):
        answer = send("/keys", **({"name": "A key", "role": "Viewer"} | wrong))
        assert answer.status_code == 400
        assert 'role="alert"' in answer.text

    def test_of_others_are_neither_seen_nor_revoked(self, web, look, other_tenant, send, tenant):
        (ours, *_) = re.findall(r"/automation/keys/(\d+)/revoke", look("/keys"))
        path = f"/console/automation/keys/{ours}/revoke"
        assert web.post(path, headers=other_tenant.headers | ORIGIN).status_code == 404
        assert web.get("/api/v1/videos/", headers=tenant.headers).status_code == 200


class TestWebhooks:
    def test_one_is_made_tried_read_and_sent_again(self, look, send, receiver: Receiver):
        made = send("/webhooks", url=receiver.url(), event_types="video.published, share.*")
        assert made.status_code == 303
        path = made.headers["location"].removeprefix("/console/automation")
        html = look(path)
        assert 'value="video.published, share.*"' in html
        assert "whsec_" not in html
        assert send(f"{path}/test").status_code == 303
        found = until(
            lambda: re.findall(r"/automation(/deliveries/\d+)", look(path)), 30, "a delivery"
        )
        told = until(lambda: "out of order" in look(found[0]) and look(found[0]), 30, "an attempt")
        assert "Answered 500" in told
        assert "&lt;b&gt;out of order" in told
        assert "webhook.test" in told
        receiver.answers["/"] = answer(204)
        assert send(f"{found[0]}/resend").status_code == 303
        until(lambda: "Delivered" in look(found[0]), 30, "the delivery")
        assert "Delivered" in look(f"{path}?state=delivered")
        assert "There are none here" in look(f"{path}?state=failed")
        assert send(f"{path}/resend").status_code == 400
        assert send(f"{path}/resend", since="2026-01-01T00:00").status_code == 303

    def test_its_secret_is_shown_and_changed(self, look, send, receiver):
        made = send("/webhooks", url=receiver.url(), event_types="*")
        path = made.headers["location"].removeprefix("/console/automation")
        (first,) = re.findall(r'value="(whsec_[^"]+)"', send(f"{path}/secret").text)
        second, before = re.findall(r'value="(whsec_[^"]+)"', send(f"{path}/rotate").text)
        assert before == first != second

    def test_it_is_changed_paused_resumed_and_deleted(self, look, send, receiver, tenant):
        made = send("/webhooks", url=receiver.url(), event_types="*")
        path = made.headers["location"].removeprefix("/console/automation")
        etag = unescape(re.search(r'name="etag" value="([^"]+)"', look(path))[1])
        fields = {"url": receiver.url(), "event_types": "video.*", "rate": "5", "etag": etag}
        assert send(path, **fields, project=str(tenant.project_id)).status_code == 303
        changed = look(path)
        assert 'value="video.*"' in changed
        assert f'<option value="{tenant.project_id}" selected' in changed
        late = send(path, **fields | {"description": "Mine"})
        assert late.status_code == 412
        assert 'value="Mine"' in late.text
        send(f"{path}/pause")
        assert "Paused" in look(path)
        send(f"{path}/resume")
        assert "Sends" in look(path)
        assert send(f"{path}/explode").status_code == 404
        assert send(f"{path}/delete").status_code == 303
        look(path, status=404)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"url": ""},
            {"url": "ftp://example.com"},
            {"event_types": "nothing.happened"},
            {"event_types": ""},
            {"rate": "0"},
            {"rate": "1e3"},
            {"project": "x"},
            {"project": "999999999"},
        ],
    )
    def test_wrong_fields_are_told_and_nothing_is_lost(self, send, wrong):
        fields = {"url": "https://example.com/in", "event_types": "*", "description": "Keep"}
        answer = send("/webhooks", **fields | wrong)
        assert answer.status_code == 400
        assert 'role="alert"' in answer.text
        assert 'value="Keep"' in answer.text


class TestEvents:
    def test_are_shown_filtered_and_followed(self, look, make_video):
        make_video(title="One")
        html = look("/events")
        assert '<span class="mono">video.created</span>' in html
        assert "video.created" not in look("/events?type=share.*")
        (position,) = re.findall(r'data-position="([\d-]+)"', html)
        make_video(title="Two & three")
        more = look(f"/events/after/{position}")
        assert more.count("video.created") == 1
        assert "<html" not in more
        (next_,) = re.findall(r'data-position="([\d-]+)"', more)
        assert "video.created" not in look(f"/events/after/{next_}")
        for wrong in ("nowhere", f"1-{'9' * 30}", "-1-0"):
            look(f"/events/after/{wrong}", status=404)

    def test_of_others_are_not_shown(self, web, look, make_video, other_tenant):
        make_video()
        html = web.get("/console/automation/events", headers=other_tenant.headers).text
        assert "video.created" not in html


class TestRoles:
    @pytest.mark.parametrize("role", ROLES)
    def test_a_role_sees_no_way_that_it_would_be_refused(self, web, look, send, tenant, role):
        send("/webhooks", url="https://example.com/in", event_types="*")
        headers = bearer(tenant.keys[role])
        for page in ("", "/events"):
            for path in re.findall(
                r'(?:href|action)="/console/automation([^"?]*)', look(page, role)
            ):
                answer = web.get(f"/console/automation{path}", headers=headers)
                assert answer.status_code in {200, 405}, (role, path)

    def test_the_table_has_every_address_of_the_rooms(self, web):
        """Those of experiments are in the table of roles and forms."""
        rooms = ("/console/audience", "/console/automation")
        routes = [
            each
            for each in web.app.routes
            if isinstance(each, Route)
            and each.path.startswith(rooms)
            and "/experiments" not in each.path
        ]
        assert {each.path for each in routes if "GET" in each.methods} == LEAST_TO_SEE.keys()
        assert {each.path for each in routes if "POST" in each.methods} == FORMS

    def test_each_role_gets_what_it_may_have_and_is_refused_the_rest(
        self, web, look, send, tenant, make_video
    ):
        names = self._made(web, send, look, tenant, make_video)
        wrong = []
        for role in ROLES:
            headers = bearer(tenant.keys[role]) | ORIGIN
            for path, least in LEAST_TO_SEE.items():
                below = "?of=time" if path.endswith("/export") else ""
                answer = web.get(path.format(**names) + below, headers=headers)
                expected = 200 if ORDER.index(role) >= ORDER.index(least) else 403
                if answer.status_code != expected:
                    wrong.append((str(role), path, answer.status_code))
            for path in FORMS if role is not ADMIN else ():
                answer = web.post(path.format(**names), headers=headers)
                if answer.status_code != 403:
                    wrong.append((str(role), path, answer.status_code))
        assert wrong == []

    def _made(self, web, send, look, tenant, make_video) -> dict[str, object]:
        """Make a thing of each kind that a path names; return their ids."""
        video = make_video(visibility="public")
        web.post(f"/api/v1/videos/{video['id']}/publish/", headers=tenant.headers)
        path = f"/api/v1/videos/{video['id']}/links/"
        link = web.post(path, json={"name": "Press"}, headers=tenant.headers).json()
        (project,) = web.get("/api/Projects", headers=tenant.headers).json()
        share = f"/api/Projects/{project['id']}/public-video-shares/DEV"
        web.put(share, json={"publicTitle": "Offer"}, headers=tenant.headers)
        made = send("/webhooks", url="https://127.0.0.1:9/in", event_types="*")
        hook = made.headers["location"].rpartition("/")[2]
        send(f"/webhooks/{hook}/test")
        found = until(
            lambda: re.findall(r"/deliveries/(\d+)", look(f"/webhooks/{hook}")), 30, "a delivery"
        )
        names = {"video": video["id"], "link": link["id"], "project": tenant.project_id}
        names |= {"channel": "DEV", "webhook": hook, "delivery": found[0], "position": "0-0"}
        return names | {"key": "1", "verb": "pause"}
