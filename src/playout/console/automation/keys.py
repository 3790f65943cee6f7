"""The keys of programs: list them, create one, revoke one."""

from collections.abc import Mapping
from typing import Any

from playout.console.fields import needed_text, number
from playout.console.paging import Place
from playout.console.texts import translated
from playout.console.visit import GoTo, Note, Outcome, Problem, Shown, Visit
from playout.core.accounts import lists, service
from playout.core.accounts.model import Key, KeyKind
from playout.core.permissions import Permission, Role
from playout.core.projects import service as projects
from playout.kit.errors import Invalid, PlayoutError

ROLES = tuple(role for role in Role if role is not Role.OWNER)
REVOKED = "revoked"


def index(visit: Visit, problem: Problem | None = None, created: str | None = None) -> Outcome:
    """Show the keys, newest first; once also the text of one that was just created."""
    visit.principal.require(Permission.KEYS_WRITE)
    place = Place.of(visit)
    with visit.read() as unit:
        organization = projects.get_organization(unit, None)
        usable = projects.list_projects(unit)
        names = {each.id: each.name for each in usable}
        found = lists.keys(
            unit, organization.id, place.last, place.limit, revoked=place.chosen == REVOKED
        )
        shown = place.cut(found)
        members = lists.names(unit, {each.user_id for each in shown if each.user_id})
        has_revoked = bool(lists.keys(unit, organization.id, None, 1, revoked=True))
    values = {
        "keys": [_row(each, names, members) for each in shown],
        "has_revoked": has_revoked,
        "place": place,
        "next": place.next(found, shown[-1].id if found else 0),
        "projects": usable,
        "roles": ROLES,
        "sent": visit.form if problem else {},
        "created": created,
        "problem": problem,
        "base_url": visit.runtime.settings.base_url,
    }
    return Shown("automation_keys.html", values, problem.status if problem else 200)


def create(visit: Visit) -> Outcome:
    """Create a key, and show its text, which nobody can read again."""
    try:
        name = needed_text(visit.form, "name", service.NAME_LENGTH)
        project_ids = [number(visit.form, "project")] if visit.form.get("project") else None
        with visit.write() as unit:
            projects.check_usable(unit, project_ids or [])
            _, secret = service.create_key(
                unit,
                visit.runtime.signer,
                projects.get_organization(unit, None),
                name,
                role=_role(visit.form.get("role", "")),
                project_ids=project_ids,
            )
    except PlayoutError as error:
        return index(visit, Problem.of(error))
    return index(visit, created=secret)


def revoke(visit: Visit) -> Outcome:
    """Revoke a key: every process refuses it within a second."""
    with visit.write() as unit:
        service.revoke_key(unit, visit.number("key"))
    return GoTo("/automation/keys", Note.KEY_REVOKED)


def _role(name: str) -> Role:
    if name not in set(ROLES):
        raise Invalid("role: Choose one.", {"role": "Choose one."})
    return Role(name)


def _row(key: Key, projects: Mapping[int, str], members: Mapping[int, str]) -> dict[str, Any]:
    named = [projects.get(each, str(each)) for each in key.project_ids or ()]
    return {
        "id": key.id,
        "name": key.name,
        "hint": key.hint,
        "may": _may(key, members),
        "projects": ", ".join(named),
        "created_at": key.created_at,
        "last_used_at": key.last_used_at,
    }


def _may(key: Key, members: Mapping[int, str]) -> str:
    """Return in whose place a key acts: as a role, as a member, or as a sub-account."""
    if key.kind is KeyKind.SUB_ACCOUNT:
        return translated("Sub-account")
    if key.user_id is None:
        return translated(str(key.role))
    if key.user_id not in members:
        return translated("Token of a former member")
    return translated("Token of {name}", name=members[key.user_id])
