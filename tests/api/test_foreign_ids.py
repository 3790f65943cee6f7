"""Another organization's ids are answered as ids that never existed are, byte for byte."""

from string import Formatter
from typing import Any

import pytest

from playout.core.permissions import Role
from tests.api.helpers.authorization import VIEWER
from tests.api.helpers.authorization_tables import RULES, call
from tests.api.helpers.things import Things
from tests.helpers.tenants import found_tenant

pytestmark = pytest.mark.slow

NUMBER, UID = 2**62, "00000000-0000-7000-8000-000000000000"
NEVER = {
    **dict.fromkeys(
        ("video_id", "published", "section_id", "workspace_id", "key_id", "sub_account_id"), NUMBER
    ),
    **dict.fromkeys(("link_id", "webhook_id", "paused", "failed", "delivery_id"), NUMBER),
    **dict.fromkeys(("with_poster", "working", "cancelled", "sectioned"), NUMBER),
    **dict.fromkeys(("experiment_id", "share_experiment_id", "untried", "shared"), NUMBER),
    **dict.fromkeys(("templates", "categories", "subcategories", "tags"), NUMBER),
    **dict.fromkeys(("production_id", "distribution_id", "activation_id"), str(NUMBER)),
    **dict.fromkeys(
        (
            *("project_id", "organization_id", "credential_id", "video_uid", "upload_id"),
            *("template_id", "render_id", "import_id", "recipient_id"),
        ),
        UID,
    ),
    "session_id": "f" * 24,
}
PARENTS = ("video_id", "production_id", "project_id", "workspace_id", "shared")
SAME = {"new_name": "Same", "url": "http://testserver/v/x", "channel": "PROD", "share": "PROD"}
SAME |= {"disabled": "STAGING", "caption_language": "en", "held": "DEV", "filmed": "DEV"}
SAME |= {"untried_share": "DEV", "look": "links", "share_with_look": "DEV"}
SAME |= {"invited": "DEV", "with_recipients": "DEV"}
"""What a request says besides."""


def names_in(route: tuple[str, str]) -> set[str]:
    """The ids that a request to that route names."""

    def walk(value: Any) -> set[str]:
        if isinstance(value, str):
            return {name for _, name, _, _ in Formatter().parse(value) if name}
        parts = value.values() if isinstance(value, dict) else value
        return set().union(*map(walk, parts)) if isinstance(value, dict | list) else set()

    rule = RULES[route]
    return (walk(rule.address or route[1]) | walk(rule.body)) & set(NEVER)


ROUTES = [pytest.param(route, id=" ".join(route)) for route in RULES if names_in(route)]
NESTED = [
    pytest.param(route, id=" ".join(route))
    for route in RULES
    if names_in(route) & set(PARENTS) and names_in(route) - set(PARENTS)
]
VIDEO = {"title": "New", "workspace": "{workspace_id}"}
SHARE = {"publicTitle": "New"}
REFERENCES = [
    ("POST", "/api/v1/videos/", VIDEO, "template", "templates"),
    ("POST", "/api/v1/videos/", VIDEO, "category", "categories"),
    ("POST", "/api/v1/videos/", VIDEO, "subcategory", "subcategories"),
    ("POST", "/api/v1/videos/", VIDEO, "tags", "tags"),
    ("PATCH", "/api/v1/videos/{video_id}/", {}, "workspace", "workspace_id"),
    ("PATCH", "/api/v1/videos/{video_id}/", {}, "template", "templates"),
    ("POST", "/api/v1/videos/{video_id}/publish/", {}, "workspace", "workspace_id"),
    ("PATCH", "/api/v1/subcategories/{subcategories}/", {}, "category", "categories"),
    ("POST", "/api/v1/keys/", {"name": "New"}, "sub_account", "sub_account_id"),
    ("PUT", "/api/Projects/{project_id}/public-video-shares/DEV", SHARE, "videoId", "video_uid"),
    (
        *("PUT", "/api/Projects/{project_id}/public-video-shares/DEV", SHARE),
        *("apiCredentialId", "credential_id"),
    ),
    ("PATCH", "/productions/{production_id}", {}, "property", "workspace_id"),
]
QUERIES = [
    ("/api/v1/videos/?workspace={}", "workspace_id"),
    ("/api/v1/videos/?category={}", "categories"),
    ("/api/v1/videos/?tags={}", "tags"),
    ("/api/v1/webhook-deliveries/?webhook={}", "webhook_id"),
    ("/api/Projects?organizationId={}", "organization_id"),
    ("/productions?property={}", "workspace_id"),
]


@pytest.fixture(scope="module")
def foreign(web, runtime) -> Things:
    return Things(web, found_tenant(runtime))


@pytest.fixture(scope="module")
def own(web, runtime) -> Things:
    return Things(web, found_tenant(runtime))


def told(answer) -> tuple[object, ...]:
    """An answer without what differs from request to request."""
    own = {"x-request-id", "x-ratelimit-remaining", "x-ratelimit-reset", "ratelimit", "date"}
    headers = {name: value for name, value in answer.headers.items() if name not in own}
    text = answer.text.replace(answer.headers["x-request-id"], "")
    return answer.status_code, headers, text


class TestForeignIds:
    @pytest.mark.parametrize("route", ROUTES)
    @pytest.mark.parametrize("role", [VIEWER, Role.ORGANIZATION_ADMIN])
    def test_look_as_if_they_had_never_been(self, web, foreign, own, route, role):
        headers = {"Authorization": f"Bearer {own.tenant.keys[role]}"}
        ids = {name: foreign[name] for name in names_in(route)}
        there = call(web, route, {**SAME, **ids}, headers)
        never = call(web, route, {**SAME, **NEVER}, headers)
        assert there.status_code >= 400
        if route[1].startswith("/v1") and (role is not VIEWER or route[0] == "GET"):
            # The document of this API orders it. The role comes first: a Viewer may write nothing.
            assert (there.status_code, never.status_code) == (403, 404)
            return
        assert told(there) == told(never)

    @pytest.mark.parametrize("route", NESTED)
    def test_look_so_in_a_place_of_ones_own_too(self, web, foreign, own, route):
        mine = {name: own[name] for name in names_in(route) & set(PARENTS)}
        ids = {name: foreign[name] for name in names_in(route)}
        there = call(web, route, {**SAME, **ids, **mine}, own.headers)
        never = call(web, route, {**SAME, **NEVER, **mine}, own.headers)
        assert there.status_code in {400, 404}
        assert told(there) == told(never)

    @pytest.mark.parametrize(("method", "path", "body", "field", "thing"), REFERENCES)
    def test_look_so_in_a_body_too(self, web, foreign, own, method, path, body, field, thing):
        def put(number):
            body_ = {n: own[v[1:-1]] if v.startswith("{") else v for n, v in body.items()}
            sent = body_ | {field: [number] if field == "tags" else number}
            return web.request(method, path.format_map(own), json=sent, headers=own.headers)

        there = put(foreign[thing])
        assert there.status_code >= 400, there.text
        assert told(there) == told(put(NEVER[thing]))

    @pytest.mark.parametrize(("path", "thing"), QUERIES)
    def test_look_so_in_a_query_too(self, web, foreign, own, path, thing):
        there, never = (
            web.get(path.format(number), headers=own.headers)
            for number in (foreign[thing], NEVER[thing])
        )
        assert told(there) == told(never)
