"""The source is the top rendition where players can switch between it and the rungs."""

import re
from datetime import timedelta
from io import BytesIO
from itertools import accumulate

import av
import pytest
from sqlalchemy import update

from playout.core.maintenance.superseded import remove_superseded_renditions
from playout.core.media.model import Asset, Rendition
from playout.core.processing.media_job import MediaJob
from playout.kit.clock import utcnow
from tests.api.helpers.streams import HEVC, addresses, asset_of, climbed, enter, sounding, variants
from tests.helpers.tenants import found_tenant

pytestmark = pytest.mark.usefixtures("ladders")

REGULAR = (
    "-c:v libx264 -preset ultrafast -bf 2 -pix_fmt yuv420p -g 60 -keyint_min 60"
    " -sc_threshold 0 -c:a aac"
)
IRREGULAR = (
    "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 90 -sc_threshold 0"
    " -force_key_frames 0.6,2.32,3.2,5.48 -c:a aac"
)
OPEN = "-c:v libx264 -preset superfast -bf 3 -x264-params open-gop=1:keyint=50 -c:a aac"
RARE = "-c:v libx264 -preset ultrafast -g 200 -keyint_min 200 -sc_threshold 0 -c:a aac"
RANGE = re.compile(r"#EXT-X-BYTERANGE:(\d+)@(\d+)")
MAP = re.compile(r'#EXT-X-MAP:URI="[^"]+",BYTERANGE="(\d+)@(\d+)"')


@pytest.fixture(scope="module", params=[REGULAR, IRREGULAR], ids=["regular", "irregular"])
def kept(request, web, runtime):
    """A draft whose source is its top rendition; no test changes it."""
    tenant = found_tenant(runtime)
    return climbed(web, tenant, enter(web, tenant, sounding(request.param, "960x540", 9)))


def playlist(web, video, name):
    url = next(each for each in addresses(web, video["hls_url"]) if f"/{name}.m3u8" in each)
    return url, web.get(url).text


def starts(text):
    lengths = [float(each) for each in re.findall(r"#EXTINF:([0-9.]+),", text)]
    return list(accumulate(lengths, initial=0.0))


def played(web, url, text, sizes=None):
    """Return each segment as a player gets it: its range, after the initialization segment."""
    (file,) = addresses(web, url)

    def part(size, start):
        said = f"bytes={int(start)}-{int(start) + int(size) - 1}"
        return web.get(file, headers={"Range": said}).content

    head = part(*MAP.search(text).groups())
    return [head + part(*each) for each in RANGE.findall(text)]


