"""The least that takes a file: Starlette and uvicorn, writing what comes in to a file.

What is sent with POST is thrown away.

`python -m bench.bare_sink PORT FILE`.
"""

import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.bare_pages import UVICORN


def main(port: int, target: Path) -> None:
    """Serve until SIGTERM."""

    async def take(request: Request) -> Response:
        if request.method == "PUT":
            with target.open("wb") as file:
                async for chunk in request.stream():
                    file.write(chunk)
        elif request.method == "POST":
            await request.body()
            return Response(status_code=204)
        return Response(b"ok")

    app = Starlette(routes=[Route("/", take, methods=["GET", "PUT", "POST"])])
    uvicorn.run(app, host="127.0.0.1", port=port, **UVICORN)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
