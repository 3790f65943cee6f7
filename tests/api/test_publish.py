"""Publishing through the Publications API."""

from tests.api.helpers.tools import bearer


class TestPublish:
    def test_a_completed_session_comes_out_and_stands_in_the_feed(self, web, tenant, make_video):
        video = make_video(title="Running shoe teaser")
        answer = web.post(
            "/v1/publications/publish",
            json={"session_id": video["session_id"], "tags": "launch, footwear"},
            headers=bearer(tenant.key),
        )
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert body["created"] is True
        assert body["publication"]["tags"] == ["launch", "footwear"]
        page = web.get(body["publication"]["page_url"])
        assert page.status_code == 200
        assert "Running shoe teaser" in page.text
        assert body["publication"]["slug"] in web.get("/").text
