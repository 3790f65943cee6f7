"""The page of a video: what it is sorted by, chapters, captions, poster, frames."""

import re

import pytest

from playout.core.permissions import Role
from tests.api.helpers.uploads import picture
from tests.console.helpers.fields import fields_of

CAPTIONS = b"1\n00:00:01,000 --> 00:00:02,000\nHello.\n"


@pytest.fixture
def video(make_video):
    return make_video(visibility="public")


@pytest.fixture
def told(web, tenant, video):
    """What the API tells of the video, or of something below it."""

    def told(below: str = ""):
        return web.get(f"/api/v1/videos/{video['id']}/{below}", headers=tenant.headers).json()

    return told


@pytest.fixture
def save(look, send, video):
    """Saves the form of the video as it is shown, with some fields changed."""

    def save(**changed: str):
        path = f"/videos/{video['id']}"
        return send(path, **fields_of(look(path)) | changed)

    return save


class TestSorting:
    def test_tags_in_use_are_found_in_any_spelling_and_others_are_made(
        self, web, tenant, save, told, look, video
    ):
        web.post("/api/v1/tags/", json={"name": "Launch"}, headers=tenant.headers)
        assert save(tags="LAUNCH, Model C , launch,").status_code == 303
        assert fields_of(look(f"/videos/{video['id']}"))["tags"] == "Launch, Model C"
        assert len(told()["tags"]) == 2
        assert save(tags="").status_code == 303
        assert told()["tags"] == []

    def test_a_tag_with_a_comma_stays_whole_when_others_fields_change(
        self, web, tenant, save, told, video
    ):
        tag = web.post("/api/v1/tags/", json={"name": "Spring, 2026"}, headers=tenant.headers)
        body = {"tags": [tag.json()["id"]]}
        path = f"/api/v1/videos/{video['id']}/"
        assert web.patch(path, json=body, headers=tenant.headers).status_code == 200
        assert save(title="Other").status_code == 303
        assert told()["tags"] == body["tags"]

    def test_a_category_is_chosen_with_its_part_made_and_left(
        self, web, tenant, save, told, look, video
    ):
        def made(path: str, **body: object) -> int:
            return web.post(f"/api/v1/{path}/", json=body, headers=tenant.headers).json()["id"]

        category = made("categories", name="Films")
        part = made("subcategories", name="Short", category=category)
        assert save(category=f"{category}.{part}").status_code == 303
        assert "Films / Short</option>" in look(f"/videos/{video['id']}")
        assert (told()["category"], told()["subcategory"]) == (category, part)
        assert save(new_category="Talks").status_code == 303
        assert "selected>Talks</option>" in look(f"/videos/{video['id']}")
        assert told()["subcategory"] is None
        assert save(category="").status_code == 303
        assert told()["category"] is None
        assert save(category="x").status_code == 400
        assert save(new_category="Films").status_code == 303
        assert told()["category"] == category


class TestChapters:
    def test_they_are_set_in_the_order_of_time_and_removed(self, save, told):
        sent = {"start_1": "1:05", "title_1": "Lock", "start_7": "0:00.5", "title_7": "Door"}
        assert save(**sent).status_code == 303
        assert told()["chapters"] == [
            {"start": 0.5, "title": "Door"},
            {"start": 65.0, "title": "Lock"},
        ]
        assert save(start_1="", title_1="").status_code == 303
        assert [each["title"] for each in told()["chapters"]] == ["Lock"]

    def test_those_of_the_description_follow_it_until_others_are_set(self, save, told):
        save(description="0:00 Door\n0:41 Lights")
        assert len(told()["chapters"]) == 2
        save(description="0:00 Door\n0:41 Lights\n1:08 Price")
        assert len(told()["chapters"]) == 3
        save(start_4="1:02:03", title_4="End")
        assert told()["chapters"][-1] == {"start": 3723.0, "title": "End"}
        save(derive_chapters="on")
        assert len(told()["chapters"]) == 3

    @pytest.mark.parametrize("start", ["soon", "-1", "1:75", "", "30:00:00", "1:0x"])
    def test_a_wrong_time_is_told_and_nothing_is_lost(self, save, told, start):
        answer = save(start_1=start, title_1="Door", description="Typed")
        assert answer.status_code == 400
        assert 'value="Door"' in answer.text
        assert "Typed" in answer.text
        assert told()["chapters"] == []


