"""People in the console: invitations, passwords, browsers that are signed in, organizations."""

import re
import time
from contextlib import ExitStack
from dataclasses import replace
from secrets import token_hex
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr
from sqlalchemy import select, update
from starlette.testclient import TestClient

from playout.core.accounts import account_links, mails, passkeys, people
from playout.core.accounts import service as accounts
from playout.core.accounts.model import MemberSession, Membership, User
from playout.core.accounts.sessions import MOST_WRONG_PASSWORDS
from playout.core.ledger.model import Entry
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.unit import Origin
from playout.kit.clock import utcnow
from playout.kit.errors import Conflict, Invalid
from playout.kit.mail import MailNotSent
from playout.pages.guessing import OF_ACCOUNT
from playout.pages.viewers import COOKIE
from playout.web import application
from tests.helpers.live import free_port
from tests.helpers.smtp import receiving
from tests.helpers.tenants import Tenant

HOME = "http://testserver"
PASSWORD = "seven quiet harbours"


class Browser(TestClient):
    """A browser that sends forms of this site, and does not follow."""

    def submit(self, path: str, **fields: str):
        if path.startswith("/console"):  # whose forms have a token of the session
            token = re.search(r'name="form_token" value="([^"]+)"', self.get("/console/more").text)
            fields |= {"form_token": token[1]} if token else {}
        return self.post(path, data=fields, headers={"Origin": HOME})

    def sign_in(self, email: str, password: str = PASSWORD, next: str = "/console/account"):
        return self.submit("/sign-in", email=email, password=password, next=next)


@pytest.fixture(scope="module")
def app(runtime):
    return application(runtime)


@pytest.fixture
def opened(app):
    """Opens a browser in a network of its own, where nobody has guessed yet."""
    with ExitStack() as stack:

        def opened() -> Browser:
            address = f"2001:db8:{token_hex(2)}:{token_hex(2)}::1"
            return stack.enter_context(Browser(app, follow_redirects=False, client=(address, 1)))

        yield opened


@pytest.fixture
def browser(opened) -> Browser:
    return opened()


@pytest.fixture
def other(opened) -> Browser:
    return opened()


@pytest.fixture
def add(runtime):
    """Makes a member with a password, who joined; returns the e-mail address."""

    def add(tenant: Tenant, name: str = "ada", role: Role = Role.ORGANIZATION_ADMIN) -> str:
        email = f"{name}@{tenant.organization.slug}.example"
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            user = accounts.add_member(unit, tenant.organization, email, name.title(), role)
            _, code = account_links.make_password_link(
                unit, runtime.signer, tenant.organization, user.id
            )
            account_links.use_password_link(unit, runtime.signer, code, PASSWORD)
        return email

    return add


@pytest.fixture
def ada(add, tenant) -> str:
    return add(tenant)


@pytest.fixture
def admin(opened, ada) -> Browser:
    """The browser of an administrator who is signed in."""
    browser = opened()
    assert browser.sign_in(ada).status_code == 303
    return browser


def link_in(answer) -> str:
    """The link that a page of the console shows once."""
    assert answer.status_code == 200, answer.text
    return re.search(rf'value="{HOME}(/join\?code=[^"]+)"', answer.text)[1]


def code_of(link: str) -> str:
    return urlsplit(link).query.removeprefix("code=")


def invited(admin: Browser, email: str, role: Role = Role.VIEWER) -> str:
    return link_in(admin.submit("/console/organization/members", email=email, role=role))


class TestSignIn:
    def test_an_address_and_its_password_open_the_console(self, browser, ada):
        assert "Password" in browser.get("/sign-in").text
        answer = browser.sign_in(f" {ada.upper()} ", next="/console/videos")
        assert (answer.status_code, answer.headers["location"]) == (303, "/console/videos")
        assert "Ada" in browser.get("/console/videos").text

    def test_no_answer_tells_whether_an_address_is_known(self, browser, ada):
        wrong, unknown = (
            browser.sign_in(email, "not this one").text.replace(email, "")
            for email in (ada, "nobody@example.com")
        )
        assert wrong == unknown
        assert "This is not the e-mail address and password" in wrong

    def test_who_guesses_is_stopped_and_locks_nobody_out(self, browser, other, ada):
        assert other.sign_in(ada).status_code == 303
        other.submit("/sign-out")
        answers = [browser.sign_in(ada, f"guess {each}").status_code for each in range(12)]
        assert answers[-1] == 429
        assert answers.count(403) <= OF_ACCOUNT
        assert browser.sign_in(ada).status_code == 429
        assert other.sign_in(ada).status_code == 303

    def test_a_browser_is_known_for_its_own_account_alone(self, add, tenant, browser, ada):
        eve = add(tenant, "eve")
        assert browser.sign_in(eve).status_code == 303
        for each in range(OF_ACCOUNT):
            browser.sign_in(ada, f"guess {each}")
        assert browser.sign_in(ada).status_code == 429


