"""Two processes behind the Varnish of the documentation: purges drop what was taken back."""

from collections.abc import Iterator, Mapping

import httpx2
import pytest

from tests.helpers.varnish_example import PROGRAM
from tests.server.helpers import ways_of_shares, ways_of_videos
from tests.server.helpers.ending import Way, seconds_served
from tests.server.helpers.site import Site, behind_varnish

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(PROGRAM is None, reason="Varnish is not installed"),
]
SECOND = 1.0
ROUNDS: Mapping[str, Mapping[str, Way]] = {
    "videos": ways_of_videos.WAYS,
    "landing pages": ways_of_shares.WAYS,
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with behind_varnish(tmp_path_factory.mktemp("varnish")) as site:
        yield site


@pytest.mark.parametrize("of", ROUNDS)
def test_a_second_later_nothing_that_was_taken_back_is_served(of: str, site: Site) -> None:
    assert max(seconds_served(site, ROUNDS[of]).values()) < SECOND


def test_it_answers_most_requests_without_playout(site: Site) -> None:
    page = site.video()["page"]
    with httpx2.Client(base_url=site.front) as client:
        answers = [client.get(page) for _ in range(200)]
    assert {each.status_code for each in answers} == {200}
    assert not {"surrogate-key", "cache-tag", "surrogate-control"} & answers[0].headers.keys()
    ids = {each.headers["x-request-id"] for each in answers}
    assert len(ids) <= 20, "each page that Playout renders has an id of its own"


def test_what_is_for_one_viewer_is_never_kept_for_another(site: Site) -> None:
    page = site.video(visibility="org")["page"]
    key = {"Authorization": f"Bearer {site.founded.key}"}
    for _ in range(3):
        assert site.get(page, key).status_code == 200
        assert site.get(page).status_code == 404
