"""Captions: handed in, shown to whom the video is, in playlists and manifests, and gone."""

from xml.etree import ElementTree

import pytest
from sqlalchemy import select

from playout.core.ledger.model import Entry
from playout.core.permissions import Role
from tests.api.helpers.streams import addresses, enter, sounding
from tests.api.helpers.tools import publish
from tests.api.helpers.uploads import bare
from tests.helpers.tenants import bearer, found_tenant

SRT = b"1\n00:00:01,000 --> 00:00:02,000\nFour days, one hut.\n"
OTHER = SRT.replace(b"hut", b"tent")
DASH = {"mpd": "urn:mpeg:dash:schema:mpd:2011"}


def ask(web, tenant, video, method, language="", **options):
    path = f"/api/v1/videos/{video['id']}/captions/{language}"
    headers = options.pop("headers", {}) | tenant.headers
    return web.request(method, path, headers=headers, **options)


def put(web, tenant, video, language="en", data=SRT, **options):
    answer = ask(web, tenant, video, "PUT", f"{language}/", content=data, **options)
    assert answer.is_success, answer.text
    return answer.json()


def changes(tenant, video):
    """What the ledger says of each change to the video, newest first."""
    with tenant.runtime.database.read_session() as session:
        query = select(Entry.changes).where(
            Entry.subject_id == video["uid"], Entry.event == "video.updated"
        )
        return list(session.scalars(query.order_by(Entry.id.desc())))


@pytest.fixture(scope="module")
def streamed(web, runtime):
    """A tenant and a draft that plays, with captions in two languages; no test changes it."""
    tenant = found_tenant(runtime)
    video = enter(web, tenant, sounding())
    put(web, tenant, video, "EN-us", params={"default": "true"})
    put(web, tenant, video, "mul", params={"label": 'The "whole"'})
    return tenant, video


class TestHandingIn:
    def test_answers_what_there_is_then(self, web, tenant, make_video):
        video = make_video()
        answer = ask(web, tenant, video, "PUT", "pt-br/", content=SRT)
        assert answer.status_code == 200
        said = answer.json()
        assert (said["language"], said["label"], said["cues"]) == ("pt-BR", "Português (BR)", 1)
        assert answer.headers["etag"] != ask(web, tenant, video, "GET", "en/").headers.get("etag")
        listed = ask(web, tenant, video, "GET").json()
        assert (listed["count"], listed["results"]) == (1, [said])
        assert ask(web, tenant, video, "GET", "PT-BR/").json() == said

    def test_the_same_twice_changes_nothing(self, web, tenant, make_video):
        video = make_video()
        first = put(web, tenant, video)
        told = len(changes(tenant, video))
        assert put(web, tenant, video) == first
        assert len(changes(tenant, video)) == told

    def test_another_text_has_another_address_and_the_old_one_ends(self, web, tenant, make_video):
        video, now = make_video(), {"replace": "now"}
        first, second = put(web, tenant, video), put(web, tenant, video, data=OTHER, params=now)
        assert "tent" in web.get(second["url"]).text
        assert web.get(first["url"]).status_code == 404

    def test_one_language_at_most_is_shown_unasked(self, web, tenant, make_video):
        video = make_video()
        for language in ("en", "de"):
            put(web, tenant, video, language, params={"default": "1"})
        put(web, tenant, video, "fr")
        rows = ask(web, tenant, video, "GET").json()["results"]
        assert [(row["language"], row["default"]) for row in rows] == [
            ("de", True),
            ("en", False),
            ("fr", False),
        ]

    def test_the_ledger_tells_who_changed_what(self, web, tenant, make_video):
        video = make_video()
        put(web, tenant, video)
        ask(web, tenant, video, "DELETE", "en/")
        (removed, entered) = changes(tenant, video)
        assert entered["captions.en"][0] is None
        assert entered["captions.en"][1]["label"] == "English"
        assert removed["captions.en"][1] is None

    def test_who_saw_another_state_of_the_video_is_refused(self, web, tenant, make_video):
        video = make_video()
        seen = {"If-Match": f'"{video["id"]}-1"'}
        assert ask(web, tenant, video, "PUT", "en/", content=SRT, headers=seen).status_code == 412

    @pytest.mark.parametrize(
        ("language", "data", "status", "reason"),
        [
            ("english", SRT, 200, ""),
            ("not_a_tag", SRT, 404, "BCP 47"),
            ("en", b"nothing", 400, "neither SRT nor WebVTT"),
            ("en", SRT.replace(b"-->", b"--> x"), 400, "Line 2"),
            ("en", b"x" * 1024 * 1024 + b"y", 413, "1,048,576"),
        ],
    )
    def test_what_is_wrong_is_named(self, web, tenant, make_video, language, data, status, reason):
        answer = ask(web, tenant, make_video(), "PUT", f"{language}/", content=data)
        assert answer.status_code == status
        assert reason in answer.text

    def test_a_label_that_no_player_could_list_is_refused(self, web, tenant, make_video):
        answer = ask(web, tenant, make_video(), "PUT", "en/", content=SRT, params={"label": "a\nb"})
        assert answer.status_code == 400
        assert list(answer.json()["errors"]) == ["label"]


