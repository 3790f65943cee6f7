"""The film templates of a project: test data with a picture, and the channels that play them."""

import json
import re
from html import unescape
from uuid import UUID

import pytest
from sqlalchemy import select

from playout.console.paging import ON_A_PAGE
from playout.core.film_templates.model import FilmTemplate
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.unit import Origin
from playout.kit.ids import uuid7
from tests.api.helpers.templates_client import FACE, MANIFEST, Templates


@pytest.fixture
def templates(web, tenant, make_video) -> Templates:
    video = make_video()
    (project,) = web.get("/api/Projects", headers=tenant.headers).json()
    return Templates(web, tenant, project["id"], video["uid"])


@pytest.fixture
def path(templates) -> str:
    return f"/landing/{templates.project_id}/templates"


class TestUpload:
    def test_a_form_makes_a_version_or_says_which_part_is_wrong(
        self, web, tenant, look, send, templates, path
    ):
        assert "no film template yet" in look(path)
        manifest = ("manifestJson", ("m.json", json.dumps(MANIFEST), "application/json"))
        empty = [("videoFile", ("", b"", "video/mp4")), ("overlayJson", ("", b"", "text/plain"))]
        sent = {"name": "Greeting", "videoId": templates.video_id}
        made = send(path, files=[manifest, FACE, *empty], **sent)
        assert made.status_code == 303, made.text
        (template,) = templates.get()
        assert template["id"] in made.headers["location"]
        assert (template["name"], template["state"]) == ("Greeting", "Testing")
        for files, field in (([FACE], "manifestJson"), ([manifest], "assetFiles")):
            refused = send(path, files=[*files, *empty], **sent)
            assert refused.status_code == 400
            assert field in refused.text or "face.png" in refused.text
        assert send(path, Role.VIEWER, files=[manifest, FACE], **sent).status_code == 403
        assert "Upload template" not in look(path, Role.VIEWER)
        assert len(templates.get()) == 1


class TestPreview:
    def test_it_is_drawn_with_the_fields_of_the_form_or_told_what_is_wrong(
        self, web, tenant, look, templates, path
    ):
        made = templates.create()
        shown = look(path)
        assert re.search(r'<input[^>]* name="data_name"[^>]* value="name"', shown)
        assert re.search(r"<option selected>face.png", shown)
        own = look(f"{path}?template={made['id']}&second=1.5&data_name=Ana&data_portrait=face.png")
        assert '"personalizationData": {"name": "Ana", "portrait": "face.png"}' in unescape(own)
        address = unescape(re.search(r'<img id="drawn" src="([^"]+/picture[^"]+)"', own)[1])
        picture = web.get(address, headers=tenant.headers)
        assert picture.headers["content-type"] == "image/png"
        assert picture.content.startswith(b"\x89PNG")
        assert web.get(address, follow_redirects=False).status_code == 303
        for query, told in {
            "data_name=": "required",
            f"data_name={'a' * 41}": "characters",
            "data_name=Ana&second=-1": "number of seconds",
            "data_name=Ana&second=soon": "number of seconds",
        }.items():
            shown = look(f"{path}?template={made['id']}&{query}")
            assert told in re.search(r"data-drawn-wrong>(.*?)</p>", shown, re.S)[1], query
            assert 'id="drawn"' not in shown


class TestChannels:
    def test_a_channel_plays_a_template_and_plain_film_again_but_for_no_viewer(
        self, send, look, templates, path
    ):
        made = templates.create()
        assert send(f"{path}/PROD", template=made["id"]).status_code == 303
        assert templates.get(f"/{made['id']}")["state"] == "Production"
        assert f'<option value="{made["id"]}" selected>' in look(path)
        assert send(f"{path}/PROD", template="").status_code == 303
        assert templates.get(f"/{made['id']}")["state"] == "Previous"
        assert send(f"{path}/PROD", template="x").status_code == 404
        assert send(f"{path}/OTHER", template=made["id"]).status_code == 404
        assert 'method="post" action="/console' not in look(path, Role.VIEWER)
        assert send(f"{path}/DEV", Role.VIEWER, template=made["id"]).status_code == 403


class TestData:
    def test_the_data_of_a_page_are_written_as_json(self, web, tenant, send, look, templates):
        page = f"/landing/{templates.project_id}/DEV"
        assert send(page, title="Hello", data='{"firstName": "Ana"}').status_code == 303

        def told() -> object:
            address = f"/api/Projects/{templates.project_id}/public-video-shares"
            return web.get(address, headers=tenant.headers).json()[0]["personalizationData"]

        assert told() == {"firstName": "Ana"}
        wrong = send(page, title="Hello", data="{no json")
        assert wrong.status_code == 400
        assert "{no json</textarea>" in wrong.text
        assert told() == {"firstName": "Ana"}
        shown = re.search(r'id="DEV-data"[^>]*>(.*?)</textarea>', look("/landing"), re.S)[1]
        send(page, title="Hello again", data=unescape(shown).replace("\n", "\r\n"))
        assert told() == {"firstName": "Ana"}
        send(page, title="Hello again", data="")
        assert told() is None


class TestVersions:
    def test_they_come_in_pages_and_channels_keep_an_old_one(
        self, runtime, tenant, look, send, templates
    ):
        first = templates.create()
        templates.publish("DEV", first)
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            kept = unit.session.scalar(
                select(FilmTemplate).where(FilmTemplate.id == UUID(first["id"]))
            )
            same = ("organization_id", "project_id", "manifest", "assets", "video_uid", "warnings")
            for version in range(2, ON_A_PAGE + 3):
                values = {name: getattr(kept, name) for name in same}
                copy = FilmTemplate(id=uuid7(), version=version, name=f"Copy {version}", **values)
                unit.session.add(unit.stamp(copy))
        path = f"/landing/{templates.project_id}/templates"
        page = look(path)
        assert page.count(">version ") == ON_A_PAGE
        assert f'value="{first["id"]}" selected' in page
        more = unescape(re.search(r'class="button" href="(\?[^"]+)"', page)[1])
        rest = look(path + more)
        assert rest.count(">version ") == 2
        assert f"?template={first['id']}&amp;{more[1:]}" in rest
        assert "Preview of <bdi>" in look(f"{path}?template={first['id']}")
        assert first["name"] in look(f"{path}?template={first['id']}")
