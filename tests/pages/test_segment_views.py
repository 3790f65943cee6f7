"""Views that requests of segments tell of: where a blocker stops beacons, and in distributions."""

import html
import json
import re
import secrets
from types import SimpleNamespace
from urllib.parse import urljoin

import pytest

from tests.api.helpers.uploads import settled, upload
from tests.helpers.live import until
from tests.helpers.tenants import found_tenant
from tests.pages.helpers.player_site import make_media

pytestmark = pytest.mark.slow

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"
TELEVISION = "Mozilla/5.0 (SMART-TV; Linux; Tizen 8.0) AppleWebKit/537.36 Safari/537.36"
SEGMENT = re.compile(r"#EXT-X-BYTERANGE:(\d+)@(\d+)\n(\S+)")


@pytest.fixture(scope="module")
def shown(web, runtime, tmp_path_factory):
    """A public video of 12 seconds, and calls as its owner."""
    folder = tmp_path_factory.mktemp("media")
    make_media(folder)
    tenant = found_tenant(runtime)

    def call(method, path, body=None):
        answer = web.request(method, path, json=body, headers=tenant.headers)
        assert answer.is_success, answer.text
        return answer.json()

    body = {"title": "Seen", "workspace": tenant.project_id, "visibility": "public"}
    video = call("POST", "/api/v1/videos/", body)
    upload(web, tenant.headers, video, (folder / "clip.mp4").read_bytes())
    call("POST", f"/api/v1/videos/{video['id']}/publish/")
    return SimpleNamespace(video=settled(web, tenant.headers, video), call=call, tenant=tenant)


@pytest.fixture
def numbers(shown):
    """Ask for the numbers of the video, or of a part of it, until they are as a test expects."""

    def numbers(part="", **expected):
        path = f"/api/v1/videos/{shown.video['id']}/{part}analytics/"

        def look():
            answer = shown.call("GET", path)
            return answer if expected.items() <= answer["totals"].items() else None

        return until(look, 10, f"{part}{expected}, not {shown.call('GET', path)['totals']}")

    return numbers


@pytest.fixture
def views(shown, numbers):
    """The views of the video before a test."""
    return shown.call("GET", f"/api/v1/videos/{shown.video['id']}/analytics/")["totals"]["views"]


@pytest.fixture
def segments(web, shown):
    """The segments of a rendition of the video: the address and the range of each."""

    def segments(master=None):
        if master is None:
            page = web.get(shown.video["custom_url"]).text
            master = html.unescape(re.search(r'data-hls="([^"]+)"', page)[1])
        lines = web.get(master, headers={"User-Agent": TELEVISION}).text.splitlines()
        listed = next(line for line in lines if line and not line.startswith("#"))
        playlist = urljoin(master, listed)
        found = SEGMENT.findall(web.get(playlist, headers={"User-Agent": TELEVISION}).text)
        return [
            (urljoin(playlist, name), f"bytes={at}-{int(at) + int(size) - 1}")
            for size, at, name in found
        ]

    return segments


def ask(web, segment, agent=BROWSER, **headers):
    address, span = segment
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = web.get(address, headers={"Range": span, "User-Agent": agent} | said)
    assert answer.status_code == 206


