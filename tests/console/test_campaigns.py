"""The room of campaigns without a browser: what its pages say, and what its forms do."""

import re
from html import unescape

import pytest

from playout.core.permissions import Role
from tests.console.test_console import ORIGIN, ROLES
from tests.helpers.tenants import bearer

WINTER = {
    "startDate": "2096-11-13",
    "endDate": "2096-12-06",
    "targeting": {"regions": ["EU", "NAM"], "platforms": ["web", "mobile"]},
    "note": "kept",
}


@pytest.fixture
def look(web, tenant):
    def look(path: str, role: Role = Role.PROJECT_MANAGER) -> str:
        answer = web.get(f"/console{path}", headers=bearer(tenant.keys[role]))
        assert answer.status_code == 200, answer.text
        return answer.text

    return look


@pytest.fixture
def send(web, tenant):
    def send(path: str, role: Role = Role.PROJECT_MANAGER, **fields: str):
        headers = bearer(tenant.keys[role]) | ORIGIN
        return web.post(f"/console{path}", data=fields, headers=headers, follow_redirects=False)

    return send


@pytest.fixture
def api(web, tenant):
    """Calls the Productions API; returns `data`."""

    def api(method: str, path: str, **options: object):
        answer = web.request(method, f"/productions{path}", headers=tenant.headers, **options)
        assert answer.is_success, answer.text
        return answer.json()["data"]

    return api


@pytest.fixture
def production(make_video) -> str:
    return str(make_video(title="Winter ride")["id"])


@pytest.fixture
def activation(api, production) -> str:
    body = [{"name": "Winter", "settings": WINTER}]
    return (
        f"/{production}/activations/{api('POST', f'/{production}/activations', json=body)[0]['id']}"
    )


