"""Chapters: those of the source, those that somebody sets, and the file that players read."""

import pytest

from tests.api.helpers.streams import addresses, enter
from tests.api.helpers.uploads import clip

CLIMB = [{"start": 0.5, "title": "The climb & <more>"}, {"start": 0, "title": "Start"}]


def change(web, tenant, video, **fields):
    path = f"/api/v1/videos/{video['id']}/"
    return web.patch(path, json=fields, headers=tenant.headers)


class TestSettingChapters:
    def test_answers_them_in_the_order_of_time(self, web, tenant, make_video):
        answer = change(web, tenant, make_video(), chapters=CLIMB)
        assert answer.status_code == 200, answer.text
        assert answer.json()["chapters"] == [
            {"start": 0.0, "title": "Start"},
            {"start": 0.5, "title": "The climb & <more>"},
        ]

    def test_null_brings_back_those_of_the_source(self, web, tenant, make_video):
        video = make_video()
        change(web, tenant, video, chapters=CLIMB)
        assert change(web, tenant, video, chapters=None).json()["chapters"] == []

    def test_until_then_the_description_names_them(self, web, tenant, make_video):
        video = make_video(description="0:00 Start\n0:10 The climb")
        assert video["chapters"] == [
            {"start": 0.0, "title": "Start"},
            {"start": 10.0, "title": "The climb"},
        ]
        sent_back = {"description": "0:00 Start\n0:20 The climb", "chapters": video["chapters"]}
        assert change(web, tenant, video, **sent_back).json()["chapters"][1]["start"] == 20
        assert change(web, tenant, video, chapters=[]).json()["chapters"] == []

    @pytest.mark.parametrize(
        "chapters",
        [
            [{"start": 1, "title": "One"}, {"start": 1, "title": "Two"}],
            [{"start": -1, "title": "Early"}],
            [{"start": 90_000, "title": "Tomorrow"}],
            [{"start": 0, "title": " "}],
            [{"start": 0}],
            [{"start": "0", "title": "Text"}],
            [{"start": True, "title": "Flag"}],
            [{"start": each, "title": "Many"} for each in range(1001)],
        ],
    )
    def test_refuses_what_no_player_could_show(self, web, tenant, make_video, chapters):
        answer = change(web, tenant, make_video(), chapters=chapters)
        assert answer.status_code == 400
        assert any(name.startswith("chapters") for name in answer.json()["errors"])


class TestServingChapters:
    def test_writes_webvtt_for_players_until_they_are_gone(self, web, tenant):
        video = enter(web, tenant, clip())
        assert (video["chapters"], video["chapters_url"]) == ([], None)
        url = change(web, tenant, video, chapters=CLIMB).json()["chapters_url"]
        served = web.get(url)
        assert served.headers["content-type"] == "text/vtt; charset=utf-8"
        assert served.text == (
            "WEBVTT\n\n"
            "00:00:00.000 --> 00:00:00.500\nStart\n\n"
            "00:00:00.500 --> 00:00:01.000\nThe climb &amp; &lt;more&gt;\n"
        )
        assert change(web, tenant, video, chapters=[]).json()["chapters_url"] is None
        assert web.get(url).status_code == 404
        assert addresses(web, video["hls_url"])