class TestHasSubtitles:
    def test_is_derived_where_there_are_captions_and_said_where_there_are_none(
        self, web, tenant, make_video
    ):
        video = make_video(has_subtitles=False)

        def told():
            detail = web.get(f"/api/v1/videos/{video['id']}/", headers=tenant.headers).json()
            body = {"session_id": video["session_id"], "has_subtitles": False}
            published = web.post("/v1/publications/publish", json=body, headers=tenant.headers)
            return (
                detail["has_subtitles"],
                detail["caption_languages"],
                published.json()["publication"]["hasSubtitles"],
            )

        assert told() == (False, [], False)
        put(web, tenant, video)
        assert told() == (True, ["en"], True)
        ask(web, tenant, video, "DELETE", "en/")
        assert told() == (False, [], False)

    def test_what_is_derived_is_not_said_by_sending_it_back(self, web, tenant, make_video):
        video = make_video()
        put(web, tenant, video)
        path = f"/api/v1/videos/{video['id']}/"
        whole = web.get(path, headers=tenant.headers).json()
        told = len(changes(tenant, video))
        assert web.put(path, json=whole, headers=tenant.headers).status_code == 200
        assert len(changes(tenant, video)) == told
        ask(web, tenant, video, "DELETE", "en/")
        assert web.get(path, headers=tenant.headers).json()["has_subtitles"] is None


class TestPlayers:
    def test_hls_lists_them_with_a_playlist_of_one_segment(self, web, streamed):
        _, video = streamed
        lines = web.get(video["hls_url"]).text.splitlines()
        listed = [line for line in lines if "TYPE=SUBTITLES" in line]
        assert [line.partition(',URI="')[0].split(",", 2)[2] for line in listed] == [
            'NAME="English (US)",LANGUAGE="en-US",DEFAULT=YES,AUTOSELECT=YES,FORCED=NO',
            'NAME="The \'whole\'",LANGUAGE="mul",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO',
        ]
        variants = [line for line in lines if line.startswith("#EXT-X-STREAM-INF")]
        assert variants
        assert all(line.endswith(',SUBTITLES="captions"') for line in variants)
        (playlist, _) = [url for url in addresses(web, video["hls_url"]) if "captions" in url]
        text = web.get(playlist).text
        assert "#EXT-X-TARGETDURATION:5\n" in text
        assert "#EXTINF:5.000" in text
        (segment,) = addresses(web, playlist)
        answer = web.get(segment)
        assert answer.headers["content-type"] == "text/vtt; charset=utf-8"
        head = "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n\n"
        assert answer.text == f"{head}00:00:01.000 --> 00:00:02.000\nFour days, one hut.\n"

    def test_dash_lists_the_same_files(self, web, streamed):
        _, video = streamed
        root = ElementTree.fromstring(web.get(video["dash_url"]).text)
        sets = root.findall(".//mpd:AdaptationSet[@mimeType='text/vtt']", DASH)
        assert [each.get("lang") for each in sets] == ["en-US", "mul"]
        urls = [url for url in addresses(web, video["dash_url"]) if "captions" in url]
        assert all("one hut" in web.get(url).text for url in urls)

    def test_they_go_to_whom_the_video_goes(self, web, streamed):
        tenant, video = streamed
        (row, _) = ask(web, tenant, video, "GET").json()["results"]
        playlist = bare(row["url"]).replace(".vtt", ".m3u8")
        assert web.get(row["url"]).status_code == 200
        assert {web.get(bare(row["url"])).status_code, web.get(playlist).status_code} == {404}

    @pytest.mark.parametrize("name", ["captions.vtt", "captions.m3u8", "captions.mpd", "x.vtt"])
    def test_those_of_no_video_are_not_found(self, web, streamed, name):
        url = streamed[1]["hls_url"].replace("master.m3u8", name)
        assert web.get(url).status_code == 404

    def test_what_stands_in_them_is_no_part_of_an_address(self, web, tenant, make_video):
        video = make_video()
        row = put(web, tenant, video, data=SRT.replace(b"hut", b"{query} <b>hut</b>"))
        assert "{query} <b>hut</b>" in web.get(row["url"]).text

    def test_taking_the_video_back_ends_them_at_once(self, web, tenant):
        video = enter(web, tenant, sounding())
        row = put(web, tenant, video)
        publish(web, tenant.key, video["session_id"])
        plain = bare(row["url"])
        assert web.get(plain).status_code == 200
        revoke = {"session_id": video["session_id"]}
        web.post("/v1/publications/revoke", json=revoke, headers=tenant.headers)
        assert {web.get(plain).status_code, web.get(row["url"]).status_code} == {404}

    def test_a_viewer_may_read_them_and_not_change_them(self, web, tenant, make_video):
        video = make_video()
        put(web, tenant, video)
        path = f"/api/v1/videos/{video['id']}/captions/en/"
        viewer = bearer(tenant.keys[Role.VIEWER])
        assert web.get(path, headers=viewer).status_code == 200
        assert web.put(path, content=SRT, headers=viewer).status_code == 403
        assert web.delete(path, headers=viewer).status_code == 403
