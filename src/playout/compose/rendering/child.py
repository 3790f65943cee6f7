"""The process in the sandbox that draws and encodes.

It reads messages from standard input and answers each on standard output. Nothing of what it is
given leaves it in another way: an error has a name, and no text.
"""

import json
import os
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

from playout.compose.assets import Assets
from playout.compose.layers import Layer, layer_at
from playout.compose.manifest.data import check_data
from playout.compose.manifest.model import TemplateManifest, read_manifest
from playout.kit.errors import Invalid
from playout.transcode.errors import MediaRejected
from playout.transcode.personal.headers import read_header
from playout.transcode.personal.pictures import Pictures, Place
from playout.transcode.personal.segment import render_segment
from playout.transcode.sandbox.messages import packed, read_message

_MOST_TEMPLATES = 8


class Renderer:
    """The templates that the process was given, and its answers to messages."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self._templates: dict[str, tuple[TemplateManifest, Assets]] = {}

    def answer(self, head: dict[str, Any], blobs: list[bytes]) -> None:
        """Answer one message."""
        if head["do"] == "template":
            self._keep(head, blobs)
        elif head["template"] not in self._templates:
            self._send({"missing": True})
        else:
            self._answer_segment(head, blobs)

    def _keep(self, head: dict[str, Any], blobs: list[bytes]) -> None:
        if len(self._templates) >= _MOST_TEMPLATES:
            self._templates.pop(next(iter(self._templates)))
        manifest = read_manifest(json.loads(blobs[0]))
        assets = dict(zip(head["assets"], blobs[1:], strict=True))
        self._templates[head["template"]] = manifest, assets

    def _answer_segment(self, head: dict[str, Any], blobs: list[bytes]) -> None:
        try:
            self._render(head, *blobs)
        except (MediaRejected, Invalid, ValueError, ArithmeticError, MemoryError) as error:
            self._send({"failed": type(error).__name__})
        else:
            self._send({"done": True})

    def _render(self, head: dict[str, Any], data: bytes, base: bytes, mezzanine: bytes) -> None:
        manifest, assets = self._templates[head["template"]]
        values = check_data(manifest, json.loads(data), frozenset(assets))
        pictures = Pictures.from_json(head["pictures"])
        place = Place(**head["place"])

        def layer_of(frame: int) -> Layer | None:
            seconds = float(frame / pictures.fps)
            size = pictures.width, pictures.height
            return layer_at(manifest, values, seconds, *size, assets=assets)

        header = read_header(base)
        for fragment in render_segment(
            pictures, header, place, mezzanine, layer_of, threads=head["threads"]
        ):
            self._send({}, [fragment])

    def _send(self, head: dict[str, Any], blobs: list[bytes] | None = None) -> None:
        self._write(packed(head, blobs or []))


def main() -> None:
    """Answer messages until there are no more."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    # What a library prints would break the messages.
    os.dup2(2, 1)
    renderer = Renderer(lambda data: _write_all(answers, data))
    _write_all(answers, packed({"ready": True}))
    while True:
        try:
            head, blobs = read_message(_exactly(sys.stdin.buffer))
        except EOFError:
            return
        renderer.answer(head, blobs)


def _exactly(source: BinaryIO) -> Callable[[int], bytes]:
    def read(size: int) -> bytes:
        content = source.read(size)
        if len(content) < size:
            raise EOFError
        return content

    return read


def _write_all(target: Any, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[target.write(rest) :]
