"""Uploads that survive, over tus 1.0.0: the protocol, at both of its addresses."""

import base64
import hashlib
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
from sqlalchemy import update

from playout.core.uploads import jobs
from playout.core.uploads.model import Upload
from playout.kit.clock import utcnow
from tests.api.helpers.tools import ledger
from tests.api.helpers.tus_calls import BYTES, TUS, Tus, metadata
from tests.api.helpers.uploads import clip, settled

CONTENT = b"0123456789abcdef" * 64


@pytest.fixture(params=["/uploads/", "/api/v1/uploads/"])
def tus(request, web, tenant) -> Tus:
    return Tus(web, tenant.headers, request.param)


@pytest.fixture
def draft(make_video):
    return make_video(title="A clip", external_url=None)


def checksum(algorithm: str, content: bytes) -> dict[str, str]:
    digest = base64.b64encode(hashlib.new(algorithm, content).digest()).decode()
    return {"Upload-Checksum": f"{algorithm} {digest}"}


def parts(runtime, address: str) -> list[str]:
    """The names of the files that are kept of an upload."""
    folder = runtime.settings.data_dir / "files" / "uploads" / address.rstrip("/").split("/")[-1]
    return sorted(path.name for path in folder.glob("*"))


def age(runtime, address: str) -> None:
    """Let the upload's time be over."""
    with runtime.database.write_session() as session:
        mine = update(Upload).where(Upload.id == address.rstrip("/").split("/")[-1])
        session.execute(mine.values(expires_at=utcnow() - timedelta(seconds=1)))


