"""Campaigns decide over the files of distributions, at the moment of each request."""

from datetime import timedelta
from ipaddress import ip_network
from uuid import UUID

import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet
from starlette.testclient import TestClient

from playout.kit.clock import utcnow
from playout.main import running
from playout.settings import Settings
from playout.web import application
from tests.helpers.live import until
from tests.pages.helpers.stored_video import BYTES, store

PROXY, GERMAN, BRAZILIAN = "10.0.0.1", "198.51.100.7", "203.0.113.7"
EUROPE = {"targeting": {"regions": ["EU"]}}
PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
TELEVISION = "Mozilla/5.0 (SMART-TV; Linux; Tizen 8.0) AppleWebKit/537.36 Safari/537.36"


@pytest.fixture(scope="module")
def behind_proxy(runtime, tmp_path_factory):
    """The web application as another process runs it: behind a proxy that tells countries."""
    file = tmp_path_factory.mktemp("countries") / "countries.mmdb"
    writer = MMDBWriter(database_type="GeoLite2-Country")
    for address, country in ((GERMAN, "DE"), (BRAZILIAN, "BR")):
        writer.insert_network(IPSet([f"{address}/32"]), {"country": {"iso_code": country}})
    writer.to_db_file(str(file))
    url = runtime.database.engine.url.render_as_string(hide_password=False)
    settings = Settings(
        data_dir=runtime.settings.data_dir,
        database_url=url.replace("postgresql+psycopg://", "postgresql://"),
        public_url="http://testserver",
        trusted_proxies=(ip_network(PROXY),),
        country_header="CF-IPCountry",
        country_database=file,
    )
    with running(settings) as other:
        app = application(other)
        with TestClient(app, client=(PROXY, 1)) as client:
            client.stranger = TestClient(app, client=(GERMAN, 1))
            yield client


@pytest.fixture
def production(web, runtime, tenant, tmp_path):
    """A published video that plays; its visibility is `public` or what a test says."""

    def enter(visibility: str = "public") -> dict[str, object]:
        body = {"title": "Spring", "workspace": tenant.project_id, "visibility": visibility}
        video = web.post("/api/v1/videos/", json=body, headers=tenant.headers).json()
        store(runtime, UUID(video["uid"]), tmp_path / "file")
        path = f"/api/v1/videos/{video['id']}/publish/"
        assert web.post(path, headers=tenant.headers).status_code == 200
        return video

    return enter


@pytest.fixture
def calls(web, tenant):
    """Call the Productions API below a production; return the items of the answer."""

    def call(method: str, video: dict[str, object], path: str, body: object = None) -> list:
        address = f"/productions/{video['id']}/{path}"
        answer = web.request(method, address, json=body, headers=tenant.headers)
        assert answer.is_success, answer.text
        return answer.json()["data"]

    return call


@pytest.fixture
def address(calls):
    """Distribute a production as one MP4; return its playback address."""

    def distribute(video: dict[str, object]) -> str:
        body = [{"name": "Partner", "settings": {"format": "MP4"}}]
        return calls("POST", video, "distributions", body)[0]["playback_url"]

    return distribute


def window(start: float, end: float) -> dict[str, str]:
    """Return settings of a campaign that begins and ends so many seconds from now."""
    now = utcnow()
    return {
        "startDate": (now + timedelta(seconds=start)).isoformat(),
        "endDate": (now + timedelta(seconds=end)).isoformat(),
    }


def activation(settings: dict[str, object]) -> list[dict[str, object]]:
    return [{"name": "Spring", "settings": settings}]


