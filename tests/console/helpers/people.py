"""A member in a browser, and the links that bring people in."""

import re
from urllib.parse import urlsplit

from starlette.testclient import TestClient

from playout.core.permissions import Role

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


def link_in(answer) -> str:
    """The link that a page of the console shows once."""
    assert answer.status_code == 200, answer.text
    return re.search(rf'value="{HOME}(/join\?code=[^"]+)"', answer.text)[1]


def code_of(link: str) -> str:
    return urlsplit(link).query.removeprefix("code=")


def invited(admin: Browser, email: str, role: Role = Role.VIEWER) -> str:
    return link_in(admin.submit("/console/organization/members", email=email, role=role))
