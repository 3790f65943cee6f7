"""Two tabs that edit the same thing: who saves second is told, and keeps what was typed."""

import re

import pytest


@pytest.fixture
def opened(web, tenant, make_video):
    """The page of each form, the form's address, and what the two tabs type."""
    video = make_video()
    (project,) = web.get("/api/Projects", headers=tenant.headers).json()
    brand = f"/landing/{project['id']}/brand"
    plain = {"color": "#112233", "accent": "#112233", "font": "sans"}
    renamed = f"/organization/projects/{project['id']}"
    return {
        "brand": (brand, brand, {"name": "First", **plain}, {"name": "Second", **plain}),
        "sites": (
            f"/videos/{video['id']}",
            f"/videos/{video['id']}/sites",
            {"sites": "https://first.example"},
            {"sites": "https://second.example"},
        ),
        "project": ("/organization/projects", renamed, {"name": "First"}, {"name": "Second"}),
    }


@pytest.mark.parametrize("form", ["brand", "sites", "project"])
def test_the_second_is_told_and_may_save_again(look, send, opened, form):
    page, address, first, second = opened[form]

    def etag(html: str) -> str:
        action = f'action="/console{address}"' if page != address else 'id="save"'
        after = html.partition(action)[2]
        found = re.search(r'name="etag" value="([^"]+)"', after)
        return found[1].replace("&#34;", '"')

    seen = etag(look(page))
    assert send(address, etag=seen, **first).status_code == 303
    told = send(address, etag=seen, **second)
    assert told.status_code == 412
    assert "Somebody saved this since you opened it" in told.text
    (typed,) = set(second.values()) - set(first.values())
    assert typed in told.text
    assert send(address, etag=etag(told.text), **second).status_code == 303
    assert typed in look(page)
