"""The names by which pages call roles, and the people who did something."""

import pytest

from playout.core.permissions import Role


@pytest.fixture
def video(admin, tenant) -> str:
    """The path of a video that a member added."""
    project = str(tenant.project_id)
    added = admin.submit("/console/videos/new", title="Spring", project=project)
    return added.headers["location"].removeprefix("/console")


class TestAuthors:
    def test_members_read_the_names_of_members(self, admin, look, video, add, tenant, other):
        other.sign_in(add(tenant, "ben", Role.VIEWER))
        for page in (video, "/automation/events", "/organization/ledger"):
            assert "<bdi>Ada</bdi>" in admin.get(f"/console{page}").text, page
            assert "<bdi>Ada</bdi>" in look(page), page
        assert "<bdi>Ada</bdi>" in other.get(f"/console{video}").text
        assert "Token of Ada" in admin.get("/console/automation/keys").text

    def test_a_program_that_may_not_see_members_reads_no_name(self, look, video):
        page = look(video, Role.VIEWER)
        assert "Ada" not in page
        assert "<bdi>Member " in page


class TestRoles:
    def test_roles_have_the_names_that_people_use(self, look, add, tenant, other):
        page = look("/automation/keys")
        assert 'value="ProjectManager">Project manager</option>' in page
        other.sign_in(add(tenant, "pia", Role.PROJECT_MANAGER))
        assert ">Project manager<" in other.get("/console/videos").text
