"""Clips of lengths at which a last segment may be short, and watching them to their end."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.helpers.live import until
from tests.helpers.live_clips import ffmpeg

TABS = 8
"""Pages that are open at once."""
NEAR_THE_END = """async (video) => {
  window.hasEnded = false;
  video.addEventListener('ended', () => { window.hasEnded = true; });
  video.muted = true;
  video.currentTime = Math.max(video.duration - 0.9, 0);
  await video.play();
}"""
STATE = """() => { const video = document.querySelector('video'); return {
  hasEnded: window.hasEnded, time: video.currentTime, duration: video.duration,
  isAdaptive: video.currentSrc.startsWith('blob:'), error: video.error && video.error.message } }"""


@dataclass(frozen=True)
class Clip:
    """A clip with B-frames: its seconds, frames a second, and hertz of its sound."""

    seconds: float
    rate: int = 25
    hertz: int | None = 48000
    ending: str = "mp4"
    codec: str = "-c:v libx264 -preset superfast -g 50 -pix_fmt yuv420p"

    @property
    def name(self) -> str:
        sound = f"{self.hertz}" if self.hertz else "silent"
        return f"{self.seconds:.3f}-{self.rate}-{sound}.{self.ending}"

    def make(self, target: Path) -> None:
        picture = f"testsrc2=s=128x72:r={self.rate}:d={self.seconds}"
        inputs = ["-f", "lavfi", "-i", picture]
        if self.hertz:
            inputs += ["-f", "lavfi", "-i", f"sine=f=440:r={self.hertz}:d={self.seconds}"]
        ffmpeg(*inputs, *self.codec.split(), "-c:a", "aac", target)


def watch_to_the_end(chromium: Browser, addresses: Sequence[str]) -> list[dict[str, Any]]:
    """Play the last second of the video of each page, and return how each one stands."""
    states = []
    for number in range(0, len(addresses), TABS):
        states += _watch(chromium, addresses[number : number + TABS])
    return states


def _watch(chromium: Browser, addresses: Sequence[str]) -> list[dict[str, Any]]:
    context = chromium.new_context()
    pages = [context.new_page() for _ in addresses]
    try:
        for page, address in zip(pages, addresses, strict=True):
            page.goto(address, wait_until="commit")  # so that all of them load at once
        for page in pages:
            until(lambda page=page: _is_loaded(page), 20, f"metadata of {page.url}")
            page.locator("video").evaluate(NEAR_THE_END)
        until(lambda: all(page.evaluate(STATE)["hasEnded"] for page in pages), 10, "the ends")
    except AssertionError:
        pass  # the states say which one has not ended
    finally:
        states = [page.evaluate(STATE) for page in pages]
        context.close()
    return states


def _is_loaded(page: Page) -> bool:
    video = page.locator("video").first
    return bool(video.evaluate("(v) => v.currentSrc.startsWith('blob:') && v.duration > 0"))
