"""The brand of a project with its preview, and the history of a landing page."""

import re
from urllib.parse import urlencode

import pytest
from sqlalchemy import insert, literal, select
from sqlalchemy.dialects.postgresql import JSONB

from playout.core.ledger.model import Entry
from playout.core.permissions import Role
from tests.api.helpers.uploads import picture
from tests.console.conftest import ORIGIN
from tests.helpers.tenants import bearer

BRAND = {"name": "Corvanta Bank", "color": "#0D4F4A", "accent": "#f2b544", "font": "serif"}


@pytest.fixture
def project(web, tenant, make_video) -> str:
    make_video(visibility="public")
    return web.get("/api/Projects", headers=tenant.headers).json()[0]["id"]


@pytest.fixture
def brand(web, tenant):
    """What the API tells of the brand."""
    path = f"/api/v1/workspaces/{tenant.project_id}/brand/"
    return lambda: web.get(path, headers=tenant.headers).json()


class TestBrand:
    def test_it_is_saved_and_what_is_wrong_is_told(self, send, look, brand, project):
        path = f"/landing/{project}/brand"
        sent = BRAND | {"footer": "Quay 4", "shows_playout": "on"}
        assert send(path, **sent).status_code == 303
        told = brand()
        assert (told["name"], told["color"], told["font"]) == ("Corvanta Bank", "#0d4f4a", "serif")
        assert (told["footer"], told["shows_playout"]) == ("Quay 4", True)
        assert 'value="#0d4f4a"' in look(path)
        for wrong in (
            {"color": "teal"},
            {"font": "comic"},
            {"home_url": "javascript:alert(1)"},
            {"footer": "x" * 201},
        ):
            answer = send(path, **sent | {"name": "Typed"} | wrong)
            assert answer.status_code == 400, wrong
            assert 'value="Typed"' in answer.text
        assert brand() == told

    def test_the_preview_shows_what_is_not_saved_and_stores_nothing(
        self, web, tenant, send, brand, project
    ):
        before = brand()
        query = urlencode(BRAND | {"accent": "no colour", "channel": "DEV"})
        path = f"/console/landing/{project}/brand/preview?{query}"
        answer = web.get(path, headers=tenant.headers)
        assert "Corvanta Bank" in answer.text
        assert "--brand-text:#0d4f4a" in answer.text
        assert f"--accent:{before['accent']}" in answer.text
        assert 'class="font-serif"' in answer.text
        assert "Your title" in answer.text
        assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
        hints = web.get(path.replace("/preview", "/hints"), headers=tenant.headers).json()
        assert "On light pages 9" in hints["color"]
        assert brand() == before
        send(f"/landing/{project}/DEV", title="Your first home")
        send(f"/landing/{project}/DEV/disable")
        assert "Your first home" in web.get(path, headers=tenant.headers).text

    def test_a_logo_is_used_and_removed(self, send, look, brand, project):
        path = f"/landing/{project}/brand/pictures/logo"
        files = {"picture": ("logo.png", picture())}
        assert send(path, files=files).status_code == 303
        assert brand()["logo_url"]
        assert "Logo as it is" in look(f"/landing/{project}/brand")
        assert send(path, files={"picture": ("logo.png", b"none")}).status_code == 400
        assert send(f"{path}/remove").status_code == 303
        assert brand()["logo_url"] is None
        assert send(path.replace("logo", "banner"), files=files).status_code == 404

    @pytest.mark.parametrize("role", [Role.VIEWER, Role.DEVELOPER])
    def test_who_may_not_change_it_sees_it(self, web, look, send, tenant, project, role):
        page = look(f"/landing/{project}/brand", role)
        assert re.findall(r'<form[^>]*method="post"', page) == [
            '<form class="side-who" method="post"'
        ]
        refused = send(f"/landing/{project}/brand", role, **BRAND)
        assert refused.status_code == 403


class TestCard:
    def test_it_names_its_video_to_those_who_may_see_that(
        self, web, look, tenant, project, make_video
    ):
        video = make_video(title="Secret plans", visibility="private")
        web.post(f"/api/v1/videos/{video['id']}/publish/", headers=tenant.headers)
        page = f"/api/Projects/{project}/public-video-shares/PROD"
        body = {"publicTitle": "Your offer", "videoId": video["uid"]}
        assert web.put(page, json=body, headers=tenant.headers).status_code == 201
        assert "Secret plans" in look(f"/landing/{project}")
        shown = look(f"/landing/{project}", Role.VIEWER)
        assert "Your offer" in shown
        assert "Secret plans" not in shown


class TestTwoAtOnce:
    def test_whoever_creates_a_page_second_replaces_nothing(self, send, look, project):
        path = f"/landing/{project}/DEV"
        assert 'name="is_new"' in look(f"/landing/{project}")
        assert send(path, title="First", is_new="yes").status_code == 303
        answer = send(path, title="Second", is_new="yes")
        assert (answer.status_code, "Somebody saved this" in answer.text) == (412, True)
        assert "First" in look(f"/landing/{project}")

    def test_a_time_that_nobody_touched_keeps_its_seconds(self, web, tenant, send, project):
        path = f"/api/Projects/{project}/public-video-shares/DEV"
        sent = {"publicTitle": "Offer", "expiresAt": "2096-03-31T18:00:30Z"}
        made = web.put(path, json=sent, headers=tenant.headers).json()
        send(f"/landing/{project}/DEV", title="Another", expires_at="2096-03-31T18:00")
        (found,) = web.get(path.removesuffix("/DEV"), headers=tenant.headers).json()
        assert (found["publicTitle"], found["expiresAt"]) == ("Another", made["expiresAt"])


class TestHistory:
    def test_it_says_who_changed_what(self, web, tenant, send, look, project):
        path = f"/landing/{project}/DEV"
        send(path, title="One <b>")
        send(path, title="Two", password="quiet harbour")
        send(f"{path}/disable")
        page = look(f"{path}/history")
        assert re.findall(r"<strong>([^<]+)</strong>", page) == ["Disabled", "Changed", "Created"]
        assert "<del><bdi>One &lt;b&gt;</bdi></del> → <bdi>Two</bdi>" in page
        assert "quiet harbour" not in page
        headers = bearer(tenant.keys[Role.DEVELOPER]) | ORIGIN
        assert web.get(f"/console{path}/history", headers=headers).status_code == 403
        assert "/history" not in look("/landing", Role.DEVELOPER)

    def test_an_old_secret_in_the_ledger_is_shown_nowhere(self, runtime, send, look, project):
        send(f"/landing/{project}/DEV", title="One")
        url = "https://user:hunter2@shop.example.com/"
        old = {"cta_url": [None, url], "title": [None, "One"]}
        columns = [each for each in Entry.__table__.c if each.name not in {"id", "xid"}]
        values = [literal(old, JSONB) if each.name == "changes" else each for each in columns]
        made = Entry.event == "share.created", Entry.subject_id.contains(project)
        with runtime.database.write_session() as session:
            again = insert(Entry).from_select(columns, select(*values).where(*made))
            session.execute(again)
        for room in (f"/landing/{project}/DEV/history", "/organization/ledger"):
            page = look(room)
            assert "One" in page
            assert "hunter2" not in page


class TestAddresses:
    @pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://example.com", "example"])
    def test_a_button_leads_to_the_web_only(self, send, project, address):
        sent = {"title": "Offer", "cta_label": "Apply", "cta_url": address}
        answer = send(f"/landing/{project}/DEV", **sent)
        assert answer.status_code == 400
        assert "https://" in answer.text
