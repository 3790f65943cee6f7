"""The permissions of each role, one by one."""

from itertools import pairwise

import pytest
from sqlalchemy import BigInteger, literal, select

from playout.core.permissions import ORGANIZATION_WIDE, PERMISSIONS, Permission, Role
from playout.core.principal import Principal
from playout.kit.errors import Forbidden

TABLE = {
    Permission.VIDEOS_READ: Role.VIEWER,
    Permission.PROJECTS_READ: Role.VIEWER,
    Permission.SHARES_READ: Role.VIEWER,
    Permission.VIDEOS_WRITE: Role.DEVELOPER,
    Permission.CATALOG_WRITE: Role.DEVELOPER,
    Permission.FILM_TEMPLATES_WRITE: Role.DEVELOPER,
    Permission.VIDEOS_PUBLISH: Role.PROJECT_MANAGER,
    Permission.PROJECTS_WRITE: Role.PROJECT_MANAGER,
    Permission.DISTRIBUTIONS_WRITE: Role.PROJECT_MANAGER,
    Permission.ACTIVATIONS_WRITE: Role.PROJECT_MANAGER,
    Permission.SHARES_WRITE: Role.PROJECT_MANAGER,
    Permission.RENDERS_WRITE: Role.PROJECT_MANAGER,
    Permission.CREDENTIALS_WRITE: Role.PROJECT_MANAGER,
    Permission.VIDEOS_READ_PRIVATE: Role.ORGANIZATION_ADMIN,
    Permission.PROJECTS_ARCHIVE: Role.ORGANIZATION_ADMIN,
    Permission.KEYS_WRITE: Role.ORGANIZATION_ADMIN,
    Permission.MEMBERS_WRITE: Role.ORGANIZATION_ADMIN,
    Permission.SUB_ACCOUNTS_WRITE: Role.ORGANIZATION_ADMIN,
    Permission.WEBHOOKS_WRITE: Role.ORGANIZATION_ADMIN,
    Permission.ORGANIZATIONS_WRITE: Role.OWNER,
}
"""The lowest role that holds each permission."""
ASCENDING = list(Role)


def principal(role: Role, **place) -> Principal:
    return Principal("key", "1", "Key", role, 7, **place)


class TestRoles:
    def test_every_permission_has_a_row(self):
        assert set(TABLE) == set(Permission)

    @pytest.mark.parametrize("role", Role)
    @pytest.mark.parametrize("permission", Permission)
    def test_a_role_holds_the_permissions_of_the_table(self, role, permission):
        holds = ASCENDING.index(role) >= ASCENDING.index(TABLE[permission])
        assert principal(role).may(permission) is holds
        if not holds:
            with pytest.raises(Forbidden, match=permission):
                principal(role).require(permission)

    def test_each_role_holds_the_permissions_of_the_one_before_and_more(self):
        for lower, higher in pairwise(ASCENDING):
            assert PERMISSIONS[lower] < PERMISSIONS[higher]


class TestConfined:
    @pytest.mark.parametrize("permission", sorted(ORGANIZATION_WIDE))
    @pytest.mark.parametrize("place", [{"project_ids": frozenset({1})}, {"sub_account_id": 5}])
    def test_a_confined_principal_has_no_permission_for_the_whole_organization(
        self, permission, place
    ):
        assert principal(Role.ORGANIZATION_ADMIN).may(permission)
        confined = principal(Role.ORGANIZATION_ADMIN, **place)
        assert not confined.may(permission)
        with pytest.raises(Forbidden, match=permission):
            confined.require(permission)


PLACES = [
    ({}, (7, 1, None), True),
    ({}, (7, 1, 5), True),
    ({}, (8, 1, None), False),
    ({"project_ids": frozenset({1})}, (7, 1, None), True),
    ({"project_ids": frozenset({1})}, (7, 2, None), False),
    ({"project_ids": frozenset({1})}, (7, None, None), False),
    ({"project_ids": frozenset()}, (7, 1, None), False),
    ({"project_ids": frozenset({1})}, (8, 1, None), False),
    ({"sub_account_id": 5}, (7, 1, 5), True),
    ({"sub_account_id": 5}, (7, 1, 6), False),
    ({"sub_account_id": 5}, (7, 1, None), False),
    ({"sub_account_id": 5}, (8, 1, 5), False),
]
"""What confines a principal of organization 7; an organization, a project and a sub-account; and
whether the principal owns what belongs to them."""


class TestOwns:
    @pytest.mark.parametrize(("caller", "place", "owned"), PLACES)
    def test_a_principal_owns_what_is_in_reach(self, caller, place, owned):
        assert principal(Role.ORGANIZATION_ADMIN, **caller).owns(*place) is owned

    @pytest.mark.parametrize(("caller", "place", "owned"), PLACES)
    def test_a_query_is_confined_by_the_same_rule(self, runtime, caller, place, owned):
        columns = [literal(each, BigInteger) for each in place]
        conditions = principal(Role.ORGANIZATION_ADMIN, **caller).owned(*columns)
        with runtime.database.read_session() as session:
            row = session.scalar(select(literal(True)).where(*conditions))
        assert (row is True) is owned

    def test_an_owner_owns_everything(self):
        assert principal(Role.OWNER).owns(8, 2, 5)
        assert not list(principal(Role.OWNER).owned(literal(8)))
