"""The routes of the Publications API: another actor's session is a 403, as its document orders."""

from tests.api.helpers.authorization import MANAGER, VIEWER, Rule, Table

TITLE = {"title": "Changed by the caller"}
FLAT = {"session_id": "{session_id}"}
SESSION = "/v1/publications/session/{session_id}"

RULES: Table = {
    ("POST", "/v1/publications/publish"): Rule(200, MANAGER, 403, FLAT | TITLE, published=MANAGER),
    ("POST", "/v1/publications/edit"): Rule(200, MANAGER, 403, FLAT | TITLE, published=MANAGER),
    ("POST", "/v1/publications/revoke"): Rule(200, MANAGER, 403, FLAT, published=MANAGER),
    ("POST", SESSION): Rule(200, MANAGER, 403, TITLE, published=MANAGER),
    ("PATCH", SESSION): Rule(200, MANAGER, 403, TITLE, published=MANAGER),
    ("DELETE", SESSION): Rule(200, MANAGER, 403, published=MANAGER),
    ("GET", "/v1/video/list_completed_video_sessions"): Rule(200, VIEWER, 200),
}
