"""A reader of events sees what the routes of their subjects would show, and no secret of any."""

import json

import pytest
from sqlalchemy import text, tuple_

from playout.core.accounts import service as accounts
from playout.core.events.queries import readable_by
from playout.core.ledger.model import Entry
from playout.core.permissions import Role
from playout.core.principal import OPERATOR, Principal
from playout.core.projects import service as projects
from playout.core.unit import Origin
from playout.core.webhooks import messages
from playout.core.webhooks import service as webhooks
from tests.helpers.tenants import bearer, found_tenant

EVENTS = "/api/v1/events/"
SIGNED = "https://cdn.example.com/final.mp4?X-Signature=s3cr3t-signature#t=1"
HOOK = "https://hooks.example.com/services/T0/s3cr3t-path?token=s3cr3t-token"


@pytest.fixture
def read(web, tenant):
    """The events that a key reads, by each way of reading: `list`, `cursor`, `stream`."""

    def read(key: str, way: str = "list") -> list[dict]:
        headers = bearer(key)
        if way == "list":
            body = web.get(f"{EVENTS}?page_size=100", headers=headers).json()
            assert body["count"] == len(body["results"])
            return body["results"]
        if way == "stream":
            answer = web.get(f"{EVENTS}stream/?cursor=0-0&seconds=0", headers=headers)
            lines = answer.text.splitlines()
            return [json.loads(line[6:]) for line in lines if line.startswith("data: ")]
        return read_all(web, headers)

    return read


def read_all(web, headers) -> list[dict]:
    """Every event, two at a time."""
    found, url = [], f"{EVENTS}?cursor=0-0&page_size=2"
    while url:
        body = web.get(url, headers=headers).json()
        found += body["results"]
        url = body["next"] and body["next"].removeprefix("http://testserver")
    return found


def subjects(events: list[dict]) -> set[str]:
    return {each["subject"]["type"] for each in events}


def of_video(events: list[dict], video: dict) -> list[str]:
    return [each["type"] for each in events if each["subject"]["id"] == video["uid"]]


def publish(web, tenant, video):
    return web.post(f"/api/v1/videos/{video['id']}/publish/", headers=tenant.headers)


def key_of(runtime, tenant, role: Role, *project_ids: int) -> str:
    with runtime.work.write(OPERATOR, Origin("tests")) as unit:
        return accounts.create_key(
            unit, runtime.signer, tenant.organization, "K", role=role, project_ids=[*project_ids]
        )[1]


@pytest.fixture
def everything(web, runtime, tenant, make_video):
    """An event of every kind of subject that only some may read."""
    with runtime.work.write(OPERATOR, Origin("tests")) as unit:
        accounts.create_sub_account(unit, tenant.organization, "Customer")
        accounts.add_member(unit, tenant.organization, "ada@example.com", "Ada", Role.VIEWER)
        webhooks.create(unit, runtime.cipher, tenant.organization, HOOK, ["*"])
    assert web.get("/api/v1/keys/", headers=bearer(tenant.keys[Role.VIEWER])).status_code == 403
    video = make_video(title="Shown")
    made = web.post(
        f"/productions/{video['id']}/distributions",
        json=[{"name": "D", "settings": {}}],
        headers=tenant.headers,
    )
    assert made.status_code == 201, made.text
    with runtime.work.read(OPERATOR) as unit:
        project = projects.queries.by_id(unit, tenant.project_id)
        uid = str(project.uid)
    body = {"projectId": uid, "name": "C"}
    assert web.post("/api/credentials", json=body, headers=tenant.headers).status_code == 201
    body = {"publicTitle": "S"}
    path = f"/api/Projects/{uid}/public-video-shares/DEV"
    assert web.put(path, json=body, headers=tenant.headers).status_code == 201


WAYS = pytest.mark.parametrize("way", ["list", "cursor", "stream"])
OF_READERS = {"organization", "project", "video", "distribution"}


class TestSubjects:
    @WAYS
    @pytest.mark.parametrize(
        ("role", "more"),
        [
            (Role.VIEWER, set()),
            (Role.DEVELOPER, set()),
            (Role.PROJECT_MANAGER, {"credential", "share"}),
            (
                Role.ORGANIZATION_ADMIN,
                {"credential", "share", "key", "webhook", "member", "sub_account", "request"},
            ),
        ],
    )
    def test_a_role_reads_events_of_what_its_routes_show(
        self, read, tenant, everything, role, more, way
    ):
        assert subjects(read(tenant.keys[role], way)) - {"upload"} == OF_READERS | more

    def test_a_key_of_some_projects_reads_no_events_of_the_organization(
        self, read, runtime, tenant, everything
    ):
        key = key_of(runtime, tenant, Role.ORGANIZATION_ADMIN, tenant.project_id)
        assert subjects(read(key)) == {"project", "video", "distribution", "share", "credential"}

    def test_no_member_is_named_by_their_address(self, read, tenant, everything):
        for role in tenant.keys:
            assert "ada@example.com" not in json.dumps(read(tenant.keys[role]))


