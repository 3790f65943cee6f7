"""A receiver of webhooks, and endpoints that send to it."""

from collections.abc import Callable, Iterator

import pytest

from playout.core.principal import OPERATOR
from playout.core.unit import Origin
from playout.core.webhooks import service
from tests.core.webhooks.helpers.webhook_endpoint import OpenedEndpoint
from tests.helpers.webhook_receiver import Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def hook(runtime, tenant, receiver) -> Callable[..., OpenedEndpoint]:
    """Creates an endpoint of the tenant that sends to the path."""

    def open_(path: str = "/", *event_types: str, **more: object) -> OpenedEndpoint:
        with runtime.work.write(OPERATOR, Origin("tests")) as unit:
            endpoint, secret = service.create(
                unit,
                runtime.cipher,
                tenant.organization,
                more.pop("url", receiver.url(path)),
                event_types or ["video.*"],
                **more,
            )
        return OpenedEndpoint(runtime, tenant, endpoint.id, secret)

    return open_
