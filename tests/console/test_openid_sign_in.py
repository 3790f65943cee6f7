"""Sign-in by OpenID Connect, against a certified provider on this machine."""

import re
from contextlib import ExitStack
from dataclasses import replace
from http.cookiejar import Cookie
from secrets import token_hex
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import update

from playout import health
from playout.core.accounts import (
    account_links,
    identities,
    identity_queries,
    service,
    sessions,
)
from playout.core.accounts import queries as accounts
from playout.core.accounts.identities import HAS_ACCOUNT, UNVERIFIED, Rules
from playout.core.accounts.model import Membership, User
from playout.core.accounts.sessions import NO_ORGANIZATION
from playout.core.permissions import Role
from playout.core.principal import OPERATOR, WORKER
from playout.core.unit import Origin
from playout.kit.errors import Forbidden
from playout.kit.openid.model import Identity
from playout.pages.accounts.openid import AWAY
from playout.pages.accounts.sign_in import ATTEMPTS_A_MINUTE
from playout.web import application
from tests.console.helpers.people import HOME, Browser
from tests.helpers.live import until
from tests.helpers.openid_provider import SECRET, openid_provider, signs_in

START, CALLBACK = "/sign-in/openid", "/sign-in/openid/callback"
UNDER = f"{HOME}/video"
TRY_AGAIN = "That took too long"


@pytest.fixture
def provider(tmp_path):
    with openid_provider(tmp_path, HOME, UNDER) as provider:
        yield provider


@pytest.fixture
def site(runtime, tenant, provider):
    """An installation whose members sign in there; returns a browser in front of it."""
    with ExitStack() as stack:

        def site(**more) -> Browser:
            more = {"oidc_organization": tenant.organization.slug, **more}
            settings = provider.settings(runtime.settings, **more)
            app = application(replace(runtime, settings=settings))
            address = f"2001:db8:{token_hex(2)}:{token_hex(2)}::1"
            return stack.enter_context(Browser(app, follow_redirects=False, client=(address, 1)))

        yield site


def give(browser: Browser, cookies: list[Cookie]) -> None:
    for each in cookies:
        browser.cookies.jar.set_cookie(each)


def come_back(browser: Browser, login: str, path: str = START) -> str:
    """Go to the provider, sign in there, and return the address that leads back."""
    begun = browser.get(path)
    assert begun.status_code == 302, begun.text
    return signs_in(begun.headers["location"], login, HOME).removeprefix(HOME)


def sign_in(browser: Browser, login: str):
    return browser.get(come_back(browser, login, f"{START}?next=/console/account"))


