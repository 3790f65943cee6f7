"""Adaptive streams: what is in them, when, and to whom they go."""

import re
import threading
import time
from io import BytesIO
from itertools import pairwise
from urllib.parse import urlsplit
from xml.etree import ElementTree

import av
import pytest
import uvicorn

from playout.core.media.model import LadderState
from playout.core.processing.ladder import LadderJob
from playout.transcode.errors import MediaRejected
from playout.web import application
from tests.api.helpers.streams import (
    H264,
    HEVC,
    VP9,
    addresses,
    asset_of,
    climbed,
    enter,
    sounding,
    variants,
)
from tests.api.helpers.tools import publish
from tests.api.helpers.uploads import bare
from tests.helpers.live import free_port
from tests.helpers.tenants import found_tenant

pytestmark = pytest.mark.usefixtures("ladders")

DASH = {"mpd": "urn:mpeg:dash:schema:mpd:2011"}
RANGE = re.compile(r"#EXT-X-BYTERANGE:(\d+)@(\d+)")


@pytest.fixture(scope="module")
def streamed(web, runtime):
    """A draft of 480 by 360, with its whole ladder; no test changes it."""
    tenant = found_tenant(runtime)
    return climbed(web, tenant, enter(web, tenant, sounding()))


@pytest.fixture
def own(web, tenant):
    """A draft that plays, for a test to change."""
    return enter(web, tenant, sounding())


class TestInstant:
    def test_a_copy_plays_before_there_is_a_ladder(self, web, tenant, monkeypatch):
        monkeypatch.setattr(LadderJob, "run", lambda _: None)
        video = enter(web, tenant, sounding())
        assert variants(web, video["hls_url"]) == ["copy"]
        master = web.get(video["hls_url"]).text
        said = r'CODECS="avc1\.[0-9a-f]{6},mp4a\.40\.2",RESOLUTION=480x360,FRAME-RATE=25\.000,AUDIO'
        assert re.search(said, master)
        lists = [url for url in addresses(web, video["hls_url"]) if "/copy.m3u8" in url]
        text = web.get(lists[0]).text
        seconds = [float(each) for each in re.findall(r"#EXTINF:([0-9.]+),", text)]
        # Cut at the source's own key frames, of which there is one a second.
        assert seconds == pytest.approx([2, 2, 1])
        assert video["duration"] == 5
        assert web.get(video["video"]).status_code == 200

    def test_the_sound_is_in_the_language_that_the_file_names(self, web, tenant):
        german = sounding(f"{H264} -metadata:s:a:0 language=ger", seconds=1)
        video = enter(web, tenant, german)
        assert 'NAME="Deutsch",LANGUAGE="de",DEFAULT=YES' in web.get(video["hls_url"]).text
        assert 'lang="de"' in web.get(video["dash_url"]).text

    def test_what_browsers_do_not_play_begins_with_one_rung_and_its_mp4(
        self, web, tenant, monkeypatch
    ):
        monkeypatch.setattr(LadderJob, "run", lambda _: None)
        video = enter(web, tenant, sounding(VP9, "1280x720", 2, "webm"))
        assert variants(web, video["hls_url"]) == ["480p"]
        assert web.get(video["video"]).status_code == 200

    def test_what_lies_elsewhere_has_no_streams(self, make_video):
        video = make_video()
        assert (video["hls_url"], video["dash_url"]) == (None, None)


