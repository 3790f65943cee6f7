"""A real OpenID provider in a process of its own, and a person who signs in at its pages."""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx2

from playout.settings import Settings
from tests.clients.helpers.node import node, package
from tests.helpers.live import free_port

CLIENT, SECRET = "playout", "a secret + 50% more: &=/"
SCOPES = ("openid", "email", "profile", "groups")


@dataclass
class OpenIdProvider:
    """The provider, which may be stopped and started again: it has new keys then."""

    folder: Path
    port: int
    sites: tuple[str, ...]
    process: subprocess.Popen[str] | None = None
    starts: int = 0

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def settings(self, settings: Settings, **more: Any) -> Settings:
        """Those of an installation whose members sign in here."""
        ours = {
            "oidc_issuer": self.issuer,
            "oidc_client_id": CLIENT,
            "oidc_client_secret": SECRET,
            "oidc_scopes": SCOPES,
            "oidc_allow": "127.0.0.0/8",
            "outbound_allow": (),
            "oidc_role_claim": "groups",
            "oidc_roles": "viewers=Viewer, chiefs=OrganizationAdmin",
        }
        return Settings(**{**settings.model_dump(exclude_unset=True), **ours, **more})

    def knows(self, **people: dict[str, Any]) -> None:
        """Say who can sign in, and with which claims."""
        self._people.write_text(json.dumps(people))

    def start(self) -> None:
        self.starts += 1
        settings = {
            "issuer": self.issuer,
            "port": self.port,
            "client": CLIENT,
            "secret": SECRET,
            "kid": f"key-{self.starts}",
            "people": str(self._people),
            "redirects": [f"{site}/sign-in/openid/callback" for site in self.sites],
            "after": [f"{site}/" for site in self.sites],
        }
        program = package("oidc-provider").parents[1] / "openid_provider.mjs"
        self.process = subprocess.Popen(
            [node(), program, json.dumps(settings)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "serving\n"

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None

    @property
    def _people(self) -> Path:
        return self.folder / "people.json"


@contextmanager
def openid_provider(folder: Path, *sites: str) -> Iterator[OpenIdProvider]:
    provider = OpenIdProvider(folder, free_port(), sites)
    provider.start()
    try:
        yield provider
    finally:
        provider.stop()


def signs_in(address: str, login: str, site: str) -> str:
    """Sign in at the pages of the provider, and return where it sends the browser then."""
    with httpx2.Client(trust_env=False) as browser:
        answer = browser.get(address)
        while True:
            while answer.is_redirect:
                address = urljoin(str(answer.url), answer.headers["location"])
                if address.startswith(site):
                    return address
                answer = browser.get(address)
            assert answer.status_code == 200, answer.text
            action = re.search(r'action="([^"]+)"', answer.text)[1]
            prompt = re.search(r'name="prompt" value="([^"]+)"', answer.text)[1]
            form = {"prompt": prompt, "login": login, "password": "any"}
            answer = browser.post(urljoin(str(answer.url), action), data=form)
