"""The routes of uploads, at one of their two addresses: the other is the same application."""

from tests.api.helpers.authorization import DEVELOPER, MANAGER, Rule, Table

ALL = "/api/v1/uploads/"
ONE = f"{ALL}{{upload_id}}/"
TUS = {"Tus-Resumable": "1.0.0"}
BYTES = TUS | {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}

RULES: Table = {
    ("POST", ALL): Rule(201, DEVELOPER, 201, headers=TUS | {"Upload-Length": "8"}),
    ("HEAD", ONE): Rule(200, DEVELOPER, 404, headers=TUS),
    ("PATCH", ONE): Rule(204, DEVELOPER, 404, raw=b"no video", headers=BYTES, published=MANAGER),
    ("DELETE", ONE): Rule(204, DEVELOPER, 404, headers=TUS, published=DEVELOPER),
}
