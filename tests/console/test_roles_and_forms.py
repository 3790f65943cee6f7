"""Every page and form of the console, and the least role that it serves."""

import pytest
from starlette.routing import Route

from playout.console.videos.undo import Deed
from playout.core.permissions import ORDER, Role
from tests.api.helpers.recipients import with_share
from tests.api.helpers.templates_client import Templates
from tests.console.conftest import ORIGIN
from tests.helpers.tenants import bearer

VIEWER, DEVELOPER, MANAGER = Role.VIEWER, Role.DEVELOPER, Role.PROJECT_MANAGER
CAPTIONS = "WEBVTT\n\n00:01.000 --> 00:02.000\nHello."
OF_PAGE = "/console/audience/projects/{project}/shares/{channel}"
PAGES = {
    "/console": VIEWER,
    "/console/videos": VIEWER,
    "/console/videos/new": DEVELOPER,
    "/console/videos/{video}": VIEWER,
    "/console/videos/{video}/captions/{language}": DEVELOPER,
    "/console/videos/{video}/sections": VIEWER,
    "/console/progress": VIEWER,
    "/console/landing": VIEWER,
    "/console/landing/{project}": VIEWER,
    "/console/landing/{project}/brand": VIEWER,
    "/console/landing/{project}/brand/preview": VIEWER,
    "/console/landing/{project}/brand/hints": VIEWER,
    "/console/landing/{project}/templates": VIEWER,
    "/console/landing/{project}/templates/{template}/picture": VIEWER,
    "/console/landing/{project}/{channel}/history": MANAGER,
    "/console/audience/videos/{video}/experiments": VIEWER,
    "/console/audience/videos/{video}/experiments/{experiment}": VIEWER,
    f"{OF_PAGE}/experiments": VIEWER,
    f"{OF_PAGE}/experiments/{{experiment}}": VIEWER,
    "/console/landing/{project}/{channel}/recipients": MANAGER,
    "/console/landing/{project}/{channel}/recipients/example.csv": MANAGER,
    "/console/landing/{project}/{channel}/recipients/links.csv": MANAGER,
    "/console/landing/{project}/{channel}/recipients/imports/{import}": MANAGER,
    "/console/landing/{project}/{channel}/recipients/imports/{import}/errors.csv": MANAGER,
}
FORMS = {
    "/console/videos/new": DEVELOPER,
    "/console/videos/{video}": DEVELOPER,
    "/console/videos/{video}/poster": DEVELOPER,
    "/console/videos/{video}/poster/remove": DEVELOPER,
    "/console/videos/{video}/captions": DEVELOPER,
    "/console/videos/{video}/captions/{language}": DEVELOPER,
    "/console/videos/{video}/captions/{language}/remove": DEVELOPER,
    "/console/videos/{video}/sections": DEVELOPER,
    "/console/videos/{video}/sections/assemble": DEVELOPER,
    "/console/videos/{video}/sections/{section}": DEVELOPER,
    "/console/videos/{video}/sections/{section}/remove": DEVELOPER,
    "/console/videos/{video}/sites": MANAGER,
    "/console/videos/{video}/links": MANAGER,
    "/console/videos/{video}/links/{link}/revoke": MANAGER,
    "/console/audience/videos/{video}/experiments": MANAGER,
    "/console/audience/videos/{video}/experiments/{experiment}/stop": MANAGER,
    "/console/audience/videos/{video}/experiments/{experiment}/decide": MANAGER,
    f"{OF_PAGE}/experiments": MANAGER,
    f"{OF_PAGE}/experiments/{{experiment}}/stop": MANAGER,
    f"{OF_PAGE}/experiments/{{experiment}}/decide": MANAGER,
    "/console/videos/bulk": MANAGER,
    "/console/videos/undo": MANAGER,
    "/console/videos/{video}/publish": MANAGER,
    "/console/videos/{video}/unpublish": MANAGER,
    "/console/videos/{video}/delete": DEVELOPER,
    "/console/landing/{project}/brand": MANAGER,
    "/console/landing/{project}/brand/pictures/{picture}": MANAGER,
    "/console/landing/{project}/brand/pictures/{picture}/remove": MANAGER,
    "/console/landing/{project}/templates": DEVELOPER,
    "/console/landing/{project}/templates/{channel}": MANAGER,
    "/console/landing/{project}/{channel}/recipients": MANAGER,
    "/console/landing/{project}/{channel}/recipients/{recipient}/revoke": MANAGER,
    "/console/landing/{project}/{channel}/recipients/{recipient}/delete": MANAGER,
    "/console/landing/{project}/{channel}/recipients/delete": MANAGER,
    "/console/landing/{project}/{channel}": MANAGER,
    "/console/landing/{project}/{channel}/{verb}": MANAGER,
}
TELLS_EACH = {"/console/videos/bulk", "/console/videos/undo"}
"""Forms that say of each video why it stayed as it was."""
FILLED = {
    "title": "Film",
    "visibility": "private",
    "caption_language": "en",
    "text": CAPTIONS,
    "name": "Ada",
    "verb": "publish",
    "time": "0",
    "color": "#112233",
    "accent": "#112233",
    "goal": "play",
    "title_b": "Spring",
    "winner": "b",
    "font": "sans",
}