class TestTopRendition:
    def test_is_the_source_itself_and_nothing_is_encoded_as_large(self, web, kept):
        assert variants(web, kept["hls_url"]) == ["480p", "240p", "360p", "copy"]

    def test_all_renditions_have_the_segments_of_the_source(self, web, kept):
        names = variants(web, kept["hls_url"])
        found = [starts(playlist(web, kept, name)[1]) for name in names]
        for other in found[1:]:
            assert other == pytest.approx(found[0], abs=0.002)
        for name in names:
            url, text = playlist(web, kept, name)
            for start, content in zip(starts(text), played(web, url, text), strict=False):
                with av.open(BytesIO(content)) as container:
                    frames = list(container.decode(video=0))
                    assert frames[0].key_frame
                    assert float(frames[0].time) == pytest.approx(start, abs=0.002)

    def test_the_mp4_is_the_same_file_and_has_picture_and_sound(self, web, kept):
        url, _ = playlist(web, kept, "copy")
        (file,) = addresses(web, url)
        assert file == kept["video"]
        with av.open(BytesIO(web.get(file).content)) as container:
            times = [frame.time for frame in container.decode(video=0)]
        assert times == pytest.approx([number / 25 for number in range(225)], abs=0.001)
        with av.open(BytesIO(web.get(file).content)) as container:
            samples = sum(frame.samples for frame in container.decode(audio=0))
        assert samples / 44100 == pytest.approx(9, abs=0.1)

    def test_players_of_dash_switch_between_source_and_rungs(self, web, kept):
        text = web.get(kept["dash_url"]).text
        assert text.count('contentType="video"') == 1
        with av.open(BytesIO(web.get(kept["video"]).content)) as container:
            assert container.streams.video[0].height == 540

    def test_key_frames_have_a_playlist_of_ranges_of_the_same_file(self, web, kept):
        master = web.get(kept["hls_url"]).text
        assert master.count("#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=") == 4
        for name in variants(web, kept["hls_url"]):
            url, text = playlist(web, kept, f"{name}-keyframes")
            whole = playlist(web, kept, name)[1]
            assert "#EXT-X-I-FRAMES-ONLY" in text
            assert starts(text) == starts(whole)
            assert addresses(web, url) == addresses(web, playlist(web, kept, name)[0])
            for content in played(web, url, text):
                with av.open(BytesIO(content)) as container:
                    packet = next(container.demux(video=0))
                    assert packet.is_keyframe
                    frames = [*packet.decode(), *container.streams.video[0].decode(None)]
                    assert len(frames) == 1

    @pytest.mark.parametrize("codecs", [OPEN, RARE], ids=["open", "rare"])
    def test_is_encoded_where_players_could_not_switch(self, web, tenant, codecs):
        video = climbed(web, tenant, enter(web, tenant, sounding(codecs, "960x540", 9)))
        assert variants(web, video["hls_url"]) == ["480p", "240p", "360p", "720p"]

    def test_hevc_has_an_h264_of_its_size_beside_it(self, web, tenant):
        codecs = HEVC.replace("log-level=1", "log-level=1:keyint=50:min-keyint=50:open-gop=0")
        video = climbed(web, tenant, enter(web, tenant, sounding(codecs, "640x360", 5)))
        names = variants(web, video["hls_url"])
        assert set(names) == {"240p", "360p", "copy"}
        found = [starts(playlist(web, video, name)[1]) for name in names]
        assert found[1] == pytest.approx(found[0], abs=0.002)
        assert found[2] == pytest.approx(found[0], abs=0.002)
        assert web.get(video["dash_url"]).text.count('contentType="video"') == 2


class TestSuperseded:
    def test_files_go_when_the_last_grant_over_them_has_ended(self, web, tenant, runtime):
        codecs = HEVC.replace("log-level=1", "log-level=1:keyint=250:scenecut=0")
        first = enter(web, tenant, sounding(codecs, "640x360", 9))
        old, _ = playlist(web, first, "copy")
        (file,) = addresses(web, old)
        video = climbed(web, tenant, first)
        remove_superseded_renditions(runtime)
        assert [web.get(each).status_code for each in (old, file)] == [200, 200]
        with runtime.database.write_session() as session:
            mine = Rendition.asset_id == asset_of(runtime, video).id
            ended = Rendition.superseded_until.is_not(None)
            past = utcnow() - timedelta(seconds=1)
            session.execute(update(Rendition).where(mine, ended).values(superseded_until=past))
        remove_superseded_renditions(runtime)
        key = file.partition("?")[0].partition("/media/")[2]
        assert not (runtime.storage.folder / "media" / key).exists()
        for url in (video["video"], *addresses(web, video["hls_url"])):
            assert web.get(url).status_code == 200


class TestKeptProbe:
    def test_ladder_and_pictures_look_no_second_time(self, web, tenant, runtime, monkeypatch):
        looked = []
        module = MediaJob.__module__
        monkeypatch.setattr(f"{module}.probe", lambda *_, **__: looked.append(1))
        video = climbed(web, tenant, enter(web, tenant, sounding()))
        with runtime.database.read_session() as session:
            kept = session.get_one(Asset, asset_of(runtime, video).id).probe
        assert kept["facts"]["video"]["codec"] == "h264"
        assert looked == []
