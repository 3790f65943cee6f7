"""The room of one's own account: password, browsers that are signed in, organizations."""

from babel import Locale

from playout.console.fields import needed_text
from playout.console.texts import translated
from playout.console.visit import GoTo, Note, Outcome, Problem, Shown, Visit
from playout.core.accounts import (
    identities,
    identity_queries,
    passkeys,
    people,
    people_queries,
    sessions,
)
from playout.kit.errors import PlayoutError
from playout.kit.text import normalize
from playout.pages.accounts.openid import link_token

HERE = "/account"
NAME_LENGTH = 80


def index(visit: Visit, problem: Problem | None = None) -> Outcome:
    """Show what belongs to the person who is signed in."""
    with visit.read() as unit:
        user = people.own_user(unit)
        current, all_ = sessions.list_own(unit, visit.runtime.signer, visit.cookie)
        is_personal = current is not None and current.is_personal
        joined = people_queries.joined(unit, user.id) if is_personal else []
        linked = identity_queries.identities(unit, user.id)
        site = _site(visit)
        keys = people_queries.passkeys(unit, user.id)
        challenge = site.new_challenge(visit.cookie)
        may_add = is_personal and site.can_have_passkeys
        options = passkeys.creation_options(unit, site, user, challenge) if may_add else ""
    may_link = is_personal and visit.runtime.provider is not None
    values = {
        "identities": linked if visit.runtime.provider else linked or None,
        "link_token": link_token(visit.runtime, visit.cookie) if may_link else "",
        "passkeys": keys,
        "challenge": challenge,
        "passkey_options": options,
        "email": user.email,
        "language": user.language,
        "languages": {each: Locale.parse(each).get_display_name() for each in people.LANGUAGES},
        "has_password": user.password_hash is not None,
        "shortest": people.SHORTEST_PASSWORD,
        "sessions": [
            {
                "id": each.session.id,
                "device": _device(each.session.device),
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


def _device(name: str) -> str:
    """Return how a browser and its system are called, in the reader's language."""
    browser, on, system = name.partition(" on ")
    if on:
        return translated("{browser} on {system}", browser=browser, system=system)
    return name or translated("Unknown browser")


def change_password(visit: Visit) -> Outcome:
    """Change the password. All other browsers are signed out."""
    old, new = (normalize(visit.form.get(each, "")) for each in ("old", "new"))
    try:
        with visit.write() as unit:
            sessions.count_guess(unit, visit.runtime.signer, visit.cookie)
        with visit.write() as unit:
            people.change_password(unit, old, new)
            sessions.end_own(unit, visit.runtime.signer, visit.cookie)
    except PlayoutError as error:
        return index(visit, Problem.of(error))
    return GoTo(HERE, Note.PASSWORD_CHANGED)


def choose_language(visit: Visit) -> Outcome:
    """Keep the language of the console and of mails."""
    try:
        with visit.write() as unit:
            people.choose_language(unit, visit.form.get("language", ""))
    except PlayoutError as error:
        return index(visit, Problem.of(error))
    return GoTo(HERE, Note.SAVED)


def add_passkey(visit: Visit) -> Outcome:
    """Store the passkey that the browser made."""
    form = visit.form
    try:
        with visit.write() as unit:
            made = passkeys.Answer(
                form.get("challenge", ""),
                form.get("credential", ""),
                needed_text(form, "name", NAME_LENGTH),
            )
            passkeys.add(unit, _site(visit), visit.cookie, made)
    except PlayoutError as error:
        return index(visit, Problem.of(error))
    return GoTo(HERE, Note.PASSKEY_ADDED)


def remove_passkey(visit: Visit) -> Outcome:
    """Remove a passkey."""
    with visit.write() as unit:
        passkeys.remove(unit, visit.number("passkey"))
    return GoTo(HERE, Note.PASSKEY_REMOVED)


def remove_identity(visit: Visit) -> Outcome:
    """Remove an identity of a provider, and sign out the browsers that came by it."""
    with visit.write() as unit:
        identities.remove(unit, visit.runtime.signer, visit.cookie, visit.number("identity"))
    return GoTo(HERE, Note.IDENTITY_REMOVED)


def _site(visit: Visit) -> passkeys.Site:
    settings = visit.runtime.settings
    return passkeys.Site(visit.runtime.signer, settings.base_url, settings.site_name)


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
