"""Audio tracks beside the main one, and HDR beside SDR: as players are offered them."""

import io
import re
from itertools import pairwise
from xml.etree import ElementTree

import av
import pytest

from tests.api.helpers.streams import HEVC, addresses, climbed, enter, sounding
from tests.helpers.rich_clips import SECONDS, TONES, rich_matroska
from tests.helpers.tenants import found_tenant

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("ladders")]
DASH = {"mpd": "urn:mpeg:dash:schema:mpd:2011"}
TAGS = "colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"


@pytest.fixture(scope="module")
def tenant_of_module(runtime):
    return found_tenant(runtime)


@pytest.fixture(scope="module")
def rich(web, tenant_of_module, tmp_path_factory):
    source = rich_matroska(tmp_path_factory.mktemp("rich") / "rich.mkv").read_bytes()
    return climbed(web, tenant_of_module, enter(web, tenant_of_module, source))


@pytest.fixture(scope="module")
def hdr(web, tenant_of_module):
    codecs = HEVC.replace("log-level=1", f"log-level=1:{TAGS}") + " -pix_fmt yuv420p10le"
    source = sounding(codecs, seconds=2)
    return climbed(web, tenant_of_module, enter(web, tenant_of_module, source))


def attributes(line):
    """The attributes of a line of a playlist."""
    return {name: value.strip('"') for name, value in re.findall('([A-Z-]+)=("[^"]*"|[^,]*)', line)}


def audio_media(web, video):
    lines = web.get(video["hls_url"]).text.splitlines()
    return [attributes(each) for each in lines if each.startswith("#EXT-X-MEDIA:TYPE=AUDIO")]


def main_frequency(content):
    """The frequency that sounds in a file: its zero crossings tell."""
    with av.open(io.BytesIO(content)) as container:
        stream = container.streams.audio[0]
        samples = [
            value
            for frame in container.decode(stream)
            for value in memoryview(frame.planes[0]).cast("B").cast("f")[: frame.samples]
        ]
    middle = samples[24_000:72_000]
    pairs = pairwise(middle)
    return sum(before < 0 <= after for before, after in pairs) * 48_000 / len(middle)


class TestAudioTracks:
    def test_are_renditions_with_names_languages_and_one_default(self, web, rich):
        named = [
            (each["NAME"], each["LANGUAGE"], each["DEFAULT"], each["AUTOSELECT"])
            for each in audio_media(web, rich)
        ]
        assert named == [
            ("English", "en", "YES", "YES"),
            ("Deutsche Fassung", "de", "NO", "YES"),
            ("The director speaks", "en", "NO", "NO"),
        ]

    def test_sound_as_in_the_source_and_as_long(self, web, rich):
        base = rich["hls_url"].rpartition("/")[0]
        for each, tone in zip(audio_media(web, rich), TONES, strict=True):
            address, _, query = f"{base}/{each['URI']}".partition("?")
            playlist = web.get(f"{address}?{query}").text
            lengths = [
                float(line[8:-1]) for line in playlist.splitlines() if line.startswith("#EXTINF")
            ]
            assert sum(lengths) == pytest.approx(SECONDS, abs=0.1)
            content = web.get(f"{address.removesuffix('.m3u8')}.mp4?{query}").content
            assert main_frequency(content) == pytest.approx(tone, rel=0.02)

    def test_are_sets_of_their_own_in_dash(self, web, rich):
        manifest = ElementTree.fromstring(web.get(rich["dash_url"]).text)
        sets = manifest.findall(".//mpd:AdaptationSet[@contentType='audio']", DASH)
        found = [(each.get("lang"), each.find("mpd:Role", DASH).get("value")) for each in sets]
        assert found == [("en", "main"), ("de", "alternate"), ("en", "commentary")]
        assert sets[1].find("mpd:Label", DASH).text == "Deutsche Fassung"

    def test_count_once_in_the_bandwidth_and_the_codecs_of_a_variant(self, web, rich):
        lines = web.get(rich["hls_url"]).text.splitlines()
        variants = [line for line in lines if line.startswith("#EXT-X-STREAM-INF")]
        assert all(line.count("mp4a") == 1 for line in variants)


class TestHdr:
    def test_is_kept_beside_sdr_with_its_range(self, web, hdr):
        lines = web.get(hdr["hls_url"]).text.splitlines()
        ranges = {
            after.rpartition("/")[2].partition(".")[0]: attributes(line)["VIDEO-RANGE"]
            for line, after in pairwise(lines)
            if line.startswith("#EXT-X-STREAM-INF")
        }
        assert ranges == {"copy": "PQ", "240p": "SDR", "360p": "SDR"}

    def test_is_a_set_in_dash_that_others_leave_alone(self, web, hdr):
        manifest = ElementTree.fromstring(web.get(hdr["dash_url"]).text)
        sets = manifest.findall(".//mpd:AdaptationSet[@contentType='video']", DASH)
        transfers = [
            [each.get("value") for each in found.findall("mpd:EssentialProperty", DASH)]
            for found in sets
        ]
        assert sorted(transfers) == [[], ["9", "16", "9"]]

    def test_says_that_most_screens_get_it_mapped(self, hdr):
        assert [note.partition(".")[0] for note in hdr["notes"]] == [
            "The picture has a high dynamic range (PQ)"
        ]

    def test_stays_pq_in_the_copy_and_is_sdr_in_the_rungs(self, web, hdr):
        url, transfers = hdr["hls_url"], {}
        text = web.get(url).text
        for line in (each for each in text.splitlines() if each and each[0] != "#"):
            file = addresses(web, f"{url.rpartition('/')[0]}/{line}")[0]
            with av.open(io.BytesIO(web.get(file).content)) as container:
                frame = next(container.decode(video=0))
                transfers[line.rpartition("/")[2].partition(".")[0]] = int(frame.color_trc)
        assert transfers == {"copy": 16, "240p": 1, "360p": 1}
