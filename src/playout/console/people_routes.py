"""The addresses of the account and of the organization, behind the sign-in of the console."""

from collections.abc import Callable, Sequence
from typing import Protocol

from starlette.routing import BaseRoute

from playout.console import account, members
from playout.console.visit import Outcome, Visit
from playout.core.permissions import Permission

Handler = Callable[[Visit], Outcome]
ACCOUNT, ORGANIZATION = "/console/account", "/console/organization"
TABS = (("members", "Members", Permission.MEMBERS_WRITE),)
"""The pages of an organization: the path, the name, and the permission that shows it."""


class Page(Protocol):
    """The maker of the routes of a page, and of the form that is sent to its address."""

    def __call__(
        self, path: str, show: Handler, change: Handler | None = None, /
    ) -> Sequence[BaseRoute]: ...


def routes(page: Page, form: Callable[[str, Handler], Sequence[BaseRoute]]) -> Sequence[BaseRoute]:
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
