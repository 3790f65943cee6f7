"""The server is killed after a commit and before its answer, or just before the commit.

The client does not know which; it asks again with the same Idempotency-Key.
"""

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from tests.faults.helpers.commits import (
    answers_closed,
    commits_unanswered,
    wait_for_answers,
    wait_for_commits,
)
from tests.faults.helpers.requests import WITHOUT_WORKER
from tests.helpers.live import EXTERNAL, Founded, Live, create_video, serving, until

pytestmark = pytest.mark.slow
Json = dict[str, Any]


@dataclass(frozen=True)
class Write:
    """A request, and how many things stand in the database because of it."""

    path: str
    body: Any
    status: int
    count: str
    things: int

    def send(self, client: httpx2.Client) -> httpx2.Response:
        headers = {"Idempotency-Key": f"once-at-{self.path}"}
        return client.post(self.path, json=self.body, headers=headers)


WRITES: dict[str, Callable[[Json], Write]] = {
    "a video": lambda stage: Write(
        "/api/v1/videos/",
        {"title": "Once", "workspace": stage["project"], "external_url": EXTERNAL},
        201,
        "SELECT count(*) FROM videos WHERE title = 'Once'",
        1,
    ),
    "a publication": lambda stage: Write(
        "/v1/publications/publish",
        {"session_id": stage["session_id"], "tags": "once"},
        200,
        "SELECT count(*) FROM publications WHERE tags = '{once}'",
        1,
    ),
    "a batch of a hundred productions": lambda stage: Write(
        "/productions",
        [{"name": f"Number {number}"} for number in range(100)],
        201,
        "SELECT count(*) FROM videos WHERE title LIKE 'Number %%'",
        100,
    ),
    "a render credential": lambda stage: Write(
        "/api/credentials",
        {"projectId": stage["other_project"], "name": "Once"},
        201,
        "SELECT count(*) FROM render_credentials WHERE name = 'Once'",
        1,
    ),
}
named = pytest.mark.parametrize("name", WRITES)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with serving(tmp_path_factory.mktemp("unanswered"), options=WITHOUT_WORKER) as live:
        yield live


@pytest.fixture(scope="module")
def writes(live: Live, acme: Founded) -> dict[str, Write]:
    with live.client(acme.key) as client:
        video = create_video(client, acme.project, external_url=EXTERNAL)
        # A project by itself: who makes a credential waits for what is entered in its project.
        other = client.post("/api/Projects", json={"name": "Landing pages"}).json()
    stage = video | {"project": acme.project, "other_project": other["id"]}
    return {name: write(stage) for name, write in WRITES.items()}


def ask_and_kill(
    live: Live, acme: Founded, writes: Collection[Write], wait: Callable[[Live, int], None]
) -> None:
    """Have the writes on their way, kill the server there, and see that nobody was answered."""

    def ask(write: Write) -> None:
        with live.client(acme.key) as client, pytest.raises(httpx2.TransportError):
            write.send(client)

    with ThreadPoolExecutor(len(writes)) as pool:
        waiting = [pool.submit(ask, write) for write in writes]
        try:
            wait(live, len(writes))
        finally:
            live.kill()
        for each in waiting:
            each.result()


def count(live: Live, write: Write) -> int:
    [[number]] = live.rows(write.count)
    assert isinstance(number, int)
    return number


class TestKilledBeforeTheCommit:
    def test_nothing_is_there(self, live: Live, acme: Founded, writes: dict[str, Write]) -> None:
        with answers_closed(live):
            ask_and_kill(live, acme, writes.values(), wait_for_answers)
        live.start()
        assert {name: count(live, write) for name, write in writes.items()} == dict.fromkeys(
            writes, 0
        )


class TestKilledBetweenCommitAndAnswer:
    @named
    def test_the_work_is_done_once_and_its_first_answer_is_given_again(
        self, live: Live, acme: Founded, writes: dict[str, Write], name: str
    ) -> None:
        write = writes[name]
        # One at a time: commits that notify others wait for each other.
        with commits_unanswered(live):
            ask_and_kill(live, acme, [write], wait_for_commits)
        until(lambda: count(live, write) == write.things, 9, "what was committed")
        live.start()
        with live.client(acme.key) as client:
            first, again = write.send(client), write.send(client)
        assert first.status_code == write.status, first.text
        assert first.headers["Idempotency-Replayed"] == "true"
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert count(live, write) == write.things

    def test_the_answers_and_the_ledger_tell_of_what_is_there(
        self, live: Live, acme: Founded, writes: dict[str, Write]
    ) -> None:
        with live.client(acme.key) as client:
            told = {name: write.send(client).json() for name, write in writes.items()}
            video = client.get(f"/api/v1/videos/{told['a video']['id']}/").json()
            page = client.get(told["a publication"]["publication"]["page_url"])
            ids = [each["id"] for each in told["a batch of a hundred productions"]["data"]]
            project = told["a render credential"]["projectId"]
            credentials = client.get(f"/api/credentials?projectId={project}").json()
            assert client.get(f"/productions/{ids[73]}").status_code == 200
        assert video == told["a video"]
        assert page.status_code == 200
        assert len(set(ids)) == 100
        # The secret was never written down, so that it cannot be said again.
        assert "apiSecret" not in told["a render credential"]
        assert credentials == [told["a render credential"]]
        events = dict(live.rows("SELECT event, count(*) FROM ledger GROUP BY event"))
        assert events["video.created"] == 1 + 1 + 100
        assert (events["video.published"], events["credential.created"]) == (1, 1)
