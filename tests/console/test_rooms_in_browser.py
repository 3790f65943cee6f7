"""The rooms of the audience and of automation in a real browser: axe, phone, keys, live."""

import shutil
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from playout.core.accounts import service as accounts
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.unit import Origin
from playout.kit.clock import utcnow
from playout.web import application
from tests.api.helpers.recipients import recipients_of
from tests.console.helpers.sign_in import sign_in_by_token
from tests.core.analytics.helpers.viewings import made_up, store
from tests.helpers.axe import find_violations
from tests.helpers.tenants import EXTERNAL, found_tenant
from tests.pages.helpers.loopback import listening

pytestmark = pytest.mark.slow
MOST_SCRIPT = 100 * 1024


@pytest.fixture(scope="module")
def watched(web, runtime):
    """A tenant with a video that was watched, a webhook, and the token of its administrator."""
    tenant = found_tenant(runtime)
    body = {"title": "Harbour", "workspace": tenant.project_id, "external_url": EXTERNAL}
    video = web.post("/api/v1/videos/", json=body, headers=tenant.headers).json()
    subjects = [(f"video:{video['id']}", f"project:{tenant.project_id}")]
    today = utcnow().date()
    days = [made_up(today - timedelta(day), 12, subjects, 700 + day) for day in range(1, 4)]
    store(runtime.database, [each for day in days for each in day])
    hook = {"url": "https://receiver.example.com/in", "event_types": ["share.*"]}
    made = web.post("/api/v1/webhooks/", json=hook, headers=tenant.headers).json()
    with runtime.work.write(OPERATOR, Origin("tests")) as unit:
        mail = f"ada-{tenant.project_id}@example.com"
        role = Role.ORGANIZATION_ADMIN
        ada = accounts.add_member(unit, tenant.organization, mail, "Ada", role)
        _, token = accounts.create_key(unit, runtime.signer, tenant.organization, "T", user=ada)
    return tenant, video, made, token


@pytest.fixture(scope="module")
def signed_in(runtime, watched) -> Iterator[BrowserContext]:
    """A browser in which the administrator is signed in."""
    with listening(application(runtime)) as port, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        context = chromium.new_context(
            base_url=f"http://127.0.0.1:{port}", reduced_motion="reduce", color_scheme="light"
        )
        page = context.new_page()
        page.goto("/console")
        sign_in_by_token(page, watched[3])
        expect(page.get_by_role("heading", name="Videos", exact=True)).to_be_visible()
        page.close()
        yield context
        chromium.close()


@pytest.fixture
def tab(signed_in: BrowserContext) -> Iterator[Page]:
    """A tab of the administrator. An error in its console fails the test."""
    page = signed_in.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: (
            complaints.append(f"{said.text} {said.location}") if said.type == "error" else 0
        ),
    )
    yield page
    page.close()
    assert complaints == []


def test_rooms_are_for_everybody_and_light(tab: Page, watched, web):
    """axe finds nothing in either scheme, a phone shows everything, and scripts are few."""
    tenant, video, hook, _ = watched
    (project,) = web.get("/api/Projects", headers=tenant.headers).json()
    recipients_of(web, tenant, video).import_rows([{"personalizationData": {"name": "Ana"}}, {}])
    both = ("light", "dark")
    for path, schemes in {
        f"audience/videos/{video['id']}": both,
        f"audience/videos/{video['id']}/experiments": both,
        f"audience/projects/{tenant.project_id}/shares/DEV/experiments": ("dark",),
        f"videos/{video['id']}/sections": ("light",),
        f"landing/{project['id']}/DEV/recipients": ("light",),
        f"landing/{project['id']}/templates": ("dark",),
        "audience?from=2020-01-01&to=2020-01-02": ("light",),
        "automation/keys": ("light",),
        f"automation/webhooks/{hook['id']}": both,
        "automation/events": ("dark",),
        "account": ("dark",),
        "organization/members": ("light",),
        "organization/ledger": ("dark",),
        "organization/projects": ("light",),
        "components": both,
    }.items():
        tab.set_viewport_size({"width": 390, "height": 844})
        tab.goto(f"/console/{path}")
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        tab.set_viewport_size({"width": 1280, "height": 900})
        for scheme in schemes:
            assert find_violations(tab, scheme) == [], (path, scheme)
        tab.emulate_media(color_scheme="light", reduced_motion="reduce")
    tab.goto(f"/console/audience/videos/{video['id']}")
    sizes = tab.evaluate(
        "performance.getEntriesByType('resource').filter(e => e.name.includes('.js'))"
        ".map(e => e.encodedBodySize)"
    )
    assert 0 < sum(sizes) < MOST_SCRIPT


def test_numbers_answer_to_the_keyboard(tab: Page, watched):
    _, video, _, _ = watched
    tab.goto(f"/console/audience/videos/{video['id']}?days=7")
    expect(tab.get_by_text("Germany")).to_be_visible()
    tab.get_by_role("link", name="Watched to the end").focus()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("link", name="Watched to the end")).to_have_attribute(
        "aria-current", "true"
    )
    assert "days=7" in tab.url
    tab.get_by_text("As a table").first.focus()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("columnheader", name="Watched to the end")).to_be_visible()
    with tab.expect_download() as download:
        tab.get_by_text("Export", exact=True).click()
        tab.get_by_role("link", name="By country").click()
    assert download.value.suggested_filename.startswith(f"video-{video['id']}-country-")


def test_a_key_is_shown_once_and_its_event_comes_by_itself(tab: Page, signed_in: BrowserContext):
    tab.goto("/console/automation/events")
    other = signed_in.new_page()
    other.goto("/console/automation/keys")
    other.get_by_label("Name").fill("Studio import")
    other.get_by_role("button", name="Create key").click()
    secret = other.get_by_role("textbox", name="New key").input_value()
    assert secret.startswith("app.v1")
    other.goto("/console/automation/keys")
    assert secret not in other.content()
    other.close()
    tab.bring_to_front()
    newest = tab.get_by_role("list", name="Events, newest first").get_by_role("listitem").first
    expect(newest).to_contain_text("key.created", timeout=30_000)
    expect(newest).to_have_class("event is-new")
