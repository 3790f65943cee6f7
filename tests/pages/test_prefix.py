"""A public address with a path: everything works below it, behind a real nginx."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx2
import pytest
from playwright.sync_api import Page as Tab

from playout.core.accounts import service as accounts
from playout.core.permissions import Role
from playout.core.principal import OPERATOR
from playout.core.unit import Origin
from playout.kit.errors import Invalid
from playout.web import application
from tests.api.helpers.tools import publish
from tests.api.helpers.uploads import clip, settled
from tests.helpers.live import PLAIN, free_port, until
from tests.helpers.live_nginx import serving_nginx
from tests.helpers.tenants import Tenant, found_tenant
from tests.pages.helpers.reader import Page
from tests.server.helpers.tools import serving_with

DIRECTIVES = "proxy_http_version 1.1; proxy_set_header Host $http_host;"
pytestmark = pytest.mark.slow
WAYS = {"removed by nginx": "/", "passed on by nginx": ""}
TUS = {"Tus-Resumable": "1.0.0"}
OFFSET = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
URI = re.compile(r'^(?!#)\S+$|URI="([^"]+)"', re.MULTILINE)


@dataclass(frozen=True)
class Site:
    """An installation below `/video`, with a video that was published and shared there."""

    client: httpx2.Client
    tenant: Tenant
    video: dict[str, Any]
    publication: dict[str, Any]
    share: dict[str, Any]

    @property
    def url(self) -> str:
        return str(self.client.base_url).rstrip("/")

    def page(self, path: str) -> Page:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return Page(answer.text)


@pytest.fixture(scope="module", params=WAYS.values(), ids=WAYS)
def site(runtime, tmp_path_factory, request) -> Iterator[Site]:
    port = free_port()
    public_url = f"http://127.0.0.1:{port}/video"
    settings = runtime.settings.model_copy(update={"public_url": public_url})
    tenant, folder = found_tenant(runtime), tmp_path_factory.mktemp("nginx")
    nginx = {"port": port, "location": "/video/", "passed_to": request.param}
    with (
        serving_with(runtime, settings=settings) as served,
        serving_nginx(folder, served.port, DIRECTIVES, **nginx),
        httpx2.Client(base_url=public_url, verify=PLAIN, timeout=30) as client,
    ):
        video = uploaded(client, tenant)
        published = publish(client, tenant.key, video["session_id"])["publication"]
        yield Site(client, tenant, video, published, shared(client, tenant, video))


def uploaded(client: httpx2.Client, tenant: Tenant) -> dict[str, Any]:
    """A video that was uploaded over tus."""
    headers = tenant.headers | TUS
    created = client.post("/uploads/", headers=headers | {"Upload-Length": str(len(clip()))})
    assert created.headers["location"].startswith("/video/uploads/")
    target = created.url.join(created.headers["location"])
    assert client.patch(target, content=clip(), headers=headers | OFFSET).status_code == 204
    return settled(client, tenant.headers, {"id": created.headers["video-id"]})


def shared(client: httpx2.Client, tenant: Tenant, video: dict[str, Any]) -> dict[str, Any]:
    project = client.get("/api/v1/workspaces/", headers=tenant.headers).json()["results"][0]["uid"]
    body = {"publicTitle": "A landing page", "videoId": video["uid"]}
    path = f"/api/Projects/{project}/public-video-shares/PROD"
    return client.put(path, json=body, headers=tenant.headers).json()


def addresses(page: Page) -> set[str]:
    """All addresses that a browser would follow or load from a page."""
    names = ("href", "src", "action", "poster", "data-hls", "data-document")
    found = {attrs[each] for _, attrs in page.elements for each in names if attrs.get(each)}
    sets = {attrs["srcset"] for _, attrs in page.elements if attrs.get("srcset")}
    return found | {each.split()[0] for text in sets for each in text.split(", ")}


class TestPrefix:
    def test_every_address_in_a_page_leads_somewhere(self, site):
        watch, share = (urlsplit(each).path for each in (self.watch(site), self.share(site)))
        pages = ("/", watch, share, "/sign-in", "/docs", "/docs/videos", "/docs/productions")
        for path in pages:
            for address in addresses(site.page(path.removeprefix("/video"))):
                if address.startswith(("#", "data:", "mailto:")) or "/sign-out" in address:
                    continue
                assert address.startswith(("/video/", f"{site.url}/")), (path, address)
                answer = site.client.get(urljoin(site.url, address))
                assert answer.status_code == 200, (path, address)

    def test_pages_name_their_own_files_by_paths(self, site):
        for path in ("/", f"/v/{site.publication['slug']}"):
            absolute = {each for each in addresses(site.page(path)) if "://" in each}
            oembeds = {each for each in absolute if each.startswith(f"{site.url}/oembed?")}
            assert absolute - oembeds <= {f"{site.url}{path}"}, "only what others read is absolute"
        policy = site.client.get("/").headers["content-security-policy"]
        assert "127.0.0.1" not in policy

    def test_what_other_sites_read_is_absolute(self, site):
        page = site.page(f"/v/{site.publication['slug']}")
        assert page.all("link", rel="canonical", href=self.watch(site))
        for name in ("og:url", "og:image", "og:video"):
            addresses_of_name = page.meta(name)
            assert addresses_of_name, name
            assert all(each.startswith(f"{site.url}/") for each in addresses_of_name), name
        assert page.data()["contentUrl"].startswith(f"{site.url}/media/")
        assert page.data()["thumbnailUrl"].startswith(f"{site.url}/media/")

    def test_an_error_page_leads_home(self, site):
        answer = site.client.get("/v/nothing", headers={"Accept": "text/html"})
        assert answer.status_code == 404
        assert Page(answer.text).all("a", href="/video/")

    def test_answers_of_the_apis_begin_with_it(self, site):
        for url in (site.video["video"], site.publication["page_url"], self.share(site)):
            assert url.startswith(f"{site.url}/")
            assert site.client.get(url).status_code == 200
        listed = site.client.get("/api/v1/events/?page_size=1", headers=site.tenant.headers).json()
        assert listed["next"].startswith(f"{site.url}/api/v1/events/?")
        assert site.client.get(listed["next"], headers=site.tenant.headers).status_code == 200

    def test_every_uri_of_a_playlist_is_served(self, site):
        playlist = site.client.get(site.video["hls_url"])
        assert playlist.status_code == 200
        for match in URI.finditer(playlist.text):
            found = site.client.get(playlist.url.join(match[1] or match[0]))
            assert found.status_code == 200
            assert found.url.path.startswith("/video/media/")

    @pytest.mark.parametrize("api", ["", "/v1", "/api/v1", "/api"])
    def test_an_openapi_document_differs_in_its_servers_alone(self, site, web, api):
        document, plain = (each.get(f"{api}/openapi.json").json() for each in (site.client, web))
        assert document.pop("servers") == [{"url": f"/video{api}"}]
        assert plain.pop("servers") == [{"url": api or "/"}]
        assert list(document) == list(plain)
        assert document == plain

    def test_a_former_slug_redirects_to_the_current_one(self, site, runtime):
        body = {"session_id": site.video["session_id"], "slug": f"new-{site.publication['slug']}"}
        edited = site.client.post("/v1/publications/edit", json=body, headers=site.tenant.headers)
        assert edited.status_code == 200, edited.text
        answer = site.client.get(f"/v/{site.publication['slug']}")
        assert answer.headers["location"] == f"/video/v/{body['slug']}"
        body["slug"] = site.publication["slug"]
        site.client.post("/v1/publications/edit", json=body, headers=site.tenant.headers)

    def test_a_member_signs_in_and_out_below_it(self, site, runtime):
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            organization = site.tenant.organization
            email = f"{organization.slug}@example.com"
            user = accounts.add_member(unit, organization, email, "Ada", Role.VIEWER)
            token = accounts.create_key(unit, runtime.signer, organization, "T", user=user)[1]
        origin = {"Origin": site.url.removesuffix("/video")}
        came_from = {"Referer": self.watch(site)}
        form = Page(site.client.get("/sign-in", headers=came_from).text)
        next_, *_ = form.all("input", name="next")
        assert next_["value"] == urlsplit(self.watch(site)).path
        data = {"token": token, "next": "/other/"}
        signed_in = site.client.post("/sign-in", data=data, headers=origin)
        assert (signed_in.status_code, signed_in.headers["location"]) == (303, "/video/")
        assert "Path=/video/;" in f"{signed_in.headers['set-cookie']};"
        assert site.page("/sign-in").all("form", action="/video/sign-out")
        signed_out = site.client.post("/sign-out", headers=origin)
        assert (signed_out.status_code, signed_out.headers["location"]) == (303, "/video/")
        assert not site.client.cookies

    @pytest.mark.parametrize("path", ["/docs/", "/openapi.json/", "/healthz/", "/favicon.svg/"])
    def test_a_slash_more_is_no_redirect(self, site, path):
        assert site.client.get(path).status_code == 200

    def test_the_player_plays_with_hls_js(self, site, tab: Tab):
        asked, complaints = self.listen(tab)
        tab.goto(self.watch(site))
        tab.locator(".first-play").click()
        until(lambda: tab.evaluate("document.querySelector('video').currentTime") > 0.3, 15, "play")
        assert tab.evaluate("document.querySelector('video').currentSrc").startswith("blob:")
        assert complaints == []
        assert all(url.startswith((f"{site.url}/", "blob:")) for url in asked)

    def test_the_reference_of_an_api_is_shown(self, site, tab: Tab):
        asked, complaints = self.listen(tab)
        tab.goto(f"{site.url}/docs/videos")
        tab.locator(".opblock").first.wait_for()
        assert complaints == []
        assert all(url.startswith((f"{site.url}/", "data:")) for url in asked)

    def watch(self, site: Site) -> str:
        return str(site.publication["page_url"])

    def share(self, site: Site) -> str:
        return str(site.share["publicUrl"])

    def listen(self, tab: Tab) -> tuple[list[str], list[str]]:
        """Note what a tab requests, and what it complains of."""
        asked, complaints = list[str](), list[str]()
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("console", lambda said: complaints.append(said.text) if is_bad(said) else None)
        return asked, complaints


def is_bad(said: Any) -> bool:
    return said.type in {"error", "warning"}


@pytest.mark.parametrize("prefix", ["/v", "/api/x", "/static", "/docs", "/healthz", "/uploads"])
def test_a_path_of_playout_itself_is_no_prefix(runtime, prefix):
    settings = runtime.settings.model_copy(update={"public_url": f"http://example.com{prefix}"})
    with pytest.raises(Invalid, match="choose another path"):
        application(replace(runtime, settings=settings))
