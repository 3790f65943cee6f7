"""How each API has to refuse, and the routes that there are to refuse at."""

WRITES = [
    ("POST", "/v1/publications/publish"),
    ("POST", "/v1/publications/edit"),
    ("POST", "/v1/publications/revoke"),
    ("POST", "/v1/publications/session/{session_id}"),
    ("PATCH", "/v1/publications/session/{session_id}"),
    ("POST", "/api/v1/videos/"),
]
WITHOUT_JSON = [
    ("DELETE", "/v1/publications/session/{session_id}"),
    ("GET", "/v1/video/list_completed_video_sessions"),
    ("GET", "/api/v1/videos/{video_id}/"),
    ("GET", "/api/v1/workspaces/"),
    ("PUT", "/api/v1/videos/{video_id}/source/"),
]


def assert_told(answer, path: str) -> None:
    """A refusal in the shape of the API at that path, with the id of the request."""
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["x-request-id"]
    body = answer.json()
    if path.startswith("/api/v1"):
        assert answer.headers["content-type"] == "application/problem+json"
        assert body["status"] == answer.status_code
        assert all(isinstance(body[name], str) for name in ("type", "title", "detail"))
        assert body["request_id"] == answer.headers["x-request-id"]
    else:
        assert body.keys() == {"message", "code"}
        assert all(body.values())
