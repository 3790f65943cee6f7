"""The server of a process: it serves the application, drains, and stops."""

import asyncio
import signal
import socket
import time
from functools import partial
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from playout.kit.sigterm import sigterm_requested
from playout.runtime import Runtime
from playout.server.connection import Connection
from playout.server.limits import ConnectionLimits, connections_for, raise_file_limit

CUT_OFF_SECONDS = 1.0
"""Time before the end of a stop in which clients can read that their requests were cut off."""


class Server(uvicorn.Server):
    """uvicorn with bounded connections, which drains before it stops.

    On SIGTERM it drains for `PLAYOUT_DRAIN_SECONDS`: `/readyz` answers 503, so that a balancer
    sends its requests elsewhere; every request is still served, on a connection that ends with it.
    Then it stops: jobs give back what they hold, and requests in progress have ten seconds to end.
    """

    def __init__(self, runtime: Runtime, app: ASGIApp, limits: ConnectionLimits) -> None:
        self._runtime = runtime
        self._limits = limits
        self._drain_ends: float | None = None
        self._connections: dict[Connection, None] = {}
        known, draining = self._connections, runtime.draining
        connection = partial(Connection, limits=limits, connections=known, draining=draining)
        super().__init__(
            uvicorn.Config(
                app,
                host=runtime.settings.host,
                port=runtime.settings.port,
                http=connection,  # type: ignore[arg-type]  # uvicorn only calls it
                ws="none",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=limits.keep_alive_seconds,
                timeout_graceful_shutdown=limits.stop_seconds,
            )
        )

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Drain on the first SIGTERM; stop on any other signal, and on a second one."""
        self._runtime.draining.set()
        seconds = self._runtime.settings.drain_seconds
        if sig == signal.SIGTERM and seconds and self._drain_ends is None:
            self._drain_ends = time.monotonic() + seconds
            return
        self._runtime.stopping.set()
        super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        # From here on, `handle_exit` receives signals. An earlier one may have been dropped.
        self.should_exit = self.should_exit or sigterm_requested()
        await super().startup(sockets)
        self._check_connections()

    async def on_tick(self, counter: int) -> bool:
        drained = self._drain_ends is not None and time.monotonic() >= self._drain_ends
        if drained and not self.should_exit:
            self.handle_exit(signal.SIGTERM, None)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._runtime.draining.set()
        after = self._limits.stop_seconds - CUT_OFF_SECONDS
        asyncio.get_running_loop().call_later(after, self._cut_off)
        await super().shutdown(sockets)
        for connection in list(self._connections):
            connection.abort()

    def _check_connections(self) -> None:
        """Close the connections whose time has run out, now and again every second."""
        loop = asyncio.get_running_loop()
        for connection in list(self._connections):
            connection.check(loop.time())
        loop.call_later(self._limits.check_seconds, self._check_connections)

    def _cut_off(self) -> None:
        for connection in list(self._connections):
            connection.cut_off()


def build_server(runtime: Runtime, app: ASGIApp) -> Server:
    """Return the server of this process, which may open as many files as the system allows."""
    connections = connections_for(raise_file_limit())
    return Server(runtime, app, ConnectionLimits(connections=connections))
