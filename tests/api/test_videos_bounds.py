"""Each field of a video: its bounds, and whether it may be written, by the public reference."""

import pytest

from tests.helpers.tenants import EXTERNAL, found_tenant

INT32 = (-(2**31), 2**31 - 1)
NO_INT32 = (INT32[0] - 1, INT32[1] + 1, 1.5, "many", True)
ADDRESSES = (("no address", "//cdn.example.com/x.jpg", 7), (f"{EXTERNAL}?a=%C3%BC", None))
NAMES = (("x" * 256, 7), ("x" * 255, "", None))
FLAGS = (("perhaps", None, 3), (True, False))
MOMENTS = ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00.5+02:00", None)
WRITABLE = {
    "title": (("x" * 256, "", " ", None, 7), ("x" * 255, "\u00e9" * 255)),
    "workspace": (("none", None, 0, 2**63, True), ()),
    "template": (("none", {}, {"name": "No id"}, -1, False), (None,)),
    "description": ((7,), ("", None)),
    "cover_image": ADDRESSES,
    "thumbnail": ADDRESSES,
    "generated_script": (([],), ("Once upon a time", None)),
    "visibility": (("secret", None), ("public", "private", "team", "org")),
    "plan": ((), ({"a": [1]}, ["x"], "text", 1, None)),
    "source_experience": (NO_INT32, (*INT32, None)),
    "category": (("none", 0), (None,)),
    "subcategory": (("none", 0), (None,)),
    "tags": (("launch", None, ["launch"]), ([],)),
    "is_active": FLAGS,
}
"""`{field: (what is refused, what is taken)}`."""
INTERNAL = "planning scripting audio_sync visuals rendering merging completed failed"
OWN_WORK = {
    "owner": (("me", None, 1), ({}, {"id": 4})),
    "status": (("done", None), ("not_started", "in_progress", "completed", "failed")),
    "internal_status": (("done", None), tuple(INTERNAL.split())),
    "generation_progress": ((*NO_INT32, None), INT32),
    "is_regenerating": FLAGS,
    "is_draft": FLAGS,
    "duration": (NO_INT32, (*INT32, None)),
    "deleted_at": (("yesterday", [], 0, "0"), MOMENTS),
    "created_by": NAMES,
    "updated_by": NAMES,
    "deleted_by": NAMES,
}
"""The same for what may be sent, and what Playout then finds out by itself."""
FIELDS = WRITABLE | OWN_WORK
READ_ONLY = (
    *("id", "sections", "video", "owner_username", "metrics", "tag_names", "category_name"),
    *("subcategory_name", "custom_url", "uid", "created_at", "updated_at"),
    *("session_id", "failure_reason", "sub_account"),
)
"""By the reference, and of our extensions."""


@pytest.fixture(scope="module")
def publish(web, runtime):
    """Publishes one and the same video with a body; gives the answer."""
    tenant = found_tenant(runtime)
    body = {"title": "A video", "workspace": tenant.project_id, "external_url": EXTERNAL}
    made = web.post("/api/v1/videos/", json=body, headers=tenant.headers).json()
    path = f"/api/v1/videos/{made['id']}/publish/"
    return lambda body: web.post(path, json=body, headers=tenant.headers)


def cases(column: int, fields: dict[str, tuple[tuple[object, ...], tuple[object, ...]]] = FIELDS):
    return [
        pytest.param(name, value, id=f"{name}-{str(value)[:24]}")
        for name, values in fields.items()
        for value in values[column]
    ]


@pytest.mark.parametrize(("name", "value"), cases(0))
def test_what_lies_beyond_the_bounds_is_refused_and_named(publish, name, value):
    answer = publish({name: value})
    assert answer.status_code == 400, answer.text
    assert [field.partition(".")[0] for field in answer.json()["errors"]] == [name]


@pytest.mark.parametrize(("name", "value"), cases(1, WRITABLE))
def test_what_lies_within_the_bounds_is_taken(publish, name, value):
    answer = publish({name: value})
    assert answer.status_code == 200, answer.text
    if name != "template":
        assert answer.json()[name] == value


@pytest.mark.parametrize(("name", "value"), cases(1, OWN_WORK))
def test_what_playout_finds_out_by_itself_is_taken_and_left_alone(publish, name, value):
    before = publish({}).json()
    answer = publish({name: value})
    assert answer.status_code == 200, answer.text
    assert answer.json() == before


@pytest.mark.parametrize("value", ["junk", None, 7, {}])
@pytest.mark.parametrize("name", READ_ONLY)
def test_what_may_only_be_read_is_ignored_whatever_is_sent(publish, name, value):
    before = publish({}).json()
    assert publish({name: value}).json() == before