class TestLadder:
    def test_takes_the_place_of_the_copy_and_measures_the_sound(self, web, streamed, runtime):
        assert variants(web, streamed["hls_url"]) == ["240p", "360p"]
        assert asset_of(runtime, streamed).loudness == pytest.approx(-18.7, abs=1)

    @pytest.mark.parametrize(
        ("content", "rungs"),
        [
            ((VP9, "1280x720", 2, "webm"), ["480p", "240p", "360p", "720p"]),
            ((HEVC, "640x360", 2, "mp4"), ["240p", "360p"]),
        ],
        ids=["vp9", "hevc"],
    )
    def test_ends_with_a_better_mp4_where_the_first_was_less(self, web, tenant, content, rungs):
        first = enter(web, tenant, sounding(*content))
        video = climbed(web, tenant, first)
        assert variants(web, video["hls_url"]) == rungs
        assert video["video"] != first["video"]
        assert web.get(first["video"]).status_code == 200
        with av.open(BytesIO(web.get(video["video"]).content)) as container:
            assert container.streams.video[0].codec.canonical_name == "h264"
            assert container.streams.video[0].height == int(content[1].partition("x")[2])
            assert len(container.streams.audio) == 1

    def test_that_fails_leaves_what_plays(self, web, tenant, runtime, monkeypatch):
        def fails(*_: object, **__: object) -> None:
            raise MediaRejected("Playout cannot convert this video: the file is damaged.")

        monkeypatch.setattr("playout.core.processing.ladder.encode", fails)
        video = climbed(web, tenant, enter(web, tenant, sounding()))
        asset = asset_of(runtime, video)
        assert (asset.ladder, asset.ladder_reason[:22]) == (
            LadderState.FAILED,
            "Playout cannot convert",
        )
        assert (video["status"], video["failure_reason"]) == ("completed", None)
        assert variants(web, video["hls_url"]) == ["copy"]
        for url in (video["video"], *addresses(web, video["hls_url"])):
            assert web.get(url).status_code == 200


class TestPlaylists:
    def test_a_media_playlist_covers_its_file_to_the_last_byte(self, web, streamed):
        for url in addresses(web, streamed["hls_url"]):
            if "-keyframes" in url:
                continue
            text = web.get(url).text
            assert web.get(url).headers["content-type"] == "application/vnd.apple.mpegurl"
            (file,) = addresses(web, url)
            size = int(web.head(file).headers["content-length"])
            ranges = [(int(length), int(start)) for length, start in RANGE.findall(text)]
            is_mp4 = file == streamed["video"]
            for (length, start), (_, following) in pairwise(ranges):
                # The sound of an MP4 lies between the segments.
                assert start + length < following if is_mp4 else start + length == following
            assert sum(ranges[-1]) == size
            assert text.endswith("#EXT-X-ENDLIST\n")
            target = int(re.search(r"TARGETDURATION:(\d+)", text)[1])
            assert all(
                round(float(each)) <= target for each in re.findall(r"#EXTINF:([0-9.]+)", text)
            )

    def test_the_manifest_lists_the_same_files_and_their_indexes(self, web, streamed):
        answer = web.get(streamed["dash_url"])
        assert answer.headers["content-type"] == "application/dash+xml"
        root = ElementTree.fromstring(answer.text)
        assert root.get("mediaPresentationDuration") == "PT5.000S"
        found = root.findall(".//mpd:AdaptationSet[@subsegmentAlignment]/mpd:Representation", DASH)
        assert [each.get("id") for each in found] == ["audio", "240p", "360p"]
        files = addresses(web, streamed["dash_url"])
        playlists = addresses(web, streamed["hls_url"])
        assert set(files) == {addresses(web, each)[0] for each in playlists}
        for each, file in zip(found, files, strict=True):
            base = each.find("mpd:SegmentBase", DASH)
            first, last = map(int, base.get("indexRange").split("-"))
            index = web.get(file, headers={"Range": f"bytes={first}-{last}"}).content
            assert (int.from_bytes(index[:4], "big"), index[4:8]) == (last - first + 1, b"sidx")

    def test_one_quality_holds_what_is_up_to_it(self, web, streamed):
        for name, expected in (("240p", ["240p"]), ("720p", ["240p", "360p"])):
            url = streamed["hls_url"].replace("master.m3u8", f"master-{name}.m3u8")
            assert variants(web, url) == expected
        manifest = streamed["dash_url"].replace("manifest.mpd", "manifest-240p.mpd")
        assert "360p" not in web.get(manifest).text

    @pytest.mark.parametrize(
        "name",
        ["master.mpd", "manifest.m3u8", "master-x.m3u8", "1080p.m3u8", "1080p.mp4", "x.m3u8"],
    )
    def test_what_there_is_not_is_not_found(self, web, streamed, name):
        url = streamed["hls_url"].replace("master.m3u8", name)
        assert web.get(url).status_code == 404

    def test_who_has_it_already_is_told_304(self, web, streamed):
        for url in (streamed["hls_url"], streamed["dash_url"]):
            first = web.get(url)
            assert first.headers["cache-control"] == "private, no-store"
            again = web.get(url, headers={"If-None-Match": first.headers["etag"]})
            assert (again.status_code, again.content) == (304, b"")

    def test_players_on_other_sites_may_read_them(self, web, streamed):
        for url in (streamed["hls_url"], streamed["dash_url"], streamed["video"]):
            headers = web.get(url).headers
            assert headers["access-control-allow-origin"] == "*"
            assert "Content-Range" in headers["access-control-expose-headers"]
        asked = {"Origin": "https://other.example", "Access-Control-Request-Headers": "range"}
        allowed = web.options(bare(streamed["video"]), headers=asked)
        assert allowed.status_code == 204
        assert "Range" in allowed.headers["access-control-allow-headers"]


