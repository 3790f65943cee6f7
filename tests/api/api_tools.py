"""What the tests of the APIs share: calls, the ledger as rows, and every route there is."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from starlette.routing import BaseRoute, Mount
from starlette.testclient import TestClient

from playout.core.ledger.model import Entry
from playout.core.runtime import Runtime


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def publish(web: TestClient, key: str, session_id: str, **fields: object) -> dict[str, Any]:
    """Publish and return the answer's JSON."""
    answer = web.post(
        "/v1/publications/publish", json={"session_id": session_id} | fields, headers=bearer(key)
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def ledger(runtime: Runtime, **wanted: object) -> list[Entry]:
    """Rows of the ledger with these values, oldest first."""
    with runtime.database.reading() as session:
        query = select(Entry).filter_by(**wanted).order_by(Entry.id)
        return list(session.scalars(query))


def endpoints(web: TestClient) -> list[tuple[str, str]]:
    """`(method, path)` of every route of every API, as FastAPI has them."""
    mounts = [route for route in web.app.routes if isinstance(route, Mount)]
    assert mounts
    return [
        (method, mount.path + path)
        for mount in mounts
        for method, path in _walk(mount.app.routes)
        if path != "/openapi.json"
    ]


def _walk(routes: Sequence[BaseRoute]) -> Iterator[tuple[str, str]]:
    for route in routes:
        if hasattr(route, "original_router"):
            yield from _walk(route.original_router.routes)
        else:
            yield from ((method, route.path) for method in sorted(route.methods))
