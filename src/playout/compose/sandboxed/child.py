"""Draw in the sandbox, and write the result.

Usage: `python -I -S child.py REQUEST RESULT`, in the folder of the job. The request is a file, and
not an argument: command lines are seen by all users of a machine, and data of viewers is personal.
"""

import json
import sys
import traceback
from pathlib import Path


def main() -> None:
    try:
        _run()
    except Exception as error:
        # Without its message, which may repeat data of a viewer: the caller logs this.
        places = "".join(traceback.format_tb(error.__traceback__))
        raise SystemExit(f"{places}{type(error).__name__}") from None


def _run() -> None:
    request = json.loads(Path(sys.argv[1]).read_text())
    sys.path[:0] = request.pop("paths")
    from playout.compose.sandboxed.tasks import TASKS  # noqa: PLC0415 - found by these paths alone

    result = TASKS[request.pop("task")](**request)
    Path(sys.argv[2]).write_text(json.dumps(result))


main()
