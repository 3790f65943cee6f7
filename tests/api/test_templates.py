"""Film templates: upload, list, get, preview, and the channels that hold them."""

import copy
import json
import struct

import httpx2 as httpx
import pytest

from playout.core.permissions import Role
from tests.api.helpers.templates_client import FACE, MANIFEST, Templates, templates_of
from tests.api.helpers.tools import ledger
from tests.api.helpers.uploads import clip, picture, settled
from tests.compose.layers.animations import animation, layer_text

NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def templates(web, tenant, make_video) -> Templates:
    return templates_of(web, tenant, make_video(external_url="https://cdn.example.com/film.mp4"))


def changed(**fields: object) -> dict[str, object]:
    """The manifest with another first element."""
    manifest = copy.deepcopy(MANIFEST)
    manifest["elements"][0] |= fields
    return manifest


class TestUpload:
    def test_it_is_a_version_in_testing(self, templates):
        first = templates.create(templateJson='{"author": "Ana"}', name="Spring")
        second = templates.create()
        assert (first["version"], first["state"], first["name"]) == (1, "Testing", "Spring")
        assert (second["version"], second["name"]) == (2, "Template 2")
        assert first["videoId"] == templates.video_id
        assert [each["name"] for each in first["assets"]] == ["face.png"]
        assert [each["version"] for each in templates.get()] == [2, 1]
        found = templates.get(f"/{first['id']}")
        assert found["manifestJson"] == MANIFEST
        assert found["templateJson"] == {"author": "Ana"}

    def test_it_is_recorded(self, templates, runtime):
        made = templates.create()
        (event,) = ledger(runtime, subject_id=made["id"])
        assert event.event == "film_template.created"
        assert event.names["film_template"]["project_id"] == templates.project_id

    def test_the_same_key_and_form_create_one_template(self, templates):
        headers = {"Idempotency-Key": "once"}
        first = templates.upload(headers=headers)
        again = templates.upload(headers=headers)
        assert again.headers["Idempotency-Replayed"] == "true"
        assert again.json() == first.json()
        assert len(templates.get()) == 1
        assert templates.upload(headers=headers, name="Other").status_code == 422

    def test_a_poster_is_made_of_its_pixels_alone(self, templates, web, tenant):
        file = ("posterFile", ("poster.png", picture() + b"<script>", "image/png"))
        made = templates.create(files=(FACE, file))
        answer = web.get(made["posterUrl"], headers=tenant.headers)
        assert answer.headers["content-type"] == "image/png"
        assert b"script" not in answer.content
        assert web.get(made["posterUrl"]).status_code == 401

    def test_warnings_say_what_may_not_look_as_meant(self, templates):
        crowded = changed(text="{{name}} ꙮ𖬀 and all of the others", width=0.1, size=0.2)
        assert templates.create()["warnings"] == []
        found = templates.create(manifest=crowded)["warnings"]
        messages = " ".join(each["message"] for each in found)
        assert {each["element"] for each in found} == {"greeting"}
        assert "has no room" in messages
        assert "U+16B00" in messages
        outside = templates.create(manifest=changed(x=1.2))["warnings"]
        assert "outside of the frame" in outside[0]["message"]
        other = templates.create(manifest=changed(font={"family": "Comic"}))["warnings"]
        assert "no font “Comic”" in other[0]["message"]


