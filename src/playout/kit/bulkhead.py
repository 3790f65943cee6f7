"""Bulkheads: each dependency has its own threads, so a slow one cannot take those of others."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import ParamSpec, TypeVar

from playout.kit.errors import Unavailable

START_SECONDS = 5.0
"""Seconds that a call waits for a thread. Then all threads are busy with a part that is slow."""

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Bulkhead:
    """A few threads for the calls of requests to one dependency.

    `dependency` is its name in errors.
    """

    def __init__(self, dependency: str, threads: int) -> None:
        self._dependency = dependency
        self._threads = ThreadPoolExecutor(threads, dependency)

    async def run(
        self,
        function: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """Call a function in a thread, and return its result. It must limit its own time.

        Raise `Unavailable` if no thread is free soon; the function is not called then.
        """
        call: Callable[[], Result] = partial(function, *args, **kwargs)
        future = self._threads.submit(copy_context().run, call)
        waiting = asyncio.wrap_future(future)
        await asyncio.wait([waiting], timeout=START_SECONDS)
        if not waiting.done() and future.cancel():
            raise self._unavailable()
        return await asyncio.shield(waiting)

    async def run_within(
        self,
        seconds: float,
        function: Callable[Arguments, Result],
        *args: Arguments.args,
        **kwargs: Arguments.kwargs,
    ) -> Result:
        """Call a function that only reads, and return its result.

        Raise `Unavailable` after `seconds`. The function goes on in its thread then, and its result
        is not used.
        """
        call: Callable[[], Result] = partial(function, *args, **kwargs)
        future = self._threads.submit(copy_context().run, call)
        waiting = asyncio.wrap_future(future)
        await asyncio.wait([waiting], timeout=seconds)
        if not waiting.done():
            waiting.cancel()  # keeps it from beginning, if it waits for a thread
            raise self._unavailable()
        return waiting.result()

    def _unavailable(self) -> Unavailable:
        return Unavailable(f"The {self._dependency} does not answer at the moment; try again.")
