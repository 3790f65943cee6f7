"""A source that lies elsewhere is fetched by a job, through the guard and no other way."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.api.helpers.uploads import clip, settled


class Elsewhere(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, body = {"/clip.mp4": (200, clip()), "/moved": (302, b"")}.get(
            self.path, (404, b"gone")
        )
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if status == 302:
            self.send_header("Location", "/clip.mp4")
        self.end_headers()
        self.wfile.write(body)
        self.server.asked.append((self.path, self.headers["Host"], self.headers["Authorization"]))

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def elsewhere() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        server.asked = []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def fetch(web, tenant, make_video):
    """Enter a video with that source and wait for what becomes of it."""
    return lambda url: settled(web, tenant.headers, make_video(external_url=None, source_url=url))


class TestSourceUrl:
    def test_it_is_fetched_and_plays(self, web, elsewhere, fetch):
        host = f"127.0.0.1:{elsewhere.server_port}"
        video = fetch(f"http://{host}/clip.mp4")
        assert (video["status"], video["failure_reason"]) == ("completed", None)
        assert web.get(video["video"]).status_code == 200
        assert elsewhere.asked == [("/clip.mp4", host, None)]

    def test_a_redirect_is_not_followed(self, elsewhere, fetch):
        video = fetch(f"http://127.0.0.1:{elsewhere.server_port}/moved")
        assert (video["status"], len(elsewhere.asked)) == ("failed", 1)
        assert "302" in video["failure_reason"]

    def test_what_is_not_there_fails_with_the_status(self, elsewhere, fetch):
        video = fetch(f"http://127.0.0.1:{elsewhere.server_port}/nothing")
        assert video["status"] == "failed"
        assert "404" in video["failure_reason"]

    @pytest.mark.parametrize(
        "url", ["http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://[::1]/x"]
    )
    def test_an_address_that_may_not_be_reached_fails_with_the_reason(self, fetch, url):
        video = fetch(url)
        assert video["status"] == "failed"
        assert "may not be reached" in video["failure_reason"]

    def test_nobody_there_fails_with_a_reason(self, elsewhere, fetch):
        video = fetch("http://127.0.0.1:1/x.mp4")
        assert video["status"] == "failed"
        assert "could not be reached" in video["failure_reason"]

    def test_a_source_and_a_final_video_at_once_are_refused(self, web, tenant):
        url = "https://cdn.example.com/v.mp4"
        body = {"title": "x", "workspace": tenant.project_id}
        answer = web.post(
            "/api/v1/videos/",
            json=body | {"source_url": url, "external_url": url},
            headers=tenant.headers,
        )
        assert answer.status_code == 400
        assert "external_url" in answer.json()["errors"]
