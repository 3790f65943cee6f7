"""Projects in the Shares API."""

from uuid import uuid4

import pytest

from playout.core.accounts import service as accounts
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.unit import Origin
from tests.api.helpers.shares_client import Shares, problem, shares_of


@pytest.fixture
def shares(web, tenant) -> Shares:
    return shares_of(web, tenant)


def confined_key(tenant) -> str:
    with tenant.runtime.work.write(OPERATOR, Origin("tests")) as unit:
        return accounts.create_key(
            unit,
            tenant.runtime.signer,
            tenant.organization,
            "Confined",
            role=Role.ORGANIZATION_ADMIN,
            project_ids=[tenant.project_id],
        )[1]


class TestList:
    def test_it_holds_the_projects_of_the_callers_organization(self, shares, tenant, other_tenant):
        organization = str(tenant.organization.uid)
        listed = shares.request("GET", f"/Projects?organizationId={organization}").json()
        assert [project["id"] for project in listed] == [shares.project_id]
        assert listed[0]["organizationId"] == organization
        assert listed[0]["status"] == "Active"
        foreign = shares.request("GET", f"/Projects?organizationId={other_tenant.organization.uid}")
        unknown = shares.request("GET", f"/Projects?organizationId={uuid4()}")
        assert foreign.status_code == unknown.status_code == 404
        assert problem(foreign) == problem(unknown)

    def test_a_confined_key_sees_its_own_projects_alone(self, shares, tenant):
        other = shares.request("POST", "/Projects", {"name": "Other"}).json()["id"]
        key = confined_key(tenant)
        listed = shares.request("GET", "/Projects", key=key).json()
        assert [project["id"] for project in listed] == [shares.project_id]
        for path in ("", "/public-video-shares"):
            answer = shares.request("GET", f"/Projects/{other}{path}", key=key)
            assert answer.status_code == 404
        assert shares.request("GET", f"/credentials?projectId={other}", key=key).status_code == 404
        assert shares.request("POST", "/Projects", {"name": "More"}, key).status_code == 403


class TestCreate:
    def test_its_slug_comes_from_its_name_and_is_unique(self, shares):
        answer = shares.request("POST", "/Projects", {"name": "Spring Campaign", "status": "Draft"})
        assert answer.status_code == 201
        project = answer.json()
        assert (project["slug"], project["status"]) == ("spring-campaign", "Draft")
        assert shares.request("GET", f"/Projects/{project['id']}").json() == project
        assert shares.request("POST", "/Projects", {"name": "Spring campaign"}).status_code == 409

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "name"),
            ({"name": " "}, "name"),
            ({"name": "x" * 256}, "name"),
            ({"name": "A", "status": "Archived"}, "status"),
            ({"name": "A", "status": "Lost"}, "status"),
            ({"name": "A", "organizationId": "nonsense"}, "organizationId"),
        ],
    )
    def test_a_field_at_fault_is_named(self, shares, body, field):
        answer = shares.request("POST", "/Projects", body)
        assert answer.status_code == 400
        assert list(problem(answer)["errors"]) == [field]

    def test_not_in_the_organization_of_others(self, shares, other_tenant):
        body = {"name": "A", "organizationId": str(other_tenant.organization.uid)}
        assert shares.request("POST", "/Projects", body).status_code == 404

    def test_it_takes_a_project_manager(self, shares):
        for role, status in ((Role.DEVELOPER, 403), (Role.PROJECT_MANAGER, 201)):
            answer = shares.request("POST", "/Projects", {"name": "A"}, shares.key_of(role))
            assert answer.status_code == status


class TestUpdate:
    def test_a_renamed_project_keeps_its_slug(self, shares):
        path = f"/Projects/{shares.project_id}"
        before = shares.request("GET", path).json()
        after = shares.request("PUT", path, {"name": "Renamed", "status": "Draft"}).json()
        assert after == before | {"name": "Renamed", "status": "Draft"}

    def test_foreign_and_unknown_ones_are_the_same(self, shares, other_tenant):
        answers = [
            shares.request("PUT", f"/Projects/{name}", {"name": "A"}, other_tenant.key)
            for name in (shares.project_id, uuid4(), "nonsense")
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert problem(answers[0]) == problem(answers[1]) == problem(answers[2])


class TestArchive:
    def test_its_shares_stop_at_once_and_look_like_ones_that_never_were(
        self, shares, web, make_video
    ):
        make_video()
        share = shares.create("DEV")
        assert shares.page(share).status_code == 200
        answer = shares.request("POST", f"/Projects/{shares.project_id}/archive")
        assert (answer.status_code, answer.json()["status"]) == (200, "Archived")
        gone, unknown = shares.page(share), web.get(f"/s/{'0' * 32}")
        assert gone.status_code == unknown.status_code == 404
        assert gone.content == unknown.content

    def test_it_takes_an_administrator(self, shares):
        path = f"/Projects/{shares.project_id}/archive"
        assert (
            shares.request("POST", path, key=shares.key_of(Role.PROJECT_MANAGER)).status_code == 403
        )
        assert shares.request("POST", path).status_code == 200
        assert shares.request("POST", path).status_code == 200

    def test_nothing_new_begins_in_it(self, shares):
        shares.create()
        shares.request("POST", f"/Projects/{shares.project_id}/archive")
        assert shares.put(publicTitle="Another").status_code == 409
        assert shares.post_action("rotate-slug").status_code == 409
        body = {"projectId": shares.project_id}
        assert shares.request("POST", "/credentials", body).status_code == 409
        path = f"/Projects/{shares.project_id}"
        assert shares.request("PUT", path, {"name": "Another"}).status_code == 409
        assert shares.request("GET", shares.path).status_code == 200

    def test_an_administrator_restores_it(self, shares, make_video):
        make_video()
        share = shares.create("DEV")
        path, body = f"/Projects/{shares.project_id}", {"name": "Videos", "status": "Active"}
        shares.request("POST", f"{path}/archive")
        manager = shares.key_of(Role.PROJECT_MANAGER)
        assert shares.request("PUT", path, body, manager).status_code == 403
        assert shares.request("PUT", path, body).json()["status"] == "Active"
        assert shares.page(share).status_code == 200