@pytest.mark.parametrize("visibility", ["public", "private"])
class TestTime:
    def test_without_activations_a_distribution_plays(self, web, production, address, visibility):
        answer = web.get(address(production(visibility)))
        assert (answer.status_code, answer.content) == (200, BYTES)

    def test_it_plays_within_the_window_and_never_outside(
        self, web, production, address, calls, visibility
    ):
        video = production(visibility)
        url = address(video)
        calls("POST", video, "activations", activation(window(1.0, 2.5)))
        answers = []

        def ended() -> bool:
            asked = utcnow()
            answers.append((asked, web.get(url).status_code, utcnow()))
            return len(answers) > 2 and [each[1] for each in answers[-3:-1]] == [200, 403]

        until(ended, 20, "the end of the campaign")
        (made,) = calls("GET", video, "activations")
        start, end = made["settings"]["startDate"], made["settings"]["endDate"]
        for before, status, after in answers:
            if after.isoformat() < start or before.isoformat() > end:
                assert status == 403
            if start < before.isoformat() and after.isoformat() < end:
                assert status == 200

    def test_a_change_is_obeyed_at_once_and_by_every_process(
        self, web, behind_proxy, production, address, calls, visibility
    ):
        video = production(visibility)
        url = address(video)
        assert web.get(url).status_code == behind_proxy.get(url).status_code == 200
        (made,) = calls("POST", video, "activations", activation(window(-60, -30)))
        assert web.get(url).status_code == 403
        until(lambda: behind_proxy.get(url).status_code == 403, 1, "the other process")
        calls("DELETE", video, f"activations/{made['id']}")
        assert web.get(url).status_code == 200

    def test_what_the_grant_says_cannot_be_taken_out(
        self, web, production, address, calls, visibility
    ):
        video = production(visibility)
        url = address(video)
        calls("POST", video, "activations", activation(window(-60, -30)))
        grant = url.partition("?grant=")[2]
        cut = url.replace(grant, grant.partition("~d")[0])
        # Everybody may have the files of a public video, but not through the distribution.
        assert web.get(cut).status_code == (200 if visibility == "public" else 404)


class TestDistribution:
    def test_one_of_another_video_opens_nothing(self, web, production, address):
        url, other = address(production()), address(production())
        assert web.get(url.partition("?")[0] + "?" + other.partition("?")[2]).status_code == 403

    @pytest.mark.parametrize("name", ["~d0", "~dx", "~d", "~d99999999999999999999"])
    def test_nonsense_in_its_place_opens_nothing(self, web, production, address, name):
        url = address(production()).partition("?")[0]
        assert web.get(f"{url}?grant=..{name}").status_code == 403

    def test_what_was_deleted_opens_nothing(self, web, production, address, calls):
        video = production()
        url = address(video)
        (made,) = calls("GET", video, "distributions")
        assert web.get(url).status_code == 200
        calls("DELETE", video, f"distributions/{made['id']}")
        assert web.get(url).status_code == 403


class TestRegion:
    def test_a_trusted_proxy_is_believed_and_nobody_else(
        self, behind_proxy, production, address, calls
    ):
        video = production()
        url = address(video)
        calls("POST", video, "activations", activation({"targeting": {"regions": ["BR"]}}))
        told = {"CF-IPCountry": "BR"}
        assert behind_proxy.get(url, headers=told).status_code == 200
        assert behind_proxy.get(url, headers={"CF-IPCountry": "US"}).status_code == 403
        assert behind_proxy.stranger.get(url, headers=told).status_code == 403

    @pytest.mark.parametrize(
        ("client", "told", "status"),
        [
            (GERMAN, None, 200),
            (BRAZILIAN, None, 403),
            (GERMAN, "XX", 200),
            ("192.0.2.1", None, 403),
        ],
    )
    def test_an_address_is_looked_up(
        self, behind_proxy, production, address, calls, client, told, status
    ):
        video = production()
        url = address(video)
        calls("POST", video, "activations", activation(EUROPE))
        headers = {"X-Forwarded-For": client} | ({"CF-IPCountry": told} if told else {})
        assert behind_proxy.get(url, headers=headers).status_code == status

    def test_without_knowledge_a_confined_campaign_plays_for_nobody(
        self, web, production, address, calls
    ):
        video = production()
        url = address(video)
        calls("POST", video, "activations", activation(EUROPE))
        assert web.get(url, headers={"CF-IPCountry": "DE"}).status_code == 403