class TestInvitations:
    def test_who_is_invited_chooses_name_and_password_once(self, runtime, admin, browser, tenant):
        email = f"new@{tenant.organization.slug}.example"
        link = invited(admin, email, Role.DEVELOPER)
        assert email in admin.get("/console/organization").text
        for _ in range(2):  # to look at it does not use it up
            assert email in browser.get(link).text
        sent = {"code": code_of(link), "full_name": "Noor", "password": "short"}
        refused = browser.submit("/join", **sent)
        assert (refused.status_code, "10 characters" in refused.text) == (400, True)
        answer = browser.submit("/join", **sent | {"password": PASSWORD})
        assert (answer.status_code, answer.headers["location"]) == (303, "/console")
        assert "Noor" in browser.get("/console/account", follow_redirects=True).text
        assert browser.get(link).status_code == 404
        assert browser.submit("/join", **sent | {"password": PASSWORD}).status_code == 404
        assert "Noor" in admin.get("/console/organization").text
        with runtime.database.read_session() as session:
            stored = session.scalar(select(User.password_hash).where(User.email == email))
        assert stored.startswith("$argon2id$")

    def test_the_ledger_names_no_address(self, runtime, admin, tenant):
        invited(admin, "secret@example.com")
        with runtime.database.read_session() as session:
            query = select(Entry).where(Entry.organization_id == tenant.organization.id)
            entries = session.scalars(query).all()
        assert "invitation.created" in {each.event for each in entries}
        assert "secret@example.com" not in str([(e.changes, e.names) for e in entries])

    def test_one_that_was_withdrawn_or_replaced_opens_nothing(self, admin, browser):
        first = invited(admin, "one@example.com")
        second = invited(admin, "one@example.com")
        assert browser.get(first).status_code == 404
        page = admin.get("/console/organization").text
        (path,) = re.findall(r'action="(/console/organization/invitations/\d+/withdraw)"', page)
        assert admin.submit(path).status_code == 303
        assert browser.get(second).status_code == 404

    def test_an_account_that_exists_accepts_by_signing_in(
        self, runtime, add, admin, browser, other, other_tenant
    ):
        """Whoever has the link alone gets neither the account nor what it opens elsewhere."""
        mia = add(other_tenant, "mia")
        link = invited(admin, mia)
        taken = browser.submit("/join", code=code_of(link), full_name="Not Mia", password=PASSWORD)
        assert (taken.status_code, "Sign in with it" in taken.text) == (400, True)
        other.sign_in(mia, next=link)
        assert "You are signed in as" in other.get(link).text
        assert other.submit("/join", code=code_of(link)).status_code == 303
        page = other.get("/console/account").text
        assert other_tenant.organization.name in page

    def test_nobody_else_who_is_signed_in_accepts(self, add, admin, other, other_tenant):
        add(other_tenant, "mia")
        other.sign_in(add(other_tenant, "eve"))
        link = invited(admin, f"mia@{other_tenant.organization.slug}.example")
        answer = other.submit("/join", code=code_of(link))
        assert (answer.status_code, "Somebody else" in answer.text) == (400, True)

    def test_who_signed_in_with_a_token_does_not_accept_for_the_person(
        self, runtime, add, admin, other, other_tenant
    ):
        """An administrator can make a token of a member, and is not that person elsewhere."""
        mia = add(other_tenant, "mia")
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            user = accounts.add_member(
                unit, other_tenant.organization, mia, "", Role.ORGANIZATION_ADMIN
            )
            token = accounts.create_key(
                unit, runtime.signer, other_tenant.organization, "T", user=user
            )[1]
        link = invited(admin, mia)
        other.submit("/sign-in", token=token, next="/")
        assert other.submit("/join", code=code_of(link)).status_code == 400


class TestPasswordLinks:
    @pytest.fixture
    def member(self, add, tenant) -> str:
        return add(tenant, "ben", Role.VIEWER)

    @pytest.fixture
    def ask(self, runtime, admin):
        """Asks for the link of a member; returns the answer."""

        def ask(email: str):
            with runtime.database.read_session() as session:
                id = session.scalar(select(User.id).where(User.email == email))
            return admin.submit(f"/console/organization/members/{id}/password-link")

        return ask

    def test_it_sets_a_password_once_and_ends_all_sessions(self, ask, member, browser, other):
        other.sign_in(member)
        link = link_in(ask(member))
        assert other.get("/console/account").status_code == 200
        assert (
            browser.submit("/join", code=code_of(link), password="another one").status_code == 303
        )
        assert other.get("/console/account").status_code == 303
        assert other.sign_in(member).status_code == 403
        assert other.sign_in(member, "another one").status_code == 303
        assert browser.get(link).status_code == 404

    def test_no_administrator_gets_at_what_a_person_has_elsewhere(
        self, runtime, ask, member, other_tenant, browser
    ):
        earlier = link_in(ask(member))
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            accounts.add_member(unit, other_tenant.organization, member, "", Role.VIEWER)
        assert browser.get(earlier).status_code == 404
        refused = ask(member)
        assert (refused.status_code, "other organizations" in refused.text) == (403, True)

    def test_the_account_opens_no_organization_that_it_did_not_join(
        self, runtime, member, other_tenant, browser
    ):
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            accounts.add_member(unit, other_tenant.organization, member, "", Role.VIEWER)
        browser.sign_in(member)
        assert other_tenant.organization.name not in browser.get("/console/account").text
        path = f"/console/account/organizations/{other_tenant.organization.id}"
        assert browser.submit(path).status_code == 409


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
        with runtime.database.read_session() as session:
            seen = session.scalar(
                select(MemberSession.last_seen_at).order_by(MemberSession.id.desc())
            )
        assert seen >= before


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


