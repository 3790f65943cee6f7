"""Lists that grow with an organization: each page has some rows, and no row is on two pages."""

import re
from html import unescape

import pytest

from playout.console.paging import ON_A_PAGE
from playout.core.accounts import service as accounts
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.unit import Origin

MANY = ON_A_PAGE + 3


@pytest.fixture
def fill(runtime, tenant):
    """Adds many members, sub-accounts and keys, of which the first three keys are revoked."""
    organization = tenant.organization
    with runtime.work.write(OPERATOR, Origin("tests")) as unit:
        for number in range(MANY):
            email, name = f"row-{number}@{organization.slug}.example", f"Row {number % 7}"
            accounts.add_member(unit, organization, email, name, Role.VIEWER)
            accounts.create_sub_account(unit, organization, f"Row {number}.")
            key, _ = accounts.create_key(
                unit, runtime.signer, organization, f"Row {number}.", role=Role.VIEWER
            )
            if number < 3:
                accounts.revoke_key(unit, key.id)


def rows(look, path: str, row: str) -> list[str]:
    """The rows of all pages, one after the other."""
    found, next_, pages = [], path, 0
    while next_:
        page = look(next_)
        found += re.findall(row, page)
        more = re.search(r'class="button" href="(\?[^"]+)"', page)
        next_ = path.partition("?")[0] + unescape(more[1]) if more else ""
        pages += 1
    assert pages < 4
    return found


def test_pages_follow_one_another(look, fill):
    for path, row, number in (
        ("/organization/members", r">(row-\d+@)", MANY),
        ("/organization/members?q=Row+3", r">(row-\d+@)", len(range(3, MANY, 7))),
        ("/organization/members?q=ROW-52@", r">(row-\d+@)", 1),
        ("/organization/sub-accounts", r">(Row \d+\.)<", MANY),
        ("/automation/keys", r">(Row \d+\.)<", MANY - 3),
        ("/automation/keys?show=revoked", r">(Row \d+\.)<", 3),
    ):
        found = rows(look, path, row)
        assert len(found) == len(set(found)) == number, path
    assert f"{MANY} members" in look("/organization/members?q=row-")
