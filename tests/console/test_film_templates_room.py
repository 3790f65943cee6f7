"""The film templates of a project: test data with a picture, and the channels that play them."""

import json
import re
from html import unescape
from urllib.parse import quote

import pytest

from playout.core.permissions import Role
from tests.api.helpers.templates_client import Templates


@pytest.fixture
def templates(web, tenant, make_video) -> Templates:
    video = make_video()
    (project,) = web.get("/api/Projects", headers=tenant.headers).json()
    return Templates(web, tenant, project["id"], video["uid"])


@pytest.fixture
def path(templates) -> str:
    return f"/landing/{templates.project_id}/templates"


class TestPreview:
    def test_it_is_drawn_with_the_data_of_the_form_or_told_what_is_wrong(
        self, web, tenant, look, templates, path
    ):
        assert "no film template yet" in look(path)
        made = templates.create()
        shown = look(path)
        data = json.loads(unescape(re.search(r'name="data"[^>]*>(.*?)</textarea>', shown, re.S)[1]))
        assert data == {"name": "name", "portrait": "face.png"}
        own = look(
            f"{path}?template={made['id']}&second=1.5&data={quote(json.dumps({'name': 'Ana'}))}"
        )
        address = unescape(re.search(r'<img src="([^"]+/picture[^"]+)"', own)[1])
        picture = web.get(address, headers=tenant.headers)
        assert picture.headers["content-type"] == "image/png"
        assert picture.content.startswith(b"\x89PNG")
        assert web.get(address, follow_redirects=False).status_code == 303
        for query, told in {
            "data=7": "Write a JSON object",
            "data={": "not JSON",
            "data={}": "name",
            "second=-1": "number of seconds",
            "second=soon": "number of seconds",
        }.items():
            shown = look(f"{path}?template={made['id']}&{query}")
            assert told in re.search(r'role="alert">(.*?)</div>', shown, re.S)[1]
            assert "<img" not in shown
            name, _, value = query.partition("=")
            assert f">{value}</textarea>" in shown or f'name="{name}"' in shown


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
