"""The sites that may show the videos of a tenant."""

from starlette.testclient import TestClient

from tests.helpers.tenants import Tenant


def allow_sites(web: TestClient, tenant: Tenant, *sites: str) -> None:
    path = f"/api/v1/workspaces/{tenant.project_id}/embedding/"
    answer = web.put(path, json={"sites": list(sites)}, headers=tenant.headers)
    assert answer.status_code == 200, answer.text
