"""The OpenAPI documents of the APIs, and checks of answers against them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from starlette.testclient import TestClient

from tests.api.helpers.contract import faults_of
from tests.api.helpers.things import filled

Json = dict[str, Any]
DOCUMENTED = {
    "publications": "/v1",
    "videos": "/api/v1",
    "shares": "/api",
    "productions": "",
}
"""The base path of each API."""


@dataclass(frozen=True)
class Document:
    """The document of one API."""

    base: str
    whole: Json

    def operations(self) -> list[tuple[str, str, Json]]:
        """Return the method, path and description of each operation."""
        return [
            (method.upper(), path, operation)
            for path, methods in self.whole["paths"].items()
            for method, operation in methods.items()
        ]

    def operation(self, method: str, path: str) -> Json:
        return self.whole["paths"][path.removeprefix(self.base)][method.lower()]

    def found(self, part: Json) -> Json:
        """Return a part, or the part that it refers to."""
        while "$ref" in part:
            found = self.whole
            for name in part["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            part = found
        return part

    def problems(self, schema: Json, value: Any) -> list[str]:
        """Return what is wrong with a value of that schema."""
        return faults_of(self.whole, schema, value)

    def examples(self, operation: Json) -> list[Any]:
        """Return the example bodies of an operation."""
        if "requestBody" not in operation:
            return []
        content = operation["requestBody"]["content"].get("application/json", {})
        named = [each["value"] for each in content.get("examples", {}).values()]
        return named or self._of_schema(content.get("schema", {}))

    def _of_schema(self, schema: Json) -> list[Any]:
        schema = self.found(schema)
        if "items" in schema:
            return [[each] for each in self._of_schema(schema["items"])]
        if "anyOf" in schema and "examples" not in schema:
            return [each for part in schema["anyOf"] for each in self._of_schema(part)]
        return schema.get("examples", [])

    def check(self, operation: Json, answer: Any) -> None:
        """Check that an answer is as documented, in headers and body."""
        told = self.found(operation["responses"][str(answer.status_code)])
        headers = told.get("headers", {})
        needed = {name for name, header in headers.items() if self.found(header)["required"]}
        assert needed <= {name for name in headers if name in answer.headers}
        assert ("etag" not in answer.headers) or "ETag" in headers
        if "content" not in told:
            assert not answer.content
            return
        media_type = answer.headers["content-type"].partition(";")[0]
        if media_type == "text/event-stream":
            return  # its schema is that of each event, which Schemathesis looks at
        if media_type.startswith("image/"):
            assert answer.content
            return
        body = answer.text if media_type == "text/csv" else answer.json()
        assert not self.problems(told["content"][media_type]["schema"], body)


def document(web: TestClient, api: str) -> Document:
    base = DOCUMENTED[api]
    return Document(base, web.get(f"{base}/openapi.json").json())


def parts(value: Any) -> Iterator[Json]:
    """Yield each object in a document, itself the first."""
    if isinstance(value, dict):
        yield value
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from parts(each)


def real(example: Any, body: Any, things: Any) -> Any:
    """Return an example with the names in braces of `body` filled in, above all ids."""
    if isinstance(example, list):
        return [real(each, body[0] if body else None, things) for each in example]
    places = {
        name: value
        for name, value in (body or {}).items()
        if str(value).startswith(("{", "['{")) and name in example
    }
    return example | filled(places, things)
