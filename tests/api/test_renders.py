"""Films of single viewers: created, played, revoked, deleted."""

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import BytesIO
from uuid import UUID

import av
import numpy as np
import pytest
from sqlalchemy import func, select, text, update
from starlette.testclient import TestClient

from playout.core.permissions import Role
from playout.core.renders import jobs
from playout.core.renders.model import Render, RenderedSegment
from playout.core.videos.model import Video
from playout.kit.clock import utcnow
from playout.runtime import Runtime
from tests.api.helpers.renders import SECRET, Renders, files_of, renders_of
from tests.api.helpers.tools import ledger
from tests.helpers.live import until
from tests.helpers.tenants import bearer, found_tenant
from tests.transcode.helpers.personal import packet_times, pictures

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def renders(web: TestClient, runtime: Runtime, ladders: None) -> Renders:
    return renders_of(web, found_tenant(runtime))


@pytest.fixture
def segments(runtime: Runtime) -> Iterator[list[int]]:
    """The number of rendered segments, before and whenever it is called."""

    def count() -> int:
        with runtime.database.read_session() as session:
            return session.scalar(select(func.count()).select_from(RenderedSegment)) or 0

    return count


class TestCreate:
    def test_a_render_credential_gets_addresses_at_once(self, renders):
        answer = renders.post({"name": "Ada"})
        assert answer.status_code == 201
        assert set(answer.json()) == {"id", "playbackUrl", "posterUrl", "expiresAt"}
        path = f"{renders.path}/{answer.json()['id']}"
        assert renders.web.get(path, headers=renders.headers).json() == answer.json()

    def test_wrong_data_names_the_field_and_no_value(self, renders):
        for data in ({}, {"name": SECRET * 9}, {"name": "\u202e" + SECRET}, {"nme": SECRET}):
            answer = renders.post(data)
            assert answer.status_code == 400
            assert any(each.startswith("personalizationData.") for each in answer.json()["errors"])
            assert "Zaphod" not in answer.text

    def test_a_channel_without_a_template_is_a_conflict(self, renders):
        body = {"channel": "STAGING", "personalizationData": {}}
        answer = renders.web.post(renders.path, json=body, headers=renders.headers)
        assert answer.status_code == 409

    def test_others_may_not(self, renders, runtime):
        tenant = renders.templates.tenant
        data = {"name": "Ada"}
        assert renders.post(data, bearer(tenant.keys[Role.DEVELOPER])).status_code == 403
        assert renders.post(data, bearer(tenant.keys[Role.PROJECT_MANAGER])).status_code == 201
        assert renders.post(data, bearer(found_tenant(runtime).key)).status_code == 404
        assert renders.web.post(renders.path, json={}).status_code == 401

    def test_a_render_credential_still_reads_nothing(self, renders):
        path = renders.path.rpartition("/")[0]
        assert renders.web.get(path, headers=renders.headers).status_code == 403


class TestPlaying:
    def test_only_touched_segments_are_another_viewers_own(self, renders):
        ada, bea = renders.create(name="Ada"), renders.create(name="Bea")
        assert len(ada.rendered()) == 2
        assert len(renders.create(plan="gold").rendered()) == 3
        one, other = ada.play(), bea.play()
        times = sorted(shown for shown, _ in packet_times(one))
        assert len(times) == 180
        assert set(np.diff(times)) == {times[1] - times[0]}
        seen, others = pictures(one), pictures(other)
        same = [np.array_equal(a, b) for a, b in zip(seen, others, strict=True)]
        assert all(same[:30])
        assert all(same[60:])
        assert not any(same[30:60])

    def test_the_master_playlist_lists_every_rendition_and_the_sound(self, renders):
        viewer = renders.create()
        master = viewer.get("master.m3u8").text
        assert "360p.m3u8" in master
        assert "240p.m3u8" in master
        assert "audio.m3u8" in master
        assert viewer.get("audio.m3u8").status_code == 200
        assert len(viewer.rendered("240p")) == 2

    def test_mezzanines_and_other_films_are_not_served(self, renders):
        viewer = renders.create()
        for name in ("360p-mezzanine.mp4", "360p-0.m4s", "720p-1.m4s", "video.m3u8", "x"):
            assert viewer.get(name).status_code == 404, name
        made = {
            **viewer.made,
            "playbackUrl": viewer.made["playbackUrl"].replace("/films/", "/films/0"),
        }
        assert type(viewer)(viewer.web, made).get("master.m3u8").status_code == 404

    def test_the_end_of_a_shared_file_is_no_empty_range(self, renders):
        viewer = renders.create()
        size = int(viewer.web.head(viewer.url("360p.mp4")).headers["content-length"])
        assert viewer.get("360p.mp4", Range=f"bytes={size}-").status_code == 416

    def test_the_poster_shows_the_name(self, renders):
        ada, bea = renders.create(name="Ada"), renders.create(name="Bea")
        first, second = (each.web.get(each.made["posterUrl"]) for each in (ada, bea))
        assert first.headers["content-type"] == "image/png"
        with av.open(BytesIO(first.content)) as opened:
            assert next(opened.decode(video=0)).width == 1280
        assert first.content != second.content


class TestDownload:
    def test_it_is_one_mp4_with_the_same_pictures_and_the_sound(self, renders, runtime):
        viewer = renders.create(name="Download")
        played = pictures(viewer.play())
        answer = viewer.get("video.mp4")
        assert answer.status_code == 200
        assert answer.headers["content-disposition"] == 'attachment; filename="video.mp4"'
        whole = pictures(answer.content)
        assert len(whole) == 180
        assert all(np.array_equal(a, b) for a, b in zip(whole, played, strict=True))
        with av.open(BytesIO(answer.content)) as opened:
            assert float(opened.duration) / 1_000_000 == pytest.approx(6, abs=0.05)
            assert len(opened.streams.audio) == 1
        times = sorted(shown for shown, _ in packet_times(answer.content))
        assert set(np.diff(times)) == {times[1] - times[0]}
        until(lambda: not list(runtime.job_folders.glob("job-*/video.mp4")), 10, "the end")


