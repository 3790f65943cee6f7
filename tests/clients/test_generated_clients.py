"""Clients that generators make from the OpenAPI documents: whole, typed, and understood."""

import re
from pathlib import Path

import pytest

from tests.api.helpers.documents import DOCUMENTED, Document
from tests.api.helpers.uploads import clip, picture
from tests.clients.helpers import generators
from tests.clients.helpers.generators import Documents, PythonClients
from tests.helpers.live import Founded, Live

SOME_OF_EACH_API = {"putSource", "publishVideo", "publish", "putShare", "listProductions"}


@pytest.fixture(scope="module")
def documents(live: Live, tmp_path_factory: pytest.TempPathFactory) -> Documents:
    """The documents as a running Playout gives them out, in files."""
    folder, by_api = tmp_path_factory.mktemp("documents"), {}
    with live.client() as client:
        for api, base in DOCUMENTED.items():
            answer = client.get(f"{base}/openapi.json")
            (folder / f"{api}.json").write_bytes(answer.content)
            by_api[api] = Document(base, answer.json())
    return Documents(folder, by_api)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    (folder / "clip.mp4").write_bytes(clip())
    (folder / "poster.png").write_bytes(picture())
    return folder


@pytest.fixture(scope="module")
def python(documents: Documents, tmp_path_factory: pytest.TempPathFactory) -> PythonClients:
    return generators.openapi_python_client(documents, tmp_path_factory.mktemp("python"))


@pytest.fixture(scope="module")
def typescript(documents: Documents, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the clients, and of the driver that uses them."""
    folder = tmp_path_factory.mktemp("typescript")
    generators.openapi_ts(documents, folder)
    return folder


@pytest.fixture(scope="module")
def type_errors(typescript: Path) -> str:
    return generators.tsc(typescript)


class TestOpenapiPythonClient:
    @pytest.mark.parametrize("api", DOCUMENTED)
    def test_it_generates_every_operation_and_warns_of_nothing(
        self, python: PythonClients, documents: Documents, api: str
    ) -> None:
        modules = {file.stem for file in (python.folder / api / "api").glob("*/*.py")}
        assert modules - {"__init__"} == documents.operations(api).keys()
        assert python.said[api].split() == ["Generating", str(python.folder / api)]

    def test_its_clients_read_every_answer_into_the_type_of_the_document(
        self, python: PythonClients, documents: Documents, live: Live, acme: Founded, files: Path
    ) -> None:
        project = str(acme.project)
        calls = generators.python_driver(python.folder, live.url, acme.key, project, str(files))
        assert {call["api"] for call in calls} == DOCUMENTED.keys()
        for call in calls:
            expected = documents.answer(call["api"], call["operation"], call["status"])
            assert call["type"] == expected, call
            assert call["unknown"] == [], call


class TestOpenapiTs:
    @pytest.mark.parametrize("api", DOCUMENTED)
    def test_it_generates_every_operation(
        self, typescript: Path, documents: Documents, api: str
    ) -> None:
        source = (typescript / api / "sdk.gen.ts").read_text()
        functions = set(re.findall(r"^export const (\w+) =", source, re.MULTILINE))
        assert functions == {camel_case(name) for name in documents.operations(api)}

    def test_the_compiler_accepts_its_clients_and_calls_through_them(
        self, type_errors: str
    ) -> None:
        assert type_errors == ""

    def test_its_clients_call_all_four_apis(
        self, type_errors: str, typescript: Path, live: Live, rival: Founded
    ) -> None:
        assert type_errors == ""
        project = str(rival.project)
        calls = generators.typescript_driver(typescript, live.url, rival.key, project)
        assert {call["operation"] for call in calls} >= SOME_OF_EACH_API
        assert {call["status"] for call in calls} <= {200, 201}


class TestLinters:
    def test_redocly_finds_nothing(self, documents: Documents) -> None:
        found = generators.redocly(documents)
        assert [(each["ruleId"], each["message"]) for each in found["problems"]] == []

    def test_spectral_finds_nothing(self, documents: Documents) -> None:
        assert generators.spectral(documents) == []


def camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))
