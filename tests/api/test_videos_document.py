"""What the Videos API answers is what its own document says, route by route."""

import pytest
from api_contract import faults_of
from api_things import Things, filled
from authorization_videos import API, RULES
from tenants import found_tenant


@pytest.fixture(scope="module")
def document(web):
    return web.get(f"{API}/openapi.json").json()


@pytest.fixture(scope="module")
def things(web, runtime):
    return Things(web, found_tenant(runtime))


def _schema(document, method, path, status):
    responses = document["paths"][path.removeprefix(API)][method.lower()]["responses"]
    assert [code for code in responses if code.startswith("2")] == [str(status)]
    return responses[str(status)].get("content", {}).get("application/json", {}).get("schema")


@pytest.mark.parametrize(("method", "path"), [rule for rule in RULES if rule[0] != "DELETE"])
def test_the_answer_is_of_the_documented_status_and_shape(web, document, things, method, path):
    rule = RULES[method, path]
    address = (rule.address or path).format_map(things)
    sent = {"content": rule.raw} if rule.raw else {"json": filled(rule.body, things)}
    answer = web.request(method, address, headers=things.headers, **sent)
    assert answer.status_code == rule.ok, answer.text
    assert faults_of(document, _schema(document, method, path, rule.ok), answer.json()) == []


@pytest.mark.parametrize("path", [path for method, path in RULES if method == "DELETE"])
def test_what_answers_nothing_is_documented_as_nothing(document, path):
    assert _schema(document, "DELETE", path, 204) is None