class TestScenes:
    def test_one_whose_condition_does_not_hold_is_left_out(self, renders):
        whole = pictures(renders.create().play())
        viewer = renders.create(plan="bronze")
        played, downloaded = pictures(viewer.play()), viewer.get("video.mp4").content
        expected = whole[:69] + whole[99:]
        # The first pictures after the scene are drawn over, also when their segment is stored.
        for seen in (played, pictures(viewer.play()), pictures(downloaded)):
            assert len(seen) == 150
            same = [np.array_equal(a, b) for a, b in zip(seen, expected, strict=True)]
            assert not any(same[69:78])
            assert all(same[:69] + same[78:])
            assert all(np.array_equal(a, b) for a, b in zip(seen, played, strict=True))
        for name in ("360p", "audio"):
            playlist = viewer.get(f"{name}.m3u8").text
            assert playlist.count("#EXT-X-DISCONTINUITY\n") == 1
            seconds = sum(map(float, re.findall("#EXTINF:(.*),", playlist)))
            assert seconds == pytest.approx(5, abs=0.03)
        times = sorted(shown for shown, _ in packet_times(downloaded))
        assert set(np.diff(times)) == {times[1] - times[0]}
        with av.open(BytesIO(downloaded)) as opened:
            assert float(opened.duration) / 1_000_000 == pytest.approx(5, abs=0.05)


class TestRenderedOnce:
    def test_fifty_viewers_at_once_who_see_the_same(self, renders, segments):
        viewers = [renders.create(name="Grace") for _ in range(50)]
        name = viewers[0].rendered("240p")[1]
        before = segments()
        start = threading.Barrier(50)

        def load(viewer):
            start.wait()
            return viewer.segment(name)

        with ThreadPoolExecutor(50) as threads:
            loaded = set(threads.map(load, viewers))
        assert len(loaded) == 1
        # The first touched segment is rendered ahead of the one that was asked for.
        assert until(lambda: segments() - before, 10, "the segment") <= 2


class TestRevoked:
    def test_segments_stop_within_a_second(self, renders):
        mine = renders.with_new_credential()
        viewer, other = mine.create(name="Revoked"), renders.create(name="Revoked")
        names = viewer.rendered()
        assert viewer.get(names[0]).status_code == 200
        mine.revoke()
        until(lambda: viewer.get(names[1]).status_code == 404, 1, "the end")
        assert viewer.get("master.m3u8").status_code == 404
        assert viewer.web.get(viewer.made["posterUrl"]).status_code == 404
        assert mine.post({"name": "Ada"}).status_code == 401
        assert other.get(names[1]).status_code == 200


class TestDeletedVideo:
    def test_its_films_end(self, renders, runtime):
        viewer = renders.create(name="Last")
        video = Video.uid == UUID(renders.templates.video_id)
        for deleted_at, status in ((utcnow(), 404), (None, 200)):
            with runtime.database.write_session() as session:
                session.execute(update(Video).where(video).values(deleted_at=deleted_at))
            assert viewer.get("master.m3u8").status_code == status


class TestDeleted:
    def test_nothing_of_it_is_left(self, renders, runtime):
        mine, other = renders.create(name=SECRET), renders.create(name="Ada")
        mine.play("240p")
        other.play("240p")
        files = files_of(runtime, mine)
        assert len(files) == 2
        assert all(file.exists() for file in files)
        assert renders.delete(mine).status_code == 204
        assert mine.get("master.m3u8").status_code == 404
        until(lambda: not any(file.exists() for file in files), 10, "the files")
        with runtime.database.read_session() as session:
            assert session.get(Render, UUID(mine.made["id"])) is None
        assert renders.delete(mine).status_code == 404
        assert all(file.exists() for file in files_of(runtime, other))
        other.play("240p")

    def test_what_another_viewer_sees_as_well_stays(self, renders, runtime):
        mine, other = (renders.create(name="Both") for _ in range(2))
        assert mine.play("240p") == other.play("240p")
        files = files_of(runtime, other)
        renders.delete(mine)
        assert all(file.exists() for file in files)
        other.play("240p")

    def test_expired_ones_go_by_themselves(self, renders, runtime):
        viewer = renders.create(name="Expired")
        viewer.play("240p")
        files = files_of(runtime, viewer)
        with runtime.database.write_session() as session:
            late = {"expires_at": utcnow() - timedelta(seconds=1)}
            wanted = Render.id == UUID(viewer.made["id"])
            session.execute(update(Render).where(wanted).values(late))
        jobs.remove_expired.function(runtime)
        assert not any(file.exists() for file in files)
        with runtime.database.read_session() as session:
            assert session.get(Render, UUID(viewer.made["id"])) is None


class TestPersonalData:
    def test_it_is_encrypted_in_the_database_and_in_no_event(self, renders, runtime):
        viewer = renders.create(name=SECRET)
        viewer.play("240p")
        with runtime.database.read_session() as session:
            for table in ("renders", "ledger", "film_bases", "rendered_segments", "kept_answers"):
                rows = session.execute(text(f"SELECT t::text FROM {table} t")).scalars()
                assert not any("Zaphod" in row for row in rows), table
            (data,) = session.scalars(
                select(Render.data).where(Render.id == UUID(viewer.made["id"]))
            )
        assert SECRET in runtime.cipher.decrypt(data)
        (event,) = ledger(runtime, subject_id=viewer.made["id"])
        assert event.event == "render.created"