class TestPrivateVideos:
    @WAYS
    def test_a_viewer_reads_nothing_of_a_private_video(self, web, read, tenant, make_video, way):
        hidden, shown = make_video(title="Secret plan"), make_video(title="Shown")
        publish(web, tenant, hidden)
        path = f"/productions/{hidden['id']}/distributions"
        web.post(path, json=[{"name": "Secret", "settings": {}}], headers=tenant.headers)
        seen = read(tenant.keys[Role.VIEWER], way)
        assert of_video(seen, hidden) == []
        assert "Secret" not in json.dumps(seen)
        assert of_video(seen, shown) == ["video.created"]
        assert "Secret plan" in json.dumps(read(tenant.keys[Role.DEVELOPER], way))

    def test_they_are_read_once_the_video_may_be(self, web, read, tenant, make_video):
        video = make_video()
        publish(web, tenant, video)
        path = f"/api/v1/videos/{video['id']}/"
        web.patch(path, json={"visibility": "org"}, headers=tenant.headers)
        assert "video.published" in of_video(read(tenant.keys[Role.VIEWER]), video)

    def test_of_a_deleted_video_only_those_who_manage_videos_read(
        self, web, read, tenant, make_video
    ):
        video = make_video(title="Secret plan")
        publish(web, tenant, video)
        web.delete(f"/api/v1/videos/{video['id']}/", headers=tenant.headers)
        assert of_video(read(tenant.keys[Role.VIEWER]), video) == []
        assert of_video(read(tenant.keys[Role.DEVELOPER]), video)[0] == "video.deleted"

    def test_a_video_that_moved_takes_its_events_out_of_reach(
        self, web, read, runtime, tenant, make_video
    ):
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            other = projects.create(unit, tenant.organization, "Other").id
        key = key_of(runtime, tenant, Role.PROJECT_MANAGER, tenant.project_id)
        video = make_video(title="Moves")
        assert of_video(read(key), video) == ["video.created"]
        path = f"/api/v1/videos/{video['id']}/"
        assert web.patch(path, json={"workspace": other}, headers=tenant.headers).is_success
        assert of_video(read(key), video) == []

    def test_a_sub_account_reads_of_its_own_videos_alone(self, read, tenant, make_video):
        key = tenant.sub_account_key()
        own, other = make_video(key), make_video()
        seen = read(key)
        assert of_video(seen, own) == ["video.created"]
        assert (of_video(seen, other), subjects(seen)) == ([], {"video"})


