"""Requests generated from the documents: every answer is as documented."""

import dataclasses

import pytest

from playout.kit.rate_limit import RateLimit
from playout.web import application
from tests.api.helpers.documents import DOCUMENTED
from tests.api.helpers.fuzz import fuzz
from tests.api.helpers.things import Things

pytestmark = pytest.mark.slow

KNOWN = {
    "publications": {"path.session_id": "session_id"},
    "shares": {
        "path.project_id": "project_id",
        "path.template_id": "template_id",
        "body.templateId": "template_id",
        "query.projectId": "project_id",
        "body.projectId": "project_id",
        "query.organizationId": "organization_id",
    },
    "videos": {
        "path.video_id": "video_id",
        "path.section_id": "section_id",
        "path.workspace_id": "workspace_id",
        "query.workspace": "workspace_id",
        "body.workspace": "workspace_id",
        "body.category": "categories",
    },
    "productions": {
        "path.production_id": "production_id",
        "path.distribution_id": "distribution_id",
        "path.activation_id": "activation_id",
        "query.property": "workspace_id",
        "body.property": "workspace_id",
    },
}


@pytest.fixture(scope="module")
def unhindered(runtime):
    """Return the application without a rate limit."""
    return application(dataclasses.replace(runtime, rate_limit=RateLimit(10**9, None)))


@pytest.mark.slow
class TestFuzz:
    @pytest.mark.parametrize("api", DOCUMENTED)
    def test_every_answer_is_as_the_document_says(self, web, unhindered, tenant, api):
        things = Things(web, tenant)
        known = {place: things[name] for place, name in KNOWN[api].items()}
        run = fuzz(unhindered, f"{DOCUMENTED[api]}/openapi.json", tenant.key, known)
        print(api, run.answers.total(), dict(run.answers))
        found = (f"{name}\n{shown}" for name, shown in run.findings.items())
        assert not run.findings, "\n\n".join(found)
        assert {200, 400, 401, 404, 405} <= run.answers.keys(), "it did not get far"
