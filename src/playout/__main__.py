"""The command `playout`, also as `python -m playout`."""

import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playout.cli.bootstrap import Bootstrap

STAYING = frozenset({"serve", "worker"})
"""Commands that run until SIGTERM."""


def main() -> None:
    """Run the command. A server or a worker ends cleanly from its first moment on.

    Imports take a second or more. In a container, where Playout is the first process, the system
    drops a SIGTERM that nothing handles. Nothing is open yet that would have to be closed.
    """
    if STAYING.intersection(sys.argv[1:2]):
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    from playout.cli.app import cli  # noqa: PLC0415

    cli(_bootstrap)


def _bootstrap() -> "Bootstrap":
    # Nearly all that there is: the database, the storage, the jobs. A command that only talks to a
    # server does not wait for them.
    from playout.kit.malloc import importing  # noqa: PLC0415

    with importing():
        from playout.main import bootstrap  # noqa: PLC0415

    return bootstrap()


if __name__ == "__main__":
    main()
