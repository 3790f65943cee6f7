"""Creating and revoking keys, and for whom."""

import pytest

from playout.core.accounts import service as accounts
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.unit import Origin
from playout.kit.errors import Conflict, Forbidden, Invalid, NotFound


@pytest.fixture
def make_key(runtime, tenant):
    def make(**fields):
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            return accounts.create_key(unit, runtime.signer, tenant.organization, "Key", **fields)

    return make


class TestCreateKey:
    def test_a_role_is_required_and_it_cannot_be_owner(self, make_key):
        for role in (None, Role.OWNER):
            with pytest.raises(Invalid):
                make_key(role=role)

    def test_it_cannot_have_the_name_that_rows_give_a_member(self, runtime, tenant):
        with (
            pytest.raises(Invalid, match="choose another name"),
            runtime.work.write(OPERATOR, Origin("tests")) as unit,
        ):
            accounts.create_key(
                unit, runtime.signer, tenant.organization, " Member 5 ", role=Role.VIEWER
            )

    def test_a_sub_account_of_another_organization_is_not_found(
        self, runtime, make_key, other_tenant
    ):
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            theirs = accounts.create_sub_account(unit, other_tenant.organization, "Theirs")
        with pytest.raises(NotFound):
            make_key(sub_account_id=theirs.id)

    def test_an_admin_creates_no_key_for_another_organization(self, runtime, tenant, other_tenant):
        admin = runtime.credentials.resolve(tenant.key)
        with (
            pytest.raises(Forbidden),
            runtime.work.write(admin, Origin("tests")) as unit,
        ):
            accounts.create_key(
                unit, runtime.signer, other_tenant.organization, "x", role=Role.VIEWER
            )

    def test_an_admin_does_not_find_a_key_of_another_organization(
        self, runtime, tenant, other_tenant
    ):
        theirs = runtime.credentials.resolve(other_tenant.key)
        admin = runtime.credentials.resolve(tenant.key)
        with pytest.raises(NotFound), runtime.work.write(admin, Origin("tests")) as unit:
            accounts.revoke_key(unit, int(theirs.id))

    def test_two_organizations_with_one_name_are_a_conflict(self, runtime, tenant):
        with pytest.raises(Conflict), runtime.work.write(OPERATOR, Origin("tests")) as unit:
            accounts.create_organization(unit, tenant.organization.name)
