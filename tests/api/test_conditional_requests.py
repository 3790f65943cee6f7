"""ETags and ranges in requests, at every kind of address (RFC 9110)."""

from uuid import UUID

import pytest
from sqlalchemy import select

from playout.core.media.model import Asset
from playout.core.videos.model import Video
from playout.pages.static_files import built_path, static_path
from playout.transcode.names import MP4
from tests.pages.helpers.stored_video import store

SRT = b"1\n00:00:01,000 --> 00:00:02,000\nFour days, one hut.\n"
FORMS = ["{}", "W/{}", '"x", {}', '"x",W/{}', "*"]


@pytest.fixture
def video(web, tenant, runtime, tmp_path) -> dict[str, object]:
    body = {"title": "A video", "workspace": tenant.project_id}
    made = web.post("/api/v1/videos/", json=body, headers=tenant.headers).json()
    store(runtime, UUID(made["uid"]), tmp_path / "file")
    publish = f"/api/v1/videos/{made['id']}/publish/"
    return web.post(publish, json={"visibility": "public"}, headers=tenant.headers).json()


@pytest.fixture
def caption_path(web, tenant, video) -> str:
    path = f"/api/v1/videos/{video['id']}/captions/en/"
    return web.put(path, content=SRT, headers=tenant.headers).json()["url"]


@pytest.fixture
def file_path(runtime, video) -> str:
    with runtime.database.read_session() as session:
        version = session.scalar(
            select(Asset.version)
            .join(Video, Video.asset_id == Asset.id)
            .where(Video.id == video["id"])
        )
    return f"/media/{video['uid']}/{version}/{MP4}"


@pytest.fixture(params=["api", "page", "file", "captions", "static", "built", "favicon"])
def path(request, video, file_path, caption_path) -> str:
    return {
        "api": f"/api/v1/videos/{video['id']}/",
        "page": "/",
        "file": file_path,
        "captions": caption_path,
        "static": static_path("site.css"),
        "built": built_path("player.js"),
        "favicon": "/favicon.ico",
    }[request.param]


class TestIfNoneMatch:
    @pytest.mark.parametrize("form", FORMS)
    def test_it_is_compared_weakly_everywhere(self, web, tenant, path, form):
        etag = web.get(path, headers=tenant.headers).headers["etag"]
        header = {"If-None-Match": form.format(etag)}
        answer = web.get(path, headers=tenant.headers | header)
        assert (answer.status_code, answer.content) == (304, b"")
        if form != "*":  # which names no ETag, of no coding
            assert answer.headers["etag"] == etag
        other = web.get(path, headers=tenant.headers | {"If-None-Match": '"x", W/"y"'})
        assert other.status_code == 200


class TestIfMatch:
    def test_a_weak_one_never_matches_and_the_error_says_so(self, web, tenant, video):
        path = f"/api/v1/videos/{video['id']}/"
        etag = web.get(path, headers=tenant.headers).headers["etag"]
        header = {"If-Match": f"W/{etag}"}
        refused = web.patch(path, json={"title": "New"}, headers=tenant.headers | header)
        assert refused.status_code == 412
        assert "weak ETag never matches" in refused.text
        both = {"If-Match": f"W/{etag}, {etag}"}
        assert web.patch(path, json={}, headers=tenant.headers | both).status_code == 200

    def test_it_counts_for_files_and_pages(self, web, path):
        if path.startswith("/api/"):
            pytest.skip("an API looks at it only when it writes")
        etag = web.get(path).headers["etag"]
        for method in ("GET", "HEAD"):
            statuses = [
                web.request(method, path, headers={"If-Match": each}).status_code
                for each in (etag, "*", f'"x", {etag}', f"W/{etag}", '"x"')
            ]
            assert statuses == [200, 200, 200, 412, 412]


class TestRanges:
    @pytest.mark.parametrize("unit", ["bytes", "Bytes", "BYTES"])
    def test_the_unit_may_have_any_case(self, web, file_path, unit):
        answer = web.get(file_path, headers={"Range": f"{unit}=2-4"})
        assert (answer.status_code, answer.content) == (206, b"234")

    @pytest.mark.parametrize("digits", [3, 18, 19, 21, 5_000])
    def test_a_start_beyond_the_end_is_a_416_however_long(self, web, file_path, digits):
        for last in ("", "9" * digits):
            answer = web.get(file_path, headers={"Range": f"bytes={'9' * digits}-{last}"})
            assert answer.status_code == 416
            assert answer.headers["content-range"] == "bytes */10"

    @pytest.mark.parametrize("digits", [3, 18, 19, 21, 5_000])
    def test_an_end_or_a_suffix_beyond_the_end_is_the_rest(self, web, file_path, digits):
        for spec, content in ((f"7-{'9' * digits}", b"789"), (f"-{'9' * digits}", b"0123456789")):
            answer = web.get(file_path, headers={"Range": f"bytes={spec}"})
            assert (answer.status_code, answer.content) == (206, content)

    @pytest.mark.parametrize("spec", ["2-4", "99-", "-3"])
    def test_a_head_describes_the_whole(self, web, path, spec):
        if path.startswith("/api/"):
            pytest.skip("an API has no ranges")
        answer = web.head(path, headers={"Range": f"bytes={spec}"})
        assert answer.status_code == 200
        assert "content-range" not in answer.headers
        assert answer.headers["content-length"] == web.head(path).headers["content-length"]


def test_brands_and_sites_have_an_etag_and_take_it(web, tenant):
    for path, method, body in (
        ("brand", "PATCH", {"name": "Ours"}),
        ("embedding", "PUT", {"sites": ["https://blog.example"]}),
    ):
        url = f"/api/v1/workspaces/{tenant.project_id}/{path}/"
        etag = web.get(url, headers=tenant.headers).headers["etag"]
        headers = {**tenant.headers, "If-Match": etag}
        changed = web.request(method, url, json=body, headers=headers)
        assert (changed.status_code, changed.headers["etag"] != etag) == (200, True)
        assert web.request(method, url, json=body, headers=headers).status_code == 412
        assert web.get(url, headers=tenant.headers).headers["etag"] == changed.headers["etag"]
