"""The server is killed while viewers are counted: at most the events of a second are lost."""

import html
import json
import re
import time

import pytest

from tests.helpers.live import EXTERNAL, Founded, Live, create_video, playout, publish, until

pytestmark = pytest.mark.slow

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"
COUNTING = re.compile(r'data-counting="([^"]+)"')
LOST_SECONDS = 1.0
KILL_AFTER = 3.0


class TestKilledWhileCounting:
    def test_only_the_last_second_is_lost_and_the_salt_is_still_known(
        self, live: Live, acme: Founded
    ) -> None:
        with live.client(acme.key) as client:
            video = create_video(client, acme.project, external_url=EXTERNAL)
            publish(client, video["session_id"])
            path = f"/api/v1/videos/{video['id']}/"
            page = client.get(client.get(path).json()["custom_url"]).text
            told = json.loads(html.unescape(COUNTING.search(page)[1]))
            answered: list[float] = []

            def view() -> None:
                name = f"{len(answered):016x}"
                body = {"token": told["token"], "view": name, "events": [{"kind": "view"}]}
                headers = {"User-Agent": BROWSER}
                answer = client.post(told["to"], content=json.dumps(body), headers=headers)
                assert answer.status_code == 204
                answered.append(time.monotonic())

            began = time.monotonic()
            while time.monotonic() - began < KILL_AFTER:
                view()
                time.sleep(0.05)
            killed = time.monotonic()
            live.kill()
            live.start()
            kept = [each for each in answered if each < killed - LOST_SECONDS]

            def totals() -> dict[str, int]:
                return client.get(f"{path}analytics/").json()["totals"]

            before = totals()["views"]
            assert len(kept) <= before <= len(answered)
            view()
            until(lambda: totals()["views"] == before + 1, 10, "the next view is counted")
            assert totals()["daily_visitors"] == 1  # the salt was kept
        said = playout("analytics", str(video["id"]), PLAYOUT_URL=live.url, PLAYOUT_KEY=acme.key)
        assert re.search(rf"views\W+{before + 1}\W+0\b", said.stdout), said
