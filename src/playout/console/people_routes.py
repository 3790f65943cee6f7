"""The addresses of the account and of the organization, behind the sign-in of the console."""

from collections.abc import Sequence

from starlette.routing import BaseRoute

from playout.console import account, members
from playout.console.makers import Form, Page
from playout.core.permissions import Permission

ACCOUNT, ORGANIZATION = "/console/account", "/console/organization"
TABS = (("members", "Members", Permission.MEMBERS_WRITE),)
"""The pages of an organization: the path, the name, and the permission that shows it."""


def routes(page: Page, form: Form) -> Sequence[BaseRoute]:
    """Return the routes of both rooms, as the console makes them of pages and forms."""
    member = f"{ORGANIZATION}/members/{{user}}"
    return [
        *page(ACCOUNT, account.index),
        *form(f"{ACCOUNT}/password", account.change_password),
        *form(f"{ACCOUNT}/sessions/end", account.end_others),
        *form(f"{ACCOUNT}/sessions/{{session}}/end", account.end_session),
        *form(f"{ACCOUNT}/organizations/{{organization}}", account.move),
        *page(ORGANIZATION, members.index),
        *page(f"{ORGANIZATION}/members", members.index, members.invite),
        *form(f"{member}/role", members.change_role),
        *form(f"{member}/remove", members.remove),
        *form(f"{member}/password-link", members.make_password_link),
        *form(f"{ORGANIZATION}/invitations/{{link}}/withdraw", members.withdraw),
    ]
