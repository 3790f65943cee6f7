"""The routes of the Publications API: another actor's session is a 403, as its document orders."""

from tests.api.helpers.authorization import DEVELOPER, MANAGER, VIEWER, Rule, Table

TITLE = {"title": "Changed by the caller"}
FLAT = {"session_id": "{session_id}"}
LATEST = "/v1/video/fetch_latest_version"
WORKING = {"session_id": "{working_session}"}
JOINED = {"session_ids": ["{joined_session}", "{joined_session}"]}
VIEWED = {"publication_id": "{publication_id}", "viewer_id": "{new_viewer}"}
SESSION = "/v1/publications/session/{session_id}"

RULES: Table = {
    ("POST", "/v1/publications/publish"): Rule(200, MANAGER, 403, FLAT | TITLE, published=MANAGER),
    ("POST", "/v1/publications/edit"): Rule(200, MANAGER, 403, FLAT | TITLE, published=MANAGER),
    ("POST", "/v1/publications/revoke"): Rule(200, MANAGER, 403, FLAT, published=MANAGER),
    ("POST", SESSION): Rule(200, MANAGER, 403, TITLE, published=MANAGER),
    ("PATCH", SESSION): Rule(200, MANAGER, 403, TITLE, published=MANAGER),
    ("DELETE", SESSION): Rule(200, MANAGER, 403, published=MANAGER),
    ("GET", "/v1/video/list_completed_video_sessions"): Rule(200, VIEWER, 200),
    ("GET", "/v1/status"): Rule(200, VIEWER, 403, address="/v1/status?request_id={session_id}"),
    ("GET", LATEST): Rule(200, VIEWER, 403, address=LATEST + "?session_id={session_id}"),
    ("POST", "/v1/video/cancel_render"): Rule(200, DEVELOPER, 403, WORKING),
    ("POST", "/v1/cancel_render"): Rule(200, DEVELOPER, 403, WORKING),
    ("POST", "/v1/video/join_videos"): Rule(200, DEVELOPER, 403, JOINED),
    ("POST", "/v1/join_videos"): Rule(200, DEVELOPER, 403, JOINED),
    ("POST", "/v1/gallery/search"): Rule(200, VIEWER, 200, {"query": "a"}),
    ("POST", "/v1/gallery/recommendations"): Rule(200, VIEWER, 200, {}),
    ("POST", "/v1/gallery/events/view"): Rule(200, DEVELOPER, 403, VIEWED),
    ("POST", "/v1/gallery/sync"): Rule(200, VIEWER, 200),
    ("POST", "/v1/gallery/publications/update_embeddings"): Rule(200, VIEWER, 200),
    ("GET", "/v1/gallery/status"): Rule(200, VIEWER, 200),
    ("GET", "/v1/interactive_publications"): Rule(200, VIEWER, 200),
    ("GET", "/v1/users/verify_token"): Rule(200, VIEWER, 200),
}