class TestPlatform:
    @pytest.mark.parametrize(
        ("headers", "platform"),
        [
            ({"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0"}, "web"),
            ({"user-agent": PHONE}, "mobile"),
            ({"user-agent": TELEVISION}, "tv"),
            ({"user-agent": "Mozilla/5.0 (X11; Linux)", "sec-ch-ua-mobile": "?1"}, "mobile"),
            ({"user-agent": PHONE, "sec-ch-ua-mobile": "?0"}, "web"),
        ],
    )
    def test_follows_from_what_the_client_sends(
        self, web, production, address, calls, headers, platform
    ):
        video = production()
        url = address(video)
        for each in ("web", "mobile", "tv"):
            body = activation({"targeting": {"platforms": [each]}})
            (made,) = calls("POST", video, "activations", body)
            plays = web.get(url, headers=headers).status_code == 200
            assert plays is (each == platform), each
            calls("DELETE", video, f"activations/{made['id']}")

    def test_is_read_from_the_beginning_of_a_user_agent_alone(
        self, web, production, address, calls
    ):
        """A whole one of 30 KB took seconds to search, in which nobody was served."""
        video = production()
        url = address(video)
        calls("POST", video, "activations", activation({"targeting": {"platforms": ["tv"]}}))
        for beginning, status in (("", 200), ("Tizen" * 6_000, 403)):
            headers = {"User-Agent": f"{beginning} {TELEVISION}"}
            assert web.get(url, headers=headers).status_code == status

    def test_may_be_said_by_the_client(self, web, production, address, calls):
        video = production()
        url = address(video)
        calls("POST", video, "activations", activation({"targeting": {"platforms": ["tv"]}}))
        assert web.get(url).status_code == 403
        assert web.get(f"{url}&platform=tv").status_code == 200
        assert web.get(f"{url}&platform=toaster").status_code == 403


class TestPreview:
    def test_it_says_what_a_viewer_would_get_and_why(self, production, calls):
        video = production()
        settings = {"startDate": "2030-12-01", "endDate": "2030-12-31", **EUROPE}
        (made,) = calls("POST", video, "activations", activation(settings))
        path = f"activations/{made['id']}/preview"
        (yes,) = calls("GET", video, f"{path}?at=2030-12-24T18:00:00Z&region=de&platform=tv")
        assert yes == {
            "plays": True,
            "matches": True,
            "admitted_by": made["id"],
            "reasons": [],
            "at": "2030-12-24T18:00:00.000000Z",
            "region": "DE",
            "platform": "tv",
        }
        (no,) = calls("GET", video, f"{path}?at=2031-01-01")
        assert (no["plays"], no["matches"], no["admitted_by"]) == (False, False, None)
        assert no["reasons"] == [
            "It ended at 2030-12-31T23:59:59Z.",
            "It plays only in EU, and the region of the viewer is not known.",
        ]

    def test_another_activation_may_admit(self, production, calls):
        video = production()
        (past,) = calls("POST", video, "activations", activation(window(-60, -30)))
        (open_to_all,) = calls("POST", video, "activations", activation({}))
        (told,) = calls("GET", video, f"activations/{past['id']}/preview")
        assert (told["plays"], told["matches"]) == (True, False)
        assert told["admitted_by"] == open_to_all["id"]

    def test_a_draft_plays_for_nobody(self, web, tenant, make_video, calls):
        video = make_video()
        (made,) = calls("POST", video, "activations", activation({}))
        (told,) = calls("GET", video, f"activations/{made['id']}/preview")
        assert (told["plays"], told["matches"]) == (False, True)
        assert told["reasons"] == ["The production is not published."]

    @pytest.mark.parametrize("query", ["at=soon", "region=EU", "region=Germany", "platform=radio"])
    def test_refuses_what_it_cannot_read(self, web, tenant, production, calls, query):
        video = production()
        (made,) = calls("POST", video, "activations", activation({}))
        path = f"/productions/{video['id']}/activations/{made['id']}/preview?{query}"
        answer = web.get(path, headers=tenant.headers)
        assert answer.status_code == 400
        assert query.partition("=")[0] in answer.json()["error"]["message"]
