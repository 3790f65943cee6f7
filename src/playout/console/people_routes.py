"""The addresses of the account and of the organization, behind the sign-in of the console."""

from collections.abc import Sequence

from starlette.routing import BaseRoute

from playout.console import account, members
from playout.console.makers import Makers
from playout.core.permissions import Permission

ACCOUNT, ORGANIZATION = "/console/account", "/console/organization"
TABS = (("members", "Members", Permission.MEMBERS_WRITE),)
"""The pages of an organization: the path, the name, and the permission that shows it."""


def routes(make: Makers) -> Sequence[BaseRoute]:
    """Return the routes of both rooms."""
    member = f"{ORGANIZATION}/members/{{user}}"
    return [
        *make.page(ACCOUNT, account.index),
        *make.form(f"{ACCOUNT}/password", account.change_password),
        *make.form(f"{ACCOUNT}/sessions/end", account.end_others),
        *make.form(f"{ACCOUNT}/sessions/{{session}}/end", account.end_session),
        *make.form(f"{ACCOUNT}/organizations/{{organization}}", account.move),
        *make.page(ORGANIZATION, members.index),
        *make.page(f"{ORGANIZATION}/members", members.index, members.invite),
        *make.form(f"{member}/role", members.change_role),
        *make.form(f"{member}/remove", members.remove),
        *make.form(f"{member}/password-link", members.make_password_link),
        *make.form(f"{ORGANIZATION}/invitations/{{link}}/withdraw", members.withdraw),
    ]
