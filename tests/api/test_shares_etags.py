"""ETags of projects and shares: a client that read an older version changes nothing."""

import pytest

from tests.api.helpers.shares_client import Shares, shares_of

STALE = '"of-another-time"'


@pytest.fixture
def shares(web, tenant) -> Shares:
    return shares_of(web, tenant)


@pytest.fixture
def project(shares) -> str:
    return f"/Projects/{shares.project_id}"


def if_match(etag: str) -> dict[str, str]:
    return {"If-Match": etag}


class TestProject:
    def test_reading_again_what_is_known_is_a_304(self, shares, project):
        first = shares.request("GET", project)
        again = shares.request("GET", project, **{"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        shares.request("PUT", project, {"name": "Another"})
        changed = shares.request("GET", project, **{"If-None-Match": first.headers["etag"]})
        assert (changed.status_code, changed.json()["name"]) == (200, "Another")

    def test_two_who_looked_at_the_same_state_do_not_overwrite_each_other(self, shares, project):
        seen = shares.request("GET", project).headers["etag"]
        first = shares.request("PUT", project, {"name": "First"}, **if_match(seen))
        second = shares.request("PUT", project, {"name": "Second"}, **if_match(seen))
        assert (first.status_code, second.status_code) == (200, 412)
        assert shares.request("GET", project).json()["name"] == "First"
        assert shares.request("GET", project).headers["etag"] == first.headers["etag"] != seen

    def test_archiving_heeds_it(self, shares, project):
        assert shares.request("POST", f"{project}/archive", **if_match(STALE)).status_code == 412
        assert shares.request("GET", project).json()["status"] == "Active"
        seen = shares.request("GET", project).headers["etag"]
        archived = shares.request("POST", f"{project}/archive", **if_match(f"{STALE}, {seen}"))
        assert archived.status_code == 200
        assert archived.headers["etag"] != seen

    def test_a_new_one_comes_with_the_etag_that_reading_it_gives(self, shares):
        made = shares.request("POST", "/Projects", {"name": "New"})
        shown = shares.request("GET", f"/Projects/{made.json()['id']}")
        assert made.headers["etag"] == shown.headers["etag"]


class TestShare:
    def test_it_is_another_after_each_change_and_the_same_after_none(self, shares):
        tags = [
            shares.put().headers["etag"],
            shares.put(publicTitle="Another").headers["etag"],
            shares.post_action("disable").headers["etag"],
            shares.post_action("restore").headers["etag"],
            shares.post_action("rotate-slug").headers["etag"],
        ]
        assert len(set(tags)) == len(tags)
        assert shares.put(publicTitle="Another").headers["etag"] == tags[-1]
        assert shares.put("DEV").headers["etag"] not in tags

    @pytest.mark.parametrize("verb", ["disable", "restore", "rotate-slug"])
    def test_an_older_state_is_a_412_and_nothing_happens(self, shares, verb):
        seen = shares.put().headers["etag"]
        before = shares.create(publicTitle="Another")
        path = f"{shares.path}/PROD"
        for etag in (seen, STALE):
            assert shares.request("POST", f"{path}/{verb}", **if_match(etag)).status_code == 412
            assert (
                shares.request("PUT", path, {"publicTitle": "x"}, **if_match(etag)).status_code
                == 412
            )
        assert shares.request("GET", shares.path).json() == [before]
        assert shares.request("POST", f"{path}/{verb}", **if_match("*")).status_code == 200

    def test_what_is_not_there_matches_nothing(self, shares):
        answer = shares.request("PUT", f"{shares.path}/DEV", {"publicTitle": "x"}, **if_match("*"))
        assert answer.status_code == 412
        assert shares.request("GET", shares.path).json() == []

    def test_a_state_known_to_nobody_else_is_changed(self, shares):
        seen = shares.put().headers["etag"]
        path = f"{shares.path}/PROD"
        answer = shares.request("PUT", path, {"publicTitle": "Mine"}, **if_match(seen))
        assert (answer.status_code, answer.json()["publicTitle"]) == (200, "Mine")
