"""The account of a member, and the members of an organization."""

import re

import pytest
from sqlalchemy import select, update

from playout.core.accounts import service as accounts
from playout.core.accounts.model import MemberSession, Membership, User
from playout.core.accounts.sessions import MOST_WRONG_PASSWORDS
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.unit import Origin
from playout.kit.clock import utcnow
from playout.kit.errors import Conflict
from playout.pages.viewers import COOKIE
from tests.console.helpers.people import PASSWORD, code_of, invited
from tests.helpers.live import until


class TestAccount:
    def test_browsers_are_listed_and_ended(self, admin, other, ada, runtime):
        agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
        other.headers["User-Agent"] = agent
        other.sign_in(ada)
        page = admin.get("/console/account").text
        assert "Firefox on Linux" in page
        assert page.count("This browser") == 1
        (path,) = re.findall(r'action="(/console/account/sessions/\d+/end)"', page)
        assert other.get("/console/account").status_code == 200
        admin.submit(path)
        assert other.get("/console/account").status_code == 303
        other.sign_in(ada)
        admin.submit("/console/account/sessions/end")
        assert other.get("/console/account").status_code == 303
        assert admin.get("/console/account").status_code == 200

    def test_a_session_of_somebody_else_is_not_there(self, add, admin, other, tenant, runtime):
        other.sign_in(add(tenant, "eve"))
        with runtime.database.read_session() as session:
            newest = session.scalar(select(MemberSession.id).order_by(MemberSession.id.desc()))
        assert admin.submit(f"/console/account/sessions/{newest}/end").status_code == 404

    def test_a_new_password_needs_the_old_one_and_ends_the_others(self, admin, other, ada):
        other.sign_in(ada)
        path, new = "/console/account/password", "eight quiet harbours"
        wrong = admin.submit(path, old="wrong", new=new)
        assert (wrong.status_code, "not your password" in wrong.text) == (400, True)
        assert admin.submit(path, old=PASSWORD, new="short").status_code == 400
        assert admin.submit(path, old=PASSWORD, new=new).status_code == 303
        assert other.get("/console/account").status_code == 303
        assert admin.get("/console/account").status_code == 200
        assert other.sign_in(ada, new).status_code == 303

    def test_who_guesses_the_present_password_is_signed_out(self, admin, ada, other):
        path = "/console/account/password"
        for each in range(MOST_WRONG_PASSWORDS):
            assert admin.submit(path, old=f"guess {each}", new="eight quiet harbours").status_code
        assert admin.get("/console/account").status_code == 303
        assert other.sign_in(ada).status_code == 303

    def test_who_signed_in_with_a_token_guesses_no_password(self, runtime, tenant, ada, browser):
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            user = unit.session.scalar(select(User).where(User.email == ada))
            token = accounts.create_key(unit, runtime.signer, tenant.organization, "T", user=user)[
                1
            ]
        browser.submit("/sign-in", token=token, next="/")
        for old in ("guess", PASSWORD):
            new = "eight quiet harbours"
            answer = browser.submit("/console/account/password", old=old, new=new)
            assert (answer.status_code, "Sign in with your password" in answer.text) == (403, True)

    def test_who_joined_several_goes_from_one_to_another(
        self, runtime, add, admin, ada, browser, other_tenant
    ):
        browser.sign_in(add(other_tenant, "host"))
        link = invited(browser, ada)
        assert admin.submit("/join", code=code_of(link)).status_code == 303
        path = f"/console/account/organizations/{other_tenant.organization.id}"
        assert admin.submit(path).status_code == 303
        assert admin.get("/console/organization/members").status_code == 403  # a Viewer there
        page = admin.get("/console/account").text
        (back,) = re.findall(r'action="(/console/account/organizations/\d+)"', page)
        admin.submit(back)
        assert admin.get("/console/organization/members").status_code == 200

    def test_the_browsers_end_when_their_token_is_revoked(self, web, admin, tenant):
        keys = web.get("/api/v1/keys/", headers=tenant.headers).json()["results"]
        (browsers,) = [each for each in keys if each["name"] == "Browsers"]
        web.delete(f"/api/v1/keys/{browsers['id']}/", headers=tenant.headers)
        assert admin.get("/console/account").status_code == 303

    def test_when_a_browser_was_seen_is_stored(self, runtime, admin):
        before = utcnow()
        admin.get("/console/account")
        admin.get("/console/account")
        runtime.credentials.flush_uses()
        newest = select(MemberSession.last_seen_at).order_by(MemberSession.id.desc())

        def is_stored() -> bool:
            with runtime.database.read_session() as session:
                return session.scalar(newest) >= before

        # The thread that stores uses may have taken this one, and be about to write it.
        until(is_stored, 10, "the time of a visit")


class TestMembers:
    @pytest.fixture
    def path(self, runtime):
        def path(email: str, verb: str) -> str:
            with runtime.database.read_session() as session:
                id = session.scalar(select(User.id).where(User.email == email))
            return f"/console/organization/members/{id}/{verb}"

        return path

    def test_a_role_changes_at_once(self, add, tenant, admin, other, path):
        ben = add(tenant, "ben", Role.VIEWER)
        other.sign_in(ben)
        assert other.get("/console/organization/members").status_code == 403
        assert admin.submit(path(ben, "role"), role=Role.ORGANIZATION_ADMIN).status_code == 303
        assert other.get("/console/organization/members").status_code == 200

    def test_who_is_removed_is_signed_out(self, add, tenant, admin, other, path):
        ben = add(tenant, "ben", Role.VIEWER)
        other.sign_in(ben)
        assert admin.submit(path(ben, "remove")).status_code == 303
        assert other.get("/console/videos").status_code == 303
        assert other.sign_in(ben).status_code == 403

    def test_the_last_administrator_stays(self, add, tenant, admin, ada, path):
        for verb in ("remove", "role"):
            answer = admin.submit(path(ada, verb), role=Role.VIEWER)
            assert (answer.status_code, "last administrator" in answer.text) == (409, True)
        add(tenant, "eve")
        assert admin.submit(path(ada, "role"), role=Role.VIEWER).status_code == 303

    def test_only_an_owner_makes_owners_and_the_last_one_stays(
        self, runtime, add, tenant, admin, other, path
    ):
        assert admin.submit(path(add(tenant, "eve"), "role"), role=Role.OWNER).status_code == 403
        olga = add(tenant, "olga", Role.OWNER)
        assert admin.submit(path(olga, "password-link")).status_code == 403
        other.sign_in(olga)
        principal = runtime.credentials.resolve_session(other.cookies[COOKIE])
        others = update(Membership).where(
            Membership.role == Role.OWNER, Membership.user_id != principal.user_id
        )

        def remove() -> None:
            with runtime.work.write(principal, Origin("tests")) as unit:
                unit.session.execute(others.values(role=Role.ORGANIZATION_ADMIN))
                accounts.remove_member(unit, tenant.organization, olga)

        with pytest.raises(Conflict, match="last Owner"):  # which takes everything back
            remove()
