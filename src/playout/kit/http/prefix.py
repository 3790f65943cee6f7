"""The path prefix of an installation that shares its host with other sites."""

from starlette.types import ASGIApp, Receive, Scope, Send


class PrefixRemoval:
    """A middleware that removes the prefix of the public address from paths.

    A proxy may have removed it already: the application sees the same paths either way.
    """

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self.app = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._prefix and scope["type"] == "http":
            path = scope["path"]
            if path == self._prefix or path.startswith(f"{self._prefix}/"):
                scope["path"] = path.removeprefix(self._prefix) or "/"
        await self.app(scope, receive, send)