@pytest.mark.slow
def test_people_come_in_and_go_as_the_provider_says(runtime, tenant, provider, site, add, capfd):
    slug = tenant.organization.slug
    email = f"noor@{slug}.example"
    noor = {"email": email, "email_verified": True, "name": "Noor", "groups": ["viewers"]}
    eve = {"email": add(tenant, "eve"), "email_verified": True, "groups": ["chiefs"]}
    provider.knows(noor=noor, eve=eve)
    browser, other = site(oidc_create=True, oidc_label="With Harbour ID"), site(oidc_create=True)

    # The first time: an account, a role, a session like any other.
    page = browser.get("/sign-in?next=/console/account").text
    assert "With Harbour ID" in page
    assert f'href="{START}?next=/console/account"' in page
    begun = urlsplit(browser.get(START).headers["location"])
    sent = {name: values[0] for name, values in parse_qs(begun.query).items()}
    assert sent["code_challenge_method"] == "S256"
    assert len({sent["state"], sent["nonce"], sent["code_challenge"]}) == 3
    back = sign_in(browser, "noor")
    assert (back.status_code, back.headers["location"]) == (303, "/console/account")
    account = browser.get("/console/account").text
    assert all(text in account for text in ("Noor", "Viewer", provider.issuer, "This browser"))

    # The role follows the claim: another one, then none, then one again.
    provider.knows(noor=noor | {"groups": ["chiefs", "viewers"]}, eve=eve)
    sign_in(browser, "noor")
    assert "Administrator" in browser.get("/console/account").text
    provider.knows(noor=noor | {"groups": []}, eve=eve)
    refused = sign_in(other, "noor")
    assert (refused.status_code, NO_ORGANIZATION in refused.text) == (403, True)
    assert browser.get("/console/account").status_code == 303  # its session has ended, too
    provider.knows(noor=noor, eve=eve)
    assert sign_in(browser, "noor").status_code == 303

    # An account with a password is not opened by its address alone, but by a link from within.
    refused = sign_in(other, "eve")
    assert (refused.status_code, HAS_ACCOUNT in refused.text) == (403, True)
    other.sign_in(eve["email"])
    assert other.get(f"{START}?link=forged").status_code == 403
    link = other.get("/console/account").text.partition(f"{START}?link=")[2].partition('"')[0]
    assert other.get(come_back(other, "eve", f"{START}?link={link}")).status_code == 303
    third = site()
    assert sign_in(third, "eve").status_code == 303
    assert third.get("/console/account").status_code == 200

    # Removed, it opens nothing, and the browsers that came by it are signed out, but no other.
    removed = re.search(
        r'action="(/console/account/identities/\d+/remove)"', other.get("/console/account").text
    )
    assert other.submit(removed[1]).status_code == 303
    assert third.get("/console/account").status_code == 303
    assert other.get("/console/account").status_code == 200
    assert sign_in(third, "eve").status_code == 403

    # An answer is for the browser that began, for its attempt, and once.
    answer = come_back(browser, "noor")
    fields = dict(parse_qs(urlsplit(answer).query))
    assert TRY_AGAIN in site().get(answer).text
    assert TRY_AGAIN in browser.get(answer.replace(fields["state"][0], "x" * 43)).text
    cookies = list(browser.cookies.jar)
    assert browser.get(answer.replace("iss=http", "iss=https")).status_code == 403
    give(browser, cookies)
    again = browser.get(answer)
    assert (again.status_code, TRY_AGAIN in again.text) == (403, True)
    mine, theirs = come_back(browser, "noor"), come_back(other, "eve")
    code = parse_qs(urlsplit(theirs).query)["code"][0]
    stolen = mine.replace(parse_qs(urlsplit(mine).query)["code"][0], code)
    assert browser.get(stolen).status_code == 403  # PKCE: the code of another attempt

    # Attempts in vain from one network end: each asks the provider. Answers to none count nothing.
    crowd = site(oidc_create=True)
    answer = come_back(crowd, "noor")
    for _ in range(ATTEMPTS_A_MINUTE + 1):
        assert crowd.get(f"{CALLBACK}?state=none").status_code == 403
    for _ in range(3 * ATTEMPTS_A_MINUTE):
        begun = parse_qs(urlsplit(crowd.get(START).headers["location"]).query)
        vain = crowd.get(f"{CALLBACK}?error=access_denied&state={begun['state'][0]}")
        if vain.status_code == 429:
            break
    assert crowd.get(answer).status_code == 429

    # A second process goes on, and new keys of the provider are read.
    answer = come_back(browser, "noor")
    second = site(oidc_create=True)
    give(second, list(browser.cookies.jar))
    assert second.get(answer).status_code == 303
    seen = replace(runtime, settings=provider.settings(runtime.settings, oidc_organization=slug))
    until(lambda: health.examine(seen)["parts"]["sign_in"]["ok"], 30, "a provider that answers")
    provider.stop()
    provider.start()
    assert sign_in(browser, "noor").status_code == 303

    # Signing out ends the session here, and says where else.
    out = browser.submit("/sign-out")
    assert out.headers["location"] == f"{START}/signed-out"
    assert (
        f"{provider.issuer}/session/end?client_id=playout"
        in browser.get(out.headers["location"]).text
    )
    assert browser.get("/console/account").status_code == 303

    # Below a path, and with a provider that is away.
    below = site(public_url=UNDER, oidc_create=True)
    begun = below.get(f"/video{START}").headers["location"]
    answer = below.get(signs_in(begun, "noor", UNDER).removeprefix(HOME))
    assert (answer.status_code, answer.headers["location"]) == (303, "/video/")
    sign_in(browser, "noor")
    link = browser.get("/console/account").text.partition(f"{START}?link=")[2].partition('"')[0]
    linking = come_back(browser, "noor", f"{START}?link={link}")
    answer = come_back(browser, "noor")
    provider.stop()
    for away in (browser.get(answer), site().get(START)):
        assert (away.status_code, AWAY in away.text) == (503, True)
        assert "Password" in away.text
    # Whoever is signed in, and only links an identity, is not asked to sign in.
    away = browser.get(linking)
    assert (away.status_code, "Not linked" in away.text) == (503, True)
    assert not health.examine(seen)["parts"]["sign_in"]["ok"]
    logged = "".join(capfd.readouterr())
    assert SECRET not in logged
    assert code not in logged


ISSUER = "https://id.example"
BY_GROUP = Rules(None, True, "groups", {"viewers": Role.VIEWER}, None, trusts_emails=False)


