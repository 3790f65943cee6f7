"""DASH manifests list the same streams and captions as HLS playlists."""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from playout.transcode.manifests.dash import dash_manifest
from playout.transcode.manifests.streams import Thumbnails, fill_queries
from tests.transcode.helpers.streams import AUDIO, COPY, GERMAN, LARGER_RUNG, RUNG

pytestmark = pytest.mark.slow

NAMESPACE = {"mpd": "urn:mpeg:dash:schema:mpd:2011"}


def parse(manifest: str) -> Element:
    return ElementTree.fromstring(fill_queries(manifest, ""))


def sets_of(manifest: str) -> list[list[str]]:
    """Return the ids of the representations in each adaptation set."""
    sets = parse(manifest).findall("mpd:Period/mpd:AdaptationSet", NAMESPACE)
    return [
        [each.attrib["id"] for each in s.findall("mpd:Representation", NAMESPACE)] for s in sets
    ]


class TestDashManifest:
    def test_rungs_share_a_set_that_a_copy_is_not_in(self) -> None:
        manifest = dash_manifest([COPY, LARGER_RUNG, AUDIO, RUNG], [GERMAN])
        assert sets_of(manifest) == [["audio"], ["copy"], ["480p", "720p"], ["captions-de"]]

    def test_only_segments_of_rungs_are_aligned(self) -> None:
        sets = parse(dash_manifest([COPY, RUNG])).findall(".//mpd:AdaptationSet", NAMESPACE)
        assert [each.attrib["subsegmentAlignment"] for each in sets] == ["false", "true"]

    def test_representation_names_its_file_and_where_the_index_lies(self) -> None:
        root = parse(dash_manifest([RUNG]))
        representation = root.find(".//mpd:Representation", NAMESPACE)
        assert representation is not None
        assert representation.attrib["frameRate"] == "30000/1001"
        assert representation.findtext("mpd:BaseURL", None, NAMESPACE) == "../first/480p.mp4"
        base = representation.find("mpd:SegmentBase", NAMESPACE)
        assert base is not None
        assert base.attrib["indexRange"] == "700-799"
        initialization = base.find("mpd:Initialization", NAMESPACE)
        assert initialization is not None
        assert initialization.attrib["range"] == "0-699"

    def test_storyboard_is_a_set_of_tiles(self) -> None:
        thumbnails = Thumbnails("third", "storyboard.jpg", 2.0, 10, 4, 160, 90)
        images = parse(dash_manifest([RUNG], (), thumbnails)).find(
            ".//mpd:AdaptationSet[@contentType='image']", NAMESPACE
        )
        assert images is not None
        template = images.find("mpd:SegmentTemplate", NAMESPACE)
        tiles = images.find(".//mpd:EssentialProperty", NAMESPACE)
        picture = images.find("mpd:Representation", NAMESPACE)
        assert template is not None
        assert tiles is not None
        assert picture is not None
        assert template.attrib["media"] == "../third/storyboard.jpg"
        assert template.attrib["duration"] == "80000"
        assert tiles.attrib["value"] == "10x4"
        assert (picture.attrib["width"], picture.attrib["height"]) == ("1600", "360")

    def test_presentation_lasts_until_the_last_stream_ends(self) -> None:
        assert parse(dash_manifest([RUNG])).attrib["mediaPresentationDuration"] == "PT5.000S"
