"""Hooks: how a lower module tells upper ones that something happened, without knowing them."""

from collections.abc import Callable
from typing import Generic, ParamSpec

Arguments = ParamSpec("Arguments")


class Hook(Generic[Arguments]):
    """A list of functions that are called together, in the order of their subscriptions."""

    def __init__(self) -> None:
        self._subscribers: list[Callable[Arguments, None]] = []

    def subscribe(self, subscriber: Callable[Arguments, None]) -> None:
        """Call the function from now on. To subscribe it once more changes nothing."""
        if subscriber not in self._subscribers:
            self._subscribers.append(subscriber)

    def __call__(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        for subscriber in self._subscribers:
            subscriber(*args, **kwargs)
