"""The source of a video: an external URL."""

from playout.core.principal import OPERATOR
from playout.core.unit import Origin
from playout.core.videos import sources
from playout.core.videos.model import Video
from playout.kit.ids import uuid7
from tests.helpers.tenants import EXTERNAL


class TestExternalUrl:
    def test_another_address_ends_what_is_being_made(self, runtime):
        video = Video(external_url=EXTERNAL, pending_asset_id=uuid7())
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            sources.set_source(unit, video, None, f"{EXTERNAL}?2")
        assert (video.external_url, video.pending_asset_id) == (f"{EXTERNAL}?2", None)

    def test_the_same_address_sent_back_ends_nothing(self, runtime):
        pending = uuid7()
        video = Video(external_url=EXTERNAL, pending_asset_id=pending)
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            sources.set_source(unit, video, None, EXTERNAL)
        assert video.pending_asset_id == pending
