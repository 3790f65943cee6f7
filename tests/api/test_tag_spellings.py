"""Tags that differ in case, form, width or spaces are one tag."""

import pytest

SPELLINGS = ("e\u0301te\u0301 bleu", "ÉTÉ BLEU", " Été   bleu ", "Été ｂｌｅｕ")


@pytest.fixture
def call(web, tenant):
    def call(method: str, path: str, body: object = None):
        return web.request(method, f"/api/v1/tags/{path}", json=body, headers=tenant.headers)

    return call


class TestTags:
    @pytest.mark.parametrize("spelling", SPELLINGS)
    def test_another_spelling_is_the_same_tag(self, call, spelling):
        assert call("POST", "", {"name": "Été bleu"}).status_code == 201
        answer = call("POST", "", {"name": spelling})
        assert answer.status_code == 409
        assert answer.json()["errors"] == {"name": ["This name is taken."]}
        assert [each["name"] for each in call("GET", "").json()["results"]] == ["Été bleu"]

    def test_a_tag_may_get_another_spelling_of_its_own_name(self, call):
        tag = call("POST", "", {"name": "Été"}).json()
        answer = call("PATCH", f"{tag['id']}/", {"name": "ÉTÉ"})
        assert (answer.status_code, answer.json()["name"]) == (200, "ÉTÉ")

    def test_a_renamed_tag_gives_its_former_name_away(self, call):
        tag, other = (call("POST", "", {"name": name}).json() for name in ("Été", "Hiver"))
        assert call("PATCH", f"{other['id']}/", {"name": "été"}).status_code == 409
        assert call("PATCH", f"{tag['id']}/", {"name": "Automne"}).status_code == 200
        assert call("PATCH", f"{other['id']}/", {"name": "été"}).status_code == 200

    def test_accents_make_another_tag(self, call):
        assert [call("POST", "", {"name": name}).status_code for name in ("Été", "Ete")] == [
            201
        ] * 2


class TestPublicationTags:
    @pytest.mark.parametrize("as_text", [False, True])
    def test_the_first_spelling_stays(self, web, tenant, make_video, as_text):
        tags = ["Été bleu", *SPELLINGS, "rouge"]
        body = {
            "session_id": make_video()["session_id"],
            "tags": ",".join(tags) if as_text else tags,
        }
        answer = web.post("/v1/publications/publish", json=body, headers=tenant.headers)
        assert answer.json()["publication"]["tags"] == ["Été bleu", "rouge"]
