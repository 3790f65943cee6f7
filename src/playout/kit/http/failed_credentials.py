"""The limit of wrong credentials: those of each client are counted together, wherever they come."""

from starlette.types import Scope

from playout.kit.errors import RateLimited
from playout.kit.http.client_address import client_network
from playout.kit.rate_limit import RateLimit


class TooManyFailures(RateLimited):
    """More wrong credentials than a client may send. Right ones are answered meanwhile."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            "Too many wrong credentials came from this address. Retry-After says how long to wait;"
            " requests with a valid credential are answered meanwhile."
        )
        self.retry_after = retry_after
        """Seconds until the client may send another one."""


class FailedCredentials:
    """The count of wrong credentials, for APIs, pages and metrics together.

    A right credential is never refused, however many wrong ones came from the same address: many
    people may share it.
    """

    def __init__(self, limit: RateLimit) -> None:
        self._limit = limit

    async def count(self, scope: Scope) -> None:
        """Count a wrong credential. Raise `TooManyFailures` if the client has sent too many."""
        status = await self._limit.hit(f"failures:{client_network(scope)}")
        if not status.allowed:
            raise TooManyFailures(status.reset)
