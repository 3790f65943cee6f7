"""The least that answers with a page: Starlette and uvicorn, set up as `playout serve` does it.

`python -m bench.bare_pages PORT FILE`, where the file is a pickled `{path: (headers, body)}`.
"""

import pickle
import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

UVICORN = {
    "log_config": None,
    "access_log": False,
    "server_header": False,
    "proxy_headers": False,
    "timeout_graceful_shutdown": 10,
}


def main(port: int, answers: dict[str, tuple[dict[str, str], bytes]]) -> None:
    """Serve until SIGTERM."""

    async def answer(request: Request) -> Response:
        headers, body = answers[request.url.path]
        return Response(body, 200, headers)

    app = Starlette(routes=[Route("/", answer), Route("/v/{slug}", answer)])
    uvicorn.run(app, host="127.0.0.1", port=port, **UVICORN)


if __name__ == "__main__":
    main(int(sys.argv[1]), pickle.loads(Path(sys.argv[2]).read_bytes()))