class TestPasskeys:
    """What goes well is in the test in a browser, which makes one."""

    @pytest.fixture
    def site(self, runtime) -> passkeys.Site:
        return passkeys.Site(runtime.signer, "http://localhost", "Site")

    @pytest.mark.parametrize(
        "junk",
        ["", "{}", "[]", "null", '{"id": "AA", "rawId": "AA", "type": "public-key"}', "\0"],
    )
    def test_what_is_no_answer_to_a_challenge_signs_nobody_in(self, runtime, browser, site, junk):
        challenge = site.new_challenge("")
        answer = browser.submit("/sign-in/passkey", challenge=challenge, credential=junk)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers

    def test_a_challenge_is_ours_for_one_browser_and_some_minutes(self, site, monkeypatch):
        challenge = site.new_challenge("mine")
        site.check_challenge(challenge, "mine")
        late = time.time() + passkeys.CHALLENGE_SECONDS + 1
        for bad, whose in ((challenge, "theirs"), (f"x{challenge}", "mine"), ("", ""), ("..", "")):
            with pytest.raises(Invalid):
                site.check_challenge(bad, whose)
        monkeypatch.setattr(time, "time", lambda: late)
        with pytest.raises(Invalid):
            site.check_challenge(challenge, "mine")

    @pytest.mark.parametrize(
        ("url", "can"),
        [
            ("https://video.example", True),
            ("http://localhost:8080", True),
            ("http://video.example", False),
            ("https://192.0.2.7", False),
            ("http://[::1]:8080", False),
        ],
    )
    def test_they_are_offered_where_browsers_make_them(self, runtime, url, can):
        assert passkeys.Site(runtime.signer, url, "Site").can_have_passkeys is can


class TestFormTokens:
    def test_a_form_without_the_token_of_its_session_is_refused(self, admin, other, ada):
        other.sign_in(ada)
        page = other.get("/console/organization").text
        stolen = re.search(r'name="form_token" value="([^"]+)"', page)[1]
        path, form = "/console/organization/projects", {"name": "New"}
        for token in ({}, {"form_token": ""}, {"form_token": stolen}):
            answer = admin.post(path, data=form | token, headers={"Origin": HOME})
            assert answer.status_code == 403
        assert admin.submit(path, **form).status_code == 303

    def test_every_form_of_every_room_has_one(self, admin):
        for path in ("/videos", "/landing", "/organization", "/account", "/more"):
            page = admin.get(f"/console{path}").text
            forms = re.findall(r'<form[^>]*method="post"[^>]*>', page)
            assert len(forms) == page.count('name="form_token"') >= 1


class TestPasswords:
    @pytest.mark.parametrize("bad", ["short", "x" * 129, "aaaaaaaaaaaa", "ada@example.com"])
    def test_one_that_is_easily_guessed_is_refused(self, bad):
        with pytest.raises(Invalid):
            people.check_password(bad, "ada@example.com")


class TestMails:
    def test_an_invitation_is_mailed_by_a_worker(self, runtime, ada):
        with receiving() as (url, messages):
            settings = runtime.settings.model_copy(update={"smtp_url": SecretStr(url)})
            mailing = replace(runtime, settings=settings)
            with Browser(application(mailing), follow_redirects=False) as admin:
                admin.sign_in(ada)
                answer = admin.submit(
                    "/console/organization/members", email="new@example.com", role=Role.VIEWER
                )
                assert "on its way by mail" in answer.text
            sealed = runtime.cipher.encrypt(HOME + link_in(answer)).decode()
            assert messages == []  # never while somebody waits for an answer
            mails.deliver.function(mailing, "new@example.com", "Join Môn", sealed)
        (message,) = messages
        assert "To: new@example.com" in message
        assert "From: playout@testserver" in message
        assert link_in(answer).partition("=")[0] in message

    def test_a_server_that_refuses_is_tried_again(self, runtime):
        settings = runtime.settings.model_copy(
            update={"smtp_url": SecretStr(f"smtp://127.0.0.1:{free_port()}")}
        )
        sealed = runtime.cipher.encrypt("x").decode()
        with pytest.raises(MailNotSent):
            mails.deliver.function(replace(runtime, settings=settings), "a@b.example", "S", sealed)
        assert mails.deliver.retry is not None
