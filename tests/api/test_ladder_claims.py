"""Who may add to what plays: the worker that holds the claim, and nobody who lost it."""

from uuid import uuid4

import pytest
from sqlalchemy import update

from playout.core.media.model import Asset, LadderState
from playout.core.processing.ladder import LadderJob
from playout.transcode.encode.encode import encode
from playout.transcode.errors import WorkCancelled
from tests.api.helpers.streams import VP9, asset_of, enter, sounding, variants

pytestmark = pytest.mark.slow

ENCODE = "playout.core.processing.ladder.encode"


@pytest.fixture
def climb(runtime, monkeypatch):
    """Makes one attempt at a video's ladder; nobody else does."""
    attempt = LadderJob.run
    monkeypatch.setattr(LadderJob, "run", lambda _: None)
    return lambda video, left=5: attempt(LadderJob(runtime, asset_of(runtime, video).id, left))


@pytest.fixture
def video(climb, web, tenant):
    """A draft that plays in one rung, with others to come."""
    return enter(web, tenant, sounding(VP9, "960x540", 2, "webm"))


@pytest.fixture
def interrupted(monkeypatch):
    """Has something happen while the encoder works."""

    def install(meanwhile) -> list[list[str]]:
        runs: list[list[str]] = []

        def encoding(source, found, wanted, *rest, **options):
            runs.append([rung.name for rung in wanted.rungs])
            meanwhile(len(runs))
            return encode(source, found, wanted, *rest, **options)

        monkeypatch.setattr(ENCODE, encoding)
        return runs

    return install


class TestClaims:
    def test_a_worker_whose_ladder_was_taken_over_adds_nothing(
        self, climb, web, video, runtime, interrupted
    ):
        other = uuid4()

        def take_over(_: int) -> None:
            with runtime.database.write_session() as session:
                mine = Asset.id == asset_of(runtime, video).id
                session.execute(update(Asset).where(mine).values(ladder_claim=other))

        before = web.get(video["hls_url"]).text
        interrupted(take_over)
        climb(video)
        asset = asset_of(runtime, video)
        assert (asset.ladder, asset.ladder_claim) == (LadderState.WORKING, other)
        assert asset.mp4_version is None
        assert web.get(video["hls_url"]).text == before

    def test_a_video_that_got_another_source_meanwhile_is_left_alone(
        self, climb, web, tenant, video, runtime, interrupted
    ):
        old = asset_of(runtime, video).id

        def replace(_: int) -> None:
            path = f"/api/v1/videos/{video['id']}/"
            body = {"external_url": "https://cdn.example.com/final.mp4"}
            assert web.patch(path, json=body, headers=tenant.headers).status_code == 200

        interrupted(replace)
        climb(video)
        with runtime.database.read_session() as session:
            assert session.get_one(Asset, old).ladder is LadderState.WORKING

    def test_a_second_attempt_makes_only_what_is_missing(
        self, climb, web, tenant, runtime, interrupted, monkeypatch
    ):
        video = enter(web, tenant, sounding(size="960x540", seconds=2))

        def stop(run: int) -> None:
            if run == 2:
                raise WorkCancelled

        first = interrupted(stop)
        with pytest.raises(WorkCancelled):
            climb(video)
        assert first == [["480p"], ["240p", "360p", "720p"]]
        assert variants(web, video["hls_url"]) == ["480p", "copy"]
        second = interrupted(lambda _: None)
        climb(video)
        assert second == [["240p", "360p", "720p"]]
        assert variants(web, video["hls_url"]) == ["480p", "240p", "360p", "720p"]
        assert asset_of(runtime, video).ladder is LadderState.READY

    def test_one_that_takes_worker_after_worker_with_it_ends(self, climb, web, video, runtime):
        climb(video, left=-1)
        asset = asset_of(runtime, video)
        assert asset.ladder is LadderState.FAILED
        assert "gave up" in asset.ladder_reason
        assert variants(web, video["hls_url"]) == ["480p"]

    def test_one_that_is_stopped_in_its_last_attempt_fails(
        self, climb, web, video, runtime, interrupted
    ):
        def stop(_: int) -> None:
            raise WorkCancelled

        interrupted(stop)
        climb(video, left=0)
        asset = asset_of(runtime, video)
        assert asset.ladder is LadderState.FAILED
        assert "stopped each time" in asset.ladder_reason
        assert variants(web, video["hls_url"]) == ["480p"]

    def test_one_that_is_finished_is_not_begun_again(self, climb, web, video, runtime, interrupted):
        climb(video)
        runs = interrupted(lambda _: None)
        climb(video)
        assert runs == []
        assert asset_of(runtime, video).ladder is LadderState.READY
