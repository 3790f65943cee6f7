"""Pages and forms of the console, opened and sent as members with a role."""

from contextlib import ExitStack
from secrets import token_hex

import pytest

from playout.core.accounts import account_links
from playout.core.accounts import service as accounts
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.unit import Origin
from playout.web import application
from tests.console.helpers.people import PASSWORD, Browser
from tests.helpers.tenants import Tenant, bearer

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


@pytest.fixture(scope="module")
def app(runtime):
    return application(runtime)


@pytest.fixture
def opened(app):
    """Opens a browser in a network of its own, where nobody has guessed yet."""
    with ExitStack() as stack:

        def opened() -> Browser:
            address = f"2001:db8:{token_hex(2)}:{token_hex(2)}::1"
            return stack.enter_context(Browser(app, follow_redirects=False, client=(address, 1)))

        yield opened


@pytest.fixture
def browser(opened) -> Browser:
    return opened()


@pytest.fixture
def other(opened) -> Browser:
    return opened()


@pytest.fixture
def add(runtime):
    """Makes a member with a password, who joined; returns the e-mail address."""

    def add(tenant: Tenant, name: str = "ada", role: Role = Role.ORGANIZATION_ADMIN) -> str:
        email = f"{name}@{tenant.organization.slug}.example"
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            user = accounts.add_member(unit, tenant.organization, email, name.title(), role)
            _, code = account_links.make_password_link(
                unit, runtime.signer, tenant.organization, user.id
            )
            account_links.use_password_link(unit, runtime.signer, code, PASSWORD)
        return email

    return add


@pytest.fixture
def ada(add, tenant) -> str:
    return add(tenant)


@pytest.fixture
def admin(opened, ada) -> Browser:
    """The browser of an administrator who is signed in."""
    browser = opened()
    assert browser.sign_in(ada).status_code == 303
    return browser
