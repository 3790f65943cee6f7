"""Garbage collection removes old files that no row names; all else stays."""

import os
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from playout.core.film_templates.model import FilmTemplate
from playout.core.maintenance.garbage_collection import MIN_AGE, collect_garbage
from playout.core.maintenance.references import VERSIONS
from playout.core.media.model import Asset, AssetState, Rendition
from playout.core.principal import OPERATOR
from playout.core.renders.model import BaseState, FilmBase, RenderedSegment
from playout.core.unit import Origin
from playout.core.uploads import queries as uploads
from playout.core.uploads.model import Upload
from playout.core.videos.model import Video
from playout.kit.clock import utcnow
from playout.runtime import Runtime
from playout.transcode.names import MP4, TrackKind

LONG_AGO = timedelta(days=31)


class Files:
    """Files in the storage, that look as old as a test needs."""

    def __init__(self, runtime: Runtime) -> None:
        self.root = runtime.storage.folder

    def put(self, key: str, age: timedelta = MIN_AGE * 2) -> str:
        path = self.root / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"0123456789")
        when = (utcnow() - age).timestamp()
        os.utime(path, (when, when))
        return key

    def there(self, *keys: str) -> list[bool]:
        return [(self.root / key).exists() for key in keys]


@pytest.fixture
def files(runtime) -> Files:
    return Files(runtime)


@pytest.fixture
def enter(runtime, make_video):
    """Enters a video with an asset; returns the video's uid and the asset's id."""

    def enter(*, playing: bool = True, **fields: object) -> tuple[UUID, UUID]:
        uid = UUID(make_video()["uid"])
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            video = unit.session.scalars(select(Video).where(Video.uid == uid)).one()
            asset = Asset(
                id=uuid4(),
                organization_id=video.organization_id,
                state=AssetState.READY,
                created_at=unit.now,
                **fields,
            )
            unit.session.add(asset)
            unit.session.flush()
            if playing:
                video.asset_id, video.external_url = asset.id, None
        return uid, asset.id

    return enter


def delete(runtime: Runtime, uid: UUID, ago: timedelta = LONG_AGO) -> None:
    with runtime.database.write_session() as session:
        video = session.scalars(select(Video).where(Video.uid == uid)).one()
        video.deleted_at = utcnow() - ago


def asset(runtime: Runtime, asset_id: UUID) -> Asset:
    with runtime.database.read_session() as session:
        return session.get_one(Asset, asset_id)


def rendition(runtime: Runtime, asset_id: UUID, folder: str) -> None:
    numbers = dict.fromkeys(
        ("bandwidth", "average_bandwidth", "head_end", "index_end", "timescale", "start"), 1
    )
    with runtime.database.write_session() as session:
        session.add(
            Rendition(
                asset_id=asset_id,
                folder=folder,
                name="720p",
                kind=TrackKind.VIDEO,
                codecs="avc1",
                duration=1.0,
                segment_ticks=[1],
                segment_sizes=[1],
                ready_at=utcnow(),
                **numbers,
            )
        )


class TestPackages:
    def test_what_a_row_names_stays_and_what_a_dead_worker_left_goes(self, runtime, files, enter):
        first, better, climbed, dead = uuid4(), uuid4(), uuid4(), uuid4()
        uid, asset_id = enter(version=first, mp4_version=better)
        rendition(runtime, asset_id, f"media/{uid}/{climbed}")
        kept = [files.put(f"media/{uid}/{each}/{MP4}") for each in (first, better, climbed)]
        left = [files.put(f"media/{uid}/{dead}/{name}") for name in (MP4, "720p.mp4", "copy.mp4#1")]
        removed = collect_garbage(runtime)["media"]
        assert files.there(*kept) == [True] * 3
        assert files.there(*left) == [False] * 3
        assert (removed.files, removed.bytes) == (3, 30)

    def test_the_pictures_and_the_poster_of_a_video_stay(self, runtime, files, enter):
        pictures, poster = uuid4(), uuid4()
        uid, _ = enter(pictures_version=pictures)
        with runtime.database.write_session() as session:
            video = session.scalars(select(Video).where(Video.uid == uid)).one()
            video.poster_version = poster
        kept = [files.put(f"media/{uid}/{each}/poster.jpg") for each in (pictures, poster)]
        collect_garbage(runtime)
        assert files.there(*kept) == [True] * 2

    def test_every_version_that_a_row_may_name_is_looked_for(self):
        named = {column.name for table in (Asset, Video) for column in table.__table__.c}
        assert {each.key for each in VERSIONS} == {n for n in named if n.endswith("version")}

    def test_what_is_young_stays_whoever_names_it(self, runtime, files, enter):
        uid, _ = enter()
        young = files.put(f"media/{uid}/{uuid4()}/{MP4}", MIN_AGE - timedelta(hours=1))
        collect_garbage(runtime)
        assert files.there(young) == [True]

    def test_what_is_of_another_shape_stays(self, runtime, files):
        others = [files.put(key) for key in ("media/notes.txt", "media/a/b/c", "sources/x")]
        collect_garbage(runtime)
        assert files.there(*others) == [True] * 3

    def test_go_with_a_video_that_was_deleted_long_ago(self, runtime, web, tenant, files, enter):
        version = uuid4()
        uid, asset_id = enter(version=version)
        rendition(runtime, asset_id, f"media/{uid}/{version}")
        key = files.put(f"media/{uid}/{version}/{MP4}")
        delete(runtime, uid, LONG_AGO - timedelta(days=2))
        collect_garbage(runtime)
        assert files.there(key) == [True]
        delete(runtime, uid)
        for _ in range(2):
            collect_garbage(runtime)
            assert files.there(key) == [False]
            assert web.get(f"/{key}").status_code == 404
            assert web.get(f"/media/{uid}/{version}/master.m3u8").status_code == 404


