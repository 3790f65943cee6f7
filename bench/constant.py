"""Playout with one more endpoint, which answers a constant: `python -m bench.constant serve …`.

`/api/v1/constant/` is behind the same door, limit and log as every other, and does nothing. What it
takes is what no endpoint of the same application can take less than.
"""

from dataclasses import replace

from fastapi import APIRouter
from starlette.responses import Response

from playout import web
from playout.__main__ import main

PATH = "/api/v1/constant/"
BODY = b'{"constant":true}'
router = APIRouter(prefix="/constant")


@router.get("/")
async def constant() -> Response:
    """Answer the constant."""
    return Response(BODY, media_type="application/json")


if __name__ == "__main__":
    web.VIDEOS = replace(web.VIDEOS, routers=[*web.VIDEOS.routers, router])
    main()
