"""What else a source contains: its subtitles become captions, its chapters chapters, and so on."""

import pytest

from tests.api.helpers.streams import enter, sounding
from tests.api.helpers.uploads import upload
from tests.api.test_captions import SRT, ask, changes, put
from tests.helpers.rich_clips import rich_matroska, rich_mp4
from tests.helpers.tenants import found_tenant

pytestmark = pytest.mark.slow


def captions(web, tenant, video):
    return {each["language"]: each for each in ask(web, tenant, video, "GET").json()["results"]}


@pytest.fixture(scope="module")
def rich(tmp_path_factory):
    return rich_matroska(tmp_path_factory.mktemp("rich") / "rich.mkv").read_bytes()


@pytest.fixture(scope="module")
def entered(web, runtime, rich):
    """A tenant and a draft made of a rich source; no test changes it."""
    tenant = found_tenant(runtime)
    return tenant, enter(web, tenant, rich)


class TestEmbeddedSubtitles:
    def test_become_captions_that_say_where_they_come_from(self, web, entered):
        tenant, video = entered
        found = captions(web, tenant, video)
        assert {tag: each["label"] for tag, each in found.items()} == {
            "de": "Deutsch",
            "de-x-2": "Deutsch (Schilder)",
            "en": "English",
        }
        assert {each["source"] for each in found.values()} == {"embedded"}
        assert video["caption_languages"] == ["de", "de-x-2", "en"]
        assert len(changes(tenant, video)) == 1

    def test_are_cleaned_as_uploaded_ones_are(self, web, entered):
        tenant, video = entered
        text = web.get(captions(web, tenant, video)["en"]["url"]).text
        assert text.endswith("00:00:00.500 --> 00:00:01.000\n<b>Hello</b> x\n")

    def test_of_mp4_become_captions_too(self, web, tenant, tmp_path):
        video = enter(web, tenant, rich_mp4(tmp_path / "rich.mp4").read_bytes())
        assert video["caption_languages"] == ["de", "en"]
        assert "Hallo" in web.get(captions(web, tenant, video)["de"]["url"]).text

    def test_give_way_to_what_is_uploaded_and_go_with_their_source(self, web, tenant, rich):
        video = enter(web, tenant, rich)
        put(web, tenant, video, "en", SRT)
        assert ask(web, tenant, video, "DELETE", "de-x-2/").status_code == 204
        upload(web, tenant.headers, video, rich)
        found = captions(web, tenant, video)
        assert {tag: each["source"] for tag, each in found.items()} == {
            "de": "embedded",
            "de-x-2": "embedded",
            "en": "uploaded",
        }
        assert "one hut" in web.get(found["en"]["url"]).text
        upload(web, tenant.headers, video, sounding())
        assert list(captions(web, tenant, video)) == ["en"]


class TestChaptersOfASource:
    def test_are_those_of_the_video(self, web, entered):
        _, video = entered
        assert video["chapters"] == [
            {"start": 0.0, "title": "Start"},
            {"start": 1.0, "title": "Der Gipfel"},
        ]
        assert "00:00:01.000 --> 00:00:02.5" in web.get(video["chapters_url"]).text


class TestNotes:
    def test_name_what_was_left_out(self, entered):
        _, video = entered
        assert video["notes"] == [
            "Subtitles (PGS, fr) are left out: they are pictures.",
            "1 attachment is left out, such as a font or a picture.",
        ]