class TestRefused:
    @pytest.mark.parametrize(
        ("fields", "named"),
        [
            ({"kind": None}, "kind"),
            ({"kind": "Vector"}, "kind"),
            ({"videoId": None}, "videoId"),
            ({"videoId": "seven"}, "videoId"),
            ({"videoId": NOBODY}, "videoId"),
            ({"manifestJson": None}, "manifestJson"),
            ({"manifestJson": "{"}, "manifestJson"),
            ({"manifestJson": "[]"}, "manifestJson"),
            ({"templateJson": "7"}, "templateJson"),
            ({"overlayJson": "{}"}, "overlayJson"),
            ({"manifest": changed(size=0)}, "manifestJson.elements.0.text.size"),
            ({"manifest": changed(text="{{nobody}}")}, "manifestJson"),
            ({"files": ()}, "assetFiles"),
            ({"files": (("assetFiles[]", ("face.png", b"<svg/>")),)}, "assetFiles"),
            ({"files": (FACE, FACE)}, "assetFiles"),
            ({"files": (FACE, ("assetFiles[]", ("../x.png", picture())))}, "assetFiles"),
            ({"files": (FACE, ("assetFiles[]", ("own.ttf", b"OTTO" + bytes(99))))}, "assetFiles"),
            ({"files": (FACE, ("videoFile", ("film.mp4", b"film")))}, "videoId"),
        ],
    )
    def test_the_error_names_the_part(self, templates, fields, named):
        answer = templates.upload(**fields)
        assert answer.status_code == 400, answer.text
        assert named in answer.json()["errors"]
        assert templates.get() == []

    def test_another_body_is_no_form(self, templates):
        answer = templates.post(f"{templates.path}/upload", {"kind": "Raster"})
        assert answer.status_code == 415

    @pytest.mark.parametrize("body", [b"", b"--x\r\n", b"--x\r\nContent-Disposition: form-data;"])
    def test_a_broken_form_is_refused(self, templates, tenant, web, body):
        headers = tenant.headers | {"Content-Type": "multipart/form-data; boundary=x"}
        answer = web.post(f"{templates.path}/upload", content=body, headers=headers)
        assert answer.status_code == 400

    def test_a_viewer_may_not_upload_and_a_developer_not_publish(self, templates, web, tenant):
        assert templates.upload(key=tenant.keys[Role.VIEWER]).status_code == 403
        answer = templates.upload(key=tenant.keys[Role.DEVELOPER])
        assert answer.status_code == 201
        headers = {"Authorization": f"Bearer {tenant.keys[Role.DEVELOPER]}"}
        path = f"{templates.channels}/PROD/publish"
        body = {"templateId": answer.json()["id"]}
        assert web.post(path, json=body, headers=headers).status_code == 403


class TestLottie:
    def upload(self, templates: Templates, overlay: object, **fields: object) -> httpx.Response:
        sent = {"kind": "LottieStandalone", "overlayJson": json.dumps(overlay), "files": ()}
        return templates.upload(**{**sent, "manifestJson": None, **fields})

    def test_its_texts_bind_without_a_manifest(self, templates):
        answer = self.upload(templates, animation(layer_text("Hello {{first_name}}")))
        assert answer.status_code == 201, answer.text
        made = answer.json()
        assert made["kind"] == "LottieStandalone"
        assert set(made["manifestJson"]["fields"]) == {"first_name"}
        path = f"{templates.path}/{made['id']}/preview"
        pictures = {
            templates.post(path, {"personalizationData": {"first_name": name}}).content
            for name in ("محمد", "Bea")
        }
        assert len(pictures) == 2
        assert all(each.startswith(b"\x89PNG") for each in pictures)

    def test_a_manifest_of_its_own_must_name_its_texts(self, templates):
        overlay = animation(layer_text("Hello"))
        element = {
            **{"id": "overlay", "type": "lottie", "asset": "overlay.json", "start": 0, "end": 2},
            **{"x": 0, "y": 0, "width": 1, "height": 1},
        }
        for name, status in (("greeting", 201), ("nobody", 400)):
            manifest = {"version": 1, "elements": [{**element, "texts": {name: "Hi"}}]}
            answer = self.upload(templates, overlay, manifestJson=json.dumps(manifest))
            assert answer.status_code == status, answer.text

    @pytest.mark.parametrize(
        "overlay",
        [
            [],
            {"layers": []},
            {**animation(), "w": "wide"},
            {**animation(), "op": 0},
            {**animation(), "layers": [7]},
            {**animation(), "assets": [{"id": "a", "u": "/etc/", "p": "passwd", "e": 0}]},
            animation({"ty": 4, "ks": {"r": {"a": 0, "k": 0, "x": "thisComp.layer(1)"}}}),
            animation({**layer_text("Hello"), "tt": 1}),
            {**animation(), "assets": [{"id": "a", "layers": [{"ty": 0, "refId": "a"}]}]},
            animation(layer_text("Hello"), layer_text("again")),
        ],
    )
    def test_what_is_none_or_reaches_outside_is_refused(self, templates, overlay):
        answer = self.upload(templates, overlay)
        assert answer.status_code == 400, answer.text
        assert "overlayJson" in answer.json()["errors"]


