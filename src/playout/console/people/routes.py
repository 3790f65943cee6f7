"""The addresses of the account and of the organization, behind the sign-in of the console."""

from collections.abc import Sequence

from starlette.routing import BaseRoute

from playout.console.makers import Makers
from playout.console.people import (
    account,
    installation,
    ledger,
    members,
    organization,
    tenants,
)
from playout.core.permissions import Permission

ACCOUNT, ORGANIZATION = "/console/account", "/console/organization"
TABS = (
    ("members", "Members", Permission.MEMBERS_WRITE),
    ("sub-accounts", "Sub-accounts", Permission.SUB_ACCOUNTS_WRITE),
    ("projects", "Projects and storage", Permission.PROJECTS_READ),
    ("ledger", "Ledger", Permission.PROJECTS_READ),
    ("all", "All organizations", Permission.ORGANIZATIONS_WRITE),
    ("jobs", "Workers and queues", Permission.ORGANIZATIONS_WRITE),
    ("installation", "Installation", Permission.ORGANIZATIONS_WRITE),
)
"""The pages of an organization: the path, the name, and the permission that shows it."""


def routes(make: Makers) -> Sequence[BaseRoute]:
    """Return the routes of both rooms."""
    member = f"{ORGANIZATION}/members/{{user}}"
    project = f"{ORGANIZATION}/projects/{{project}}"
    return [
        *make.page(ACCOUNT, account.index),
        *make.form(f"{ACCOUNT}/password", account.change_password),
        *make.form(f"{ACCOUNT}/language", account.choose_language),
        *make.form(f"{ACCOUNT}/passkeys", account.add_passkey),
        *make.form(f"{ACCOUNT}/passkeys/{{passkey}}/remove", account.remove_passkey),
        *make.form(f"{ACCOUNT}/identities/{{identity}}/remove", account.remove_identity),
        *make.form(f"{ACCOUNT}/sessions/end", account.end_others),
        *make.form(f"{ACCOUNT}/sessions/{{session}}/end", account.end_session),
        *make.form(f"{ACCOUNT}/organizations/{{organization}}", account.move),
        *make.page(ORGANIZATION, organization.index),
        *make.page(f"{ORGANIZATION}/members", members.index, members.invite),
        *make.form(f"{member}/role", members.change_role),
        *make.form(f"{member}/remove", members.remove),
        *make.form(f"{member}/password-link", members.make_password_link),
        *make.form(f"{ORGANIZATION}/invitations/{{link}}/withdraw", members.withdraw),
        *make.page(
            f"{ORGANIZATION}/sub-accounts",
            organization.show_sub_accounts,
            organization.add_sub_account,
        ),
        *make.page(
            f"{ORGANIZATION}/projects", organization.show_projects, organization.add_project
        ),
        *make.form(project, organization.rename_project),
        *make.form(f"{project}/archive", organization.archive_project),
        *make.form(f"{project}/reactivate", organization.reactivate_project),
        *make.page(f"{ORGANIZATION}/ledger", ledger.index),
        *make.page(f"{ORGANIZATION}/all", tenants.show_organizations),
        *make.page(f"{ORGANIZATION}/jobs", tenants.show_work),
        *make.form(f"{ORGANIZATION}/jobs/{{job}}/retry", tenants.retry),
        *make.page(f"{ORGANIZATION}/installation", installation.index),
    ]
