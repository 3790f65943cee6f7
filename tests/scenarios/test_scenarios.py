"""Do it through one API, read it through all: four spellings of one store."""

import pytest
from starlette.testclient import TestClient

from playout.runtime import Runtime
from tests.helpers.tenants import found_tenant
from tests.scenarios.helpers.readers import READERS
from tests.scenarios.helpers.stage import Scene, set_stage
from tests.scenarios.helpers.table import ROWS, Row

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=ROWS, ids=lambda row: row.name)
def row(request: pytest.FixtureRequest) -> Row:
    row: Row = request.param
    return row


@pytest.fixture(scope="module")
def scene(row: Row, web: TestClient, runtime: Runtime) -> Scene:
    """The scene after the act of that row."""
    scene = set_stage(web, found_tenant(runtime))
    for act in row.before:
        act(scene)
    scene.mark()
    row.act(scene)
    return scene


@pytest.mark.parametrize("reader", READERS)
def test_the_act_is_seen_as_it_should_be_by(row: Row, scene: Scene, reader: str) -> None:
    assert READERS[reader](scene) == row.expected[reader]


def test_each_row_says_what_every_reader_sees() -> None:
    assert all(row.expected.keys() == READERS.keys() for row in ROWS)
    assert len({row.name for row in ROWS}) == len(ROWS)
