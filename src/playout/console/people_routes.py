"""The addresses of the account and of the organization, behind the sign-in of the console."""

from collections.abc import Callable, Sequence
from typing import Protocol

from starlette.routing import BaseRoute

from playout.console import account, installation, ledger, members, organization
from playout.console.visit import Outcome, Visit
from playout.core.permissions import Permission

Handler = Callable[[Visit], Outcome]
ACCOUNT, ORGANIZATION = "/console/account", "/console/organization"
TABS = (
    ("members", "Members", Permission.MEMBERS_WRITE),
    ("sub-accounts", "Sub-accounts", Permission.SUB_ACCOUNTS_WRITE),
    ("projects", "Projects and storage", Permission.PROJECTS_READ),
    ("ledger", "Ledger", Permission.PROJECTS_READ),
    ("installation", "Installation", Permission.ORGANIZATIONS_WRITE),
)
"""The pages of an organization: the path, the name, and the permission that shows it."""


class Page(Protocol):
    """The maker of the routes of a page, and of the form that is sent to its address."""

    def __call__(
        self, path: str, show: Handler, change: Handler | None = None, /
    ) -> Sequence[BaseRoute]: ...


def routes(page: Page, form: Callable[[str, Handler], Sequence[BaseRoute]]) -> Sequence[BaseRoute]:
    """Return the routes of both rooms, as the console makes them of pages and forms."""
    member = f"{ORGANIZATION}/members/{{user}}"
    project = f"{ORGANIZATION}/projects/{{project}}"
    return [
        *page(ACCOUNT, account.index),
        *form(f"{ACCOUNT}/password", account.change_password),
        *form(f"{ACCOUNT}/passkeys", account.add_passkey),
        *form(f"{ACCOUNT}/passkeys/{{passkey}}/remove", account.remove_passkey),
        *form(f"{ACCOUNT}/sessions/end", account.end_others),
        *form(f"{ACCOUNT}/sessions/{{session}}/end", account.end_session),
        *form(f"{ACCOUNT}/organizations/{{organization}}", account.move),
        *page(ORGANIZATION, organization.index),
        *page(f"{ORGANIZATION}/members", members.index, members.invite),
        *form(f"{member}/role", members.change_role),
        *form(f"{member}/remove", members.remove),
        *form(f"{member}/password-link", members.make_password_link),
        *form(f"{ORGANIZATION}/invitations/{{link}}/withdraw", members.withdraw),
        *page(
            f"{ORGANIZATION}/sub-accounts",
            organization.show_sub_accounts,
            organization.add_sub_account,
        ),
        *page(f"{ORGANIZATION}/projects", organization.show_projects, organization.add_project),
        *form(project, organization.rename_project),
        *form(f"{project}/archive", organization.archive_project),
        *form(f"{project}/reactivate", organization.reactivate_project),
        *page(f"{ORGANIZATION}/ledger", ledger.index),
        *page(f"{ORGANIZATION}/installation", installation.index),
    ]