class TestSources:
    def source(self, uid: UUID, asset_id: UUID) -> str:
        return f"sources/{uid}/{asset_id}"

    def name(self, runtime: Runtime, key: str, *asset_ids: UUID) -> None:
        """Have assets name that source."""
        with runtime.database.write_session() as session:
            for asset_id in asset_ids:
                found = session.get_one(Asset, asset_id)
                found.source_key, found.source_size, found.source_sha256 = key, 10, "0" * 64

    def test_what_an_asset_names_stays_and_what_none_does_goes(self, runtime, files, enter):
        uid, asset_id = enter()
        key = files.put(self.source(uid, asset_id))
        self.name(runtime, key, asset_id)
        orphan = files.put(self.source(uid, uuid4()))
        half = files.put(self.source(uid, uuid4()) + "#1")
        collect_garbage(runtime)
        assert files.there(key, orphan, half) == [True, False, False]

    def test_what_a_newer_source_took_the_place_of_stays_with_its_video(
        self, runtime, files, enter
    ):
        uid, old = enter(playing=False)
        key = files.put(self.source(uid, old))
        self.name(runtime, key, old)
        collect_garbage(runtime)
        assert files.there(key) == [True]
        delete(runtime, uid)
        collect_garbage(runtime)
        assert files.there(key) == [False]

    def test_a_shared_one_stays_until_the_last_of_its_videos_was_deleted_long_ago(
        self, runtime, files, enter
    ):
        (first, its), (second, another) = enter(), enter()
        key = files.put(self.source(first, its))
        self.name(runtime, key, its, another)
        delete(runtime, first)
        collect_garbage(runtime)
        delete(runtime, second, timedelta(days=1))
        collect_garbage(runtime)
        assert files.there(key) == [True]
        assert asset(runtime, another).source_key == key
        delete(runtime, second)
        collect_garbage(runtime)
        assert files.there(key) == [False]

    def test_what_a_newer_one_took_the_place_of_is_still_a_duplicate(self, runtime, files, enter):
        (uid, old), (_, another) = enter(playing=False), enter(source_size=10)
        key = files.put(self.source(uid, old))
        self.name(runtime, key, old)
        with runtime.work.read(OPERATOR) as unit:
            assert uploads.duplicates(unit, unit.session.get_one(Asset, another), "0" * 64) == [key]

    def test_what_is_gone_takes_no_room_and_is_no_duplicate(self, runtime, tenant, files, enter):
        (uid, its), (_, another) = enter(), enter(source_size=10)
        key = files.put(self.source(uid, its))
        self.name(runtime, key, its)
        delete(runtime, uid, timedelta(seconds=1))
        with runtime.work.read(OPERATOR) as unit:
            assert uploads.duplicates(unit, unit.session.get_one(Asset, another), "0" * 64) == []
            before = uploads.used_bytes(unit, tenant.organization.id)
        delete(runtime, uid)
        collect_garbage(runtime)
        assert asset(runtime, its).source_key is None
        with runtime.work.read(OPERATOR) as unit:
            assert uploads.used_bytes(unit, tenant.organization.id) == before - 10


class TestParts:
    def test_those_of_an_upload_stay_and_those_of_none_go(self, runtime, tenant, make_video, files):
        upload_id = uuid4()
        with runtime.database.write_session() as session:
            session.add(
                Upload(
                    id=upload_id,
                    organization_id=tenant.organization.id,
                    video_id=make_video()["id"],
                    length=10,
                    client_metadata="",
                    created_at=utcnow(),
                    expires_at=utcnow() + MIN_AGE,
                )
            )
        kept, orphan = files.put(f"uploads/{upload_id}/0-x"), files.put(f"uploads/{uuid4()}/0-x")
        collect_garbage(runtime)
        assert files.there(kept, orphan) == [True, False]


class TestFilmTemplates:
    def test_their_files_stay_and_those_of_none_go(self, runtime, tenant, make_video, files):
        template_id = uuid4()
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            template = FilmTemplate(
                id=template_id,
                organization_id=tenant.organization.id,
                project_id=tenant.project_id,
                version=1,
                name="Spring",
                manifest={},
                assets=[],
                video_uid=UUID(make_video()["uid"]),
                warnings=[],
            )
            unit.session.add(unit.stamp(template))
            asset = Asset(id=uuid4(), organization_id=tenant.organization.id, created_at=unit.now)
            unit.session.add(asset)
            unit.session.flush()
            base = FilmBase(
                id=uuid4(),
                template_id=template_id,
                asset_id=asset.id,
                state=BaseState.READY,
                folder=f"films/{uuid4()}/{uuid4()}",
                created_at=unit.now,
            )
            segment = RenderedSegment(
                digest=uuid4().hex,
                organization_id=tenant.organization.id,
                file=f"renders/{base.id}/{uuid4()}.m4s",
                size=1,
                made_at=unit.now,
            )
            unit.session.add_all([base, segment])
        kept = [f"templates/{template_id}/x", f"{base.folder}/360p.mp4", segment.file]
        orphans = [f"templates/{uuid4()}/x", f"films/{base.id}/{uuid4()}/360p.mp4"]
        orphans += [f"renders/{base.id}/{uuid4()}.m4s"]
        paths = [files.put(key) for key in [*kept, *orphans]]
        collect_garbage(runtime)
        assert files.there(*paths) == [True, True, True, False, False, False]