@pytest.fixture
def templates(web, tenant, make_video) -> Templates:
    video = make_video()
    (project,) = web.get("/api/Projects", headers=tenant.headers).json()
    return Templates(web, tenant, project["id"], video["uid"])


def test_the_table_has_every_address_of_these_rooms(web):
    rooms = ("/console/videos", "/console/landing", "/console/progress")
    rooms += ("/console/audience/videos/{video}/experiments",)
    rooms += (f"{OF_PAGE}/experiments",)
    routes = [
        each for each in web.app.routes if isinstance(each, Route) and each.path.startswith(rooms)
    ]
    assert {each.path for each in routes if "GET" in each.methods} == PAGES.keys() - {"/console"}
    assert {each.path for each in routes if "POST" in each.methods} == FORMS.keys()


def test_each_role_gets_what_it_may_have_and_is_refused_the_rest(
    web, tenant, make_video, templates
):
    made = templates.create()
    templates.publish("DEV", made)
    recipient = with_share(templates).invite(name="Ana")
    trial = {"name": "T", "goal": "play", "variants": [{"key": "a"}, {"key": "b"}]}
    tried = f"/api/v1/workspaces/{tenant.project_id}/shares/DEV/experiments/"
    on_page = web.post(tried, json=trial, headers=tenant.headers).json()
    # Experiments name a project by the id of the Videos API, landing pages by its UUID.
    of_page = {"project": tenant.project_id, "experiment": on_page["id"]}
    wrong = []
    for role in (VIEWER, DEVELOPER, MANAGER):  # the others hold what these hold
        video = make_video()
        captions = f"/api/v1/videos/{video['id']}/captions/en/"
        web.put(captions, content=CAPTIONS.encode(), headers=tenant.headers)
        section = {"order": 1, "content": []}
        parts = f"/api/v1/videos/{video['id']}/sections/"
        made_section = web.post(parts, json=section, headers=tenant.headers).json()
        experiments = f"/api/v1/videos/{video['id']}/experiments/"
        made_trial = web.post(experiments, json=trial, headers=tenant.headers).json()
        names = {"video": video["id"], "project": templates.project_id, "template": made["id"]}
        names |= {"language": "en", "channel": "DEV", "link": "1", "picture": "logo"}
        names |= {"verb": "disable", "experiment": made_trial["id"]}
        names |= {"section": made_section["id"]}
        names |= {"recipient": recipient["id"], "import": recipient["importId"]}
        deed = Deed("publish", {video["id"]: ""}).pack()
        sent = FILLED | {f"pick_{video['id']}": "on", "deed": deed, "template": made["id"]}
        sent["project"] = str(tenant.project_id)
        headers = bearer(tenant.keys[role]) | ORIGIN
        for method, table in (("GET", PAGES), ("POST", FORMS)):
            for path, least in table.items():
                answer = web.request(
                    method,
                    path.format(**names | (of_page if "/shares/" in path else {})),
                    data=sent if method == "POST" else None,
                    headers=headers,
                    follow_redirects=False,
                )
                refused = 409 if path in TELLS_EACH else 403
                is_refused = answer.status_code == refused
                if is_refused != (ORDER.index(role) < ORDER.index(least)) or (
                    answer.status_code in {404, 405, 500} and "link" not in path
                ):
                    wrong.append((str(role), method, path, answer.status_code))
    assert wrong == []
