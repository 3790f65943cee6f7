"""The routes of the Videos API."""

from tests.api.helpers.authorization import ADMIN, DEVELOPER, MANAGER, VIEWER, Rule, Table
from tests.api.helpers.uploads import picture

API = "/api/v1"
VIDEO = f"{API}/videos/{{video_id}}/"
LINKS, LINK = f"{VIDEO}links/", f"{VIDEO}links/{{link_id}}/"
EXPERIMENTS, EXPERIMENT = f"{VIDEO}experiments/", f"{VIDEO}experiments/{{experiment_id}}/"
TITLES = {
    "name": "{new_name}",
    "goal": "play",
    "variants": [{"key": "a"}, {"key": "b", "title": "Changed"}],
}
SECTIONS, SECTION = f"{VIDEO}sections/", f"{VIDEO}sections/{{section_id}}/"
CAPTIONS, CAPTION = f"{VIDEO}captions/", f"{VIDEO}captions/{{language}}/"
WORKSPACE, KEY = f"{API}/workspaces/{{workspace_id}}/", f"{API}/keys/{{key_id}}/"
BRAND, BRANDED = f"{WORKSPACE}brand/", f"{API}/workspaces/{{branded}}/brand/"
HOOK, FAILED = f"{API}/webhooks/{{webhook_id}}/", f"{API}/webhooks/{{failed}}/"
DELIVERY = f"{API}/webhook-deliveries/{{delivery_id}}/"
NEW = {"title": "New", "workspace": "{workspace_id}", "external_url": "https://cdn.example.com/n"}
WHOLE = {"title": "Changed", "workspace": "{workspace_id}"}
PUBLISHED = f"{API}/videos/{{published}}/"
NAME = {"name": "{new_name}"}


def catalog(noun: str, **more: object) -> Table:
    """It is the organization's, for all of its projects: who is confined to a part only reads."""
    of_another = 400 if more else 201
    every, one, address = f"{API}/{noun}/", f"{API}/{noun}/{{entry_id}}/", f"{API}/{noun}/"
    address += f"{{{noun}}}/"
    return {
        ("GET", every): Rule(200, VIEWER, 200),
        ("POST", every): Rule(201, DEVELOPER, (of_another, 403, 403), NAME | more),
        ("GET", one): Rule(200, VIEWER, (404, 404, 200), address=address),
        ("PATCH", one): Rule(200, DEVELOPER, (404, 403, 403), NAME, address=address),
        ("DELETE", one): Rule(204, DEVELOPER, (404, 403, 403), address=address),
    }


def affairs(noun: str, **body: object) -> Table:
    """The organization's own: for its administrators, and none that are confined to a part."""
    return {
        ("GET", f"{API}/{noun}/"): Rule(200, ADMIN, (200, 403, 403)),
        ("POST", f"{API}/{noun}/"): Rule(201, ADMIN, (201, 403, 403), body),
    }


def _on_shares() -> Table:
    """Experiments on the page of a share; one without any is the DEV channel."""
    route = f"{WORKSPACE}shares/{{channel}}/"
    shared = f"{API}/workspaces/{{shared}}/shares/"
    many, one = "experiments/", "experiments/{share_experiment_id}/"
    route_of_one = f"{route}experiments/{{experiment_id}}/"
    reads, writes = (404, 403, 404), (404, 403, 404)
    return {
        ("GET", f"{route}{many}"): Rule(200, VIEWER, reads, address=f"{shared}{{share}}/{many}"),
        ("POST", f"{route}{many}"): Rule(
            201, MANAGER, writes, TITLES, address=f"{shared}{{untried_share}}/{many}"
        ),
        ("GET", route_of_one): Rule(200, VIEWER, reads, address=f"{shared}{{share}}/{one}"),
        ("DELETE", route_of_one): Rule(204, MANAGER, writes, address=f"{shared}{{share}}/{one}"),
        ("POST", f"{route_of_one}decide/"): Rule(
            200, MANAGER, writes, {"winner": "b"}, address=f"{shared}{{share}}/{one}decide/"
        ),
        ("GET", f"{route_of_one}result/"): Rule(
            200, VIEWER, reads, address=f"{shared}{{share}}/{one}result/"
        ),
        ("GET", f"{route_of_one}variants/{{key}}/analytics/"): Rule(
            200, VIEWER, reads, address=f"{shared}{{share}}/{one}variants/b/analytics/"
        ),
        ("GET", f"{route}look/"): Rule(200, VIEWER, reads, address=f"{shared}{{share}}/look/"),
        ("DELETE", f"{route}look/"): Rule(
            204, MANAGER, writes, address=f"{shared}{{share_with_look}}/look/"
        ),
    }


