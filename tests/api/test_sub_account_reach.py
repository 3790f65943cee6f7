"""What a sub-account reads beside its videos: what they use, and the project for new ones."""

import pytest

from playout.core.accounts import service as accounts
from playout.core.principal import OPERATOR
from playout.core.unit import Origin
from tests.helpers.tenants import EXTERNAL, bearer

API = "/api/v1"
NOUNS = ("templates", "categories", "subcategories", "tags")
FIELDS = {"templates": "template", "categories": "category", "subcategories": "subcategory"}


@pytest.fixture
def customer(tenant) -> dict[str, str]:
    return bearer(tenant.sub_account_key())


@pytest.fixture
def entries(web, tenant):
    """Entries of the catalog, by noun, in pairs: the first is used by the customer's video."""

    def make(noun: str, name: str, **more: object) -> int:
        body = {"name": f"{noun} {name}", **more}
        answer = web.post(f"{API}/{noun}/", json=body, headers=tenant.headers)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    pairs = {
        noun: [make(noun, name) for name in ("used", "other")]
        for noun in NOUNS
        if noun != "subcategories"
    }
    pairs["subcategories"] = [
        make("subcategories", str(category), category=category) for category in pairs["categories"]
    ]
    return pairs


@pytest.fixture
def video(web, tenant, customer, make_video, entries) -> dict[str, object]:
    """A video of the customer; the organization has classified it."""
    made = make_video(customer["Authorization"].removeprefix("Bearer "))
    fields = {field: entries[noun][0] for noun, field in FIELDS.items()}
    body = fields | {"tags": entries["tags"][:1]}
    answer = web.patch(f"{API}/videos/{made['id']}/", json=body, headers=tenant.headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def other_project(web, tenant) -> dict[str, object]:
    """A second project of the organization, as a workspace."""
    web.post("/api/Projects", json={"name": "Internal"}, headers=tenant.headers)
    spaces = web.get(f"{API}/workspaces/", headers=tenant.headers).json()["results"]
    return next(each for each in spaces if each["name"] == "Internal")


def ids(answer) -> list[int]:
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["results"]) == answer.json()["count"]
    return [each["id"] for each in answer.json()["results"]]


class TestCatalog:
    @pytest.mark.parametrize("noun", NOUNS)
    def test_a_sub_account_reads_what_its_videos_use(self, web, customer, entries, video, noun):
        used, other = entries[noun]
        assert ids(web.get(f"{API}/{noun}/", headers=customer)) == [used]
        assert web.get(f"{API}/{noun}/{used}/", headers=customer).status_code == 200
        foreign = web.get(f"{API}/{noun}/{other}/", headers=customer)
        assert foreign.status_code == 404

    @pytest.mark.parametrize("noun", NOUNS)
    def test_a_deleted_video_uses_nothing(self, web, customer, entries, video, noun):
        assert web.delete(f"{API}/videos/{video['id']}/", headers=customer).status_code == 204
        assert ids(web.get(f"{API}/{noun}/", headers=customer)) == []

    @pytest.mark.parametrize("noun", NOUNS)
    def test_another_sub_account_reads_nothing_of_it(self, web, tenant, entries, video, noun):
        other = bearer(tenant.sub_account_key())
        assert ids(web.get(f"{API}/{noun}/", headers=other)) == []

    @pytest.mark.parametrize("noun", NOUNS)
    def test_names_cannot_be_read_by_using_an_entry(self, web, customer, entries, video, noun):
        other = entries[noun][1]
        body = {FIELDS.get(noun, noun): [other] if noun == "tags" else other}
        path = f"{API}/videos/{video['id']}/"
        assert web.patch(path, json=body, headers=customer).status_code == 400
        assert web.patch(path, json=body, headers=customer).json()["errors"]

    def test_a_video_is_sent_back_as_it_was_read(self, web, customer, video):
        path = f"{API}/videos/{video['id']}/"
        read = web.get(path, headers=customer).json()
        answer = web.put(path, json=read, headers=customer)
        assert answer.status_code == 200, answer.text
        assert answer.json()["tags"] == read["tags"] != []


class TestProjects:
    def test_a_sub_account_without_videos_has_the_default_project(
        self, web, tenant, customer, other_project
    ):
        assert ids(web.get(f"{API}/workspaces/", headers=customer)) == [tenant.project_id]
        projects = web.get("/api/Projects", headers=customer).json()
        assert [each["name"] for each in projects] == ["Videos"]
        body = {"title": "New", "workspace": tenant.project_id, "external_url": EXTERNAL}
        assert web.post(f"{API}/videos/", json=body, headers=customer).status_code == 201

    def test_other_projects_do_not_exist_for_it(self, web, tenant, customer, other_project):
        path = f"{API}/workspaces/{other_project['id']}/"
        assert web.get(path, headers=customer).status_code == 404
        ours = web.get("/api/Projects", headers=tenant.headers).json()
        uid = next(each["id"] for each in ours if each["name"] == "Internal")
        assert web.get(f"/api/Projects/{uid}", headers=customer).status_code == 404
        body = {"title": "New", "workspace": other_project["id"]}
        assert web.post(f"{API}/videos/", json=body, headers=customer).status_code == 400
        item = [{"name": "New", "property": str(other_project["id"])}]
        assert web.post("/productions", json=item, headers=customer).status_code == 403

    def test_the_projects_of_its_videos_do(self, web, tenant, customer, make_video, other_project):
        video = make_video(customer["Authorization"].removeprefix("Bearer "))
        body = {"workspace": other_project["id"]}
        path = f"{API}/videos/{video['id']}/"
        assert web.patch(path, json=body, headers=tenant.headers).status_code == 200
        both = [tenant.project_id, other_project["id"]]
        assert ids(web.get(f"{API}/workspaces/", headers=customer)) == both

    def test_the_default_of_its_key_comes_before_the_oldest(
        self, runtime, web, tenant, other_project
    ):
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            account = accounts.create_sub_account(unit, tenant.organization, "Customer")
            _, secret = accounts.create_key(
                unit,
                runtime.signer,
                tenant.organization,
                "Sub",
                sub_account_id=account.id,
                settings={"defaults": {"property": str(other_project["id"])}},
            )
        headers = bearer(secret)
        assert ids(web.get(f"{API}/workspaces/", headers=headers)) == [other_project["id"]]
        created = web.post("/productions", json=[{"name": "New"}], headers=headers)
        assert created.status_code == 201
        assert created.json()["data"][0]["property"] == str(other_project["id"])