class TestGrants:
    def all_of(self, web, video):
        """Master, manifest, playlists and files."""
        lists = addresses(web, video["hls_url"])
        files = {file for each in lists for file in addresses(web, each)}
        return [video["hls_url"], video["dash_url"], *lists, *files]

    def test_is_handed_on_to_every_address(self, web, streamed):
        grant = urlsplit(streamed["hls_url"]).query
        found = self.all_of(web, streamed)
        assert len(found) == 10
        assert {urlsplit(url).query for url in found} == {grant}
        assert {web.get(url).status_code for url in found} == {200}
        assert {web.get(bare(url)).status_code for url in found} == {404}

    def test_the_addresses_of_a_public_video_are_plain(self, web, tenant, own):
        publish(web, tenant.key, own["session_id"])
        found = self.all_of(web, {name: bare(own[name]) for name in ("hls_url", "dash_url")})
        assert not any(urlsplit(url).query for url in found)
        assert {web.get(url).status_code for url in found} == {200}
        # What a stranger writes into the query is not written into the playlist.
        assert "evil" not in web.get(f"{found[0]}?grant=evil").text

    def test_revoking_ends_playlists_manifests_and_segments_at_once(self, web, tenant, own):
        granted = self.all_of(web, own)
        publish(web, tenant.key, own["session_id"])
        plain = [bare(url) for url in granted]
        assert {web.get(url).status_code for url in [*granted, *plain]} == {200}
        path = f"/v1/publications/session/{own['session_id']}"
        assert web.delete(path, headers=tenant.headers).status_code == 200
        assert {web.get(url).status_code for url in [*granted, *plain]} == {404}


class TestPlayers:
    @pytest.fixture
    def served(self, runtime):
        """The address of a server that a player outside of this process's tests can reach."""
        port = free_port()
        config = uvicorn.Config(
            application(runtime), port=port, log_level="error", lifespan="off", ws="none"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join()

    def test_one_that_is_given_nothing_but_the_address_plays_picture_and_sound_to_the_end(
        self, served, streamed
    ):
        url = streamed["hls_url"].replace("http://testserver", served)
        with av.open(url) as container:
            assert len(container.streams.video) == 2
            sizes = sorted(stream.width for stream in container.streams.video)
            assert sizes == [320, 480]
            frames = [frame.time for frame in container.decode(container.streams.video[0])]
        assert len(frames) == 125
        assert frames == pytest.approx([number / 25 for number in range(125)], abs=0.002)
        with av.open(url) as container:
            samples = sum(frame.samples for frame in container.decode(audio=0))
        assert samples / 44100 == pytest.approx(5, abs=0.1)
