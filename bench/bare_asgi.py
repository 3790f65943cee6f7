"""The least that answers with a page at all: an ASGI function under uvicorn.

`python -m bench.bare_asgi PORT FILE`, where the file is a pickled `{path: (headers, body)}`.
"""

import pickle
import sys
from pathlib import Path
from typing import Any

import uvicorn

from bench.bare_pages import UVICORN


def main(port: int, answers: dict[str, tuple[dict[str, str], bytes]]) -> None:
    """Serve until SIGTERM."""
    ready = {
        path: ([(name.encode(), value.encode()) for name, value in headers.items()], body)
        for path, (headers, body) in answers.items()
    }

    async def app(scope: Any, receive: Any, send: Any) -> None:
        headers, body = ready[scope["path"]]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    uvicorn.run(app, host="127.0.0.1", port=port, lifespan="off", **UVICORN)


if __name__ == "__main__":
    main(int(sys.argv[1]), pickle.loads(Path(sys.argv[2]).read_bytes()))
