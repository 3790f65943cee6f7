"""The command `playout`, also as `python -m playout`."""

import os
import signal
import sys

STAYING = frozenset({"serve", "worker"})
"""Commands that run until SIGTERM."""


def main() -> None:
    """Run the command. A server or a worker ends cleanly from its first moment on.

    Imports take a second or more. In a container, where Playout is the first process, the system
    drops a SIGTERM that nothing handles. Nothing is open yet that would have to be closed.
    """
    if STAYING.intersection(sys.argv[1:2]):
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    from playout.main import main as run  # noqa: PLC0415

    run()


if __name__ == "__main__":
    main()