class TestCmcd:
    def test_counts_a_view_and_what_was_watched_between_two_requests(
        self, web, segments, views, numbers
    ):
        first, second, *_ = segments()
        ask(web, first, CMCD_Session='sid="a-player-1",sf=h', CMCD_Request="bl=0")
        ask(web, second, CMCD_Session='sid="a-player-1",sf=h', CMCD_Request="bl=1000,su")
        found = numbers(views=views + 1)
        assert found["totals"]["watch_seconds"] > 0
        assert found["retention"]["viewers"][0] >= 1

    def test_in_the_query_counts_the_same(self, web, segments, views, numbers):
        address, span = segments()[0]
        said = "CMCD=bl%3D0%2Csid%3D%22a-player-2%22"
        joined = "&" if "?" in address else "?"
        for _ in range(2):
            ask(web, (f"{address}{joined}{said}", span))
        ask(web, segments()[0], CMCD_Session='sid="a-player-3"')
        numbers(views=views + 2)

    def test_of_whom_beacons_tell_counts_nothing_twice(self, web, shown, segments, views, numbers):
        first, second, *_ = segments()
        view = "00112233445566aa"
        before = numbers()["totals"]
        for segment, loaded in ((first, 0), (second, 1000)):
            said = {"CMCD_Session": f'sid="{view}"', "CMCD_Request": f"bl={loaded}"}
            ask(web, segment, **said)
        numbers(views=views + 1)
        page = web.get(shown.video["custom_url"]).text
        told = json.loads(html.unescape(re.search(r'data-counting="([^"]+)"', page)[1]))
        watched = [{"kind": "watch", "from": 0, "to": 2000}]
        beacon = {"token": told["token"], "view": view, "referrer": "news.example"}
        for events in ([{"kind": "view"}, {"kind": "play"}], watched):
            body = json.dumps(beacon | {"events": events})
            web.post(told["to"], content=body, headers={"User-Agent": BROWSER})
        found = numbers(views=views + 1, watch_seconds=before["watch_seconds"] + 2)
        assert found["totals"]["plays"] == before["plays"] + 1
        assert found["totals"]["daily_visitors"] == before["daily_visitors"] or views == 0
        assert "news.example" in [each["value"] for each in found["referrers"]]

    @pytest.mark.parametrize(
        ("agent", "headers"),
        [
            (BROWSER, {"CMCD_Request": "bl=100"}),
            (BROWSER, {"CMCD_Session": f'sid="{"x" * 65}"'}),
            (BROWSER, {"CMCD_Session": 'sid="unwilling"', "DNT": "1"}),
            (BROWSER, {"CMCD_Session": 'sid="unwilling"', "Sec_GPC": "1"}),
            ("Googlebot/2.1", {"CMCD_Session": 'sid="program"'}),
        ],
    )
    def test_that_names_nobody_or_somebody_who_is_not_counted_counts_nothing(
        self, web, segments, views, numbers, agent, headers
    ):
        ask(web, segments()[0], agent, **headers)
        ask(web, segments()[0], CMCD_Session=f'sid="{secrets.token_hex(8)}"')
        numbers(views=views + 1)


class TestDistribution:
    def test_tells_its_viewers_and_those_of_the_activations_that_admit_them(
        self, web, shown, segments, views, numbers
    ):
        base = f"/productions/{shown.video['id']}"
        body = [{"name": "Stream", "settings": {"format": "HLS"}}]
        stream = shown.call("POST", f"{base}/distributions", body)["data"][0]
        campaigns = [
            {"name": "All", "settings": {}},
            {"name": "TV", "settings": {"targeting": {"platforms": ["tv"]}}},
        ]
        everybody, television = shown.call("POST", f"{base}/activations", campaigns)["data"]
        segment = segments(stream["playback_url"])[0]
        for agent in (BROWSER, BROWSER, TELEVISION):
            ask(web, segment, agent)
        numbers(f"distributions/{stream['id']}/", views=2, daily_visitors=2)
        numbers(f"activations/{everybody['id']}/", views=2)
        numbers(f"activations/{television['id']}/", views=1)
        numbers(views=views + 2)
        for each in (everybody, television):
            shown.call("DELETE", f"{base}/activations/{each['id']}")


class TestPlayer:
    def test_is_counted_once_with_its_beacons_and_without_them(
        self, shown, views, numbers, tab, playout_port
    ):
        path = shown.video["custom_url"].partition("//")[2].partition("/")[2]
        assert tab.context.browser is not None
        context = tab.context.browser.new_context(user_agent=BROWSER)
        page = context.new_page()
        sent = []
        page.route("**/e", lambda route: (sent.append(1), route.abort()))
        for number, blocked in ((1, True), (2, False)):
            if not blocked:
                page.unroute("**/e")
            page.goto(f"http://127.0.0.1:{playout_port}/{path}")
            page.locator("media-controller[mediapaused]").wait_for(state="attached")
            page.locator(".first-play").click()
            until(
                lambda: page.evaluate("document.querySelector('video').currentTime") > 2,
                20,
                "it plays",
            )
            page.goto("about:blank")
            numbers(views=views + number)
        assert sent
        context.close()
