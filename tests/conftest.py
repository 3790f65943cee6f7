"""What all tests share: one real installation a test process, and tenants in it."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from playout.core.accounts import service as accounts
from playout.core.accounts.model import Organization
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.projects import service as projects
from playout.core.runtime import Runtime
from playout.core.unit import Origin
from playout.kit.settings import Settings
from playout.main import application, running
from playout.worker import Worker

EXTERNAL = "https://cdn.example.com/final.mp4"


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    """A running Playout on an embedded PostgreSQL, its worker included."""
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("data"),
        public_url="http://testserver",
        outbound_allow=(ip_network("127.0.0.0/8"),),
    )
    with running(settings) as runtime:
        worker = Worker(runtime)
        worker.start()
        yield runtime
        worker.stop()


@pytest.fixture(scope="session")
def web(runtime: Runtime) -> Iterator[TestClient]:
    """The web application over that runtime, without a credential."""
    with TestClient(application(runtime), raise_server_exceptions=False) as client:
        yield client


@dataclass(frozen=True)
class Tenant:
    """An organisation of its own, with a project and a key for each role."""

    runtime: Runtime
    organization: Organization
    project_id: int
    keys: dict[Role, str]

    @property
    def key(self) -> str:
        return self.keys[Role.ORGANIZATION_ADMIN]

    @property
    def headers(self) -> dict[str, str]:
        return bearer(self.key)

    def sub_account_key(self) -> str:
        """The key of a new sub-account."""
        with self.runtime.work.write(OPERATOR, Origin("tests")) as unit:
            account = accounts.create_sub_account(unit, self.organization, "Customer")
            _, secret = accounts.create_key(
                unit, self.runtime.signer, self.organization, "Sub", sub_account_id=account.id
            )
        return secret


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def found_tenant(runtime: Runtime) -> Tenant:
    with runtime.work.write(OPERATOR, Origin("tests")) as unit:
        organization = accounts.create_organization(unit, f"Tenant {secrets.token_hex(6)}")
        project = projects.create(unit, organization, "Videos")
        keys = {
            role: accounts.create_key(unit, runtime.signer, organization, role, role=role)[1]
            for role in Role
            if role is not Role.OWNER
        }
    return Tenant(runtime, organization, project.id, keys)


@pytest.fixture
def tenant(runtime: Runtime) -> Tenant:
    return found_tenant(runtime)


@pytest.fixture
def other_tenant(runtime: Runtime) -> Tenant:
    return found_tenant(runtime)


@pytest.fixture
def make_video(web: TestClient, tenant: Tenant):
    """Enters a completed video through the Videos API and returns its JSON."""

    def make(key: str | None = None, **fields: object) -> dict[str, object]:
        body = {"title": "A video", "workspace": tenant.project_id, "external_url": EXTERNAL}
        answer = web.post("/api/v1/videos/", json=body | fields, headers=bearer(key or tenant.key))
        assert answer.status_code == 201, answer.text
        return answer.json()

    return make


@pytest.fixture(scope="session")
def repository() -> Path:
    return Path(__file__).parents[1]
