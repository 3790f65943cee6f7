"""Links that bring people in: invitations, and links that set a password."""

import re
from dataclasses import replace

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from playout.core.accounts import mails
from playout.core.accounts import service as accounts
from playout.core.accounts.model import User
from playout.core.ledger.model import Entry
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.unit import Origin
from playout.kit.mail import MailNotSent
from playout.web import application
from tests.console.helpers.people import HOME, PASSWORD, Browser, code_of, invited, link_in
from tests.helpers.live import free_port
from tests.helpers.smtp import receiving


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

    def test_whoever_became_a_member_meanwhile_keeps_that_role(
        self, runtime, tenant, admin, browser
    ):
        email = f"late@{tenant.organization.slug}.example"
        link = invited(admin, email, Role.VIEWER)
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            organization = tenant.organization
            accounts.add_member(unit, organization, email, "", Role.ORGANIZATION_ADMIN)
        sent = {"code": code_of(link), "full_name": "Late", "password": PASSWORD}
        assert browser.submit("/join", **sent).status_code == 303
        assert browser.get("/console/organization/members").status_code == 200

    def test_it_opens_the_organization_that_invited(self, add, admin, tenant, other, other_tenant):
        mia = add(other_tenant, "mia")
        link = invited(admin, mia)
        other.sign_in(mia)
        other.submit("/join", code=code_of(link))
        assert tenant.organization.name in other.get("/console/organization/projects").text


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