class TestSecrets:
    def ledger(self, runtime, tenant) -> str:
        query = text("SELECT json_agg(ledger)::text FROM ledger WHERE organization_id = :id")
        with runtime.database.read_session() as session:
            return session.scalar(query, {"id": tenant.organization.id})

    def test_no_signed_address_enters_the_ledger(self, runtime, tenant, make_video):
        make_video(external_url=SIGNED, description=f"Copied from {SIGNED}, then cut")
        ledger = self.ledger(runtime, tenant)
        assert "s3cr3t" not in ledger
        assert "https://cdn.example.com/final.mp4" in ledger

    def test_no_address_of_a_webhook_enters_the_ledger(self, runtime, tenant):
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            endpoint, _ = webhooks.create(unit, runtime.cipher, tenant.organization, HOOK, ["*"])
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            webhooks.update(unit, endpoint.id, {"url": f"{HOOK}2"})
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            webhooks.delete(unit, endpoint.id)
        ledger = self.ledger(runtime, tenant)
        assert "s3cr3t" not in ledger
        assert "https://hooks.example.com" in ledger
        assert "webhook.updated" in ledger

    def test_no_value_of_a_keys_settings_enters_the_ledger(self, web, runtime, tenant):
        (key, *_) = web.get("/api/v1/keys/", headers=tenant.headers).json()["results"]
        settings = {
            "upload": {"target": ["s3cr3t"]},
            "defaults": {"property": str(tenant.project_id)},
        }
        path = f"/api/v1/keys/{key['id']}/"
        assert web.patch(path, json={"settings": settings}, headers=tenant.headers).is_success
        ledger = self.ledger(runtime, tenant)
        assert "key.updated" in ledger
        assert "s3cr3t" not in ledger

    def test_no_secret_of_other_settings_enters_the_ledger(self, web, runtime, tenant, make_video):
        video = make_video()
        settings = {"api_token": "s3cr3t", "cdn": {"Password": "s3cr3t"}, "format": "HLS"}
        path = f"/productions/{video['id']}/distributions"
        body = [{"name": "D", "settings": settings}]
        assert web.post(path, json=body, headers=tenant.headers).status_code == 201
        ledger = self.ledger(runtime, tenant)
        assert "s3cr3t" not in ledger
        assert "HLS" in ledger

    @WAYS
    def test_secrets_in_older_rows_are_not_read(self, runtime, tenant, make_video, read, way):
        video = make_video()
        self.insert(runtime, tenant, "video", video["uid"], {"external_url": [None, SIGNED]})
        self.insert(runtime, tenant, "webhook", "1", {"url": [None, HOOK]})
        self.insert(runtime, tenant, "key", "1", {"settings": [{}, {"a": "s3cr3t"}]})
        assert "s3cr3t" not in json.dumps(read(tenant.key, way))

    def test_secrets_in_older_rows_reach_no_webhook(self, runtime, tenant, make_video):
        video = make_video()
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            webhooks.create(unit, runtime.cipher, tenant.organization, HOOK, ["*"])
        event = self.insert(
            runtime, tenant, "video", video["uid"], {"external_url": [None, SIGNED]}
        )
        with runtime.database.write_session() as session:
            messages.fan_out(session, [event])
        with runtime.database.read_session() as session:
            body = session.scalar(
                text("SELECT body FROM webhook_messages WHERE event_id = :id"), {"id": event}
            )
        assert b"cdn.example.com" in body
        assert b"s3cr3t" not in body

    def test_the_audit_of_a_share_has_none(self, web, runtime, tenant):
        with runtime.work.read(OPERATOR) as unit:
            uid = projects.queries.by_id(unit, tenant.project_id).uid
        path = f"/api/Projects/{uid}/public-video-shares/DEV"
        body = {"publicTitle": "S", "ctaLabel": "Go", "ctaUrl": SIGNED}
        assert web.put(path, json=body, headers=tenant.headers).status_code == 201
        self.insert(runtime, tenant, "share", f"{uid}/DEV", {"cta_url": [None, SIGNED]})
        audit = web.get(f"{path}/audit", headers=bearer(tenant.keys[Role.PROJECT_MANAGER])).text
        assert "cdn.example.com" in audit
        assert "s3cr3t" not in audit

    def insert(self, runtime, tenant, type_: str, id_: str, changes: dict) -> int:
        """A row as an earlier Playout wrote it."""
        statement = text(
            "INSERT INTO ledger (at, event, organization_id, project_id, subject_type, subject_id,"
            " actor_kind, actor_id, actor_name, api, changes, names) VALUES (now(),"
            " 'video.updated', :org, :project, :type, :id, 'key', '1', 'K', 'tests',"
            " CAST(:changes AS jsonb), '{}') RETURNING id"
        )
        values = {"org": tenant.organization.id, "project": tenant.project_id, "type": type_}
        values |= {"id": id_, "changes": json.dumps(changes)}
        with runtime.database.write_session() as session:
            return session.scalar(statement, values)


class TestEachOnce:
    def test_pages_and_cursor_give_every_readable_event_once(self, web, tenant, make_video):
        videos = [make_video(title=f"Video {number}") for number in range(6)]
        for video in videos[::2]:
            publish(web, tenant, video)
        headers = bearer(tenant.keys[Role.VIEWER])
        by_cursor = [each["id"] for each in read_all(web, headers)]
        first = web.get(f"{EVENTS}?page_size=3", headers=headers).json()
        pages, url = list(first["results"]), first["next"]
        while url:
            body = web.get(url.removeprefix("http://testserver"), headers=headers).json()
            pages, url = pages + body["results"], body["next"]
        by_page = [each["id"] for each in pages]
        assert by_cursor == sorted(set(by_cursor)) == by_page[::-1]
        assert first["count"] == len(by_page)
        assert sum(bool(of_video(pages, video)) for video in videos) == 3

    # What a Viewer may read depends on videos, and tests/core/test_plans.py asks for that.
    @pytest.mark.parametrize("role", list(Role)[1:])
    def test_a_cursor_reads_only_the_end_of_the_index_of_its_organization(self, runtime, role):
        readable = readable_by(Principal("key", "1", "K", role, 1))
        query = readable.where(
            Entry.organization_id == 1, Entry.xid >= 5, tuple_(Entry.xid, Entry.id) > (5, 3)
        )
        query = query.order_by(Entry.xid, Entry.id).limit(10)
        sql = query.compile(runtime.database.engine, compile_kwargs={"literal_binds": True})
        with runtime.database.read_session() as session:
            for each in ("enable_seqscan", "enable_bitmapscan", "enable_sort"):
                session.execute(text(f"SET LOCAL {each} = off"))
            plan = session.connection().exec_driver_sql(f"EXPLAIN {sql}").scalars().all()
        assert "ix_ledger_organization_id_xid_id" in "\n".join(plan)
        assert not [line for line in plan if "Sort" in line or "Seq Scan" in line]

    def test_another_organization_sees_none(self, web, runtime, make_video, read):
        make_video()
        other = found_tenant(runtime)
        for role in other.keys:
            assert "video" not in subjects(read(other.keys[role]))