class TestCaptions:
    def test_they_are_added_corrected_and_removed(self, web, send, look, told, video):
        path = f"/videos/{video['id']}/captions"
        files = {"file": ("en.srt", CAPTIONS)}
        assert send(path, files=files, caption_language="EN", default="on").status_code == 303
        assert [each["language"] for each in told("captions/")["results"]] == ["en"]
        assert "From the start" in look(f"/videos/{video['id']}")
        page = look(f"{path}/en")
        text = re.search(r'<textarea[^>]* name="text"[^>]*>(.*?)</textarea>', page, re.S)[1]
        etag = re.search(r'name="etag" value="([^"]+)"', page)[1].replace("&#34;", '"')
        changed = text.replace("&gt;", ">").replace("Hello.", "Good day.")
        sent = {"text": changed.replace("\n", "\r\n"), "label": "English", "etag": etag}
        assert send(f"{path}/en", **sent).status_code == 303
        (shown,) = told("captions/")["results"]
        assert (shown["label"], shown["default"]) == ("English", False)
        assert "Good day." in web.get(shown["url"]).text
        clash = send(f"{path}/en", **sent | {"label": "Other"})
        assert clash.status_code == 412
        assert "Good day." in clash.text
        assert send(f"{path}/en/remove").status_code == 303
        assert told("captions/")["results"] == []

    def test_what_is_wrong_is_told(self, send, video):
        path = f"/videos/{video['id']}/captions"
        files = {"file": ("en.srt", CAPTIONS)}
        assert "BCP 47" in send(path, files=files, caption_language="english!").text
        assert "Choose a file" in send(path, caption_language="en").text
        broken = send(path, files={"file": ("en.srt", b"1\nno time\n")}, caption_language="en")
        assert (broken.status_code, "alert" in broken.text) == (400, True)
        assert send(path, files=files, caption_language="en").status_code == 303
        wrong = send(f"{path}/en", text="WEBVTT\n\n00:01.000 --> soon\nHi")
        assert wrong.status_code == 400
        assert "--&gt; soon" in wrong.text


class TestPoster:
    def test_a_picture_of_ones_own_is_used_and_left_again(self, send, look, told, video):
        path = f"/videos/{video['id']}/poster"
        sent = send(path, files={"picture": ("poster.png", picture())})
        assert sent.status_code == 303, sent.text
        assert told()["cover_image"]
        assert "Back to the first poster" in look(f"/videos/{video['id']}")
        assert send(f"{path}/remove").status_code == 303
        assert "Back to the first poster" not in look(f"/videos/{video['id']}")

    def test_what_is_no_picture_is_told(self, send, video):
        path = f"/videos/{video['id']}/poster"
        assert send(path, files={"picture": ("poster.png", b"no picture")}).status_code == 400
        assert "Choose a picture" in send(path, files={"picture": ("poster.png", b"")}).text
        assert send(path, time="soon").status_code == 400
        assert send(path, time="1").status_code == 409


class TestEmbedding:
    def test_sites_are_named_and_the_code_is_copied(self, web, send, look, tenant, video):
        path = f"/videos/{video['id']}"
        assert "once the video is published" in look(path)
        send(f"{path}/publish")
        assert "No other site" in look(path)
        assert send(f"{path}/sites", sites="shop.example\nhttps://*.b.example").status_code == 303
        shown = look(path)
        assert "https://shop.example</strong>" in shown
        code = re.search(r'<textarea[^>]*id="embed"[^>]*>(.*?)</textarea>', shown, re.S)[1]
        url = re.search(r"src=&amp;#34;([^&]+)|src=&#34;([^&]+)", code)
        frame = web.get((url[1] or url[2]).removeprefix("http://testserver"))
        assert frame.status_code == 200
        assert "https://shop.example" in frame.headers["content-security-policy"]
        wrong = send(f"{path}/sites", sites="not a site")
        assert wrong.status_code == 400
        assert "not a site</textarea>" in wrong.text

    def test_a_role_below_is_not_offered_the_sites(self, look, video):
        assert "/sites" not in look(f"/videos/{video['id']}", Role.DEVELOPER)