class TestWhatTheServerSpeaks:
    def test_is_told_without_a_credential(self, web, runtime, tus):
        answer = web.options(tus.base)
        assert answer.status_code == 204
        assert answer.headers["tus-version"] == "1.0.0"
        assert set(answer.headers["tus-extension"].split(",")) == {
            *("creation", "creation-with-upload", "termination", "checksum", "expiration")
        }
        assert "sha1" in answer.headers["tus-checksum-algorithm"].split(",")
        assert int(answer.headers["tus-max-size"]) == runtime.settings.max_upload_bytes

    def test_a_page_of_another_origin_may_send_and_read_what_tus_needs(self, web, tus):
        asked = {"Origin": "https://example.com", "Access-Control-Request-Method": "PATCH"}
        answer = web.options(f"{tus.base}x/", headers=asked)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
        allowed = answer.headers["access-control-allow-headers"].lower()
        for name in (
            "authorization",
            "x-api-key",
            "tus-resumable",
            "upload-offset",
            "upload-length",
        ):
            assert name in allowed
        shown = web.post(tus.base, headers=asked)
        assert shown.status_code == 401
        assert shown.headers["access-control-allow-origin"] == "*"
        for name in ("location", "upload-offset", "tus-resumable"):
            assert name in shown.headers["access-control-expose-headers"].lower()

    def test_other_addresses_are_not_open_to_other_origins(self, web, tenant):
        answer = web.get("/api/v1/videos/", headers=tenant.headers | {"Origin": "https://e.com"})
        assert "access-control-allow-origin" not in answer.headers

    @pytest.mark.parametrize("version", [None, "0.2.2", "1.0"])
    def test_another_version_is_412_and_the_right_one_is_named(self, web, tus, version):
        sent = (
            tus.headers | {"Upload-Length": "5"} | ({"Tus-Resumable": version} if version else {})
        )
        answer = web.post(tus.base, headers=sent)
        assert answer.status_code == 412
        assert answer.headers["tus-version"] == "1.0.0"

    def test_an_overridden_method_is_what_counts(self, web, tus):
        address = tus.opened(len(CONTENT))
        sent = tus.headers | TUS | BYTES | {"Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
        assert web.post(address, content=CONTENT, headers=sent).status_code == 204


class TestCreation:
    def test_tells_where_the_bytes_go_and_until_when(self, runtime, tus):
        answer = tus.create(100, filename="holiday.mp4")
        assert answer.status_code == 201
        address = answer.headers["location"]
        assert address.startswith(tus.base)
        head = tus.head(address)
        assert head.headers["cache-control"] == "no-store"
        assert (head.headers["upload-offset"], head.headers["upload-length"]) == ("0", "100")
        assert (
            head.headers["upload-metadata"] == metadata(filename="holiday.mp4")["Upload-Metadata"]
        )
        left = parsedate_to_datetime(head.headers["upload-expires"]) - utcnow()
        assert timedelta(days=1) < left <= timedelta(seconds=runtime.settings.upload_lifetime)

    @pytest.mark.parametrize(
        ("said", "title"),
        [
            ({"title": "Ünïcode 🎬", "filename": "a.mp4"}, "Ünïcode 🎬"),
            ({"filename": "a.mp4"}, "a.mp4"),
            ({"name": "uppy.mp4", "type": "video/mp4"}, "uppy.mp4"),
            ({"title": " "}, "Untitled Video"),
            ({"title": "x" * 300}, "x" * 255),
            ({}, "Untitled Video"),
        ],
    )
    def test_without_a_video_enters_one(self, web, tenant, tus, said, title):
        video_id = tus.create(10, **said).headers["video-id"]
        video = web.get(f"/api/v1/videos/{video_id}/", headers=tenant.headers).json()
        assert (video["title"], video["workspace"]) == (title, tenant.project_id)
        assert video["status"] == "not_started"

    def test_of_a_video_is_for_that_video(self, tus, draft):
        assert tus.create(10, video=draft["id"]).headers["video-id"] == str(draft["id"])

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"Upload-Length": "0"}, 400),
            ({"Upload-Length": "-1"}, 400),
            ({"Upload-Length": "x"}, 400),
            ({"Upload-Length": "1" * 19}, 400),
            ({"Upload-Length": ""}, 400),
            ({"Upload-Length": str(2**49)}, 413),
            ({"Upload-Metadata": "title !!!"}, 400),
            ({"Upload-Metadata": "title eA==,title eA=="}, 400),
            ({"Upload-Metadata": "title AA=="}, 400),
            ({"Upload-Metadata": "x " + "A" * 8000}, 400),
            (metadata(video="x"), 400),
            (metadata(video=2**62), 404),
            (metadata(workspace=2**62), 400),
            ({"Upload-Checksum": "crc32 AAAA"}, 400),
        ],
    )
    def test_what_cannot_be_is_refused_and_nothing_is_entered(
        self, web, tenant, tus, headers, status
    ):
        assert tus.create(10, headers=headers).status_code == status
        assert web.get("/api/v1/videos/", headers=tenant.headers).json()["count"] == 0

    def test_a_key_of_idempotency_opens_one_upload(self, tus):
        key = {"Idempotency-Key": "once"}
        first, second = (tus.create(10, headers=key) for _ in range(2))
        assert first.headers["location"] == second.headers["location"]
        assert tus.create(11, headers=key).status_code == 422

    def test_with_upload_takes_the_first_bytes_along(self, tus):
        answer = tus.create(len(CONTENT), CONTENT[:100])
        assert (answer.status_code, answer.headers["upload-offset"]) == (201, "100")
        assert tus.offset(answer.headers["location"]) == 100


