"""How each API has to refuse."""


def assert_told(answer, path: str) -> None:
    """A refusal in the shape of the API at that path, with the id of the request."""
    assert 400 <= answer.status_code < 500, (path, answer.text)
    assert answer.headers["x-request-id"]
    body = answer.json()
    if path.startswith("/api/v1"):
        _assert_problem(answer, body, "request_id")
    elif path.startswith("/api"):
        _assert_problem(answer, body, "traceId")
    elif path.startswith("/v1"):
        assert body.keys() == {"message", "code"}
        assert all(body.values())
    else:
        assert body.keys() == {"status", "error"}
        assert body["status"] == "error"
        assert body["error"].keys() == {"message"}
        assert body["error"]["message"]


def _assert_problem(answer, body, request_id: str) -> None:
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["status"] == answer.status_code
    assert all(isinstance(body[name], str) for name in ("type", "title", "detail"))
    assert body[request_id] == answer.headers["x-request-id"]
