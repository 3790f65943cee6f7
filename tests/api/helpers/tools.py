"""What the tests of the APIs share: calls, the ledger as rows, and every route there is."""

from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import select
from starlette.routing import BaseRoute, Mount, Route
from starlette.testclient import TestClient

from playout.core.ledger.model import Entry
from playout.runtime import Runtime

Endpoint = tuple[str, str]
"""A method and a path, which begins with the base of its API."""


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
    with runtime.database.read_session() as session:
        query = select(Entry).filter_by(**wanted).order_by(Entry.id)
        return list(session.scalars(query))


def endpoints(web: TestClient) -> dict[Endpoint, bool]:
    """Every route of every API, as FastAPI has them, and whether it takes a body of JSON.

    An app that stands behind several routes, as that of the Productions API does, is taken once.
    """
    apps = {
        id(app): (route.path if isinstance(route, Mount) else "", app)
        for route in web.app.routes
        if isinstance(route, Mount | Route) and (app := _api(route.app))
    }
    assert len(apps) == 4, "an API more, or one less, than there are tables for"
    return {
        (method, base + path): takes_body
        for base, app in apps.values()
        for method, path, takes_body in _walk(app.routes)
        if path != "/openapi.json"
    }


def _api(app: object) -> FastAPI | None:
    """The FastAPI app in there, under whatever is wrapped around it."""
    while app is not None and not isinstance(app, FastAPI):
        app = getattr(app, "app", None)
    return app


def _walk(routes: Sequence[BaseRoute]) -> Iterator[tuple[str, str, bool]]:
    for route in routes:
        if hasattr(route, "original_router"):
            yield from _walk(route.original_router.routes)
        else:
            takes_body = isinstance(route, APIRoute) and route.body_field is not None
            yield from ((method, route.path_format, takes_body) for method in sorted(route.methods))
