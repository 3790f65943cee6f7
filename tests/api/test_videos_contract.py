"""What the Videos API answers and takes is what the public document of publishing says."""

import pytest

from playout.core.accounts import service as accounts
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.unit import Origin
from tests.api.helpers.contract import SHAPES, faults, kinds, public_document
from tests.api.helpers.uploads import clip, upload
from tests.helpers.tenants import bearer

DOCUMENT = public_document()
CDN = "https://cdn.example.com"
WHOLE_SECTION = {
    "order": 1,
    "title": "Opening",
    "content": [{"speaker": "Mira", "text": "Welcome."}],
    "duration": 12,
    "video_file": f"{CDN}/1.mp4",
    "audio_file": f"{CDN}/1.m4a",
    "thumbnail": f"{CDN}/1.jpg",
    "section_summary": "Greets",
    "internal_notes": "Keep it short",
    "page_numbers": "1-3",
    "alignment_data": {"words": [0.1, 0.4]},
    "audio_ready": True,
    "status": "completed",
    "rag_documents": [7, 9],
}


@pytest.fixture
def call(web, tenant):
    """Calls the Videos API as the tenant's administrator, and gives the answer's JSON."""

    def send(method: str, path: str, body: object = None, key: str = tenant.key):
        answer = web.request(method, f"/api/v1/{path}", json=body, headers=bearer(key))
        assert answer.is_success, answer.text
        return answer.json()

    return send


@pytest.fixture
def sorted_video(call, make_video):
    """With all that a video can refer to, and its sections."""
    template = {"name": "Launch", "description": "Short", "thumbnail": f"{CDN}/t.jpg"}
    category = call("POST", "categories/", {"name": "News"})["id"]
    sub = call("POST", "subcategories/", {"name": "Local", "category": category})["id"]
    tags = [call("POST", "tags/", {"name": name})["id"] for name in ("launch", "shoes")]
    video = make_video(
        template=call("POST", "templates/", template)["id"],
        category=category,
        subcategory=sub,
        tags=tags,
        plan={"sections": [{"seconds": 12}]},
        description="Of the day",
        cover_image=f"{CDN}/cover.jpg",
        thumbnail=f"{CDN}/thumb.jpg",
        source_experience=-(2**31),
    )
    for section in (WHOLE_SECTION, {"order": 2, "content": None}):
        call("POST", f"videos/{video['id']}/sections/", section)
    return video


@pytest.fixture
def owned_video(make_video, tenant):
    """Entered by a person, who owns it."""
    with tenant.runtime.work.write(OPERATOR, Origin("tests")) as unit:
        email = f"mira@{tenant.organization.slug}.example"
        role = Role.PROJECT_MANAGER
        user = accounts.add_member(unit, tenant.organization, email, "Mira Novak", role)
        signer = tenant.runtime.signer
        _, token = accounts.create_key(unit, signer, tenant.organization, "Laptop", user=user)
    return make_video(token)


@pytest.fixture(params=["bare", "sorted", "uploaded", "owned", "public", "private", "team", "org"])
def video(request, make_video, web, tenant):
    """A completed video of each kind that the document could take differently."""
    if request.param in {"sorted", "owned"}:
        return request.getfixturevalue(f"{request.param}_video")
    if request.param == "uploaded":
        return upload(web, tenant.headers, make_video(external_url=None), clip())
    return make_video() if request.param == "bare" else make_video(visibility=request.param)


@pytest.fixture
def published(call, video):
    return call("POST", f"videos/{video['id']}/publish/")


class TestAnswers:
    def test_a_published_video_is_a_video_detail(self, published):
        assert faults(DOCUMENT, published) == []
        assert published["is_draft"] is False

    def test_our_own_document_says_the_same_of_it(self, web, published):
        ours = web.get("/api/v1/openapi.json").json()
        assert faults(ours, published, SHAPES["VideoDetail"]) == []

    def test_without_a_template_an_empty_one_with_the_id_0_stands_there(self, call, make_video):
        """The document has no null here; a client that reads `template.name` finds a text."""
        out = call("POST", f"videos/{make_video()['id']}/publish/")
        assert (out["template"]["id"], out["template"]["name"]) == (0, "")

    def test_without_an_owner_the_organization_stands_there(self, call, make_video, tenant):
        """The document has no null here, and wants an e-mail address: one that reaches nobody."""
        out = call("POST", f"videos/{make_video()['id']}/publish/")
        assert (out["owner"]["id"], out["owner"]["full_name"]) == (0, tenant.organization.name)
        assert out["owner"]["email"].endswith("@organizations.invalid")
        assert out["owner_username"] == out["owner"]["username"]

    def test_whoever_entered_it_is_the_owner(self, owned_video):
        assert owned_video["owner"]["full_name"] == "Mira Novak"
        assert owned_video["owner_username"] == owned_video["owner"]["username"]

    def test_a_section_of_unknown_length_lasts_0_seconds(self, call, sorted_video):
        """The document has no null here, as it has for the length of a video."""
        sections = call("GET", f"videos/{sorted_video['id']}/sections/")["results"]
        assert [section["duration"] for section in sections] == [12, 0]

    def test_the_check_itself_finds_each_kind_of_fault(self, call, make_video):
        out = call("POST", f"videos/{make_video()['id']}/publish/")
        wrong = {
            "uid": "no-uuid",
            "created_at": "yesterday",
            "thumbnail": "no address",
            "owner": out["owner"] | {"email": "nobody"},
            "template": None,
            "visibility": "secret",
            "duration": "long",
        }
        missing = {name: value for name, value in out.items() if name != "metrics"}
        assert len(faults(DOCUMENT, missing | wrong)) == len(wrong) + 1


