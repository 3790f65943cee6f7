"""Pages of lists, addresses, and invalid bodies."""

from base64 import urlsafe_b64encode

import pytest

from tests.api.helpers.productions_client import Productions, error_message


@pytest.fixture
def api(web, tenant):
    return Productions(web, tenant.key)


class TestPaging:
    def test_goes_to_the_end_without_repeating_what_comes_in_between(self, api):
        created = api.data("POST", "/productions", [{"name": f"{n}"} for n in range(10)])
        first = api.call("GET", "/productions?limit=4").json()
        assert [each["name"] for each in first["data"]] == ["9", "8", "7", "6"]
        api.create(name="Newer")
        api.data("DELETE", f"/productions/{created[6]['id']}")
        seen, cursor = first["data"], first["next_cursor"]
        while cursor:
            page = api.call("GET", f"/productions?limit=4&cursor={cursor}").json()
            seen, cursor = seen + page["data"], page["next_cursor"]
        assert [each["name"] for each in seen] == [f"{n}" for n in range(9, -1, -1)]

    def test_a_page_has_fifty_and_two_hundred_at_the_most(self, api):
        api.data("POST", "/productions", [{"name": f"{n}"} for n in range(60)])
        page = api.call("GET", "/productions").json()
        assert page.keys() == {"status", "data", "next_cursor"}
        assert len(page["data"]) == 50
        page = api.call("GET", "/productions?limit=200").json()
        assert (len(page["data"]), page["next_cursor"]) == (60, None)

    def test_a_last_page_that_is_full_says_that_it_is_the_last(self, api):
        api.data("POST", "/productions", [{"name": f"{n}"} for n in range(4)])
        page = api.call("GET", "/productions?limit=4").json()
        assert (len(page["data"]), page["next_cursor"]) == (4, None)

    @pytest.mark.parametrize("limit", ["0", "-1", "201", "ten", ""])
    def test_an_invalid_limit_is_refused(self, api, limit):
        assert "limit" in error_message(api.call("GET", f"/productions?limit={limit}"), 400)

    @pytest.mark.parametrize(
        "cursor",
        ["1", "junk", "€", "AAAA", "====", urlsafe_b64encode(b"0").decode(), "MQ==MQ==x" * 200],
    )
    def test_a_cursor_that_was_not_handed_out_is_refused(self, api, cursor):
        assert "cursor" in error_message(api.call("GET", f"/productions?cursor={cursor}"), 400)


class TestAddresses:
    @pytest.mark.parametrize(
        "path",
        ["/productions/1/campaigns", "/productions/1/distributions/1/x"],
    )
    def test_an_unknown_address_is_answered_in_the_envelope(self, api, path):
        assert error_message(api.call("GET", path), 404) == "There is nothing at this address."

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("PUT", "/productions"),
            ("POST", "/productions/1"),
            ("POST", "/key"),
            ("PUT", "/productions/1/activations/1"),
        ],
    )
    def test_a_method_that_is_not_accepted_is_answered_in_the_envelope(self, api, method, path):
        answer = api.call(method, path)
        error_message(answer, 405)
        assert answer.headers["Allow"]

    def test_the_pages_keep_theirs(self, web):
        assert "text/html" in web.get("/").headers["content-type"]
        assert "text/html" in web.get("/nowhere").headers["content-type"]
        assert "text/html" in web.get("/keys").headers["content-type"]

    def test_the_openapi_document_is_for_everybody(self, web):
        document = web.get("/openapi.json").json()
        assert document["openapi"].startswith("3.1")
        assert set(document["paths"]) == {
            "/key",
            "/productions",
            "/productions/{production_id}",
            "/productions/{production_id}/distributions",
            "/productions/{production_id}/distributions/{distribution_id}",
            "/productions/{production_id}/activations",
            "/productions/{production_id}/activations/{activation_id}",
            "/productions/{production_id}/activations/{activation_id}/preview",
        }


class TestBodies:
    @pytest.mark.parametrize(
        "text",
        [
            "",
            "[",
            "nothing",
            '[{"name": "a", "name": "b"}]',
            '[{"name": "a\\u0000b"}]',
            '[{"name": "\\ud800"}]',
            '[{"name": "a", "settings": {"n": NaN}}]',
            '[{"name": "a", "settings": {"n": 1e999}}]',
            '[{"name": "a", "settings": {"\\u0000": 1}}]',
            '[{"name": "a", "settings": ' + '{"a":' * 40 + "1" + "}" * 40 + "}]",
            "[" * 100_000,
        ],
    )
    def test_what_is_not_json_or_cannot_be_kept_is_refused(self, web, tenant, text):
        headers = {"X-API-Key": tenant.key, "Content-Type": "application/json"}
        error_message(web.post("/productions", content=text, headers=headers), 400)

    def test_what_is_too_large_or_of_another_kind_is_refused(self, web, tenant):
        headers = {"X-API-Key": tenant.key, "Content-Type": "application/json"}
        body = b'[{"name": "' + b"x" * 2**20 + b'"}]'
        error_message(web.post("/productions", content=body, headers=headers), 413)
        headers["Content-Type"] = "text/plain"
        error_message(web.post("/productions", content=b'[{"name": "x"}]', headers=headers), 415)

    def test_settings_that_are_deep_but_allowed_come_back_whole(self, api):
        deep: object = 1
        for _ in range(28):
            deep = {"a": deep}
        created = api.create(settings=deep, name="Ünïcode 🎬")
        assert created["settings"] == deep
        path = f"/productions/{created['id']}"
        assert api.one("PATCH", path, {"settings": {"b": 2}})["settings"] == deep | {"b": 2}
