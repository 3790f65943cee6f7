"""What the tests of uploads that survive share: the calls of tus, spelled out."""

import base64
from dataclasses import dataclass
from typing import Any

from starlette.testclient import TestClient

TUS = {"Tus-Resumable": "1.0.0"}
BYTES = {"Content-Type": "application/offset+octet-stream"}


def metadata(**values: Any) -> dict[str, str]:
    """The header `Upload-Metadata`."""
    pairs = (
        f"{name} {base64.b64encode(str(value).encode()).decode()}" for name, value in values.items()
    )
    return {"Upload-Metadata": ",".join(pairs)}


@dataclass
class Tus:
    """The calls of one caller, at one of the two addresses."""

    web: TestClient
    headers: dict[str, str]
    base: str = "/uploads/"

    def create(
        self,
        length: int,
        content: bytes | None = None,
        headers: dict[str, str] | None = None,
        **said: Any,
    ):
        sent = (
            self.headers | TUS | {"Upload-Length": str(length)} | metadata(**said) | (headers or {})
        )
        if content is not None:
            sent |= BYTES
        return self.web.post(self.base, content=content, headers=sent)

    def opened(self, length: int, **said: Any) -> str:
        """The address of a new upload."""
        answer = self.create(length, **said)
        assert answer.status_code == 201, answer.text
        return answer.headers["location"]

    def patch(self, address: str, offset: int, content: Any, **headers: str):
        sent = self.headers | TUS | BYTES | {"Upload-Offset": str(offset)} | headers
        return self.web.patch(address, content=content, headers=sent)

    def head(self, address: str):
        return self.web.head(address, headers=self.headers | TUS)

    def offset(self, address: str) -> int:
        answer = self.head(address)
        assert answer.status_code == 200
        return int(answer.headers["upload-offset"])

    def delete(self, address: str):
        return self.web.delete(address, headers=self.headers | TUS)
