"""Every operation of the documents, called with its examples."""

import pytest

from tests.api.helpers.authorization_tables import RULES
from tests.api.helpers.documents import DOCUMENTED, Document, document, real
from tests.api.helpers.things import Things

OTHERS = ("/v1/", "/api/v1/", "/api/")
PROTOCOL = "/api/v1/uploads/"
"""Operations of tus, which is specified in a document of its own."""


def routes(api: str) -> list[tuple[str, str]]:
    base = f"{DOCUMENTED[api]}/"
    longer = tuple(each for each in OTHERS if len(each) > len(base))
    other = (PROTOCOL, *longer)
    return [key for key in RULES if key[1].startswith(base) and not key[1].startswith(other)]


CASES = [
    pytest.param(api, route, id=" ".join(route)) for api in DOCUMENTED for route in routes(api)
]


@pytest.fixture(scope="module")
def documents(web) -> dict[str, Document]:
    return {api: document(web, api) for api in DOCUMENTED}


class TestExamples:
    @pytest.mark.parametrize(("api", "route"), CASES)
    def test_an_example_succeeds_with_the_answer_that_is_documented(
        self, web, tenant, documents, api, route
    ):
        told, rule = documents[api], RULES[route]
        operation = told.operation(*route)
        examples = told.examples(operation)
        taken = operation.get("requestBody", {}).get("content", {})
        assert ("application/json" in taken) is bool(examples)
        for example in examples or [None]:
            things = Things(web, tenant)
            things.pop("project_id", None)
            address = (rule.address or route[1]).format_map(things)
            body = None if example is None else real(example, rule.body, things)
            answer = web.request(
                route[0],
                address,
                json=body,
                content=rule.raw,
                headers={**things.headers, **rule.headers},
            )
            assert answer.is_success, answer.text
            told.check(operation, answer)

    @pytest.mark.parametrize("api", DOCUMENTED)
    def test_the_document_has_all_routes_and_no_other(self, documents, api):
        told = documents[api]
        there = {(method, told.base + path) for method, path, _ in told.operations()}
        assert there == set(routes(api))