class TestBodies:
    def test_a_whole_answer_sent_back_is_taken_and_changes_nothing(self, call, published):
        assert faults(DOCUMENT, published) == []
        path = f"videos/{published['id']}/"
        assert call("POST", f"{path}publish/", published) == published
        assert call("PUT", path, published) == published

    def test_a_poster_of_ours_that_is_sent_back_is_not_taken_for_the_callers_own(
        self, call, web, tenant, make_video
    ):
        video = upload(web, tenant.headers, make_video(external_url=None), clip())
        assert video["thumbnail"].startswith("http://testserver/media/")
        path = f"videos/{video['id']}/"
        changed = call("PUT", path, video | {"visibility": "public"})
        call("POST", f"{path}publish/", changed)
        assert "grant" not in call("GET", path)["thumbnail"]

    def test_the_sample_of_the_document_is_taken(self, call, make_video, tenant):
        payload = {"title": "Launch Event Highlights", "workspace": tenant.project_id}
        out = call("POST", f"videos/{make_video()['id']}/publish/", payload)
        assert out["title"] == "Launch Event Highlights"

    def test_a_video_may_be_completed_and_published_in_one_step(self, call, make_video):
        draft = make_video(external_url=None)
        body = {"external_url": f"{CDN}/final.mp4"}
        out = call("POST", f"videos/{draft['id']}/publish/", body)
        assert [out[name] for name in ("status", "is_draft", "video")] == [
            "completed",
            False,
            f"{CDN}/final.mp4",
        ]

    @pytest.mark.parametrize("template", [None, {"id": 0, "name": ""}, 0])
    def test_no_template_takes_the_template_away(self, call, sorted_video, template):
        out = call("PATCH", f"videos/{sorted_video['id']}/", {"template": template})
        assert out["template"]["id"] == 0

    def test_a_template_as_it_was_read_is_that_template(self, call, sorted_video, make_video):
        body = {"template": sorted_video["template"]}
        out = call("PATCH", f"videos/{make_video()['id']}/", body)
        assert out["template"] == sorted_video["template"]

    def test_an_owner_is_not_taken_from_the_body(self, call, owned_video, make_video):
        """Who owns a video is who entered it; else a key could put it in anybody's name."""
        out = call("PATCH", f"videos/{make_video()['id']}/", {"owner": owned_video["owner"]})
        assert out["owner"]["id"] == 0


class TestDocument:
    """A client that was generated from the public document reads ours as well."""

    @pytest.fixture(scope="class")
    @staticmethod
    def ours(web):
        return web.get("/api/v1/openapi.json").json()

    @pytest.mark.parametrize("shape", SHAPES)
    def test_each_property_has_the_same_type_format_enum_and_nullability(self, ours, shape):
        theirs = DOCUMENT["components"]["schemas"][shape]["properties"]
        found = ours["components"]["schemas"][SHAPES[shape]]["properties"]
        assert {name: kinds(ours, found[name]) for name in theirs} == {
            name: kinds(DOCUMENT, schema) for name, schema in theirs.items()
        }

    @pytest.mark.parametrize("shape", SHAPES)
    def test_what_must_be_there_must_be_there(self, ours, shape):
        theirs = DOCUMENT["components"]["schemas"][shape]["required"]
        assert set(theirs) <= set(ours["components"]["schemas"][SHAPES[shape]]["required"])

    def test_publishing_answers_a_video_detail_and_needs_no_body(self, ours):
        publishing = ours["paths"]["/videos/{video_id}/publish/"]["post"]
        answer = publishing["responses"]["200"]["content"]["application/json"]["schema"]
        assert kinds(ours, answer) == {"VideoDetail"}
        assert not publishing["requestBody"].get("required")
