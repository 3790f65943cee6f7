"""Reading streams back: every rendition, picture by picture."""

import re
from array import array
from dataclasses import dataclass
from io import BytesIO
from itertools import accumulate, islice
from urllib.parse import urljoin

import av
import httpx2

RANGE = re.compile(r"#EXT-X-BYTERANGE:(\d+)@(\d+)")
HEAD = re.compile(r'#EXT-X-MAP:URI="([^"]+)",BYTERANGE="(\d+)@(\d+)"')
LOUD, LIGHT = 0.1, 200


@dataclass(frozen=True)
class Rendition:
    """A media playlist and the file that it names."""

    name: str
    lengths: list[float]
    """Seconds of each segment, as the playlist says."""
    ranges: list[tuple[int, int]]
    """Length and start of each segment in the content."""
    head: int
    content: bytes
    """What a player gets: the initialization segment and all segments."""
    url: str
    """The address of the file."""

    @property
    def is_sound(self) -> bool:
        return self.name.startswith("audio")

    @property
    def starts(self) -> list[float]:
        return [round(each, 3) for each in accumulate(self.lengths, initial=0.0)][:-1]

    def open(self) -> av.container.InputContainer:
        return av.open(BytesIO(self.content))

    def segments_begin_with_key_frames(self) -> bool:
        """Whether each segment, behind the head and nothing else, begins with a key frame."""
        return all(self._first_is_key(size, start) for size, start in self.ranges)

    def _first_is_key(self, size: int, start: int) -> bool:
        alone = self.content[: self.head] + self.content[start : start + size]
        with av.open(BytesIO(alone)) as container:
            return next(packet for packet in container.demux() if packet.size).is_keyframe

    def first_shown(self) -> int:
        """Ticks at which the earliest of the first packets is shown, whatever an edit list says."""
        with av.open(BytesIO(self.content), options={"ignore_editlist": "1"}) as container:
            packets = islice(container.demux(container.streams[0]), 20)
            return min(packet.pts for packet in packets if packet.pts is not None)

    def flashes_at(self) -> float:
        """Seconds until the picture is white."""
        with self.open() as container:
            for frame in container.decode(video=0):
                grey = frame.reformat(32, 18, "gray")
                if min(bytes(grey.planes[0])[: grey.planes[0].line_size]) > LIGHT:
                    return float(frame.pts * frame.time_base)
        raise AssertionError(f"{self.name} never flashes")

    def beeps_at(self) -> float:
        """Seconds until there is something to be heard."""
        with self.open() as container:
            resampler = av.AudioResampler("flt", "mono", 48000)
            for heard in container.decode(audio=0):
                for frame in resampler.resample(heard):
                    samples = array("f", bytes(frame.planes[0])[: frame.samples * 4])
                    loud = (at for at, each in enumerate(samples) if abs(each) > LOUD)
                    first = next(loud, None)
                    if first is not None:
                        return float(frame.pts * frame.time_base) + first / 48000
        raise AssertionError(f"{self.name} never beeps")


def renditions(client: httpx2.Client, master_url: str) -> list[Rendition]:
    """All that a master playlist names."""
    master = client.get(master_url).text
    names = [line for line in master.splitlines() if line and line[0] != "#"]
    names += re.findall('TYPE=AUDIO.*URI="([^"]+)"', master)
    return [_rendition(client, urljoin(master_url, name)) for name in names]


def _rendition(client: httpx2.Client, url: str) -> Rendition:
    text = client.get(url).text
    found = HEAD.search(text)
    assert found is not None, text
    head, head_start = int(found[2]), int(found[3])
    file = client.get(urljoin(url, found[1])).content
    content, ranges = file[head_start : head_start + head], []
    for size, start in RANGE.findall(text):
        ranges.append((int(size), len(content)))
        content += file[int(start) : int(start) + int(size)]
    return Rendition(
        url.rpartition("/")[2].partition(".")[0],
        [float(each) for each in re.findall(r"#EXTINF:([0-9.]+),", text)],
        *(ranges, head, content),
        urljoin(url, found[1]),
    )
