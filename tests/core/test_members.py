"""What an organization says of a person is its own, and ends with the membership."""

import json
from secrets import token_hex

import pytest
from sqlalchemy import text

from playout.core.accounts import queries, service
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.unit import Origin
from playout.kit.errors import NotFound
from tests.helpers.tenants import EXTERNAL, bearer

USERS = "/api/v1/users/"


@pytest.fixture
def email() -> str:
    return f"{token_hex(8)}@example.com"


def add(runtime, tenant, email: str, name: str, role: Role = Role.DEVELOPER):
    with runtime.work.write(OPERATOR, Origin("tests")) as unit:
        return service.add_member(unit, tenant.organization, email, name, role).id


def remove(runtime, tenant, email: str) -> None:
    with runtime.work.write(OPERATOR, Origin("tests")) as unit:
        service.remove_member(unit, tenant.organization, email)


def token(runtime, tenant, email: str) -> str:
    with runtime.work.write(OPERATOR, Origin("tests")) as unit:
        member = queries.member_by_email(unit, tenant.organization.id, email)
        return service.create_key(unit, runtime.signer, tenant.organization, "T", user=member.user)[
            1
        ]


def enter(web, tenant, key: str) -> dict:
    body = {"title": "Mine", "workspace": tenant.project_id, "external_url": EXTERNAL}
    return web.post("/api/v1/videos/", json=body, headers=bearer(key)).json()


def everything_of(runtime) -> str:
    """The text of every row of every table."""
    with runtime.database.read_session() as session:
        tables = session.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ).all()
        return "".join(
            session.scalar(text(f'SELECT json_agg(t)::text FROM "{table}" AS t')) or ""
            for table in tables
        )


class TestNames:
    def test_each_organization_has_its_own_name_of_a_person(self, web, tenant, other_tenant, email):
        for where, name in ((tenant, "Ada Lind"), (other_tenant, "A. Lind")):
            body = {"email": email, "full_name": name, "role": "Viewer"}
            answer = web.post(USERS, json=body, headers=where.headers)
            assert (answer.status_code, answer.json()["full_name"]) == (201, name)
        for where, name in ((tenant, "Ada Lind"), (other_tenant, "A. Lind")):
            (member,) = web.get(USERS, headers=where.headers).json()["results"]
            assert (member["email"], member["full_name"]) == (email, name)

    def test_an_address_known_elsewhere_answers_as_an_unknown_one(
        self, web, tenant, other_tenant, email
    ):
        add(tenant.runtime, other_tenant, email, "Ada Lind")
        known = web.post(USERS, json={"email": email, "role": "Viewer"}, headers=tenant.headers)
        new = {"email": f"x{email}", "role": "Viewer"}
        unknown = web.post(USERS, json=new, headers=tenant.headers)
        changing = {"id": 0, "email": "", "username": ""}
        assert known.status_code == unknown.status_code == 201
        assert known.json() | changing == unknown.json() | changing

    def test_an_address_known_elsewhere_has_no_older_id(self, runtime, tenant, other_tenant):
        addresses = [f"{token_hex(8)}@example.com" for _ in range(20)]
        known = [add(runtime, other_tenant, each, "Ada") for each in addresses]
        unknown = [add(runtime, tenant, f"x{each}", "Ada") for each in addresses]
        assert [add(runtime, tenant, each, "Ada") for each in addresses] == known
        assert max(known) > min(unknown)

    def test_a_new_name_replaces_the_one_before_and_none_keeps_it(
        self, web, runtime, tenant, email
    ):
        for name, shown in (("Ada", "Ada"), ("", "Ada"), ("Ada Lind", "Ada Lind")):
            add(runtime, tenant, email, name)
            (member,) = web.get(USERS, headers=tenant.headers).json()["results"]
            assert member["full_name"] == shown

    def test_the_owner_of_a_video_has_the_name_of_its_organization(
        self, web, runtime, tenant, other_tenant, email
    ):
        add(runtime, other_tenant, email, "Elsewhere")
        add(runtime, tenant, email, "Here")
        video = enter(web, tenant, token(runtime, tenant, email))
        assert video["owner"]["full_name"] == "Here"

    def test_a_token_belongs_to_a_member(self, runtime, tenant, other_tenant, email):
        add(runtime, other_tenant, email, "Elsewhere")
        with runtime.work.read(OPERATOR) as unit:
            assert queries.member_by_email(unit, tenant.organization.id, email) is None

    def test_a_removal_says_the_same_of_every_stranger(self, runtime, tenant, other_tenant, email):
        add(runtime, other_tenant, email, "Elsewhere")
        problems = []
        for address in (email, f"x{email}"):
            with pytest.raises(NotFound) as problem:
                remove(runtime, tenant, address)
            problems.append(str(problem.value))
        assert problems[0] == problems[1]


