"""Many videos at once: publish, unpublish, tag, move, delete, and undo."""

import re
from base64 import urlsafe_b64encode
from datetime import timedelta
from html import unescape

import pytest

from playout.console.videos.undo import Deed, unpack
from playout.core.permissions import Role
from playout.core.videos.model import Video
from playout.kit.errors import Invalid


@pytest.fixture
def videos(make_video):
    return [make_video(title=f"Film {number}", visibility="public") for number in (1, 2, 3)]


@pytest.fixture
def follow(web, tenant):
    """Returns the page that a form leads to, as a browser would show it."""

    def follow(answer) -> str:
        if answer.status_code != 303:
            return answer.text
        return web.get(answer.headers["location"], headers=tenant.headers).text

    return follow


@pytest.fixture
def do(send, videos, follow):
    """Does something to some videos; returns the page that it leads to."""

    def do(verb: str, *chosen: dict, role: Role = Role.ORGANIZATION_ADMIN, **fields: str) -> str:
        picks = {f"pick_{each['id']}": "on" for each in chosen or videos}
        return follow(send("/videos/bulk", role, verb=verb, back="view=lines", **picks, **fields))

    return do


@pytest.fixture
def undo(send, follow):
    """Presses the button of the page that undoes."""

    def undo(page: str) -> str:
        deed = re.search(r'name="deed" value="([^"]+)"', page)
        return follow(send("/videos/undo", deed=deed[1], back=""))

    return undo


@pytest.fixture
def told(web, tenant):
    def told(video: dict) -> dict:
        return web.get(f"/api/v1/videos/{video['id']}/", headers=tenant.headers).json()

    return told


def test_a_deed_is_read_as_it_was_packed_and_nothing_like_one_is():
    for values in ({}, {1: ""}, {1: "5.6", 23: "", 4: "7"}):
        assert unpack(Deed("tag", values).pack()) == Deed("tag", values)
    # Of the last one, there are more ways to read it than a process can try.
    for text in ("burn:1=2", "tag:1=2 3=4", "tag:1", f"tag:{'1=111' * 300}!"):
        with pytest.raises(Invalid):
            unpack(urlsafe_b64encode(text.encode()).decode())


class TestPublish:
    def test_those_that_can_be_are_published_and_undone_and_others_named(
        self, web, tenant, do, undo, told, videos, make_video
    ):
        waiting = make_video(title="No <file> yet", external_url=None)
        path = f"/api/v1/videos/{videos[0]['id']}/publish/"
        web.post(path, headers=tenant.headers)
        page = do("publish", *videos, waiting)
        assert "1 of 4 stayed as they were" in page
        assert "<bdi>No &lt;file&gt; yet</bdi>: The video is not completed yet." in page
        assert "2 videos published." in page
        assert [told(each)["is_draft"] for each in videos] == [False, False, False]
        assert "Undone." in undo(page)
        assert [told(each)["is_draft"] for each in videos] == [False, True, True]

    def test_what_was_unpublished_comes_back_at_its_address(
        self, web, tenant, do, undo, told, videos
    ):
        first, headers = videos[0], tenant.headers
        web.post(f"/api/v1/videos/{first['id']}/publish/", headers=headers)
        address = told(first)["custom_url"]
        page = do("unpublish")
        assert "1 video unpublished." in page
        assert web.get(address).status_code == 404
        web.patch(f"/api/v1/videos/{first['id']}/", json={"title": "Other"}, headers=headers)
        undo(page)
        assert told(first)["custom_url"] == address
        assert web.get(address).status_code == 200


class TestTag:
    def test_only_what_was_added_is_undone(self, do, undo, told, videos):
        do("tag", videos[0], tag_names="Spring")
        page = do("tag", tag_names="spring, Launch")
        assert [len(told(each)["tags"]) for each in videos] == [2, 2, 2]
        undo(page)
        assert [len(told(each)["tags"]) for each in videos] == [1, 0, 0]
        page = do("untag", tag_names="Spring")
        assert "1 video without the tag." in page
        undo(page)
        assert [len(told(each)["tags"]) for each in videos] == [1, 0, 0]
        assert "Name a tag first" in do("tag", tag_names=" , ")


