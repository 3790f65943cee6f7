"""Ways into the console: passwords, passkeys, and what forms need."""

import re
import time
from contextlib import ExitStack

import pytest
from sqlalchemy import select

from playout.core.accounts import passkeys, people, people_queries
from playout.core.accounts import service as accounts
from playout.core.accounts.model import Passkey, User
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.unit import Origin
from playout.kit.errors import Invalid
from playout.pages.accounts.guessing import OF_ACCOUNT
from tests.console.helpers.authenticator import Authenticator
from tests.console.helpers.people import HOME, PASSWORD, code_of, invited


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

    def test_an_answer_opens_nothing_a_second_time(self, runtime, site, ada):
        device = Authenticator()
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            user = people_queries.user_by_email(unit, ada)
            kept = {"credential_id": device.credential_id, "public_key": device.public_key}
            unit.session.add(
                Passkey(user_id=user.id, sign_count=0, name="D", created_at=unit.now, **kept)
            )
        challenge = site.new_challenge("")
        answer = device.answer(challenge, site.origin, site.host)
        for attempt in (1, 2):
            with ExitStack() as stack:
                if attempt == 2:
                    stack.enter_context(pytest.raises(Invalid, match="try again"))
                unit = stack.enter_context(runtime.work.write(OPERATOR, Origin("tests")))
                assert passkeys.person_of(unit, site, challenge, answer).email == ada

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
        # A proxy in front may make the browser send this; it is the cookie that signs in.
        headers = {"Origin": HOME, "Authorization": "Basic eDp5"}
        assert admin.post(path, data=form, headers=headers).status_code == 403
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


class TestCredentialsOfTwo:
    """A request with the token of one person, and the cookie of another."""

    @pytest.fixture
    def as_ada(self, runtime, tenant, add, ada, other):
        """Sends a form with Ada's token from Eve's browser, with the token of Eve's forms."""
        other.sign_in(add(tenant, "eve", Role.VIEWER))
        page = other.get("/console/more").text
        form_token = re.search(r'name="form_token" value="([^"]+)"', page)[1]
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            user = unit.session.scalar(select(User).where(User.email == ada))
            token = accounts.create_key(unit, runtime.signer, tenant.organization, "T", user=user)[
                1
            ]
        headers = {"Origin": HOME, "Authorization": f"Bearer {token}"}

        def send(path: str, **fields: str):
            return other.post(path, data=fields | {"form_token": form_token}, headers=headers)

        return send

    def test_take_nobody_to_another_organization(self, as_ada, tenant, other):
        answer = as_ada(f"/console/account/organizations/{tenant.organization.id}")
        assert (answer.status_code, "Sign in with your password" in answer.text) == (403, True)
        assert "Eve" in other.get("/console/account").text

    def test_add_no_passkey(self, as_ada):
        answer = as_ada("/console/account/passkeys", name="Mine", challenge="x", credential="{}")
        assert (answer.status_code, "Sign in with your password" in answer.text) == (403, True)

    def test_accept_no_invitation(self, as_ada, ada, add, opened, other_tenant):
        host = opened()
        host.sign_in(add(other_tenant, "host"))
        link = invited(host, ada)
        answer = as_ada("/join", code=code_of(link), full_name="Eve", password=PASSWORD)
        assert (answer.status_code, "Sign in with it" in answer.text) == (400, True)