class TestOwner:
    def test_is_one_no_more_with_another_role(self, web, runtime, tenant, other_tenant, email):
        add(runtime, other_tenant, email, "Ada", Role.VIEWER)
        elsewhere = token(runtime, other_tenant, email)
        add(runtime, tenant, email, "Ada", Role.OWNER)
        here = token(runtime, tenant, email)
        add(runtime, tenant, email, "", Role.VIEWER)
        for key in (here, elsewhere):
            assert web.get(USERS, headers=bearer(key)).status_code == 403

    def test_stays_one_with_another_role_elsewhere(self, web, runtime, tenant, other_tenant, email):
        add(runtime, tenant, email, "Ada", Role.OWNER)
        key = token(runtime, tenant, email)
        add(runtime, other_tenant, email, "Ada", Role.VIEWER)
        assert web.get(USERS, headers=bearer(key)).is_success

    def test_loses_the_role_through_an_owner_alone(self, web, runtime, tenant, email):
        add(runtime, tenant, email, "Ada", Role.OWNER)
        body = {"email": email, "role": "Viewer"}
        assert web.post(USERS, json=body, headers=tenant.headers).status_code == 403


class TestRemoval:
    def test_a_former_member_is_shown_by_id_alone(self, web, runtime, tenant, other_tenant, email):
        add(runtime, other_tenant, email, "Elsewhere")
        user_id = add(runtime, tenant, email, "Here")
        video = enter(web, tenant, token(runtime, tenant, email))
        remove(runtime, tenant, email)
        path = f"/api/v1/videos/{video['id']}/"
        owner = web.get(path, headers=tenant.headers).json()["owner"]
        assert owner["id"] == user_id
        assert email not in json.dumps(owner)
        assert not {"Here", "Elsewhere"} & set(owner.values())
        (kept,) = web.get(USERS, headers=other_tenant.headers).json()["results"]
        assert (kept["email"], kept["full_name"]) == (email, "Elsewhere")

    def test_the_last_one_leaves_nothing_but_ids(self, web, runtime, tenant, other_tenant, email):
        name = f"Ada {token_hex(8)}"
        for where in (tenant, other_tenant):
            add(runtime, where, email, name)
        key = token(runtime, tenant, email)
        video = enter(web, tenant, key)
        path = f"/api/v1/videos/{video['id']}/"
        assert web.patch(path, json={"title": "Changed"}, headers=bearer(key)).is_success
        assert web.delete(path, headers=bearer(key)).is_success
        for where in (tenant, other_tenant):
            assert email in everything_of(runtime)
            remove(runtime, where, email)
        rows = everything_of(runtime)
        assert email not in rows
        assert name not in rows

    def test_the_token_of_an_owner_ends_with_the_last_one(self, web, runtime, tenant, email):
        add(runtime, tenant, email, "Ada", Role.OWNER)
        key = token(runtime, tenant, email)
        assert web.get(USERS, headers=bearer(key)).is_success
        remove(runtime, tenant, email)
        assert web.get(USERS, headers=bearer(key)).status_code == 401

    def test_a_token_from_before_does_not_come_back_with_a_member(
        self, web, runtime, tenant, other_tenant, email
    ):
        for where in (tenant, other_tenant):
            add(runtime, where, email, "Ada", Role.ORGANIZATION_ADMIN)
        former, kept = token(runtime, tenant, email), token(runtime, other_tenant, email)
        remove(runtime, tenant, email)
        add(runtime, tenant, email, "Ada", Role.ORGANIZATION_ADMIN)
        assert web.get(USERS, headers=bearer(former)).status_code == 401
        assert web.get(USERS, headers=bearer(kept)).is_success

    def test_the_role_of_an_owner_ends_with_the_membership_that_gave_it(
        self, web, runtime, tenant, other_tenant, email
    ):
        add(runtime, other_tenant, email, "Ada", Role.VIEWER)
        key = token(runtime, other_tenant, email)
        add(runtime, tenant, email, "Ada", Role.OWNER)
        assert web.get(USERS, headers=bearer(key)).is_success
        remove(runtime, tenant, email)
        assert web.get(USERS, headers=bearer(key)).status_code == 403

    def test_nobody_can_take_the_address_of_a_former_member(
        self, web, runtime, tenant, other_tenant, email
    ):
        user_id = add(runtime, tenant, email, "Ada")
        body = {"email": f"user-{user_id}@Users.invalid", "role": "Viewer"}
        assert web.post(USERS, json=body, headers=other_tenant.headers).status_code == 400
        remove(runtime, tenant, email)

    def test_who_comes_back_is_somebody_new(self, runtime, tenant, email):
        first = add(runtime, tenant, email, "Ada")
        remove(runtime, tenant, email)
        assert add(runtime, tenant, email, "Ada") != first
