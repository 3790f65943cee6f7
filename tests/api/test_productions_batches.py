"""Batches of productions: all or none, and an error names the invalid item."""

import threading

import pytest

from tests.api.helpers.productions_client import Productions, error_message, ledger

FAULTS = [
    ({}, "name"),
    ({"name": ""}, "name"),
    ({"name": "   "}, "name"),
    ({"name": None}, "name"),
    ({"name": 7}, "name"),
    ({"name": "x" * 256}, "name"),
    ({"name": "Fine", "settings": []}, "settings"),
    ({"name": "Fine", "settings": None}, "settings"),
    ({"name": "Fine", "settings": "x"}, "settings"),
    ({"name": "Fine", "settings": {"long": "x" * 70_000}}, "settings"),
    ({"name": "Fine", "property": "abc"}, "property"),
    ({"name": "Fine", "property": None}, "property"),
    ({"name": "Fine", "property": True}, "property"),
    ({"name": "Fine", "property": {}}, "property"),
    ("text", ""),
    (None, ""),
    ([], ""),
]


@pytest.fixture
def api(web, tenant):
    return Productions(web, tenant.key)


def hundred(api):
    return api.data("POST", "/productions", [{"name": f"Number {n}"} for n in range(100)])


class TestOneFault:
    @pytest.mark.parametrize(("fault", "field"), FAULTS)
    def test_in_item_73_of_a_hundred_new_ones_makes_none(self, api, tenant, fault, field):
        batch = [{"name": f"Number {n}"} for n in range(100)]
        batch[73] = fault
        message = error_message(api.call("POST", "/productions", batch), 400)
        assert message.startswith(f"item 73: {field}")
        assert api.all_pages("/productions") == []
        assert ledger(tenant, "video.created") == []

    def test_of_property_in_item_73_makes_none(self, api, tenant, other_tenant):
        batch = [{"name": f"Number {n}"} for n in range(100)]
        messages = set()
        for foreign in (str(other_tenant.project_id), str(2**62), "9" * 19, "1" * 19):
            batch[73]["property"] = foreign
            status = 400 if foreign == "9" * 19 else 403
            messages.add(error_message(api.call("POST", "/productions", batch), status))
        assert all(message.startswith("item 73: ") for message in messages)
        assert len(messages) == 2
        assert api.all_pages("/productions") == []

    @pytest.mark.parametrize("stranger", ["9000000000000000000", "abc", "-1", "07", "1e3", ""])
    def test_of_id_in_item_73_changes_none(self, api, tenant, stranger):
        created = hundred(api)
        batch = [{"id": each["id"], "name": "Changed"} for each in created]
        batch[73]["id"] = stranger
        message = error_message(api.call("PATCH", "/productions", batch), 404)
        assert message == "item 73: There is no such production."
        message = error_message(api.call("DELETE", "/productions", batch), 404)
        assert message == "item 73: There is no such production."
        assert {each["name"] for each in api.all_pages("/productions")} == {
            f"Number {n}" for n in range(100)
        }
        assert ledger(tenant, "video.updated") == []

    def test_of_value_in_item_73_changes_none(self, api):
        batch = [{"id": each["id"], "name": "Changed"} for each in hundred(api)]
        batch[73]["name"] = ""
        message = error_message(api.call("PATCH", "/productions", batch), 400)
        assert message.startswith("item 73: name: ")
        batch[73] = {"name": "No id"}
        message = error_message(api.call("PATCH", "/productions", batch), 400)
        assert message.startswith("item 73: id: ")
        for no_id in (None, 1.5, True, {}):
            batch[73] = {"id": no_id}
            message = error_message(api.call("DELETE", "/productions", batch), 400)
            assert message.startswith("item 73: id: ")
        assert "Changed" not in {each["name"] for each in api.all_pages("/productions")}

    def test_an_id_that_occurs_twice_is_refused(self, api):
        created = hundred(api)[:3]
        batch = [{"id": each["id"], "name": "Changed"} for each in (*created, created[1])]
        for method in ("PATCH", "DELETE"):
            message = error_message(api.call(method, "/productions", batch), 400)
            assert message == "item 3: Its id is that of item 1 already."

    def test_two_that_are_no_ids_are_not_the_same_one(self, api):
        message = error_message(api.call("DELETE", "/productions", [{"id": "x"}, {"id": "y"}]), 404)
        assert message == "item 0: There is no such production."


class TestShape:
    @pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
    @pytest.mark.parametrize("body", [{"name": "One", "id": "1"}, "text", 7, True])
    def test_a_body_that_is_no_array_is_refused(self, api, method, body):
        message = error_message(api.call(method, "/productions", body), 400)
        assert message == "The body must be an array, also for a single item."

    @pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
    def test_an_empty_array_is_refused(self, api, method):
        assert error_message(api.call(method, "/productions", []), 400) == "The array is empty."

    @pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
    def test_more_than_five_hundred_are_refused(self, api, method):
        batch = [{"name": "x", "id": str(n + 1)} for n in range(501)]
        assert "500" in error_message(api.call(method, "/productions", batch), 400)

    def test_five_hundred_are_taken_changed_and_deleted(self, api):
        created = api.data("POST", "/productions", [{"name": f"{n}"} for n in range(500)])
        assert len({each["id"] for each in created}) == 500
        changes = [{"id": each["id"], "settings": {"n": 1}} for each in reversed(created)]
        changed = api.data("PATCH", "/productions", changes)
        assert [each["id"] for each in changed] == [each["id"] for each in reversed(created)]
        assert all(each["settings"] == {"n": 1} for each in changed)
        assert (
            len(api.data("DELETE", "/productions", [{"id": each["id"]} for each in created])) == 500
        )
        assert api.all_pages("/productions") == []

    def test_an_id_may_come_as_a_number(self, api):
        created = api.create()
        body = [{"id": int(created["id"]), "name": "Renamed"}]
        assert api.one("PATCH", "/productions", body)["id"] == created["id"]


class TestCrossing:
    def test_batches_in_opposite_orders_wait_for_each_other(self, api):
        ids = [each["id"] for each in hundred(api)]
        statuses = []

        def change(order, name):
            body = [{"id": each, "name": name} for each in order]
            statuses.append(api.call("PATCH", "/productions", body).status_code)

        for turn in range(3):
            threads = [
                threading.Thread(target=change, args=(order, f"{turn} {name}"))
                for name, order in (("up", ids), ("down", ids[::-1]))
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert len({each["name"] for each in api.all_pages("/productions")}) == 1
        assert statuses == [200] * 6
