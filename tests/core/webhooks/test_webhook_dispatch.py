"""The dispatcher of webhooks: no wake-up of a sender is lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event
from types import SimpleNamespace

import pytest

from playout.core.webhooks import dispatch
from playout.core.webhooks.dispatch import Dispatcher


def test_a_sender_that_is_woken_while_it_ends_looks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    monkeypatch.setattr(dispatch, "record_and_claim", lambda *_: looks.append(1))

    async def wake_twice() -> None:
        ending, may_end = asyncio.Event(), asyncio.Event()

        @asynccontextmanager
        async def post_client(_: int) -> AsyncIterator[None]:
            yield
            ending.set()
            await may_end.wait()

        settings = SimpleNamespace(webhook_timeout=1, webhook_retries=(), webhook_concurrency=1)
        outbound = SimpleNamespace(post_client=post_client)
        dispatcher = Dispatcher(
            SimpleNamespace(settings=settings, outbound=outbound, work=None, stopping=Event())
        )
        dispatcher.wake([1])
        await ending.wait()
        dispatcher.wake([1])
        may_end.set()
        async with asyncio.timeout(10):
            while len(looks) < 2:
                await asyncio.sleep(0.01)

    asyncio.run(wake_twice())
    assert len(looks) == 2
