"""A hook calls what has subscribed."""

import pytest

from playout.kit.hooks import Hook


@pytest.fixture
def hook() -> Hook[[int]]:
    return Hook()


class TestHook:
    def test_subscribers_are_called_in_the_order_of_their_subscriptions(self, hook: Hook[[int]]):
        called: list[str] = []
        hook.subscribe(lambda number: called.append(f"first {number}"))
        hook.subscribe(lambda number: called.append(f"second {number}"))
        hook(7)
        assert called == ["first 7", "second 7"]

    def test_one_that_subscribes_twice_is_called_once(self, hook: Hook[[int]]):
        called: list[int] = []
        hook.subscribe(called.append)
        hook.subscribe(called.append)
        hook(7)
        assert called == [7]

    def test_an_error_of_a_subscriber_reaches_the_caller(self, hook: Hook[[int]]):
        def fail(number: int) -> None:
            raise ValueError(number)

        hook.subscribe(fail)
        with pytest.raises(ValueError, match="7"):
            hook(7)

    def test_without_subscribers_nothing_happens(self, hook: Hook[[int]]):
        hook(7)
