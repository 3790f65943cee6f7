"""No field takes a URL with a user or a password in it, through an API or past it."""

import re

import pytest

from playout.api.types import URL_PATTERN
from playout.core.brands import service as brands
from playout.core.catalog import service as catalog
from playout.core.catalog.model import Template
from playout.core.principal import OPERATOR
from playout.core.projects import queries as projects
from playout.core.projects.channel import Channel
from playout.core.publications import service as publications
from playout.core.publications.model import PublishInput
from playout.core.shares import service as shares
from playout.core.shares.model import ShareInput
from playout.core.unit import Origin
from playout.core.videos import sections
from playout.core.videos import service as videos
from playout.core.web_addresses import URL_FIELDS, has_credentials
from playout.core.webhooks import service as webhooks
from playout.kit.errors import Invalid

OPENAPI = ("/v1/openapi.json", "/api/v1/openapi.json", "/api/openapi.json", "/openapi.json")
BAD = "https://user:password@cdn.example.com/a.mp4"


@pytest.fixture
def project_uid(runtime, tenant):
    with runtime.work.read(OPERATOR) as unit:
        return projects.by_id(unit, tenant.project_id).uid


class TestApis:
    @pytest.mark.parametrize(
        ("method", "path", "field"),
        [
            *(
                ("PATCH", "/api/v1/videos/{id}/", field)
                for field in ("external_url", "source_url", "cover_image", "thumbnail")
            ),
            ("POST", "/api/v1/videos/{id}/publish/", "external_url"),
            *(
                ("POST", "/api/v1/videos/{id}/sections/", field)
                for field in ("video_file", "audio_file", "thumbnail")
            ),
            *(
                ("POST", "/api/v1/templates/", field)
                for field in ("thumbnail", "preview_video_url")
            ),
            ("POST", "/api/v1/webhooks/", "url"),
            *(
                ("POST", f"/v1/publications/{verb}", field)
                for verb in ("publish", "edit")
                for field in ("splash_image", "splashImage")
            ),
            ("PUT", "/api/Projects/{project}/public-video-shares/DEV", "ctaUrl"),
            *(
                ("PATCH", "/api/v1/workspaces/{workspace}/brand/", field)
                for field in ("home_url", "privacy_url", "imprint_url")
            ),
        ],
    )
    def test_the_field_is_named_and_nothing_is_kept(
        self, web, tenant, make_video, project_uid, method, path, field
    ):
        video = make_video()
        body = {
            **{"title": "T", "name": f"N {field}", "order": 1, "content": {}},
            **{"session_id": video["session_id"], "event_types": ["*"]},
            **{"publicTitle": "T", "ctaLabel": "Go", field: BAD},
        }
        path = path.format(id=video["id"], project=project_uid, workspace=tenant.project_id)
        answer = web.request(method, path, json=body, headers=tenant.headers)
        assert answer.status_code == 400, answer.text
        assert "user or a password" in answer.text
        assert "password@" not in answer.text
        assert "password@" not in web.get("/api/v1/events/", headers=tenant.headers).text


class TestCore:
    @pytest.fixture
    def refused(self, runtime, tenant):
        """Run a use case, as the command line and jobs do, which must raise `Invalid`."""

        def refused(use) -> None:
            principal = runtime.credentials.resolve(tenant.key)
            with (
                pytest.raises(Invalid, match="user or a password"),
                runtime.work.write(principal, Origin("tests")) as unit,
            ):
                use(unit)

        return refused

    def test_videos_and_their_sections(self, refused, tenant, make_video):
        video_id = make_video()["id"]
        fields = {"title": "T", "project_id": tenant.project_id}
        refused(lambda unit: videos.create(unit, fields, source_url=BAD))
        refused(lambda unit: videos.create(unit, fields, external_url=BAD))
        refused(lambda unit: videos.update(unit, video_id, {"thumbnail": BAD}))
        fields = {"order": 1, "content": {}, "audio_file": BAD}
        refused(lambda unit: sections.add(unit, video_id, fields))

    def test_all_others(self, refused, runtime, tenant, make_video, project_uid):
        session_id = make_video()["session_id"]
        refused(lambda unit: catalog.add(unit, Template, {"name": "T", "thumbnail": BAD}))
        sent = PublishInput(session_id, {"splash_image": BAD})
        refused(lambda unit: publications.publish(unit, sent))
        share = ShareInput("T", cta_label="Go", cta_url=BAD)
        refused(lambda unit: shares.put(unit, project_uid, Channel.DEV, share))
        refused(lambda unit: webhooks.create(unit, runtime.cipher, tenant.organization, BAD, ["*"]))

    @pytest.mark.parametrize("field", ["home_url", "privacy_url", "imprint_url"])
    def test_brands(self, refused, tenant, field):
        refused(lambda unit: brands.update(unit, tenant.project_id, {field: BAD}))


class TestUrlFields:
    def test_they_are_the_urls_that_the_apis_take(self, web):
        taken = set()
        for address in OPENAPI:
            for schema in web.get(address).json()["components"]["schemas"].values():
                for name, field in schema.get("properties", {}).items():
                    forms = (field, *field.get("anyOf", ()))
                    if any(each.get("pattern") == URL_PATTERN for each in forms):
                        taken.add(re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", name))
        assert taken == URL_FIELDS


class TestHasCredentials:
    @pytest.mark.parametrize(
        "url",
        [
            *(BAD, "https://user@a.example/", "https://:password@a.example", "HTTPS://@a.example"),
            *("http:/\\me:secret@a.example", "https:me@a.example", " https://me:x@a.example"),
            *("ht\ntps://me:x@a.example", "https://a%40b:c@d.example", "https://a.example\\@b/"),
        ],
    )
    def test_a_user_or_a_password_is_found(self, url):
        assert has_credentials(url)

    @pytest.mark.parametrize(
        "url",
        [
            *(
                "https://a.example/@me/b",
                "https://a.example?mail=me@b.example",
                "https://a.example",
            ),
            *("https://a.example/#me@b", "https://a.example:8443/a:b@c", ""),
        ],
    )
    def test_an_at_sign_elsewhere_is_none(self, url):
        assert not has_credentials(url)