class TestMove:
    def test_videos_move_to_a_project_and_a_category_and_back(
        self, web, tenant, do, undo, told, look, videos
    ):
        headers = tenant.headers
        web.post("/api/Projects", json={"name": "Other"}, headers=headers)
        made = web.post("/api/v1/categories/", json={"name": "Films"}, headers=headers)
        category = made.json()["id"]
        project = int(re.findall(r'<option value="(\d+)">Other</option>', look("/videos"))[-1])
        before = [told(each)["workspace"] for each in videos]
        page = do("move", to_project=str(project), to_category=str(category))
        assert "3 videos moved." in page
        assert {(told(each)["workspace"], told(each)["category"]) for each in videos} == {
            (project, category)
        }
        undo(page)
        assert [told(each)["workspace"] for each in videos] == before
        assert {told(each)["category"] for each in videos} == {None}
        assert "Choose a project" in do("move")
        assert "3 of 3 stayed" in do("move", to_project="999999999")


class TestDelete:
    def test_it_is_confirmed_first_and_names_what_goes(self, do, told, look, videos):
        asked = do("delete", *videos[:2])
        assert "Delete 2 videos?" in asked
        assert "Keep them" in asked
        assert "3 videos" in look("/videos")
        assert "2 videos deleted." in do("delete", *videos[:2], sure="yes")
        assert "1 video<" in look("/videos")

    def test_it_is_undone_and_what_was_published_is_back_at_its_address(
        self, web, tenant, do, undo, told, videos
    ):
        first = videos[0]
        web.post(f"/api/v1/videos/{first['id']}/publish/", headers=tenant.headers)
        address = told(first)["custom_url"]
        page = do("delete", *videos[:2], sure="yes")
        assert web.get(address).status_code == 404
        assert "Undone" in undo(page)
        assert [told(each)["is_draft"] for each in videos] == [False, True, True]
        assert told(first)["custom_url"] == address
        assert web.get(address).status_code == 200

    def test_one_that_was_deleted_alone_is_back_as_well(self, send, follow, undo, told, videos):
        page = follow(send(f"/videos/{videos[0]['id']}/delete"))
        assert "1 video deleted." in page
        undo(page)
        assert told(videos[0])["title"] == "Film 1"

    def test_it_is_undone_within_an_hour_and_by_whoever_may(
        self, runtime, send, do, undo, told, videos
    ):
        page = do("delete", *videos[:2], sure="yes")
        deed = re.search(r'name="deed" value="([^"]+)"', page)[1]
        for role in (Role.VIEWER, Role.DEVELOPER):
            assert "2 of 2 stayed" in send("/videos/undo", role, deed=deed, back="").text
        with runtime.database.write_session() as session:
            video = session.get(Video, videos[0]["id"])
            video.deleted_at -= timedelta(hours=2)
        assert "1 of 2 stayed" in undo(page)
        assert "id" not in told(videos[0])
        assert told(videos[1])["title"] == "Film 2"


class TestBulk:
    def test_nothing_chosen_and_nothing_meant_is_told(self, send, videos):
        assert "Choose videos first" in send("/videos/bulk", verb="publish").text
        pick = {f"pick_{videos[0]['id']}": "on"}
        assert "Choose what to do" in send("/videos/bulk", verb="explode", **pick).text
        for deed in ("", "x", "é"):
            assert "nothing to undo" in send("/videos/undo", deed=deed).text

    def test_videos_of_others_stay_as_they_are(self, web, videos, other_tenant, told):
        picks = {f"pick_{each['id']}": "on" for each in videos}
        headers = other_tenant.headers | {"Origin": "http://testserver"}
        answer = web.post(
            "/console/videos/bulk", data={"verb": "publish", **picks}, headers=headers
        )
        assert answer.status_code == 409
        assert "Film" not in answer.text
        assert told(videos[0])["is_draft"]

    def test_a_role_is_told_what_it_may_not_do(self, do, videos, look):
        assert 'value="publish"' not in look("/videos", Role.DEVELOPER)
        assert "3 of 3 stayed" in do("publish", role=Role.DEVELOPER)
        assert 'name="pick_' not in look("/videos", Role.VIEWER)

    def test_the_list_is_the_one_that_it_came_from(self, do, look, videos):
        page = do("tag", tag_names="Spring")
        assert '<table class="table lines">' in page
        assert '<ul class="cards">' in look("/videos")
        by_title = look("/videos?order=title&view=lines")
        shown = re.findall(r'class="item-link"[^>]*>([^<]+)</a>', by_title)
        assert [unescape(each) for each in shown] == ["Film 1", "Film 2", "Film 3"]
