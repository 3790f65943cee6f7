"""Pages and forms of the console, opened and sent as members with a role."""

import pytest

from playout.core.permissions import Role
from tests.helpers.tenants import bearer

ORIGIN = {"Origin": "http://testserver"}


@pytest.fixture
def look(web, tenant):
    """Opens a page as a member with a role; every form on it leads somewhere."""

    def look(path: str, role: Role = Role.ORGANIZATION_ADMIN) -> str:
        answer = web.get(f"/console{path}", headers=bearer(tenant.keys[role]))
        assert answer.status_code == 200, answer.text
        assert answer.headers["cache-control"] == "private, no-store"
        return answer.text

    return look


@pytest.fixture
def send(web, tenant):
    """Sends a form; returns the answer."""

    def send(path: str, role: Role = Role.ORGANIZATION_ADMIN, files=None, **fields: str):
        headers = bearer(tenant.keys[role]) | ORIGIN
        return web.post(
            f"/console{path}", data=fields, files=files, headers=headers, follow_redirects=False
        )

    return send
