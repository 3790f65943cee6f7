"""One running server for all outside clients, and what they are run with."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.clients.helpers.node import node, package
from tests.clients.helpers.samsar import Samsar
from tests.helpers.live import Founded, Live, serving

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-background-networking", "--disable-gpu")


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with serving(tmp_path_factory.mktemp("clients")) as live:
        yield live


@pytest.fixture(scope="session")
def acme(live: Live) -> Founded:
    return live.found("Acme")


@pytest.fixture(scope="session")
def rival(live: Live) -> Founded:
    return live.found("Rival")


@pytest.fixture(scope="session")
def sub_account_key(live: Live, acme: Founded) -> str:
    mine = ("--organization", acme.organization)
    account = live.told("sub-accounts", "create", "Customer", *mine)
    named = ("--name", "Sub", "--sub-account", str(account["id"]))
    return str(live.told("keys", "create", *named, *mine)["key"])


@pytest.fixture(scope="session")
def samsar(live: Live) -> Samsar:
    """The public npm client of the Publications API, as it is published."""
    package("samsar-js")
    return Samsar(node(), f"{live.url}/v1")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()
