"""Rules for the fields of a share, and permissions."""

from uuid import uuid4

import pytest

from playout.core.permissions import Role
from playout.core.shares.model import (
    CTA_LABEL_LENGTH,
    PERSONALIZATION_BYTES,
    SUBTITLE_LENGTH,
    TITLE_LENGTH,
)
from tests.api.helpers.shares_client import NOBODY, OFFER, Shares, problem, shares_of
from tests.helpers.tenants import bearer


@pytest.fixture
def shares(web, tenant) -> Shares:
    return shares_of(web, tenant)


class TestBadInput:
    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"publicTitle": None}, "publicTitle"),
            ({"publicTitle": "  "}, "publicTitle"),
            ({"publicTitle": "x" * (TITLE_LENGTH + 1)}, "publicTitle"),
            ({"publicTitle": 7}, "publicTitle"),
            ({"publicSubtitle": "x" * (SUBTITLE_LENGTH + 1)}, "publicSubtitle"),
            ({"locale": "es_CL"}, "locale"),
            ({"ctaLabel": None}, "ctaLabel"),
            ({"ctaUrl": None}, "ctaUrl"),
            ({"ctaLabel": "x" * (CTA_LABEL_LENGTH + 1)}, "ctaLabel"),
            ({"ctaUrl": "javascript:alert(1)"}, "ctaUrl"),
            ({"ctaUrl": "data:text/html,x"}, "ctaUrl"),
            ({"ctaUrl": "ftp://example.com/"}, "ctaUrl"),
            ({"ctaUrl": "//example.com/"}, "ctaUrl"),
            ({"ctaUrl": "https://example.com/\nx"}, "ctaUrl"),
            ({"personalizationData": [1]}, "personalizationData"),
            ({"personalizationData": "text"}, "personalizationData"),
            ({"personalizationData": {"a": "x" * PERSONALIZATION_BYTES}}, "personalizationData"),
            ({"apiCredentialId": "nonsense"}, "apiCredentialId"),
            ({"apiCredentialId": NOBODY}, "apiCredentialId"),
            ({"videoId": NOBODY}, "videoId"),
        ],
    )
    def test_a_field_at_fault_is_named(self, shares, fields, field):
        answer = shares.put(**fields)
        assert answer.status_code == 400
        body = problem(answer)
        assert list(body["errors"]) == [field]
        assert all(isinstance(text, str) for text in body["errors"][field])
        assert shares.request("GET", shares.path).json() == []

    def test_the_longest_that_is_allowed_is_taken(self, shares):
        shares.create(
            publicTitle="é" * TITLE_LENGTH,
            publicSubtitle="é" * SUBTITLE_LENGTH,
            personalizationData={"a": "é" * ((PERSONALIZATION_BYTES - len('{"a":""}')) // 2)},
        )

    @pytest.mark.parametrize("channel", ["QA", "production", "0"])
    def test_an_unknown_channel_is_a_bad_request(self, shares, channel):
        answer = shares.put(channel)
        assert answer.status_code == 400
        assert list(problem(answer)["errors"]) == ["channel"]

    def test_the_credential_and_the_video_must_be_of_this_very_project(
        self, shares, web, other_tenant
    ):
        theirs = shares_of(web, other_tenant)
        credential = theirs.create_credential()["id"]
        assert shares.put(apiCredentialId=credential).status_code == 400
        body = {"title": "Theirs", "workspace": other_tenant.project_id}
        video = web.post("/api/v1/videos/", json=body, headers=other_tenant.headers).json()
        assert shares.put(videoId=video["uid"]).status_code == 400

    def test_a_revoked_credential_is_refused(self, shares):
        credential = shares.create_credential()["id"]
        shares.request("POST", f"/credentials/{credential}/revoke")
        assert shares.put(apiCredentialId=credential).status_code == 400


class TestWhoMay:
    def test_viewers_read_and_project_managers_write_and_audit(self, shares):
        shares.create()
        reads = (("GET", shares.path, None),)
        managed = (
            ("GET", f"{shares.path}/PROD/audit", None),
            ("PUT", f"{shares.path}/PROD", OFFER),
            *(
                ("POST", f"{shares.path}/PROD/{verb}", None)
                for verb in ("disable", "restore", "rotate-slug")
            ),
        )
        for request in reads:
            assert shares.request(*request, shares.key_of(Role.VIEWER)).status_code == 200
        for request in managed:
            for role in (Role.VIEWER, Role.DEVELOPER):
                answer = shares.request(*request, shares.key_of(role))
                assert answer.status_code == 403
                assert problem(answer)["code"] == "forbidden"
            assert shares.request(*request, shares.key_of(Role.PROJECT_MANAGER)).status_code == 200

    def test_a_sub_account_may_not_see_what_plays_the_videos_of_others(self, shares, tenant):
        key = tenant.sub_account_key()
        assert shares.request("GET", shares.path, key=key).status_code == 403
        assert shares.request("PUT", f"{shares.path}/PROD", OFFER, key).status_code == 403

    def test_another_tenants_project_is_as_unknown_as_one_that_never_was(
        self, shares, other_tenant
    ):
        shares.create()
        for method, rest, body in (
            ("GET", "", None),
            ("PUT", "/PROD", OFFER),
            ("POST", "/PROD/disable", None),
            ("POST", "/PROD/restore", None),
            ("POST", "/PROD/rotate-slug", None),
            ("GET", "/PROD/audit", None),
        ):
            answers = [
                shares.request(
                    method, f"/Projects/{name}/public-video-shares{rest}", body, other_tenant.key
                )
                for name in (shares.project_id, uuid4(), "nonsense")
            ]
            assert {answer.status_code for answer in answers} == {404}
            foreign, unknown, malformed = map(problem, answers)
            assert foreign == unknown == malformed

    def test_without_a_credential_everything_is_refused(self, web, shares):
        answer = web.get(f"/api{shares.path}")
        assert answer.status_code == 401
        assert problem(answer)["title"] == "Unauthorized"

    def test_addresses_are_taken_in_any_case(self, web, shares, tenant):
        shares.create()
        path = shares.path.replace("Projects", "projects").replace("public", "Public")
        answer = web.post(f"/api{path}/prod/Rotate-Slug/", headers=bearer(tenant.key))
        assert answer.status_code == 200, answer.text
