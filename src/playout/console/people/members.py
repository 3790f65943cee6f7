"""The members of an organization, and the invitations that are open."""

from playout.console.fields import needed_text
from playout.console.paging import Place
from playout.console.reader import Reader, reader, reading
from playout.console.texts import marked, translated
from playout.console.visit import GoTo, Note, Outcome, Problem, Shown, Visit
from playout.core.accounts import account_links, lists, mails, people_queries, queries, service
from playout.core.accounts.model import Member, Organization, User
from playout.core.permissions import Permission, Role
from playout.core.projects import service as projects
from playout.core.unit import ReadUnit
from playout.kit.errors import Invalid, PlayoutError, require_found

HERE = "/organization/members"
EMAIL_LENGTH = 254
PURPOSES = {
    Role.VIEWER: marked("watches"),
    Role.DEVELOPER: marked("uploads and edits"),
    Role.PROJECT_MANAGER: marked("publishes, too"),
    Role.ORGANIZATION_ADMIN: marked("manages members and keys, too"),
    Role.OWNER: marked("runs all organizations"),
}


def index(
    visit: Visit, problem: Problem | None = None, made: dict[str, object] | None = None
) -> Outcome:
    """Show the members and the open invitations; `made` is a link that is shown once."""
    visit.principal.require(Permission.MEMBERS_WRITE)
    place = Place.of(visit)
    with visit.read() as unit:
        organization = projects.get_organization(unit, None)
        found = lists.members(unit, organization.id, place.search, place.last, place.limit)
        invitations = people_queries.invitations(unit, organization.id)
    shown = place.cut(found.page)
    may_own = visit.principal.may(Permission.ORGANIZATIONS_WRITE)
    values = {
        "tab": "members",
        "organization": organization,
        "members": [
            {
                "id": user.id,
                "name": membership.full_name or user.email,
                "email": user.email,
                "role": membership.role,
                "role_by_claim": membership.role_by_claim,
                "has_joined": membership.joined_at is not None,
                "is_self": user.id == visit.principal.user_id,
                "may_change": may_own or membership.role is not Role.OWNER,
            }
            for user, membership in shown
        ],
        "total": found.total,
        "place": place,
        "next": place.next(found.page, shown[-1].user.id if shown else 0),
        "invitations": invitations,
        "roles": [each for each in Role if may_own or each is not Role.OWNER],
        "purposes": PURPOSES,
        "sent": visit.form,
        "problem": problem,
        "made": made,
        "base_url": visit.runtime.settings.base_url,
    }
    return Shown("members.html", values, problem.status if problem else 200)


def invite(visit: Visit) -> Outcome:
    """Invite a person, and show the link once."""
    try:
        with visit.write() as unit:
            email = needed_text(visit.form, "email", EMAIL_LENGTH).lower()
            role, organization = _role(visit), projects.get_organization(unit, None)
            code = account_links.invite(unit, visit.runtime.signer, organization, email, role)
            link = _url(visit, code)
            known = people_queries.user_by_email(unit, email)
            letter = mails.Letter(email, link, organization.name, _language(known))
            with reading(Reader(letter.language)):
                mailed = mails.mail_invitation(unit, visit.runtime, letter, translated(role))
    except PlayoutError as error:
        return index(visit, Problem.of(error))
    return index(visit, made={"url": link, "email": email, "mailed": mailed, "invites": True})


def withdraw(visit: Visit) -> Outcome:
    """Withdraw an invitation."""
    with visit.write() as unit:
        organization = projects.get_organization(unit, None)
        account_links.withdraw(unit, organization, visit.number("link"))
    return GoTo(HERE, Note.INVITATION_WITHDRAWN)


def change_role(visit: Visit) -> Outcome:
    """Give a member another role."""
    try:
        with visit.write() as unit:
            organization, member = _member(unit, visit)
            service.add_member(unit, organization, member.user.email, "", _role(visit))
    except PlayoutError as error:
        return index(visit, Problem.of(error))
    return GoTo(HERE, Note.SAVED)


def remove(visit: Visit) -> Outcome:
    """Remove a member, whose tokens and sessions end at once."""
    try:
        with visit.write() as unit:
            organization, member = _member(unit, visit)
            service.remove_member(unit, organization, member.user.email)
    except PlayoutError as error:
        return index(visit, Problem.of(error))
    return GoTo(HERE, Note.MEMBER_REMOVED)


def make_password_link(visit: Visit) -> Outcome:
    """Make a link with which a member sets a password, and show it once."""
    try:
        with visit.write() as unit:
            organization = projects.get_organization(unit, None)
            member, code = account_links.make_password_link(
                unit, visit.runtime.signer, organization, visit.number("user")
            )
            link, email = _url(visit, code), member.user.email
            letter = mails.Letter(email, link, organization.name, _language(member.user))
            mailed = mails.mail_password_link(unit, visit.runtime, letter)
    except PlayoutError as error:
        return index(visit, Problem.of(error))
    return index(visit, made={"url": link, "email": email, "mailed": mailed, "invites": False})


def _language(user: User | None) -> str:
    """Return the language of a mail: what the person chose, or what whoever sends it reads."""
    return (user.language if user else None) or reader().language


def _member(unit: ReadUnit, visit: Visit) -> tuple[Organization, Member]:
    organization = projects.get_organization(unit, None)
    found = queries.members_by_id(unit, {(organization.id, visit.number("user"))})
    return organization, require_found(next(iter(found.values()), None), "member")


def _role(visit: Visit) -> Role:
    name = visit.form.get("role", "")
    if name not in set(Role):
        raise Invalid("role: Choose one.", {"role": "Choose one."})
    return Role(name)


def _url(visit: Visit, code: str) -> str:
    return f"{visit.runtime.settings.base_url}/join?code={code}"
