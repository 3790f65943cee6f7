"""Every text that comes in through an API is stored in NFC, whatever form it was sent in."""

import json
import secrets
from collections.abc import Iterator
from typing import Any
from unicodedata import is_normalized, normalize

import pytest

from tests.api.helpers.authorization_tables import RULES
from tests.api.helpers.documents import DOCUMENTED, Document, Json, document, real
from tests.api.helpers.things import Things
from tests.api.helpers.tus_calls import metadata

SECRETS = {"password", "reference"}
"""Texts that the answer does not show."""
AUTHORS = {"created_by", "updated_by", "deleted_by"}
"""Fields that may be sent and that Playout itself sets."""
NO_TEXTS = {"url", "locale", "sites", "exclude_ids", "excludeIds", "viewer_id"}
"""Addresses, sites, language tags and ids. The documents say only that they are texts."""
ACCENT = "e\u0301"


def sent_for(told: Document, schema: Json) -> object:
    """Return a text that is not in NFC and that a field of that schema takes; None if it is no text
    that people write."""
    if not told.problems(schema, {"free": "JSON"}):
        return None
    text = f"Ren{ACCENT} {secrets.token_hex(4)}"
    email = f"ren{ACCENT}.{secrets.token_hex(4)}@example.com"
    values: list[object] = [email] if schema.get("format") == "email" else [text, [text]]
    return next((value for value in values if not told.problems(schema, value)), None)


def texts_of(told: Document, schema: Json) -> Json:
    """Return texts that are not in NFC for all fields of a body that take one."""
    schema = told.found(schema)
    if "items" in schema:
        return texts_of(told, schema["items"])
    if "properties" not in schema:
        return next((texts_of(told, part) for part in schema.get("anyOf", ())), {})
    sent = {
        name: sent_for(told, part)
        for name, part in schema["properties"].items()
        if name not in NO_TEXTS and not part.get("deprecated")
    }
    return {name: value for name, value in sent.items() if value is not None}


@pytest.fixture(scope="module")
def requests(web) -> dict[str, dict[tuple[str, str], tuple[Any, Json]]]:
    """By API and route, an example body and texts to send with it."""
    return {api: dict(requests_of(document(web, api))) for api in DOCUMENTED}


def requests_of(told: Document) -> Iterator[tuple[tuple[str, str], tuple[Any, Json]]]:
    for method, path, operation in told.operations():
        content = operation.get("requestBody", {}).get("content", {})
        texts = texts_of(told, content.get("application/json", {}).get("schema", {}))
        if texts:
            yield (method, told.base + path), (told.examples(operation)[0], texts)


class TestBodies:
    def test_all_documents_have_texts(self, requests):
        numbers = [sum(len(texts) for _, texts in found.values()) for found in requests.values()]
        assert all(numbers)
        assert sum(numbers) > 100

    @pytest.mark.parametrize("api", DOCUMENTED)
    def test_every_text_comes_back_in_nfc(self, web, tenant, requests, api):
        for (method, path), (example, texts) in requests[api].items():
            rule, things = RULES[method, path], Things(web, tenant)
            body = real(example, rule.body, things)
            body = [body[0] | texts] if isinstance(body, list) else body | texts
            address = (rule.address or path).format_map(things)
            answer = web.request(method, address, json=body, headers=things.headers)
            assert answer.is_success, (method, path, answer.text)
            shown = json.dumps(answer.json(), ensure_ascii=False)
            assert is_normalized("NFC", shown), (method, path, shown)
            for name in texts.keys() - AUTHORS - SECRETS:
                text = texts[name][0] if isinstance(texts[name], list) else texts[name]
                assert normalize("NFC", text) in shown, (method, path, name)


class TestOtherTexts:
    def test_the_name_of_a_file_becomes_a_title_in_nfc(self, web, tenant):
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "8"}
        headers |= metadata(filename=f"Caf{ACCENT}.mp4") | tenant.headers
        video = web.post("/uploads/", headers=headers).json()["video"]
        shown = web.get(f"/api/v1/videos/{video}/", headers=tenant.headers).json()
        assert shown["title"] == "Café.mp4"

    def test_the_label_of_captions(self, web, tenant, make_video):
        path = f"/api/v1/videos/{make_video()['id']}/captions/fr/"
        text = b"1\n0:0:1,000 --> 0:0:2,000\nBonjour\n"
        label = {"label": f"Ren{ACCENT}"}
        answer = web.put(path, params=label, content=text, headers=tenant.headers)
        assert answer.json()["label"] == "René"

    def test_a_bound_holds_for_the_form_that_is_stored(self, make_video):
        assert make_video(title=ACCENT * 255)["title"] == "é" * 255

    def test_addresses_and_free_json_stay_as_they_were_sent(self, make_video):
        url = f"https://cdn.example.com/caf{ACCENT}.mp4"
        video = make_video(external_url=url, plan={"caf" + ACCENT: ACCENT})
        assert (video["external_url"], video["plan"]) == (url, {"caf" + ACCENT: ACCENT})