class TestChannels:
    def test_a_channel_holds_one_template(self, templates, tenant):
        first, second = templates.create(), templates.create()
        assert templates.held() == {"DEV": None, "STAGING": None, "PROD": None}
        answer = templates.publish("DEV", first)
        assert answer.json()["activeTemplateId"] == first["id"]
        assert answer.json()["publishedBy"]
        assert answer.json()["publishedAt"]
        templates.publish("STAGING", first)
        templates.publish("DEV", second)
        assert templates.held() == {"DEV": second["id"], "STAGING": first["id"], "PROD": None}
        assert templates.states() == {1: "Testing", 2: "Testing"}

    def test_in_production_it_retires_the_ones_before_it(self, templates):
        made = [templates.create() for _ in range(3)]
        for each in made:
            templates.publish("PROD", each)
        assert templates.states() == {1: "Archived", 2: "Previous", 3: "Production"}
        templates.publish("PROD", made[1])
        assert templates.states() == {1: "Archived", 2: "Production", 3: "Previous"}
        templates.post(f"{templates.channels}/PROD/unpublish")
        assert templates.states() == {1: "Archived", 2: "Previous", 3: "Archived"}
        assert templates.held()["PROD"] is None

    def test_doing_it_again_changes_nothing(self, templates, runtime):
        made = templates.create()
        for _ in range(2):
            assert templates.publish("DEV", made).status_code == 200
        for _ in range(2):
            answer = templates.post(f"{templates.channels}/DEV/unpublish")
            assert answer.json()["activeTemplateId"] is None
        events = [each.event for each in ledger(runtime, subject_id=made["id"])]
        assert events == [
            "film_template.created",
            "film_template.published",
            "film_template.unpublished",
        ]

    def test_a_template_of_another_project_is_refused(self, templates):
        answer = templates.publish("DEV", {"id": NOBODY})
        assert answer.status_code == 400
        assert "templateId" in answer.json()["errors"]


def size_of(png: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", png[16:24])
    return width, height


class TestPreview:
    def test_it_is_a_picture_with_the_data(self, templates):
        made = templates.create()

        def preview(**body: object) -> bytes:
            answer = templates.post(f"{templates.path}/{made['id']}/preview", body)
            assert answer.status_code == 200, answer.text
            assert answer.headers["content-type"] == "image/png"
            return answer.content

        ada, bea, after = (
            preview(second=1, personalizationData={"name": "Ada"}),
            preview(second=1, personalizationData={"name": "Bea"}),
            preview(second=9, personalizationData={"name": "Bea"}),
        )
        assert size_of(ada) == (1280, 720)
        assert len({ada, bea, after}) == 3

    def test_wrong_data_names_the_field_and_no_value(self, templates):
        made = templates.create()
        body = {"personalizationData": {"name": "\u202eAda Secret", "first_name": "Ada"}}
        answer = templates.post(f"{templates.path}/{made['id']}/preview", body)
        assert answer.status_code == 400
        wrong = {"personalizationData.name", "personalizationData.first_name"}
        assert set(answer.json()["errors"]) == wrong
        assert "Secret" not in answer.text


@pytest.mark.slow
class TestFilm:
    def test_a_film_that_was_sent_becomes_a_video_and_is_under_the_drawing(
        self, templates, web, tenant
    ):
        film = ("videoFile", ("film.mp4", clip(), "video/mp4"))
        made = templates.create(files=(FACE, film), videoId=None)
        found = web.get("/api/v1/videos/?page_size=50", headers=tenant.headers).json()
        (video,) = (each for each in found["results"] if each["uid"] == made["videoId"])
        video = settled(web, tenant.headers, video)
        assert video["status"] == "completed"
        path = f"{templates.path}/{made['id']}/preview"
        answer = templates.post(path, {"second": 0.5, "personalizationData": {"name": "Ada"}})
        assert answer.status_code == 200, answer.text
        assert size_of(answer.content)[0] == 1280
        late = templates.post(path, {"second": 900, "personalizationData": {"name": "Ada"}})
        assert late.status_code == 400
        assert "second" in late.json()["errors"]