class TestBytes:
    def test_come_piece_by_piece_and_are_played(self, web, tenant, tus, draft):
        content, address = clip(), tus.opened(len(clip()), video=draft["id"])
        for start in range(0, len(content), 5000):
            answer = tus.patch(address, start, content[start : start + 5000])
            assert answer.status_code == 204
            assert answer.headers["upload-offset"] == str(min(start + 5000, len(content)))
        assert settled(web, tenant.headers, draft)["status"] == "completed"

    def test_are_the_source_once_the_last_is_in(self, web, runtime, tenant, tus, draft):
        address = tus.opened(len(CONTENT), video=draft["id"])
        tus.patch(address, 0, CONTENT)
        detail = web.get(f"/api/v1/videos/{draft['id']}/", headers=tenant.headers).json()
        assert detail["status"] in {"in_progress", "failed"}
        settled(web, tenant.headers, draft)
        rows = ledger(runtime, subject_id=draft["uid"], event="video.status_changed")
        assert rows[0].changes["status"] == ["not_started", "in_progress"]
        assert parts(runtime, address) == []
        assert tus.offset(address) == len(CONTENT)

    def test_that_do_not_follow_are_409(self, tus):
        address = tus.opened(100)
        tus.patch(address, 0, b"x" * 10)
        for offset in (0, 9, 11, 100):
            assert tus.patch(address, offset, b"y").status_code == 409
        assert tus.offset(address) == 10

    def test_beyond_the_length_are_413(self, tus):
        address = tus.opened(10)
        assert tus.patch(address, 0, b"x" * 11).status_code == 413
        assert tus.patch(address, 0, iter([b"x" * 6, b"x" * 6])).status_code == 413
        assert tus.offset(address) == 0

    @pytest.mark.parametrize("kind", ["", "application/octet-stream", "multipart/form-data"])
    def test_of_another_type_are_415(self, tus, kind):
        address = tus.opened(10)
        assert tus.patch(address, 0, b"x", **{"Content-Type": kind}).status_code == 415

    @pytest.mark.parametrize("offset", ["", "x", "-1", "1.5"])
    def test_at_no_offset_are_400(self, tus, offset):
        address = tus.opened(10)
        assert tus.patch(address, 0, b"x", **{"Upload-Offset": offset}).status_code == 400

    def test_none_at_all_change_nothing(self, tus):
        address = tus.opened(10)
        assert tus.patch(address, 0, b"").headers["upload-offset"] == "0"


class TestChecksum:
    @pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512", "md5"])
    def test_bytes_that_fit_it_count(self, tus, algorithm):
        address = tus.opened(len(CONTENT))
        first = CONTENT[:500]
        assert tus.patch(address, 0, first, **checksum(algorithm, first)).status_code == 204
        assert tus.offset(address) == 500

    def test_bytes_that_do_not_are_460_and_do_not_count(self, web, tenant, tus, draft):
        address = tus.opened(len(CONTENT), video=draft["id"])
        answer = tus.patch(address, 0, b"x" * len(CONTENT), **checksum("sha1", CONTENT))
        assert (answer.status_code, answer.json()["title"]) == (460, "Checksum Mismatch")
        assert tus.offset(address) == 0
        assert tus.patch(address, 0, CONTENT, **checksum("sha1", CONTENT)).status_code == 204

    @pytest.mark.parametrize("said", ["sha1", "sha1 !!", "sha3 AAAA", ""])
    def test_what_is_none_is_400(self, tus, said):
        address = tus.opened(10)
        assert tus.patch(address, 0, b"x", **{"Upload-Checksum": said}).status_code == 400


class TestTermination:
    def test_leaves_nothing(self, runtime, tus):
        address = tus.opened(100)
        tus.patch(address, 0, b"x" * 50)
        assert parts(runtime, address) != []
        assert tus.delete(address).status_code == 204
        assert parts(runtime, address) == []
        assert tus.head(address).status_code == 404
        assert tus.patch(address, 50, b"x").status_code == 404
        assert tus.delete(address).status_code == 404

    def test_of_what_is_a_source_already_is_409(self, tus):
        address = tus.opened(10)
        tus.patch(address, 0, b"x" * 10)
        assert tus.delete(address).status_code == 409


class TestExpiration:
    def test_what_has_expired_is_404_and_swept(self, runtime, tus):
        old, new = tus.opened(100), tus.opened(100)
        for address in (old, new):
            tus.patch(address, 0, b"x" * 50)
        age(runtime, old)
        assert tus.head(old).status_code == 404
        assert tus.patch(old, 50, b"x").status_code == 404
        while jobs.remove_some_expired(runtime):
            pass
        assert parts(runtime, old) == []
        assert parts(runtime, new) != []
        assert tus.offset(new) == 50

    def test_each_byte_makes_it_later(self, runtime, tus):
        address = tus.opened(100)
        with runtime.database.write_session() as session:
            mine = update(Upload).where(Upload.id == address.rstrip("/").split("/")[-1])
            session.execute(mine.values(expires_at=utcnow() + timedelta(hours=1)))
        told = tus.patch(address, 0, b"x").headers["upload-expires"]
        assert parsedate_to_datetime(told) - utcnow() > timedelta(days=1)
