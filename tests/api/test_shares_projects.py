"""Projects, as the Shares API has them."""

from uuid import uuid4

import pytest
from shares_client import Shares, problem, shares_of

from playout.core.accounts import service as accounts
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.unit import Origin


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
        listed = shares.ask("GET", f"/Projects?organizationId={organization}").json()
        assert [project["id"] for project in listed] == [shares.project_id]
        assert listed[0]["organizationId"] == organization
        assert listed[0]["status"] == "Active"
        foreign = shares.ask("GET", f"/Projects?organizationId={other_tenant.organization.uid}")
        unknown = shares.ask("GET", f"/Projects?organizationId={uuid4()}")
        assert foreign.status_code == unknown.status_code == 404
        assert problem(foreign) == problem(unknown)

    def test_a_confined_key_sees_its_own_projects_alone(self, shares, tenant):
        other = shares.ask("POST", "/Projects", {"name": "Other"}).json()["id"]
        key = confined_key(tenant)
        listed = shares.ask("GET", "/Projects", key=key).json()
        assert [project["id"] for project in listed] == [shares.project_id]
        for path in ("", "/public-video-shares"):
            answer = shares.ask("GET", f"/Projects/{other}{path}", key=key)
            assert answer.status_code == 404
        assert shares.ask("GET", f"/credentials?projectId={other}", key=key).status_code == 404
        assert shares.ask("POST", "/Projects", {"name": "More"}, key).status_code == 403


class TestCreate:
    def test_its_slug_comes_from_its_name_and_is_unique(self, shares):
        answer = shares.ask("POST", "/Projects", {"name": "Spring Campaign", "status": "Draft"})
        assert answer.status_code == 201
        project = answer.json()
        assert (project["slug"], project["status"]) == ("spring-campaign", "Draft")
        assert shares.ask("GET", f"/Projects/{project['id']}").json() == project
        assert shares.ask("POST", "/Projects", {"name": "Spring campaign"}).status_code == 409

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
        answer = shares.ask("POST", "/Projects", body)
        assert answer.status_code == 400
        assert list(problem(answer)["errors"]) == [field]

    def test_not_in_the_organization_of_others(self, shares, other_tenant):
        body = {"name": "A", "organizationId": str(other_tenant.organization.uid)}
        assert shares.ask("POST", "/Projects", body).status_code == 404

    def test_it_takes_a_project_manager(self, shares):
        for role, status in ((Role.DEVELOPER, 403), (Role.PROJECT_MANAGER, 201)):
            answer = shares.ask("POST", "/Projects", {"name": "A"}, shares.of(role))
            assert answer.status_code == status


class TestUpdate:
    def test_a_renamed_project_keeps_its_slug(self, shares):
        path = f"/Projects/{shares.project_id}"
        before = shares.ask("GET", path).json()
        after = shares.ask("PUT", path, {"name": "Renamed", "status": "Draft"}).json()
        assert after == before | {"name": "Renamed", "status": "Draft"}

    def test_foreign_and_unknown_ones_are_the_same(self, shares, other_tenant):
        answers = [
            shares.ask("PUT", f"/Projects/{name}", {"name": "A"}, other_tenant.key)
            for name in (shares.project_id, uuid4(), "nonsense")
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert problem(answers[0]) == problem(answers[1]) == problem(answers[2])


class TestArchive:
    def test_its_shares_stop_at_once_and_look_like_ones_that_never_were(
        self, shares, web, make_video
    ):
        make_video()
        share = shares.made("DEV")
        assert shares.page(share).status_code == 200
        answer = shares.ask("POST", f"/Projects/{shares.project_id}/archive")
        assert (answer.status_code, answer.json()["status"]) == (200, "Archived")
        gone, unknown = shares.page(share), web.get(f"/s/{'0' * 32}")
        assert gone.status_code == unknown.status_code == 404
        assert gone.content == unknown.content

    def test_it_takes_an_administrator(self, shares):
        path = f"/Projects/{shares.project_id}/archive"
        assert shares.ask("POST", path, key=shares.of(Role.PROJECT_MANAGER)).status_code == 403
        assert shares.ask("POST", path).status_code == 200
        assert shares.ask("POST", path).status_code == 200

    def test_nothing_new_begins_in_it(self, shares):
        shares.made()
        shares.ask("POST", f"/Projects/{shares.project_id}/archive")
        assert shares.put(publicTitle="Another").status_code == 409
        assert shares.act("rotate-slug").status_code == 409
        body = {"projectId": shares.project_id}
        assert shares.ask("POST", "/credentials", body).status_code == 409
        path = f"/Projects/{shares.project_id}"
        assert shares.ask("PUT", path, {"name": "Another"}).status_code == 409
        assert shares.ask("GET", shares.path).status_code == 200

    def test_an_administrator_brings_it_back(self, shares, make_video):
        make_video()
        share = shares.made("DEV")
        path, body = f"/Projects/{shares.project_id}", {"name": "Videos", "status": "Active"}
        shares.ask("POST", f"{path}/archive")
        manager = shares.of(Role.PROJECT_MANAGER)
        assert shares.ask("PUT", path, body, manager).status_code == 403
        assert shares.ask("PUT", path, body).json()["status"] == "Active"
        assert shares.page(share).status_code == 200
