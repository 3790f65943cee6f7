"""The sections of a video: added, changed, removed, and joined in the console."""

import re
from html import unescape

import pytest

from playout.console.videos.sections import read, written
from playout.core.permissions import Role


class TestScript:
    @pytest.mark.parametrize("script", ["Mira: Welcome.\nJo: Hi: you", "No speaker", ""])
    def test_lines_are_turns_and_turns_are_lines(self, script):
        assert written(read(script)) == script

    def test_what_lines_cannot_say_is_left_to_the_api(self):
        for content in ({}, [{"speaker": "A"}], [{"speaker": "A:B", "text": "x"}], ["x"]):
            assert written(content) is None


class TestPage:
    def test_a_section_is_added_changed_and_removed(self, web, tenant, look, send, make_video):
        video = make_video()
        path, api = f"/videos/{video['id']}/sections", f"/api/v1/videos/{video['id']}/sections/"

        def stored() -> list[dict[str, object]]:
            found = web.get(api, headers=tenant.headers).json()
            return found["results"] if isinstance(found, dict) else found

        assert "It has no sections" in look(path)
        sent = {"title": "Opening", "order": "2", "script": "Mira: Welcome.", "is_active": "on"}
        assert send(path, **sent).status_code == 303
        (one,) = stored()
        assert (one["title"], one["order"]) == ("Opening", 2)
        assert one["content"] == [{"speaker": "Mira", "text": "Welcome."}]
        assert "Mira: Welcome.</textarea>" in look(path)
        assert send(path, title="Last").status_code == 303
        assert [each["order"] for each in stored()] == [2, 3]
        assert send(path, title="Last", order="soon").status_code == 400
        last = stored()[1]
        assert send(f"{path}/{last['id']}/remove").status_code == 303
        refused = send(f"{path}/{one['id']}", **(sent | {"video_file": "x", "title": "Kept"}))
        assert refused.status_code == 400
        assert 'value="Kept"' in refused.text
        etag = unescape(re.search(r'name="etag" value="([^"]+)"', look(path))[1])
        assert send(f"{path}/{one['id']}", **(sent | {"title": "End", "etag": etag})).is_redirect
        assert send(f"{path}/{one['id']}", **(sent | {"etag": etag})).status_code == 412
        assert stored()[0]["title"] == "End"
        assert send(f"{path}/assemble").status_code == 409  # none has a file
        assert 'method="post" action="/console' not in look(path, Role.VIEWER)
        assert send(f"{path}/{one['id']}/remove").status_code == 303
        assert stored() == []

    def test_a_script_of_another_form_stays_as_it_is(self, web, tenant, look, send, make_video):
        video = make_video()
        path, api = f"/videos/{video['id']}/sections", f"/api/v1/videos/{video['id']}/sections/"
        body = {"order": 1, "content": {"scenes": [1, 2]}}
        made = web.post(api, json=body, headers=tenant.headers).json()
        assert "Its script has a form of its own" in look(path)
        assert send(f"{path}/{made['id']}", title="A", order="1", script="x").status_code == 303
        found = web.get(f"{api}{made['id']}/", headers=tenant.headers).json()
        assert (found["title"], found["content"]) == ("A", {"scenes": [1, 2]})
