"""Draw in the sandbox, and write the result.

Usage: `python -I -S child.py REQUEST`, in the folder of the job. The request is a file, and not an
argument: command lines are seen by all users of a machine, and data of viewers is personal.
"""

import json
import sys
from pathlib import Path


def main() -> None:
    request = json.loads(Path(sys.argv[1]).read_text())
    sys.path[:0] = request.pop("paths")
    from playout.compose.sandboxed.tasks import TASKS  # noqa: PLC0415 - found by these paths alone

    result = TASKS[request.pop("task")](**request)
    Path(sys.argv[2]).write_text(json.dumps(result))


main()
