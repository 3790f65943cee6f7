"""Links in answers name the host of the request if it is allowed, and else the public address."""

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from playout.web import application
from tests.api.helpers.tools import publish

PUBLIC, ALLOWED = "http://testserver", "http://videos.internal:8080"


@pytest.fixture(scope="module")
def client(runtime):
    settings = runtime.settings.model_copy(update={"allowed_hosts": ("videos.internal",)})
    with TestClient(application(replace(runtime, settings=settings))) as client:
        yield client


@pytest.fixture
def published(web, tenant, make_video):
    video = make_video(visibility="public")
    slug = publish(web, tenant.key, video["session_id"])["publication"]["slug"]
    return video | {"slug": slug}


def read(client, tenant, path, host):
    answer = client.get(path, headers=tenant.headers | {"Host": host})
    assert answer.status_code == 200, answer.text
    return answer.json()


class TestAllowedHosts:
    def test_an_answer_in_memory_is_for_the_host_that_asked(self, client, tenant, published):
        path = f"/api/v1/videos/{published['id']}/"
        for host, base in [("videos.internal:8080", ALLOWED), ("testserver", PUBLIC)] * 2:
            video = read(client, tenant, path, host)
            assert video["custom_url"].startswith(f"{base}/v/")

    @pytest.mark.parametrize(
        ("host", "base"),
        [
            ("videos.internal:8080", ALLOWED),
            ("VIDEOS.internal:8080", ALLOWED),
            ("testserver", PUBLIC),
            ("evil.example", PUBLIC),
            ("videos.internal.evil.example", PUBLIC),
        ],
    )
    def test_links_begin_with_the_address_that_the_client_uses(
        self, client, tenant, published, make_video, host, base
    ):
        make_video()
        video = read(client, tenant, f"/api/v1/videos/{published['id']}/", host)
        assert video["custom_url"] == f"{base}/v/{published['slug']}"
        assert video["owner"]["profile_picture"].startswith(f"{base}/")
        listed = read(client, tenant, "/api/v1/videos/?page_size=1", host)
        assert listed["next"].startswith(f"{base}/api/v1/videos/?")
        project = read(client, tenant, "/api/v1/workspaces/", host)["results"][0]["uid"]
        path = f"/api/Projects/{project}/public-video-shares/PROD"
        body = {"publicTitle": "A landing page", "videoId": published["uid"]}
        headers = tenant.headers | {"Host": host}
        share = client.put(path, json=body, headers=headers).json()
        assert share["publicUrl"].startswith(f"{base}/s/")
        edited = client.post(
            "/v1/publications/edit", json={"session_id": published["session_id"]}, headers=headers
        ).json()
        assert edited["publication"]["page_url"] == f"{base}/v/{published['slug']}"

    def test_a_page_names_the_public_address_whatever_host_it_is_read_at(self, client, published):
        for host in ("videos.internal:8080", "evil.example"):
            page = client.get(f"/v/{published['slug']}", headers={"Host": host})
            assert f'rel="canonical" href="{PUBLIC}/v/{published["slug"]}"' in page.text
            assert host not in page.text
            assert host not in page.headers["content-security-policy"]

    @pytest.mark.parametrize("base", [PUBLIC, ALLOWED])
    def test_an_address_of_any_own_host_is_known(self, client, tenant, published, base):
        path = f"/api/v1/videos/{published['id']}/"
        body = {"url": f"{base}/v/{published['slug']}"}
        found = client.post(f"{path}by-url/", json=body, headers=tenant.headers)
        assert found.status_code == 200
        body = {"thumbnail": f"{base}/media/{published['uid']}/x/poster.jpg?grant=x"}
        kept = client.patch(path, json=body, headers=tenant.headers).json()
        assert "/media/" not in (kept["thumbnail"] or "")
