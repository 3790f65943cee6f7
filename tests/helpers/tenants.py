"""Organizations for tests, each with a project and a key for every role."""

import secrets
from dataclasses import dataclass

from playout.core.accounts import service as accounts
from playout.core.accounts.model import Organization
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.projects import service as projects
from playout.core.unit import Origin
from playout.runtime import Runtime

EXTERNAL = "https://cdn.example.com/final.mp4"


@dataclass(frozen=True)
class Tenant:
    """An organization of its own, with a project and a key for each role."""

    runtime: Runtime
    organization: Organization
    project_id: int
    keys: dict[Role, str]

    @property
    def key(self) -> str:
        return self.keys[Role.ORGANIZATION_ADMIN]

    @property
    def headers(self) -> dict[str, str]:
        return bearer(self.key)

    def sub_account_key(self) -> str:
        """The key of a new sub-account."""
        with self.runtime.work.write(OPERATOR, Origin("tests")) as unit:
            account = accounts.create_sub_account(unit, self.organization, "Customer")
            _, secret = accounts.create_key(
                unit, self.runtime.signer, self.organization, "Sub", sub_account_id=account.id
            )
        return secret


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def found_tenant(runtime: Runtime) -> Tenant:
    with runtime.work.write(OPERATOR, Origin("tests")) as unit:
        organization = accounts.create_organization(unit, f"Tenant {secrets.token_hex(6)}")
        project = projects.create(unit, organization, "Videos")
        keys = {
            role: accounts.create_key(unit, runtime.signer, organization, role, role=role)[1]
            for role in Role
            if role is not Role.OWNER
        }
    return Tenant(runtime, organization, project.id, keys)
