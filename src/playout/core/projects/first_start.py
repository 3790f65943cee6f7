"""The first start: who has the link that the server printed becomes the first administrator."""

from typing import NamedTuple

from sqlalchemy import text

from playout.core.accounts import people, queries, service
from playout.core.accounts.model import User
from playout.core.permissions import Role
from playout.core.projects import service as projects
from playout.core.unit import ReadUnit, WriteUnit
from playout.kit.errors import Conflict, Invalid, require_found
from playout.kit.signing import Signer

PURPOSE = "first-start"
FIRST_PROJECT = "Videos"
LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('first-start', 7))")


class Founder(NamedTuple):
    """The texts of the form, in the form in which texts are stored (NFC)."""

    organization: str
    email: str
    full_name: str


def link_code(signer: Signer) -> str:
    """Return the secret part of the link: the same in every process of the installation."""
    return signer.signature(PURPOSE, "")


def is_link_code(signer: Signer, code: str) -> bool:
    """Return whether that is the secret part of the link. Takes constant time."""
    return signer.verify(PURPOSE, "", code)


def is_open(unit: ReadUnit) -> bool:
    """Return whether the link still works: until there is an organization, whoever made it."""
    return not queries.organizations(unit, 1)


def found_organization(unit: WriteUnit, founder: Founder, password: str) -> User:
    """Create the first organization, its first project and its administrator, with a password.

    Raise `Conflict` if there is an organization already. Of two callers at once, one waits for the
    other.
    """
    if any(character < " " for each in founder for character in each):
        raise Invalid("Names and addresses are single lines.")
    if len(founder.full_name) > service.NAME_LENGTH:
        raise Invalid(f"A name has {service.NAME_LENGTH} characters at the most.")
    unit.session.execute(LOCK)
    if not is_open(unit):
        raise Conflict("There is an administrator already.")
    organization = service.create_organization(unit, founder.organization)
    projects.create(unit, organization, FIRST_PROJECT)
    user = service.add_member(
        unit, organization, founder.email, founder.full_name, Role.ORGANIZATION_ADMIN
    )
    people.set_password(user, password)
    people.join(unit, require_found(queries.membership(unit, organization.id, user.id), "member"))
    return user
