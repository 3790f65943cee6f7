"""The room of one's own account: password, browsers that are signed in, organizations."""

from playout.console.visit import GoTo, Note, Outcome, Problem, Shown, Visit
from playout.core.accounts import people, people_queries, sessions
from playout.kit.errors import PlayoutError
from playout.kit.text import normalize

HERE = "/account"


def index(visit: Visit, problem: Problem | None = None) -> Outcome:
    """Show what belongs to the person who is signed in."""
    with visit.read() as unit:
        user = people.own_user(unit)
        current, all_ = sessions.list_own(unit, visit.runtime.signer, visit.cookie)
        is_personal = current is not None and current.is_personal
        joined = people_queries.joined(unit, user.id) if is_personal else []
    values = {
        "email": user.email,
        "has_password": user.password_hash is not None,
        "shortest": people.SHORTEST_PASSWORD,
        "sessions": [
            {
                "id": each.session.id,
                "device": each.session.device or "Unknown browser",
                "organization": each.organization.name,
                "seen_at": each.session.last_seen_at or each.session.created_at,
                "is_this": current is not None and each.session.id == current.id,
            }
            for each in all_
        ],
        "is_personal": is_personal,
        "organizations": [each.organization for each in joined],
        "current": visit.principal.organization_id,
        "problem": problem,
    }
    return Shown("account.html", values, problem.status if problem else 200)


def change_password(visit: Visit) -> Outcome:
    """Change the password. All other browsers are signed out."""
    old, new = (normalize(visit.form.get(each, "")) for each in ("old", "new"))
    try:
        with visit.write() as unit:
            people.change_password(unit, old, new)
            sessions.end_own(unit, visit.runtime.signer, visit.cookie)
    except PlayoutError as error:
        return index(visit, Problem.of(error))
    return GoTo(HERE, Note.PASSWORD_CHANGED)


def end_session(visit: Visit) -> Outcome:
    """Sign one browser out."""
    with visit.write() as unit:
        sessions.end_own(unit, visit.runtime.signer, visit.cookie, visit.number("session"))
    return GoTo(HERE, Note.SESSION_ENDED)


def end_others(visit: Visit) -> Outcome:
    """Sign all browsers out but this one."""
    with visit.write() as unit:
        sessions.end_own(unit, visit.runtime.signer, visit.cookie)
    return GoTo(HERE, Note.SESSIONS_ENDED)


def move(visit: Visit) -> Outcome:
    """Go on in another organization."""
    try:
        with visit.write() as unit:
            sessions.move(unit, visit.runtime.signer, visit.cookie, visit.number("organization"))
    except PlayoutError as error:
        return index(visit, Problem.of(error))
    return GoTo(HERE, Note.ORGANIZATION_CHANGED)
