"""Contents of the OpenAPI documents."""

import pytest
import schemathesis

from tests.api.helpers.documents import DOCUMENTED, Document, document, parts

SESSION = "66ff0c2e8a41d7b3905e6a12"


@pytest.fixture(scope="module")
def documents(web) -> dict[str, Document]:
    return {api: document(web, api) for api in DOCUMENTED}


class TestWhole:
    @pytest.mark.parametrize("api", DOCUMENTED)
    def test_it_is_valid(self, documents, api):
        whole = documents[api].whole
        assert whole["openapi"].startswith("3.1")
        schemathesis.openapi.from_dict(whole).validate()

    @pytest.mark.parametrize("api", DOCUMENTED)
    def test_every_operation_has_a_short_name_of_its_own(self, documents, api):
        names = [operation["operationId"] for _, _, operation in documents[api].operations()]
        assert len(names) == len(set(names))
        assert all(name.isidentifier() and len(name) <= 32 for name in names)

    @pytest.mark.parametrize("api", DOCUMENTED)
    def test_every_answer_says_what_is_in_it(self, documents, api):
        told = documents[api]
        for method, path, operation in told.operations():
            for status, response in operation["responses"].items():
                content = told.found(response).get("content", {})
                schemas = [each["schema"] for each in content.values()]
                assert schemas or status in {"204", "304"}, (method, path, status)
                assert all(schemas), (method, path, status)

    @pytest.mark.parametrize("api", DOCUMENTED)
    def test_fastapis_own_errors_are_not_in_it(self, documents, api):
        schemas = documents[api].whole["components"]["schemas"]
        assert not {"HTTPValidationError", "ValidationError"} & schemas.keys()

    @pytest.mark.parametrize("api", DOCUMENTED)
    def test_no_marks_of_ours_are_left_in_it(self, documents, api):
        assert not [
            name
            for _, _, operation in documents[api].operations()
            for name in operation
            if name.startswith("x-")
        ]

    @pytest.mark.parametrize("api", DOCUMENTED)
    def test_every_file_and_other_body_has_a_schema(self, documents, api):
        assert all(
            content.get("schema")
            for _, _, operation in documents[api].operations()
            for content in operation.get("requestBody", {}).get("content", {}).values()
        )

    @pytest.mark.parametrize("api", DOCUMENTED)
    def test_every_schema_has_its_name_as_its_title(self, documents, api):
        schemas = documents[api].whole["components"]["schemas"]
        assert [name for name, schema in schemas.items() if schema["title"] != name] == []
        assert [name for name in schemas if not name.isalnum()] == []

    @pytest.mark.parametrize("api", DOCUMENTED)
    def test_every_enum_has_values_of_one_type(self, documents, api):
        enums = [part["enum"] for part in parts(documents[api].whole) if "enum" in part]
        assert [enum for enum in enums if len({type(value) for value in enum}) > 1] == []

    def test_a_credential_that_no_operation_accepts_is_not_in_it(self, documents):
        schemes = {api: documents[api].whole["components"]["securitySchemes"] for api in DOCUMENTED}
        assert "RenderCredential" in schemes["productions"]
        assert "RenderCredential" not in schemes["publications"]


class TestBounds:
    def test_a_bound_of_whole_numbers_is_one_itself_and_exact(self, documents):
        told = documents["videos"]
        (key_id,) = told.operation("DELETE", "/api/v1/keys/{key_id}/")["parameters"][:1]
        bound = key_id["schema"]["exclusiveMaximum"]
        assert isinstance(bound, int)
        assert bound == 2**63


class TestErrors:
    def test_what_can_go_wrong_follows_from_what_is_taken(self, documents):
        told = documents["shares"]
        archive = told.operation("POST", "/api/Projects/{project_id}/archive")["responses"]
        shown = told.operation("GET", "/api/Projects/{project_id}")["responses"]
        update = told.operation("PUT", "/api/Projects/{project_id}")["responses"]
        assert archive.keys() - shown.keys() == {"409", "412", "422"}
        assert update.keys() - archive.keys() == {"413", "415"}
        assert shown.keys() - archive.keys() == {"304"}


class TestCredentials:
    def test_a_render_credential_opens_only_what_says_so(self, documents):
        told = documents["productions"]
        open_to = {
            path
            for _, path, operation in told.operations()
            if {"RenderCredential": []} in operation.get("security", told.whole["security"])
        }
        assert open_to == {"/key"}
        used = {name for each in told.whole["security"] for name in each}
        assert used == {"ApiKey", "Bearer", "SubAccountKey"}


class TestOptionalBody:
    @pytest.mark.parametrize("api", DOCUMENTED)
    def test_it_is_left_out_and_not_null(self, documents, api):
        """Generated clients fail to leave out a body whose type is a union."""
        bodies = [each.get("requestBody") for _, _, each in documents[api].operations()]
        optional = [body for body in bodies if body and not body.get("required")]
        schemas = [each["schema"] for body in optional for each in body["content"].values()]
        assert all("$ref" in schema for schema in schemas)


class TestKeyBody:
    @pytest.mark.parametrize(
        ("body", "good"),
        [
            ({"role": "Viewer"}, True),
            ({"sub_account": 1}, True),
            ({"role": "Viewer", "sub_account": None}, True),
            ({"role": None, "sub_account": 1}, True),
            ({}, False),
            ({"role": None}, False),
            ({"role": None, "sub_account": None}, False),
        ],
    )
    def test_it_needs_a_role_or_a_sub_account(self, documents, body, good):
        schema = {"$ref": "#/components/schemas/KeyIn"}
        assert (not documents["videos"].problems(schema, {"name": "A"} | body)) is good


class TestPublicationBody:
    @pytest.mark.parametrize(
        ("body", "good"),
        [
            ({"session_id": SESSION, "title": "A"}, True),
            ({"videoSessionID": SESSION.upper(), "prompt": "A"}, True),
            ({"input": {"id": SESSION, "hasSubtitles": True}}, True),
            ({"session_id": SESSION, "unknown": 5, "tags": "a, b"}, True),
            ({"title": "A"}, False),
            ({"input": {"title": "A"}}, False),
            ({"session_id": SESSION, "hasSubtitles": []}, False),
        ],
    )
    def test_any_name_of_a_field_will_do_flat_or_nested(self, documents, body, good):
        told = documents["publications"]
        operation = told.operation("POST", "/v1/publications/publish")
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        assert (not told.problems(schema, body)) is good

    @pytest.mark.parametrize(
        ("body", "good"),
        [
            ({}, True),
            ({"title": "A"}, True),
            ({"input": {"title": "A"}}, True),
            ({"input": "not an object", "title": "A"}, True),
            ({"title": 5}, False),
            ({"input": {"title": 5}}, False),
        ],
    )
    def test_without_required_fields_it_is_one_type_flat_and_nested(self, documents, body, good):
        told = documents["publications"]
        operation = told.operation("PATCH", "/v1/publications/session/{session_id}")
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        assert schema["$ref"].endswith("/FieldsIn")
        assert (not told.problems(schema, body)) is good

    def test_a_publication_has_each_field_in_both_spellings(self, documents):
        publication = documents["publications"].whole["components"]["schemas"]["PublicationOut"]
        fields = publication["properties"]
        assert fields["video_url"] == fields["videoUrl"]
        assert {"page_url", "pageUrl", "session_id", "sessionId"} <= set(publication["required"])
