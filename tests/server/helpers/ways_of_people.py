"""The ways to take back a key, a membership and a session."""

from dataclasses import dataclass

from sqlalchemy import select

from playout.core.accounts import service as accounts
from playout.core.accounts import sessions
from playout.core.accounts.model import Organization
from playout.core.permissions import Role
from playout.core.unit import Origin
from playout.pages.viewers import COOKIE
from tests.helpers.tenants import bearer
from tests.server.helpers.ending import Ending
from tests.server.helpers.hammering import Asked
from tests.server.helpers.site import Site


@dataclass(frozen=True)
class Member:
    """A member with a token, and with a browser that is signed in by it."""

    email: str
    token: str
    token_id: int
    session: str

    @property
    def cookie(self) -> dict[str, str]:
        return {"Cookie": f"{COOKIE}={self.session}"}


def organization(site: Site) -> Organization:
    with site.runtime.database.read_session() as session:
        query = select(Organization).where(Organization.slug == site.founded.organization)
        return session.scalars(query).one()


def member(site: Site) -> Member:
    email, signer = f"ada{next(site.numbers)}@example.com", site.runtime.signer
    ours = organization(site)
    user = site.act(accounts.add_member, ours, email, "Ada Lind", Role.VIEWER)
    key, token = site.act(accounts.create_key, signer, ours, "Token", user=user)
    principal = site.runtime.credentials.resolve(token)
    with site.runtime.work.write(principal, Origin("tests")) as unit:
        session = sessions.open_session(unit, signer)
    return Member(email, token, key.id, session)


def key_revoked(site: Site) -> Ending:
    key, secret = site.act(
        accounts.create_key, site.runtime.signer, organization(site), "Key", role=Role.DEVELOPER
    )
    path = f"/api/v1/videos/{site.draft()['id']}/"
    video = site.get(path, bearer(secret)).json()
    files = [Asked(video[name].removeprefix(site.live.url)) for name in ("video", "hls_url")]
    asked = [Asked(path, bearer(secret)), *files]
    return Ending(asked, lambda: site.act(accounts.revoke_key, key.id))


def member_removed(site: Site) -> Ending:
    page, ada = site.video(visibility="org")["page"], member(site)
    asked = [*site.shown(page, bearer(ada.token)), *site.shown(page, ada.cookie)]
    return Ending(asked, lambda: site.act(accounts.remove_member, organization(site), ada.email))


def token_revoked(site: Site) -> Ending:
    page, ada = site.video(visibility="org")["page"], member(site)
    asked = [*site.shown(page, bearer(ada.token)), Asked(page, ada.cookie)]
    return Ending(asked, lambda: site.act(accounts.revoke_key, ada.token_id))


def signed_out(site: Site) -> Ending:
    page, ada = site.video(visibility="org")["page"], member(site)
    return Ending(
        [Asked(page, ada.cookie)],
        lambda: site.act(sessions.end_session, site.runtime.signer, ada.session),
    )


WAYS = {
    "key revoked": key_revoked,
    "member removed": member_removed,
    "token of a member revoked": token_revoked,
    "member signs out": signed_out,
}