def fields_of(html: str) -> dict[str, str]:
    """The values in the form that saves, as a browser would send them."""
    form = re.search(r'<form class="form" id="save".*?</form>', html, re.DOTALL)[0]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r' name="(\w+)"', tag)[1]
        if 'type="checkbox"' not in tag:
            found[name] = unescape(re.search(r' value="([^"]*)"', tag)[1])
        elif " checked" in tag:
            found[name] = "on"
    for name, options in re.findall(r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', form, re.S):
        found[name] = re.search(r'value="(\w+)" selected', options)[1]
    return found


class TestProductions:
    def test_one_is_created_listed_renamed_and_deleted(self, look, send, api, tenant):
        made = send("/campaigns/new", name="Spring", project=str(tenant.project_id))
        path = made.headers["location"].removeprefix("/console")
        listed = look("/campaigns")
        assert "Spring" in listed
        assert ">None</span>" in listed
        fields = fields_of(look(path))
        assert send(path, **fields | {"name": "Spring ride"}).status_code == 303
        assert send(path, **fields | {"name": "Another"}).status_code == 412
        assert api("GET", path.removeprefix("/campaigns"))[0]["name"] == "Spring ride"
        assert send(f"{path}/delete").headers["location"] == "/console/campaigns"
        assert "Your productions will be here" in look("/campaigns")

    def test_those_of_others_are_not_there(self, web, production, other_tenant):
        path = f"/console/campaigns/{production}"
        assert web.get(path, headers=other_tenant.headers).status_code == 404

    def test_the_list_goes_on_and_counts(self, look, api, tenant, activation):
        api("POST", "", json=[{"name": f"Film {number}"} for number in range(60)])
        first = look("/campaigns")
        (more,) = re.findall(r'href="/console(/campaigns\?before=\d+)"', first)
        second = look(more)
        assert len(set(re.findall(r"Film \d+(?=</a>)", first + second))) == 60
        assert "1 scheduled" in second


class TestDistributions:
    def test_one_is_added_changed_and_deleted(self, look, send, api, production):
        path = f"/campaigns/{production}/distributions"
        sent = {"name": "Website", "format": "MP4", "quality": "adaptive"}
        assert send(f"{path}/new", **sent).status_code == 303
        (made,) = api("GET", f"/{production}/distributions")
        assert made["settings"] == {"format": "MP4", "quality": "adaptive"}
        assert unescape(re.search(r'aria-label="Address of Website"', look(path[:-14]))[0])
        fields = fields_of(look(f"{path}/{made['id']}"))
        send(f"{path}/{made['id']}", **fields | {"quality": "720p"})
        clash = send(f"{path}/{made['id']}", **fields | {"quality": "480p"})
        assert clash.status_code == 412
        assert "What is saved by now" in clash.text
        assert api("GET", f"/{production}/distributions")[0]["settings"]["quality"] == "720p"
        send(f"{path}/{made['id']}/delete")
        assert api("GET", f"/{production}/distributions") == []

    def test_a_format_that_is_none_is_refused(self, send, production):
        path = f"/campaigns/{production}/distributions/new"
        answer = send(path, name="Tape", format="VHS", quality="adaptive")
        assert answer.status_code == 400
        assert "It must be one of HLS, DASH, MP4." in answer.text


class TestActivations:
    def test_one_is_added_with_everything_that_a_form_can_say(self, look, send, api, production):
        sent = {
            "name": "Winter",
            "starts": "2096-11-13T08:00:00.000Z",
            "ends": "2096-12-06T23:59",
            "region_EU": "on",
            "countries": "us, NA",
            "platform_tv": "on",
        }
        answer = send(f"/campaigns/{production}/activations/new", **sent)
        assert answer.status_code == 303, answer.text
        (made,) = api("GET", f"/{production}/activations")
        assert made["settings"] == {
            "startDate": "2096-11-13T08:00:00Z",
            "endDate": "2096-12-06T23:59:00Z",
            "targeting": {"regions": ["EU", "NAM", "US"], "platforms": ["tv"]},
        }
        shown = look(f"/campaigns/{production}")
        assert "Europe, NA, US · TV" in shown
        assert 'data-start="2096-11-13T08:00:00Z"' in shown

    def test_saving_what_was_shown_changes_nothing(self, look, send, api, activation):
        (before,) = api("GET", activation)
        path = f"/campaigns{activation}"
        assert send(path, **fields_of(look(path))).status_code == 303
        assert api("GET", activation) == [before]

    def test_everything_can_be_taken_back(self, look, send, api, activation):
        path = f"/campaigns{activation}"
        gone = {"starts": "", "ends": "", "countries": ""}
        fields = fields_of(look(path)) | gone
        for name in ("region_EU", "platform_web", "platform_mobile"):
            del fields[name]
        send(path, **fields)
        assert api("GET", activation)[0]["settings"] == {"targeting": {}, "note": "kept"}

    def test_it_is_moved_and_a_clash_shows_both(self, look, send, api, activation):
        path = f"/campaigns{activation}"
        etag = fields_of(look(path))["etag"]
        moved = send(f"{path}/move", etag=etag, starts="2096-11-14T00:00:00.000Z")
        assert moved.status_code == 303
        assert api("GET", activation)[0]["settings"]["startDate"] == "2096-11-14T00:00:00Z"
        assert api("GET", activation)[0]["settings"]["endDate"] == "2096-12-06"
        clash = send(f"{path}/move", etag=etag, ends="2096-12-24T18:00:00.000Z")
        assert clash.status_code == 412
        assert "What is saved by now" in clash.text
        again = fields_of(clash.text)
        assert again["region_EU"] == "on"
        assert send(path, **again).status_code == 303
        assert api("GET", activation)[0]["settings"]["endDate"] == "2096-12-24T18:00:00Z"

    @pytest.mark.parametrize(
        ("wrong", "problem"),
        [
            ({"ends": "2000-01-01T00:00"}, "It ends before it starts."),
            ({"countries": "Norway"}, "It must be a continent or a country."),
            ({"starts": "soon"}, "Write a date and a time"),
            ({"name": " "}, "It must not be empty."),
        ],
    )
    def test_a_wrong_field_is_told_and_nothing_that_was_typed_is_lost(
        self, look, send, activation, wrong, problem
    ):
        path = f"/campaigns{activation}"
        shown = fields_of(look(path)) | {"name": "Typed"} | wrong
        new = {name: value for name, value in shown.items() if not name.endswith(("_was", "etag"))}
        for address, sent in ((path, shown), (f"{path.rpartition('/')[0]}/new", new)):
            answer = send(address, **sent)
            assert answer.status_code == 400
            assert problem in answer.text
            assert fields_of(answer.text)["countries"] == sent["countries"]
            assert fields_of(answer.text)["name"] == sent["name"]

    def test_it_begins_and_ends_at_once_and_is_deleted(self, look, send, api, activation):
        path = f"/campaigns{activation}"
        send(f"{path}/begin", etag=fields_of(look(path))["etag"])
        assert api("GET", activation)[0]["status"] == "live"
        send(f"{path}/end", etag=fields_of(look(path))["etag"])
        assert "Begin now" not in look(path)
        assert send(f"{path}/stop").status_code == 404
        send(f"{path}/delete")
        assert api("GET", activation.rpartition("/")[0]) == []


class TestTimeline:
    def test_it_shows_the_weeks_that_the_address_names(self, look, activation, production):
        page = f"/campaigns/{production}"
        assert 'data-from="2096-10-' in look(page)  # nothing runs today, so it goes there
        week = look(f"{page}?scale=week&from=2096-11-15")
        assert 'data-from="2096-11-12T00:00:00Z" data-to="2096-11-19T00:00:00Z"' in week
        assert f'id="bar-{activation.rpartition("/")[2]}" x="14.286%" width="85.714%"' in week
        assert "later →" in look(f"{page}?scale=quarter&from=2090-01-01")
        assert "← earlier" in look(f"{page}?from=2097-01-01")

    @pytest.mark.parametrize("query", ["scale=x&from=x", "from=0001-01-01", "from=9999-12-31"])
    def test_an_address_that_nobody_meant_shows_today(self, look, activation, production, query):
        assert 'class="timeline"' in look(f"/campaigns/{production}?{query}")


class TestPreview:
    def test_it_says_what_a_viewer_gets_and_why(self, web, look, tenant, activation, production):
        page = f"/campaigns/{production}?region=NO&platform=tv&at=2096-11-20T12:00:00.000Z"
        assert "The production is not published." in look(page)
        web.post(f"/api/v1/videos/{production}/publish/", headers=tenant.headers)
        refused = look(page)
        assert "Does not play." in refused
        assert "It plays only on mobile, web, and not on tv." in refused
        early = look(page.replace("11-20", "11-01"))
        assert 'It begins at <time class="num" datetime="2096-11-13T00:00:00Z">' in early
        admitted = look(page.replace("tv", "web"))
        assert "Plays.</strong>" in admitted
        assert "Write a date and a time" in look(f"/campaigns/{production}?at=soon")
        assert "Does not play." in look(f"/campaigns/{production}?region=&platform=x&at=")

    def test_without_activations_it_plays_for_everybody(self, web, look, tenant, production):
        web.post(f"/api/v1/videos/{production}/publish/", headers=tenant.headers)
        assert "No activation limits it." in look(f"/campaigns/{production}?region=NO&platform=tv")


class TestRoles:
    @pytest.mark.parametrize("role", ROLES)
    def test_a_role_sees_no_form_or_link_that_it_would_be_refused(
        self, web, look, api, tenant, make_video, role
    ):
        """Every form and every link that a page shows to a role is answered, and not with 403."""
        number = make_video(visibility="public")["id"]
        web.post(f"/api/v1/videos/{number}/publish/", headers=tenant.headers)
        api("POST", f"/{number}/activations", json=[{"name": "Winter", "settings": WINTER}])
        api("POST", f"/{number}/distributions", json=[{"name": "Website"}])
        headers = bearer(tenant.keys[role]) | ORIGIN
        waiting, seen = ["/console/campaigns"], set()
        forms = set()
        while waiting:
            page = waiting.pop()
            seen.add(page)
            html = web.get(page, headers=headers)
            assert html.status_code == 200, (role, page)
            links = re.findall(r'href="(/console/campaigns[^"?#]*)"', html.text)
            waiting += {each for each in links if each not in seen and each not in waiting}
            for form in re.findall(r'<form[^>]*method="post"[^>]*>', html.text):
                action = re.search(r'action="([^"]+)"', form)
                forms.add(action[1] if action else page)
        forms = {each for each in forms if not each.endswith(("/sign-out", "/delete"))}
        for target in sorted(forms):
            answer = web.post(target, headers=headers, follow_redirects=False)
            assert answer.status_code in {303, 400}, (role, target, answer.status_code)
        may_manage = role in {Role.PROJECT_MANAGER, Role.ORGANIZATION_ADMIN}
        assert any("/activations/" in each for each in forms) == may_manage
        assert (role is Role.VIEWER) == (not forms)
