"""Downloads are named after the title of the video."""

from urllib.parse import unquote
from uuid import UUID

import pytest
from sqlalchemy import select

from playout.core.media.model import Asset
from playout.core.videos.model import Video
from playout.pages.playback.downloads import content_disposition
from playout.transcode.names import MP4
from tests.pages.helpers.share_landing import Landing
from tests.pages.helpers.stored_video import store


def header_of(web, tenant, runtime, tmp_path, title: str, query: str) -> str | None:
    body = {"title": title, "workspace": tenant.project_id}
    made = web.post("/api/v1/videos/", json=body, headers=tenant.headers).json()
    store(runtime, UUID(made["uid"]), tmp_path / "file")
    publish = f"/api/v1/videos/{made['id']}/publish/"
    web.post(publish, json={"visibility": "public"}, headers=tenant.headers)
    with runtime.database.read_session() as session:
        version = session.scalar(
            select(Asset.version)
            .join(Video, Video.asset_id == Asset.id)
            .where(Video.id == made["id"])
        )
    answer = web.get(f"/media/{made['uid']}/{version}/{MP4}{query}")
    assert (answer.status_code, answer.content) == (200, b"0123456789")
    return answer.headers.get("content-disposition")


class TestHeader:
    def test_a_download_has_the_title(self, web, tenant, runtime, tmp_path):
        header = header_of(web, tenant, runtime, tmp_path, "Größe: 100% “fast”", "?download=1")
        assert header is not None
        plain, _, full = header.partition("; filename*=UTF-8''")
        assert plain == 'attachment; filename="Gr__e 100_ _fast_.mp4"'
        assert unquote(full) == "Größe 100% “fast”.mp4"

    @pytest.mark.parametrize("query", ["", "?download=0", "?download"])
    def test_a_player_gets_none(self, web, tenant, runtime, tmp_path, query):
        assert header_of(web, tenant, runtime, tmp_path, "A video", query) is None

    def test_a_share_shows_its_own_title_alone(self, web, tenant, runtime, tmp_path):
        body = {"title": "Internal name", "workspace": tenant.project_id}
        made = web.post("/api/v1/videos/", json=body, headers=tenant.headers).json()
        store(runtime, UUID(made["uid"]), tmp_path / "file")
        landing = Landing(web, tenant.headers)
        address = landing.source(landing.put(publicTitle="For everybody"))
        answer = web.get(f"{address}&download=1")
        assert "Internal" not in answer.headers["content-disposition"]
        assert "For%20everybody.mp4" in answer.headers["content-disposition"]


class TestName:
    @pytest.mark.parametrize(
        ("title", "name"),
        [
            ("../../etc/passwd", "etc passwd.mp4"),
            ('a"b\r\nSet-Cookie: x', "a b Set-Cookie x.mp4"),
            ("", "video.mp4"),
            ("...", "video.mp4"),
            ("\u202egpj", "gpj.mp4"),
            ("é" * 500, "é" * 90 + ".mp4"),
        ],
    )
    def test_it_is_safe_to_save(self, title, name):
        header = content_disposition(title, "video.mp4")
        assert unquote(header.partition("UTF-8''")[2]) == name
        assert header.isascii()
        assert "\r" not in header
        assert header.count('"') == 2