EXPERIMENTS_ON_SHARES = _on_shares()
RULES: Table = {
    ("GET", f"{API}/videos/"): Rule(200, VIEWER, 200),
    ("POST", f"{API}/videos/"): Rule(201, DEVELOPER, (400, 201, 400), NEW),
    ("GET", VIDEO): Rule(200, VIEWER, 404),
    ("PUT", VIDEO): Rule(200, DEVELOPER, 404, WHOLE, published=MANAGER),
    ("PATCH", VIDEO): Rule(200, DEVELOPER, 404, {"title": "Changed"}, published=MANAGER),
    ("DELETE", VIDEO): Rule(204, DEVELOPER, 404, published=MANAGER),
    ("POST", f"{VIDEO}publish/"): Rule(200, MANAGER, 404, {"title": "Changed"}, published=MANAGER),
    ("DELETE", f"{VIDEO}publish/"): Rule(
        204, MANAGER, 404, address=f"{PUBLISHED}publish/", published=MANAGER
    ),
    ("POST", f"{VIDEO}by-url/"): Rule(
        200, VIEWER, 404, {"url": "{url}"}, address=f"{PUBLISHED}by-url/"
    ),
    ("PUT", f"{VIDEO}source/"): Rule(200, DEVELOPER, 404, raw=b"no video", published=MANAGER),
    ("GET", f"{VIDEO}progress/"): Rule(200, VIEWER, 404),
    ("POST", f"{VIDEO}cancel/"): Rule(
        200, DEVELOPER, 404, address=f"{API}/videos/{{working}}/cancel/", published=MANAGER
    ),
    ("POST", f"{VIDEO}retry/"): Rule(
        200, DEVELOPER, 404, address=f"{API}/videos/{{cancelled}}/retry/", published=MANAGER
    ),
    ("POST", f"{VIDEO}assemble/"): Rule(
        200, DEVELOPER, 404, address=f"{API}/videos/{{sectioned}}/assemble/", published=MANAGER
    ),
    ("GET", SECTIONS): Rule(200, VIEWER, 404),
    ("POST", SECTIONS): Rule(201, DEVELOPER, 404, {"order": 2, "content": {}}, published=MANAGER),
    ("GET", SECTION): Rule(200, VIEWER, 404),
    ("PUT", SECTION): Rule(200, DEVELOPER, 404, {"order": 3, "content": {}}, published=MANAGER),
    ("PATCH", SECTION): Rule(200, DEVELOPER, 404, {"order": 4}, published=MANAGER),
    ("DELETE", SECTION): Rule(204, DEVELOPER, 404, published=MANAGER),
    ("PUT", f"{VIDEO}poster/"): Rule(200, DEVELOPER, 404, raw=picture(), published=MANAGER),
    ("DELETE", f"{VIDEO}poster/"): Rule(
        204, DEVELOPER, 404, address=f"{API}/videos/{{with_poster}}/poster/", published=MANAGER
    ),
    ("GET", CAPTIONS): Rule(200, VIEWER, 404),
    ("GET", CAPTION): Rule(200, VIEWER, 404, address=f"{CAPTIONS}{{caption_language}}/"),
    ("PUT", CAPTION): Rule(
        200,
        DEVELOPER,
        404,
        raw=b"1\n0:0:1,000 --> 0:0:2,000\nHello\n",
        address=f"{CAPTIONS}de/",
        published=MANAGER,
    ),
    ("DELETE", CAPTION): Rule(
        204, DEVELOPER, 404, address=f"{CAPTIONS}{{caption_language}}/", published=MANAGER
    ),
    ("GET", LINKS): Rule(200, MANAGER, 404),
    ("POST", LINKS): Rule(201, MANAGER, 404, {"name": "{new_name}"}, published=MANAGER),
    ("GET", LINK): Rule(200, MANAGER, 404),
    ("PATCH", LINK): Rule(200, MANAGER, 404, {"name": "{new_name}"}, published=MANAGER),
    ("DELETE", LINK): Rule(204, MANAGER, 404, published=MANAGER),
    ("GET", f"{VIDEO}analytics/"): Rule(200, VIEWER, 404),
    ("GET", f"{VIDEO}distributions/{{distribution_id}}/analytics/"): Rule(
        200,
        VIEWER,
        404,
        address=f"{API}/videos/{{production_id}}/distributions/{{distribution_id}}/analytics/",
    ),
    ("GET", f"{VIDEO}activations/{{activation_id}}/analytics/"): Rule(
        200,
        VIEWER,
        404,
        address=f"{API}/videos/{{production_id}}/activations/{{activation_id}}/analytics/",
    ),
    ("GET", EXPERIMENTS): Rule(200, VIEWER, 404),
    ("POST", EXPERIMENTS): Rule(
        201,
        MANAGER,
        404,
        TITLES,
        address=f"{API}/videos/{{untried}}/experiments/",
        published=MANAGER,
    ),
    ("GET", EXPERIMENT): Rule(200, VIEWER, 404),
    ("DELETE", EXPERIMENT): Rule(204, MANAGER, 404, published=MANAGER),
    ("POST", f"{EXPERIMENT}decide/"): Rule(200, MANAGER, 404, {"winner": "b"}, published=MANAGER),
    ("GET", f"{EXPERIMENT}result/"): Rule(200, VIEWER, 404),
    ("GET", f"{EXPERIMENT}variants/{{key}}/analytics/"): Rule(
        200, VIEWER, 404, address=f"{EXPERIMENT}variants/b/analytics/"
    ),
    ("GET", f"{VIDEO}looks/{{page}}/"): Rule(200, VIEWER, 404, address=f"{VIDEO}looks/watch/"),
    ("DELETE", f"{VIDEO}looks/{{page}}/"): Rule(
        204, MANAGER, 404, address=f"{VIDEO}looks/{{look}}/", published=MANAGER
    ),
    ("GET", f"{LINK}analytics/"): Rule(200, MANAGER, 404),
    ("GET", f"{WORKSPACE}analytics/"): Rule(200, VIEWER, (404, 403, 404)),
    ("GET", f"{WORKSPACE}shares/{{channel}}/analytics/"): Rule(
        200,
        VIEWER,
        (404, 403, 404),
        address=f"{API}/workspaces/{{shared}}/shares/{{share}}/analytics/",
    ),
    **EXPERIMENTS_ON_SHARES,
    ("GET", f"{API}/workspaces/"): Rule(200, VIEWER, 200),
    ("GET", f"{WORKSPACE}embedding/"): Rule(200, VIEWER, (404, 200, 404)),
    ("PUT", f"{WORKSPACE}embedding/"): Rule(
        200, MANAGER, (404, 403, 404), {"sites": ["{new_name}"]}
    ),
    ("GET", BRAND): Rule(200, VIEWER, (404, 200, 404)),
    ("PATCH", BRAND): Rule(200, MANAGER, (404, 403, 404), {"footer": "{new_name}"}),
    ("PUT", f"{BRAND}{{picture}}/"): Rule(
        200, MANAGER, (404, 403, 404), raw=picture(32), address=f"{BRANDED}logo/"
    ),
    ("DELETE", f"{BRAND}{{picture}}/"): Rule(
        204, MANAGER, (404, 403, 404), address=f"{BRANDED}favicon/"
    ),
    ("GET", WORKSPACE): Rule(200, VIEWER, (404, 200, 404)),
    **catalog("templates"),
    **catalog("categories"),
    **catalog("subcategories", category="{categories}"),
    **catalog("tags"),
    ("GET", f"{API}/organizations/"): Rule(200, VIEWER, 200),
    **affairs("users", email="someone@example.com", full_name="{new_name}", role="Viewer"),
    **affairs("sub-accounts", name="{new_name}"),
    **affairs("keys", name="{new_name}", role="OrganizationAdmin"),
    ("PATCH", KEY): Rule(200, ADMIN, (404, 403, 403), {"settings": {"theme": "dark"}}),
    ("DELETE", KEY): Rule(204, ADMIN, (404, 403, 403)),
    ("GET", f"{API}/events/"): Rule(200, VIEWER, 200),
    # What is there, and then the end.
    ("GET", f"{API}/events/stream/"): Rule(
        200, VIEWER, 200, address=f"{API}/events/stream/?seconds=0"
    ),
    **affairs("webhooks", url="http://127.0.0.1:1/", event_types=["share.*"]),
    ("GET", HOOK): Rule(200, ADMIN, (404, 403, 403)),
    ("PATCH", HOOK): Rule(200, ADMIN, (404, 403, 403), {"description": "{new_name}"}),
    ("DELETE", HOOK): Rule(204, ADMIN, (404, 403, 403)),
    ("GET", f"{HOOK}secret/"): Rule(200, ADMIN, (404, 403, 403)),
    ("POST", f"{HOOK}rotate-secret/"): Rule(200, ADMIN, (404, 403, 403)),
    ("POST", f"{HOOK}pause/"): Rule(200, ADMIN, (404, 403, 403)),
    ("POST", f"{HOOK}resume/"): Rule(
        200, ADMIN, (404, 403, 403), address=f"{API}/webhooks/{{paused}}/resume/"
    ),
    ("POST", f"{HOOK}test/"): Rule(202, ADMIN, (404, 403, 403)),
    ("POST", f"{HOOK}resend/"): Rule(
        202, ADMIN, (404, 403, 403), {"since": "2026-01-01T00:00:00Z"}, address=f"{FAILED}resend/"
    ),
    ("GET", f"{API}/webhook-deliveries/"): Rule(200, ADMIN, (200, 403, 403)),
    ("GET", DELIVERY): Rule(200, ADMIN, (404, 403, 403)),
    ("POST", f"{DELIVERY}resend/"): Rule(202, ADMIN, (404, 403, 403)),
}
