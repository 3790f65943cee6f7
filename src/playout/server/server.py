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

RETIRE_SECONDS = 5.0
"""Seconds in which clients of a server that is replaced get the answers that end connections."""
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
        self._terminated = False
        """True after the first signal. A drain may have begun before it, without a signal."""
        self._ends_at: float | None = None
        """Time at which the server stops by itself, if it drains."""
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
        is_first, self._terminated = not self._terminated, True
        if sig == signal.SIGTERM and self._runtime.settings.drain_seconds and is_first:
            self.drain()
            return
        self.stop()
        super().handle_exit(sig, frame)

    def drain(self) -> None:
        """Begin to drain. To call it again changes nothing."""
        self._runtime.draining.set()
        self._ends_at = self._ends_at or time.monotonic() + self._runtime.settings.drain_seconds

    def retire(self) -> None:
        """Leave new connections to another process on the same port, and stop soon.

        Each open connection ends with its next answer.
        """
        self._runtime.replaced.set()
        self._runtime.draining.set()
        self._ends_at = time.monotonic() + RETIRE_SECONDS

    def stop(self) -> None:
        """Stop now: requests in progress have ten seconds to end."""
        self._runtime.draining.set()
        self._runtime.stopping.set()
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        # From here on, `handle_exit` receives signals. An earlier one may have been dropped.
        self.should_exit = self.should_exit or sigterm_requested()
        await super().startup(sockets)
        self._check_connections()

    async def on_tick(self, counter: int) -> bool:
        retires = self._runtime.replaced.is_set()
        if retires:
            for server in self.servers:
                server.close()
        ended = self._ends_at is not None and time.monotonic() >= self._ends_at
        if ended or (retires and not self._connections):
            self.stop()
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
