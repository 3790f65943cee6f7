"""Two processes behind the nginx of the documentation: it serves nothing that was taken back."""

from collections.abc import Iterator, Mapping

import httpx2
import pytest

from playout.kit.cache_tags import EVERYTHING
from tests.helpers.live import until
from tests.server.helpers import (
    ways_of_campaigns,
    ways_of_films,
    ways_of_links,
    ways_of_people,
    ways_of_shares,
    ways_of_videos,
)
from tests.server.helpers.ending import Way, seconds_served
from tests.server.helpers.site import PURGE, Site, behind_nginx

pytestmark = pytest.mark.slow
SECOND = 1.0
ROUNDS: Mapping[str, Mapping[str, Way]] = {
    "videos": ways_of_videos.WAYS,
    "landing pages": ways_of_shares.WAYS,
    "guest links": ways_of_links.WAYS,
    "keys and members": ways_of_people.WAYS,
    "campaigns": ways_of_campaigns.WAYS,
    "films": ways_of_films.WAYS,
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with behind_nginx(tmp_path_factory.mktemp("nginx")) as site:
        yield site


@pytest.mark.parametrize("of", ROUNDS)
def test_a_second_later_nothing_that_was_taken_back_is_served(of: str, site: Site) -> None:
    assert max(seconds_served(site, ROUNDS[of]).values()) < SECOND


class TestPurges:
    def test_the_worker_tells_within_a_second_what_a_change_of_any_process_drops(
        self, site: Site
    ) -> None:
        video = site.video()
        answer = httpx2.get(f"{site.live.url}{video['page']}")
        assert answer.headers["surrogate-control"] == "max-age=300"
        tags = set(answer.headers["surrogate-key"].split()) - {EVERYTHING}
        assert site.purged is not None
        purged = site.purged
        before = len(purged.at(PURGE))
        site.call("delete", f"{video['path']}publish/")

        def dropped() -> set[str]:
            purges = purged.at(PURGE)[before:]
            return {tag for each in purges for tag in each.message["tags"]}

        until(lambda: tags & dropped(), SECOND, "a purge with one of its tags")


class TestExample:
    def test_it_answers_most_requests_without_playout(self, site: Site) -> None:
        page = site.video()["page"]
        with httpx2.Client(base_url=site.front) as client:
            answers = [client.get(page) for _ in range(200)]
        ids = {each.headers["x-request-id"] for each in answers}
        assert {each.status_code for each in answers} == {200}
        assert len(ids) <= 20, "each page that Playout renders has an id of its own"

    def test_it_hides_the_tags_and_answers_conditions(self, site: Site) -> None:
        answer = httpx2.get(f"{site.front}/")
        assert not {"surrogate-key", "cache-tag", "surrogate-control"} & answer.headers.keys()
        assert answer.headers["content-encoding"] == "gzip"
        headers = {"If-None-Match": answer.headers["etag"], "Accept-Encoding": "gzip"}
        assert httpx2.get(f"{site.front}/", headers=headers).status_code == 304

    def test_what_is_for_one_viewer_is_never_kept_for_another(self, site: Site) -> None:
        page = site.video(visibility="org")["page"]
        key = {"Authorization": f"Bearer {site.founded.key}"}
        with httpx2.Client(base_url=site.front) as client:
            for _ in range(20):
                assert client.get(page, headers=key).status_code == 200
                assert client.get(page).status_code == 404
