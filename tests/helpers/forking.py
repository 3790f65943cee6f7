"""A process that has imported all of Playout, and forks into a command whenever it is told to.

It reads orders from the socket whose file descriptor is its argument. Each order is JSON with the
words, the environment and the folder of a command, and comes with three file descriptors: a socket
that hears the id of the new process and later its exit status, standard output, and standard error.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from typing import Any

from playout.__main__ import main
from playout.cli.commands import COMMANDS, load

MOST = 1 << 20
"""Bytes of an order."""


def import_all() -> None:
    """Import what a server and all commands need."""
    for name in COMMANDS:
        load(name)
    for name in ("alembic.command", "playout.main", "playout.web"):
        __import__(name)
    gc.collect()
    gc.freeze()


class Forks:
    """The commands that run."""

    def __init__(self, orders: socket.socket) -> None:
        self._orders = orders
        self._running: dict[int, socket.socket] = {}
        self._ended, self._wake = socket.socketpair()
        for end in (self._ended, self._wake):
            end.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)

    def run(self) -> dict[str, Any] | None:
        """Fork for each order. Return the order in each new process; None once there are no more
        in this one."""
        while True:
            readable, _, _ = select.select([self._orders, self._ended], [], [])
            if self._ended in readable:
                self._ended.recv(4096)
                self._tell_ended()
            if self._orders not in readable:
                continue
            said, descriptors, _, _ = socket.recv_fds(self._orders, MOST, 3)
            if not said:
                return None
            asker = socket.socket(fileno=descriptors[0])
            pid = os.fork()
            if pid == 0:
                self._become(descriptors)
                order: dict[str, Any] = json.loads(said)
                return order
            self._running[pid] = asker
            asker.send(str(pid).encode())
            for descriptor in descriptors[1:]:
                os.close(descriptor)

    def _tell_ended(self) -> None:
        while self._running:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            with self._running.pop(pid) as asker, suppress(OSError):  # nobody may wait for it
                asker.send(str(os.waitstatus_to_exitcode(status)).encode())

    def _become(self, descriptors: list[int]) -> None:
        """Give the new process nothing of this one but what it is to have."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for number, descriptor in enumerate(descriptors[1:], start=1):
            os.dup2(descriptor, number)
            os.close(descriptor)
        os.close(descriptors[0])
        for mine in (self._orders, self._ended, self._wake, *self._running.values()):
            mine.close()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with its orders
    import_all()
    order = Forks(socket.socket(fileno=int(sys.argv[1]))).run()
    if order is not None:
        os.chdir(order["folder"])
        os.environ.clear()
        os.environ.update(order["environment"])
        sys.argv = order["words"]
        main()