class TestWhoseAccountItIs:
    """The rules, without a provider."""

    @pytest.fixture
    def come(self, runtime, tenant):
        """Enters as an identity; returns the person, or None for one who has lost the role."""

        def come(subject: str, rules: Rules = BY_GROUP, **claims) -> User | None:
            rules = replace(rules, organization=tenant.organization.slug)
            who = Identity(ISSUER, f"{tenant.organization.slug}-{subject}", claims)
            with runtime.work.write(WORKER, Origin("tests")) as unit:
                entry = identities.enter(unit, rules, who)
                return entry and entry.user

        return come

    @pytest.fixture
    def role(self, runtime, tenant):
        def role(email: str) -> Role | None:
            with runtime.work.read(OPERATOR) as unit:
                member = accounts.member_by_email(unit, tenant.organization.id, email)
                return member and member.membership.role

        return role

    @pytest.fixture
    def ada(self, tenant) -> dict[str, object]:
        email = f"ada@{tenant.organization.slug}.example"
        return {"email": email, "email_verified": True, "groups": ["viewers"]}

    def test_an_address_that_is_not_verified_opens_nothing_unless_the_operator_trusts_it(
        self, come, ada
    ):
        for says in (False, None, "no"):
            with pytest.raises(Forbidden, match=UNVERIFIED):
                come("ada", **{**ada, "email_verified": says})
        with pytest.raises(Forbidden, match=UNVERIFIED):
            come("ada", groups=["viewers"])
        assert come("ada", replace(BY_GROUP, trusts_emails=True), **{**ada, "email_verified": None})

    def test_an_address_that_only_looks_like_another_one_opens_nothing(self, come, tenant):
        slug = tenant.organization.slug
        claims = {"email_verified": True, "groups": ["viewers"]}
        assert come("kit", email=f"KIT@{slug}.example", **claims).email == f"kit@{slug}.example"
        with pytest.raises(Forbidden, match=UNVERIFIED):
            come("eve", email=f"\N{KELVIN SIGN}im@{slug}.example", **claims)

    def test_a_subject_is_the_person_whatever_the_address_says_later(self, come, ada):
        first = come("ada", **ada)
        again = come("ada", **{**ada, "email": "other@example.com", "email_verified": False})
        assert first.id == again.id
        with pytest.raises(Forbidden, match=HAS_ACCOUNT[:20]):
            come("successor", **ada)  # who was given the address of somebody who left
        with pytest.raises(Forbidden, match=HAS_ACCOUNT[:20]):
            come("successor", replace(BY_GROUP, trusts_emails=True), **ada)

    def test_an_account_with_a_password_is_opened_by_a_trusted_address_alone(
        self, come, add, tenant, ada
    ):
        add(tenant)
        with pytest.raises(Forbidden, match=HAS_ACCOUNT[:20]):
            come("ada", **ada)
        assert come("ada", replace(BY_GROUP, trusts_emails=True), **ada).email == ada["email"]

    def test_without_new_accounts_only_those_who_were_invited_come_in(
        self, runtime, come, role, tenant, ada
    ):
        closed = replace(BY_GROUP, creates_members=False)
        with pytest.raises(Forbidden, match=NO_ORGANIZATION):
            come("ada", closed, **ada)
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            account_links.invite(
                unit, runtime.signer, tenant.organization, ada["email"], Role.DEVELOPER
            )
        come("ada", closed, **{**ada, "groups": []})
        assert role(ada["email"]) is Role.DEVELOPER

    def test_a_role_that_somebody_gave_stays_while_the_claim_says_nothing(
        self, come, role, add, tenant, ada
    ):
        trusted = replace(BY_GROUP, trusts_emails=True, default_role=Role.VIEWER)
        add(tenant, role=Role.DEVELOPER)
        come("ada", trusted, **{**ada, "groups": []})
        assert role(ada["email"]) is Role.DEVELOPER
        come("ada", trusted, **ada)
        assert role(ada["email"]) is Role.VIEWER
        assert come("ada", **{**ada, "groups": []}) is None
        assert role(ada["email"]) is None

    def test_a_role_that_replaces_one_of_the_claim_stays_while_the_claim_says_nothing(
        self, runtime, come, role, tenant, ada
    ):
        come("ada", **ada)
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            service.add_member(unit, tenant.organization, ada["email"], "", Role.DEVELOPER)
        come("ada", **{**ada, "groups": []})
        assert role(ada["email"]) is Role.DEVELOPER

    def test_the_last_owner_stays_one_whatever_the_claim_says(
        self, runtime, come, role, tenant, ada
    ):
        come("ada", **ada)
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            unit.session.execute(
                update(Membership)
                .where(Membership.role == Role.OWNER)
                .values(role=Role.ORGANIZATION_ADMIN)
            )
            service.add_member(unit, tenant.organization, ada["email"], "", Role.OWNER)
        come("ada", **ada)
        assert role(ada["email"]) is Role.OWNER

    def test_an_identity_that_is_removed_meanwhile_opens_no_session(self, runtime, tenant, ada):
        who = Identity(ISSUER, token_hex(8), ada)
        rules = replace(BY_GROUP, organization=tenant.organization.slug)
        with runtime.work.write(WORKER, Origin("tests")) as unit:
            user, identity = identities.enter(unit, rules, who)
        with runtime.work.write(WORKER, Origin("tests")) as unit:
            identity_queries.delete_identities(unit, user.id)
        with pytest.raises(Forbidden), runtime.work.write(WORKER, Origin("tests")) as unit:
            sessions.open_personal(unit, runtime.signer, user, sessions.Arrival(identity=identity))

    def test_a_link_for_a_password_removes_what_was_linked(self, runtime, come, tenant, ada):
        person = come("ada", **ada)
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            _, code = account_links.make_password_link(
                unit, runtime.signer, tenant.organization, person.id
            )
            account_links.use_password_link(unit, runtime.signer, code, "seven quiet harbours")
        with pytest.raises(Forbidden, match=HAS_ACCOUNT[:20]):
            come("ada", **ada)
